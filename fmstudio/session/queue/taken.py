"""An entry that was taken out of the queue to be changed: what was said of it is said of the run that comes of it."""

from collections.abc import Sequence
from dataclasses import replace

from fmstudio.experiment.draft import Draft
from fmstudio.experiment.flat import at
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.session.planned import Planned
from fmstudio.session.sweep_words import settings_words


def about_again(taken: Planned | None, spec: ExperimentSpec) -> About:
    """What is said of a run that was made of an entry; of one on other data, or of another name, nothing.

    Args:
        taken: What the entry was; None where there was none.
        spec: What became of it in the recipe.
    """
    if taken is None:
        return About()
    about, before, now = taken.about, to_mapping(taken.spec), to_mapping(spec)
    if spec.name != taken.spec.name or now["dataset"]["kind"] != before["dataset"]["kind"]:
        return About()
    if about.varied and about.name == _words(before, about.varied):
        return replace(about, name=_words(now, about.varied))
    return about


def _words(draft: Draft, paths: Sequence[str]) -> str:
    """What tells a run apart from those that were planned with it."""
    found = [(path, at(draft, path)) for path in paths]
    return settings_words(draft, tuple((path, value) for path, value in found if value is not None))
