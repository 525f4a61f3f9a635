import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from fmstudio.ui import theme
from fmstudio.ui.drawer import WIDE, WIDTH, Drawer
from fmstudio.ui.preferences import Preferences


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)
        self.resize(1280, 720)
        self.drawer = Drawer(self)


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Window:
    theme.apply(qapp, "light")
    made = Window()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_it_covers_the_right_and_squeezes_nothing(window: Window) -> None:
    before = window.field.geometry().getRect()
    assert window.drawer.isHidden()
    window.drawer.show_content("Lesson", QLabel("text"))
    QApplication.processEvents()
    area = window.drawer.geometry()
    assert (area.right(), area.top(), area.bottom()) == (1279, 0, 719)
    assert WIDTH <= area.width() <= WIDTH + 20
    assert window.field.geometry().getRect() == before


def test_it_follows_the_size_of_the_window(window: Window) -> None:
    window.drawer.show_content("Lesson", QLabel("text"))
    window.resize(1000, 500)
    QApplication.processEvents()
    assert (window.drawer.geometry().right(), window.drawer.height()) == (999, 500)


def test_it_takes_at_most_half_of_a_small_window(window: Window) -> None:
    window.resize(600, 500)
    window.drawer.show_content("Lesson", QLabel("text"))
    content = window.drawer.content
    QApplication.processEvents()
    assert content is not None
    assert content.width() < 300


def test_it_is_wider_for_long_lines_and_narrow_again_after_them(window: Window) -> None:
    widths = []
    for width in (WIDE, WIDTH):
        window.drawer.show_content("Code", QLabel("text"), width)
        widths.append(window.drawer.width())
    assert widths[0] - widths[1] == WIDE - WIDTH
    window.resize(1000, 500)
    window.drawer.show_content("Code", QLabel("text"), WIDE)
    assert window.drawer.width() <= 520


def test_it_has_a_title_and_one_thing_at_a_time(window: Window) -> None:
    first, second = QLabel("first"), QLabel("second")
    window.drawer.show_content("One", first)
    window.drawer.show_content("Two", second)
    title = window.drawer.findChild(QLabel, "drawerTitle")
    assert title is not None
    assert title.text() == "Two"
    assert second.isVisible()
    assert window.drawer.content is second
    QApplication.sendPostedEvents(first, QEvent.Type.DeferredDelete)
    assert not isValid(first)


def test_showing_the_same_again_keeps_it(window: Window) -> None:
    page = QLabel("page")
    window.drawer.show_content("One", page)
    window.drawer.show_content("Again", page)
    QApplication.processEvents()
    assert isValid(page)
    assert page.isVisible()


def test_esc_closes_it_and_the_focus_returns(qtbot: QtBot, window: Window) -> None:
    window.field.setFocus()
    inner = QLineEdit()
    window.drawer.show_content("Search", inner)
    assert inner.hasFocus()
    with qtbot.waitSignal(window.drawer.closed):
        qtbot.keyClick(inner, Qt.Key.Key_Escape)
    assert window.drawer.isHidden()
    assert window.field.hasFocus()


def test_esc_inside_is_the_drawers_even_where_the_window_has_a_shortcut_for_it(qtbot: QtBot, window: Window) -> None:
    asked: list[bool] = []
    action = QAction(window)
    action.setShortcut(QKeySequence(Qt.Key.Key_Escape))
    action.triggered.connect(lambda: asked.append(True))
    window.addAction(action)
    inner = QLineEdit()
    window.drawer.show_content("Search", inner)
    qtbot.keyClick(inner, Qt.Key.Key_Escape)
    assert asked == []
    assert window.drawer.isHidden()


def test_its_cross_closes_it(qtbot: QtBot, window: Window) -> None:
    window.drawer.show_content("Lesson", QLabel("text"))
    cross = window.drawer.findChild(QPushButton, "drawerClose")
    assert cross is not None
    assert cross.hasFocus(), "there is nothing else inside that takes keys"
    with qtbot.waitSignal(window.drawer.closed):
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert window.drawer.isHidden()
    assert window.drawer.content is None


def test_closing_what_is_closed_says_nothing(qtbot: QtBot, window: Window) -> None:
    with qtbot.assertNotEmitted(window.drawer.closed):
        assert not window.drawer.close()


def test_the_focus_stays_where_the_user_went_meanwhile(window: Window) -> None:
    other = QLineEdit(window)
    other.show()
    window.field.setFocus()
    window.drawer.show_content("Lesson", QLabel("text"))
    other.setFocus()
    window.drawer.close()
    assert other.hasFocus()


def test_it_survives_that_the_place_of_the_focus_is_gone(qtbot: QtBot, window: Window) -> None:
    gone = QLineEdit(window)
    gone.show()
    gone.setFocus()
    window.drawer.show_content("Lesson", QLabel("text"))
    gone.deleteLater()
    QApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete)
    window.drawer.close()
    assert window.drawer.isHidden()


def test_it_goes_over_to_the_other_side_and_stays_there(qtbot: QtBot, window: Window) -> None:
    flip = window.drawer.findChild(QPushButton, "drawerFlip")
    assert flip is not None
    window.drawer.show_content("Step", QLabel("text"))
    width = window.drawer.width()
    for side, edge in (("left", 0), ("right", 1280 - width)):
        qtbot.mouseClick(flip, Qt.MouseButton.LeftButton)
        assert (window.drawer.side, window.drawer.x(), window.drawer.width()) == (side, edge, width)
        assert Preferences().drawer_side == side
    qtbot.mouseClick(flip, Qt.MouseButton.LeftButton)
    window.drawer.show_content("Code", QLabel("code"), WIDE)
    window.resize(1440, 720)
    QApplication.processEvents()
    assert window.drawer.x() == 0
    assert flip.toolTip() == "Move to the right side"
    again = Drawer(window)
    again.show_content("Lesson", QLabel("text"))
    assert again.x() == 0, "it is remembered"


class Around(QWidget):
    """A window that holds the place of the drawer beside other things."""

    def __init__(self) -> None:
        super().__init__()
        self.beside, self.search = QLineEdit(), Search()
        place = QWidget()
        column = QVBoxLayout(self)
        for part in (self.beside, self.search, place):
            column.addWidget(part)
        self.drawer = Drawer(place)


class Search(QLineEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


@pytest.fixture
def around(qapp: QApplication, qtbot: QtBot) -> Around:
    theme.apply(qapp, "light")
    made = Around()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_esc_closes_it_from_anywhere_in_the_window(qtbot: QtBot, around: Around) -> None:
    around.drawer.show_content("Help", QLabel("text"))
    around.beside.setFocus()
    qtbot.keyClick(around.beside, Qt.Key.Key_Escape)
    assert around.drawer.isHidden()
    assert around.beside.hasFocus()
    around.drawer.show_content("Help", QLabel("text"))
    qtbot.keyClick(around, Qt.Key.Key_Escape)
    assert around.drawer.isHidden(), "also where nothing has the focus"


def test_esc_is_first_for_the_field_that_has_a_use_for_it(qtbot: QtBot, around: Around) -> None:
    around.drawer.show_content("Help", QLabel("text"))
    around.search.setFocus()
    around.search.setText("rate")
    qtbot.keyClick(around.search, Qt.Key.Key_Escape)
    assert (around.search.text(), around.drawer.isVisible()) == ("", True)
    qtbot.keyClick(around.search, Qt.Key.Key_Escape)
    assert around.drawer.isHidden()
