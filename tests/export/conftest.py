"""Two small runs with their folders: one on pictures, one on numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.beginning import begin
from fmstudio.runs.store import find_run
from fmstudio.training.control import Control

Made = Callable[..., Path]
TINY = (("dataset.train_size", 300), ("dataset.test_size", 120), ("batch_size", 64), ("threads", 1))


def made(library: Path, *changes: tuple[str, Any]) -> Path:
    """Train a spec, and give the folder of its run."""
    spec = read_spec(changed(to_mapping(ExperimentSpec()), list(changes)))
    events = list(begin(spec, Control(), library).events())
    return find_run(events[-1].run, library).path  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Makes a run on few pictures with some changes: ``make(("epochs", 3))``."""
    library = tmp_path_factory.mktemp("library")
    return lambda *changes: made(library, *TINY, *changes)


@pytest.fixture(scope="session")
def pictures_run(make: Made) -> Path:
    return make(("name", "First look"), ("validation", 0.1), ("dataset.normalise", True))


@pytest.fixture(scope="session")
def numbers_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kinds = [("dataset", "linear"), ("architecture", "linear-regression"), ("loss", "mse"), ("optimizer", "sgd")]
    changes = [(f"{key}.kind", kind) for key, kind in kinds]
    more = [("dataset.n", 200), ("dataset.test_n", 150), ("batch_size", 20), ("threads", 1)]
    return made(tmp_path_factory.mktemp("numbers"), *changes, *more)
