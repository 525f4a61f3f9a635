from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.train_controls import Controls, State, TrainControls
from fmstudio.ui.widgets import ElidedLabel

STATES: tuple[State, ...] = get_args(State)


@pytest.fixture
def controls(qapp: QApplication, qtbot: QtBot) -> TrainControls:
    theme.apply(qapp, "light")
    made = TrainControls()
    qtbot.addWidget(made)
    made.resize(258, made.height())
    made.show()
    return made


def press(controls: TrainControls, name: str) -> QPushButton:
    found = controls.findChild(QPushButton, name)
    assert found is not None
    return found


def visible(controls: TrainControls) -> list[str]:
    """The buttons from above; but not the one that opens the menu of plans, which is always there."""
    shown = [one for one in controls.findChildren(QPushButton) if one.isVisible() and one.objectName() != "planButton"]
    return [made.text() for made in sorted(shown, key=lambda made: made.y())]


def read(controls: TrainControls, name: str) -> str:
    found = controls.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


@pytest.mark.parametrize(
    ("shown", "buttons"),
    [
        (Controls("loading"), ["Train"]),
        (Controls("ready", 9.2), ["Train · about 9 s"]),
        (Controls("problem", problem="Learning rate: too large.", mending_label="Use 0.001"), ["Train", "Use 0.001"]),
        (Controls("problem", problem="Learning rate: too large."), ["Train"]),
        (Controls("running", 9.2), ["Pause", "Stop and keep"]),
        (Controls("paused"), ["Continue", "Stop and keep", "One step"]),
        (Controls("stopping"), ["Pause", "Stop and keep"]),
        (Controls("finished", 130), ["Train again · about 2 min"]),
        (Controls("stopped"), ["Train again"]),
        (Controls("failed", 9, problem="The loss became infinite.", mending_label="Use 0.001"),
         ["Train · about 9 s", "Use 0.001"]),
    ],
)  # fmt: skip
def test_each_state_has_its_buttons(controls: TrainControls, shown: Controls, buttons: list[str]) -> None:
    controls.show_controls(shown)
    assert visible(controls) == buttons


@pytest.mark.parametrize(
    ("shown", "enabled"),
    [
        (Controls("ready"), ["How long will it take?", "Add to the queue", "Repeat with 5 seeds…"]),
        (Controls("running"), ["Add to the queue", "Repeat with 5 seeds…"]),
        (Controls("problem", problem="Learning rate: too large."), []),
    ],
)  # fmt: skip
def test_what_can_be_planned_stands_beside_the_button(
    controls: TrainControls, shown: Controls, enabled: list[str]
) -> None:
    controls.show_controls(shown)
    assert press(controls, "planButton").isVisible()
    menu = controls.plan_menu()
    assert [action.text() for action in menu.actions() if action.isEnabled()] == enabled
    menu.deleteLater()


def test_it_is_getting_ready_at_first_and_the_click_counts_already(qtbot: QtBot, controls: TrainControls) -> None:
    with qtbot.waitSignal(controls.train_asked):
        qtbot.mouseClick(press(controls, "trainButton"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("state", STATES)
def test_there_is_one_filled_button_in_every_state(controls: TrainControls, state: State) -> None:
    controls.show_controls(Controls(state, 9, "A note.", "A problem.", "Mend it"))
    shown = [made for made in controls.findChildren(QPushButton) if made.isVisible()]
    assert [made.property("role") for made in shown].count("primary") == 1


def test_a_state_never_moves_a_button(controls: TrainControls) -> None:
    places: dict[str, set[object]] = {"first": set(), "second": set()}
    for state in STATES:
        for note in ("", "Stopped by you at epoch 1; the network was kept, and all it has learned."):
            controls.show_controls(Controls(state, 9, note))
            QApplication.processEvents()
            first = next(press(controls, n) for n in ("trainButton", "pauseButton") if press(controls, n).isVisible())
            places["first"].add((first.geometry().getRect(), controls.height()))
            if press(controls, "stopButton").isVisible():
                places["second"].add(press(controls, "stopButton").geometry().getRect())
    assert [len(found) for found in places.values()] == [1, 1]


def test_in_a_pause_the_note_has_one_line_under_one_step(controls: TrainControls) -> None:
    note = "Changes are for the next run, and this is said at some length so that it needs three lines."
    controls.show_controls(Controls("paused", note=note))
    QApplication.processEvents()
    short, step = controls.findChild(QLabel, "shortNoteText"), press(controls, "stepButton")
    assert short is not None
    assert read(controls, "shortNoteText") == note
    assert short.toolTip() == note, "what has no room is in the tooltip"
    assert step.geometry().bottom() < short.y()
    assert short.geometry().bottom() < controls.height()
    controls.show_controls(Controls("running", note=note))
    assert read(controls, "shortNoteText") == ""
    assert read(controls, "noteText") != ""


def test_a_problem_forbids_training_and_stands_in_the_place_of_the_note(controls: TrainControls) -> None:
    controls.show_controls(Controls("problem", None, "A note.", "Learning rate: must be at most 10."))
    assert not press(controls, "trainButton").isEnabled()
    assert read(controls, "problemText") == "Learning rate: must be at most 10."
    assert read(controls, "noteText") == ""


def test_a_failed_run_can_be_tried_again(controls: TrainControls) -> None:
    controls.show_controls(Controls("failed", problem="Failed at step 312: the loss became infinite."))
    assert press(controls, "trainButton").isEnabled()
    assert read(controls, "problemText") == "Failed at step 312: the loss became infinite."


def test_while_it_runs_problems_of_the_next_run_are_not_shown(controls: TrainControls) -> None:
    controls.show_controls(Controls("running", None, "Changes are for the next run", "A problem.", "Mend it"))
    assert read(controls, "problemText") == ""
    assert read(controls, "noteText") == "Changes are for the next run"


def test_a_long_problem_leaves_room_for_its_mending(controls: TrainControls) -> None:
    controls.show_controls(Controls("problem", None, "", "One two three four five. " * 12, "Use learning rate 0.001"))
    QApplication.processEvents()
    assert read(controls, "problemText").endswith("…")
    mend = press(controls, "mendButton")
    assert mend.geometry().bottom() < controls.height()
    problem = controls.findChild(QLabel, "problemText")
    assert problem is not None
    assert problem.geometry().bottom() < mend.y()
    assert problem.heightForWidth(problem.width()) <= problem.height(), "no line is cut in the middle"


def test_every_button_says_what_is_asked(qtbot: QtBot, controls: TrainControls) -> None:
    for shown, name, signal in (
        (Controls("ready"), "trainButton", controls.train_asked),
        (Controls("running"), "pauseButton", controls.pause_asked),
        (Controls("paused"), "pauseButton", controls.continue_asked),
        (Controls("running"), "stopButton", controls.stop_asked),
        (Controls("paused"), "stepButton", controls.step_asked),
        (Controls("problem", problem="P", mending_label="M"), "mendButton", controls.mend_asked),
    ):
        controls.show_controls(shown)
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(press(controls, name), Qt.MouseButton.LeftButton)


def test_stopping_cannot_be_asked_twice(controls: TrainControls) -> None:
    controls.show_controls(Controls("stopping"))
    assert not press(controls, "pauseButton").isEnabled()
    assert not press(controls, "stopButton").isEnabled()


def test_a_double_click_on_train_does_not_pause(qtbot: QtBot, controls: TrainControls) -> None:
    controls.train_asked.connect(lambda: controls.show_controls(Controls("running")))
    controls.show_controls(Controls("ready"))
    qtbot.mouseClick(press(controls, "trainButton"), Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(controls.pause_asked):
        QTest.mouseDClick(press(controls, "pauseButton"), Qt.MouseButton.LeftButton)


def test_ctrl_return_trains_in_every_state_that_has_train(qtbot: QtBot, controls: TrainControls) -> None:
    qtbot.waitUntil(controls.isActiveWindow)
    for state in ("ready", "finished", "stopped", "failed", "loading"):
        controls.show_controls(Controls(state, 9))
        with qtbot.waitSignal(controls.train_asked):
            QTest.keySequence(controls, QKeySequence("Ctrl+Return"))


def test_ctrl_return_does_nothing_while_it_runs(qtbot: QtBot, controls: TrainControls) -> None:
    qtbot.waitUntil(controls.isActiveWindow)
    controls.show_controls(Controls("running"))
    with qtbot.assertNotEmitted(controls.train_asked):
        QTest.keySequence(controls, QKeySequence("Ctrl+Return"))


def test_what_is_being_typed_is_finished_before_training(qtbot: QtBot) -> None:
    around, field, controls = QWidget(), QLineEdit(), TrainControls()
    qtbot.addWidget(around)
    column = QVBoxLayout(around)
    column.addWidget(field)
    column.addWidget(controls)
    controls.show_controls(Controls("ready"))
    around.show()
    qtbot.waitUntil(around.isActiveWindow)
    field.setFocus()
    qtbot.keyClicks(field, "0.5")
    order: list[str] = []
    field.editingFinished.connect(lambda: order.append("typed"))
    controls.train_asked.connect(lambda: order.append("train"))
    qtbot.mouseClick(press(controls, "trainButton"), Qt.MouseButton.LeftButton)
    assert order == ["typed", "train"]


def test_the_keyboard_goes_on_from_train_to_pause(qtbot: QtBot, controls: TrainControls) -> None:
    qtbot.waitUntil(controls.isActiveWindow)
    controls.show_controls(Controls("ready"))
    press(controls, "trainButton").setFocus(Qt.FocusReason.TabFocusReason)
    controls.show_controls(Controls("running"))
    assert press(controls, "pauseButton").hasFocus()
    controls.show_controls(Controls("finished"))
    assert press(controls, "trainButton").hasFocus()


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_run_that_is_held_back_says_so_and_can_be_let_go(qtbot: QtBot, controls: TrainControls, state: State) -> None:
    controls.resize(227, controls.height())
    controls.show_controls(Controls(state, note="Changes are for the next run", speed=20))
    QApplication.processEvents()
    assert read(controls, "slowText") == "Slow: 20 steps a second ·"
    assert (read(controls, "noteText"), read(controls, "shortNoteText")) == ("", "")
    words, link = controls.findChild(ElidedLabel, "slowText"), press(controls, "fullSpeed")
    assert words is not None
    assert words.shown() == words.text(), "it has room in the small window too"
    assert link.width() >= link.sizeHint().width()
    assert link.mapTo(controls, link.rect().bottomLeft()).y() < controls.height()
    with qtbot.waitSignal(controls.full_speed_asked):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    controls.show_controls(Controls(state, note="Changes are for the next run"))
    assert not link.isVisible()


@pytest.mark.parametrize("state", ["ready", "stopping", "finished"])
def test_only_a_run_that_goes_on_can_be_let_go(controls: TrainControls, state: State) -> None:
    controls.show_controls(Controls(state, note="A note", speed=5))
    assert not press(controls, "fullSpeed").isVisible()
    assert read(controls, "noteText") == "A note"
