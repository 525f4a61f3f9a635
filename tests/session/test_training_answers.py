"""Answers about training pictures: of the network that is looked at, one question at a time."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.run import Run
from fmstudio.session.inspection import Inspection
from fmstudio.session.training_answers import TrainingAnswers
from fmstudio.training.events import CheckpointSaved, EpochEnded, Predictions, RunStarted

SIZES = {"train_size": 60, "test_size": 40}


class Session(QObject):
    """Keeps the questions until a test answers them."""

    complained = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Callable[[Predictions], object], Callable[[UserError], object]]] = []

    def ask_predictions(
        self,
        run: Run,
        weights: Path,
        split: str,
        then: Callable[[Predictions], object],
        otherwise: Callable[[UserError], object],
    ) -> None:
        self.asked.append((then, otherwise))


class Examiner:
    weights = Path("weights")


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", **SIZES)


@pytest.fixture
def inspection(data: ImageData) -> Inspection:
    run = Run(spec=dict(changed(to_mapping(ExperimentSpec()), [(f"dataset.{k}", v) for k, v in SIZES.items()])))
    run.apply(RunStarted(epochs=9, steps_per_epoch=1, train_size=60, test_size=40))
    for number in range(4):
        run.apply(EpochEnded(epoch=number, step=number, train_loss=1, train_accuracy=0, test_loss=1, test_accuracy=0,
                             seconds=1, evaluation_seconds=1, predictions=told(data, number, "test")))  # fmt: skip
    run.apply(CheckpointSaved(epoch=3, step=3))
    made = Inspection()
    made.show_data(data)
    made.show_run(run)
    return made


@pytest.fixture
def session(inspection: Inspection) -> Session:
    made = Session()
    made.answers = TrainingAnswers(made, inspection, Examiner())  # type: ignore[arg-type, attr-defined]
    return made


def told(data: ImageData, mark: float, split: str = "train") -> Predictions:
    """Answers whose loss says which network gave them."""
    pictures = data.train if split == "train" else data.test
    count = len(pictures)
    zeros, shares = np.zeros(count, np.int64), np.ones((count, 10), np.float16)
    return Predictions(pictures.samples, pictures.labels, zeros, np.full(count, mark, np.float32), shares)


def mark_of(inspection: Inspection) -> float | None:
    counted = inspection.counted
    return None if counted is None else float(counted.loss[0])


def test_the_answer_of_an_epoch_that_was_left_is_not_taken_for_another(
    inspection: Inspection, session: Session, data: ImageData
) -> None:
    inspection.show_split("train")
    inspection.show_epoch(1)
    inspection.show_epoch(2)
    assert len(session.asked) == 1, "one at a time, however fast the epochs go by"
    session.asked[0][0](told(data, 99))
    assert mark_of(inspection) is None
    assert len(session.asked) == 2
    session.asked[1][0](told(data, 2))
    assert mark_of(inspection) == 2
    assert len(session.asked) == 2


def test_an_answer_that_is_wanted_again_when_it_comes_is_taken(
    inspection: Inspection, session: Session, data: ImageData
) -> None:
    inspection.show_split("train")
    for split in ("test", "train") * 4:
        inspection.show_split(split)
    inspection.show_epoch(1)
    inspection.show_epoch(None)
    assert len(session.asked) == 1
    session.asked[0][0](told(data, 7))
    assert mark_of(inspection) == 7
    assert len(session.asked) == 1


def test_nothing_more_is_asked_where_nobody_looks_any_more(
    inspection: Inspection, session: Session, data: ImageData
) -> None:
    inspection.show_split("train")
    inspection.show_epoch(1)
    inspection.show_split("test")
    session.asked[0][0](told(data, 99))
    assert len(session.asked) == 1


def test_after_a_failure_another_epoch_can_be_asked(inspection: Inspection, session: Session, data: ImageData) -> None:
    said: list[UserError] = []
    session.complained.connect(said.append)
    inspection.show_split("train")
    session.asked[0][1](UserError("damaged"))
    assert [str(error) for error in said] == ["damaged"]
    assert len(session.asked) == 1, "the same weights are not asked over and over"
    inspection.show_epoch(1)
    session.asked[1][0](told(data, 1))
    assert mark_of(inspection) == 1
