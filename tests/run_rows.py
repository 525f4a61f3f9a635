"""Rows of the table of runs for tests."""

from collections.abc import Mapping
from typing import Any

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.runs.about import About
from fmstudio.runs.summary import RunSummary


def run_row(
    run: str,
    *changes: tuple[str, Any],
    accuracy: float | None = 0.8,
    about: About | None = None,
    figures: Mapping[str, float] | None = None,
    **given: Any,
) -> RunSummary:
    """A run of the first lesson with some settings changed."""
    best = {} if accuracy is None else {"epoch": 2.0, "test_accuracy": accuracy, "test_loss": 1 - accuracy}
    spec = changed(lesson("first-look").draft, changes) if "spec" not in given else given.pop("spec")
    usual: dict[str, Any] = {"state": "finished", "epochs": 2, "planned": 2, "seconds": 9.0, "step": 938}
    values = {**usual, "best": best if figures is None else figures, "last": best, **given}
    return RunSummary(id=run, folder=f"/runs/{run}", spec=spec, about=about or About(name=f"Name {run}"), **values)
