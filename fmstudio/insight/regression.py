"""Points with a known rule, and what a network that learns numbers makes of them. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.catalog.datasets import Linear
from fmstudio.catalog.losses import LOSSES, Loss
from fmstudio.experiment.draft import get
from fmstudio.runs.run import Run
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.events import Floats, Ints, NumberPredictions

Doubles = NDArray[np.float64]
Link = Literal["", "exp", "softplus"]

SHOWN = 2000
"""At most so many points are drawn."""

_HUGE = 1e38
"""What single precision can just hold."""

_NUMBERS = Facts((1,), 0, 1, 1, 1)
_LINKS: Mapping[str, Link] = {"torch.exp": "exp", "torch.nn.functional.softplus": "softplus"}
_MOST_NUMBERS = 4_000_000
"""Of a larger data set only some points are drawn from its rule: it is only looked at here."""


@dataclass(frozen=True, eq=False)
class NumberPoints:
    """The points of a data set whose rule is known.

    Attributes:
        dataset: The choice: w, b, noise and the rest.
        train_x: Shape (n, inputs); ``train_y`` of shape (n,), ``test_x`` and ``test_y`` likewise.
        whole: Whether these are all points; of a very large set they are a few, drawn by the same rule.
    """

    dataset: Linear
    train_x: Floats
    train_y: Floats
    test_x: Floats
    test_y: Floats
    whole: bool = True

    @property
    def inputs(self) -> int:
        """How many numbers a point has beside y."""
        return int(self.train_x.shape[1])

    @property
    def true(self) -> Doubles:
        """The rule's weights and its bias, shape (inputs + 1,)."""
        return np.array([*self.dataset.w, self.dataset.b])


@dataclass(frozen=True, eq=False)
class LinearFit:
    """What a linear network has learned: numbers that one can read.

    Attributes:
        weights: Of each input, shape (inputs,).
        bias: What is added; 0 for a network without one.
        link: What makes the answer of w · x + b, where the loss does not take that as it is (Poisson regression).
    """

    weights: Doubles
    bias: float
    link: Link = ""

    def __call__(self, x: NDArray[Any]) -> Doubles:
        """Its answers for some points of shape (n, inputs), shape (n,)."""
        outputs: Doubles = x.astype(np.float64) @ self.weights + self.bias
        return linked(outputs, self.link)

    @property
    def parameters(self) -> Doubles:
        """The weights, then the bias, shape (inputs + 1,)."""
        return np.append(self.weights, self.bias)


def dataset_of(spec: Mapping[str, Any]) -> Linear | None:
    """The points that a spec learns; None where it learns pictures.

    Raises:
        InvalidSpecError: Where its settings are not valid here.
    """
    chosen = get(spec, "dataset")
    if not isinstance(chosen, Mapping) or chosen.get("kind") != "linear":
        return None
    return read(Linear, {name: value for name, value in chosen.items() if name != "kind"}, "dataset")


def learns_numbers(run: Run) -> bool:
    """Whether a run predicts numbers, known before its first answers."""
    return run.learns_numbers or get(run.spec, "dataset.kind") == "linear"


def number_points(dataset: Linear) -> NumberPoints:
    """Draw the points of a data set, of a very large one only as many as can be looked at."""
    most = max(SHOWN, _MOST_NUMBERS // len(dataset.w))
    small = dataset
    if max(dataset.n, dataset.test_n) > most:
        small = dataset.model_copy(update={"n": min(dataset.n, most), "test_n": min(dataset.test_n, most)})
    (train_x, train_y), (test_x, test_y) = small.points("train"), small.points("test")
    return NumberPoints(dataset, train_x, train_y[:, 0], test_x, test_y[:, 0], small is dataset)


def thinned(count: int, most: int = SHOWN) -> Ints:
    """Which of some points are drawn: all, or evenly spread ones."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def current_fit(run: Run) -> LinearFit | None:
    """What a linear network has learned by now; None where it has no weights that are told."""
    if not run.path:
        return None
    return fit_of(run, run.path[-1].values[-1])


def kept_fit(run: Run) -> LinearFit | None:
    """The same; once the run has ended well, of the network that was kept."""
    kept = run.kept_epoch
    if kept is None or kept is run.epochs[-1] or not run.path:
        return current_fit(run)
    steps = np.concatenate([move.steps for move in run.path])
    values = np.concatenate([move.values for move in run.path])
    return fit_of(run, values[int(np.argmin(np.abs(steps - kept.step)))])


def fit_of(run: Run, values: NDArray[Any]) -> LinearFit | None:
    """Parameters in the order in which the run names them, as weights and bias."""
    names = run.started.parameters if run.started else ()
    if len(names) != len(values):
        return None
    weights = [float(value) for name, value in zip(names, values, strict=True) if name != "b"]
    bias = [float(value) for name, value in zip(names, values, strict=True) if name == "b"]
    return LinearFit(np.array(weights), bias[0] if bias else 0.0, link_of(run.spec))


def loss_of(spec: Mapping[str, Any]) -> Loss | None:
    """The loss of a spec; None where it cannot be read here."""
    values = get(spec, "loss")
    choice = LOSSES.get(str(get(spec, "loss.kind")))
    if choice is None or not isinstance(values, Mapping):
        return None
    try:
        return read(choice, {name: value for name, value in values.items() if name != "kind"})
    except InvalidSpecError:
        return None


def link_of(spec: Mapping[str, Any]) -> Link:
    """What the loss makes of the network's output before it is an answer."""
    loss = loss_of(spec)
    answer = loss.answer(_NUMBERS) if loss is not None else None
    return _LINKS.get(answer.target, "") if answer is not None else ""


def linked(outputs: Doubles, link: Link) -> Doubles:
    """The answers of some outputs."""
    if link == "exp":
        return np.asarray(np.exp(np.minimum(outputs, 700.0)), np.float64)
    return np.asarray(np.logaddexp(0.0, outputs), np.float64) if link == "softplus" else outputs


def answers_of(fit: LinearFit, points: NumberPoints) -> NumberPredictions:
    """What a linear network says of the test points; their losses are squared errors."""
    predicted = np.clip(fit(points.test_x), -_HUGE, _HUGE)
    losses = np.minimum((points.test_y - predicted) ** 2, _HUGE)
    samples: Ints = np.arange(len(points.test_y), dtype=np.int64)
    return NumberPredictions(samples, points.test_y, predicted.astype(np.float32), losses.astype(np.float32))


def number_answers(run: Run, points: NumberPoints | None) -> NumberPredictions | None:
    """The newest answers for the test points: those of the weights where they are newer than the last evaluation.

    Once the run has ended well, those of the network that was kept.
    """
    kept = run.kept_epoch
    told = [epoch for epoch in ([kept] if kept else []) + run.epochs[::-1][:1] if epoch is not None]
    found = next(
        (e.predictions for e in told if isinstance(e.predictions, NumberPredictions) and len(e.predictions)), None
    )
    fit = kept_fit(run) if points is not None and points.whole else None
    if fit is None or points is None or len(fit.weights) != points.inputs:
        return found
    newest = run.epochs[-1].step if run.epochs else -1
    moved = int(run.path[-1].steps[-1])
    if found is not None and (run.ended is not None or moved <= newest):
        return found
    return answers_of(fit, points)
