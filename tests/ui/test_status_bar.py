import pytest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.status_bar import StatusBar


@pytest.fixture
def bar(qapp: QApplication, qtbot: QtBot) -> StatusBar:
    theme.apply(qapp, "light")
    made = StatusBar()
    qtbot.addWidget(made)
    made.resize(1280, made.height())
    made.show()
    return made


def texts(bar: StatusBar) -> list[str]:
    shown = [text for text in bar.findChildren(QLabel) if text.isVisible() and text.text()]
    return [text.text() for text in sorted(shown, key=lambda text: text.x())]


def progress(bar: StatusBar) -> QProgressBar:
    found = bar.findChild(QProgressBar, "progressBar")
    assert found is not None
    return found


def test_it_says_where_the_run_is(bar: StatusBar) -> None:
    bar.show_progress("Epoch 1 of 2", 0.43, "43 % · about 5 s left", "CPU · 12,000 pictures/s", True)
    assert texts(bar) == ["Epoch 1 of 2", "43 % · about 5 s left", "CPU · 12,000 pictures/s", "saved ✓"]
    assert progress(bar).value() / progress(bar).maximum() == pytest.approx(0.43)


def test_without_a_share_there_is_no_bar_and_room_for_a_sentence(bar: StatusBar) -> None:
    sentence = "Stopped by you at epoch 1; the network was kept, and everything that it has learned so far with it"
    bar.show_progress(sentence, None, "", "", False)
    QApplication.processEvents()
    assert texts(bar) == [sentence]
    assert not progress(bar).isVisible()
    assert bar.findChild(QWidget, "statusText").toolTip() == "", "nothing is cut off"


def test_nothing_jumps_while_the_numbers_change(bar: StatusBar) -> None:
    places = set()
    for share, speed in ((0.01, "9,800"), (0.11, "12,111"), (0.48, "14,288"), (1.0, "11,111")):
        bar.show_progress(
            "Epoch 1 of 2", share, f"{share:.0%} · about {9 - 8 * share:.0f} s left", f"CPU · {speed} pictures/s", True
        )
        QApplication.processEvents()
        places.add((progress(bar).geometry().getRect(), bar.findChild(QWidget, "progressText").x()))
    assert len(places) == 1


def test_a_place_that_had_to_grow_stays_so(bar: StatusBar) -> None:
    bar.show_progress("Epoch 100 of 100", 0.5, "", "", False)
    QApplication.processEvents()
    wide = progress(bar).x()
    bar.show_progress("Epoch 1 of 100", 0.5, "", "", False)
    QApplication.processEvents()
    assert progress(bar).x() == wide


def test_saved_is_said_only_when_it_is_so(bar: StatusBar) -> None:
    bar.show_progress("Epoch 1 of 2", 0.5, "", "", False)
    assert "saved ✓" not in texts(bar)
    bar.show_progress("Epoch 1 of 2", 0.5, "", "", True)
    assert "saved ✓" in texts(bar)


def test_in_a_narrow_window_the_queue_takes_the_place_of_the_speed(qtbot: QtBot, bar: StatusBar) -> None:
    bar.show_progress("Epoch 1 of 2", 0.4, "43 % · about 5 s left", "CPU · 12,000 pictures/s", True)
    speed, queue = bar.findChild(QLabel, "speedText"), bar.findChild(QPushButton, "queueLine")
    assert speed is not None
    assert queue is not None
    assert (speed.isVisible(), queue.isVisible()) == (True, False)
    bar.show_queue("2 of 5 in the queue · about 3 min left")
    assert (speed.isVisible(), queue.isVisible()) == (False, True)
    bar.resize(1440, bar.height())
    assert (speed.isVisible(), queue.isVisible()) == (True, True)
    with qtbot.waitSignal(bar.queue_asked):
        queue.click()
