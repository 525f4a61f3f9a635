"""What is known about a run before it is started: how long, how much memory, on which device. No torch."""

from dataclasses import dataclass
from typing import Literal

from fmstudio.experiment.spec import ExperimentSpec

Bound = Literal["samples", "memory", "time"]
"""What ends the search for a larger batch: all samples are in one; the memory; a step takes too long to try more."""

WEIGHTS_FILES = 2
"""The last weights and those that are used."""
STATES = 2
"""What a run keeps while it goes on, to be resumed."""
_BYTES = 4
_LINE = 26
"""About how many bytes the journal takes for a step: its loss and its rate as text."""
_SAMPLE = 8
"""Bytes that are kept of each answer beside its probabilities: sample, label, class, loss."""
_MOST_SHARES = 64


@dataclass(frozen=True)
class BatchSpeed:
    """How fast batches of one size are.

    Attributes:
        batch: Samples in one.
        per_second: Samples a second.
        bytes: Memory at the peak; 0: not measured.
    """

    batch: int
    per_second: float
    bytes: int = 0


@dataclass(frozen=True)
class DeviceOutlook:
    """What a run would be like on one device.

    Attributes:
        device: Its torch name; ``title``: for people.
        batches: How many were measured.
        step_seconds: Of one of them, the median; ``evaluation_seconds``: of asking all test and validation samples;
            ``saving_seconds``: of writing what is kept of an epoch.
        epoch_seconds: Of an epoch with its evaluation and saving.
        run_seconds: Of the whole run.
        bytes: Memory at the peak; ``measured``: whether that is no estimate.
        free_bytes: Memory that is free there; 0: unknown.
        largest: The largest batch that is safe; 0: not even the smallest.
        bound: What ends there.
        speeds: How fast other sizes are.
        trouble: Why it cannot be used, a sentence; empty where it can.
    """

    device: str
    title: str
    batches: int = 0
    step_seconds: float = 0.0
    evaluation_seconds: float = 0.0
    saving_seconds: float = 0.0
    epoch_seconds: float = 0.0
    run_seconds: float = 0.0
    bytes: int = 0
    measured: bool = False
    free_bytes: int = 0
    largest: int = 0
    bound: Bound = "memory"
    speeds: tuple[BatchSpeed, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Preflight:
    """The outlook of a spec.

    Attributes:
        batch: Its batch size; ``epochs`` and ``samples``: what it trains on.
        chosen: The device that it will run on.
        devices: Those that were measured so far, in the order of ``devices.devices()``.
        disk_bytes: How large the run's folder gets; ``free_disk_bytes``: room where it will lie, 0: unknown.
        complete: Whether all was measured.
    """

    batch: int
    epochs: int
    samples: int
    chosen: str
    devices: tuple[DeviceOutlook, ...] = ()
    disk_bytes: int = 0
    free_disk_bytes: int = 0
    complete: bool = False

    @property
    def own(self) -> DeviceOutlook | None:
        """The outlook of the device that the run will use; None where it is not known, or the device cannot."""
        return next((one for one in self.devices if one.device == self.chosen and not one.trouble), None)


@dataclass(frozen=True)
class PreflightStep:
    """How far it has come.

    Attributes:
        share: 0…1.
        device: The title of the device that is measured.
        batch: The size of the batches that are tried.
        so_far: What is known by now.
    """

    share: float
    device: str
    batch: int
    so_far: Preflight


def evaluations(spec: ExperimentSpec) -> int:
    """How often a whole run asks all test samples, the untrained network included."""
    return 1 + sum(spec.evaluates(epoch) for epoch in range(1, spec.epochs + 1))


def weights_size(spec: ExperimentSpec) -> int:
    """Bytes of one file of weights."""
    return _BYTES * spec.architecture.weights(spec.facts)


def answers_size(spec: ExperimentSpec) -> int:
    """Bytes of the answers that are kept of an evaluation."""
    shares = 2 * min(spec.dataset.classes, _MOST_SHARES) if spec.dataset.classes else _BYTES
    return spec.dataset.test_used * (_SAMPLE + shares)


def folder_bytes(spec: ExperimentSpec) -> int:
    """About how large the folder of a whole run gets: weights, those of epochs up to the limit, answers, journal."""
    weights, asked = weights_size(spec), evaluations(spec)
    limit = spec.keep_weights * 1_000_000 if spec.dataset.classes else 0
    album = min(asked, limit // max(1, weights)) * weights
    states = STATES * weights * (1 + spec.optimizer.remembered)
    return WEIGHTS_FILES * weights + album + states + asked * answers_size(spec) + _LINE * spec.facts.total_steps
