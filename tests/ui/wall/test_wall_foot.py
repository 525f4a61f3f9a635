import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import SIZES, SMALL
from fmstudio.ui.wall.wall_foot import WallFoot


@pytest.fixture
def foot(qtbot: QtBot, qapp: QApplication) -> WallFoot:
    theme.apply(qapp, "light")
    made = WallFoot()
    qtbot.addWidget(made)
    made.resize(612, made.height())
    made.show()
    qtbot.waitExposed(made)
    return made


def slider(foot: WallFoot) -> QSlider:
    found = foot.findChild(QSlider, "pictureSize")
    assert isinstance(found, QSlider)
    return found


def seen(foot: WallFoot) -> list[str]:
    """What can be read, from left to right; nothing of it is cut."""
    layout = foot.layout()
    assert layout is not None
    layout.activate()
    parts: list[QWidget] = [*foot.findChildren(QPushButton), slider(foot)]
    parts = sorted((part for part in parts if part.isVisible()), key=lambda part: part.x())
    assert all(part.x() >= 0 and part.x() + part.width() <= foot.width() for part in parts)
    assert all(part.width() >= part.sizeHint().width() for part in parts if isinstance(part, QPushButton))
    return [part.text() if isinstance(part, QPushButton) else "size" for part in parts]


def test_the_slider_begins_at_the_usual_size_and_obeys_the_keyboard(foot: WallFoot, qtbot: QtBot) -> None:
    chosen: list[int] = []
    foot.size_chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(slider(foot), key)
    place = SIZES.index(SMALL)
    assert chosen == [SIZES[place + 1], SMALL, 28, 140]


def test_shows_the_next_size(foot: WallFoot, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(foot.size_chosen):
        for edge, shown in ((28, 28), (51, 50), (1000, 140), (-3, 28)):
            foot.show_size(edge)
            assert SIZES[slider(foot).value()] == shown


@pytest.mark.parametrize(
    ("width", "picks", "expected"),
    [
        (612, 0, ["You against it", "Try your own", "size"]),
        (612, 5, ["You against it", "Try your own", "The 5 picked ones", "size"]),
        (402, 5, ["You against it", "Try your own", "5 picked", "size"]),
        (240, 5, ["You against it", "Try your own"]),
    ],
)
def test_what_has_no_room_is_said_shorter_or_left_out(
    foot: WallFoot, width: int, picks: int, expected: list[str]
) -> None:
    foot.show_picks(picks)
    foot.resize(width, foot.height())
    assert seen(foot) == expected


def test_the_picked_ones_are_asked_for(foot: WallFoot, qtbot: QtBot) -> None:
    foot.show_picks(5)
    link = foot.findChild(QPushButton, "showPicked")
    assert isinstance(link, QPushButton)
    with qtbot.waitSignal(foot.picks_asked, timeout=0):
        link.click()
