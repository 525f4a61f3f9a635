import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.session.run_table import Columns, RunRow
from fmstudio.ui import theme
from fmstudio.ui.compare_page import ComparePage


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
