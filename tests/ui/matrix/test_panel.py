from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView, QLabel, QMenu, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.export.figures import read_facts
from fmstudio.runs.run import Run
from fmstudio.session.conditions import AllOf, AnyOf, ConfidenceIn, mask_of
from fmstudio.session.confusion_cell import Roles
from fmstudio.session.selection import IsRight, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.ui import theme
from fmstudio.ui.matrix import panel as confusion_panel
from fmstudio.ui.matrix.delegate import cell_colour, contrast, faded, text_colour
from fmstudio.ui.matrix.panel import ConfusionPanel
from fmstudio.ui.matrix.view import ConfusionView

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
SHORT = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
LEFT = Qt.MouseButton.LeftButton
CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
SHIRT, TSHIRT, BAG = 6, 0, 8


def data_of(names: tuple[str, ...], short: tuple[str, ...] = (), shade: int = 25) -> ImageData:
    """A grey picture of each class."""
    labels = np.arange(len(names))
    images = np.stack([np.full((28, 28), shade * label % 256, np.uint8) for label in labels])
    pictures = PictureSet(images, labels, labels)
    return ImageData("some", "Some", names, short or names, pictures, pictures)


DATA = data_of(CLASSES, SHORT)
RUN = Run(spec={"name": "First look"}, saved_step=1)


def answers(matrix: NDArray[np.int64]) -> Predictions:
    """Predictions that add up to a matrix; each is sure of its answer, but of a tenth."""
    labels, predicted = (np.repeat(which.ravel(), matrix.ravel()) for which in np.indices(matrix.shape))
    count = len(labels)
    probabilities = np.full((count, len(matrix)), 0.1 / max(1, len(matrix) - 1), np.float16)
    probabilities[np.arange(count), predicted] = 0.9
    return Predictions(np.arange(count), labels, predicted, np.zeros(count, np.float32), probabilities)


def sight(
    predictions: Predictions | None,
    selection: Selection = Selection(),  # noqa: B008 - a frozen value
    *,
    data: ImageData | None = DATA,
    run: Run = RUN,
) -> Sight:
    """What is looked at, as the inspection makes it."""
    counted = predictions
    if predictions is not None and selection.only:
        counted = predictions.part(mask_of(selection.only, predictions))
    strong = mask_of(selection.conditions, counted) if counted is not None and selection.conditions else None
    return Sight(run, None, 1, data, selection, data and data.test, predictions, counted, counted, strong)


def run_of(*epochs: Predictions) -> Run:
    """A run with answers after each epoch."""
    run = Run(spec={"name": "First look"}, saved_step=1)
    run.epochs = [
        EpochEnded(epoch=number, step=number, train_loss=1.0, train_accuracy=0.5, test_loss=1.0,
                   test_accuracy=one.accuracy, seconds=1.0, evaluation_seconds=1.0, predictions=one)
        for number, one in enumerate(epochs)
    ]  # fmt: skip
    return run


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
    made.show_sight(sight(PREDICTIONS))
    made.show()
    qtbot.waitExposed(made)
    return made


def view_of(panel: ConfusionPanel) -> ConfusionView:
    view = panel.findChild(ConfusionView, "confusionView")
    assert view is not None
    return view


def look(panel: ConfusionPanel, selection: Selection) -> None:
    panel.show_sight(sight(PREDICTIONS, selection))


def texts(panel: ConfusionPanel, row: int) -> list[object]:
    model = view_of(panel).model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def press(panel: ConfusionPanel, text: str) -> None:
    next(button for button in panel.findChildren(QPushButton) if button.text() == text).click()


def offered(menu: QMenu) -> dict[str, QAction]:
    """What a menu and the menus in it offer, by what stands there."""
    found = {}
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found |= offered(inner)
        found[action.text()] = action
    return found


def choose_mode(panel: ConfusionPanel, text: str) -> None:
    offered(panel.modes())[text].trigger()


def choose(panel: ConfusionPanel, text: str) -> None:
    offered(panel.menu())[text].trigger()


def said(panel: ConfusionPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def click_cell(qtbot: QtBot, view: QTableView, row: int, column: int, modifier: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(view.viewport(), LEFT, modifier, pos=view.visualRect(view.model().index(row, column)).center())


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
    look(panel, Selection(conditions=(IsRight(True), TrueIs(3)), order="loss", watched=True))
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_cell(qtbot, view_of(panel), SHIRT, TSHIRT)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT)), order="loss")]


def test_a_click_on_a_header_asks_for_the_row_or_the_column(panel: ConfusionPanel, qtbot: QtBot) -> None:
    view = view_of(panel)
    look(panel, Selection(conditions=(TrueIs(1), PredictedIs(2))))
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


def test_escape_steps_back_as_long_as_there_is_something(panel: ConfusionPanel, qtbot: QtBot) -> None:
    heard: list[Selection] = []
    panel.selection_changed.connect(heard.append)
    panel.selection_changed.connect(lambda selection: look(panel, selection))
    only = (ConfidenceIn(0.5, 1.0),)
    look(panel, Selection(conditions=(TrueIs(1), PredictedIs(2), IsRight(False)), order="loss", only=only))
    for _ in range(3):
        qtbot.keyClick(view_of(panel), Qt.Key.Key_Escape)
    assert heard == [Selection(order="loss", only=only), Selection(order="loss")]


def test_the_switch_shows_counts_or_per_cent(panel: ConfusionPanel) -> None:
    shirts = ["17", "0", "23", "0", "0", "0", "60", "0", "0", "0"]
    assert texts(panel, SHIRT) == shirts
    choose_mode(panel, "% of true")
    assert texts(panel, SHIRT) == shirts
    assert texts(panel, 4)[2] == "15"
    choose_mode(panel, "% of predicted")
    assert [texts(panel, SHIRT)[column] for column in (TSHIRT, 2, SHIRT)] == ["16", "19", "86"]
    choose_mode(panel, "count")
    assert texts(panel, SHIRT) == shirts


def test_the_mode_stays_when_new_predictions_come(panel: ConfusionPanel) -> None:
    choose_mode(panel, "% of true")
    panel.show_sight(sight(answers(2 * MATRIX)))
    assert texts(panel, SHIRT)[TSHIRT] == "17"
    assert panel.findChild(QPushButton, "matrixMode").text() == "% of true ▾"  # type: ignore[union-attr]


def test_a_class_without_pictures_shows_dashes(panel: ConfusionPanel) -> None:
    choose_mode(panel, "% of true")
    assert texts(panel, 9) == 10 * ["–"]


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
    look(panel, Selection(conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT))))
    assert [edge(SHIRT, column) == ink for column in range(3)] == [True, False, False]
    look(panel, Selection(conditions=(TrueIs(SHIRT),)))
    assert [edge(row, 1) == ink for row in (5, SHIRT, 8)] == [False, True, False]
    look(panel, Selection(conditions=(PredictedIs(BAG),)))
    assert edge(0, BAG) == ink
    assert edge(0, 1) != ink
    look(panel, Selection())
    assert edge(0, BAG) != ink


def test_a_click_rings_the_square_itself(panel: ConfusionPanel, qtbot: QtBot) -> None:
    view = view_of(panel)
    panel.selection_changed.connect(lambda selection: look(panel, selection))
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
    names = tuple(f"Letter {number}" for number in range(47))
    panel.show_sight(sight(answers(np.eye(47, dtype=np.int64)), data=data_of(names)))
    view = view_of(panel)
    assert view.horizontalScrollBar().maximum() > 0
    assert view.verticalScrollBar().maximum() > 0
    assert view.visualRect(view.model().index(0, 0)).width() >= 20


def test_before_a_run_there_are_headers_only(panel: ConfusionPanel, qtbot: QtBot) -> None:
    panel.show_sight(sight(None))
    assert texts(panel, SHIRT) == 10 * [None]
    assert "Filled once the network answers" in said(panel)
    with qtbot.assertNotEmitted(panel.selection_changed):
        click_cell(qtbot, view_of(panel), SHIRT, TSHIRT)
        click_header(qtbot, view_of(panel).verticalHeader(), SHIRT)


def test_new_predictions_move_nothing(panel: ConfusionPanel) -> None:
    view = view_of(panel)
    before = view.visualRect(view.model().index(9, 9))
    panel.show_sight(sight(None))
    assert view.visualRect(view.model().index(9, 9)) == before
    panel.show_sight(sight(answers(60 * MATRIX), data=data_of(CLASSES, SHORT)))
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
    panel.show_sight(sight(None, Selection(split="train")))
    assert "Asking the network …" in said(panel)
    panel.show_sight(sight(answers(60 * MATRIX), Selection(split="train")))
    assert "Asking the network …" not in said(panel)
    with qtbot.waitSignal(panel.selection_changed) as chosen:
        click_cell(qtbot, view_of(panel), SHIRT, TSHIRT)
    assert chosen.args == [Selection(split="train", conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT)))]


def test_a_selection_of_other_pictures_turns_the_switch_silently(panel: ConfusionPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.split_chosen):
        look(panel, Selection(split="train"))
    assert panel.split == "train"
    assert "The network has seen these" in said(panel)


class FakePage(QWidget):
    """A tab that writes down what it was shown."""

    selection_changed = Signal(object)
    opened_sample = Signal(int)
    made: list[str]

    def __init__(self, *given: object) -> None:
        super().__init__()
        self.given, self.sights = given, list[Sight]()

    def show_sight(self, seen: Sight) -> None:
        self.sights.append(seen)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakePage]:
    """The pages of the other tabs as they are built, by their class's name."""
    built: dict[str, FakePage] = {}

    def load(name: str) -> Callable[..., FakePage]:
        def make(*given: object) -> FakePage:
            built[name.rpartition(".")[2]] = FakePage(*given)
            return built[name.rpartition(".")[2]]

        return make

    monkeypatch.setattr(confusion_panel, "load", load)
    return built


def test_other_tabs_are_built_when_first_turned_to_and_catch_up(
    panel: ConfusionPanel, fakes: dict[str, FakePage], qtbot: QtBot
) -> None:
    assert not fakes
    press(panel, "How sure")
    assert list(fakes) == ["SurenessPanel"]
    sure = fakes["SurenessPanel"]
    assert sure.isVisible()
    assert not view_of(panel).isVisible()
    first = sight(PREDICTIONS, Selection().at(IsRight(False)))
    panel.show_sight(first)
    assert sure.sights[-1] is first
    press(panel, "Map")
    assert fakes["MapPanel"].given == (None,)
    assert fakes["MapPanel"].sights == [first]
    newest = sight(answers(2 * MATRIX))
    panel.show_sight(newest)
    assert sure.sights[-1] is first
    press(panel, "Per class")
    panel.choose("sure")
    assert sure.sights[-1] is newest
    assert list(fakes) == ["SurenessPanel", "MapPanel", "ClassFiguresPage"]
    press(panel, "Matrix")
    assert texts(panel, SHIRT)[TSHIRT] == "34"
    with qtbot.waitSignal(panel.selection_changed) as heard:
        sure.selection_changed.emit(Selection(order="loss"))
    assert heard.args == [Selection(order="loss")]


def test_the_figures_of_each_class_lead_to_their_pictures(panel: ConfusionPanel, qtbot: QtBot) -> None:
    press(panel, "Per class")
    assert "Click a row to see those pictures" in said(panel)
    table = panel.findChild(QTableView, "classTableView")
    assert table is not None
    assert table.isVisible()
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_cell(qtbot, table, SHIRT, 0)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT),))]


def test_ctrl_adds_and_a_double_click_counts_alone(panel: ConfusionPanel, qtbot: QtBot) -> None:
    heard: list[Selection] = []
    panel.selection_changed.connect(heard.append)
    panel.selection_changed.connect(lambda selection: look(panel, selection))
    view = view_of(panel)
    first, second = AllOf((TrueIs(SHIRT), PredictedIs(TSHIRT))), AllOf((TrueIs(4), PredictedIs(2)))
    click_cell(qtbot, view, SHIRT, TSHIRT)
    click_cell(qtbot, view, 4, 2, CONTROL)
    assert heard[-1] == Selection(conditions=(AnyOf((first, second)),))
    assert len(heard[-1].rows(PREDICTIONS)) == 17 + 15
    ink, rows = theme.current().text, ((SHIRT, TSHIRT), (4, 2), (4, 4))
    rects = [view.visualRect(view.model().index(*cell)) for cell in rows]
    assert [picture_of(view).pixelColor(r.center().x(), r.top()).name() == ink for r in rects] == [True, True, False]
    heard.clear()
    where = view.visualRect(view.model().index(SHIRT, TSHIRT)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=where)
    qtbot.mouseDClick(view.viewport(), LEFT, pos=where)
    assert heard[-1] == Selection(only=(TrueIs(SHIRT), PredictedIs(TSHIRT)))
    assert [int(str(text)) for text in texts(panel, SHIRT)] == [17, *9 * [0]]
    assert texts(panel, 0) == 10 * ["0"]


def test_a_header_adds_and_counts_alone(panel: ConfusionPanel, qtbot: QtBot) -> None:
    look(panel, Selection().at(TrueIs(1)))
    header = view_of(panel).verticalHeader()
    at = QPoint(header.width() - 3, header.sectionViewportPosition(SHIRT) + 5)
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.mouseClick(header.viewport(), LEFT, CONTROL, at)
    assert heard.args == [Selection(conditions=(AnyOf((TrueIs(1), TrueIs(SHIRT))),))]
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.mouseDClick(header.viewport(), LEFT, pos=at)
    assert heard.args == [Selection(only=(TrueIs(SHIRT),))]


def test_what_is_looked_at_is_strong_and_the_rest_faint(panel: ConfusionPanel) -> None:
    view = view_of(panel)
    strong = cell_colour(1.0, right=True)
    assert strong.name() in colours_in(view, 5, 5)
    look(panel, Selection().at(IsRight(False)))
    assert strong.name() not in colours_in(view, 5, 5)
    assert faded(strong).name() in colours_in(view, 5, 5)
    assert cell_colour(0.17, right=False).name() in colours_in(view, SHIRT, TSHIRT)
    assert texts(panel, 5)[5] == "96"
    cell = view.model().index(SHIRT, TSHIRT)
    assert cell.data(Roles.STRONG) == 17
    assert "17 of them are looked at" in cell.data(Qt.ItemDataRole.ToolTipRole)
    look(panel, Selection())
    assert strong.name() in colours_in(view, 5, 5)


@pytest.mark.parametrize(("key", "right"), [(Qt.Key.Key_M, False), (Qt.Key.Key_C, True)])
def test_keys_and_menu_select_what_is_wrong_or_right(
    panel: ConfusionPanel, qtbot: QtBot, key: Qt.Key, right: bool
) -> None:
    view = view_of(panel)
    view.setFocus()
    panel.activateWindow()
    qtbot.waitUntil(view.hasFocus)
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.keyClick(view, key)
    assert heard.args == [Selection(conditions=(IsRight(right),))]
    with qtbot.waitSignal(panel.selection_changed) as heard:
        choose(panel, "Select correct" if right else "Select misclassified")
    assert heard.args == [Selection(conditions=(IsRight(right),))]


def test_the_wrong_ones_are_counted_alone_by_a_switch_in_sight(panel: ConfusionPanel, qtbot: QtBot) -> None:
    switch = panel.findChild(QPushButton, "onlyWrong")
    assert switch is not None
    assert switch.accessibleName() == "Count only the wrong ones"
    switch.setFocus()
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert heard.args == [Selection(only=(IsRight(False),))]
    look(panel, heard.args[0])
    assert switch.isChecked()
    assert texts(panel, SHIRT)[SHIRT] in ("", "0", None)
    assert texts(panel, SHIRT)[TSHIRT] == "17"
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.mouseClick(switch, LEFT)
    assert heard.args == [Selection()]
    look(panel, Selection(watched=True))
    assert not switch.isChecked()
    qtbot.mouseClick(switch, LEFT)
    look(panel, Selection(only=(IsRight(False),)))
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.mouseClick(switch, LEFT)
    assert heard.args == [Selection(watched=True)], "as it was before"
    panel.show_sight(sight(None))
    assert not switch.isEnabled()


def test_probabilities_are_added_up(panel: ConfusionPanel) -> None:
    choose_mode(panel, "probability sums")
    counted = 17 * 0.9 + 83 * 0.1 / 9
    assert texts(panel, SHIRT)[TSHIRT] == str(round(counted))
    assert texts(panel, 9) == 10 * ["–"]
    tip = str(view_of(panel).model().index(SHIRT, TSHIRT).data(Qt.ItemDataRole.ToolTipRole))
    assert "Probability that pictures of Shirt gave to T-shirt/top, added up: 16.2" in tip


def changed_matrix() -> NDArray[np.int64]:
    """Of the same pictures ten more shirts recognised, and five pullovers fewer."""
    changed = MATRIX.copy()
    changed[SHIRT, SHIRT], changed[SHIRT, TSHIRT] = 70, 7
    changed[2, 2], changed[2, 4] = 75, 5
    return changed


def test_epochs_are_compared_with_their_signs(panel: ConfusionPanel) -> None:
    run = run_of(PREDICTIONS, answers(changed_matrix()))
    panel.show_sight(sight(run.epochs[1].predictions, run=run))  # type: ignore[arg-type]
    choose_mode(panel, "epoch 0")
    assert [texts(panel, SHIRT)[column] for column in (TSHIRT, 2, SHIRT)] == ["−10", "0", "+10"]
    assert [texts(panel, 2)[column] for column in (2, 4)] == ["−5", "+5"]
    assert "More (+) or fewer (−) than in epoch 0" in said(panel)
    view = view_of(panel)
    better, worse = (cell_colour(0.1, right=right, change=True).name() for right in (True, False))
    assert better in colours_in(view, SHIRT, SHIRT)
    assert better in colours_in(view, SHIRT, TSHIRT)
    assert worse != better
    assert cell_colour(0.062, right=False, change=True).name() in colours_in(view, 2, 2)
    sentence = str(view.model().index(SHIRT, TSHIRT).data(Qt.ItemDataRole.AccessibleTextRole))
    assert sentence.splitlines()[1] == "10 fewer than in epoch 0: better"
    assert str(view.model().index(2, 2).data(Qt.ItemDataRole.AccessibleTextRole)).endswith(
        "5 fewer than in epoch 0: worse"
    )
    panel.show_sight(sight(PREDICTIONS))
    assert panel.matrix.mode == "count"


def test_training_pictures_have_no_epochs_to_compare_with(panel: ConfusionPanel) -> None:
    run = run_of(PREDICTIONS, PREDICTIONS)
    panel.show_sight(sight(PREDICTIONS, Selection(split="train"), run=run))
    choose_mode(panel, "epoch 0")
    assert "Cannot be compared: epoch 0 was not asked about these pictures" in said(panel)
    assert texts(panel, SHIRT)[TSHIRT] is None


def test_another_run_is_compared_on_the_part_that_is_counted(panel: ConfusionPanel) -> None:
    assert not offered(panel.modes())["Difference to another run"].isEnabled()
    panel.show_other("run 2", answers(changed_matrix()))
    choose_mode(panel, "Difference to run 2")
    assert texts(panel, SHIRT)[SHIRT] == "−10"
    look(panel, Selection(only=(TrueIs(SHIRT),)))
    assert texts(panel, SHIRT)[SHIRT] == "−10"
    assert texts(panel, 2)[2] == "0"
    panel.show_other("run 3", answers(MATRIX[:9, :9]))
    assert "Cannot be compared: run 3 was not asked about these pictures" in said(panel)
    panel.show_other("", None)
    assert panel.matrix.mode == "count"
    assert texts(panel, SHIRT)[SHIRT] == "60"


@pytest.mark.parametrize("order", ["Most mistakes first", "Classes that are mixed up side by side"])
def test_in_any_order_clicks_and_rings_mean_the_same_classes(panel: ConfusionPanel, qtbot: QtBot, order: str) -> None:
    choose(panel, order)
    view, model = view_of(panel), panel.matrix.table
    standing = model.order.tolist()
    assert standing != list(range(10))
    assert sorted(standing) == list(range(10))
    if order == "Most mistakes first":
        assert standing[:2] == [SHIRT, 2]
    names = [model.headerData(section, Qt.Orientation.Vertical) for section in range(10)]
    assert names == [CLASSES[label] for label in standing]
    row, column = model.place(SHIRT), model.place(TSHIRT)
    assert view.model().index(row, column).data() == "17"
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_cell(qtbot, view, row, column)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT), PredictedIs(TSHIRT)))]
    with qtbot.waitSignal(panel.selection_changed) as heard:
        click_header(qtbot, view.verticalHeader(), row)
    assert heard.args == [Selection(conditions=(TrueIs(SHIRT),))]
    look(panel, Selection().at(TrueIs(SHIRT), PredictedIs(TSHIRT)))
    rect = view.visualRect(view.model().index(row, column))
    assert picture_of(view).pixelColor(rect.center().x(), rect.top()).name() == theme.current().text
    choose(panel, "Classes in the order of the data set")
    assert model.order.tolist() == list(range(10))


def test_classes_stand_still_from_epoch_to_epoch(panel: ConfusionPanel) -> None:
    choose(panel, "Most mistakes first")
    before = panel.matrix.table.order.tolist()
    panel.show_sight(sight(answers(np.diag(np.arange(10)) + np.eye(10, k=1, dtype=np.int64))))
    assert panel.matrix.table.order.tolist() == before
    choose(panel, "Most mistakes first")
    assert panel.matrix.table.order.tolist() != before


def many(count: int) -> Sight:
    """Many classes, each recognised three times and taken for the next once."""
    matrix = 3 * np.eye(count, dtype=np.int64) + np.eye(count, k=1, dtype=np.int64)
    names = tuple(f"Class {number}" for number in range(count))
    return sight(answers(matrix), data=data_of(names))


def test_a_thousand_classes_are_drawn_as_an_image_and_can_be_clicked(panel: ConfusionPanel, qtbot: QtBot) -> None:
    panel.show_sight(many(1000))
    view = view_of(panel)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.dense
    rect = view.visualRect(view.model().index(70, 71))
    assert rect.width() == rect.height() == 1
    picture = picture_of(view)
    assert picture.pixelColor(rect.topLeft()).name() == cell_colour(0.25, right=False).name()
    assert picture.pixelColor(rect.topLeft() - QPoint(1, 0)).name() == cell_colour(0.75, right=True).name()
    assert picture.pixelColor(rect.topLeft() + QPoint(1, 0)).name() == theme.current().empty_cell
    with qtbot.waitSignal(panel.selection_changed) as heard:
        qtbot.mouseClick(view.viewport(), LEFT, pos=rect.topLeft())
    assert heard.args == [Selection(conditions=(TrueIs(70), PredictedIs(71)))]
    view.scrollTo(view.model().index(999, 999))
    last = view.visualRect(view.model().index(999, 999))
    assert picture_of(view).pixelColor(last.topLeft()).name() == cell_colour(1.0, right=True).name()


def test_the_wheel_with_ctrl_and_keys_zoom_round_what_is_under_them(panel: ConfusionPanel, qtbot: QtBot) -> None:
    panel.show_sight(many(100))
    view = view_of(panel)
    before = view.visualRect(view.model().index(0, 0)).height()
    under = view.indexAt(QPoint(150, 150))
    for _ in range(4):
        turn = QWheelEvent(QPointF(150, 150), view.viewport().mapToGlobal(QPointF(150, 150)), QPoint(), QPoint(0, 120),
                           Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(view.viewport(), turn)
    assert view.visualRect(view.model().index(0, 0)).height() > 2 * before
    assert view.indexAt(QPoint(150, 150)) == under
    larger = view.verticalHeader().defaultSectionSize()
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.verticalHeader().defaultSectionSize() < larger
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.horizontalScrollBar().maximum() == view.verticalScrollBar().maximum() == 0


def test_two_classes_fill_the_place_and_say_the_share(panel: ConfusionPanel) -> None:
    pair = data_of(("Cat", "Dog"))
    panel.show_sight(sight(answers(np.array([[8, 2], [1, 9]])), data=pair))
    view = view_of(panel)
    assert view.visualRect(view.model().index(0, 0)).height() > 100
    assert panel.matrix.table.look(0, 0).small == "80.0 %"
    assert view.viewport().rect().contains(view.visualRect(view.model().index(1, 1)))


def test_a_class_without_test_pictures_is_shown_by_a_training_picture(panel: ConfusionPanel) -> None:
    part = replace(DATA, test=PictureSet(DATA.test.images[:9], DATA.test.labels[:9], DATA.test.samples[:9]))
    pictures = panel.matrix._pictures_of(part)
    assert [int(picture[0, 0]) for picture in pictures] == [25 * label for label in range(10)]


def test_the_panel_fits_its_place_with_every_name_of_a_mode(panel: ConfusionPanel) -> None:
    panel.resize(402, 262)
    for mode in ("count", "% of true", "% of predicted", "probability sums"):
        choose_mode(panel, mode)
        assert panel.width() == 402
        assert panel.minimumSizeHint().width() <= 402
        assert panel.findChild(QPushButton, "matrixMode").text() == f"{mode} ▾"  # type: ignore[union-attr]


def test_answers_about_other_classes_are_not_counted(panel: ConfusionPanel) -> None:
    panel.show_sight(sight(answers(np.eye(12, dtype=np.int64))))
    assert "These answers are about other classes than the pictures have" in said(panel)
    assert texts(panel, SHIRT) == 10 * [None]
    choose_mode(panel, "probability sums")
    panel.show_sight(sight(PREDICTIONS, data=None))
    assert panel.matrix.table.rowCount() == 0
    panel.show_sight(sight(PREDICTIONS))
    assert texts(panel, SHIRT)[TSHIRT] == "16"


@pytest.mark.parametrize("page", ["Confidence", "Calibration", "ROC", "Precision–recall"])
@pytest.mark.parametrize("ending", ["PNG", "SVG"])
def test_charts_of_how_sure_it_is_can_be_saved_and_know_their_run(
    panel: ConfusionPanel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, ending: str
) -> None:
    panel.show_library(tmp_path)
    press(panel, "How sure")
    press(panel, page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "chart"), ""))
    saving = [text for text in offered(panel.menu()) if text.startswith("Save as")]
    assert saving == ["Save as PNG…", "Save as SVG…"]
    with qtbot.waitSignal(panel.saved) as heard:
        choose(panel, f"Save as {ending}…")
    path = tmp_path / f"chart.{ending.lower()}"
    assert heard.args == [path]
    facts = read_facts(path)
    assert facts is not None
    assert facts.name == "First look"
    if ending == "SVG":
        assert f"{page}" in path.read_text(encoding="utf-8")
    else:
        image = QImage(str(path))
        assert image.width() > 400
        assert theme.LIGHT.card == image.pixelColor(3, 3).name()


@pytest.mark.parametrize("tab", ["How sure", "Map"])
def test_what_is_not_there_yet_cannot_be_saved(panel: ConfusionPanel, tab: str, asker: Any) -> None:
    panel._examiner = asker
    asker.close("There is no network yet.")
    panel.show_sight(sight(None))
    press(panel, tab)
    saving = [action for text, action in offered(panel.menu()).items() if text.startswith("Save as")]
    assert not any(action.isEnabled() for action in saving)


def test_the_menu_saves_the_matrix_again_when_it_is_in_sight(panel: ConfusionPanel) -> None:
    press(panel, "How sure")
    press(panel, "Matrix")
    assert [text for text in offered(panel.menu()) if text.startswith("Save as")] == [
        "Save as PNG…", "Save as SVG…", "Save as CSV…",
    ]  # fmt: skip
