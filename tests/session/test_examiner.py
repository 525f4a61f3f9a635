"""Asking the network that is looked at: apart from the window, the newest question, never of a network that is gone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.insight.network.subject import Subject
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.session import State, TrainingSession

SPEC = {
    "dataset": {"kind": "fashion-mnist", "train_size": 60, "test_size": 40},
    "architecture": {"kind": "softmax-regression"},
    "epochs": 2, "batch_size": 30,
}  # fmt: skip
ASK = "fmstudio.insight.network.subject.probabilities"
PATIENCE = 20_000
gate = threading.Event()


def slowly(subject: Subject, name: str) -> str:
    gate.wait(PATIENCE / 1000)
    return name


def refuse(subject: Subject) -> None:
    raise UserError("That cannot be asked.", "Ask something else.")


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", train_size=60, test_size=40)


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    made = TrainingSession(tmp_path)
    made.ready = True
    gate.clear()
    yield made
    gate.set()
    assert made.finish(PATIENCE)


@pytest.fixture
def inspection(session: TrainingSession, data: ImageData, qtbot: QtBot) -> Inspection:
    made = Inspection(session)
    made.show_data(data)
    session.run_changed.connect(made.show_run)
    return made


@pytest.fixture
def examiner(session: TrainingSession, inspection: Inspection, qtbot: QtBot) -> Examiner:
    return Examiner(session, inspection, session)


@pytest.fixture
def trained(session: TrainingSession, examiner: Examiner, qtbot: QtBot) -> Examiner:
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.start(read_spec(SPEC))
    qtbot.waitUntil(lambda: session.state is State.IDLE)
    return examiner


def test_before_a_run_it_says_why_not(examiner: Examiner) -> None:
    refused: list[str] = []
    examiner.ask("a", ASK, lambda _: None, otherwise=lambda error: refused.append(str(error)))
    assert not examiner.available
    assert "press Train" in examiner.why_not
    assert refused == [examiner.why_not]


def test_it_answers_as_the_run_did(trained: Examiner, inspection: Inspection, data: ImageData, qtbot: QtBot) -> None:
    found: list[NDArray[np.float32]] = []
    trained.ask("a", ASK, found.append, data.test.images)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    counted = inspection.counted
    assert counted is not None
    assert np.allclose(found[0], counted.probabilities, atol=1e-3)


def test_an_earlier_epoch_answers_as_it_did_then(
    trained: Examiner, inspection: Inspection, data: ImageData, qtbot: QtBot
) -> None:
    inspection.show_epoch(0)
    found: list[NDArray[np.float32]] = []
    trained.ask("a", ASK, found.append, data.test.images)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    untrained, kept = inspection.run.epochs[0].predictions, inspection.run.epochs[-1].predictions
    assert np.allclose(found[0], untrained.probabilities, atol=1e-3)  # type: ignore[union-attr]
    assert not np.allclose(found[0], kept.probabilities, atol=1e-3)  # type: ignore[union-attr]


def test_weights_that_were_not_kept_are_a_sentence(trained: Examiner, inspection: Inspection) -> None:
    folder = trained.folder
    assert folder is not None
    folder.epoch_weights(1).unlink()
    inspection.show_epoch(1)
    assert not trained.available
    assert "epoch 1 were not kept" in trained.why_not


def test_of_a_kind_the_newest_question_counts(trained: Examiner, qtbot: QtBot) -> None:
    found: list[str] = []
    for name in ("first", "second", "third"):
        trained.ask("same", f"{__name__}.slowly", found.append, name)
    gate.set()
    qtbot.waitUntil(lambda: len(found) == 2, timeout=PATIENCE)
    assert found == ["first", "third"]


def test_the_answer_of_a_network_that_is_not_looked_at_any_more_is_dropped(
    trained: Examiner, session: TrainingSession, inspection: Inspection, qtbot: QtBot
) -> None:
    found: list[str] = []
    trained.ask("a", f"{__name__}.slowly", found.append, "old")
    with qtbot.waitSignal(trained.changed):
        inspection.show_epoch(0)
    trained.ask("a", f"{__name__}.slowly", found.append, "new")
    gate.set()
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert found == ["new"]


def test_a_refusal_is_a_sentence(trained: Examiner, session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.complained, timeout=PATIENCE) as complaint:
        trained.ask("a", f"{__name__}.refuse", lambda _: None)
    assert str(complaint.args[0]) == str(UserError("That cannot be asked.", "Ask something else."))
    refused: list[UserError] = []
    trained.ask("a", f"{__name__}.refuse", lambda _: None, otherwise=refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=PATIENCE)


def test_weights_of_another_network_are_a_sentence(trained: Examiner, qtbot: QtBot) -> None:
    folder = trained.folder
    assert folder is not None
    text = folder.spec.read_text(encoding="utf-8")
    folder.spec.write_text(text.replace("softmax-regression", "cnn"), encoding="utf-8")
    refused: list[UserError] = []
    trained.ask("a", ASK, lambda _: None, np.zeros((1, 28, 28), np.uint8), otherwise=refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=PATIENCE)
    assert "do not fit" in refused[0].message or "not valid" in refused[0].message
