"""What a run was made with: versions, device, threads, hashes of its data and of its settings."""

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from importlib import metadata
from typing import Any

from fmstudio.catalog.datasets import Dataset, Linear, Pictures
from fmstudio.data.corrections import fingerprint_of
from fmstudio.data.library import fingerprint
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.runs.legible import environment_of
from fmstudio.runs.store import RunFolder
from fmstudio.runs.writing import write_atomically
from fmstudio.training.loop import Training
from fmstudio.version import about_build
from fmstudio.words import tr


def write_environment(folder: RunFolder, training: Training) -> None:
    """Write down what a run is made with.

    Raises:
        UserError: Where it cannot be written.
    """
    values = {
        **_here(training.spec),
        "device": training.device,
        "threads": training.threads,
        "spec": hashlib.sha256(folder.spec.read_bytes()).hexdigest(),
    }
    write_atomically(folder.environment, json.dumps(values, indent=2) + "\n")


def note_resumed(folder: RunFolder, training: Training, step: int) -> None:
    """Write down that the run went on after a step, and with what."""
    values = dict(read_environment(folder))
    before = values.get("resumed")
    now = {"step": step, **_here(training.spec), "device": training.device, "threads": training.threads}
    values["resumed"] = [*(before if isinstance(before, list) else []), now]
    write_atomically(folder.environment, json.dumps(values, indent=2) + "\n")


def read_environment(folder: RunFolder) -> Mapping[str, Any]:
    """What is known of it; nothing where the file is missing or broken."""
    return environment_of(folder.environment)


def differences(folder: RunFolder, spec: ExperimentSpec, device: str) -> Iterator[str]:
    """What is not as it was when the run began, each a sentence: going on may then give other numbers.

    Args:
        folder: Of the run.
        spec: As it lies there now.
        device: What would compute now.
    """
    then, now = read_environment(folder), _here(spec)
    if not then:
        yield tr("It is not known with which versions and data this run was made.")
        return
    versions = then.get("versions")
    names = versions if isinstance(versions, Mapping) else {}
    for name, had, has in [
        ("fmstudio", then.get("fmstudio"), now["fmstudio"]),
        *((name, names.get(name), has) for name, has in now["versions"].items()),
    ]:
        if had != has:
            yield tr("{name} was {had}, and is {has}.", name=name, had=str(had), has=str(has))
    if then.get("data") != now["data"]:
        yield tr("The data are not those that it began with.")
    if then.get("spec") != hashlib.sha256(folder.spec.read_bytes()).hexdigest():
        yield tr("Its settings were changed since it began.")
    if then.get("device") != device:
        yield tr("It was computed on {had}; here that would be {has}.", had=str(then.get("device")), has=device)
    if then.get("processor") != now["processor"]:
        yield tr("It was computed by another kind of processor.")


def _here(spec: ExperimentSpec) -> dict[str, Any]:
    build = about_build()
    return {
        "fmstudio": build.version,
        "commit": build.commit,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.machine(),
        "versions": {name: metadata.version(name) for name in ("torch", "torchvision", "numpy")},
        "data": {kind_of(spec.dataset): _data_hash(spec.dataset)},
    }


def _data_hash(dataset: Dataset) -> str:
    """SHA-256 of what is learned from: of the files, or of the points that were drawn."""
    if isinstance(dataset, Pictures):
        return fingerprint_of(dataset)
    if not isinstance(dataset, Linear):
        return fingerprint(kind_of(dataset))
    arrays = (*dataset.points("train"), *dataset.points("test"))
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()
