import numpy as np
import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from fmstudio.experiment.lessons import lesson
from fmstudio.runs.run import Run
from fmstudio.session.run_table import Columns, Roles, RunRow, RunTableModel, row_of, time_text
from fmstudio.training.events import EpochEnded, Predictions, RunEnded, RunStarted, StepsTaken


def row(run: str, *, name: str = "First look", accuracy: float | None = 0.8, state: str = "finished",
        seconds: float = 9.0, rate: float = 0.01, epochs: int = 2) -> RunRow:  # fmt: skip
    return RunRow(run, name, "Fashion-MNIST", "Small CNN", "Adam", rate, epochs, 2, accuracy, state, seconds)


def texts(model: RunTableModel, column: Columns) -> list[str]:
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


def ids(model: RunTableModel) -> list[str]:
    return [str(model.index(place, 0).data(Roles.RUN)) for place in range(model.rowCount())]


@pytest.fixture
def model() -> RunTableModel:
    made = RunTableModel()
    made.show([row("c", accuracy=0.9), row("b", accuracy=None, state="failed"), row("a", accuracy=0.85, epochs=1)])
    return made


def test_it_is_a_right_model(model: RunTableModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)


def test_a_row_says_what_there_is(model: RunTableModel) -> None:
    cells = [str(model.index(2, column).data()) for column in Columns]
    expected = ["First look", "Fashion-MNIST", "Small CNN", "Adam", "0.01", "1 of 2", "85.0 %", "finished", "9.0 s"]
    assert cells == expected


def test_what_is_not_known_is_a_dash(model: RunTableModel) -> None:
    assert texts(model, Columns.ACCURACY) == ["90.0 %", "–", "85.0 %"]


def test_a_run_without_a_name_is_called_by_its_id(model: RunTableModel) -> None:
    model.show([row("the-id", name="")])
    assert texts(model, Columns.NAME) == ["the-id"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [(Qt.SortOrder.AscendingOrder, ["a", "c", "b"]), (Qt.SortOrder.DescendingOrder, ["c", "a", "b"])],
)
def test_the_unknown_stays_at_the_end(model: RunTableModel, order: Qt.SortOrder, expected: list[str]) -> None:
    model.sort(Columns.ACCURACY, order)
    assert ids(model) == expected


def test_sorting_by_nothing_gives_the_given_order(model: RunTableModel) -> None:
    model.sort(Columns.ACCURACY)
    model.sort(-1)
    assert ids(model) == ["c", "b", "a"]


def test_new_figures_keep_the_order_and_the_chosen_run(model: RunTableModel) -> None:
    model.sort(Columns.ACCURACY, Qt.SortOrder.DescendingOrder)
    held = QPersistentModelIndex(model.index(1, 0))
    model.show([row("c", accuracy=0.9), row("b", accuracy=0.95), row("a", accuracy=0.1)])
    assert ids(model) == ["b", "c", "a"]
    assert held.data(Roles.RUN) == "a"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.62, "0.6 s"), (59.4, "59.4 s"), (125.2, "2 min 5 s"), (4000, "1 h 6 min")]
)
def test_times_are_as_exact_as_one_wants(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


def test_a_row_is_read_from_a_run() -> None:
    run = Run(lesson("first-look").draft, id="r1")
    assert row_of(run).state == "unfinished"
    assert not row_of(run).ended
    nothing = np.empty(0, np.int64)
    answers = Predictions(nothing, nothing, nothing, np.empty(0, np.float32), np.empty((0, 10), np.float16))
    run.apply(RunStarted(run="r1", epochs=2, steps_per_epoch=1, train_size=1, test_size=1))
    run.apply(StepsTaken(step=1, epoch=1, losses=np.zeros(1, np.float32), rates=np.zeros(1, np.float32), seconds=2.5))
    for epoch, accuracy in ((0, 0.1), (1, 0.7)):
        run.apply(
            EpochEnded(epoch=epoch, step=epoch, train_loss=1.0, train_accuracy=0.5, test_loss=1.0,
                       test_accuracy=accuracy, seconds=2.5, evaluation_seconds=0.1, predictions=answers)
        )  # fmt: skip
    run.apply(RunEnded(status="stopped", epoch=1, step=1))
    made = row_of(run)
    assert made.ended
    assert (made.id, made.name, made.network, made.optimizer) == ("r1", "First look", "Small CNN", "Adam")
    assert (made.rate, made.epochs, made.planned, made.accuracy) == (0.01, 1, 2, 0.7)
    assert (made.state, made.seconds) == ("stopped", 2.5)


@pytest.mark.parametrize(("complete", "done"), [(True, 30_000), (False, 29_999)])
def test_epochs_between_evaluations_are_counted_too(complete: bool, done: int) -> None:
    nothing = np.empty(0, np.int64)
    answers = Predictions(nothing, nothing, nothing, np.empty(0, np.float32), np.empty((0, 10), np.float16))
    run = Run({"epochs": 30_000}, id="r3")
    for epoch in (0, 100, 200, 30_000):
        run.apply(
            EpochEnded(epoch=epoch, step=epoch, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, test_accuracy=0.5,
                       seconds=1.0, evaluation_seconds=0.1, complete=complete, predictions=answers)
        )  # fmt: skip
    assert row_of(run).epochs == done
    model = RunTableModel()
    model.show([row_of(run)])
    assert texts(model, Columns.EPOCHS) == ["30000" if complete else "29999 of 30000"]


def test_a_spec_of_another_version_is_still_a_row() -> None:
    made = row_of(Run({"optimizer": "?", "architecture": {"kind": "transformer"}}, id="r2"))
    assert (made.network, made.rate, made.accuracy) == ("transformer", None, None)
