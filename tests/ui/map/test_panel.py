"""The map as it is used: with the mouse, with keys only, and with nothing to show."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.insight.projection import EmbeddingStart, FeatureMap, MapWish
from fmstudio.runs.run import Run
from fmstudio.session import embedding_task, map_points
from fmstudio.session.conditions import AnyOf, IsRight, Picked, PredictedIs, TrueIs, mask_of
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.map.panel import MapPanel

COUNT, CLASSES = 60, ("T-shirt/top", "Shirt", "Bag")
LEFT, CTRL, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
LABELS = np.arange(COUNT) % 3
SAMPLES = np.arange(COUNT) * 2
POINTS = (np.array([[-10, 0], [10, 0], [0, 8]])[LABELS] + np.random.default_rng(4).normal(size=(COUNT, 2))).astype(
    np.float32
)
RUN = Run()
PATIENCE = 20_000


class FakeExaminer(QObject):
    """Answers at once."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.available, self.why_not = True, ""
        self.asked: list[tuple[str, MapWish]] = []
        self.points = POINTS

    def ask(self, key: str, question: str, then: Callable[[Any], object], wish: MapWish, *, otherwise: Any) -> None:
        self.asked.append((key, wish))
        rows = np.arange(COUNT) if wish.samples is None else np.flatnonzero(np.isin(SAMPLES, wish.samples))
        whole = COUNT if wish.split == "test" else 60_000
        if key == "map":
            spread = (0.3, 0.11)
            then(FeatureMap(wish, SAMPLES[rows], LABELS[rows], self.points[rows], spread, 120, False, _n(wish, whole)))
        else:
            then(EmbeddingStart(wish, SAMPLES[rows], LABELS[rows], self.points[rows], 120, False, _n(wish, whole)))


def _n(wish: MapWish, whole: int) -> int:
    return whole if wish.samples is None else len(wish.samples)


def answers() -> Predictions:
    predicted = np.where(np.arange(COUNT) % 10 == 0, (LABELS + 1) % 3, LABELS)
    probabilities = np.full((COUNT, 3), 0.1, np.float16)
    probabilities[np.arange(COUNT), predicted] = 0.8
    return Predictions(SAMPLES, LABELS, predicted, np.linspace(0, 3, COUNT).astype(np.float32), probabilities)


ANSWERS = answers()
IMAGES = np.random.default_rng(1).integers(0, 256, (2 * COUNT, 28, 28)).astype(np.uint8)
PICTURES = PictureSet(IMAGES, np.zeros(2 * COUNT, np.int64), np.arange(2 * COUNT))
DATA = ImageData("toy", "Toy", CLASSES, ("T-shirt", "Shirt", "Bag"), PICTURES, PICTURES)


def sight(selection: Selection, known: Predictions | None = ANSWERS, run: Run = RUN) -> Sight:
    counted = known
    if known is not None and selection.only:
        counted = known.part(mask_of(selection.only, known))
    strong = mask_of(selection.conditions, counted) if counted is not None and selection.conditions else None
    return Sight(run, None, 0, DATA, selection, PICTURES, known, counted, counted, strong)


class Shown:
    """A panel whose selections are shown to it again, as the window does."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.examiner = qtbot, FakeExaminer()
        self.panel = MapPanel(self.examiner)  # type: ignore[arg-type]
        qtbot.addWidget(self.panel)
        self.selection = Selection()
        self.opened: list[int] = []
        self.panel.selection_changed.connect(self.select)
        self.panel.opened_sample.connect(self.opened.append)
        self.panel.resize(402, 400)
        self.select(self.selection)
        self.panel.show()

    def select(self, selection: Selection) -> None:
        self.selection = selection
        self.panel.show_sight(sight(selection))

    def at(self, row: int) -> QPoint:
        return self.panel.view.place(row).toPoint()

    def click(self, row: int, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.mouseClick(self.panel.view, LEFT, modifier, self.at(row))

    def drag(self, *places: QPoint, button: Qt.MouseButton = LEFT, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.mousePress(self.panel.view, button, modifier, places[0])
        for place in places[1:]:
            self.qtbot.mouseMove(self.panel.view, place)
        self.qtbot.mouseRelease(self.panel.view, button, modifier, places[-1])

    def around(self, label: int) -> list[QPoint]:
        places = self.panel.view.canvas.places[label == LABELS]
        (left, top), (right, bottom) = places.min(axis=0) - 6, places.max(axis=0) + 6
        return [QPoint(round(x), round(y)) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self.panel.view, key, modifier)

    @property
    def picked(self) -> list[int]:
        (condition,) = self.selection.conditions
        assert isinstance(condition, Picked)
        return [int(sample) for sample in condition.samples]

    @property
    def text(self) -> str:
        return self.panel.foot.text

    def button(self, name: str) -> QPushButton:
        found = self.panel.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    def ink(self, row: int) -> str:
        place = self.at(row)
        return self.panel.view.canvas.image.pixelColor(place).name()


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Iterator[Shown]:
    theme.apply(qapp, "light")
    made = Shown(qtbot)
    yield made
    made.panel.hide()
    assert embedding_task.finish(5000)


def test_a_sentence_says_how_it_was_made_and_of_how_many(shown: Shown) -> None:
    assert "PCA of 120 numbers before the last layer: 41 % of their spread · 60 test pictures" in shown.text
    shown.select(replace(shown.selection, split="train"))
    assert "60 of 60,000 training pictures, evenly over the classes" in shown.text


def test_points_have_the_colours_of_the_key(shown: Shown) -> None:
    entries = shown.panel.key.entries
    assert [entry.words for entry in entries] == ["T-shirt", "Shirt", "Bag"]
    assert {shown.ink(row) for row in (0, 3, 6)} == {entries[0].colour}
    assert shown.ink(1) == entries[1].colour
    shown.panel.colours.buttons["predicted"].click()
    assert shown.ink(0) == entries[1].colour
    shown.panel.colours.buttons["right"].click()
    assert [entry.words for entry in shown.panel.key.entries] == ["right", "wrong"]
    assert shown.ink(0) == theme.colour("wrong").name()


def test_a_click_looks_at_a_picture_and_opens_it_and_ctrl_adds(shown: Shown) -> None:
    shown.click(5)
    assert shown.picked == [10]
    assert shown.opened == [10]
    shown.click(8, CTRL)
    assert shown.picked == [10, 16]
    assert shown.opened == [10]
    shown.qtbot.mouseClick(shown.panel.view, LEFT, NONE, QPoint(200, 392 - 150))
    assert shown.selection.conditions == ()


def test_a_line_drawn_around_points_looks_at_them(shown: Shown) -> None:
    shown.drag(*shown.around(1))
    assert sorted(shown.picked) == sorted(SAMPLES[LABELS == 1].tolist())
    assert shown.selection.conditions[0].words(CLASSES) == "lasso"
    shown.drag(*shown.around(2), modifier=CTRL)
    assert sorted(shown.picked) == sorted(SAMPLES[LABELS != 0].tolist())
    before = shown.selection
    shown.drag(QPoint(2, 2), QPoint(12, 2), QPoint(12, 12))
    assert shown.selection == before


def test_a_line_is_added_to_what_was_looked_at_by_class(shown: Shown) -> None:
    shown.select(shown.selection.at(TrueIs(0)))
    shown.drag(*shown.around(1), modifier=CTRL)
    (condition,) = shown.selection.conditions
    assert isinstance(condition, AnyOf)
    assert int(condition.mask(ANSWERS).sum()) == 40


def test_what_is_looked_at_is_strong_over_the_faint_rest(shown: Shown) -> None:
    plain = shown.ink(0), shown.ink(1)
    shown.select(shown.selection.at(TrueIs(1)))
    assert shown.ink(1) == plain[1]
    assert shown.ink(0) != plain[0]
    assert shown.panel.view.canvas.image.pixelColor(shown.at(0)).lightness() > 200
    assert "60 test pictures" in shown.text


def test_counted_alone_is_strong_and_can_be_laid_out_alone(shown: Shown) -> None:
    assert not shown.button("mapAlone").isVisible()
    shown.select(shown.selection.at(TrueIs(1)).counted_alone())
    assert shown.panel.view.canvas.image.pixelColor(shown.at(0)).lightness() > 200
    assert len(shown.panel.view.canvas.places) == 60
    shown.button("mapAlone").click()
    assert shown.examiner.asked[-1][1].samples.tolist() == SAMPLES[LABELS == 1].tolist()  # type: ignore[union-attr]
    assert len(shown.panel.view.canvas.places) == 20
    assert "20 test pictures" in shown.text
    assert shown.button("mapAlone").text() == "All pictures"
    shown.select(Selection())
    assert len(shown.panel.view.canvas.places) == 60
    assert not shown.button("mapAlone").isVisible()


def test_the_key_points_out_a_class_and_looks_at_it(shown: Shown) -> None:
    key, plain = shown.panel.key, shown.ink(0)
    shown.qtbot.mouseMove(key, key.place(1).center())
    assert shown.ink(0) != plain
    assert shown.selection.conditions == ()
    shown.qtbot.mouseMove(key, QPoint(key.width() - 2, 2))
    assert shown.ink(0) == plain
    shown.qtbot.mouseClick(key, LEFT, NONE, key.place(1).center())
    assert shown.selection.conditions == (TrueIs(1),)
    shown.qtbot.mouseClick(key, LEFT, CTRL, key.place(2).center())
    assert shown.selection.conditions == (AnyOf((TrueIs(1), TrueIs(2))),)
    shown.panel.colours.buttons["predicted"].click()
    shown.qtbot.mouseClick(key, LEFT, NONE, key.place(0).center())
    assert shown.selection.conditions == (PredictedIs(0),)
    shown.panel.colours.buttons["right"].click()
    key.setFocus()
    shown.qtbot.keyClick(key, Qt.Key.Key_Right)
    shown.qtbot.keyClick(key, Qt.Key.Key_Return)
    assert shown.selection.conditions == (IsRight(False),)


def test_pointing_at_a_picture_says_what_it_is(shown: Shown) -> None:
    card = shown.panel._glance(0)
    assert card.marked == "✗ T-shirt/top → Shirt"
    assert card.further == "80 % sure · loss 0"
    assert card.image is not None
    assert np.array_equal(card.image, IMAGES[0])
    assert np.array_equal(shown.panel._glance(7).image, IMAGES[14])  # type: ignore[arg-type]
    shown.panel.show_sight(sight(shown.selection, None))
    assert shown.panel._glance(0).marked == "T-shirt/top"
    shown.panel.colours.buttons["loss"].click()
    assert "the answers are not known yet" in shown.text
    before = shown.panel.view.grab().toImage()
    shown.qtbot.mouseMove(shown.panel.view, shown.at(5))
    assert shown.panel.view.grab().toImage() != before


def test_all_of_it_with_keys_only(shown: Shown) -> None:
    view = shown.panel.view
    view.setFocus()
    shown.key(Qt.Key.Key_Left)
    start = view._current
    shown.key(Qt.Key.Key_Left)
    assert view.place(view._current).x() < view.place(start).x()
    assert view.accessibleDescription() == shown.panel._glance(view._current).marked
    shown.key(Qt.Key.Key_Return)
    first = int(SAMPLES[view._current])
    assert shown.picked == [first]
    assert shown.opened == [first]
    shown.key(Qt.Key.Key_Right)
    shown.key(Qt.Key.Key_Space)
    assert sorted(shown.picked) == sorted([first, int(SAMPLES[view._current])])
    assert shown.selection.conditions[0].words(CLASSES) == "2 picked"
    shown.key(Qt.Key.Key_Space)
    assert shown.picked == [first]
    shown.key(Qt.Key.Key_Escape)
    assert shown.selection.conditions == ()


def test_esc_counts_all_again_when_nothing_is_looked_at(shown: Shown) -> None:
    shown.select(shown.selection.at(TrueIs(1)).counted_alone())
    shown.panel.view.setFocus()
    shown.key(Qt.Key.Key_Escape)
    assert shown.selection.only == ()


def test_zoom_and_move_and_see_all_again(shown: Shown) -> None:
    view = shown.panel.view
    whole = view.canvas.window
    at = QPointF(shown.at(4))
    turned = QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, NONE,
                         Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(view, turned)
    assert view.canvas.window.scale > 1.5 * whole.scale
    assert (view.place(4) - at).manhattanLength() < 2
    before = view.place(4)
    shown.drag(QPoint(100, 100), QPoint(130, 90), button=Qt.MouseButton.MiddleButton)
    assert (view.place(4) - before - QPointF(30, -10)).manhattanLength() < 0.01
    shown.qtbot.keyPress(view, Qt.Key.Key_Space)
    shown.drag(QPoint(100, 100), QPoint(70, 110))
    shown.qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert (view.place(4) - before).manhattanLength() < 0.01
    assert shown.selection.conditions == ()
    shown.key(Qt.Key.Key_0)
    assert view.canvas.window == whole
    shown.key(Qt.Key.Key_Plus)
    assert view.canvas.window.scale > whole.scale
    shown.qtbot.mouseDClick(view, LEFT, NONE, QPoint(5, 5))
    assert view.canvas.window == whole


def test_another_epoch_moves_the_points_without_turning_them(shown: Shown) -> None:
    view = shown.panel.view
    before = view.points.copy()
    shown.examiner.points = (-POINTS + np.float32(0.01)).astype(np.float32)
    with shown.qtbot.waitSignal(view._animation.finished, timeout=PATIENCE):
        shown.examiner.changed.emit()
    assert np.allclose(view.points, before, atol=0.1)
    assert np.array_equal(view.canvas.points, view.points)


def test_asleep_it_says_why(shown: Shown) -> None:
    shown.examiner.available, shown.examiner.why_not = False, "There is no network yet: press Train first."
    shown.examiner.changed.emit()
    assert len(shown.panel.view.canvas.places) == 0
    assert shown.panel.view._message == "There is no network yet: press Train first."
    assert shown.panel.key.entries == ()
    assert shown.text == ""
    shown.panel.grab()


def test_while_it_is_hidden_nothing_is_asked(shown: Shown) -> None:
    asked = len(shown.examiner.asked)
    shown.panel.hide()
    shown.examiner.changed.emit()
    shown.select(shown.selection.at(TrueIs(1)))
    assert len(shown.examiner.asked) == asked
    shown.panel.show()
    assert len(shown.examiner.asked) == asked + 1
    assert shown.panel.view.canvas.image.pixelColor(shown.at(0)).lightness() > 200


def test_without_the_extra_a_sentence_says_how_to_get_it(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_points, "installed", lambda: False)
    shown.panel.ways.buttons["tsne"].click()
    assert shown.panel.ways.key == "pca"
    assert 'pip install "fmstudio[map]"' in shown.text
    assert len(shown.panel.view.canvas.places) == 60
    shown.examiner.changed.emit()
    assert "PCA of" in shown.text


@pytest.mark.skipif(not embedding_task.installed(), reason="the extra is not installed")
def test_t_sne_shows_how_far_it_is_and_can_be_given_up(shown: Shown) -> None:
    bar, cancel = shown.panel.findChild(QProgressBar, "mapProgress"), shown.button("mapCancel")
    assert isinstance(bar, QProgressBar)
    shown.panel.ways.buttons["tsne"].click()
    assert bar.isVisible()
    shown.qtbot.waitUntil(lambda: bar.value() > 100, timeout=PATIENCE)
    assert shown.text.startswith("t-SNE of 60 pictures:")
    cancel.click()
    assert not bar.isVisible()
    assert shown.panel.ways.key == "pca"
    assert "PCA of" in shown.text


@pytest.mark.skipif(not embedding_task.installed(), reason="the extra is not installed")
def test_t_sne_of_an_earlier_network_says_so_and_can_be_computed_again(shown: Shown) -> None:
    shown.panel.ways.buttons["tsne"].click()
    shown.qtbot.waitUntil(lambda: "only who is near whom counts" in shown.text, timeout=PATIENCE)
    assert not shown.button("mapAgain").isVisible()
    assert np.isfinite(shown.panel.view.points).all()
    shown.examiner.changed.emit()
    assert shown.text == "t-SNE of an earlier network · 60 test pictures"
    asked = len(shown.examiner.asked)
    shown.button("mapAgain").click()
    assert [key for key, _ in shown.examiner.asked[asked:]] == ["map.start"]
    assert not shown.button("mapAgain").isVisible()


def test_a_new_run_begins_with_the_map_of_all(shown: Shown) -> None:
    asked = len(shown.examiner.asked)
    shown.panel.show_sight(sight(Selection(), run=Run()))
    assert len(shown.examiner.asked) == asked + 1


@pytest.mark.parametrize("size", [(402, 400), (972, 640)])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_has_room_in_its_card_and_detached(
    qtbot: QtBot, qapp: QApplication, name: str, size: tuple[int, int]
) -> None:
    theme.apply(qapp, name)
    shown = Shown(qtbot)
    shown.panel.resize(*size)
    assert shown.panel.minimumSizeHint().width() <= 402
    view = shown.panel.view
    assert view.height() > 0.7 * size[1]
    assert (view.canvas.places >= 0).all()
    assert (view.canvas.places <= [view.width(), view.height()]).all()
    shown.panel.hide()


def test_a_word_of_the_key_is_counted_alone_by_a_double_click_and_with_shift(shown: Shown, qtbot: QtBot) -> None:
    key = shown.panel.key
    condition = key.entries[1].condition
    assert condition is not None
    qtbot.mouseDClick(key, LEFT, pos=key.place(1).center())
    assert (shown.selection.conditions, shown.selection.only) == ((), (condition,))
    shown.select(Selection())
    qtbot.keyClick(key, Qt.Key.Key_Right)
    qtbot.keyClick(key, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert len(shown.selection.only) == 1
    qtbot.keyClick(key, Qt.Key.Key_Escape)
    assert shown.selection == Selection()


def test_a_point_is_counted_alone_by_a_double_click(shown: Shown, qtbot: QtBot) -> None:
    qtbot.mouseDClick(shown.panel.view, LEFT, pos=shown.at(0))
    (only,) = shown.selection.only
    assert isinstance(only, Picked)
    assert only.samples.tolist() == [int(SAMPLES[0])]
