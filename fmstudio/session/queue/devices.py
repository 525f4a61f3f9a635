"""On which device an entry of the queue will run; two entries run at once only on two devices."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from fmstudio.catalog.architectures import Architecture
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.choice import Facts
from fmstudio.session.door import load
from fmstudio.session.queue.entry import QueueEntry


def device_of(spec: ExperimentSpec, devices: Sequence[str]) -> str:
    """The device that a spec runs on here: the rule of ``training.devices``, for given devices.

    Args:
        spec: What is to be done.
        devices: Their names, the CPU first; empty while they are not known: then all is one device.
    """
    if not devices:
        return ""
    if spec.device == "auto":
        pays: int = load("fmstudio.training.devices.GPU_PAYS_FROM")
        return devices[1] if len(devices) > 1 and _weights(spec.architecture, spec.facts) >= pays else devices[0]
    asked = "cuda:0" if spec.device == "cuda" else spec.device
    return asked if asked in devices else devices[0]


def next_on_free_device(
    entries: Sequence[QueueEntry], busy: Collection[str], devices: Sequence[str]
) -> QueueEntry | None:
    """The first entry whose device nobody uses; None where there is none."""
    return next((entry for entry in entries if device_of(entry.planned.spec, devices) not in busy), None)


@lru_cache(maxsize=1024)
def _weights(architecture: Architecture, facts: Facts) -> int:
    return architecture.weights(facts)
