import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.data.library import PictureSet
from fmstudio.session.picture_list import Roles
from fmstudio.session.selection import IsRight, PredictedIs, Selection, TrueIs
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.picture_delegate import LARGE
from fmstudio.ui.predictions_panel import PredictionsPanel

CLASSES = ("T-shirt/top", "Shirt", "Bag")
SHORT = ("T-shirt", "Shirt", "Bag")
COUNT = 300
RANDOM = np.random.default_rng(3)
PICTURES = PictureSet(RANDOM.integers(0, 256, (COUNT, 28, 28), dtype=np.uint8), np.arange(COUNT) % 3, np.arange(COUNT))
WATCHED = np.array([30, 4, 200, 17, 99, 250, 1, 60])


def answers(samples: np.ndarray[tuple[int], np.dtype[np.int64]], wrong: set[int]) -> Predictions:
    """Right ones, but a T-shirt taken for a shirt and the other way round; the loss is the sample."""
    labels = samples % 3
    other = np.array([1, 0, 0])[labels]
    predicted = np.where([int(sample) in wrong for sample in samples], other, labels)
    probabilities = np.full((len(samples), 3), 0.1, np.float16)
    probabilities[np.arange(len(samples)), predicted] = 0.8
    return Predictions(samples, labels, predicted, samples.astype(np.float32), probabilities)


ALL = answers(np.arange(COUNT), wrong={1, 4, 7, 30})
WATCHING = Selection(watched=True)


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> PredictionsPanel:
    theme.apply(qapp, "light")
    made = PredictionsPanel()
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(panel: PredictionsPanel, predictions: Predictions | None, selection: Selection) -> None:
    panel.show_pictures(PICTURES, CLASSES, SHORT, predictions, selection, "epoch 2")


def view(panel: PredictionsPanel) -> QListView:
    found = panel.findChild(QListView, "predictionsView")
    assert found is not None
    return found


def samples(panel: PredictionsPanel) -> list[int]:
    model = view(panel).model()
    return [model.index(row, 0).data(Roles.SAMPLE) for row in range(model.rowCount())]


def said(panel: PredictionsPanel) -> str:
    parts = (part for kind in (QLabel, QPushButton) for part in panel.findChildren(kind) if part.isVisible())
    return " | ".join(part.text() for part in parts)


def press(panel: PredictionsPanel, qtbot: QtBot, name: str) -> Selection:
    word = panel.findChild(QPushButton, name)
    assert word is not None
    assert word.isVisible()
    with qtbot.waitSignal(panel.selection_changed, timeout=0) as changed:
        word.click()
    assert changed.args is not None
    wanted: Selection = changed.args[0]
    return wanted


def test_shows_exactly_the_pictures_of_a_cell(panel: PredictionsPanel) -> None:
    show(panel, ALL, Selection("test", (TrueIs(1), PredictedIs(0))))
    assert samples(panel) == [1, 4, 7]
    model = view(panel).model()
    assert {model.index(row, 0).data(Roles.TRUE) for row in range(3)} == {1}
    assert {model.index(row, 0).data(Roles.PREDICTED) for row in range(3)} == {0}
    assert "3 test pictures:" in said(panel)


def test_sorts_and_filters(panel: PredictionsPanel) -> None:
    show(panel, ALL, Selection("test", (IsRight(False),), "loss"))
    assert samples(panel) == [30, 7, 4, 1]


def test_before_the_first_answer_the_true_class_can_be_chosen(panel: PredictionsPanel) -> None:
    show(panel, None, Selection("test", (TrueIs(2),)))
    assert samples(panel) == list(range(2, COUNT, 3))
    show(panel, None, Selection())
    assert panel.count == COUNT


def test_answers_for_some_of_the_pictures(panel: PredictionsPanel) -> None:
    show(panel, answers(WATCHED, wrong={4, 17}), WATCHING)
    assert samples(panel) == WATCHED.tolist()
    assert "8 watched test pictures" in said(panel)
    picture = panel.picture(1)
    assert (picture.sample, picture.label, picture.predicted, picture.right) == (4, 1, 0, False)
    assert np.array_equal(picture.image, PICTURES.images[4])


def test_watched_pictures_flip_in_their_places(panel: PredictionsPanel, qtbot: QtBot) -> None:
    panel.resize(200, 220)
    qtbot.waitUntil(lambda: view(panel).verticalScrollBar().maximum() == 0)
    show(panel, answers(WATCHED, wrong={4, 17}), WATCHING)
    qtbot.waitUntil(lambda: view(panel).verticalScrollBar().maximum() > 40)
    panel.go(1)
    view(panel).verticalScrollBar().setValue(40)
    with qtbot.assertNotEmitted(view(panel).model().modelReset):
        show(panel, answers(WATCHED, wrong=set()), WATCHING)
    assert view(panel).verticalScrollBar().value() == 40
    assert panel.current_row == 1
    assert panel.picture(1).right


def test_a_flip_changes_the_frame_on_the_screen(panel: PredictionsPanel) -> None:
    def frame() -> QColor:
        rect = view(panel).visualRect(view(panel).model().index(1, 0))
        return view(panel).viewport().grab().toImage().pixelColor(rect.center().x(), rect.top() + 5)

    show(panel, answers(WATCHED, wrong={4}), WATCHING)
    assert frame().name() == theme.current().wrong
    show(panel, answers(WATCHED, wrong=set()), WATCHING)
    assert frame().name() == theme.current().right


def test_the_current_picture_stays_while_others_come_and_go(panel: PredictionsPanel) -> None:
    wrong = Selection("test", (IsRight(False),))
    show(panel, answers(np.arange(COUNT), wrong=set(range(0, COUNT, 2))), wrong)
    panel.go(50)
    view(panel).verticalScrollBar().setValue(300)
    show(panel, answers(np.arange(COUNT), wrong=set(range(10, COUNT, 2))), wrong)
    assert panel.picture(panel.current_row).sample == 100
    assert view(panel).verticalScrollBar().value() == 300
    show(panel, answers(np.arange(COUNT), wrong={8, 9}), wrong)
    assert panel.current_row == -1


def test_other_pictures_begin_at_the_top(panel: PredictionsPanel) -> None:
    show(panel, ALL, Selection())
    panel.go(COUNT - 1)
    assert view(panel).verticalScrollBar().value() > 0
    show(panel, ALL, Selection("test", (TrueIs(1),)))
    assert view(panel).verticalScrollBar().value() == 0
    assert panel.current_row == -1


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (Selection("test", (PredictedIs(2), IsRight(False))), "No picture is like that here."),
        (Selection("test", (TrueIs(0), PredictedIs(2))), "No T-shirt was taken for Bag here."),
    ],
)
def test_nothing_to_show_is_a_sentence(
    panel: PredictionsPanel, qtbot: QtBot, selection: Selection, sentence: str
) -> None:
    show(panel, ALL, selection)
    assert samples(panel) == []
    assert sentence in said(panel)
    assert not view(panel).isVisible()
    assert press(panel, qtbot, "showAllInstead") == Selection()
    show(panel, ALL, Selection())
    assert view(panel).isVisible()
    assert sentence not in said(panel)


def test_a_class_that_nothing_was_taken_for(panel: PredictionsPanel) -> None:
    show(panel, answers(np.array([0, 1]), wrong=set()), Selection("test", (PredictedIs(2),)))
    assert "No picture was taken for Bag here." in said(panel)


def test_escape_shows_all_again(panel: PredictionsPanel, qtbot: QtBot) -> None:
    show(panel, ALL, Selection("test", (TrueIs(1),), "loss"))
    with qtbot.waitSignal(panel.selection_changed, timeout=0) as changed:
        qtbot.keyClick(view(panel), Qt.Key.Key_Escape)
    assert changed.args == [Selection("test", (), "loss")]
    show(panel, ALL, Selection())
    with qtbot.assertNotEmitted(panel.selection_changed):
        qtbot.keyClick(view(panel), Qt.Key.Key_Escape)


def test_a_click_opens_a_picture(panel: PredictionsPanel, qtbot: QtBot) -> None:
    show(panel, ALL, Selection("test", (TrueIs(1),)))
    place = view(panel).visualRect(view(panel).model().index(2, 0)).center()
    with qtbot.waitSignal(panel.opened, timeout=0) as opened:
        qtbot.mouseClick(view(panel).viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    assert opened.args == [2]
    with qtbot.waitSignal(panel.moved, timeout=0) as moved:
        qtbot.keyClick(view(panel), Qt.Key.Key_Right)
    assert moved.args == [3]


def test_larger_pictures_stay_large(panel: PredictionsPanel, qtbot: QtBot) -> None:
    def height() -> int:
        return int(view(panel).visualRect(view(panel).model().index(0, 0)).height())

    show(panel, ALL, Selection())
    small, larger = height(), panel.findChild(QPushButton, "largePictures")
    assert larger is not None
    larger.click()
    assert height() > small
    show(panel, ALL, Selection("test", (TrueIs(1),)))
    assert height() > LARGE


def test_how_sure_is_said_below_once_all_are_asked(panel: PredictionsPanel) -> None:
    def captions() -> bytes:
        rect = view(panel).visualRect(view(panel).model().index(0, 0)).adjusted(0, 88, 0, 0)
        image = view(panel).viewport().grab(rect).toImage()
        return bytes(image.constBits())

    sure, unsure = answers(np.arange(COUNT), wrong=set()), answers(np.arange(COUNT), wrong=set())
    unsure.probabilities[0] = 0.25, 0.2, 0.2
    show(panel, sure, Selection())
    before = captions()
    show(panel, unsure, Selection())
    assert captions() != before


def test_has_the_names_that_others_look_for(panel: PredictionsPanel) -> None:
    assert panel.objectName() == "predictionsPanel"
    assert panel.findChild(QWidget, "selectionBar") is not None
    assert view(panel).accessibleName() == "Pictures"
