"""Before a long run: how long it takes on each device, how much memory, and how large a batch may be. Measured."""

import itertools
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import torch

from fmstudio import paths
from fmstudio.experiment.memory import needed_bytes
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Batches, Material, prepare
from fmstudio.training.devices import Device, devices, resolve_device, resolve_threads
from fmstudio.training.evaluation import Question
from fmstudio.training.larger_batches import LargerBatches
from fmstudio.training.meters import Meter, meter_of
from fmstudio.training.outlook import (
    DeviceOutlook,
    Preflight,
    PreflightStep,
    answers_size,
    evaluations,
    folder_bytes,
    weights_size,
)
from fmstudio.training.probe import OVERHEAD
from fmstudio.training.trial import Trial, TrialStoppedError, generators_kept, looked_at, zero_network
from fmstudio.words import tr

BATCHES = 20
"""How many batches are measured on each device."""
SECONDS = 20.0
"""How long they may take: fewer are measured where they are slow, but always one."""
WARM_UP = 2
"""Batches that come before and are not measured."""
_PART = 1000
_ASKED = 2
_MOST_WRITTEN = 32_000_000
_FIRST_SHARE = 0.4
"""Of the work on a device, what the 20 batches and the evaluation are; the rest tries larger ones."""


def preflight(
    spec: ExperimentSpec,
    stopped: Callable[[], bool],
    tell: Callable[[PreflightStep], None] = lambda step: None,
    library: Path | None = None,
) -> Preflight:
    """Measure what a run of a spec would be like on every device that exists.

    The weights are zero, and torch's generators are as before afterwards: no random number of a run is used up. It must
    not go on beside a run.

    Args:
        spec: What is to be done.
        stopped: Whether it is to be given up; asked within a step too.
        tell: Gets how far it has come.
        library: The folder that will hold the run; None for the user's.

    Returns:
        What was measured; not ``complete`` where it was stopped.
    """
    torch.set_num_threads(resolve_threads(spec.threads))
    found = devices()
    made = Preflight(
        batch=min(spec.batch, max(1, spec.train_samples)),
        epochs=spec.epochs,
        samples=spec.train_samples,
        chosen=resolve_device(spec),
        disk_bytes=folder_bytes(spec),
        free_disk_bytes=_free_on_disk(library),
    )
    try:
        for place, device in enumerate(found):
            with generators_kept():
                outlook = _outlook(spec, device, stopped, _teller(tell, made, place, len(found)), library)
            made = replace(made, devices=(*made.devices, outlook))
    except TrialStoppedError:
        return made
    return replace(made, complete=True)


Told = Callable[[float, int, DeviceOutlook], None]
"""Gets how much of the work on a device is done, 0…1, the batch that is tried, and what is known of the device."""


def _teller(tell: Callable[[PreflightStep], None], before: Preflight, place: int, count: int) -> Told:
    """Tells how far it has come over all devices."""

    def told(share: float, batch: int, outlook: DeviceOutlook) -> None:
        so_far = replace(before, devices=(*before.devices, outlook)) if outlook.batches else before
        tell(PreflightStep((place + share) / count, outlook.title, batch, so_far))

    return told


def _outlook(
    spec: ExperimentSpec, device: Device, stopped: Callable[[], bool], told: Told, library: Path | None
) -> DeviceOutlook:
    """What a run would be like on a device; why it would not, where its memory is too small."""
    made = DeviceOutlook(device.id, device.title)
    meter = meter_of(device.id)
    made = replace(made, free_bytes=meter.free)
    told(0.0, spec.batch, made)
    try:
        return _measured(spec, made, meter, stopped, told, library)
    except (torch.OutOfMemoryError, MemoryError):
        pass
    except RuntimeError as error:
        if "can't allocate memory" not in str(error):
            raise
    meter.release()
    return replace(made, trouble=tr("The device has not enough memory for this run."))


def _measured(
    spec: ExperimentSpec,
    made: DeviceOutlook,
    meter: Meter,
    stopped: Callable[[], bool],
    told: Told,
    library: Path | None,
) -> DeviceOutlook:
    watching = [False]

    def look() -> None:
        if stopped():
            raise TrialStoppedError
        if watching[0]:
            meter.look()

    look()
    material = prepare(spec, made.device)
    network = looked_at(zero_network(spec, made.device).train(), look)
    trial = Trial(spec, made.device, network)
    batches = _endless(spec, material)
    meter.begin()
    for _ in range(WARM_UP):
        trial.take(*next(batches))
    watching[0] = True
    trial.take(*next(batches))
    watching[0] = False
    peak = meter.peak
    seconds = _timed(trial, batches, lambda share: told(_FIRST_SHARE * share, spec.batch, made))
    asking = _evaluation(spec, network, material, made.device)
    made = _with_times(spec, made, statistics.median(seconds), asking, saving_seconds(spec, library))
    needed = peak if meter.exact else max(peak, needed_bytes(spec))
    made = replace(made, batches=len(seconds), bytes=needed, measured=meter.exact or peak >= needed)
    told(_FIRST_SHARE, spec.batch, made)
    del trial
    larger = LargerBatches(spec, network, material.train, meter, watching, made.device)
    for share, batch in larger.tries():
        made = replace(made, speeds=larger.speeds)
        told(_FIRST_SHARE + (1 - _FIRST_SHARE) * share, batch, made)
    meter.release()
    return replace(made, speeds=larger.speeds, largest=larger.largest, bound=larger.bound)


def _timed(
    trial: Trial, batches: Iterator[tuple[torch.Tensor, torch.Tensor]], told: Callable[[float], None]
) -> list[float]:
    """Seconds of some steps, each with the wait for its result."""
    seconds: list[float] = []
    began = before = time.perf_counter()
    while len(seconds) < BATCHES and (not seconds or before - began < SECONDS):
        trial.take(*next(batches))
        now = time.perf_counter()
        seconds.append(now - before)
        told(max(len(seconds) / BATCHES, min(1.0, (now - began) / SECONDS)))
        before = time.perf_counter()
    return seconds


def _with_times(spec: ExperimentSpec, made: DeviceOutlook, step: float, asking: float, saving: float) -> DeviceOutlook:
    training = OVERHEAD * step * spec.steps_per_epoch
    return replace(
        made,
        step_seconds=step,
        evaluation_seconds=asking,
        saving_seconds=saving,
        epoch_seconds=training + asking + saving,
        run_seconds=training * spec.epochs + (asking + saving) * evaluations(spec),
    )


def _endless(spec: ExperimentSpec, material: Material) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The batches of the run, over and over; of an epoch of several, only those that are full count."""
    drop = spec.drop_last or spec.steps_per_epoch > 1
    batches = Batches(material.train, size=spec.batch, shuffle=spec.shuffle, drop_last=drop, seed=spec.seed)
    return itertools.chain.from_iterable(batches.epoch() for _ in itertools.count())


def _evaluation(spec: ExperimentSpec, network: torch.nn.Module, material: Material, device: str) -> float:
    """Seconds that asking all test and validation samples takes, by the faster of two times some of them."""
    rows = min(_PART, len(material.test))
    part = type(material.test)(material.test.inputs[:rows], material.test.targets[:rows], material.test.samples[:rows])
    question = Question(spec, device)
    question.ask(network, part)
    seconds = []
    for _ in range(_ASKED):
        began = time.perf_counter()
        question.ask(network, part)
        seconds.append(time.perf_counter() - began)
    return min(seconds) * (len(material.test) + len(material.validation)) / max(1, rows)


def saving_seconds(spec: ExperimentSpec, library: Path | None = None) -> float:
    """Seconds that writing what is kept of an epoch takes where the runs lie: as much is written there, and gone."""
    weights, answers = weights_size(spec), answers_size(spec)
    size = 2 * weights + answers
    written = min(size, _MOST_WRITTEN)
    try:
        with tempfile.TemporaryFile(dir=_place(library)) as file:
            began = time.perf_counter()
            file.write(bytes(written))
            file.flush()
            os.fsync(file.fileno())
            return (time.perf_counter() - began) * size / max(1, written)
    except OSError:
        return 0.0


def _free_on_disk(library: Path | None) -> int:
    """Bytes that are free where the runs lie; 0: unknown."""
    try:
        return shutil.disk_usage(_place(library)).free
    except OSError:
        return 0


def _place(library: Path | None) -> Path:
    """The folder that holds the runs, or as long as there is none the nearest one in which it will be made."""
    place = (library or paths.library()).absolute()
    return next((folder for folder in (place, *place.parents) if folder.is_dir()), place)
