from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.data.library import PictureSet
from fmstudio.session.picture_list import PictureListModel, Roles
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import SIZES, SMALL, image_of, scaled
from fmstudio.ui.pictures.picture_view import HEADING, PictureView

CLASSES = ("T-shirt", "Shirt")
LARGE = 112
LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def pictures(count: int) -> PictureSet:
    """Pictures of one grey each, that of their number."""
    images = np.empty((count, 28, 28), np.uint8)
    images[:] = (np.arange(count) % 256)[:, None, None]
    return PictureSet(images, np.arange(count) % 2, np.arange(count))


def answers(count: int, wrong: set[int]) -> Predictions:
    labels = np.arange(count) % 2
    predicted = np.array([1 - label if row in wrong else label for row, label in enumerate(labels)])
    probabilities = np.full((count, 2), 0.25, np.float16)
    probabilities[np.arange(count), predicted] = 0.75
    return Predictions(np.arange(count), labels, predicted, np.zeros(count, np.float32), probabilities)


def fill(view: PictureView, count: int, wrong: set[int] | None = None) -> None:
    model = view.model()
    assert isinstance(model, PictureListModel)
    model.show(pictures(count), CLASSES, None if wrong is None else answers(count, wrong), np.arange(count))


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> PictureView:
    theme.apply(qapp, "light")
    model = PictureListModel()
    made = PictureView(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.style_pictures(CLASSES, lines=2)
    made.resize(640, 380)
    made.show()
    qtbot.waitExposed(made)
    fill(made, 1000)
    return made


def grabbed(view: PictureView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def on_screen(view: PictureView) -> QImage:
    """What a person sees of the wall: not painted for this, but as it was painted last."""
    place = view.viewport().geometry()
    image = view.screen().grabWindow(view.winId()).toImage().copy(place)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def frame_colour(view: PictureView, row: int) -> str:
    """The colour in the middle of the upper edge of a picture's frame."""
    rect = view.visualRect(view.model().index(row, 0))
    return grabbed(view).pixelColor(rect.center().x(), rect.top() + 5).name()


def press(qtbot: QtBot, view: PictureView, *keys: Qt.Key) -> int:
    for key in keys:
        qtbot.keyClick(view, key)
    return int(view.currentIndex().row())


def in_sight(view: PictureView, row: int) -> bool:
    return bool(view.viewport().rect().contains(view.visualRect(view.model().index(row, 0))))


@pytest.mark.parametrize("width", [300, 441, 640, 1117])
def test_columns_fill_the_width_evenly(view: PictureView, width: int) -> None:
    view.resize(width, 380)
    rects = [view.visualRect(view.model().index(row, 0)) for row in range(view.columns())]
    assert view.columns() > 1
    assert len({rect.top() for rect in rects}) == 1
    assert rects[0].left() == 0
    assert all(left.right() + 1 == right.left() for left, right in pairwise(rects))
    assert max(rect.width() for rect in rects) - min(rect.width() for rect in rects) <= 1
    assert 0 <= width - rects[-1].right() <= 20


def test_the_next_picture_begins_a_new_line(view: PictureView) -> None:
    above, below = (view.visualRect(view.model().index(row, 0)) for row in (0, view.columns()))
    assert (above.left(), above.bottom() + 1) == (below.left(), below.top())


def test_a_place_belongs_to_the_picture_that_is_painted_there(view: PictureView) -> None:
    view.verticalScrollBar().setValue(333)
    for x in range(0, view.visualRect(view.model().index(view.columns() - 1, 0)).right() + 1, 7):
        for y in range(0, 380, 11):
            index = view.indexAt(QPoint(x, y))
            assert view.visualRect(index).contains(x, y)


def test_beside_and_below_the_pictures_is_nothing(view: PictureView) -> None:
    fill(view, 3)
    assert not view.indexAt(QPoint(view.visualRect(view.model().index(2, 0)).right() + 5, 10)).isValid()
    assert not view.indexAt(QPoint(5, 300)).isValid()
    assert not view.indexAt(QPoint(view.viewport().width() - 1, 10)).isValid()


def test_seventy_thousand_pictures_scroll_to_the_last(view: PictureView, qtbot: QtBot) -> None:
    fill(view, 70_000)
    view.doItemsLayout()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert in_sight(view, 69_999)
    last = view.visualRect(view.model().index(69_999, 0))
    assert grabbed(view).pixelColor(last.center().x(), last.top() + 30).value() == 69_999 % 256


def test_scrolled_pictures_look_like_painted_ones(view: PictureView, qtbot: QtBot) -> None:
    """What is moved while scrolling, and only painted where it is new, is what a fresh painting shows."""
    fill(view, 1000, wrong={7, 33})
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 1200)
    for place in (40, 95, 60, 1200, 1230):
        view.verticalScrollBar().setValue(place)
        QApplication.processEvents()
    assert on_screen(view) == grabbed(view)


def test_new_answers_reach_the_screen(view: PictureView) -> None:
    shown, model = pictures(1000), view.model()
    assert isinstance(model, PictureListModel)
    for wrong in ({1}, {2}):
        model.show(shown, CLASSES, answers(1000, wrong), np.arange(1000))
        QApplication.processEvents()
    assert on_screen(view) == grabbed(view)


def test_other_pictures_are_not_mixed_up_with_the_last_ones(view: PictureView) -> None:
    def greys() -> list[int]:
        rects = [view.visualRect(view.model().index(row, 0)) for row in range(3)]
        return [grabbed(view).pixelColor(rect.center().x(), rect.top() + 30).red() for rect in rects]

    model = view.model()
    assert isinstance(model, PictureListModel)
    assert greys() == [0, 1, 2]
    model.show(pictures(1000), CLASSES, None, np.array([200, 100, 50]))
    assert greys() == [200, 100, 50]


def test_frames_tell_right_from_wrong(view: PictureView) -> None:
    assert frame_colour(view, 3) == QColor(theme.current().line).name()
    fill(view, 1000, wrong={3})
    assert frame_colour(view, 3) == QColor(theme.current().wrong).name()
    assert frame_colour(view, 4) == QColor(theme.current().right).name()


def test_captions_change_with_the_answer(view: PictureView) -> None:
    def caption() -> QImage:
        rect = view.visualRect(view.model().index(3, 0))
        return grabbed(view).copy(rect.adjusted(0, SMALL + 10, 0, 0))

    asleep = caption()
    fill(view, 1000, wrong={3})
    wrong = caption()
    fill(view, 1000, wrong=set())
    assert asleep != wrong != caption() != asleep


def test_answers_that_change_keep_place_and_current_picture(view: PictureView) -> None:
    shown, model = pictures(1000), view.model()
    assert isinstance(model, PictureListModel)
    model.show(shown, CLASSES, answers(1000, {3}), np.arange(1000))
    view.go(500)
    place = view.verticalScrollBar().value()
    model.show(shown, CLASSES, answers(1000, {500}), np.arange(1000))
    assert place == view.verticalScrollBar().value() > 0
    assert view.currentIndex().row() == 500
    assert frame_colour(view, 500) == QColor(theme.current().wrong).name()


def test_the_keyboard_walks_over_the_wall(view: PictureView, qtbot: QtBot) -> None:
    view.setFocus()
    columns = view.columns()
    view.go(0)
    assert press(qtbot, view, Qt.Key.Key_Right, Qt.Key.Key_Right) == 2
    assert press(qtbot, view, Qt.Key.Key_Left) == 1
    assert press(qtbot, view, Qt.Key.Key_Down, Qt.Key.Key_Down) == 1 + 2 * columns
    assert press(qtbot, view, Qt.Key.Key_Up) == 1 + columns
    assert press(qtbot, view, Qt.Key.Key_Home, Qt.Key.Key_Up, Qt.Key.Key_Left) == 0
    assert press(qtbot, view, *[Qt.Key.Key_Right] * columns) == columns
    assert press(qtbot, view, Qt.Key.Key_End) == 999
    assert in_sight(view, 999)
    assert press(qtbot, view, Qt.Key.Key_Down, Qt.Key.Key_Right) == 999
    assert press(qtbot, view, Qt.Key.Key_PageUp) < 999 - columns
    assert press(qtbot, view, Qt.Key.Key_Home) == 0
    assert in_sight(view, 0)


def test_the_first_key_goes_to_an_end(view: PictureView, qtbot: QtBot) -> None:
    view.begin()
    assert press(qtbot, view, Qt.Key.Key_Down) == 0
    view.begin()
    assert press(qtbot, view, Qt.Key.Key_End) == 999


def test_an_empty_wall_stands_the_keyboard(view: PictureView, qtbot: QtBot) -> None:
    fill(view, 0)
    assert press(qtbot, view, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Return) == -1
    assert not view.indexAt(QPoint(5, 5)).isValid()
    assert grabbed(view).pixelColor(5, 5).name() == theme.current().card


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_open_the_current_picture(view: PictureView, qtbot: QtBot, key: Qt.Key) -> None:
    view.go(12)
    with qtbot.waitSignal(view.opened, timeout=0) as opened:
        qtbot.keyClick(view, key)
    assert opened.args == [12]


def test_a_click_opens_a_picture_and_makes_it_the_current_one(view: PictureView, qtbot: QtBot) -> None:
    view.verticalScrollBar().setValue(400)
    row = view.indexAt(QPoint(200, 200)).row()
    opened: list[int] = []
    moved: list[int] = []
    view.opened.connect(opened.append)
    view.moved.connect(moved.append)
    qtbot.mouseClick(view.viewport(), LEFT, pos=QPoint(200, 200))
    assert (opened, moved) == ([row], [row])
    assert view.currentIndex().data(Roles.SAMPLE) == row
    assert [index.row() for index in view.selectedIndexes()] == [row]


def test_the_current_picture_has_a_ring_that_tells_where_the_keyboard_is(view: PictureView) -> None:
    rect = view.visualRect(view.model().index(2, 0))

    def ring() -> str:
        return grabbed(view).pixelColor(rect.center().x(), rect.top() + 1).name()

    assert ring() == theme.current().card
    view.go(2)
    view.setFocus()
    assert ring() == theme.current().accent
    view.clearFocus()
    assert ring() == theme.current().text
    view.go(3)
    assert ring() == theme.current().card


def test_the_picture_under_the_mouse_has_a_thin_ring(view: PictureView, qtbot: QtBot) -> None:
    rect = view.visualRect(view.model().index(12, 0))
    assert grabbed(view).pixelColor(rect.center().x(), rect.top() + 2).name() == theme.current().card
    qtbot.mouseMove(view.viewport(), QPoint(5, 5))
    qtbot.mouseMove(view.viewport(), rect.center())
    qtbot.waitUntil(
        lambda: grabbed(view).pixelColor(rect.center().x(), rect.top() + 2).name() == theme.current().secondary
    )


def test_escape_is_told(view: PictureView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.escaped, timeout=0):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


def test_focus_moves_nothing(view: PictureView, qtbot: QtBot) -> None:
    view.clearFocus()
    before = view.viewport().geometry()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert view.viewport().geometry() == before


def frame_width(view: PictureView, row: int) -> int:
    view.scrollTo(view.model().index(row, 0))
    rect, image = view.visualRect(view.model().index(row, 0)), grabbed(view)
    line = QColor(theme.current().line)
    xs = [x for x in range(rect.left(), rect.right()) if image.pixelColor(x, rect.top() + 30) == line]
    return xs[-1] - xs[0] + 1


def test_another_size_keeps_the_picture_at_the_top(view: PictureView) -> None:
    view.verticalScrollBar().setValue(2000)
    top = view.indexAt(QPoint(5, 20)).row()
    columns = view.columns()
    view.style_pictures(CLASSES, lines=2, edge=LARGE)
    assert view.edge == LARGE
    assert view.columns() < columns
    assert view.indexAt(QPoint(5, 20)).row() <= top < view.indexAt(QPoint(5, 20)).row() + 2 * view.columns()


def test_the_frame_grows_with_the_picture(view: PictureView) -> None:
    assert frame_width(view, 0) == SMALL + 4
    view.style_pictures(CLASSES, lines=2, edge=LARGE)
    assert frame_width(view, 0) == LARGE + 4


def test_coming_again_to_a_picture_does_not_scroll(view: PictureView) -> None:
    view.verticalScrollBar().setValue(1000)
    view.keep(5)
    assert view.currentIndex().row() == 5
    assert view.verticalScrollBar().value() == 1000
    view.begin()
    assert not view.currentIndex().isValid()
    assert view.verticalScrollBar().value() == 0


@pytest.mark.parametrize("edge", SIZES)
def test_every_size_has_room_for_its_captions(view: PictureView, edge: int) -> None:
    """What is painted of a picture stays in its cell, and right and wrong are told by a sign, not by colour alone."""
    view.style_pictures(CLASSES, lines=3, edge=edge)
    fill(view, 1000, wrong={0})
    cells = [view.visualRect(view.model().index(row, 0)) for row in range(2)]
    image = grabbed(view)
    assert cells[0].width() >= edge
    captions = [image.copy(cell.adjusted(0, edge + 10, 0, 0)) for cell in cells]
    assert captions[0] != captions[1]
    for number, cell in enumerate(cells):
        last = image.copy(cell.left(), cell.bottom() - 1, cell.width(), 2)
        assert colours(last) == {theme.current().card}, number


def test_how_sure_it_was_changes_the_caption_at_sizes_with_words(view: PictureView) -> None:
    def caption(edge: int, sure: float) -> QImage:
        view.style_pictures(CLASSES, lines=3, edge=edge)
        given = answers(1000, set())
        given.probabilities[0, 0] = sure
        model = view.model()
        assert isinstance(model, PictureListModel)
        model.show(pictures(1000), CLASSES, given, np.arange(1000))
        return grabbed(view).copy(view.visualRect(view.model().index(0, 0)).adjusted(0, edge + 10, 0, 0))

    assert caption(SMALL, 0.75) != caption(SMALL, 0.5)
    assert caption(LARGE, 0.75) != caption(LARGE, 0.5)
    assert caption(28, 0.75) == caption(28, 0.5)


@pytest.fixture
def several(qtbot: QtBot, qapp: QApplication) -> PictureView:
    """A wall in which several pictures can be picked."""
    theme.apply(qapp, "light")
    model = PictureListModel()
    made = PictureView(model, several=True)
    model.setParent(made)
    qtbot.addWidget(made)
    made.style_pictures(CLASSES, lines=2)
    made.resize(640, 380)
    made.show()
    qtbot.waitExposed(made)
    fill(made, 1000, wrong=set())
    return made


def click(view: PictureView, qtbot: QtBot, row: int, keys: Qt.KeyboardModifier) -> None:
    qtbot.mouseClick(view.viewport(), LEFT, keys, view.visualRect(view.model().index(row, 0)).center())


def ground(view: PictureView, row: int) -> str:
    """The colour beside the caption of a picture."""
    rect = view.visualRect(view.model().index(row, 0))
    return grabbed(view).pixelColor(rect.left() + 4, rect.bottom() - 6).name()


def test_ctrl_and_shift_pick_pictures_without_opening_them(several: PictureView, qtbot: QtBot) -> None:
    counted: list[int] = []
    several.picks_changed.connect(counted.append)
    with qtbot.assertNotEmitted(several.opened):
        click(several, qtbot, 2, CTRL)
        assert several.picked_rows().tolist() == []
        click(several, qtbot, 5, CTRL)
        click(several, qtbot, 5 + several.columns(), CTRL)
        assert several.picked_rows().tolist() == [2, 5, 5 + several.columns()]
        click(several, qtbot, 5, CTRL)
        assert several.picked_rows().tolist() == [2, 5 + several.columns()]
    assert counted == [2, 3, 2]
    assert ground(several, 2) == theme.current().accent_soft
    assert ground(several, 3) == theme.current().card
    with qtbot.waitSignal(several.opened, timeout=0) as opened:
        click(several, qtbot, 4, Qt.KeyboardModifier.NoModifier)
    assert opened.args == [4]
    assert several.picked_rows().tolist() == []
    click(several, qtbot, 4 + 2 * several.columns(), SHIFT)
    assert several.picked_rows().tolist() == list(range(4, 5 + 2 * several.columns()))


def test_keys_pick_a_range_and_all(several: PictureView, qtbot: QtBot) -> None:
    several.setFocus()
    several.go(3)
    qtbot.keyClick(several, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(several, Qt.Key.Key_Down, SHIFT)
    assert several.picked_rows().tolist() == list(range(3, 5 + several.columns()))
    qtbot.keyClick(several, Qt.Key.Key_Up, SHIFT)
    assert several.picked_rows().tolist() == [3, 4]
    qtbot.keyClick(several, Qt.Key.Key_A, CTRL)
    assert several.picked_rows().tolist() == list(range(1000))
    with qtbot.assertNotEmitted(several.escaped):
        qtbot.keyClick(several, Qt.Key.Key_Escape)
    assert several.picked_rows().tolist() == []
    assert several.currentIndex().row() == 4
    with qtbot.waitSignal(several.escaped, timeout=0):
        qtbot.keyClick(several, Qt.Key.Key_Escape)


def test_a_range_may_go_upwards_and_beyond_what_is_in_sight(several: PictureView, qtbot: QtBot) -> None:
    several.go(700)
    QApplication.processEvents()
    click(several, qtbot, 700, Qt.KeyboardModifier.NoModifier)
    several.verticalScrollBar().setValue(0)
    click(several, qtbot, 1, SHIFT)
    assert several.picked_rows().tolist() == list(range(1, 701))


def test_picks_can_be_made_again(several: PictureView) -> None:
    several.pick(np.array([1, 2, 3, 9, 500, 501]))
    assert several.picked_rows().tolist() == [1, 2, 3, 9, 500, 501]
    several.pick(np.array([], np.int64))
    assert len(several.picked_rows()) == 6


def test_other_pictures_are_not_picked(several: PictureView, qtbot: QtBot) -> None:
    several.pick(np.array([1, 2, 3]))
    with qtbot.waitSignal(several.picks_changed, timeout=0) as changed:
        fill(several, 500)
    assert changed.args == [0]
    assert several.picked_rows().tolist() == []


def test_where_one_picture_is_looked_at_nothing_is_picked(view: PictureView, qtbot: QtBot) -> None:
    click(view, qtbot, 2, Qt.KeyboardModifier.NoModifier)
    click(view, qtbot, 6, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_A, CTRL)
    assert view.picked_rows().tolist() == []


def test_each_group_stands_below_its_name(view: PictureView, qtbot: QtBot) -> None:
    view.style_pictures(CLASSES, lines=1)
    plain = view.verticalScrollBar().maximum()
    view.show_groups((0, 5, 300), ("T-shirt · 5", "Shirt · 295", "Bag · 700"))
    assert view.verticalScrollBar().maximum() > plain
    rects = [view.visualRect(view.model().index(row, 0)) for row in (0, 4, 5)]
    assert rects[0].top() == HEADING
    assert rects[2].top() == rects[1].bottom() + 1 + HEADING
    written = grabbed(view).copy(0, rects[1].bottom() + 1, 60, HEADING)
    assert len(colours(written)) > 3
    assert not view.indexAt(QPoint(10, rects[1].bottom() + 5)).isValid()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert in_sight(view, 999)
    view.go(0)
    assert press(qtbot, view, Qt.Key.Key_Down) == 5
    assert press(qtbot, view, Qt.Key.Key_Up) == 0
    for place in (7, 40, 95, 60, 1200):
        view.verticalScrollBar().setValue(place)
        QApplication.processEvents()
    assert on_screen(view) == grabbed(view)
    view.show_groups()
    assert view.verticalScrollBar().maximum() == plain


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


BOARD: NDArray[np.uint8] = np.array([[0, 255], [255, 0]], np.uint8)


def test_pixels_are_sharp_when_large_and_smooth_when_small(qapp: QApplication) -> None:
    assert colours(scaled(BOARD, 6).toImage()) == {"#000000", "#ffffff"}
    assert len(colours(scaled(BOARD, 5).toImage())) > 2


def test_a_finer_screen_gets_more_pixels(qapp: QApplication) -> None:
    pixmap = scaled(BOARD, 5, ratio=2.0)
    assert (pixmap.width(), pixmap.deviceIndependentSize().width()) == (10, 5)
    assert colours(pixmap.toImage()) == {"#000000", "#ffffff"}


def test_grey_and_coloured_pictures(qapp: QApplication) -> None:
    grey = np.arange(15, dtype=np.uint8).reshape(3, 5)
    assert [image_of(grey).pixelColor(x, 1).red() for x in range(5)] == [5, 6, 7, 8, 9]
    red = np.zeros((3, 5, 3), np.uint8)
    red[..., 0] = 200
    assert colours(image_of(red)) == {"#c80000"}
    assert colours(image_of(red[:, ::2])) == {"#c80000"}
