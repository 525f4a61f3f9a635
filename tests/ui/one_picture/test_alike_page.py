from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.insight.network.neighbours import neighbours
from fmstudio.session.one_picture import OnePicture
from fmstudio.training.events import RunEnded
from fmstudio.ui.one_picture.alike_page import AlikePage
from fmstudio.ui.one_picture.alike_words import distance_words
from fmstudio.ui.one_picture.nearby_view import NearbyView

Make = Callable[..., OnePicture]
PATIENCE = 5000


@pytest.fixture
def page(qtbot: QtBot, asker) -> AlikePage:
    made = AlikePage(asker)
    qtbot.addWidget(made)
    made.resize(408, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


def sentence(page: AlikePage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text()


def view(page: AlikePage, name: str) -> NearbyView:
    found = page.findChild(NearbyView, name)
    assert found is not None
    return found


def captions(page: AlikePage, name: str) -> list[str]:
    model = view(page, name).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def sentences(page: AlikePage, name: str) -> list[str]:
    model = view(page, name).model()
    return [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def shown(page: AlikePage, one: OnePicture, qtbot: QtBot) -> None:
    """Show a picture, and wait until all pictures were looked through."""
    page.show_picture(one)
    qtbot.waitUntil(lambda: "Looking" not in sentence(page, "doublesSentence"), timeout=PATIENCE)


def with_doubles(data: ImageData, one: OnePicture) -> OnePicture:
    """Training picture 0 becomes the very picture, 1 almost the same; their labels stay."""
    images = data.train.images.copy()
    images[0] = one.picture.image
    images[1] = one.picture.image
    images[1, 14, 14] ^= 64
    train = PictureSet(images, data.train.labels, data.train.samples)
    return replace(one, sight=replace(one.sight, data=replace(data, train=train)))


def test_the_nearest_training_pictures(page: AlikePage, one_of: Make, asker, qtbot: QtBot) -> None:
    one = one_of(3)
    shown(page, one, qtbot)
    found = neighbours(asker.subject, "test", one.picture.sample, 12)
    names = [one.sight.short_classes[label] for label in found.labels]
    marks = ["✓" if label == one.picture.label else "✗" for label in found.labels]
    assert captions(page, "neighboursView") == [f"{m} {name}" for m, name in zip(marks, names, strict=True)]
    assert sentences(page, "neighboursView")[0].startswith(f"Training picture {found.samples[0]:,}: ")
    counts = np.bincount(found.labels[:5])
    assert sentence(page, "neighboursSentence").startswith(f"{counts.max()} of the 5 nearest training pictures ")
    QAbstractItemModelTester(view(page, "neighboursView").model(), QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_click_or_enter_asks_for_the_picture(page: AlikePage, one_of: Make, asker, qtbot: QtBot) -> None:
    one = one_of(3)
    shown(page, one, qtbot)
    near = view(page, "neighboursView")
    found = neighbours(asker.subject, "test", one.picture.sample, 12)
    with qtbot.waitSignal(page.picture_asked, timeout=0) as asked:
        place = near.visualRect(near.model().index(7, 0)).center()
        qtbot.mouseClick(near.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == ["train", int(found.samples[7])]
    with qtbot.waitSignal(page.picture_asked, timeout=0) as asked:
        qtbot.keyClick(near, Qt.Key.Key_Right)
        qtbot.keyClick(near, Qt.Key.Key_Return)
    assert asked.args == ["train", int(found.samples[8])]


def test_all_twelve_are_seen(page: AlikePage, one_of: Make, qtbot: QtBot) -> None:
    shown(page, one_of(3), qtbot)
    near = view(page, "neighboursView")
    assert all(near.viewport().rect().contains(near.visualRect(near.model().index(row, 0))) for row in range(12))


def test_where_there_is_no_double_the_most_alike_is_shown(page: AlikePage, one_of: Make, qtbot: QtBot) -> None:
    shown(page, one_of(3), qtbot)
    assert sentence(page, "doublesSentence").startswith("None. The pixels of the most alike differ by ")
    assert len(captions(page, "doublesView")) == 1


def test_doubles_in_the_training_split(page: AlikePage, one_of: Make, some_images: ImageData, qtbot: QtBot) -> None:
    one = with_doubles(some_images, one_of(3))
    shown(page, one, qtbot)
    told = sentence(page, "doublesSentence")
    assert told.startswith("1 picture is exactly the same. 1 picture is almost the same.")
    assert "The network has seen it in training." in told
    labels = some_images.train.labels[:2]
    assert ("The labels differ" in told) == bool((labels != one.picture.label).any())
    assert [text.split(":")[0] for text in sentences(page, "doublesView")] == [
        f"Training picture {sample:,}" for sample in some_images.train.samples[:2]
    ]
    assert sentences(page, "doublesView")[0].endswith("differs by 0.0 of 255")


def test_without_weights_pixels_are_still_compared(page: AlikePage, one_of: Make, asker, qtbot: QtBot) -> None:
    asker.close("There is no network yet: press Train first.")
    shown(page, one_of(3, answered=False), qtbot)
    assert sentence(page, "neighboursSentence") == "There is no network yet: press Train first."
    assert not view(page, "neighboursView").isVisible()
    assert len(captions(page, "doublesView")) == 1


def test_the_same_picture_again_asks_nothing(page: AlikePage, one_of: Make, asker, qtbot: QtBot) -> None:
    one = one_of(3)
    shown(page, one, qtbot)
    page.show_picture(one_of(3, sight=one.sight))
    assert asker.asked == ["alike"]


def test_while_a_run_goes_on_one_asks_again_oneself(
    page: AlikePage, one_of: Make, asker, subject_like, qtbot: QtBot
) -> None:
    one = one_of(3)
    shown(page, one, qtbot)
    again = page.findChild(QPushButton, "lookAgain")
    before = sentences(page, "neighboursView")
    asker.subject = subject_like(seed=8)
    asker.changed.emit()
    assert again.isVisible()
    assert sentences(page, "neighboursView") == before
    again.click()
    assert sentences(page, "neighboursView") != before
    assert not again.isVisible()
    one.sight.run.ended = RunEnded(status="finished", epoch=1, step=1)
    asker.changed.emit()
    assert not again.isVisible()
    assert asker.asked == ["alike"] * 3


def test_a_late_answer_about_another_picture_is_dropped(page: AlikePage, one_of: Make, asker, qtbot: QtBot) -> None:
    asker.slow = True
    shown(page, one_of(3), qtbot)
    shown(page, one_of(4), qtbot)
    late, current = asker.waiting
    late()
    assert captions(page, "neighboursView") == []
    assert "Asking" in sentence(page, "neighboursSentence")
    current()
    assert len(captions(page, "neighboursView")) == 12


@pytest.mark.parametrize(
    ("distance", "words"),
    [(0.0, "0"), (0.00042, "0.00042"), (0.000123, "0.00012"), (0.31, "0.31"), (1.2, "1.20"), (1e-8, "<0.000001")],
)
def test_near_distances_can_be_told_apart(distance: float, words: str) -> None:
    assert distance_words(distance) == words
