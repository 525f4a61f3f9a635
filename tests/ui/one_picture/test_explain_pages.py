"""The pages Why? and Inside, and the weights as pictures: what is asked, when, and what the user sees then."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.network.subject import Subject
from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.one_picture import OnePicture
from fmstudio.session.picture_list import Picture
from fmstudio.session.selection import Selection
from fmstudio.session.session import State, TrainingSession
from fmstudio.session.sight import Sight
from fmstudio.ui import theme
from fmstudio.ui.one_picture.heat_colours import coloured, grey_map, over_picture, scaled_heat
from fmstudio.ui.one_picture.heat_map import HeatKey, HeatMap
from fmstudio.ui.one_picture.inside_page import InsidePage
from fmstudio.ui.one_picture.number_bars import NumberBars
from fmstudio.ui.one_picture.spread_rows import SpreadRows
from fmstudio.ui.one_picture.tile_grid import Tile, TileGrid
from fmstudio.ui.one_picture.weights_view import WeightsView
from fmstudio.ui.one_picture.why_page import WhyPage

Then = Callable[[Any], object]
MAPS = ("gradient", "integrated", "grad-cam", "occlusion")
SHIRT, COAT, BAG = 6, 4, 8


class FakeExaminer(QObject):
    """Asks at once, or keeps the questions until they are answered."""

    changed = Signal()

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject
        self.available, self.why_not = True, ""
        self.slow = False
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self.waiting: list[Callable[[], None]] = []
        self.refusal: UserError | None = None

    def ask(self, key: str, question: str, then: Then, *arguments: object, otherwise: Then | None = None) -> None:
        self.asked.append((key, arguments))

        def answer() -> None:
            try:
                if self.refusal is not None:
                    raise self.refusal
                found = load(question)(self.subject, *arguments)
            except UserError as error:
                assert otherwise is not None
                otherwise(error)
            else:
                then(found)

        if self.slow:
            self.waiting.append(answer)
        else:
            answer()

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", train_size=200, test_size=50)


def subject_of(kind: str, *changes: tuple[str, Any]) -> Subject:
    some = (("dataset.train_size", 200), ("dataset.test_size", 50))
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [("architecture.kind", kind), *some, *changes]))
    generator = torch.Generator().manual_seed(2)
    network = spec.architecture.call(spec.facts).make().eval().requires_grad_(False)
    for value in network.parameters():
        value.normal_(0, 0.3, generator=generator)
    return Subject(spec, network)


@pytest.fixture
def examiner(qapp: QApplication) -> FakeExaminer:
    theme.apply(qapp, "light")
    return FakeExaminer(subject_of("cnn"))


def one_picture(data: ImageData, row: int = 0, *, label: int = SHIRT, predicted: int | None = COAT) -> OnePicture:
    run = Run(spec=to_mapping(ExperimentSpec()))
    sight = Sight(run, None, 1, data, Selection(), data.test, None, None, None, None)
    return OnePicture(Picture(data.test.images[row], row, label, predicted), "test", sight)


def shown(qtbot: QtBot, page: QWidget, width: int = 408, height: int = 760) -> None:
    qtbot.addWidget(page)
    page.resize(width, height)
    page.show()
    qtbot.waitExposed(page)


def text(page: QWidget, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def press(page: QWidget, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    found.click()


def chooser(page: QWidget, name: str) -> QComboBox:
    found = page.findChild(QComboBox, name)
    assert found is not None
    return found


def heat(page: QWidget, method: str) -> HeatMap:
    found = page.findChild(HeatMap, f"heat.{method}")
    assert found is not None
    return found


def grid(page: QWidget, name: str) -> TileGrid:
    found = page.findChild(TileGrid, name)
    assert found is not None
    return found


@pytest.fixture
def why(examiner: FakeExaminer, qtbot: QtBot, data: ImageData) -> WhyPage:
    made = WhyPage(examiner)  # type: ignore[arg-type]
    made.show_picture(one_picture(data))
    shown(qtbot, made)
    return made


# --- Why? ---


def test_four_maps_of_the_answer(why: WhyPage, examiner: FakeExaminer) -> None:
    assert [key for key, _ in examiner.asked] == [f"why.{method}" for method in MAPS]
    assert {arguments[1] for _, arguments in examiner.asked} == {COAT}
    assert chooser(why, "whyClass").currentText() == "Coat: the answer"
    for method in MAPS[:2]:
        found = heat(why, method)
        assert found.heat is not None
        assert found.heat.shape == (28, 28)
        assert found.words == ""
    assert "adds up to within" in text(why, "line.integrated")
    assert "% at worst" in text(why, "line.occlusion")
    share = 100 * float(examiner.subject.probabilities(examiner.asked[0][1][0][None])[0, COAT])  # type: ignore[index]
    assert text(why, "whyScore").startswith(f"{share:.1f} % sure · score ")


def test_the_map_is_over_the_picture_and_the_slider_takes_it_off(why: WhyPage, data: ImageData) -> None:
    slider = why.findChild(QSlider, "whyStrength")
    assert slider is not None
    slider.setValue(0)
    image = heat(why, "gradient").grab().toImage()
    for row, column in ((14, 14), (5, 14), (20, 10)):
        point = image.pixelColor(int((column + 0.5) * 190 / 28), int((row + 0.5) * 190 / 28))
        value = int(data.test.images[0][row, column])
        assert (point.red(), point.green(), point.blue()) == (value, value, value)
    slider.setValue(100)
    brightest = heat(why, "occlusion")
    assert brightest.heat is not None
    row, column = divmod(int(brightest.heat.argmax()), 28)
    image = brightest.grab().toImage()
    point = image.pixelColor(int((column + 0.5) * 190 / 28), int((row + 0.5) * 190 / 28))
    assert (point.red(), point.green(), point.blue()) == (252, 255, 164)


def test_any_class_can_be_explained(why: WhyPage, examiner: FakeExaminer) -> None:
    combo = chooser(why, "whyClass")
    names = [combo.itemText(row) for row in range(combo.count())]
    assert names[:2] == ["Coat: the answer", "Shirt: the truth"]
    assert names[-2:] == ["Bag", "Ankle boot"]
    before = heat(why, "gradient").heat
    combo.setCurrentIndex(1)
    assert {arguments[1] for _, arguments in examiner.asked[4:]} == {SHIRT}
    assert not np.array_equal(heat(why, "gradient").heat, before)  # type: ignore[arg-type]
    combo.setCurrentIndex(combo.findText("Bag"))
    assert {arguments[1] for _, arguments in examiner.asked[8:]} == {BAG}


def test_the_next_picture_is_explained_for_its_own_answer(
    why: WhyPage, examiner: FakeExaminer, data: ImageData
) -> None:
    why.show_picture(one_picture(data, 1, label=BAG, predicted=SHIRT))
    assert {arguments[1] for _, arguments in examiner.asked[4:]} == {SHIRT}
    chooser(why, "whyClass").setCurrentIndex(1)
    why.show_picture(one_picture(data, 2, label=COAT, predicted=SHIRT))
    assert chooser(why, "whyClass").currentText() == "Coat: the truth"
    assert examiner.asked[-1][1][1] == COAT


def test_before_there_is_an_answer_the_truth_is_explained(
    examiner: FakeExaminer, qtbot: QtBot, data: ImageData
) -> None:
    page = WhyPage(examiner)  # type: ignore[arg-type]
    page.show_picture(one_picture(data, predicted=None))
    shown(qtbot, page)
    assert chooser(page, "whyClass").currentText() == "Shirt: the truth"
    assert examiner.asked[0][1][1] == SHIRT


def test_for_and_against(why: WhyPage) -> None:
    press(why, "tab.signed")
    found = heat(why, "integrated").heat
    assert found is not None
    assert found.min() < 0 < found.max()
    key = why.findChild(HeatKey)
    assert key is not None
    assert key.ends == ("against", "for")
    assert key.accessibleName() == "Orange: against this class. Blue: for it. Dark: it did not matter."
    press(why, "tab.amount")
    found = heat(why, "integrated").heat
    assert found is not None
    assert found.min() >= 0
    assert key.ends == ("did not matter", "mattered most")


def test_it_says_what_a_method_does(why: WhyPage) -> None:
    press(why, "about.occlusion")
    assert text(why, "whyHelp").startswith("Occlusion: how far the score falls")
    assert heat(why, "gradient").toolTip().startswith("Gradient: how strongly")


def test_while_it_computes_it_says_so_and_the_old_maps_stay(
    why: WhyPage, examiner: FakeExaminer, data: ImageData
) -> None:
    examiner.slow = True
    why.show_picture(one_picture(data, 1))
    assert [heat(why, method).words for method in MAPS] == ["computing …"] * 4
    examiner.answer()
    old = heat(why, "occlusion").heat
    assert old is not None
    examiner.changed.emit()
    assert heat(why, "occlusion").heat is old
    examiner.answer()
    assert heat(why, "occlusion").words == ""


def test_the_same_picture_is_not_asked_about_again(
    why: WhyPage, inside: InsidePage, examiner: FakeExaminer, data: ImageData
) -> None:
    one = one_picture(data)
    again = OnePicture(one.picture, "test", one.sight)
    for page in (why, inside):
        page.show_picture(one)
        asked = len(examiner.asked)
        page.show_picture(again)
        assert len(examiner.asked) == asked
    other_answer = Picture(one.picture.image, 0, SHIRT, BAG)
    why.show_picture(OnePicture(other_answer, "test", one.sight))
    assert examiner.asked[-1][1][1] == BAG


def test_an_answer_that_comes_after_the_next_picture_is_dropped(
    why: WhyPage, examiner: FakeExaminer, data: ImageData
) -> None:
    examiner.slow = True
    why.show_picture(one_picture(data, 1))
    late = examiner.waiting[0]
    why.show_picture(one_picture(data, 2))
    late()
    assert heat(why, "gradient").words == "computing …"


def test_nobody_is_asked_while_nobody_looks(examiner: FakeExaminer, qtbot: QtBot, data: ImageData) -> None:
    page = WhyPage(examiner)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show_picture(one_picture(data))
    examiner.changed.emit()
    assert examiner.asked == []
    page.show()
    assert len(examiner.asked) == 4
    page.hide()
    examiner.changed.emit()
    assert len(examiner.asked) == 4
    page.show()
    assert len(examiner.asked) == 8


def test_without_weights_it_says_why(why: WhyPage, examiner: FakeExaminer) -> None:
    examiner.available, examiner.why_not = False, "There is no network yet: press Train first."
    examiner.changed.emit()
    assert text(why, "whyNot") == "There is no network yet: press Train first."
    assert not heat(why, "gradient").isVisible()
    examiner.available = True
    examiner.changed.emit()
    assert text(why, "whyNot") == ""
    assert heat(why, "gradient").isVisible()


def test_a_method_that_cannot_be_used_leaves_its_sentence(qtbot: QtBot, data: ImageData, qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    page = WhyPage(FakeExaminer(subject_of("softmax-regression")))  # type: ignore[arg-type]
    page.show_picture(one_picture(data))
    shown(qtbot, page)
    assert "no convolution" in heat(page, "grad-cam").words
    assert text(page, "line.grad-cam") == ""
    assert heat(page, "gradient").heat is not None


def test_where_nothing_matters_it_says_so(qtbot: QtBot, data: ImageData, qapp: QApplication) -> None:
    subject = subject_of("mlp")
    for value in subject.network.parameters():
        value.zero_()
    page = WhyPage(FakeExaminer(subject))  # type: ignore[arg-type]
    page.show_picture(one_picture(data))
    shown(qtbot, page)
    assert heat(page, "gradient").words == "No pixel changes the score of this class."


def test_it_fits_into_the_drawer(why: WhyPage) -> None:
    for child in why.findChildren(QWidget):
        if child.isVisible() and child.width() and why.isAncestorOf(child):
            assert child.mapTo(why, QPoint(child.width(), 0)).x() <= why.width()


def test_colours() -> None:
    values = np.array([[0, 1], [2, 4]], np.float32)
    scaled = scaled_heat(values, signed=False)
    assert scaled[0, 0] == 0
    assert scaled.max() == 1
    bright = coloured(np.linspace(0, 1, 9, dtype=np.float32), signed=False).astype(int).sum(-1)
    assert (np.diff(bright) > 0).all()
    against, nothing, favour = coloured(np.array([-1, 0, 1], np.float32), signed=True).astype(int)
    assert against[0] > against[2]
    assert favour[2] > favour[0]
    assert nothing.max() < 10
    assert np.isfinite(scaled_heat(np.array([[np.nan, np.inf, 1]], np.float32), signed=True)).all()
    image = np.array([[10, 20], [30, 200]], np.uint8)
    np.testing.assert_array_equal(over_picture(image, values, 0, signed=False)[..., 1], image)
    np.testing.assert_array_equal(grey_map(values)[..., 0], [[0, 64], [128, 255]])
    assert grey_map(np.full((2, 2), 3, np.float32)).max() == 40


# --- Inside ---


@pytest.fixture
def inside(examiner: FakeExaminer, qtbot: QtBot, data: ImageData) -> InsidePage:
    made = InsidePage(examiner)  # type: ignore[arg-type]
    made.show_picture(one_picture(data))
    shown(qtbot, made)
    return made


def test_every_layer_can_be_chosen(inside: InsidePage, examiner: FakeExaminer) -> None:
    assert [key for key, _ in examiner.asked] == ["inside.layers"]
    combo = chooser(inside, "layerChooser")
    assert combo.itemText(0) == "0  Conv2d · 6 × 24 × 24"
    assert combo.count() == 12
    assert len(grid(inside, "layerMaps").tiles) == 6
    assert text(inside, "layerAbout").startswith("6 maps, each from its least value")
    combo.setCurrentIndex(3)
    assert len(grid(inside, "layerMaps").tiles) == 12
    combo.setCurrentIndex(11)
    bars = inside.findChild(NumberBars)
    assert bars is not None
    assert bars.isVisible()
    assert not grid(inside, "layerMaps").isVisible()
    logits = examiner.subject.logits(examiner.subject.inputs(examiner.asked[0][1][0][None]))[0]  # type: ignore[index]
    np.testing.assert_allclose(bars.values, logits.numpy(), atol=1e-4)
    assert bars.words(0).startswith("T-shirt: ")


def test_the_chosen_layer_stays_with_the_next_picture(inside: InsidePage, data: ImageData) -> None:
    chooser(inside, "layerChooser").setCurrentIndex(3)
    before = grid(inside, "layerMaps").tiles[0].values
    inside.show_picture(one_picture(data, 1))
    assert chooser(inside, "layerChooser").currentIndex() == 3
    assert not np.array_equal(grid(inside, "layerMaps").tiles[0].values, before)


def test_a_map_is_enlarged_by_click_and_by_key(inside: InsidePage, qtbot: QtBot) -> None:
    maps = grid(inside, "layerMaps")
    qtbot.mouseMove(maps, maps.tile_rect(2).center())
    assert text(inside, "layerLook").startswith("Map 3 of 6: from ")
    small = maps.height()
    qtbot.mouseClick(maps, Qt.MouseButton.LeftButton, pos=maps.tile_rect(2).center())
    assert maps.large == 2
    qtbot.waitUntil(lambda: maps.height() > small)
    qtbot.keyClick(maps, Qt.Key.Key_Right)
    assert maps.large == 3
    assert text(inside, "layerLook").startswith("Map 4 of 6")
    qtbot.keyClick(maps, Qt.Key.Key_Escape)
    assert maps.large == -1
    qtbot.keyClick(maps, Qt.Key.Key_Return)
    assert maps.large == 3
    qtbot.mouseClick(maps, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert maps.large == -1


def test_esc_is_left_to_the_drawer_where_nothing_is_large(inside: InsidePage, qtbot: QtBot) -> None:
    pressed: list[int] = []
    inside.keyPressEvent = lambda event: pressed.append(event.key())  # type: ignore[method-assign]
    qtbot.keyClick(grid(inside, "layerMaps"), Qt.Key.Key_Escape)
    assert pressed == [Qt.Key.Key_Escape.value]


def test_numbers_are_walked_with_the_keyboard(inside: InsidePage, qtbot: QtBot) -> None:
    chooser(inside, "layerChooser").setCurrentIndex(6)
    bars = inside.findChild(NumberBars)
    assert bars is not None
    assert len(bars.values) == 192
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert text(inside, "layerLook").startswith("Number 1: ")
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert text(inside, "layerLook").startswith("Number 129: ")


def test_weights_and_histograms_are_asked_when_they_are_opened(inside: InsidePage, examiner: FakeExaminer) -> None:
    press(inside, "tab.weights")
    assert examiner.asked[-1][0] == "inside.weights.pictures"
    assert len(grid(inside, "weightsGrid").tiles) == 6
    press(inside, "tab.spreads")
    assert examiner.asked[-1][0] == "inside.spreads"
    assert "the first 64 training pictures" in text(inside, "spreadsWords")
    rows = inside.findChild(SpreadRows)
    assert rows is not None
    told = rows.accessibleDescription().split("; ")
    assert told[0].startswith("0.weight: weights within ±")
    assert rows.height() > 10 * 80


def test_inside_says_why_it_cannot(inside: InsidePage, examiner: FakeExaminer) -> None:
    examiner.available, examiner.why_not = False, "The weights of epoch 3 were not kept; another epoch can be asked."
    examiner.changed.emit()
    assert text(inside, "layersWords") == examiner.why_not
    assert not chooser(inside, "layerChooser").isVisible()
    press(inside, "tab.spreads")
    assert text(inside, "spreadsWords") == examiner.why_not
    examiner.available, examiner.refusal = True, UserError("The run is gone.", "Choose another.")
    examiner.changed.emit()
    assert text(inside, "spreadsWords") == "The run is gone. Choose another."


# --- Weights ---


def weights(qtbot: QtBot, kind: str, *changes: tuple[str, Any], width: int = 408) -> WeightsView:
    view = WeightsView(FakeExaminer(subject_of(kind, *changes)))  # type: ignore[arg-type]
    view.show_classes(("T-shirt", "Trouser"))
    shown(qtbot, view, width)
    return view


def test_softmax_regression_shows_ten_templates_beside_the_average_pictures(qtbot: QtBot) -> None:
    view = weights(qtbot, "softmax-regression")
    tiles = grid(view, "weightsGrid").tiles
    assert len(tiles) == 10
    assert [tile.caption for tile in tiles[:3]] == ["T-shirt", "Trouser", "2"]
    assert text(view, "weightsAbout") == "Blue: light here speaks for the class. Orange: against it. 10 of 10."
    assert len(grid(view, "averagesGrid").tiles) == 10
    assert grid(view, "averagesGrid").isVisible()
    assert not chooser(view, "weightsChooser").isVisible()


def test_filters_of_later_layers_are_a_table(qtbot: QtBot) -> None:
    view = weights(qtbot, "cnn")
    combo = chooser(view, "weightsChooser")
    assert combo.currentText() == "Layer 0: 6 filters of 5 × 5"
    combo.setCurrentIndex(1)
    assert combo.currentText() == "Layer 3: 12 filters of 5 × 5 on 6 channels"
    shapes = grid(view, "weightsGrid")
    assert len(shapes.tiles) == 72
    assert shapes.tile_rect(6).top() > shapes.tile_rect(5).top()
    assert shapes.tiles[7].name == "Filter 2 on channel 2"
    assert "12 × 6 of 12 × 6" in text(view, "weightsAbout")
    assert not grid(view, "averagesGrid").isVisible()


def test_weights_that_are_no_pictures(qtbot: QtBot) -> None:
    subject = subject_of("mlp")
    bare = Subject(subject.spec, torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10)).eval())
    view = WeightsView(FakeExaminer(bare))  # type: ignore[arg-type]
    shown(qtbot, view)
    assert len(grid(view, "weightsGrid").tiles) == 10
    none = WeightsView(FakeExaminer(Subject(subject.spec, torch.nn.Flatten())))  # type: ignore[arg-type]
    shown(qtbot, none)
    assert text(none, "weightsWords") == "No weights of this network can be seen as pictures."


def test_the_grid_follows_its_width(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    tiles = [Tile(np.full((4, 4), value, np.float32), f"Map {value}") for value in range(64)]
    made = TileGrid("maps", "Maps")
    qtbot.addWidget(made)
    made.show_tiles(tiles)
    assert made.heightForWidth(1000) < made.heightForWidth(398)
    made.resize(398, made.heightForWidth(398))
    assert made.tile_rect(63).bottom() <= made.height()
    assert made.tile_rect(7).right() <= 398
    assert made.tiles[5].words == "Map 5: from 5 to 5"


# --- With the real examiner ---


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    made = TrainingSession(tmp_path)
    made.ready = True
    yield made
    assert made.finish(20_000)


def test_the_maps_follow_the_time_machine(session: TrainingSession, qtbot: QtBot, data: ImageData) -> None:
    inspection = Inspection(session)
    inspection.show_data(data)
    session.run_changed.connect(inspection.show_run)
    page = WhyPage(Examiner(session, inspection, session))
    page.show_picture(one_picture(data))
    shown(qtbot, page)
    assert text(page, "whyNot") == "There is no network yet: press Train first."
    spec = {"dataset": {"kind": "fashion-mnist", "train_size": 200, "test_size": 50}, "epochs": 2}
    with qtbot.waitSignal(session.run_ended, timeout=20_000):
        session.start(read_spec(spec))
    maps = [heat(page, method) for method in ("gradient", "integrated", "occlusion")]
    qtbot.waitUntil(lambda: all(one.heat is not None for one in maps), timeout=20_000)
    qtbot.waitUntil(lambda: session.state is State.IDLE, timeout=20_000)
    kept = [one.heat for one in maps]
    inspection.show_epoch(0)
    qtbot.waitUntil(
        lambda: all(one.heat is not None and one.heat is not old for one, old in zip(maps, kept, strict=True)),
        timeout=20_000,
    )


def test_the_grid_has_room_for_its_last_row_where_tiles_are_larger(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    around, made = QWidget(), TileGrid("maps", "Maps")
    qtbot.addWidget(around)
    column = QVBoxLayout(around)
    column.addWidget(made)
    column.addStretch(1)
    made.show_tiles([Tile(np.full((5, 5), value, np.float32), f"Filter {value}") for value in range(6)])
    around.resize(570, 700)
    around.show()
    qtbot.waitUntil(lambda: made.width() > 500)
    assert made.tile_rect(5).bottom() < made.height()
