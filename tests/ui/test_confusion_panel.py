import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.session.selection import IsRight, PredictedIs, Selection, TrueIs
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.confusion_delegate import cell_colour, contrast, text_colour
from fmstudio.ui.confusion_panel import ConfusionPanel

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
SHORT = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
IMAGES = [np.full((28, 28), 25 * label, np.uint8) for label in range(10)]
LEFT = Qt.MouseButton.LeftButton
SHIRT, TSHIRT, BAG = 6, 0, 8


def answers(matrix: NDArray[np.int64]) -> Predictions:
    """Predictions that add up to a matrix."""
    labels, predicted = (np.repeat(which.ravel(), matrix.ravel()) for which in np.indices(matrix.shape))
    count = len(labels)
    return Predictions(
        np.arange(count), labels, predicted, np.zeros(count, np.float32), np.zeros((count, len(matrix)), np.float16)
    )


MATRIX = np.diag([90, 98, 80, 90, 85, 96, 60, 95, 97, 0])
MATRIX[SHIRT, TSHIRT], MATRIX[SHIRT, 2], MATRIX[TSHIRT, SHIRT], MATRIX[4, 2] = 17, 23, 10, 15
PREDICTIONS = answers(MATRIX)
"""Of 100 shirts 60 are recognised and 17 are taken for T-shirts; there is no ankle boot."""


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> ConfusionPanel:
    theme.apply(qapp, "light")
    made = ConfusionPanel()
    qtbot.addWidget(made)
    made.resize(430, 430)
    made.show_predictions(PREDICTIONS, CLASSES, SHORT, IMAGES)
    made.show()
    qtbot.waitExposed(made)
    return made


def view_of(panel: ConfusionPanel, name: str = "confusionView") -> QTableView:
    view = panel.findChild(QTableView, name)
    assert view is not None
    return view


def texts(panel: ConfusionPanel, row: int) -> list[object]:
    model = view_of(panel).model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def press(panel: ConfusionPanel, text: str) -> None:
    next(button for button in panel.findChildren(QPushButton) if button.text() == text).click()


def said(panel: ConfusionPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def click_cell(qtbot: QtBot, view: QTableView, row: int, column: int) -> None:
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(row, column)).center())


def click_header(qtbot: QtBot, header: QHeaderView, section: int, across: int = -3) -> None:
    along = header.sectionViewportPosition(section) + header.sectionSize(section) // 2
    size = header.viewport().size()
    sideways = header.orientation() == Qt.Orientation.Horizontal
    at = QPoint(along, across % size.height()) if sideways else QPoint(across % size.width(), along)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)


def picture_of(view: QTableView) -> QImage:
    return view.viewport().grab().toImage()


def colours_in(view: QTableView, row: int, column: int) -> set[str]:
    """The colours inside a square, its edges left out."""
    rect = view.visualRect(view.model().index(row, column)).adjusted(5, 5, -5, -5)
    image = picture_of(view)
    return {
        image.pixelColor(x, y).name()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    }


def test_a_click_on_every_square_asks_for_as_many_pictures_as_it_counts(panel: ConfusionPanel, qtbot: QtBot) -> None:
    heard: list[Selection] = []
    panel.selection_changed.connect(heard.append)
    for row, column in np.ndindex(10, 10):
        click_cell(qtbot, view_of(panel), row, column)
        assert heard.pop() == Selection(conditions=(TrueIs(row), PredictedIs(column)))
        assert not heard
        chosen = Selection(conditions=(TrueIs(row), PredictedIs(column))).rows(PREDICTIONS)
        assert texts(panel, row)[column] == str(len(chosen))


def test_a_click_keeps_the_order_and_drops_what_would_hide_pictures(panel: ConfusionPanel, qtbot: QtBot) -> None:
    panel.show_selection(Selection(conditions=(IsRight(True), TrueIs(3)), order="loss", watched=True))
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_cell(qtbot, view_of(panel), SHIRT, TSHIRT)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT)), order="loss")]


def test_a_click_on_a_header_asks_for_the_row_or_the_column(panel: ConfusionPanel, qtbot: QtBot) -> None:
    view = view_of(panel)
    panel.show_selection(Selection(conditions=(TrueIs(1), PredictedIs(2))))
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_header(qtbot, view.verticalHeader(), SHIRT)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT),))]
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_header(qtbot, view.horizontalHeader(), BAG)
    assert heard.args == [Selection(conditions=(PredictedIs(BAG),))]


def test_a_click_on_the_title_asks_for_nothing(panel: ConfusionPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.selection_changed):
        click_header(qtbot, view_of(panel).horizontalHeader(), BAG, across=5)


@pytest.mark.parametrize(
    ("modifier", "conditions"),
    [
        (Qt.KeyboardModifier.NoModifier, (TrueIs(1), PredictedIs(2))),
        (Qt.KeyboardModifier.ShiftModifier, (TrueIs(1),)),
        (Qt.KeyboardModifier.ControlModifier, (PredictedIs(2),)),
    ],
)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_keyboard_walks_and_chooses(
    panel: ConfusionPanel,
    qtbot: QtBot,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    conditions: tuple[TrueIs | PredictedIs, ...],
) -> None:
    view = view_of(panel)
    view.setCurrentIndex(view.model().index(0, 0))
    for step in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(view, step)
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.keyClick(view, key, modifier)
    assert heard.args == [Selection(conditions=conditions)]


def test_escape_asks_for_all_once(panel: ConfusionPanel, qtbot: QtBot) -> None:
    panel.show_selection(Selection(conditions=(TrueIs(1), PredictedIs(2), IsRight(False)), order="loss"))
    heard: list[Selection] = []
    panel.selection_changed.connect(heard.append)
    qtbot.keyClick(view_of(panel), Qt.Key.Key_Escape)
    qtbot.keyClick(view_of(panel), Qt.Key.Key_Escape)
    assert heard == [Selection(order="loss")]


def test_the_switch_shows_counts_or_per_cent(panel: ConfusionPanel) -> None:
    shirts = ["17", "0", "23", "0", "0", "0", "60", "0", "0", "0"]
    assert texts(panel, SHIRT) == shirts
    press(panel, "% of true")
    assert texts(panel, SHIRT) == shirts
    assert texts(panel, 4)[2] == "15"
    press(panel, "% of predicted")
    assert [texts(panel, SHIRT)[column] for column in (TSHIRT, 2, SHIRT)] == ["16", "19", "86"]
    press(panel, "count")
    assert texts(panel, SHIRT) == shirts


def test_the_mode_stays_when_new_predictions_come(panel: ConfusionPanel) -> None:
    press(panel, "% of true")
    panel.show_predictions(answers(2 * MATRIX), CLASSES, SHORT, IMAGES)
    assert texts(panel, SHIRT)[TSHIRT] == "17"
    assert panel.mode == "true"


def test_a_class_without_pictures_shows_dashes(panel: ConfusionPanel) -> None:
    press(panel, "% of true")
    assert texts(panel, 9) == 10 * ["–"]
    figures = view_of(panel, "classTableView").model()
    assert [figures.index(9, column).data() for column in range(1, 5)] == ["–", "–", "–", "0"]


def test_zeros_are_empty_and_mistakes_are_seen(panel: ConfusionPanel) -> None:
    view = view_of(panel)
    assert colours_in(view, 0, 1) == {theme.current().empty_cell}
    assert len(colours_in(view, SHIRT, TSHIRT)) > 5
    red, green = cell_colour(0.17, right=False).name(), cell_colour(1.0, right=True).name()
    assert red in colours_in(view, SHIRT, TSHIRT)
    assert green in colours_in(view, 5, 5)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_numbers_can_be_read_on_every_square(qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    for right in (True, False):
        for share in np.linspace(0.001, 1, 300):
            colour = cell_colour(share, right=right)
            assert contrast(text_colour(colour), colour) >= 4.5
    empty = theme.colour("empty_cell")
    assert contrast(cell_colour(0.01, right=False), empty) > 1.08
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    theme.apply(qapp, "light")


def test_the_chosen_square_row_or_column_has_a_ring(panel: ConfusionPanel) -> None:
    view, ink = view_of(panel), theme.current().text

    def edge(row: int, column: int) -> str:
        rect = view.visualRect(view.model().index(row, column))
        return picture_of(view).pixelColor(rect.center().x(), rect.top()).name()

    assert edge(SHIRT, TSHIRT) != ink
    panel.show_selection(Selection(conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT))))
    assert [edge(SHIRT, column) == ink for column in range(3)] == [True, False, False]
    panel.show_selection(Selection(conditions=(TrueIs(SHIRT),)))
    assert [edge(row, 1) == ink for row in (5, SHIRT, 8)] == [False, True, False]
    panel.show_selection(Selection(conditions=(PredictedIs(BAG),)))
    assert edge(0, BAG) == ink
    assert edge(0, 1) != ink
    panel.show_selection(Selection())
    assert edge(0, BAG) != ink


def test_a_click_rings_the_square_itself(panel: ConfusionPanel, qtbot: QtBot) -> None:
    view = view_of(panel)
    click_cell(qtbot, view, SHIRT, TSHIRT)
    rect = view.visualRect(view.model().index(SHIRT, TSHIRT))
    assert picture_of(view).pixelColor(rect.center().x(), rect.top()).name() == theme.current().text


@pytest.mark.parametrize("size", [(402, 262), (410, 290), (430, 300), (417, 437), (560, 460), (900, 300)])
def test_ten_classes_fit_without_scrolling(panel: ConfusionPanel, size: tuple[int, int]) -> None:
    panel.resize(*size)
    view = view_of(panel)
    assert panel.size().toTuple() == size
    assert not view.horizontalScrollBar().isVisible()
    assert not view.verticalScrollBar().isVisible()
    last = view.visualRect(view.model().index(9, 9))
    assert view.viewport().rect().contains(last)
    assert last.width() >= last.height() >= 15


def test_names_go_where_the_squares_would_be_too_narrow(panel: ConfusionPanel) -> None:
    header = view_of(panel).verticalHeader()
    named = header.width()
    panel.resize(345, 300)
    assert header.width() < named - 30
    panel.resize(430, 430)
    assert header.width() == named


def test_many_classes_keep_a_least_size_and_scroll(panel: ConfusionPanel) -> None:
    names = [f"Letter {number}" for number in range(47)]
    panel.show_predictions(answers(np.eye(47, dtype=np.int64)), names, names, [])
    view = view_of(panel)
    assert view.horizontalScrollBar().maximum() > 0
    assert view.verticalScrollBar().maximum() > 0
    assert view.visualRect(view.model().index(0, 0)).width() >= 20


def test_before_a_run_there_are_headers_only(panel: ConfusionPanel, qtbot: QtBot) -> None:
    panel.show_predictions(None, CLASSES, SHORT, IMAGES)
    assert texts(panel, SHIRT) == 10 * [None]
    assert "Filled once the network answers" in said(panel)
    with qtbot.assertNotEmitted(panel.selection_changed):
        click_cell(qtbot, view_of(panel), SHIRT, TSHIRT)
        click_header(qtbot, view_of(panel).verticalHeader(), SHIRT)


def test_new_predictions_move_nothing(panel: ConfusionPanel) -> None:
    view = view_of(panel)
    before = view.visualRect(view.model().index(9, 9))
    panel.show_predictions(None, CLASSES, SHORT, IMAGES)
    assert view.visualRect(view.model().index(9, 9)) == before
    panel.show_predictions(answers(60 * MATRIX), CLASSES, SHORT, [image.copy() for image in IMAGES])
    assert view.visualRect(view.model().index(9, 9)) == before


def test_training_pictures_are_asked_for_and_marked(panel: ConfusionPanel, qtbot: QtBot) -> None:
    mark = "The network has seen these"
    assert mark not in said(panel)
    with qtbot.waitSignal(panel.split_chosen) as heard:
        press(panel, "Training")
    assert heard.args == ["train"]
    assert mark in said(panel)
    assert "Asking the network …" in said(panel)
    assert texts(panel, SHIRT) == 10 * [None]
    panel.show_predictions(answers(60 * MATRIX), CLASSES, SHORT, IMAGES)
    with qtbot.waitSignal(panel.selection_changed) as chosen:
        click_cell(qtbot, view_of(panel), SHIRT, TSHIRT)
    assert chosen.args == [Selection(split="train", conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT)))]


def test_a_selection_of_other_pictures_turns_the_switch_silently(panel: ConfusionPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.split_chosen):
        panel.show_selection(Selection(split="train"))
    assert panel.split == "train"
    assert "The network has seen these" in said(panel)


def test_a_note_stands_below(panel: ConfusionPanel) -> None:
    panel.show_predictions(PREDICTIONS, CLASSES, SHORT, IMAGES, note="Of 1,000 test pictures so far")
    assert "Of 1,000 test pictures so far" in said(panel)
    panel.show_predictions(PREDICTIONS, CLASSES, SHORT, IMAGES)
    assert "Click a square to see those pictures" in said(panel)


def test_a_row_of_the_table_asks_for_its_class_also_when_sorted(panel: ConfusionPanel, qtbot: QtBot) -> None:
    press(panel, "Per class")
    table = view_of(panel, "classTableView")
    assert table.isVisible()
    assert "Click a row to see those pictures" in said(panel)
    click_header(qtbot, table.horizontalHeader(), 2)
    assert [table.model().index(row, 0).data() for row in range(2)] == ["Shirt", "Coat"]
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_cell(qtbot, table, 0, 3)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT),))]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert heard.args == [Selection(conditions=(TrueIs(4),))]
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert heard.args == [Selection()]
