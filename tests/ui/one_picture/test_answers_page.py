from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QCheckBox, QLabel, QMainWindow, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from fmstudio.insight.network.subject import Subject
from fmstudio.session.one_picture import OnePicture
from fmstudio.ui.one_picture.answers_page import AnswersPage
from fmstudio.ui.one_picture.paint_picture import PaintPicture
from fmstudio.ui.one_picture.seen_picture import SeenPicture
from fmstudio.ui.pictures.probability_bars import ProbabilityBars

LEFT = Qt.MouseButton.LeftButton
Make = Callable[..., OnePicture]


@pytest.fixture
def page(qtbot: QtBot, asker) -> AnswersPage:
    made = AnswersPage(asker)
    qtbot.addWidget(made)
    made.resize(408, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def said(page: AnswersPage) -> list[str]:
    return [part.text() for part in page.findChildren(QLabel) if part.isVisible() and part.text()]


def bars(page: AnswersPage) -> str:
    found = page.findChild(ProbabilityBars)
    assert found is not None
    return found.accessibleDescription() if found.isVisible() else ""


def sentence(page: AnswersPage) -> str:
    found = page.findChild(QLabel, "paintingSentence")
    assert found is not None
    return found.text()


def canvas(page: AnswersPage) -> PaintPicture:
    found = page.findChild(PaintPicture)
    assert found is not None
    return found


def rub(page: AnswersPage, qtbot: QtBot, y: int = 12) -> None:
    picture = canvas(page)
    qtbot.mousePress(picture, LEFT, pos=picture.place_of(3, y))
    qtbot.mouseMove(picture, picture.place_of(24, y))
    qtbot.mouseRelease(picture, LEFT, pos=picture.place_of(24, y))


def press(page: AnswersPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    found.click()


def test_what_is_in_the_file_and_what_the_network_sees(page: AnswersPage, one_of: Make) -> None:
    one = one_of(3)
    page.show_picture(one)
    words = said(page)
    assert "28 × 28 pixels, grey" in words
    assert "1.833" in words
    assert f"{one.picture.sample:,} of the test pictures" in words
    assert any(word.startswith("28 × 28, ") for word in words)
    assert f"{100 * one.picture.confidence:.1f} %" in bars(page)
    assert "(was" not in bars(page)
    assert sentence(page) == "Rub something out, or paint: the bars follow."


def test_rubbing_out_moves_the_bars_to_what_the_network_says_then(
    page: AnswersPage, one_of: Make, asker, qtbot: QtBot
) -> None:
    one = one_of(3)
    page.show_picture(one)
    rub(page, qtbot)
    before, now = asker.subject.probabilities(np.stack([one.picture.image, canvas(page).image]))
    assert not np.allclose(before, now, atol=1e-3)
    for name, was, share in zip(one.sight.classes, before, now, strict=True):
        assert f"{name} {100 * share:.1f} %" in bars(page)
        assert f"(was {100 * was:.1f} %)" in bars(page)
    assert sentence(page).startswith(f"Was {one.sight.classes[before.argmax()]} ")
    assert one.sight.classes[now.argmax()] in sentence(page)


def test_another_class_is_told_by_now(page: AnswersPage, one_of: Make, asker, qtbot: QtBot) -> None:
    for row in range(20):
        one = one_of(row)
        page.show_picture(one)
        for y in range(3, 26, 3):
            rub(page, qtbot, y)
        before, now = asker.subject.probabilities(np.stack([one.picture.image, canvas(page).image])).argmax(1)
        if before != now:
            break
    classes = one.sight.classes
    assert sentence(page).startswith(f"Was {classes[before]} ")
    assert f"; now {classes[now]} " in sentence(page)


def test_undo_and_reset(page: AnswersPage, one_of: Make, qtbot: QtBot) -> None:
    page.show_picture(one_of(3))
    fresh = bars(page)
    rub(page, qtbot)
    once = bars(page)
    rub(page, qtbot, 18)
    press(page, "undoPainting")
    assert bars(page) == once
    press(page, "resetPainting")
    assert bars(page) == fresh
    assert not page.findChild(QPushButton, "resetPainting").isEnabled()


@pytest.fixture
def window(qtbot: QtBot, page: AnswersPage) -> Iterator[QMainWindow]:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.setCentralWidget(page)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    yield made
    made.takeCentralWidget()


def test_ctrl_z_takes_a_stroke_back_and_not_the_last_change_of_the_recipe(
    window: QMainWindow, page: AnswersPage, one_of: Make, qtbot: QtBot
) -> None:
    undone: list[bool] = []
    action = QAction("Undo", window, shortcut=QKeySequence("Ctrl+Z"))
    action.triggered.connect(undone.append)
    window.addAction(action)
    page.show_picture(one_of(3))
    rub(page, qtbot)
    assert canvas(page).hasFocus()
    qtbot.keyClick(canvas(page), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not canvas(page).is_painted
    assert not undone


def test_the_brush_paints_the_chosen_grey(page: AnswersPage, one_of: Make, qtbot: QtBot) -> None:
    page.show_picture(one_of(3))
    tools = {part.text(): part for part in page.findChildren(QPushButton)}
    grey, size = page.findChild(QSlider, "brushGrey"), page.findChild(QSlider, "brushSize")
    assert not grey.isEnabled()
    tools["Brush"].click()
    assert grey.isEnabled()
    grey.setValue(77)
    size.setValue(5)
    qtbot.mouseClick(canvas(page), LEFT, pos=canvas(page).place_of(14, 14))
    assert (canvas(page).image[12:17, 12:17] == 77).all()


def test_the_heat_map_lies_over_what_the_network_sees(page: AnswersPage, one_of: Make, qtbot: QtBot) -> None:
    page.show_picture(one_of(3))
    seen = page.findChild(SeenPicture)
    switch = page.findChild(QCheckBox, "heatMap")
    warm = seen.pixels
    assert (warm[..., 0] != warm[..., 2]).any()
    rub(page, qtbot)
    assert not np.array_equal(seen.pixels, warm)
    switch.click()
    assert (seen.pixels[..., 0] == seen.pixels[..., 2]).all()


def test_newer_answers_leave_what_is_painted_and_another_picture_does_not(
    page: AnswersPage, one_of: Make, asker, qtbot: QtBot
) -> None:
    page.show_picture(one_of(3))
    rub(page, qtbot)
    painted, told = canvas(page).image, bars(page)
    asked = len(asker.asked)
    page.show_picture(one_of(3))
    assert canvas(page).image is painted
    assert bars(page) == told
    assert len(asker.asked) == asked
    page.show_picture(one_of(4))
    page.show_picture(one_of(3))
    assert not canvas(page).is_painted


def test_another_network_is_asked_about_the_painted_picture(
    page: AnswersPage, one_of: Make, asker, subject_like: Callable[..., Subject], qtbot: QtBot
) -> None:
    page.show_picture(one_of(3))
    rub(page, qtbot)
    told = bars(page)
    asker.subject = subject_like(seed=9)
    asker.changed.emit()
    assert canvas(page).is_painted
    assert bars(page) != told


def test_a_late_answer_about_another_picture_is_dropped(page: AnswersPage, one_of: Make, asker) -> None:
    asker.slow = True
    page.show_picture(one_of(3))
    page.show_picture(one_of(4, answered=False))
    late, current = asker.waiting
    late()
    assert bars(page) == ""
    current()
    assert "really" in bars(page)


def test_without_weights_the_brush_sleeps_and_says_why(page: AnswersPage, one_of: Make, asker, qtbot: QtBot) -> None:
    asker.close("There is no network yet: press Train first.")
    page.show_picture(one_of(3, answered=False))
    rub(page, qtbot)
    assert not canvas(page).is_painted
    assert sentence(page) == "There is no network yet: press Train first."
    assert bars(page) == ""
    assert not asker.asked


def test_a_training_picture_says_that_it_was_seen(page: AnswersPage, one_of: Make) -> None:
    one = one_of(5, "train")
    page.show_picture(one)
    assert f"{one.picture.sample:,} of the training pictures: the network has seen it" in said(page)


def test_a_network_that_looks_up_pixels_has_no_heat_and_says_why(
    page: AnswersPage, one_of: Make, asker, subject_like: Callable[..., Subject]
) -> None:
    asker.subject = subject_like("softmax-regression-sparse")
    page.show_picture(one_of(3))
    assert "looks up only the pixels" in page.findChild(QCheckBox, "heatMap").toolTip()
    seen = page.findChild(SeenPicture).pixels
    assert (seen[..., 0] == seen[..., 2]).all()


def test_a_hidden_page_does_not_ask(page: AnswersPage, one_of: Make, asker) -> None:
    page.show_picture(one_of(3))
    page.hide()
    asked = len(asker.asked)
    asker.changed.emit()
    assert len(asker.asked) == asked
    page.show()
    page.show_picture(one_of(3))
    assert len(asker.asked) == asked + 1
