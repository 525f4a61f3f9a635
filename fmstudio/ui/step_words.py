"""The seven steps of training in words and figures, with the numbers of one step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmstudio.catalog.datasets import Linear
from fmstudio.data.library import PictureSet
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.run import Run
from fmstudio.training.events import Floats, Ints, StepShown, TensorStep
from fmstudio.ui.step_figures import Bar, Bars, Distance, Figure, Pair, Pairs, Thumbnails, number, place_of
from fmstudio.words import marked, tr, tr_n

STEPS: tuple[tuple[str, str], ...] = (
    (marked("Batch"), marked("Take the next samples.")),
    (marked("Outputs"), marked("Ask the network about them.")),
    (marked("Loss"), marked("Measure how wrong that is, in one number.")),
    (marked("Gradients"), marked("Find out which way each weight lowers the loss.")),
    (marked("Update"), marked("Change every weight a little that way.")),
    (marked("Epoch"), marked("Go on until every sample had its turn.")),
    (marked("Epochs"), marked("And once more from the start.")),
)
"""Title and meaning of each."""

_PICTURES = 12
_ANSWERS = 6
_TENSORS = 12


@dataclass(frozen=True)
class Content:
    """What one of the seven steps shows.

    Attributes:
        words: One line.
        figure: Under it, where there is one.
    """

    words: str
    figure: Figure | None = None


def contents(run: Run, step: StepShown, pictures: PictureSet | None, classes: Sequence[str]) -> tuple[Content, ...]:
    """What the seven steps show of one step.

    Args:
        run: The run.
        step: The step that was taken.
        pictures: The training pictures; None where numbers are learned.
        classes: Names of the classes, English.
    """
    numbers = step.right is None
    spec = read_spec(dict(run.spec))
    return (
        _points(step, spec) if numbers else _batch(step, pictures, classes),
        _numbers(step, spec) if numbers else _answers(step, classes),
        _loss(step),
        _gradients(step.tensors),
        _update(step),
        _epoch(run, step),
        _epochs(run, step),
    )


def _batch(step: StepShown, pictures: PictureSet | None, classes: Sequence[str]) -> Content:
    shown = min(_PICTURES, len(step.samples))
    rows = _rows(pictures, step.samples[:shown]) if pictures is not None else [None] * shown
    images = [None if row is None or pictures is None else pictures.images[row] for row in rows]
    names = [_name(classes, int(label)) for label in step.targets[:shown]]
    return Content(_counted(step.size, shown), Thumbnails(images, names))


def _rows(pictures: PictureSet, samples: Ints) -> list[int | None]:
    """Where some samples stand among pictures of which there may be only some."""
    order = np.argsort(pictures.samples, kind="stable")
    places = np.searchsorted(pictures.samples, samples, sorter=order).clip(0, max(0, len(order) - 1))
    rows = order[places] if len(order) else np.zeros(len(samples), np.int64)
    found = pictures.samples[rows] == samples if len(order) else np.zeros(len(samples), np.bool_)
    return [int(row) if there else None for row, there in zip(rows, found, strict=True)]


def _counted(size: int, shown: int) -> str:
    if shown < size:
        return tr("{count} samples; these are the first {shown}", count=f"{size:,}", shown=shown)
    return tr_n("{count} sample", "{count} samples", size)


def _points(step: StepShown, spec: ExperimentSpec) -> Content:
    shown = min(_ANSWERS, len(step.samples))
    if not isinstance(spec.dataset, Linear):
        return Content(_counted(step.size, shown))
    inputs = spec.dataset.points("train")[0][step.samples[:shown]]
    rows = [
        Bar(_inputs(values), "", None, tr("→ y = {target}", target=place_of(target)))
        for values, target in zip(inputs, step.targets.reshape(-1).tolist(), strict=False)
    ]
    return Content(_counted(step.size, shown), Bars(rows))


def _inputs(values: Floats) -> str:
    texts = [place_of(value) for value in values.tolist()[:4]]
    return tr("x = {values}", values=", ".join([*texts, *(["…"] if len(values) > 4 else [])]))


def _answers(step: StepShown, classes: Sequence[str]) -> Content:
    outputs = step.outputs[:_ANSWERS].astype(np.float64)
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    rows = []
    for place, label in enumerate(step.targets[:_ANSWERS].astype(int).tolist()):
        given, share = int(outputs[place].argmax()), float(shares[place, label])
        right = given == label
        said = "✓" if right else f"✗ {_name(classes, given)}"
        value = tr("{share} %", share=f"{100 * share:.1f}") if np.isfinite(share) else "?"
        rows.append(Bar(_name(classes, label), value, share, said=said, colour="right" if right else "wrong"))
    return Content(tr("how probable it finds the true class"), Bars(rows, names=92, said=104))


def _numbers(step: StepShown, spec: ExperimentSpec) -> Content:
    answer = spec.loss.answer(spec.facts)
    given = step.outputs[:_ANSWERS].reshape(-1).astype(np.float64)
    if answer is not None and answer.target == "torch.exp":
        given = np.exp(given)
    pairs = [Pair(float(true), float(one)) for true, one in zip(step.targets.reshape(-1), given, strict=False)]
    return Content(tr("what it says, beside what is true"), Pairs(pairs, (tr("true"), tr("the network says"))))


def _loss(step: StepShown) -> Content:
    loss = number(step.loss) if abs(step.loss) < 1e-3 else f"{step.loss:.4f}".replace("-", "−")
    if step.right is None:
        return Content(tr("{loss} for this batch, before the update", loss=loss))
    return Content(tr("{loss} · {right} of {count} right", loss=loss, right=f"{step.right:,}", count=f"{step.size:,}"))


def _gradients(tensors: Sequence[TensorStep]) -> Content:
    shown = _largest(tensors)
    most = max((one.gradient for one in tensors if np.isfinite(one.gradient)), default=0.0)
    rows = [
        Bar(one.name, number(one.gradient), one.gradient / most if most else 0.0, "×".join(map(str, one.shape)))
        for one in shown
    ]
    left_out = len(tensors) - len(shown)
    words = tr("how large, for each layer's weights")
    if left_out:
        words = tr("how large: the {shown} largest of {count}", shown=len(shown), count=len(tensors))
    return Content(words, Bars(rows, names=150))


def _largest(tensors: Sequence[TensorStep]) -> list[TensorStep]:
    """Those with the largest gradients, in the network's order."""
    ranked = sorted(range(len(tensors)), key=lambda place: -np.nan_to_num(tensors[place].gradient))[:_TENSORS]
    return [tensors[place] for place in sorted(ranked)]


def _update(step: StepShown) -> Content:
    words = tr("learning rate {rate}", rate=number(step.rate))
    if not step.tensors:
        return Content(words)
    most = max(step.tensors, key=lambda one: np.nan_to_num(one.change))
    share = most.change / most.weight if most.weight else 1.0
    row = Bar(most.name, number(most.change), share, tr("changes most, of {weight}", weight=number(most.weight)))
    return Content(words, Bars([row], names=200))


def _epoch(run: Run, step: StepShown) -> Content:
    done = (step.step - 1) % run.steps_per_epoch + 1
    words = tr("step {step} of {steps}", step=f"{done:,}", steps=f"{run.steps_per_epoch:,}")
    return Content(words, Distance(done / run.steps_per_epoch))


def _epochs(run: Run, step: StepShown) -> Content:
    epochs = run.started.epochs if run.started else step.epoch
    words = tr("epoch {epoch} of {epochs}", epoch=f"{step.epoch:,}", epochs=f"{epochs:,}")
    return Content(words, Distance(step.step / run.total_steps))


def _name(classes: Sequence[str], label: int) -> str:
    return tr(classes[label]) if 0 <= label < len(classes) else str(label)
