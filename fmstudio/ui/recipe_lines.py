"""The quiet lines of the recipe column: what the choices come to, in a few words."""

from fmstudio.experiment.lessons import Lesson
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.words import tr


def lesson_line(lesson: Lesson, *, short: bool = False) -> str:
    """What a lesson is about, and how long it takes."""
    minutes = tr("{minutes} min", minutes=lesson.minutes)
    if short:
        return minutes
    return f"{lesson.summary} · {minutes}"


def data_line(spec: ExperimentSpec | None, *, short: bool = False) -> str:
    """How many pictures there are for what."""
    if spec is None:
        return ""
    if short:
        return f"{spec.train_samples:,} + {spec.dataset.test_used:,}"
    parts = [tr("{count} to learn from", count=f"{spec.train_samples:,}")]
    if spec.validation_samples:
        parts.append(tr("{count} held back", count=f"{spec.validation_samples:,}"))
    parts.append(tr("{count} to test", count=f"{spec.dataset.test_used:,}"))
    return " · ".join(parts)


def network_line(spec: ExperimentSpec | None, *, short: bool = False) -> str:
    """How large the network is, and what it takes."""
    if spec is None:
        return tr("cannot be built")
    if spec.architecture.unfit(spec.facts) is not None:
        return tr("does not fit") if short else tr("does not fit these pictures")
    _, height, width = spec.dataset.shape
    weights = f"{spec.architecture.weights(spec.facts):,}"
    if short:
        return tr("{weights} weights", weights=weights)
    return tr("{weights} weights · input {height} × {width}", weights=weights, height=height, width=width)
