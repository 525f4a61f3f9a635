"""Where pictures lie on the map: what is asked, when, and what comes of it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.insight.projection import EmbeddingStart, FeatureMap, MapWish
from fmstudio.session import embedding_task, map_points
from fmstudio.session.map_points import MapPoints

PATIENCE = 20_000
NUMBERS = np.random.default_rng(0).normal(size=(80, 12)).astype(np.float32)
NUMBERS[:, 0] *= 5
LABELS = np.arange(80) % 4
RUN = object()


class FakeExaminer(QObject):
    """Keeps questions until they are answered."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.available = True
        self.why_not = ""
        self.asked: list[tuple[str, str, MapWish]] = []
        self._then: list[tuple[Callable[[Any], object], Callable[[UserError], object]]] = []

    def ask(self, key: str, question: str, then: Callable[[Any], object], *arguments: Any, otherwise: Any) -> None:
        self.asked.append((key, question, *arguments))
        self._then.append((then, otherwise))

    def answer(self, answer: object, number: int = -1) -> None:
        self._then[number][0](answer)

    def refuse(self, message: str) -> None:
        self._then[-1][1](UserError(message))


@pytest.fixture
def examiner(qtbot: QtBot) -> FakeExaminer:
    return FakeExaminer()


@pytest.fixture
def points(examiner: FakeExaminer) -> Iterator[MapPoints]:
    made = MapPoints(examiner)  # type: ignore[arg-type]
    yield made
    made.cancel()
    assert embedding_task.finish(5000)


def map_of(wish: MapWish, turn: float = 0.0, rows: slice = slice(None)) -> FeatureMap:
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    flat = NUMBERS[rows, :2] - NUMBERS[rows, :2].mean(axis=0)
    placed = (flat @ rotation).astype(np.float32)
    return FeatureMap(wish, np.arange(80)[rows], LABELS[rows], placed, (0.5, 0.1), 12, False, len(placed))


def start_of(wish: MapWish) -> EmbeddingStart:
    return EmbeddingStart(wish, np.arange(80), LABELS, NUMBERS, 12, False, 80)


def shown(points: MapPoints, examiner: FakeExaminer) -> MapPoints:
    points.show(RUN, "test", None)
    points.wake()
    examiner.answer(map_of(examiner.asked[-1][2]))
    return points


def test_nothing_is_asked_before_it_is_seen(points: MapPoints, examiner: FakeExaminer) -> None:
    points.show(RUN, "test", None)
    examiner.changed.emit()
    assert examiner.asked == []
    points.wake()
    assert [(key, question) for key, question, _ in examiner.asked] == [
        ("map", "fmstudio.insight.network.features.feature_map")
    ]
    assert points.computing
    examiner.answer(map_of(examiner.asked[0][2]))
    assert points.layout is not None
    assert points.layout.spread == pytest.approx(0.6)
    assert not points.computing
    points.sleep()
    examiner.changed.emit()
    assert len(examiner.asked) == 1
    points.wake()
    assert len(examiner.asked) == 2


def test_the_map_of_the_next_epoch_keeps_its_orientation(points: MapPoints, examiner: FakeExaminer) -> None:
    first = shown(points, examiner).layout
    assert first is not None
    examiner.changed.emit()
    assert points.layout is first
    examiner.answer(map_of(examiner.asked[-1][2], turn=2.0))
    assert points.layout is not None
    assert points.layout is not first
    assert np.allclose(points.layout.points, first.points, atol=1e-3)


def test_an_answer_to_an_older_wish_does_not_count(points: MapPoints, examiner: FakeExaminer) -> None:
    points.show(RUN, "test", None)
    points.wake()
    points.show(RUN, "test", np.arange(10))
    examiner.answer(map_of(examiner.asked[0][2]), 0)
    assert points.layout is None
    examiner.answer(map_of(examiner.asked[1][2], rows=slice(10)), 1)
    assert points.layout is not None
    assert len(points.layout.samples) == 10


def test_the_same_wish_is_asked_once(points: MapPoints, examiner: FakeExaminer) -> None:
    shown(points, examiner)
    points.show(RUN, "test", None)
    assert len(examiner.asked) == 1
    points.show(object(), "test", None)
    assert len(examiner.asked) == 2


def test_without_weights_there_is_a_sentence(points: MapPoints, examiner: FakeExaminer) -> None:
    shown(points, examiner)
    examiner.available, examiner.why_not = False, "There is no network yet."
    examiner.changed.emit()
    assert points.layout is None
    assert points.problem is not None
    assert points.problem.message == "There is no network yet."
    examiner.available = True
    examiner.changed.emit()
    assert points.problem is None or points.computing
    examiner.refuse("The numbers are not finite.")
    assert points.problem is not None
    assert not points.computing


def test_without_the_extra_the_map_stays_and_a_sentence_says_how_to_get_it(
    points: MapPoints, examiner: FakeExaminer, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = shown(points, examiner).layout
    monkeypatch.setattr(map_points, "installed", lambda: False)
    points.choose("tsne")
    assert points.way == "pca"
    assert points.layout is layout
    assert points.problem is not None
    assert "pip install" in points.problem.hint


@pytest.mark.skipif(not embedding_task.installed(), reason="the extra is not installed")
def test_t_sne_moves_the_points_and_then_stays_when_the_network_changes(
    qtbot: QtBot, points: MapPoints, examiner: FakeExaminer
) -> None:
    shown(points, examiner).choose("tsne")
    assert examiner.asked[-1][:2] == ("map.start", "fmstudio.insight.network.features.embedding_start")
    examiner.answer(start_of(examiner.asked[-1][2]))
    qtbot.waitUntil(lambda: points.layout is not None and points.layout.way == "tsne", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not points.computing, timeout=PATIENCE)
    done, asked = points.layout, len(examiner.asked)
    assert points.share == 1.0
    examiner.changed.emit()
    assert points.stale
    assert points.layout is done
    assert len(examiner.asked) == asked
    points.choose("tsne")
    assert not points.stale
    assert len(examiner.asked) == asked + 1


@pytest.mark.skipif(not embedding_task.installed(), reason="the extra is not installed")
def test_giving_t_sne_up_brings_the_map_back(points: MapPoints, examiner: FakeExaminer) -> None:
    shown(points, examiner).choose("tsne")
    examiner.answer(start_of(examiner.asked[-1][2]))
    points.cancel()
    examiner.answer(map_of(examiner.asked[-1][2]))
    assert points.way == "pca"
    assert not points.computing
    assert points.layout is not None
    assert points.layout.way == "pca"


@pytest.mark.skipif(not embedding_task.installed(), reason="the extra is not installed")
def test_a_question_that_another_network_took_away_is_asked_again(points: MapPoints, examiner: FakeExaminer) -> None:
    shown(points, examiner).choose("tsne")
    examiner.changed.emit()
    assert [key for key, _, _ in examiner.asked] == ["map", "map.start", "map.start"]
    examiner.refuse("It cannot be.")
    assert points.way == "pca"
    assert points.layout is not None
    assert points.problem is not None
