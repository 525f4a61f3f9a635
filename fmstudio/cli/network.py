"""What the command line asks a trained network: ``evaluate`` and ``predict``. Needs torch."""

import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from fmstudio.catalog.datasets import Linear, Pictures
from fmstudio.cli.output import WrongUsageError, complain
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.insight.confusion import class_figures, confusion_matrix, worst_pair
from fmstudio.runs.store import RunFolder
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.batches import to_tensor
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import build_network, evaluate_weights, mean_loss
from fmstudio.training.events import NumberPredictions
from fmstudio.words import tr


def evaluate(folder: RunFolder, split: str) -> dict[str, Any]:
    """What a run's network answers about one split, counted: accuracy, per-class figures, confusion matrix.

    Args:
        folder: The run.
        split: ``"train"`` or ``"test"``.

    Raises:
        UserError: Where its spec or its weights cannot be used.
    """
    spec = _spec_here(folder)
    try:
        answers = evaluate_weights(spec, folder.weights, split)
    except RuntimeError as error:
        raise _does_not_fit(folder, error) from error
    if isinstance(answers, NumberPredictions):
        return _numbers(folder, spec, split, answers)
    names = load_images(kind_of(spec.dataset)).classes
    matrix = confusion_matrix(answers.labels, answers.predicted, len(names))
    worst = worst_pair(matrix)
    return {
        "run": folder.path.name,
        "split": split,
        "count": len(answers),
        "right": int(answers.right.sum()),
        "accuracy": answers.accuracy,
        "loss": mean_loss(answers),
        "classes": [
            {
                "name": names[one.label],
                "support": one.support,
                "predicted": one.predicted,
                "right": one.right,
                "precision": one.precision,
                "recall": one.recall,
                "f1": one.f1,
            }
            for one in class_figures(matrix)
        ],
        "confusion": matrix.tolist(),
        "worst": worst and {"true": names[worst.true], "predicted": names[worst.predicted], "count": worst.count},
    }


def _numbers(folder: RunFolder, spec: ExperimentSpec, split: str, answers: NumberPredictions) -> dict[str, Any]:
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
        "count": len(answers),
        "loss": mean_loss(answers),
        "mae": answers.mae,
        "rmse": answers.rmse,
        "r2": answers.r2,
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
    spec = _spec_here(folder)
    if not isinstance(spec.dataset, Pictures):
        message = tr("Run {run} was trained on numbers, not on pictures.", run=folder.path.name)
        raise WrongUsageError(message, tr("Choose a run that was trained on pictures."))
    pictures = read_pictures(paths, spec.dataset.picture)
    probabilities = _probabilities(folder, spec, to_tensor(pictures, spec.dataset, "cpu"))
    names = load_images(kind_of(spec.dataset)).classes
    return [
        {
            "image": str(path),
            "class": names[int(row.argmax())],
            "index": int(row.argmax()),
            "probability": float(row.max()),
            "probabilities": dict(zip(names, row.tolist(), strict=True)),
        }
        for path, row in zip(paths, probabilities, strict=True)
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


def _spec_here(folder: RunFolder) -> ExperimentSpec:
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


def read_pictures(paths: Sequence[Path], shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Read picture files and make them as the data set's pictures are: its size, grey where it is grey.

    Args:
        paths: The files.
        shape: Of the data set's pictures: channels, height, width.

    Returns:
        Pixels 0…255, shape (n, height, width) for grey, else (n, height, width, 3).

    Raises:
        WrongUsageError: Naming every file that cannot be read as a picture.
    """
    pictures, problems = [], []
    for path in paths:
        try:
            pictures.append(_read_picture(path, shape))
        except Image.DecompressionBombError:
            problems.append(tr("{file} has too many pixels.", file=path))
        except (UnidentifiedImageError, SyntaxError, ValueError, EOFError, struct.error):
            problems.append(tr("{file} is not a picture that can be read.", file=path))
        except OSError as error:
            problems.append(tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror or error))
    if problems:
        raise WrongUsageError("\n".join(problems))
    return np.stack(pictures)


def _read_picture(path: Path, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    channels, height, width = shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on large pictures and odd palettes
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened)
            image.load()
            picture = _on_black(image).convert("L" if channels == 1 else "RGB")
    picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(picture, np.uint8)


def _on_black(image: Image.Image) -> Image.Image:
    """Without transparency, on the data set's black ground, and with 8 bits."""
    if image.mode.startswith("I"):  # 16 bits in a file of grey
        return Image.fromarray((np.asarray(image, np.float64) / 257).clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        colours = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", colours.size, (0, 0, 0, 255)), colours)
    return image
