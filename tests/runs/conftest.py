"""Folders of runs as they lie in a library."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.training.events import RunEnded
from tests.runs.run_folders import MakeRun, course, write_events


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder that holds runs."""
    made = tmp_path / "library"
    made.mkdir()
    return made


@pytest.fixture
def make_run(library: Path) -> MakeRun:
    """Makes a run's folder: ``make_run(name, end="finished", accuracies=(0.1, 0.5, 0.7), changes={…})``."""

    def make(
        name: str, end: str = "finished", accuracies: Sequence[float] = (0.1, 0.5, 0.7), root: Path = library,
        changes: dict[str, Any] | None = None,
    ) -> Path:  # fmt: skip
        folder = root / name
        (folder / "predictions").mkdir(parents=True)
        spec = changed(to_mapping(ExperimentSpec()), [("name", "Some run"), *(changes or {}).items()])
        (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
        write_events(folder, *course(2, accuracies))
        if end:
            write_events(folder, RunEnded(status=end, run="r", epoch=2, step=8, message="Why."))  # type: ignore[arg-type]
        return folder

    return make
