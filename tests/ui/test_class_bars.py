import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.class_bars import ClassBars

CLASSES = ("T-shirt/top", "Trouser", "Bag")


@pytest.fixture
def bars(qtbot: QtBot, qapp: QApplication) -> ClassBars:
    theme.apply(qapp, "light")
    made = ClassBars()
    qtbot.addWidget(made)
    made.resize(360, 120)
    made.show_counts(CLASSES, np.array([6000, 3000, 1500]), np.array([1000, 1000, 0]))
    made.show()
    qtbot.waitExposed(made)
    return made


def chosen(bars: ClassBars, qtbot: QtBot, label: int) -> int:
    """What a click on a class says."""
    with qtbot.waitSignal(bars.chosen, timeout=0) as signal:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row_rect(label).center())
    assert signal.args is not None
    return int(signal.args[0])


def length(bars: ClassBars, label: int) -> int:
    """How long the filled bar of a class is, in pixels."""
    image, row = bars.grab().toImage(), bars.row_rect(label)
    y = row.center().y() - 3
    return sum(image.pixelColor(x, y).name() == theme.current().accent for x in range(row.width()))


def test_bars_are_as_long_as_the_counts(bars: ClassBars) -> None:
    whole = length(bars, 0)
    assert whole > 60
    assert length(bars, 1) == pytest.approx(whole / 2, abs=3)
    assert length(bars, 2) == pytest.approx(whole / 4, abs=3)


def test_says_the_counts_to_a_screen_reader(bars: ClassBars) -> None:
    assert "Trouser: 3,000 to learn from, 1,000 to test" in bars.accessibleDescription()


def test_a_click_chooses_and_another_one_takes_it_back(bars: ClassBars, qtbot: QtBot) -> None:
    assert chosen(bars, qtbot, 1) == 1
    assert chosen(bars, qtbot, 2) == 2
    assert chosen(bars, qtbot, 2) == -1


def test_the_chosen_class_is_marked(bars: ClassBars, qtbot: QtBot) -> None:
    def ground() -> str:
        rect = bars.row_rect(1)
        return bars.grab().toImage().pixelColor(rect.left() + 3, rect.center().y()).name()

    assert ground() != theme.current().accent_soft
    bars.choose(1)
    assert ground() == theme.current().accent_soft
    bars.choose(-1)
    assert ground() != theme.current().accent_soft


def test_the_legend_is_not_a_class(bars: ClassBars, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bars.chosen):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(40, 8))
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(40, bars.height() - 1))


def test_the_keyboard_chooses(bars: ClassBars, qtbot: QtBot) -> None:
    heard: list[int] = []
    bars.chosen.connect(heard.append)
    keys = Qt.Key
    for key in (keys.Key_Down, keys.Key_Down, keys.Key_Down, keys.Key_Return, keys.Key_Up, keys.Key_Space):
        qtbot.keyClick(bars, key)
    qtbot.keyClick(bars, keys.Key_Escape)
    assert heard == [2, 1, -1]


def test_no_classes_need_no_room(qtbot: QtBot, qapp: QApplication) -> None:
    empty = ClassBars()
    qtbot.addWidget(empty)
    empty.resize(300, 200)
    assert not empty.grab().isNull()
    qtbot.keyClick(empty, Qt.Key.Key_Down)
