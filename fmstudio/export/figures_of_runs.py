"""What a figure says of runs of which a list knows only a line each. No torch."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fmstudio.export.figures import MOST_RUNS, FigureFacts, facts_of
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary


def facts_of_summaries(rows: Sequence[RunSummary]) -> list[FigureFacts]:
    """What a figure of some runs says of them, of very many only the first ones; reads a small file of each."""
    return [_facts_of(row) for row in rows[:MOST_RUNS]]


def _facts_of(row: RunSummary) -> FigureFacts:
    folder = Path(row.folder)
    facts = facts_of(Run(spec=row.spec, id=row.id, folder=row.folder), folder)
    return replace(facts, name=row.name, figures=dict(row.best or row.last))
