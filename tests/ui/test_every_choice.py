"""Every row of every table can be chosen in the window, on pictures and on points, without a fault."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.catalog.losses import LOSSES
from fmstudio.experiment.fitting import unsuited
from fmstudio.experiment.spec import TABLES
from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow
from fmstudio.words import tr


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.inspection.data is not None and made.session.ready, timeout=60_000)
    yield made
    assert made.session.finish(10_000)


@pytest.mark.parametrize("data", TABLES["dataset"])
def test_all_pages_bear_every_choice(window: MainWindow, data: str) -> None:
    recipe = window.recipe
    recipe.set("dataset.kind", data)
    start = recipe.spec
    assert start is not None
    for key, table in TABLES.items():
        for kind in (kind for kind in table if kind != recipe.get(f"{key}.kind") and key != "dataset"):
            recipe.set(f"{key}.kind", kind)
            suited = not unsuited(key, kind, start)
            assert suited == (f"{key}.kind" not in {problem.path for problem in recipe.problems}), (key, kind)
            assert (recipe.spec is not None) == (not recipe.problems)
            recipe.undo()
            assert recipe.spec == start


def test_a_loss_that_does_not_fit_is_named_but_not_drawn(window: MainWindow) -> None:
    window.recipe.set("dataset.kind", "linear")
    window.show_page("learning")
    page = window.shell.learning_page
    title, chart = page.findChild(QLabel, "lossTitle"), page.findChild(QWidget, "lossChart")
    assert title is not None
    assert chart is not None
    for kind, loss in LOSSES.items():
        window.recipe.set("loss.kind", kind)
        assert title.isVisible()
        assert title.text() == tr(loss.title)
        assert chart.isVisible() == loss.numbers
