"""t-SNE apart from the window: progress, the result, giving up, and a program that ends meanwhile."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.insight.network import neighbour_embedding
from fmstudio.session import embedding_task
from fmstudio.session.embedding_task import EmbeddingTask
from fmstudio.training.events import Floats

PATIENCE = 20_000

pytestmark = pytest.mark.skipif(not embedding_task.installed(), reason="the extra is not installed")


@pytest.fixture
def task(qtbot: QtBot) -> Iterator[EmbeddingTask]:
    made = EmbeddingTask()
    yield made
    assert embedding_task.finish(5000)


def groups(n: int = 240, d: int = 8) -> Floats:
    """Three groups that lie far apart."""
    rng = np.random.default_rng(1)
    numbers: Floats = (8 * rng.normal(size=(3, d))[np.arange(n) % 3] + rng.normal(size=(n, d))).astype(np.float32)
    return numbers


def test_it_tells_how_far_it_is_and_then_the_result(qtbot: QtBot, task: EmbeddingTask) -> None:
    numbers = groups()
    shares: list[float] = []
    task.progressed.connect(lambda share, points: shares.append(share) or points.shape == (240, 2))
    with qtbot.waitSignal(task.ended, timeout=PATIENCE) as ended:
        task.start(numbers, numbers[:, :2])
        assert task.busy
    assert ended.args is not None
    assert ended.args[0].shape == (240, 2)
    assert np.isfinite(ended.args[0]).all()
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] > 0.95
    assert not task.busy


def test_giving_up_is_prompt_and_says_nothing_more(qtbot: QtBot, task: EmbeddingTask) -> None:
    numbers = groups(2000, 50)
    with qtbot.waitSignal(task.progressed, timeout=PATIENCE):
        task.start(numbers, numbers[:, :2])
    told: list[object] = []
    task.progressed.connect(lambda *_: told.append("progress"))
    task.ended.connect(lambda _: told.append("end"))
    task.cancel()
    assert not task.busy
    began = time.monotonic()
    assert embedding_task.finish(3000)
    assert time.monotonic() - began < 1.5
    qtbot.wait(20)
    assert told == []


def test_a_new_start_takes_the_place_of_the_one_before(qtbot: QtBot, task: EmbeddingTask) -> None:
    first, second = groups(1500, 30), groups(60)
    results: list[Floats] = []
    task.ended.connect(results.append)
    task.start(first, first[:, :2])
    with qtbot.waitSignal(task.ended, timeout=PATIENCE):
        task.start(second, second[:, :2])
    assert [len(points) for points in results] == [60]


def test_a_task_that_is_thrown_away_ends_its_thread(qtbot: QtBot) -> None:
    task, numbers = EmbeddingTask(), groups(2000, 50)
    with qtbot.waitSignal(task.progressed, timeout=PATIENCE):
        task.start(numbers, numbers[:, :2])
    with qtbot.waitSignal(task.destroyed):
        task.deleteLater()
    assert all(stop.is_set() for stop in embedding_task._running.values())
    assert embedding_task.finish(3000)
    assert not embedding_task._running


def test_what_cannot_be_done_is_a_sentence(qtbot: QtBot, task: EmbeddingTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbour_embedding, "TSNEEmbedding", None)
    with qtbot.waitSignal(task.refused, timeout=PATIENCE) as refused:
        task.start(groups(), groups()[:, :2])
    assert refused.args is not None
    error = refused.args[0]
    assert isinstance(error, UserError)
    assert 'pip install "fmstudio[map]"' in error.hint
    assert not task.busy
