"""The quiet lines of the recipe column: what the choices come to, in a few words."""

from fmstudio.experiment.fitting import unsuited
from fmstudio.experiment.lessons import Lesson, lessons
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.words import tr, tr_n


def lesson_line(lesson: Lesson, *, short: bool = False) -> str:
    """What a lesson is about, and how long it takes, in the language that is spoken now.

    Args:
        lesson: Perhaps one that was read when another language was spoken.
        short: Only how long.
    """
    minutes = tr("{minutes} min", minutes=lesson.minutes)
    if short:
        return minutes
    spoken = next((one for one in lessons() if one.id == lesson.id), lesson)
    return f"{spoken.summary} · {minutes}"


def data_line(spec: ExperimentSpec | None, *, short: bool = False) -> str:
    """How many pictures or points there are for what."""
    if spec is None:
        return ""
    learned, tested = f"{spec.train_samples:,}", f"{spec.dataset.test_used:,}"
    if short:
        return (
            f"{learned} + {tested}"
            if spec.dataset.classes
            else tr("{learned} + {tested} points", learned=learned, tested=tested)
        )
    first = tr("{count} to learn from", count=learned)
    parts = [first if spec.dataset.classes else tr("{count} points to learn from", count=learned)]
    if spec.validation_samples:
        parts.append(tr("{count} held back", count=f"{spec.validation_samples:,}"))
    parts.append(tr("{count} to test", count=tested))
    return " · ".join(parts)


def network_line(spec: ExperimentSpec | None, *, short: bool = False) -> str:
    """How large the network is, and what it takes."""
    if spec is None:
        return tr("cannot be built")
    if unsuited("architecture", kind_of(spec.architecture), spec) or spec.architecture.unfit(spec.facts) is not None:
        return tr("does not fit") if short else _does_not_fit(spec)
    count = spec.architecture.weights(spec.facts)
    weights = tr_n("{weights} weight", "{weights} weights", count, weights=f"{count:,}")
    return weights if short else f"{weights} · {_input(spec.dataset.shape)}"


def _does_not_fit(spec: ExperimentSpec) -> str:
    return tr("does not fit these pictures") if spec.dataset.classes else tr("does not fit these points")


def _input(shape: tuple[int, ...]) -> str:
    """What the network is given."""
    if len(shape) == 1:
        return tr_n("input {count} number", "input {count} numbers", shape[0])
    return tr("input {height} × {width}", height=shape[1], width=shape[2])
