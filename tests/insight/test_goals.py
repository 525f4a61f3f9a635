"""Whether a run reached its lesson's goal: while it runs, at its end, and where it cannot be known."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from fmstudio import words
from fmstudio.experiment.lessons import Condition, Lesson, lesson, lessons
from fmstudio.insight.goals import GoalState, check, met
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, NumberPredictions, ParametersMoved, RunEnded, RunStarted, StepsTaken

NOTHING = NumberPredictions(
    np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32), np.empty(0, np.float32)
)


def epoch(number: int, **figures: Any) -> EpochEnded:
    usual = {"train_loss": 0.4, "train_accuracy": 0.9, "test_loss": 0.5, "test_accuracy": 0.8}
    if number == 0:
        usual |= {"train_loss": math.nan, "train_accuracy": math.nan, "test_accuracy": 0.1}
    values = {**usual, **figures}
    return EpochEnded(epoch=number, step=number, seconds=1.0, evaluation_seconds=0.1, predictions=NOTHING, **values)


def run_of(told: Lesson, *epochs: EpochEnded) -> Run:
    run = Run(told.draft)
    run.apply(RunStarted(epochs=3, steps_per_epoch=1, train_size=10, test_size=10))
    for one in epochs:
        run.apply(one)
    return run


def asking(*conditions: Condition, name: str = "first-look") -> Lesson:
    return dataclasses.replace(lesson(name), goal=conditions)


def ended(run: Run, status: Any = "finished") -> Run:
    run.apply(RunEnded(status=status, epoch=1, step=1))
    return run


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        (Condition("test_accuracy", at_least=0.7), GoalState("Test accuracy ≥ 70 %", True, "80.0 %")),
        (Condition("test_accuracy", at_least=0.835), GoalState("Test accuracy ≥ 83.5 %", False, "80.0 %")),
        (Condition("train_accuracy", at_least=0.84), GoalState("Training accuracy ≥ 84 %", True, "90.0 %")),
        (Condition("train_loss", at_most=0.5), GoalState("Training loss ≤ 0.5", True, "0.4")),
        (Condition("test_loss", at_most=0.45), GoalState("Test loss ≤ 0.45", False, "0.5")),
        (Condition("test_loss", at_least=0.1, at_most=0.6), GoalState("Test loss ≥ 0.1, ≤ 0.6", True, "0.5")),
    ],
)
def test_a_figure_is_compared_with_its_limits(condition: Condition, state: GoalState) -> None:
    told = asking(condition)
    assert check(told, run_of(told, epoch(0), epoch(1))) == (state,)


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        (Condition("gap", at_least=0.1), "10.0 %"),
        (Condition("gain", at_least=0.5), "70.0 %"),
        (Condition("r2", at_least=0.9), "0.99"),
        (Condition("mae", at_most=1), "0.08"),
        (Condition("rmse", at_most=1), "0.1"),
    ],
)
def test_the_other_figures(condition: Condition, value: str) -> None:
    told = asking(condition)
    last = epoch(1, train_accuracy=0.9000001, test_mae=0.08, test_rmse=0.1, test_r2=0.99)
    (state,) = check(told, run_of(told, epoch(0), last))
    assert (state.reached, state.value) == (True, value)


def test_a_figure_that_misses_its_limit_never_reads_like_it() -> None:
    told = asking(Condition("test_accuracy", at_least=0.7), Condition("train_loss", at_most=0.5))
    states = check(told, run_of(told, epoch(0), epoch(1, test_accuracy=0.69997, train_loss=0.50001)))
    assert [(state.reached, state.value) for state in states] == [(False, "69.997 %"), (False, "0.50001")]


def test_before_the_first_epoch_nothing_is_known() -> None:
    for told in lessons():
        for run in (Run(), Run(told.draft), run_of(told, epoch(0))):
            assert all((state.reached, state.value) == (None, "") for state in check(told, run))
            assert not met(told, run)


def test_a_figure_that_is_no_number_is_not_reached() -> None:
    told = asking(Condition("train_loss", at_most=0.5))
    (state,) = check(told, run_of(told, epoch(0), epoch(1, train_loss=math.inf)))
    assert (state.reached, state.value) == (False, "not a number")


def test_where_pictures_are_held_back_the_best_epoch_counts() -> None:
    told = asking(Condition("test_accuracy", at_least=0.7), Condition("gap", at_least=0.1))
    better = epoch(1, test_accuracy=0.8, validation_accuracy=0.9, train_accuracy=0.82)
    later = epoch(2, test_accuracy=0.6, validation_accuracy=0.7, train_accuracy=0.95)
    states = check(told, run_of(told, epoch(0), better, later))
    assert [state.value for state in states] == ["80.0 %", "35.0 %"]


def test_a_run_of_another_lesson_says_nothing() -> None:
    run = ended(run_of(lesson("cnn"), epoch(0), epoch(1)))
    assert [state.reached for state in check(lesson("first-look"), run)] == [None]
    assert not met(lesson("first-look"), run)


class TestDifference:
    def line(self, *values: float, name: str = "line") -> Run:
        run = run_of(lesson(name), epoch(0, test_accuracy=math.nan))
        run.apply(StepsTaken(step=1, epoch=1, losses=np.ones(1, "f4"), rates=np.ones(1, "f4"), seconds=0.1))
        run.apply(ParametersMoved(steps=np.array([0, 1]), values=np.array([[0] * len(values), values], "f4")))
        return run

    def test_it_is_the_largest_of_weights_and_bias(self) -> None:
        (state,) = check(lesson("line"), self.line(3.002, 0.795))
        assert (state.text, state.reached, state.value) == ("Difference ≤ 0.01", True, "0.005")
        (state,) = check(lesson("line"), self.line(3.2, 0.8))
        assert (state.reached, state.value) == (False, "0.2")
        assert "learned and true" in state.meaning

    def test_it_takes_any_number_of_weights(self) -> None:
        (state,) = check(lesson("linear-regression"), self.line(2.001, -3.403, 4.2, name="linear-regression"))
        assert (state.reached, state.value) == (True, "0.003")

    def test_it_is_not_known_of_a_network_with_other_weights_or_without_a_rule(self) -> None:
        told = asking(Condition("difference", at_most=0.01))
        assert check(told, run_of(told, epoch(0), epoch(1)))[0].reached is None
        assert check(lesson("line"), self.line(3.0, 0.8, 1.0))[0].reached is None

    def test_before_the_first_step_it_is_not_known(self) -> None:
        run = run_of(lesson("line"))
        run.apply(ParametersMoved(steps=np.array([0]), values=np.array([[3, 0.8]], "f4")))
        assert check(lesson("line"), run)[0].reached is None


class TestMet:
    def test_the_run_must_have_ended_with_all_reached(self) -> None:
        told = asking(Condition("test_accuracy", at_least=0.7), Condition("train_loss", at_most=0.5))
        good, bad = run_of(told, epoch(0), epoch(1)), run_of(told, epoch(0), epoch(1, train_loss=0.6))
        assert not met(told, good)
        assert met(told, ended(good))
        assert not met(told, ended(bad))

    def test_without_a_goal_it_is_enough_to_finish(self) -> None:
        told = asking()
        assert check(told, run_of(told, epoch(0), epoch(1))) == ()
        assert met(told, ended(run_of(told, epoch(0))))
        assert not met(told, ended(run_of(told, epoch(0)), "stopped"))

    def test_how_it_ends_can_be_the_goal(self) -> None:
        told = asking(Condition("status", status="failed"))
        assert check(told, run_of(told)) == (GoalState("Run: failed", None, ""),)
        assert check(told, ended(run_of(told), "failed")) == (GoalState("Run: failed", True, "failed"),)
        assert check(told, ended(run_of(told))) == (GoalState("Run: failed", False, "finished"),)


def test_per_cent_are_written_as_in_the_language() -> None:
    words.set_language("zh_CN")
    told = asking(Condition("test_accuracy", at_least=0.7))
    (state,) = check(told, run_of(told, epoch(0), epoch(1)))
    assert "70%" in state.text
