"""Whether a run reached the goal of its lesson. No torch."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fmstudio.catalog.datasets import Linear
from fmstudio.experiment.lesson import Condition, Lesson
from fmstudio.insight.said import plain
from fmstudio.insight.score import exact_percent
from fmstudio.runs.run import Run
from fmstudio.schema.choice import read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.events import EpochEnded
from fmstudio.words import marked, tr

_SHARES = frozenset({"test_accuracy", "train_accuracy", "gap", "gain"})
_NAMES: Mapping[str, str] = {
    "test_accuracy": marked("Test accuracy"),
    "train_accuracy": marked("Training accuracy"),
    "test_loss": marked("Test loss"),
    "train_loss": marked("Training loss"),
    "gap": marked("Accuracy gap"),
    "gain": marked("Accuracy gained"),
    "difference": marked("Difference"),
    "r2": marked("R²"),
    "mae": marked("Mean absolute error"),
    "rmse": marked("RMSE"),
    "status": marked("Run"),
}
_MEANINGS: Mapping[str, str] = {
    "gap": marked("How much better the training samples are answered than the test samples."),
    "gain": marked("Test accuracy of the trained network minus that of the untrained one."),
    "difference": marked("The largest difference between learned and true, of the weights and the bias."),
    "r2": marked("Share of the variance of the test samples that is explained; at most 1."),
    "rmse": marked("Root of the mean squared error on the test samples."),
}
_STATUSES: Mapping[str, str] = {
    "finished": marked("finished"),
    "stopped": marked("stopped"),
    "failed": marked("failed"),
}


@dataclass(frozen=True)
class GoalState:
    """One condition of a goal, and how far the run is from it.

    Attributes:
        text: What is asked for: "Test accuracy ≥ 70 %".
        reached: Whether it is so; None as long as nothing is known.
        value: The run's own figure: "81.3 %"; empty as long as nothing is known.
        meaning: What the figure is, one sentence; empty where its name says it.
    """

    text: str
    reached: bool | None
    value: str
    meaning: str = ""


def check(lesson: Lesson, run: Run) -> tuple[GoalState, ...]:
    """Compare a run with the goal of a lesson, while it runs or later.

    Args:
        lesson: The lesson.
        run: A run of it; nothing is known of the goal by a run of another lesson.
    """
    own = run.name == lesson.spec.name
    return tuple(_state(condition, run if own else Run()) for condition in lesson.goal)


def met(lesson: Lesson, run: Run) -> bool:
    """Whether a run has ended and reached everything that its lesson asks for.

    Of a lesson without a goal it is enough that the run went to its end.
    """
    if run.ended is None or run.name != lesson.spec.name:
        return False
    states = check(lesson, run)
    return all(state.reached for state in states) if states else run.ended.status == "finished"


def _state(condition: Condition, run: Run) -> GoalState:
    if condition.figure == "status":
        return _status(condition, run)
    name = tr(_NAMES[condition.figure])
    low, high = condition.at_least, condition.at_most
    limits = [f"≥ {_limit(condition.figure, low)}"] if low is not None else []
    limits += [f"≤ {_limit(condition.figure, high)}"] if high is not None else []
    text = f"{name} {', '.join(limits)}"
    meaning = tr(_MEANINGS.get(condition.figure, ""))
    figure = _FIGURES[condition.figure](run)
    if figure is None:
        return GoalState(text, None, "", meaning)
    if not math.isfinite(figure):
        return GoalState(text, False, tr("not a number"), meaning)
    reached = (low is None or figure >= low) and (high is None or figure <= high)
    return GoalState(text, reached, _value(condition, figure, reached), meaning)


def _status(condition: Condition, run: Run) -> GoalState:
    wanted = tr(_STATUSES[condition.status])
    text = tr("{name}: {wanted}", name=tr(_NAMES["status"]), wanted=wanted)
    if run.ended is None:
        return GoalState(text, None, "")
    return GoalState(text, run.ended.status == condition.status, tr(_STATUSES[run.ended.status]))


def _limit(figure: str, limit: float) -> str:
    return exact_percent(limit) if figure in _SHARES else plain(limit)


def _value(condition: Condition, figure: float, reached: bool) -> str:
    """The figure in a few digits; in more where it would read like the limit that it misses."""
    limits = [limit for limit in (condition.at_least, condition.at_most) if limit is not None]
    share = condition.figure in _SHARES
    scale = 100 if share else 1
    missed = not reached and any(_digits(scale * limit, share) == _digits(scale * figure, share) for limit in limits)
    number = plain(scale * figure) if missed else _digits(scale * figure, share)
    return tr("{number} %", number=number) if share else number


def _digits(number: float, share: bool) -> str:
    return f"{number:.1f}" if share else plain(number, 3)


def _best(run: Run) -> EpochEnded | None:
    """The epoch whose network counts: the best one on the samples held back, else the last one."""
    return run.best_epoch


def _last(run: Run) -> EpochEnded | None:
    trained = [epoch for epoch in run.epochs if epoch.epoch > 0]
    return trained[-1] if trained else None


def _gap(run: Run) -> float | None:
    last = _last(run)
    return last.train_accuracy - last.test_accuracy if last else None


def _gain(run: Run) -> float | None:
    best = _best(run)
    if best is None or run.epochs[0].epoch != 0:
        return None
    return best.test_accuracy - run.epochs[0].test_accuracy


def _difference(run: Run) -> float | None:
    """Largest |learned − true| of the weights and the bias."""
    learned, true = run.parameters, _rule(run)
    if run.step == 0 or true is None or learned.shape != true.shape:
        return None
    return float(np.abs(learned.astype(np.float64) - true).max())


def _rule(run: Run) -> np.ndarray | None:
    """The true weights and the bias behind the points; None where there is no such rule."""
    values = run.spec.get("dataset")
    if not isinstance(values, Mapping) or values.get("kind") != "linear":
        return None
    try:
        rule = read(Linear, {name: value for name, value in values.items() if name != "kind"})
    except InvalidSpecError:
        return None
    return np.array([*rule.w, rule.b])


def _of(
    epoch: Callable[[Run], EpochEnded | None], figure: Callable[[EpochEnded], float | None]
) -> Callable[[Run], float | None]:
    def found(run: Run) -> float | None:
        one = epoch(run)
        return None if one is None else figure(one)

    return found


_FIGURES: Mapping[str, Callable[[Run], float | None]] = {
    "test_accuracy": _of(_best, lambda epoch: epoch.test_accuracy),
    "train_accuracy": _of(_last, lambda epoch: epoch.train_accuracy),
    "test_loss": _of(_best, lambda epoch: epoch.test_loss),
    "train_loss": _of(_last, lambda epoch: epoch.train_loss),
    "gap": _gap,
    "gain": _gain,
    "difference": _difference,
    "r2": _of(_best, lambda epoch: epoch.test_r2),
    "mae": _of(_best, lambda epoch: epoch.test_mae),
    "rmse": _of(_best, lambda epoch: epoch.test_rmse),
}
