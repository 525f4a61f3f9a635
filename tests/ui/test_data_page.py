import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.catalog.datasets import FashionMnist
from fmstudio.data.library import ImageData, PictureSet, load_images
from fmstudio.session.picture_list import Roles
from fmstudio.ui import theme
from fmstudio.ui.class_bars import ClassBars
from fmstudio.ui.data_page import DataPage

CLASSES, SHORT = ("T-shirt/top", "Ankle boot"), ("T-shirt", "Boot")


def pictures(count: int) -> PictureSet:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(count)
    return PictureSet(images, np.arange(count) % 2, np.arange(count))


DATA = ImageData("fashion-mnist", "Fashion-MNIST", CLASSES, SHORT, pictures(120), pictures(40))


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> DataPage:
    theme.apply(qapp, "light")
    made = DataPage()
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.show()
    qtbot.waitExposed(made)
    return made


def view(page: DataPage) -> QListView:
    found = page.findChild(QListView, "samplesView")
    assert found is not None
    return found


def samples(page: DataPage) -> list[int]:
    model = view(page).model()
    return [model.index(row, 0).data(Roles.SAMPLE) for row in range(model.rowCount())]


def said(page: DataPage) -> list[str]:
    parts = (part for kind in (QLabel, QPushButton) for part in page.findChildren(kind) if part.isVisible())
    return [part.text() for part in parts if part.text()]


def press(page: DataPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    assert found.isVisible()
    found.click()


def choose_class(page: DataPage, qtbot: QtBot, label: int) -> None:
    bars = page.findChild(ClassBars)
    assert bars is not None
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row_rect(label).center())


def test_waits_for_the_pictures(page: DataPage) -> None:
    assert said(page) == ["Reading the pictures …"]
    page.show_data(DATA)
    assert "Reading the pictures …" not in said(page)
    page.show_waiting()
    assert said(page) == ["Reading the pictures …"]


def test_says_what_there_is(page: DataPage) -> None:
    page.show_data(DATA)
    figures = {"Fashion-MNIST", "120", "to learn from", "40", "to test", "28 × 28 pixels, grey", "2", "MIT"}
    assert figures | {"Zalando Research, 2017", "with the program, no network needed"} <= set(said(page))


def test_an_unknown_set_claims_no_source(page: DataPage) -> None:
    page.show_data(ImageData("mine", "My pictures", CLASSES, SHORT, pictures(3), pictures(2)))
    assert "My pictures" in said(page)
    assert not {"MIT", "From", "Licence"} & set(said(page))


def test_the_wall_goes_through_all_pictures(page: DataPage) -> None:
    page.show_data(DATA)
    assert samples(page) == [*range(120), *range(40)]
    assert "160 pictures" in said(page)


def test_the_switch_shows_one_split(page: DataPage) -> None:
    page.show_data(DATA)
    press(page, "tab.test")
    assert samples(page) == list(range(40))
    press(page, "tab.train")
    assert samples(page) == list(range(120))


def test_a_bar_shows_one_class(page: DataPage, qtbot: QtBot) -> None:
    page.show_data(DATA)
    press(page, "tab.test")
    with qtbot.waitSignal(page.class_chosen, timeout=0) as chosen:
        choose_class(page, qtbot, 1)
    assert chosen.args == [1]
    assert samples(page) == list(range(1, 40, 2))
    assert {"Ankle boot ×", "20 pictures"} <= set(said(page))
    press(page, "classFilter")
    assert len(samples(page)) == 40
    assert "Ankle boot ×" not in said(page)


def test_escape_in_the_wall_shows_all_classes(page: DataPage, qtbot: QtBot) -> None:
    page.show_data(DATA)
    choose_class(page, qtbot, 0)
    qtbot.keyClick(view(page), Qt.Key.Key_Escape)
    assert len(samples(page)) == 160


def test_the_large_picture_follows_the_current_one(page: DataPage, qtbot: QtBot) -> None:
    page.show_data(DATA)
    assert {"T-shirt/top", "Training picture 0", "from 0 to 0, 0 on average"} <= set(said(page))
    place = view(page).visualRect(view(page).model().index(2, 0)).center()
    qtbot.mouseClick(view(page).viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Training picture 2" in said(page)
    qtbot.keyClick(view(page), Qt.Key.Key_Right)
    assert {"Ankle boot", "Training picture 3", "from 0 to 3, 0 on average"} <= set(said(page))
    qtbot.keyClick(view(page), Qt.Key.Key_End)
    assert {"Ankle boot", "Test picture 39"} <= set(said(page))
    choose_class(page, qtbot, 0)
    qtbot.keyClick(view(page), Qt.Key.Key_End)
    assert {"T-shirt/top", "Test picture 38"} <= set(said(page))


def test_other_data_take_the_filter_away(page: DataPage, qtbot: QtBot) -> None:
    page.show_data(DATA)
    choose_class(page, qtbot, 1)
    page.show_data(ImageData("mine", "Mine", ("a", "b"), ("a", "b"), pictures(6), pictures(2)))
    assert len(samples(page)) == 8
    assert "b ×" not in said(page)


def test_it_shows_what_the_recipe_takes(page: DataPage, qtbot: QtBot) -> None:
    whole = load_images("fashion-mnist")
    page.show_pictures(FashionMnist(train_size=6_000), 0)
    page.show_data(whole)
    assert {"6,000", "of 60,000 to learn from", "10,000", "to test", "16,000 pictures"} <= set(said(page))
    bars = page.findChild(ClassBars)
    assert bars is not None
    counts = re.findall(r"([\d,]+) to learn from", bars.accessibleDescription())
    assert len(counts) == 10
    assert sum(int(count.replace(",", "")) for count in counts) == 6_000
    page.show_pictures(FashionMnist(train_size=500, test_size=100), 1)
    assert {"500", "of 60,000 to learn from", "100", "of 10,000 to test", "600 pictures"} <= set(said(page))
    page.show_pictures(FashionMnist())
    assert {"60,000", "to learn from", "10,000", "to test", "70,000 pictures"} <= set(said(page))


def test_another_recipe_of_the_same_size_leaves_the_chosen_class(page: DataPage, qtbot: QtBot) -> None:
    page.show_data(DATA)
    page.show_pictures(FashionMnist(), 0)
    choose_class(page, qtbot, 1)
    page.show_pictures(FashionMnist(normalise=True), 3)
    assert "80 pictures" in said(page)
