from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData
from fmstudio.session.one_picture import OnePicture
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.ui import theme
from fmstudio.ui.one_picture.over_time_page import OverTimePage
from fmstudio.ui.one_picture.story_chart import StoryChart
from fmstudio.ui.quiet_table import QuietTable

Make = Callable[..., OnePicture]
SHIRT, COAT = 6, 4


def epoch(number: int, predicted: int, share: float, samples: np.ndarray) -> EpochEnded:
    """All are shirts; ``share`` is the probability of what they are taken for."""
    shares = np.full((len(samples), 10), (1 - share) / 9, np.float16)
    shares[:, predicted] = share
    count = len(samples)
    answers = Predictions(samples, np.full(count, SHIRT), np.full(count, predicted),
                          np.full(count, 0.5 + number, np.float32), shares)  # fmt: skip
    return EpochEnded(epoch=number, step=number, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, test_accuracy=0.5,
                      seconds=1.0, evaluation_seconds=0.1, predictions=answers)  # fmt: skip


@pytest.fixture
def epochs(some_images: ImageData) -> Sequence[EpochEnded]:
    taken = [COAT, SHIRT, SHIRT, COAT, SHIRT]
    return [
        epoch(number, predicted, 0.55 + number / 10, some_images.test.samples[:10])
        for number, predicted in enumerate(taken)
    ]


@pytest.fixture
def page(qtbot: QtBot, asker) -> OverTimePage:
    made = OverTimePage()
    qtbot.addWidget(made)
    made.resize(408, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


def sentence(page: OverTimePage) -> str:
    found = page.findChild(QLabel, "storySentence")
    assert found is not None
    return found.text()


def table(page: OverTimePage) -> QuietTable:
    found = page.findChild(QuietTable, "storyTable")
    assert found is not None
    return found


def rows(page: OverTimePage) -> list[list[str]]:
    model: QAbstractItemModel = table(page).model()
    return [[model.index(row, column).data() for column in range(5)] for row in range(model.rowCount())]


def chart(page: OverTimePage) -> StoryChart:
    found = page.findChild(StoryChart)
    assert found is not None
    return found


def test_a_sentence_and_a_line_for_each_epoch(page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded]) -> None:
    page.show_picture(one_of(9, epochs=epochs))
    assert sentence(page) == "First learned at epoch 1, forgotten at 3, learned again at 4."
    assert rows(page) == [
        ["0", "✗ Coat", "55 %", "5 %", "0.500"],
        ["1", "✓ Shirt", "65 %", "65 %", "1.500"],
        ["2", "✓ Shirt", "75 %", "75 %", "2.500"],
        ["3", "✗ Coat", "85 %", "2 %", "3.500"],
        ["4", "✓ Shirt", "95 %", "95 %", "4.500"],
    ]
    QAbstractItemModelTester(table(page).model(), QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_the_epoch_that_is_looked_at_is_marked(page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded]) -> None:
    page.show_picture(one_of(9, epochs=epochs))
    assert table(page).currentIndex().row() == 4
    page.show_picture(one_of(9, epochs=epochs, epoch=2))
    assert table(page).currentIndex().row() == 2


def test_a_click_on_the_chart_asks_for_the_epoch(
    page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded], qtbot: QtBot
) -> None:
    page.show_picture(one_of(9, epochs=epochs))
    place = chart(page).rect().center()
    place.setX(round(chart(page).place_of(3)) + 4)
    with qtbot.waitSignal(page.epoch_asked, timeout=0) as asked:
        qtbot.mouseClick(chart(page), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [3]
    assert chart(page).words_at(place.x()) == "Epoch 3: ✗ Coat 85 %; Shirt 2 %"


def test_a_click_or_enter_on_a_line_asks_for_the_epoch(
    page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded], qtbot: QtBot
) -> None:
    page.show_picture(one_of(9, epochs=epochs))
    view = table(page)
    with qtbot.waitSignal(page.epoch_asked, timeout=0) as asked:
        place = view.visualRect(view.model().index(1, 1)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [1]
    with qtbot.waitSignal(page.epoch_asked, timeout=0) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Up)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == [0]


def test_the_lines_are_where_the_probabilities_are(
    page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded]
) -> None:
    page.show_picture(one_of(9, epochs=epochs))
    image, x = chart(page).grab().toImage(), round(chart(page).place_of(1))
    green = [y for y in range(image.height()) if image.pixelColor(x, y).name() == theme.current().right]
    top, foot = 10, image.height() - 22
    assert np.mean(green) == pytest.approx(foot - 0.65 * (foot - top), abs=3)


def test_a_new_epoch_adds_a_line(page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded]) -> None:
    page.show_picture(one_of(9, epochs=epochs[:2]))
    assert sentence(page) == "First learned at epoch 1."
    page.show_picture(one_of(9, epochs=epochs[:4]))
    assert len(rows(page)) == 4


@pytest.mark.parametrize("split", ["train", "test"])
def test_where_nothing_is_kept_there_is_a_sentence(page: OverTimePage, one_of: Make, split: str) -> None:
    page.show_picture(one_of(9, split))
    expected = {"train": "is kept for the test pictures only", "test": "no answers yet"}
    assert expected[split] in sentence(page)
    assert not chart(page).isVisible()
    assert not table(page).isVisible()


def test_a_picture_of_which_nothing_is_known_has_a_sentence(
    page: OverTimePage, one_of: Make, epochs: Sequence[EpochEnded]
) -> None:
    page.show_picture(one_of(30, epochs=epochs))
    assert "kept no answer for this picture" in sentence(page)
