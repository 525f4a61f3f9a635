"""What is looked at: which pictures, which answers, and when the network must be asked again."""

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, load_images
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.run import Run
from fmstudio.session.inspection import WATCHED, Inspection, restricted
from fmstudio.session.selection import Selection, TrueIs
from fmstudio.training.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Ints,
    PicturesWatched,
    Predictions,
    QuickChecked,
    RunEnded,
    RunStarted,
)

FINISHED = RunEnded(status="finished", epoch=1, step=4)
SIZES = {"train_size": 120, "test_size": 200}


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", **SIZES)


@pytest.fixture
def inspection(data: ImageData) -> Inspection:
    made = Inspection()
    made.show_data(data)
    return made


def answers(samples: Ints, mark: float = 0.0) -> Predictions:
    """Answers for some pictures; ``mark`` is the loss of each, by which a test knows them again."""
    count = len(samples)
    zeros = np.zeros(count, np.int64)
    return Predictions(samples, zeros, zeros, np.full(count, mark, np.float32), np.ones((count, 10), np.float16))


def run_of(*events: Event, **changes: Any) -> Run:
    sizes = [(f"dataset.{name}", size) for name, size in SIZES.items()]
    run = Run(spec=dict(changed(to_mapping(ExperimentSpec()), [*sizes, *changes.items()])))
    for event in (RunStarted(epochs=2, steps_per_epoch=4, train_size=120, test_size=200), *events):
        run.apply(event)
    return run


def epoch(number: int, predictions: Predictions) -> EpochEnded:
    return EpochEnded(
        epoch=number, step=4 * number, train_loss=1, train_accuracy=0, test_loss=1, test_accuracy=0, seconds=1,
        evaluation_seconds=1, predictions=predictions,
    )  # fmt: skip


def check(step: int, predictions: Predictions) -> QuickChecked:
    return QuickChecked(step=step, accuracy=0, loss=1, predictions=predictions)


def mark_of(predictions: Predictions | None) -> float | None:
    return None if predictions is None else float(predictions.loss[0])


class TestRestricted:
    def test_gives_the_answers_in_the_order_asked_for(self) -> None:
        whole = answers(np.array([7, 3, 9, 1]))
        whole = Predictions(whole.samples, np.array([70, 30, 90, 10]), whole.predicted, whole.loss, whole.probabilities)
        part = restricted(whole, np.array([9, 7, 9]))
        assert part is not None
        assert part.samples.tolist() == [9, 7, 9]
        assert part.labels.tolist() == [90, 70, 90]

    @pytest.mark.parametrize("wanted", [[2], [9, 2], [100], [-1, 3]])
    def test_is_none_where_one_was_not_asked_about(self, wanted: list[int]) -> None:
        assert restricted(answers(np.array([7, 3, 9, 1])), np.array(wanted)) is None

    def test_nothing_known_is_none(self) -> None:
        assert restricted(answers(np.empty(0, np.int64)), np.array([1])) is None


def test_without_data_there_is_nothing_to_see() -> None:
    empty = Inspection()
    assert (empty.pictures, empty.predictions, empty.counted, empty.classes) == (None, None, None, ())


def test_before_a_run_the_watched_pictures_stand_there(inspection: Inspection, data: ImageData) -> None:
    pictures = inspection.pictures
    assert inspection.selection == WATCHED
    assert pictures is not None
    assert 0 < len(pictures) <= 60
    assert set(pictures.samples) <= set(data.test.samples)
    assert inspection.predictions is None
    assert inspection.classes[0] == "T-shirt/top"
    assert inspection.pictures is pictures


class TestWatched:
    def test_the_newest_answers_stand_under_them(self, inspection: Inspection, data: ImageData) -> None:
        wall = inspection.pictures
        assert wall is not None
        run = run_of(epoch(0, answers(data.test.samples, 1)))
        inspection.show_run(run)
        assert mark_of(inspection.predictions) == 1
        run.apply(PicturesWatched(step=1, predictions=answers(wall.samples, 2)))
        assert mark_of(inspection.predictions) == 2
        run.apply(check(2, answers(data.test.samples, 3)))
        assert mark_of(inspection.predictions) == 3
        run.apply(PicturesWatched(step=3, predictions=answers(wall.samples, 4)))
        assert mark_of(inspection.predictions) == 4
        run.apply(epoch(1, answers(data.test.samples, 5)))
        found = inspection.predictions
        assert mark_of(found) == 5
        assert found is not None
        assert found.samples.tolist() == wall.samples.tolist()

    def test_a_check_that_did_not_ask_about_all_of_them_does_not_count(
        self, inspection: Inspection, data: ImageData
    ) -> None:
        inspection.show_run(
            run_of(epoch(0, answers(data.test.samples, 1)), check(2, answers(data.test.samples[:3], 3)))
        )
        assert mark_of(inspection.predictions) == 1

    def test_after_the_end_they_are_the_kept_networks(self, inspection: Inspection, data: ImageData) -> None:
        wall = inspection.pictures
        assert wall is not None
        run = run_of(
            epoch(0, answers(data.test.samples, 1)),
            epoch(1, answers(data.test.samples, 2)),
            PicturesWatched(step=9, predictions=answers(wall.samples, 3)),
            FINISHED,
        )
        inspection.show_run(run)
        assert mark_of(inspection.predictions) == 2


class TestSelection:
    def test_a_cell_shows_all_test_pictures_with_the_counted_answers(
        self, inspection: Inspection, data: ImageData, qtbot: QtBot
    ) -> None:
        inspection.show_run(run_of(epoch(0, answers(data.test.samples, 1)), FINISHED))
        with qtbot.waitSignal(inspection.changed):
            inspection.select(Selection().but(TrueIs(3)))
        assert inspection.pictures is not None
        assert inspection.pictures.samples.tolist() == data.test.samples.tolist()
        assert mark_of(inspection.predictions) == 1
        assert inspection.predictions is inspection.counted

    def test_before_any_answer_the_wall_stays(self, inspection: Inspection) -> None:
        wall = inspection.pictures
        inspection.select(Selection())
        assert inspection.pictures is wall

    def test_another_run_is_looked_at_from_the_beginning(self, inspection: Inspection, data: ImageData) -> None:
        inspection.show_run(run_of(epoch(0, answers(data.test.samples))))
        inspection.select(Selection(split="train").but(TrueIs(3)))
        inspection.show_run(run_of(epoch(0, answers(data.test.samples))))
        assert inspection.selection == WATCHED

    def test_the_same_run_with_news_is_looked_at_as_before(self, inspection: Inspection, data: ImageData) -> None:
        run = run_of(epoch(0, answers(data.test.samples)))
        inspection.show_run(run)
        wanted = Selection().but(TrueIs(3))
        inspection.select(wanted)
        run.apply(check(2, answers(data.test.samples)))
        inspection.show_run(run)
        assert inspection.selection == wanted

    def test_the_split_changes_under_the_same_conditions(self, inspection: Inspection) -> None:
        inspection.select(Selection(order="loss").but(TrueIs(3)))
        inspection.show_split("train")
        assert inspection.selection == Selection(split="train", conditions=(TrueIs(3),), order="loss")
        inspection.show_split("test")
        assert inspection.selection == Selection(conditions=(TrueIs(3),), order="loss")


class TestTraining:
    @pytest.fixture
    def wanted(self, inspection: Inspection) -> list[int]:
        """Grows by one whenever the network shall be asked."""
        asked: list[int] = []
        inspection.training_answers_wanted.connect(lambda: asked.append(inspection.run.saved_step))
        return asked

    @pytest.fixture
    def run(self, inspection: Inspection, data: ImageData) -> Run:
        made = run_of(epoch(0, answers(data.test.samples, 1)), CheckpointSaved(epoch=0, step=0))
        inspection.show_run(made)
        return made

    def test_the_network_is_asked_once_and_its_answers_are_shown(
        self, inspection: Inspection, data: ImageData, run: Run, wanted: list[int]
    ) -> None:
        inspection.show_split("train")
        assert wanted == [0]
        assert (inspection.counted, inspection.predictions) == (None, None)
        assert inspection.pictures is not None
        assert inspection.pictures.samples.tolist() == data.train.samples.tolist()
        inspection.show_training_answers(answers(data.train.samples, 7))
        assert mark_of(inspection.counted) == mark_of(inspection.predictions) == 7
        inspection.select(inspection.selection.but(TrueIs(2)))
        inspection.show_run(run)
        inspection.show_split("test")
        assert mark_of(inspection.counted) == 1
        inspection.show_split("train")
        assert wanted == [0]
        assert mark_of(inspection.counted) == 7

    def test_clicks_while_it_is_being_asked_ask_no_more(
        self, inspection: Inspection, run: Run, wanted: list[int]
    ) -> None:
        inspection.show_split("train")
        for label in range(5):
            inspection.select(inspection.selection.but(TrueIs(label)))
            inspection.show_run(run)
        assert wanted == [0]

    def test_what_was_never_answered_is_asked_when_one_comes_back(
        self, inspection: Inspection, run: Run, wanted: list[int]
    ) -> None:
        inspection.show_split("train")
        inspection.show_split("test")
        inspection.show_split("train")
        assert wanted == [0, 0]

    def test_newer_weights_are_asked_anew(
        self, inspection: Inspection, data: ImageData, run: Run, wanted: list[int]
    ) -> None:
        inspection.show_split("train")
        inspection.show_training_answers(answers(data.train.samples, 7))
        run.apply(epoch(1, answers(data.test.samples)))
        inspection.show_run(run)
        assert wanted == [0]
        run.apply(CheckpointSaved(epoch=1, step=4))
        inspection.show_run(run)
        assert wanted == [0, 4]
        assert inspection.counted is None

    def test_weights_that_changed_while_one_looked_elsewhere_are_asked_anew(
        self, inspection: Inspection, data: ImageData, run: Run, wanted: list[int]
    ) -> None:
        inspection.show_split("train")
        inspection.show_training_answers(answers(data.train.samples, 7))
        inspection.show_split("test")
        run.apply(CheckpointSaved(epoch=1, step=4))
        inspection.show_run(run)
        assert wanted == [0]
        inspection.show_split("train")
        assert wanted == [0, 4]

    def test_it_asks_as_soon_as_weights_are_saved(self, inspection: Inspection, wanted: list[int]) -> None:
        run = run_of()
        inspection.show_run(run)
        inspection.show_split("train")
        run.apply(CheckpointSaved(epoch=0, step=0))
        inspection.show_run(run)
        assert wanted == [0]

    def test_another_runs_answers_are_forgotten(
        self, inspection: Inspection, data: ImageData, run: Run, wanted: list[int]
    ) -> None:
        inspection.show_split("train")
        inspection.show_training_answers(answers(data.train.samples, 7))
        inspection.show_run(run_of(CheckpointSaved(epoch=0, step=0)))
        inspection.show_split("train")
        assert inspection.counted is None
        assert len(wanted) == 2


def test_a_run_on_other_pictures_is_looked_at_on_those(inspection: Inspection) -> None:
    run = run_of(**{"dataset.test_size": 50, "dataset.train_size": 0, "dataset.test_seed": 3})
    inspection.show_run(run)
    wanted = load_images("fashion-mnist", test_size=50, test_seed=3)
    assert inspection.data is not None
    assert inspection.data.test.samples.tolist() == wanted.test.samples.tolist()
    assert len(inspection.data.train) == 60_000
    inspection.show_run(run_of(**{"dataset.test_size": 0, "dataset.train_size": 0}))
    assert len(inspection.data.test) == 10_000


def test_every_change_is_told(inspection: Inspection, data: ImageData, qtbot: QtBot) -> None:
    run = run_of()
    for act in (
        lambda: inspection.show_run(run),
        lambda: inspection.show_run(run),
        lambda: inspection.select(Selection()),
        lambda: inspection.show_split("train"),
        lambda: inspection.show_training_answers(answers(data.train.samples)),
        lambda: inspection.show_data(data),
    ):
        with qtbot.waitSignal(inspection.changed):
            act()


class TestBackAndForward:
    def test_one_comes_back_to_what_was_looked_at(self, inspection: Inspection) -> None:
        shirts, coats = Selection().at(TrueIs(6)), Selection().at(TrueIs(4))
        inspection.select(shirts)
        inspection.select(coats)
        assert (inspection.can_go_back, inspection.can_go_forward) == (True, False)
        inspection.go_back()
        assert inspection.selection == shirts
        inspection.go_back()
        assert inspection.selection == WATCHED
        assert not inspection.can_go_back
        inspection.go_forward()
        inspection.go_forward()
        assert inspection.selection == coats
        assert not inspection.can_go_forward

    def test_another_order_is_no_step(self, inspection: Inspection) -> None:
        inspection.select(Selection().at(TrueIs(6)))
        inspection.select(Selection(order="loss").at(TrueIs(6)))
        inspection.go_back()
        assert inspection.selection == WATCHED

    def test_a_new_step_forgets_the_way_forward(self, inspection: Inspection) -> None:
        inspection.select(Selection().at(TrueIs(6)))
        inspection.go_back()
        inspection.select(Selection().at(TrueIs(4)))
        assert not inspection.can_go_forward


class TestTimeMachine:
    def test_everything_is_that_of_the_epoch(self, inspection: Inspection, data: ImageData) -> None:
        run = run_of(*(epoch(number, answers(data.test.samples, number)) for number in range(3)), FINISHED)
        inspection.show_run(run)
        assert mark_of(inspection.counted) == 2
        inspection.show_epoch(1)
        assert mark_of(inspection.counted) == 1
        assert mark_of(inspection.sight.wall) == 1
        assert inspection.sight.note == "epoch 1"
        inspection.show_epoch(None)
        assert mark_of(inspection.counted) == 2

    def test_another_run_is_looked_at_as_it_is_now(self, inspection: Inspection, data: ImageData) -> None:
        inspection.show_run(run_of(epoch(0, answers(data.test.samples))))
        inspection.show_epoch(0)
        inspection.show_run(run_of(epoch(0, answers(data.test.samples))))
        assert inspection.epoch is None

    def test_the_training_pictures_are_asked_about_again(self, inspection: Inspection, data: ImageData) -> None:
        asked: list[int | None] = []
        inspection.training_answers_wanted.connect(lambda: asked.append(inspection.epoch))
        run = run_of(epoch(0, answers(data.test.samples)), epoch(1, answers(data.test.samples)))
        run.apply(CheckpointSaved(epoch=1, step=4))
        inspection.show_run(run)
        inspection.show_split("train")
        inspection.show_training_answers(answers(data.train.samples, 7))
        inspection.show_epoch(0)
        assert inspection.counted is None
        assert asked == [None, 0]
        inspection.show_training_answers(answers(data.train.samples, 8))
        assert mark_of(inspection.counted) == 8


class TestOnlyThese:
    def test_the_rest_is_not_counted(self, inspection: Inspection, data: ImageData) -> None:
        labels = data.test.labels
        zeros = np.zeros(len(labels), np.int64)
        told = Predictions(
            data.test.samples, labels, zeros, zeros.astype(np.float32), np.ones((len(labels), 10), np.float16)
        )
        inspection.show_run(run_of(epoch(1, told), FINISHED))
        inspection.select(Selection().at(TrueIs(6)).counted_alone())
        counted = inspection.sight.counted
        assert counted is not None
        assert set(counted.labels) == {6}
        assert inspection.sight.answers is told
        inspection.select(inspection.selection.at(TrueIs(6)))
        assert inspection.sight.counted is counted
        assert inspection.sight.strong is not None
        assert inspection.sight.strong.all()

    def test_a_sight_is_the_same_until_something_changes(self, inspection: Inspection) -> None:
        first = inspection.sight
        assert inspection.sight is first
        inspection.select(Selection().at(TrueIs(6)))
        assert inspection.sight is not first
