import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.session.run_table import Columns, RunRow
from fmstudio.training.events import EpochEnded, Predictions, RunStarted
from fmstudio.ui import theme
from fmstudio.ui.compare.compare_page import ComparePage


def row(run: str, accuracy: float | None) -> RunRow:
    return RunRow(run, f"Name {run}", "Fashion-MNIST", "Small CNN", "Adam", 0.01, 2, 2, accuracy, "finished", 9.0)


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot) -> ComparePage:
    theme.apply(qapp, "light")
    made = ComparePage()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    return made


def view(page: ComparePage) -> QTableView:
    found = page.findChild(QTableView, "runsView")
    assert found is not None
    return found


def names(page: ComparePage) -> list[str]:
    model = view(page).model()
    return [str(model.index(place, Columns.NAME).data()) for place in range(model.rowCount())]


@pytest.mark.parametrize("width", [1400, 980, 800, 620])
def test_the_name_has_room_and_the_time_is_seen_however_narrow_it_is(page: ComparePage, width: int) -> None:
    made = RunRow("a", "Linear regression from scratch", "Fashion-MNIST", "Linear regression (from scratch)",
                  "SGD (from scratch)", 0.03, 300, 30_000, 0.85, "not finished", 720.0)  # fmt: skip
    page.resize(width, 600)
    page.show_runs([made])
    QApplication.processEvents()
    table = view(page)
    head = table.horizontalHeader()
    assert head.sectionSize(Columns.NAME) >= 140
    assert not table.isColumnHidden(Columns.TIME)
    if width == 1400:
        assert all(head.sectionSize(column) >= table.sizeHintForColumn(column) for column in Columns)
    assert head.length() <= table.viewport().width()
    assert head.sectionSize(Columns.TIME) >= table.sizeHintForColumn(Columns.TIME)
    assert "SGD (from scratch)" in str(table.model().index(0, Columns.OPTIMIZER).data(Qt.ItemDataRole.ToolTipRole))


def test_what_left_a_narrow_table_comes_back_when_it_is_wide(page: ComparePage) -> None:
    page.show_runs([row("a", 0.8)])
    page.resize(520, 600)
    QApplication.processEvents()
    assert view(page).isColumnHidden(Columns.OPTIMIZER)
    page.resize(1300, 600)
    QApplication.processEvents()
    assert not any(view(page).isColumnHidden(column) for column in Columns)
    assert view(page).columnWidth(Columns.OPTIMIZER) >= view(page).sizeHintForColumn(Columns.OPTIMIZER)


def test_without_runs_it_says_what_to_do(page: ComparePage) -> None:
    empty = page.findChild(QLabel, "noRuns")
    assert empty is not None
    assert empty.isVisible()
    assert not view(page).isVisible()
    page.show_runs([row("a", 0.8)])
    assert not empty.isVisible()
    assert view(page).isVisible()


def test_runs_stand_in_the_given_order(page: ComparePage) -> None:
    page.show_runs([row("b", 0.8), row("c", None), row("a", 0.9)])
    assert names(page) == ["Name b", "Name c", "Name a"]
    assert "3 runs" in [made.text() for made in page.findChildren(QLabel)]


def test_a_click_on_a_title_sorts_and_a_third_one_undoes_it(page: ComparePage) -> None:
    page.show_runs([row("b", 0.8), row("c", None), row("a", 0.9)])
    head = view(page).horizontalHeader()
    x = head.sectionViewportPosition(Columns.ACCURACY) + 10
    at = head.viewport().rect().center()
    at.setX(x)
    seen = []
    for _ in range(3):
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
        seen.append(names(page))
    assert seen == [["Name b", "Name a", "Name c"], ["Name a", "Name b", "Name c"], ["Name b", "Name c", "Name a"]]


def test_a_double_click_or_enter_asks_for_a_run(page: ComparePage, qtbot: QtBot) -> None:
    page.show_runs([row("a", 0.8), row("b", 0.9)])
    table = view(page)
    at = table.visualRect(table.model().index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(page.run_asked) as asked:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == ["b"]
    table.setCurrentIndex(table.model().index(0, 0))
    with qtbot.waitSignal(page.run_asked) as asked:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == ["a"]


def test_news_of_a_run_keep_the_chosen_row(page: ComparePage) -> None:
    page.show_runs([row("a", None), row("b", 0.9)])
    view(page).setCurrentIndex(view(page).model().index(1, 0))
    page.show_runs([row("a", 0.5), row("b", 0.9)])
    assert view(page).currentIndex().row() == 1


def compare_button(page: ComparePage) -> QPushButton:
    found = page.findChild(QPushButton, "compareTwo")
    assert found is not None
    return found


def click(page: ComparePage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    table = view(page)
    at = table.visualRect(table.model().index(row, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, at)


def test_two_chosen_runs_can_be_compared_the_older_one_first(page: ComparePage, qtbot: QtBot) -> None:
    page.show_runs([row("3", 0.8), row("2", 0.7), row("1", 0.9)])
    click(page, 0)
    assert not compare_button(page).isEnabled()
    assert "while Ctrl is held" in compare_button(page).toolTip()
    click(page, 2, Qt.KeyboardModifier.ControlModifier)
    assert compare_button(page).isEnabled()
    assert "A: Name 1 · B: Name 3" in [made.text() for made in page.findChildren(QLabel)]
    with qtbot.waitSignal(page.runs_asked) as asked:
        QTest.mouseClick(compare_button(page), Qt.MouseButton.LeftButton)
    assert asked.args == ["1", "3"]
    click(page, 1, Qt.KeyboardModifier.ControlModifier)
    assert not compare_button(page).isEnabled()


def test_two_runs_are_chosen_by_keyboard(page: ComparePage, qtbot: QtBot) -> None:
    page.show_runs([row("b", 0.8), row("a", 0.7)])
    table = view(page)
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(page.runs_asked) as asked:
        QTest.keyClick(compare_button(page), Qt.Key.Key_Space)
    assert asked.args == ["a", "b"]


def test_news_of_runs_keep_what_is_chosen(page: ComparePage) -> None:
    page.show_runs([row("b", None), row("a", 0.7)])
    view(page).selectAll()
    page.show_runs([row("b", 0.9), row("a", 0.7)])
    assert page.chosen == ("a", "b")
    page.show_runs([row("a", 0.7)])
    assert not compare_button(page).isEnabled()


def test_two_runs_stand_in_the_place_of_the_table(page: ComparePage) -> None:
    page.show_runs([row("b", 0.8), row("a", 0.7)])
    page.show_two(answered("a", 0), answered("b", 1), load_images("fashion-mnist", test_size=50))
    assert not view(page).isVisible()
    page.show_runs([row("b", 0.8), row("a", 0.7)])  # another run ended meanwhile
    assert not view(page).isVisible()
    back = page.findChild(QPushButton, "backToRuns")
    assert back is not None
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert view(page).isVisible()


def test_where_two_runs_cannot_be_compared_the_table_stays(page: ComparePage) -> None:
    page.show_runs([row("b", 0.8), row("a", 0.7)])
    with pytest.raises(UserError):
        page.show_two(Run(id="a"), answered("b", 1), load_images("fashion-mnist", test_size=50))
    assert view(page).isVisible()


def answered(name: str, shift: int) -> Run:
    pictures = load_images("fashion-mnist", test_size=50).test
    predicted = (pictures.labels + shift) % 10
    shares = np.eye(10, dtype=np.float16)[predicted]
    answers = Predictions(pictures.samples, pictures.labels, predicted, np.ones(50, np.float32), shares)
    made = Run({"name": name, "dataset": {"kind": "fashion-mnist"}}, id=name)
    made.apply(RunStarted(run=name, epochs=1, steps_per_epoch=1, train_size=1, test_size=50))
    made.apply(
        EpochEnded(epoch=1, step=1, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, seconds=1.0,
                   test_accuracy=answers.accuracy, evaluation_seconds=0.1, predictions=answers)
    )  # fmt: skip
    return made
