"""What the command line asks a trained network: ``evaluate`` and ``predict``. Needs torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from fmstudio.catalog.datasets import Linear, Pictures
from fmstudio.cli.class_evaluation import class_evaluation
from fmstudio.cli.output import WrongUsageError, complain
from fmstudio.data.library import load_images
from fmstudio.data.picture_files import read_picture
from fmstudio.data.prepared import Prepared, prepared
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.runs.store import RunFolder
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.batches import to_tensor
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import build_network, evaluate_weights, mean_loss
from fmstudio.training.events import Answers, NumberPredictions
from fmstudio.words import tr


def evaluate(folder: RunFolder, split: str) -> dict[str, Any]:
    """What a run's network answers about one split, counted: see ``class_evaluation``; numbers see ``_numbers``.

    Args:
        folder: The run.
        split: ``"train"`` or ``"test"``.

    Raises:
        UserError: Where its spec or its weights cannot be used.
    """
    spec = spec_here(folder)
    found = _asked(folder, spec, split)
    if isinstance(found, NumberPredictions):
        return _numbers(folder, spec, split, found)
    names = load_images(kind_of(spec.dataset)).classes
    return {"run": folder.path.name, "split": split, **class_evaluation(found, names)}


def answers(folder: RunFolder, split: str) -> Answers:
    """What a run's network answers about one split.

    Args:
        folder: The run.
        split: ``"train"`` or ``"test"``.

    Raises:
        UserError: Where its spec or its weights cannot be used.
    """
    return _asked(folder, spec_here(folder), split)


def _asked(folder: RunFolder, spec: ExperimentSpec, split: str) -> Answers:
    try:
        return evaluate_weights(spec, folder.weights, split)
    except RuntimeError as error:
        raise _does_not_fit(folder, error) from error


def _numbers(folder: RunFolder, spec: ExperimentSpec, split: str, found: NumberPredictions) -> dict[str, Any]:
    """How far off a network is that predicts numbers, and its weights beside the true ones where both are known."""
    parameters: list[dict[str, Any]] = []
    if isinstance(spec.dataset, Linear) and spec.architecture.transparent:
        true = (*spec.dataset.w, spec.dataset.b)
        network = build_network(spec, load_weights(folder.weights), "cpu")  # a file has its weights in any order
        learned = torch.cat([value.detach().flatten() for value in network.parameters()]).tolist()
        names = [*(f"w{place + 1}" for place in range(len(spec.dataset.w))), "b"]
        parameters = [
            {"name": name, "true": one, "learned": other} for name, one, other in zip(names, true, learned, strict=True)
        ]
    return {
        "run": folder.path.name,
        "split": split,
        "count": len(found),
        "loss": mean_loss(found),
        "mae": found.mae,
        "rmse": found.rmse,
        "r2": found.r2,
        "parameters": parameters,
    }


def predict(folder: RunFolder, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """What a run's network says about picture files, each with the probabilities of all classes.

    Args:
        folder: The run.
        paths: Picture files of any common kind and size; they are made as the data set's pictures are.

    Raises:
        UserError: Where the run or one of the files cannot be used; all such files are named.
    """
    spec = spec_here(folder)
    if not isinstance(spec.dataset, Pictures):
        message = tr("Run {run} was trained on numbers, not on pictures.", run=folder.path.name)
        raise WrongUsageError(message, tr("Choose a run that was trained on pictures."))
    pictures = read_pictures(paths, spec.dataset, kind_of(spec.dataset))
    inputs = to_tensor(np.stack([picture.pixels for picture in pictures]), spec.dataset, "cpu")
    probabilities = _probabilities(folder, spec, inputs)
    names = load_images(kind_of(spec.dataset)).classes
    return [
        {
            "image": str(path),
            "class": names[int(row.argmax())],
            "index": int(row.argmax()),
            "probability": float(row.max()),
            "probabilities": dict(zip(names, row.tolist(), strict=True)),
            "prepared": list(picture.facts),
        }
        for path, picture, row in zip(paths, pictures, probabilities, strict=True)
    ]


@torch.no_grad()
def _probabilities(folder: RunFolder, spec: ExperimentSpec, inputs: torch.Tensor) -> NDArray[np.float32]:
    """Softmax probabilities, shape (n, classes)."""
    torch.set_num_threads(resolve_threads(spec.threads))
    device = resolve_device(spec)
    try:
        network = build_network(spec, load_weights(folder.weights), device).eval()
        outputs: torch.Tensor = network(inputs.to(device))
    except RuntimeError as error:
        raise _does_not_fit(folder, error) from error
    return outputs.softmax(1).cpu().numpy()


def spec_here(folder: RunFolder) -> ExperimentSpec:
    """The run's spec, on a device that exists here: a run that was trained on a GPU can be asked without one."""
    spec = folder.read_spec()
    try:
        resolve_device(spec)
    except InvalidSpecError:
        complain(tr("This run was trained on {device}, which is not here; another device is used.", device=spec.device))
        return spec.model_copy(update={"device": "auto"})
    return spec


def _does_not_fit(folder: RunFolder, error: RuntimeError) -> UserError:
    if isinstance(error, torch.OutOfMemoryError):
        return UserError(
            tr("The device has not enough memory for this."), tr("Close what else uses it, or use the CPU.")
        )
    message = tr("The weights of run {run} do not fit its spec.", run=folder.path.name)
    return UserError(message, tr("One of its files was changed or exchanged. Train again."))


def read_pictures(paths: Sequence[Path], dataset: Pictures, kind: str) -> list[Prepared]:
    """Read picture files and make them as the data set's pictures are, the same as the window does.

    Args:
        paths: The files.
        dataset: Whose pictures they shall be like.
        kind: Its name in a spec.

    Raises:
        WrongUsageError: Naming every file that cannot be read as a picture.
    """
    pictures, problems = [], []
    for path in paths:
        try:
            pictures.append(prepared(read_picture(path), dataset.picture, kind))
        except UserError as error:
            problems.append(str(error))
    if problems:
        raise WrongUsageError("\n".join(problems))
    return pictures
