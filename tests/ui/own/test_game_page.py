"""You against it, by mouse and by keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, load_images, watched_samples
from fmstudio.runs.run import Run
from fmstudio.session.game import Game
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import PicturesWatched, Predictions, RunStarted, StepsTaken
from fmstudio.ui import theme
from fmstudio.ui.own.game_page import GamePage
from fmstudio.ui.pictures.caption_wall import CaptionWall


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist")


def sight(run: Run, data: ImageData | None) -> Sight:
    return Sight(run, None, 1, data, Selection(watched=True), None, None, None, None, None)


def learning(data: ImageData, wrong: int) -> Run:
    """A run in its second epoch that has the first pictures of the game wrong."""
    watched = watched_samples(data.test.labels)
    labels = data.test.labels[watched]
    bad = np.isin(watched, Game(data).pictures.samples[:wrong])
    predicted = np.where(bad, (labels + 1) % 10, labels)
    run = Run(id="r")
    run.apply(RunStarted(run="r", epochs=2, steps_per_epoch=10, train_size=10, test_size=10))
    ones = np.ones(15, np.float32)
    run.apply(StepsTaken(step=15, epoch=2, losses=ones, rates=ones, seconds=1.0))
    shares = np.eye(10, dtype=np.float16)[predicted]
    given = Predictions(watched, labels, predicted, np.zeros(len(labels), np.float32), shares)
    run.apply(PicturesWatched(step=15, predictions=given))
    return run


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, data: ImageData) -> GamePage:
    theme.apply(qapp, "light")
    made = GamePage()
    qtbot.addWidget(made)
    made.resize(408, 760)
    made.show_sight(sight(Run(), data))
    made.show()
    return made


def shown(page: GamePage) -> list[str]:
    return [made.text() for made in page.findChildren(QLabel) if made.isVisible() and made.text()]


def play(page: GamePage, data: ImageData, wrong: int = 0) -> None:
    """Answer by keyboard, the first few wrongly."""
    for place, label in enumerate(Game(data).pictures.labels.tolist()):
        answer = (label + 1) % 10 if place < wrong else label
        QTest.keyClick(page, Qt.Key((Qt.Key.Key_1 if answer < 9 else Qt.Key.Key_0) + answer % 9))


def button(page: GamePage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def test_a_picture_is_shown_without_its_label_over_all_classes(page: GamePage, data: ImageData) -> None:
    assert "1 of 20" in shown(page)
    assert [made.text().split()[0] for made in page.options] == [*"1234567890"]
    assert [made.accessibleName() for made in page.options] == list(data.classes)
    assert not any(name in text for name in data.classes for text in shown(page))


def test_a_click_names_it_and_the_next_one_comes(page: GamePage) -> None:
    QTest.mouseClick(page.options[3], Qt.MouseButton.LeftButton)
    assert "2 of 20" in shown(page)
    QTest.keyClick(page, Qt.Key.Key_Backspace)
    assert "1 of 20" in shown(page)


def test_the_keys_work_from_wherever_the_focus_is(page: GamePage) -> None:
    page.options[5].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.options[5], Qt.Key.Key_1)
    QTest.keyClick(page.options[5], Qt.Key.Key_0, Qt.KeyboardModifier.KeypadModifier)
    assert "3 of 20" in shown(page)


def test_at_the_end_both_scores_and_what_was_wrong(page: GamePage, data: ImageData, qtbot: QtBot) -> None:
    page.show_sight(sight(learning(data, 5), data))
    with qtbot.waitSignal(page.scored) as scored:
        play(page, data, wrong=4)
    assert scored.args == [0.8]
    assert "You: 16 of 20. It: 15 of 20 at epoch 2." in shown(page)
    wall = page.findChild(CaptionWall)
    assert wall is not None
    captions = [str(wall.model().index(row, 0).data()) for row in range(wall.model().rowCount())]
    assert len(captions) == 5
    assert sum("You ✗" in text for text in captions) == 4
    assert all("It ✗" in text for text in captions)


def test_what_it_learns_after_the_end_still_counts(page: GamePage, data: ImageData, qtbot: QtBot) -> None:
    play(page, data)
    assert "You: 20 of 20. It has not been asked yet: press Train." in shown(page)
    assert "Not one was wrong." in shown(page)
    with qtbot.assertNotEmitted(page.scored):
        page.show_sight(sight(learning(data, 2), data))
    assert "You: 20 of 20. It: 18 of 20 at epoch 2." in shown(page)


def test_training_that_goes_on_disturbs_nobody(page: GamePage, data: ImageData) -> None:
    QTest.keyClick(page, Qt.Key.Key_1)
    page.show_sight(sight(learning(data, 2), data))
    assert "2 of 20" in shown(page)


def test_one_can_play_again(page: GamePage, data: ImageData) -> None:
    play(page, data)
    QTest.mouseClick(button(page, "playAgain"), Qt.MouseButton.LeftButton)
    assert "1 of 20" in shown(page)
    QTest.keyClick(page, Qt.Key.Key_2)
    assert "2 of 20" in shown(page)


def test_before_the_pictures_are_read_it_says_so(page: GamePage, data: ImageData) -> None:
    page.show_sight(sight(Run(), None))
    assert "There are no pictures to play with yet." in shown(page)
    page.show_sight(sight(Run(), data))
    assert "1 of 20" in shown(page)
