from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.export.picture_rows import PictureRows
from fmstudio.insight.history import history
from fmstudio.runs.run import Run
from fmstudio.session.named_selections import NamedSelection, NamedSelections
from fmstudio.session.picture_list import Roles
from fmstudio.session.selection import IsRight, Picked, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import SIZES
from fmstudio.ui.pictures.picture_view import PictureView
from fmstudio.ui.wall.predictions_panel import PredictionsPanel
from fmstudio.ui.wall.selection_bar import SelectionBar

CLASSES = ("T-shirt/top", "Shirt", "Bag")
SHORT = ("T-shirt", "Shirt", "Bag")
COUNT = 300
RANDOM = np.random.default_rng(3)
PICTURES = PictureSet(RANDOM.integers(0, 256, (COUNT, 28, 28), dtype=np.uint8), np.arange(COUNT) % 3, np.arange(COUNT))
WATCHED = np.array([30, 4, 200, 17, 99, 250, 1, 60])


DATA = ImageData("garments", "Garments", CLASSES, SHORT, PICTURES, PICTURES)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


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
    panel.show_sight(sight(predictions, selection))


def sight(predictions: Predictions | None, selection: Selection, run: Run | None = None) -> Sight:
    return Sight(
        run=run or Run(), epoch=2, number=3, data=DATA, selection=selection, pictures=PICTURES,
        answers=predictions, counted=predictions, wall=predictions, strong=None,
    )  # fmt: skip


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
    small, slider = height(), panel.findChild(QSlider, "pictureSize")
    assert isinstance(slider, QSlider)
    assert slider.accessibleName() == "Size of the pictures"
    with qtbot.waitSignal(panel.size_chosen, timeout=0) as chosen:
        qtbot.keyClick(slider, Qt.Key.Key_End)
    assert chosen.args == [SIZES[-1]]
    assert height() > small
    show(panel, ALL, Selection("test", (TrueIs(1),)))
    assert height() > SIZES[-1]
    with qtbot.assertNotEmitted(panel.size_chosen):
        panel.show_size(SIZES[0])
    assert height() < small
    assert slider.value() == 0


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


def picks(panel: PredictionsPanel) -> list[int]:
    found = view(panel)
    assert isinstance(found, PictureView)
    return [int(row) for row in found.picked_rows()]


def click(panel: PredictionsPanel, qtbot: QtBot, row: int, keys: Qt.KeyboardModifier) -> None:
    place = view(panel).visualRect(view(panel).model().index(row, 0)).center()
    qtbot.mouseClick(view(panel).viewport(), Qt.MouseButton.LeftButton, keys, QPoint(place.x(), place.y()))


def picked_link(panel: PredictionsPanel) -> QPushButton:
    found = panel.findChild(QPushButton, "showPicked")
    assert isinstance(found, QPushButton)
    return found


def test_picked_pictures_can_be_looked_at_alone(panel: PredictionsPanel, qtbot: QtBot) -> None:
    show(panel, ALL, Selection("test", (TrueIs(1),), "loss"))
    assert not picked_link(panel).isVisible()
    shown = samples(panel)
    with qtbot.assertNotEmitted(panel.opened):
        for row in (3, 1, 6, 1, 0):
            click(panel, qtbot, row, CTRL)
    assert picks(panel) == [0, 3, 6]
    assert picked_link(panel).text() == "The 3 picked ones"
    wanted = press(panel, qtbot, "showPicked")
    assert wanted.order == "loss"
    (condition,) = wanted.conditions
    assert isinstance(condition, Picked)
    assert condition.name == "3 picked"
    assert sorted(condition.samples) == sorted([shown[0], shown[3], shown[6]])
    show(panel, ALL, wanted)
    assert sorted(samples(panel)) == sorted([shown[0], shown[3], shown[6]])
    assert "3 picked ×" in said(panel)
    assert not picked_link(panel).isVisible()


def test_escape_first_drops_the_picks_then_the_conditions_then_what_is_counted_alone(
    panel: PredictionsPanel, qtbot: QtBot
) -> None:
    selection = Selection("test", (PredictedIs(0),), only=(TrueIs(1),))
    show(panel, ALL, selection)
    click(panel, qtbot, 0, Qt.KeyboardModifier.NoModifier)
    click(panel, qtbot, 2, SHIFT)
    assert picks(panel) == [0, 1, 2]
    with qtbot.assertNotEmitted(panel.selection_changed):
        qtbot.keyClick(view(panel), Qt.Key.Key_Escape)
    assert picks(panel) == []
    asked: list[Selection] = []
    panel.selection_changed.connect(asked.append)
    qtbot.keyClick(view(panel), Qt.Key.Key_Escape)
    assert asked == [Selection("test", (), only=(TrueIs(1),))]
    show(panel, ALL, asked[0])
    qtbot.keyClick(view(panel), Qt.Key.Key_Escape)
    assert asked[1:] == [Selection("test")]


def test_picks_outlive_new_answers(panel: PredictionsPanel, qtbot: QtBot) -> None:
    wrong = Selection("test", (IsRight(False),))
    show(panel, answers(np.arange(COUNT), wrong={10, 20, 30, 40}), wrong)
    for row in (1, 2):
        click(panel, qtbot, row, CTRL)
    show(panel, answers(np.arange(COUNT), wrong={5, 10, 20, 30, 40}), wrong)
    assert [samples(panel)[row] for row in picks(panel)] == [20, 30]
    show(panel, answers(np.arange(COUNT), wrong={5}), wrong)
    assert picks(panel) == []
    assert not picked_link(panel).isVisible()


def test_groups_begin_with_their_class(panel: PredictionsPanel) -> None:
    grouped = Selection("test", (IsRight(False),), "loss", grouped=True)
    show(panel, ALL, grouped)
    assert samples(panel) == [30, 7, 4, 1]
    tops = [view(panel).visualRect(view(panel).model().index(row, 0)).top() for row in range(4)]
    assert tops[0] > 0
    assert tops[1] > tops[0]
    assert len(set(tops[1:])) == 1
    show(panel, ALL, Selection("test", (IsRight(False),), "loss"))
    tops = [view(panel).visualRect(view(panel).model().index(row, 0)).top() for row in range(4)]
    assert tops == [0, 0, 0, 0]


def test_before_the_first_answer_pictures_can_be_grouped_too(panel: PredictionsPanel) -> None:
    show(panel, None, Selection(grouped=True))
    labels = [sample % 3 for sample in samples(panel)]
    assert labels == sorted(labels)


def test_sorts_by_what_the_epochs_say(panel: PredictionsPanel) -> None:
    run, kept = Run(), np.arange(6)
    for epoch, wrong in enumerate(({0, 1, 2, 3}, {0, 2}, {0, 1, 3})):
        run.apply(
            EpochEnded(
                epoch=epoch, step=epoch, train_loss=1, train_accuracy=0.5, test_loss=1, test_accuracy=0.5, seconds=1,
                evaluation_seconds=0, predictions=answers(kept, wrong),
            )
        )  # fmt: skip
    newest = run.epochs[-1].predictions
    assert isinstance(newest, Predictions)
    recalled = history(run.epochs)
    for order, expected in (("learned", [0, 2, 1, 3, 4, 5]), ("forgotten", [1, 3, 0, 2, 4, 5])):
        panel.show_sight(replace(sight(newest, Selection("test", order=order), run), recall=lambda: recalled))  # type: ignore[arg-type]
        assert samples(panel) == expected


def test_back_and_forward_are_offered_where_there_is_something(panel: PredictionsPanel, qtbot: QtBot) -> None:
    back, forward = (panel.findChild(QPushButton, name) for name in ("selectionBack", "selectionForward"))
    assert isinstance(back, QPushButton)
    assert isinstance(forward, QPushButton)
    show(panel, ALL, Selection())
    assert not back.isVisible()
    panel.show_travel(True, False)
    assert (back.isVisible(), back.isEnabled(), forward.isEnabled()) == (True, True, False)
    with qtbot.waitSignal(panel.back_asked, timeout=0):
        back.click()
    panel.show_travel(False, True)
    with qtbot.waitSignal(panel.forward_asked, timeout=0):
        forward.click()
    panel.show_travel(False, False)
    assert not forward.isVisible()


def test_the_two_buttons_at_the_foot_ask(panel: PredictionsPanel, qtbot: QtBot) -> None:
    for name, signal in (("gameButton", panel.game_asked), ("tryButton", panel.try_asked)):
        found = panel.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        assert found.isVisible()
        with qtbot.waitSignal(signal, timeout=0):
            found.click()


def choose(panel: PredictionsPanel, *texts: str) -> None:
    """Choose something in the menu above the pictures."""
    bar = panel.findChild(SelectionBar)
    assert isinstance(bar, SelectionBar)
    here: QMenu = bar.choices()
    for text in texts:
        here.aboutToShow.emit()
        action = next(one for one in here.actions() if one.text() == text)
        inner = action.menu()
        if not isinstance(inner, QMenu):
            action.trigger()
            return
        here = inner


def test_a_selection_gets_a_name(panel: PredictionsPanel, qtbot: QtBot) -> None:
    cell = Selection("test", (TrueIs(1), PredictedIs(0)), "loss")
    show(panel, ALL, cell)
    for trial in range(2):
        choose(panel, "Named selections", "Give this one a name …")
        dialog = panel.findChild(QInputDialog, "selectionName")
        assert isinstance(dialog, QInputDialog)
        dialog.setTextValue("  hard shirts ")
        if trial == 0:
            dialog.accept()
            assert NamedSelections().read() == (NamedSelection("hard shirts", "garments", cell),)
        else:
            with qtbot.waitSignal(panel.failed, timeout=0) as failed:
                dialog.accept()
            assert failed.args is not None
            assert "already" in str(failed.args[0])
        qtbot.waitUntil(lambda: panel.findChild(QInputDialog, "selectionName") is None)
    show(panel, ALL, Selection())
    with qtbot.waitSignal(panel.selection_changed, timeout=0) as changed:
        choose(panel, "Named selections", "hard shirts")
    assert changed.args == [cell]


def test_export_asks_for_a_folder_and_hands_over_the_pictures(panel: PredictionsPanel, qtbot: QtBot) -> None:
    show(panel, ALL, Selection("test", (IsRight(False),), "loss"))
    choose(panel, "Export …")
    dialog = panel.findChild(QFileDialog, "exportFolder")
    assert isinstance(dialog, QFileDialog)
    with qtbot.waitSignal(panel.export_asked, timeout=0) as asked:
        dialog.fileSelected.emit("/somewhere/pictures")
    dialog.reject()
    assert asked.args is not None
    folder, rows = asked.args
    assert folder.as_posix().endswith("/somewhere/pictures")
    assert isinstance(rows, PictureRows)
    assert [line[1] for line in rows.table()] == ["30", "7", "4", "1"]
    qtbot.waitUntil(lambda: panel.findChild(QFileDialog, "exportFolder") is None)


def test_the_same_sight_is_shown_once(panel: PredictionsPanel) -> None:
    made = sight(ALL, Selection())
    panel.show_sight(made)
    panel.go(100)
    place = view(panel).verticalScrollBar().value()
    panel.show_sight(made)
    assert (panel.current_row, view(panel).verticalScrollBar().value()) == (100, place)


def test_has_the_names_that_others_look_for(panel: PredictionsPanel) -> None:
    assert panel.objectName() == "predictionsPanel"
    assert panel.findChild(QWidget, "selectionBar") is not None
    assert view(panel).accessibleName() == "Pictures"
