"""What can compute: the devices that exist, and the one rule by which automatic chooses among them."""

import os
from dataclasses import dataclass

import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.problem import InvalidSpecError, Mending, Problem
from fmstudio.words import tr

GPU_PAYS_FROM = 20_000
"""Weights from which automatic takes a GPU: the steps of a smaller network cost less than starting them on one."""


@dataclass(frozen=True)
class Device:
    """A device that exists: its torch name, its title, and its memory in bytes (0: unknown)."""

    id: str
    title: str
    memory: int = 0


def devices() -> tuple[Device, ...]:
    """The devices of this machine; the CPU is always the first."""
    found = [Device("cpu", tr("CPU"))]
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        properties = torch.cuda.get_device_properties(index)
        found.append(Device(f"cuda:{index}", properties.name, properties.total_memory))
    if torch.backends.mps.is_available():
        found.append(Device("mps", tr("Apple GPU")))
    return tuple(found)


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def resolve_threads(threads: int) -> int:
    """How many threads compute: as asked, or all cores but at most 8 for 0."""
    return threads or min(cores(), 8)


def resolve_device(spec: ExperimentSpec) -> str:
    """The device that a spec runs on here.

    Raises:
        InvalidSpecError: Where it names one that does not exist.
    """
    existing = [device.id for device in devices()]
    if spec.device == "auto":
        large = spec.architecture.weights(spec.facts) >= GPU_PAYS_FROM
        return existing[1] if large and len(existing) > 1 else "cpu"
    asked = "cuda:0" if spec.device == "cuda" else spec.device
    if asked not in existing:
        message = tr("there is no “{device}” here; there is: {names}", device=asked, names=", ".join(existing))
        mending = Mending(tr("Use the CPU"), (("device", "cpu"),))
        raise InvalidSpecError([Problem("device", message, mending)])
    return asked
