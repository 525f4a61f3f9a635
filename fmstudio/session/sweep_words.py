"""Several experiments in words, and as runs that are planned. No Qt: the command line speaks so too."""

import uuid
from collections.abc import Sequence

from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.experiment.sweep import SEED, Settings, Sweep
from fmstudio.runs.about import About
from fmstudio.schema.problem import Problem
from fmstudio.session.draft_words import setting_of, shown, title_of
from fmstudio.session.planned import Planned
from fmstudio.words import tr, tr_n


def settings_words(draft: Draft, settings: Settings) -> str:
    """What makes an experiment differ: "Learning rate 0.01 · Batch size 64".

    Args:
        draft: What it has in common with others: which choice a setting belongs to.
        settings: Pairs of path and value.
    """
    after = drafts.changed(draft, sorted(settings, key=lambda pair: not pair[0].endswith(".kind")))
    return " · ".join(f"{title_of(after, path)} {_value(after, path)}" for path, _ in settings)


def problem_words(draft: Draft, settings: Settings, problem: Problem) -> str:
    """Why an experiment cannot be run: "Learning rate: must be at most 1"."""
    after = drafts.changed(draft, settings)
    return tr("{name}: {problem}", name=title_of(after, problem.path), problem=problem.message)


def group_name(draft: Draft, sweep: Sweep) -> str:
    """What runs that belong together are called: "Learning rate: 5 values", "Learning rate × Batch size: 12 runs"."""
    titles = [_title(draft, sweep, path) for path in sweep.varied]
    count = len(sweep.valid)
    if sweep.varied == (SEED,):
        return tr_n("{count} seed", "{count} seeds", count)
    if len(titles) == 1:
        return tr_n("{name}: {count} value", "{name}: {count} values", count, name=titles[0])
    return tr_n("{name}: {count} run", "{name}: {count} runs", count, name=" × ".join(titles))


def planned(draft: Draft, sweep: Sweep) -> list[Planned]:
    """The experiments that can be run, as runs that are planned and belong together."""
    group, name = uuid.uuid4().hex, group_name(draft, sweep)
    return [
        Planned(one.spec, _about(settings_words(draft, one.settings), group, name, sweep.varied))
        for one in sweep.valid
        if isinstance(one.spec, ExperimentSpec)
    ]


def held_back_words(spec: ExperimentSpec) -> str:
    """What is said where samples are held back because a best one is to be chosen."""
    count = f"{spec.validation_samples:,}"
    if not spec.dataset.classes:
        return tr("The best is chosen by {count} training points that are held back for it: validation.", count=count)
    return tr("The best is chosen by {count} training pictures that are held back for it: validation.", count=count)


def _about(name: str, group: str, group_name: str, varied: Sequence[str]) -> About:
    return About(name=name, group=group, group_name=group_name, varied=tuple(varied))


def _title(draft: Draft, sweep: Sweep, path: str) -> str:
    """A title by the first experiment that has the setting: another one may have another optimizer."""
    for one in sweep.variants:
        after = drafts.changed(draft, one.settings)
        if setting_of(after, path) is not None:
            return title_of(after, path)
    return title_of(draft, path)


def _value(draft: Draft, path: str) -> str:
    return shown(draft, path) or tr("automatic")
