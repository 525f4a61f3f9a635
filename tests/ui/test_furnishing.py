"""A window that is painted before it is whole: what is there at first, and that the rest comes in time."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui.application import make_window
from fmstudio.ui.curves_panel import CurvesPanel
from fmstudio.ui.main_window import MainWindow

FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QTableView
from fmstudio.ui.application import make_window

class Watch(QObject):
    painted = None
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.painted is None:
            self.painted = sorted(set(sys.modules))
        return False

window, watch = make_window(whole=False), Watch()
window.shell.installEventFilter(watch)
window.show()
while window.findChild(QTableView, "runsView") is None:
    QApplication.processEvents()
print(*watch.painted, flush=True)
os._exit(0)  # its threads are not waited for
"""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs", whole=False)
    qtbot.addWidget(made)
    yield made
    made.complete()
    assert made.session.finish(10_000)


def test_the_first_paint_waits_for_no_page_that_is_not_seen() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True, timeout=100)
    loaded = set(done.stdout.split())
    assert "fmstudio.ui.results_page" in loaded
    late = ("compare.compare_page", "data_page", "network_page", "learning_page", "opener", "code_page", "curves_panel")
    assert not loaded & {"pyqtgraph", "torch", *(f"fmstudio.ui.{name}" for name in late)}


@pytest.mark.parametrize("key", ["data", "network", "learning", "compare"])
def test_a_page_that_is_asked_for_before_it_is_there_is_made_then(window: MainWindow, key: str) -> None:
    window.show_page(key)
    assert window.shell.page == key
    names = {"data": "dataPanel", "network": "modelPanel", "compare": "runsPanel"}
    if key in names:
        assert window.findChild(QWidget, names[key]) is window.shell.pages[key]


def test_an_entry_of_the_menus_works_before_the_rest_is_there(window: MainWindow) -> None:
    action = window.findChild(QAction, "codeAction")
    assert isinstance(action, QAction)
    action.trigger()
    assert window.shell.drawer.content is not None


def test_the_rest_knows_what_was_changed_before_it_was_there(window: MainWindow) -> None:
    window.recipe.change([("dataset.kind", "linear"), ("architecture.kind", "linear-regression"), ("loss.kind", "mse")])
    window.complete()
    window.show_page("data")
    assert window.shell.data_page.points.isVisibleTo(window)


def test_it_says_once_that_there_is_something_to_be_seen(qtbot: QtBot, window: MainWindow) -> None:
    said: list[bool] = []
    window.painted.connect(lambda: said.append(window.findChild(QWidget, "runsPanel") is None))
    window.show()
    qtbot.waitUntil(lambda: window.findChild(QWidget, "curvesPanel") is not None)
    window.hide()
    with qtbot.waitExposed(window):
        window.show()
    assert said == [True], "before the rest is there"


def test_a_window_that_is_closed_at_once_closes(window: MainWindow) -> None:
    assert window.close()


def test_a_window_that_could_not_be_made_whole_can_be_closed(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("fmstudio.ui.furnishing.engage", fail)
    with pytest.raises(ValueError, match="broken"):
        window.complete()
    assert window.close()


def test_curves_that_are_placed_again_are_there_once(window: MainWindow) -> None:
    page = window.shell.results_page
    first, second = CurvesPanel(), CurvesPanel()
    page.place_curves(first)
    page.place_curves(second)
    assert first.isHidden()
    assert second.isVisibleTo(page)


def test_the_rest_is_made_once(window: MainWindow) -> None:
    window.complete()
    pages = dict(window.shell.pages)
    window.complete()
    assert window.shell.pages == pages
    assert list(window.shell.pages) == ["results", "data", "network", "learning", "compare"]


def test_another_language_before_the_first_paint_makes_everything_anew(window: MainWindow) -> None:
    window.speak("zh_CN")
    assert set(window.shell.pages) == {"results", "data", "network", "learning", "compare"}
    window.speak("en")
