"""What the runs of an overlay are called: by the settings that differ among them, else by name, else by time."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from fmstudio.experiment.draft import get
from fmstudio.runs.summary import RunSummary
from fmstudio.session.draft_words import setting_of
from fmstudio.session.run_rows.cells import name_text, one_line, started_text
from fmstudio.session.run_rows.column import Column
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.words import marked, tr

_SHORT: Mapping[str, str] = {"optimizer.lr": marked("lr"), "batch_size": marked("batch")}
"""What stands in nearly every legend is called as briefly as everybody calls it."""

_MOST = 4
"""So many settings name a run; more would not be read."""


def titles_of(
    runs: Sequence[RunSummary], *, without: Sequence[str] = (), names: Sequence[str] | None = None
) -> list[str]:
    """A name for each run: "Adam · lr 0.01"; no two are alike.

    Args:
        runs: That are shown together.
        without: Settings that do not count, such as the seed of runs that are drawn as one band.
        names: What is said where no setting tells them apart; None for the runs' own names.
    """
    columns = RunColumns(runs)
    paths = [path for path in telling(columns.differing(runs), runs) if path not in without]
    found = [setting_words([columns.all[path] for path in paths], run) for run in runs]
    if len(set(found)) < 2:
        found = list(names or map(name_text, runs))
    return _apart(found, runs)


def name_of_all(runs: Sequence[RunSummary]) -> str:
    """What runs that are drawn as one are called: as all of them are, else as their recipe is.

    Planned repetitions are called "Seed 0", "Seed 1": that is the name of one, not of all.
    """
    names = {name_text(run) for run in runs}
    return names.pop() if len(names) == 1 else one_line(tr(str(runs[0].spec.get("name", "")))) or name_text(runs[0])


def names_of(runs: Sequence[RunSummary]) -> list[str]:
    """What the user calls each run; no two are alike."""
    return _apart([name_text(run) for run in runs], runs)


def telling(paths: Sequence[str], runs: Sequence[RunSummary]) -> list[str]:
    """The settings that tell runs apart, without those that merely come with another choice.

    Two optimizers differ in many defaults; only the learning rate and its like are named then, or what differs among
    runs with the same optimizer.
    """
    return [path for path in paths if not _comes_with_choice(path, paths, runs)]


def _comes_with_choice(path: str, paths: Sequence[str], runs: Sequence[RunSummary]) -> bool:
    key, _, name = path.rpartition(".")
    kind = f"{key}.kind"
    if name == "kind" or kind not in paths:
        return False
    values: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        found = setting_of(run.spec, path)
        if found and found.level == "basic":
            return False
        if found:
            values[str(get(run.spec, kind))].add(str(get(run.spec, path)))
    return all(len(among) < 2 for among in values.values())


def setting_words(columns: Sequence[Column], run: RunSummary) -> str:
    """Some settings of a run in words, those that it has: a choice by its name alone, others with their title."""
    texts = [(column, column.text(run)) for column in columns]
    said = [words_of(column, text) for column, text in texts if text]
    return " · ".join(said[:_MOST]) + (" …" if len(said) > _MOST else "")


def words_of(column: Column, text: str) -> str:
    """A setting's short title and value: "lr 0.01"; of a choice its name alone."""
    if column.key.endswith(".kind"):
        return text
    title = tr(_SHORT[column.key]) if column.key in _SHORT else column.title
    return tr("{title} {value}", title=title, value=text)


def _apart(found: list[str], runs: Sequence[RunSummary]) -> list[str]:
    """The same, with the time at which they were made where two are alike, and else with their number."""
    now, often = datetime.now(), Counter(found)
    minutes = Counter(int(run.created // 60) for run in runs)
    for place, run in enumerate(runs):
        if often[found[place]] > 1:
            when = started_text(run.created, now, seconds=minutes[int(run.created // 60)] > 1)
            found[place] = " · ".join(filter(None, [found[place], when]))
    often, seen = Counter(found), Counter[str]()
    for place, words in enumerate(found):
        if often[words] > 1:
            seen[words] += 1
            found[place] = f"{words} ({seen[words]})"
    return found
