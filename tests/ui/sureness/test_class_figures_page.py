"""The table of the classes' figures and the figures of all."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sklearn import metrics as theirs

from fmstudio.session.class_table import Columns
from fmstudio.session.selection import AnyOf, IsRight, PredictedIs, Selection, TrueIs
from fmstudio.ui import theme
from fmstudio.ui.sureness.class_figures_page import ClassFiguresPage
from fmstudio.ui.sureness.class_table_view import ClassTableView

SHIRT, TSHIRT = 6, 0
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
NOTHING = Qt.KeyboardModifier.NoModifier
Show = Callable[[int], Any]


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot) -> ClassFiguresPage:
    theme.apply(qapp, "light")
    made = ClassFiguresPage()
    qtbot.addWidget(made)
    made.resize(402, 400)
    made.show()
    return made


def table(page: ClassFiguresPage) -> ClassTableView:
    found = page.findChild(ClassTableView)
    assert isinstance(found, ClassTableView)
    return found


def middle(page: ClassFiguresPage, row: int, column: int) -> QPoint:
    view = table(page)
    return view.visualRect(view.model().index(row, column)).center()


def click(qtbot: QtBot, page: ClassFiguresPage, row: int, column: int, held: Any = NOTHING) -> None:
    qtbot.mouseClick(table(page).viewport(), LEFT, held, middle(page, row, column))


def said(page: ClassFiguresPage) -> list[str]:
    return [shown.text() for shown in page.findChildren(QLabel)]


def heard(page: ClassFiguresPage) -> list[Selection]:
    """What it asked for; grows."""
    asked: list[Selection] = []
    page.selection_changed.connect(asked.append)
    return asked


def test_before_the_first_answers_it_sleeps(page: ClassFiguresPage, show: Show, qtbot: QtBot) -> None:
    asked = heard(page)
    page.show_sight(show(0).sight())
    assert "Filled once the network answers" in said(page)
    assert table(page).model().index(0, Columns.NAME).data() == "T-shirt/top"
    click(qtbot, page, 0, Columns.RECALL)
    assert not asked


def test_the_figures_of_all_say_over_how_many_pictures(page: ClassFiguresPage, show: Show) -> None:
    shown = show(10_000)
    page.show_sight(shown.sight())
    answers = shown.answers
    macro = theirs.f1_score(answers.labels, answers.predicted, average="macro")
    texts = said(page)
    assert f"{100 * answers.accuracy:.1f} %" in texts
    assert f"{100 * macro:.1f} %" in texts
    assert {"Accuracy", "Macro F1", "Weighted F1", "Top 2", "Top 3", "of 10,000 pictures"} <= set(texts)


def test_few_pictures_have_an_interval_and_too_few_are_not_judged(page: ClassFiguresPage, show: Show) -> None:
    page.show_sight(show(170).sight())
    assert any(text.startswith("of 170 pictures · 95 % interval of the accuracy: ") for text in said(page))
    spans = [table(page).columnSpan(row, Columns.PRECISION) for row in range(10)]
    few = [int(str(table(page).model().index(row, Columns.NUMBER).data())) < 20 for row in range(10)]
    assert spans == [3 if one else 1 for one in few]
    assert True in few
    assert False in few
    page.show_sight(show(10_000).sight())
    assert {table(page).columnSpan(row, Columns.PRECISION) for row in range(10)} == {1}


def test_a_row_looks_at_its_class_and_a_precision_at_what_was_taken_for_it(
    page: ClassFiguresPage, show: Show, qtbot: QtBot
) -> None:
    asked = heard(page)
    page.show_sight(show(10_000).sight(Selection(order="loss", watched=True)))
    click(qtbot, page, SHIRT, Columns.RECALL)
    assert asked.pop() == Selection(order="loss", conditions=(TrueIs(SHIRT),))
    click(qtbot, page, SHIRT, Columns.PRECISION)
    assert asked.pop() == Selection(order="loss", conditions=(PredictedIs(SHIRT),))


def test_ctrl_adds_and_a_double_click_counts_alone_once(page: ClassFiguresPage, show: Show, qtbot: QtBot) -> None:
    shown = show(2000)
    asked = heard(page)
    page.selection_changed.connect(lambda selection: page.show_sight(shown.sight(selection)))
    page.show_sight(shown.sight())
    click(qtbot, page, SHIRT, Columns.NAME)
    click(qtbot, page, TSHIRT, Columns.NAME, CONTROL)
    assert asked[-1].conditions == (AnyOf((TrueIs(SHIRT), TrueIs(TSHIRT))),)
    del asked[:]
    qtbot.mouseClick(table(page).viewport(), LEFT, pos=middle(page, 3, Columns.F1))
    qtbot.mouseDClick(table(page).viewport(), LEFT, pos=middle(page, 3, Columns.F1))
    assert asked[-1] == Selection(only=(TrueIs(3),))
    click(qtbot, page, 4, Columns.NAME)
    assert asked[-1] == Selection(conditions=(TrueIs(4),), only=(TrueIs(3),))


def test_all_of_it_works_with_keys(page: ClassFiguresPage, show: Show, qtbot: QtBot) -> None:
    shown = show(2000)
    asked = heard(page)
    page.selection_changed.connect(lambda selection: page.show_sight(shown.sight(selection)))
    page.show_sight(shown.sight())
    view = table(page)
    view.setCurrentIndex(view.model().index(0, Columns.NAME))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked[-1].conditions == (TrueIs(1),)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Space, CONTROL)
    assert asked[-1].conditions == (AnyOf((TrueIs(1), PredictedIs(1))),)
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert asked[-1] == Selection(only=(PredictedIs(1),))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert asked[-1] == Selection()
    count = len(asked)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert len(asked) == count


def test_looking_recounts_nothing_and_counting_alone_recounts(page: ClassFiguresPage, show: Show) -> None:
    shown = show(2000)
    page.show_sight(shown.sight())
    before = said(page)
    page.show_sight(shown.sight(Selection(conditions=(TrueIs(SHIRT),))))
    assert said(page) == before
    page.show_sight(shown.sight(Selection(only=(TrueIs(SHIRT),))))
    count = int((shown.answers.labels == SHIRT).sum())
    assert any(text.startswith(f"of {count} pictures · ") for text in said(page))
    assert any("averages over" in text for text in said(page))


def test_classes_that_are_not_looked_at_are_faint(page: ClassFiguresPage, show: Show, qapp: QApplication) -> None:
    shown = show(2000)
    faint = theme.colour("faint").name()

    def inks(row: int) -> set[str]:
        view = table(page)
        rect = view.visualRect(view.model().index(row, Columns.NAME))
        image = view.viewport().grab(rect).toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    page.show_sight(shown.sight())
    assert faint not in inks(3)
    page.show_sight(shown.sight(Selection(conditions=(TrueIs(SHIRT),))))
    assert theme.colour("accent_soft").name() in inks(SHIRT)
    assert theme.colour("text").name() not in inks(3)
    page.show_sight(shown.sight(Selection(conditions=(IsRight(True),))))
    assert theme.colour("accent_soft").name() not in inks(SHIRT)
    assert theme.colour("text").name() in inks(3)


def test_hidden_it_counts_nothing_and_catches_up_when_it_is_seen(page: ClassFiguresPage, show: Show) -> None:
    page.hide()
    page.show_sight(show(300).sight())
    assert not any(text.startswith("of 300") for text in said(page))
    page.show()
    assert any(text.startswith("of 300") for text in said(page))
