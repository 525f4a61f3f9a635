from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.runs.about import About
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.table import Roles
from fmstudio.training.events import EpochEnded, Predictions, RunStarted
from fmstudio.ui import theme
from fmstudio.ui.compare.compare_page import ComparePage
from fmstudio.ui.compare.table.columns_layout import TableLayout, layout_of
from tests.run_rows import run_row

T = TypeVar("T", bound=QWidget)
OPENED: list[QMenu] = []
"""The menus that were opened."""


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ComparePage:
    theme.apply(qapp, "light")
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: OPENED.append(menu))  # offscreen no menu takes the keyboard
    made = ComparePage()
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def view(page: ComparePage) -> QTableView:
    found = page.findChild(QTableView, "runsView")
    assert found is not None
    return found


def keys(page: ComparePage) -> list[str]:
    return [column.key for column in page.table.model.shown_columns]


def names(page: ComparePage) -> list[str]:
    model, column = view(page).model(), keys(page).index("name")
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


def pressed(page: ComparePage, name: str) -> QPushButton:
    """The button of a name."""
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def press(page: ComparePage, name: str) -> None:
    QTest.mouseClick(pressed(page, name), Qt.MouseButton.LeftButton)


def place_of(page: ComparePage, row: int, key: str = "name") -> QPoint:
    return view(page).visualRect(view(page).model().index(row, keys(page).index(key))).center()


def click(page: ComparePage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(view(page).viewport(), Qt.MouseButton.LeftButton, keys, place_of(page, row))


def write(page: ComparePage, text: str) -> None:
    field = page.findChild(QLineEdit, "runFilter")
    assert field is not None
    field.clear()
    QTest.keyClicks(field, text)


def said(page: ComparePage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def dialog(page: ComparePage, name: str) -> QDialog:
    found = page.findChild(QDialog, name)
    assert found is not None
    return found


def part(kind: type[T], parent: QWidget, name: str) -> T:
    found = parent.findChild(kind, name)
    assert found is not None
    return found


def open_menu() -> QMenu:
    return OPENED.pop()


def take(menu: QMenu, text: str) -> None:
    """Choose a line of a menu, as the Enter key does."""
    action = next(action for action in menu.actions() if action.text() == text)
    assert action.isEnabled(), action.toolTip()
    action.trigger()


TWO = (run_row("b", ("optimizer.lr", 0.1)), run_row("a", accuracy=0.7))


class TestTable:
    def test_without_runs_it_says_what_to_do(self, page: ComparePage) -> None:
        page.show_runs([])
        assert said(page, "noRuns") == "There is no run yet. Press Train, and it will stand here."
        assert not view(page).isVisible()
        page.show_runs([run_row("a")])
        assert not said(page, "noRuns")
        assert view(page).isVisible()

    def test_runs_stand_in_the_given_order_and_are_counted(self, page: ComparePage) -> None:
        page.show_runs([run_row("b"), run_row("c", accuracy=None), run_row("a")])
        assert names(page) == ["Name b", "Name c", "Name a"]
        assert said(page, "runCount") == "3 runs"

    @pytest.mark.parametrize(
        ("column", "expected"),
        [
            ("best", ["abc", "bac", "bca"]),
            ("best.test_accuracy", ["abc", "bac", "bca"]),
            ("best.test_loss", ["abc", "bac", "bca"]),  # the smallest is the best
            ("name", ["abc", "cba", "bca"]),
        ],
    )
    def test_a_click_on_a_title_puts_the_best_first_and_a_third_one_undoes_it(
        self, page: ComparePage, column: str, expected: list[str]
    ) -> None:
        page.show_runs([run_row("b"), run_row("c", accuracy=None), run_row("a", accuracy=0.9)])
        page.table.keeper.restore(TableLayout(columns=("name", column)).to_text())
        head = view(page).horizontalHeader()
        at = head.viewport().rect().center()
        at.setX(head.sectionViewportPosition(keys(page).index(column)) + 10)
        seen = []
        for _ in range(3):
            QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
            seen.append("".join(name[-1] for name in names(page)))
        assert seen == expected

    @pytest.mark.parametrize("width", [1400, 1000, 800])
    def test_the_telling_columns_have_room_however_narrow_it_is(self, page: ComparePage, width: int) -> None:
        page.resize(width, 560)
        page.show_runs(
            [run_row("1", ("architecture.kind", "linear-regression-scratch"), ("optimizer.kind", "sgd-scratch")),
             run_row("2", ("optimizer.lr", 0.1), ("seed", 12345), about=About(name="A long name " * 9))]
        )  # fmt: skip
        QApplication.processEvents()
        head = view(page).horizontalHeader()
        assert head.length() <= view(page).viewport().width()
        assert head.sectionSize(keys(page).index("name")) >= 140
        assert {"name", "best", "state"} <= set(keys(page))
        assert ("optimizer.lr" in keys(page)) or width < 1000

    def test_a_setting_that_differs_gets_a_column(self, page: ComparePage) -> None:
        page.show_runs([run_row("a")])
        assert "seed" not in keys(page)
        page.show_runs([run_row("a"), run_row("b", ("seed", 4))])
        assert "seed" in keys(page)

    def test_news_keep_what_is_chosen(self, page: ComparePage) -> None:
        page.show_runs([run_row("b", accuracy=None), run_row("a")])
        view(page).selectAll()
        page.show_runs([run_row("b", accuracy=0.9), run_row("a")])
        assert page.chosen == ("a", "b")
        page.show_runs([run_row("c"), run_row("a")])
        assert page.chosen == ("a",)

    def test_damaged_runs_say_why(self, page: ComparePage) -> None:
        page.show_runs([RunSummary(id="x", folder="/runs/x", problem="Its spec cannot be read."), run_row("a")])
        index = view(page).model().index(0, keys(page).index("state"))
        assert index.data() == "! damaged"
        assert "Its spec cannot be read." in str(index.data(Qt.ItemDataRole.ToolTipRole))
        click(page, 0)
        assert not pressed(page, "run.results").isEnabled()
        assert "Its spec cannot be read." in pressed(page, "run.results").toolTip()
        assert "Its spec cannot be read." in said(page, "chosenRuns")


class TestFilter:
    def test_what_is_written_holds_at_once(self, page: ComparePage) -> None:
        page.show_runs(TWO)
        write(page, "lr>0.01")
        assert names(page) == ["Name b"]
        assert said(page, "runCount") == "1 of 2 runs"

    def test_what_is_wrong_is_said_below_and_hides_nothing(self, page: ComparePage) -> None:
        page.show_runs(TWO)
        write(page, "learnrate>0.01")
        assert said(page, "runFilterProblem").startswith("Nothing is called “learnrate” here.")
        assert len(names(page)) == 2
        write(page, "lr>0.01")
        assert not said(page, "runFilterProblem")

    def test_where_none_is_let_through_one_button_shows_all(self, page: ComparePage) -> None:
        page.show_runs(TWO)
        write(page, "zebra")
        assert said(page, "noneMatches") == "This filter lets no run through."
        press(page, "clearFilter")
        assert len(names(page)) == 2

    def test_a_title_offers_its_values(self, page: ComparePage) -> None:
        page.show_runs([run_row("1", ("optimizer.kind", "sgd")), run_row("2"), run_row("3", ("optimizer.kind", "sgd"))])
        head = view(page).horizontalHeader()
        at = QPoint(head.sectionViewportPosition(keys(page).index("optimizer.kind")) + 5, 5)
        head.customContextMenuRequested.emit(at)
        take(open_menu(), "Only runs with SGD")
        assert names(page) == ["Name 1", "Name 3"]
        assert page.table.findChild(QLineEdit, "runFilter").text() == "optimizer=sgd"  # type: ignore[union-attr]

    def test_a_title_offers_ranges_of_many_numbers(self, page: ComparePage) -> None:
        page.show_runs([run_row(f"{number:02}", accuracy=0.5 + number / 100) for number in range(30)])
        head = view(page).horizontalHeader()
        head.customContextMenuRequested.emit(QPoint(head.sectionViewportPosition(keys(page).index("best")) + 5, 5))
        take(open_menu(), "Best result: The highest third")
        assert 10 <= len(names(page)) <= 11
        assert "Name 29" in names(page)

    def test_a_cell_offers_its_value(self, page: ComparePage) -> None:
        page.show_runs([*TWO, run_row("c")])
        view(page).customContextMenuRequested.emit(place_of(page, 1, "best"))
        take(open_menu(), "Only runs with 70.0 %")
        assert names(page) == ["Name a"]

    def test_the_keyboard_goes_from_the_filter_to_the_runs(self, page: ComparePage) -> None:
        page.show_runs(TWO)
        write(page, "name")
        QTest.keyClick(part(QLineEdit, page, "runFilter"), Qt.Key.Key_Down)
        assert QApplication.focusWidget() is view(page)


class TestDoing:
    def test_a_double_click_or_enter_asks_for_a_run(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        click(page, 1)
        with qtbot.waitSignal(page.run_asked) as asked:
            QTest.mouseDClick(view(page).viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, 1))
        assert asked.args == ["a"]
        click(page, 0)
        with qtbot.waitSignal(page.run_asked) as asked:
            QTest.keyClick(view(page), Qt.Key.Key_Return)
        assert asked.args == ["b"]

    def test_two_chosen_runs_can_be_compared_the_older_one_first(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs([run_row("3"), run_row("2"), run_row("1")])
        click(page, 0)
        assert not pressed(page, "compareTwo").isEnabled()
        assert "while Ctrl is held" in pressed(page, "compareTwo").toolTip()
        click(page, 2, Qt.KeyboardModifier.ControlModifier)
        assert said(page, "chosenRuns") == "A: Name 1 · B: Name 3"
        with qtbot.waitSignal(page.runs_asked) as asked:
            press(page, "compareTwo")
        assert asked.args == ["1", "3"]
        click(page, 1, Qt.KeyboardModifier.ControlModifier)
        assert not pressed(page, "compareTwo").isEnabled()

    def test_two_runs_are_chosen_by_keyboard(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        view(page).setCurrentIndex(view(page).model().index(0, 1))
        QTest.keyClick(view(page), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        with qtbot.waitSignal(page.runs_asked) as asked:
            QTest.keyClick(pressed(page, "compareTwo"), Qt.Key.Key_Space)
        assert asked.args == ["a", "b"]

    def test_a_stopped_run_can_be_continued_a_finished_one_trained_further(
        self, page: ComparePage, qtbot: QtBot
    ) -> None:
        page.show_runs([run_row("b", state="stopped", resumable=True), run_row("a")])
        click(page, 0)
        assert not pressed(page, "run.more").isEnabled()
        with qtbot.waitSignal(page.resume_asked) as asked:
            press(page, "run.resume")
        assert asked.args == ["b"]
        click(page, 1)
        assert not pressed(page, "run.resume").isEnabled()
        assert "It came to its end." in pressed(page, "run.resume").toolTip()
        press(page, "run.more")
        more = dialog(page, "moreEpochs")
        part(QSpinBox, more, "moreEpochsCount").setValue(7)
        with qtbot.waitSignal(page.more_asked) as asked:
            QTest.mouseClick(part(QPushButton, more, "startMore"), Qt.MouseButton.LeftButton)
        assert asked.args == ["a", 7]

    def test_settings_export_and_folder_are_asked_for(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        click(page, 0)
        with qtbot.waitSignal(page.settings_asked) as asked:
            press(page, "run.settings")
        assert asked.args == ["b"]
        press(page, "runMenu")
        with qtbot.waitSignal(page.export_asked) as asked:
            take(open_menu(), "Export …")
        assert asked.args == ["b"]
        press(page, "runMenu")
        with qtbot.waitSignal(page.folder_asked) as asked:
            take(open_menu(), "Open the folder")
        assert asked.args == ["/runs/b"]

    def test_f2_writes_the_name_in_its_place(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        click(page, 1)
        QTest.keyClick(view(page), Qt.Key.Key_F2)
        field = part(QLineEdit, view(page), "edit.name")
        assert field.text() == "Name a"
        field.setText("Better")
        with qtbot.waitSignal(page.described) as asked:
            QTest.keyClick(field, Qt.Key.Key_Return)
        assert asked.args == ["a", About(name="Name a"), About(name="Better")]
        assert names(page) == ["Name b", "Better"]

    def test_tags_are_completed(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs([run_row("b", about=About(tags=("laboratory",))), run_row("a", about=About(tags=("old",)))])
        view(page).setCurrentIndex(view(page).model().index(1, keys(page).index("tags")))
        QTest.keyClick(view(page), Qt.Key.Key_F2)
        field = part(QLineEdit, view(page), "edit.tags")
        completer = field.completer()
        field.setText("old, Lab")
        completer.setCompletionPrefix("old, Lab")
        field.setText(completer.pathFromIndex(completer.completionModel().index(0, 0)))
        with qtbot.waitSignal(page.described) as asked:
            QTest.keyClick(field, Qt.Key.Key_Return)
        assert asked.args == ["a", About(tags=("old",)), About(tags=("old", "laboratory"))]

    def test_a_note_is_written_in_a_small_window_as_plain_text(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs([run_row("a", about=About(name="A", note="<b>old</b>", tags=("x",)))])
        click(page, 0)
        page.table.act("note")
        window = dialog(page, "runNote")
        note = part(QPlainTextEdit, window, "runNoteText")
        assert note.toPlainText() == "<b>old</b>"
        note.setPlainText("two\nlines")
        with qtbot.waitSignal(page.described) as asked:
            QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        before = About(name="A", note="<b>old</b>", tags=("x",))
        assert asked.args == ["a", before, About(name="A", note="two\nlines", tags=("x",))]

    def test_several_runs_get_a_tag_at_once(self, page: ComparePage) -> None:
        page.show_runs([run_row("b", about=About(tags=("x",))), run_row("a", about=About())])
        heard: dict[str, tuple[About, About]] = {}
        page.described.connect(lambda run, *abouts: heard.update({run: abouts}))
        view(page).selectAll()
        page.table.act("tags")
        window = dialog(page, "runNote")
        part(QLineEdit, window, "runTags").setText("lab")
        QTest.mouseClick(part(QPushButton, window, "saveNote"), Qt.MouseButton.LeftButton)
        x = About(tags=("x",))
        assert heard == {"a": (About(), About(tags=("lab",))), "b": (x, About(tags=("x", "lab")))}

    def test_a_star_is_set_by_a_click_and_by_a_key(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        with qtbot.waitSignal(page.described) as asked:
            QTest.mouseClick(view(page).viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, 0, "star"))
        plain, starred = About(name="Name b"), About(name="Name b", star=True)
        assert asked.args == ["b", plain, starred]
        assert view(page).model().index(0, 0).data() == "★"
        with qtbot.waitSignal(page.described) as asked:
            QTest.keyClick(view(page), Qt.Key.Key_S)
        assert asked.args == ["b", starred, plain]

    def test_a_double_click_on_a_star_opens_the_run_and_leaves_the_star(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        at = place_of(page, 1, "star")
        with qtbot.waitSignal(page.run_asked) as asked:
            QTest.mouseClick(view(page).viewport(), Qt.MouseButton.LeftButton, pos=at)
            QTest.mouseDClick(view(page).viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert asked.args == ["a"]
        assert view(page).model().index(1, 0).data() == "☆"

    def test_the_id_is_copied(self, page: ComparePage) -> None:
        page.show_runs(TWO)
        view(page).selectAll()
        QTest.keyClick(view(page), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == "a\nb"

    def test_a_run_that_goes_on_is_not_thrown_away(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs([run_row("a", state="running")])
        click(page, 0)
        with qtbot.assertNotEmitted(page.trash_asked):
            QTest.keyClick(view(page), Qt.Key.Key_Delete)
        view(page).customContextMenuRequested.emit(place_of(page, 0))
        trash = next(action for action in open_menu().actions() if action.objectName() == "action.trash")
        assert not trash.isEnabled()
        assert "stop it first" in trash.toolTip()


class TestTrash:
    def test_del_moves_there_and_undo_brings_back(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        click(page, 0)
        with qtbot.waitSignal(page.trash_asked) as asked:
            QTest.keyClick(view(page), Qt.Key.Key_Delete)
        assert asked.args == [("b",)]
        page.remember_trashed(("b",))
        page.show_runs(TWO[1:])
        with qtbot.waitSignal(page.restore_asked) as asked:
            QTest.keyClick(view(page), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert asked.args == [("b",)]

    def test_what_was_put_back_otherwise_is_not_put_back_again(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO[1:])
        page.remember_trashed(("b",))
        page.show_runs(TWO)
        with qtbot.assertNotEmitted(page.restore_asked):
            page.undo_trash()

    def test_the_trash_is_shown_and_emptied_run_by_run(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        press(page, "runsMenu")
        with qtbot.waitSignal(page.trash_shown):
            take(open_menu(), "Show the trash")
        page.show_trash([run_row("z")])
        assert said(page, "runCount") == "Trash: 1 run"
        assert names(page) == ["Name z"]
        click(page, 0)
        assert not pressed(page, "run.results").isVisible()
        with qtbot.assertNotEmitted(page.run_asked):
            QTest.keyClick(view(page), Qt.Key.Key_Return)
        with qtbot.waitSignal(page.restore_asked) as asked:
            press(page, "run.restore")
        assert asked.args == [("z",)]
        with qtbot.waitSignal(page.trash_shown):  # something changed meanwhile: ask again
            page.show_runs(TWO)
        press(page, "backFromTrash")
        assert names(page) == ["Name b", "Name a"]
        assert not pressed(page, "deleteTrashed").isVisible()

    def test_it_is_emptied_only_once_that_was_said_twice(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_trash([run_row("z"), run_row("y")])
        page.remember_trashed(("z",))
        write(page, "Name z")
        with qtbot.assertNotEmitted(page.empty_asked):
            press(page, "deleteTrashed")
            asking = part(QMessageBox, page, "emptyTrashDialog")
            assert asking.text() == "Delete 2 runs for good?"
            QTest.keyClick(asking, Qt.Key.Key_Return)  # the answer that does no harm
        assert not asking.isVisible()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        press(page, "deleteTrashed")
        with qtbot.waitSignal(page.empty_asked) as asked:
            press(page, "deleteForGood")
        assert asked.args == [("z", "y")]
        with qtbot.assertNotEmitted(page.restore_asked):  # nothing can be put back any more
            page.undo_trash()

    def test_an_empty_trash_cannot_be_emptied(self, page: ComparePage) -> None:
        page.show_trash([])
        assert not pressed(page, "deleteTrashed").isVisible()


class TestArrangement:
    def test_columns_are_chosen_and_remembered(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        press(page, "columnsButton")
        window = dialog(page, "columnsDialog")
        choices = part(QListWidget, window, "columnsList")
        search = part(QLineEdit, window, "columnsSearch")
        QTest.keyClicks(search, "weight decay")
        seen = [row for row in range(choices.count()) if not choices.isRowHidden(row) and choices.item(row).data(256)]
        assert seen
        with qtbot.waitSignal(page.arranged) as asked:
            choices.item(seen[0]).setCheckState(Qt.CheckState.Checked)
        assert "optimizer.weight_decay" in keys(page)
        again = ComparePage()
        qtbot.addWidget(again)
        again.arrange(asked.args[0])
        again.show_runs(TWO)
        assert keys(again) == keys(page)
        QTest.mouseClick(part(QPushButton, window, "columnsAutomatic"), Qt.MouseButton.LeftButton)
        assert "optimizer.weight_decay" not in keys(page)
        window.close()

    def test_widths_and_order_are_remembered(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        with qtbot.waitSignal(page.arranged) as asked:
            view(page).horizontalHeader().resizeSection(keys(page).index("best"), 123)
        assert layout_of(asked.args[0]).widths == {"best": 123}
        with qtbot.waitSignal(page.arranged) as asked:
            view(page).sortByColumn(keys(page).index("best"), Qt.SortOrder.DescendingOrder)
        assert (layout_of(asked.args[0]).sort, layout_of(asked.args[0]).falling) == ("best", True)

    def test_a_moved_column_stays_where_it_was_put(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs(TWO)
        before = keys(page)
        with qtbot.waitSignal(page.arranged):
            view(page).horizontalHeader().moveSection(before.index("best"), 2)
        assert keys(page)[2] == "best"
        assert sorted(keys(page)) == sorted(before)
        head = view(page).horizontalHeader()
        assert [head.visualIndex(place) for place in range(head.count())] == list(range(head.count()))

    def test_runs_are_grouped_and_folded_by_keyboard(self, page: ComparePage) -> None:
        page.show_runs([run_row("1"), run_row("2", ("optimizer.kind", "sgd")), run_row("3", accuracy=0.9)])
        press(page, "groupButton")
        take(open_menu(), "Optimizer")
        model = view(page).model()
        assert model.rowCount() == 5
        assert model.index(0, 0).data() == "▾ Optimizer: Adam · 2 runs · best 90.0 %"
        view(page).setCurrentIndex(model.index(0, 0))
        assert page.chosen == ()
        QTest.keyClick(view(page), Qt.Key.Key_Left)
        assert [str(model.index(place, 0).data(Roles.RUN)) for place in range(model.rowCount())] == ["", "", "2"]
        QTest.mouseClick(
            view(page).viewport(), Qt.MouseButton.LeftButton, pos=view(page).visualRect(model.index(0, 1)).center()
        )
        assert model.rowCount() == 5

    @pytest.mark.parametrize("text", ["", "nonsense", "[1]", '{"columns": 3, "widths": [], "split": [1]}', "[" * 5000])
    def test_a_layout_that_cannot_be_read_is_as_it_comes(self, page: ComparePage, text: str) -> None:
        assert layout_of(text) == TableLayout()
        page.arrange(text)
        page.show_runs(TWO)
        assert names(page) == ["Name b", "Name a"]


class Shown(QWidget):
    """Stands for the list of runs, whose curves nobody draws here."""

    def load_curves(self, run_ids: object, then: object) -> None:
        """Read nothing."""


class TestPanels:
    def test_the_newest_are_shown_until_some_are_chosen(self, page: ComparePage, qtbot: QtBot) -> None:
        page.show_runs([run_row(f"{number:02}", ("seed", number)) for number in range(12, 0, -1)])
        page.show_panel("differences")
        panel = page.findChild(QWidget, "differencesView")
        assert [row.id for row in page.table.meant] == [f"{number:02}" for number in range(12, 4, -1)]
        assert panel is not None
        click(page, 3)
        assert [row.id for row in page.table.meant] == ["09"]

    def test_each_is_built_when_it_is_first_looked_at(self, page: ComparePage, qtbot: QtBot) -> None:
        built: list[str] = []
        page.panel_built.connect(lambda key, panel: built.append(key))
        page.show_runs(TWO)
        page.attach(run_list=Shown(page))
        assert built == ["curves"]
        page.show_panel("scatter")
        page.show_panel("curves")
        assert built == ["curves", "scatter"]

    def test_what_is_chosen_there_is_chosen_in_the_table(self, page: ComparePage) -> None:
        page.show_runs([*TWO, run_row("c")])
        page.panels.chosen.emit(("a", "b", "gone"))
        assert page.chosen == ("a", "b")

    def test_the_keyboard_comes_through_the_whole_page(self, page: ComparePage) -> None:
        page.show_runs(TWO)
        page.show_panel("differences")
        part(QLineEdit, page, "runFilter").setFocus()
        QApplication.processEvents()
        seen = []
        for _ in range(25):
            focus = QApplication.focusWidget()
            assert focus is not None
            seen.append(focus.objectName())
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        assert {"runFilter", "columnsButton", "groupButton", "runsView", "differencesTable"} <= set(seen)
        assert seen.count("runFilter") > 1


def test_two_runs_stand_in_the_place_of_the_table(page: ComparePage) -> None:
    page.show_runs(TWO)
    page.show_two(answered("a", 0), answered("b", 1), load_images("fashion-mnist", test_size=50))
    assert not view(page).isVisible()
    page.show_runs([run_row("c"), *TWO])  # another run ended meanwhile
    assert not view(page).isVisible()
    press(page, "backToRuns")
    assert view(page).isVisible()


def test_where_two_runs_cannot_be_compared_the_table_stays(page: ComparePage) -> None:
    page.show_runs(TWO)
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
