"""What the tests of training share: small experiments, and a loop that reads back after every step."""

from collections.abc import Callable
from typing import Any

import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.training import loop

Small = Callable[..., ExperimentSpec]
TINY = (("dataset.train_size", 300), ("dataset.test_size", 200), ("batch_size", 64), ("threads", 1))


@pytest.fixture
def small() -> Small:
    """Makes a spec on a few pictures, with some changes: ``small(("epochs", 3))``."""

    def make(*changes: tuple[str, Any]) -> ExperimentSpec:
        return read_spec(changed(to_mapping(ExperimentSpec()), [*TINY, *changes]))

    return make


@pytest.fixture
def each_step_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses are read back after every step, so that a test can act between any two."""
    monkeypatch.setattr(loop, "READ_BACK_SECONDS", -1.0)
