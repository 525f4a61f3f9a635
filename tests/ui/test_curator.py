"""What is asked of the runs in the table is done, through the window's own widgets."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.runs.about import About, read_about
from fmstudio.runs.beginning import begin
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.run import Run
from fmstudio.training.control import Control
from fmstudio.ui.application import make_window
from fmstudio.ui.compare.overlay.panel import OverlayPanel
from fmstudio.ui.main_window import MainWindow

SMALL = [("dataset.train_size", 200), ("dataset.test_size", 100), ("epochs", 1), ("threads", 1)]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two runs; the newer one has the rate 0.02."""
    folder = tmp_path / "runs"
    for rate in (0.01, 0.02):
        spec = read_spec(changed(lesson(FIRST).draft, [*SMALL, ("optimizer.lr", rate)]))
        for _ in begin(spec, Control(), folder, About(name=f"rate {rate}")).events():
            pass
    return folder


@pytest.fixture
def window(qtbot: QtBot, library: Path) -> Iterator[MainWindow]:
    made = make_window(library)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.show_page("compare")
    qtbot.waitUntil(lambda: len(made.run_list.rows) == 2 and made.session.ready, timeout=60_000)
    yield made
    assert made.session.finish(10_000)


def table(window: MainWindow) -> QTableView:
    found = window.findChild(QTableView, "runsView")
    assert found is not None
    return found


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    (found,) = [one for one in window.findChildren(QPushButton, name) if one.isVisible()]
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def ids(window: MainWindow) -> list[str]:
    return [row.id for row in window.run_list.rows]


def said(window: MainWindow) -> str:
    found = window.shell.notices.findChild(QLabel, "noticeText")
    assert isinstance(found, QLabel)
    return found.text()


def test_a_run_goes_to_the_trash_and_comes_back(qtbot: QtBot, window: MainWindow, library: Path) -> None:
    before = ids(window)
    window.shell.compare_page.choose(before[:1])
    qtbot.keyClick(table(window), Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: ids(window) == before[1:])
    assert not (library / before[0]).exists()
    assert said(window) == "1 run is in the trash."
    press(qtbot, window, "noticeButton")
    qtbot.waitUntil(lambda: ids(window) == before)
    assert (library / before[0] / "weights.safetensors").is_file()


def test_what_was_put_back_by_its_key_is_not_offered_any_more(qtbot: QtBot, window: MainWindow) -> None:
    before = ids(window)
    window.shell.compare_page.choose(before[:1])
    qtbot.keyClick(table(window), Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: ids(window) == before[1:])
    qtbot.keyClick(table(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: ids(window) == before and not window.shell.notices.notices)


def test_what_cannot_be_done_by_a_key_is_said(qtbot: QtBot, window: MainWindow, library: Path) -> None:
    first = library / ids(window)[0]
    with FolderLock(first):
        (first / "events.jsonl").write_text("")
        window.run_list.refresh()
        qtbot.waitUntil(lambda: window.run_list.rows[0].state == "running", timeout=20_000)
        window.shell.compare_page.choose([first.name])
        qtbot.keyClick(table(window), Qt.Key.Key_Delete)
        assert said(window) == "Move to the trash: It is going on: stop it first."
        assert first.is_dir()


def test_the_name_that_the_user_gave_is_the_name_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    window.show_saved_run(ids(window)[0])
    chip = window.findChild(QLabel, "runChip")
    assert chip is not None
    qtbot.waitUntil(lambda: "rate 0.02" in chip.text())
    window.run_list.describe(ids(window)[0], About(name="rate 0.02"), About(name="mine"))
    qtbot.waitUntil(lambda: "mine" in chip.text())


def test_a_name_is_typed_and_the_page_stays(qtbot: QtBot, window: MainWindow, library: Path) -> None:
    """Return ends the typing; it does not show the results, as it does in the table."""
    run_id = ids(window)[0]
    window.shell.compare_page.choose([run_id])
    qtbot.keyClick(table(window), Qt.Key.Key_F2)
    editor = table(window).findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(editor, "mine")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read_about(library / run_id).name == "mine")
    assert window.shell.page == "compare"


def test_the_settings_of_a_run_become_the_recipe(qtbot: QtBot, window: MainWindow) -> None:
    window.shell.compare_page.choose(ids(window)[:1])
    press(qtbot, window, "run.settings")
    assert window.recipe.get("optimizer.lr") == 0.02
    assert said(window) == "The recipe is that of “rate 0.02” now."


def test_a_star_is_written_down_and_survives_another_language(qtbot: QtBot, window: MainWindow, library: Path) -> None:
    run_id = ids(window)[0]
    window.shell.compare_page.choose([run_id])
    qtbot.keyClick(table(window), Qt.Key.Key_S)
    qtbot.waitUntil(lambda: read_about(library / run_id).star)
    window.speak("zh_CN")
    try:
        qtbot.waitUntil(lambda: window.run_list.rows[0].about.star)
        assert table(window).model().rowCount() == 2
    finally:
        window.speak("en")


def test_a_run_that_was_copied_in_just_appears(qtbot: QtBot, window: MainWindow, library: Path) -> None:
    """Another computer's folder, under another name; the page looks for it by itself."""
    source, copied = library / ids(window)[0], library / "20200101-000000-from-elsewhere"
    copied.mkdir()
    for file in source.iterdir():
        if file.is_file() and file.name != ".lock":
            (copied / file.name).write_bytes(file.read_bytes())
    qtbot.waitUntil(lambda: copied.name in ids(window), timeout=10_000)
    window.shell.compare_page.choose([copied.name])
    press(qtbot, window, "run.results")
    qtbot.waitUntil(lambda: window.inspection.run.id == copied.name, timeout=10_000)
    assert window.shell.page == "results"


def test_a_run_is_taken_along(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "run.html"
    monkeypatch.setattr("fmstudio.ui.export_page.QFileDialog.getSaveFileName", lambda *_: (str(out), ""))
    window.shell.compare_page.export_asked.emit(ids(window)[0])
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(QPushButton, "export.report.save")))
    with qtbot.waitSignal(window.exporter.saved, timeout=60_000):
        press(qtbot, window, "export.report.save")
    assert "rate 0.02" in out.read_text(encoding="utf-8") or "First look" in out.read_text(encoding="utf-8")
    assert said(window).startswith("Saved: ")


def test_the_table_is_arranged_as_before_after_the_next_start(qtbot: QtBot, window: MainWindow) -> None:
    table(window).horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: bool(window.preferences.runs_layout))
    assert json.loads(window.preferences.runs_layout)


def test_the_trash_is_emptied(qtbot: QtBot, window: MainWindow, library: Path) -> None:
    first, second = ids(window)
    window.run_list.trash([first])
    qtbot.waitUntil(lambda: ids(window) == [second])
    window.shell.compare_page.trash_shown.emit()
    qtbot.waitUntil(lambda: window.shell.compare_page.table.trashed)
    press(qtbot, window, "deleteTrashed")
    press(qtbot, window, "deleteForGood")
    qtbot.waitUntil(lambda: window.shell.compare_page.table.model.rowCount() == 0)
    assert list((library / ".trash").iterdir()) == []
    assert "1 run is deleted for good." in [notice.text for notice in window.shell.notices.notices]


def test_the_old_widgets_hear_nothing_of_runs_any_more(qtbot: QtBot, window: MainWindow) -> None:
    window.dress("dark")
    try:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        window.run_list.restored.emit(tuple(ids(window)[:1]))
        assert window.shell.compare_page.chosen == tuple(ids(window)[:1])
    finally:
        window.dress("light")


def test_the_curves_of_a_run_that_goes_on_grow(qtbot: QtBot, window: MainWindow) -> None:
    page = window.shell.compare_page
    page.show_panel("curves")
    panel = page.findChild(OverlayPanel)
    assert panel is not None
    run_id = ids(window)[0]
    page.choose([run_id])
    qtbot.waitUntil(lambda: [strand.key for strand in panel.strands] == [run_id])
    found: list[Run] = []
    window.run_list.load_curves([run_id], found.extend, "test")
    qtbot.waitUntil(lambda: bool(found))
    going = deepcopy(found[0])
    drawn = len(panel.plot.curves[run_id].points[0])
    going.apply(replace(going.epochs[-1], epoch=2, step=2 * going.step))
    window.session.run_changed.emit(going)
    qtbot.waitUntil(lambda: len(panel.plot.curves[run_id].points[0]) == drawn + 1)
