"""Checking labels in the background: what is known at once, the whole check, cancel, and giving way to a run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fmstudio import paths
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.session.label_check import LabelCheck, LabelReport, LabelSubject, subject_of
from fmstudio.session.session import State, TrainingSession
from fmstudio.training.control import Control
from fmstudio.training.loop import Training

QUICK: list[tuple[str, Any]] = [
    ("dataset.train_size", 300), ("dataset.test_size", 200), ("architecture.kind", "softmax-regression"),
    ("epochs", 2), ("batch_size", 32), ("threads", 1),
]  # fmt: skip
SLOW: list[tuple[str, Any]] = [("epochs", 10_000), ("evaluate_every", 10_000)]


def spec_of(*changes: tuple[str, Any]) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), [*QUICK, *changes]))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    library = tmp_path_factory.mktemp("library")
    events = list(Recorder(Training(spec_of(), Control()), library).events())
    return load_run(RunFolder(library / events[0].run))  # type: ignore[union-attr]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[TrainingSession]:
    made = TrainingSession(tmp_path / "runs")
    yield made
    assert made.finish(5000)


@pytest.fixture
def check(session: TrainingSession) -> Iterator[LabelCheck]:
    made = LabelCheck(session)
    yield made
    assert made.finish(3000)


def looked(check: LabelCheck, subject: LabelSubject, qtbot: QtBot) -> LabelReport:
    with qtbot.waitSignal(check.reported, timeout=20_000) as told:
        check.look(subject)
    assert isinstance(told.args[0], LabelReport)
    return told.args[0]


def subject(folder: Path, *changes: tuple[str, Any]) -> LabelSubject:
    return LabelSubject(spec_of(*changes), folder / "corrections.csv", folder / "labels")


def test_of_a_run_its_own_answers_about_the_test_pictures_are_known_at_once(
    check: LabelCheck, run: Run, qtbot: QtBot
) -> None:
    made = subject_of(run, None)
    assert made is not None
    assert made.table == Path(run.folder) / "corrections.csv"
    assert made.expected_seconds is not None
    assert made.expected_seconds >= 2 * run.seconds
    report = looked(check, made, qtbot)
    assert set(report.doubts) == {"test"}
    assert {one.split for one in report.suspects} == {"test"}
    assert report.check.groups is None
    assert not report.complete


def test_what_is_checked_is_said(run: Run) -> None:
    own = subject_of(run, spec_of())
    assert own is not None
    assert own.words == f"Checks the data of the run “{run.title}”: Fashion-MNIST, 300 + 200 pictures."
    apart = subject_of(run, spec_of(("dataset.train_size", 400)))
    assert apart is not None
    assert apart.words == f"{own.words} The recipe has other data."
    bare = subject_of(Run(), spec_of(("dataset.train_size", 400)))
    assert bare is not None
    words = "Checks the recipe's data: Fashion-MNIST, 400 + 200 pictures. No run is looked at."
    assert bare.words == words


def test_without_a_run_the_recipe_is_checked_and_the_table_lies_in_the_home() -> None:
    made = subject_of(Run(), spec_of())
    assert made is not None
    assert made.table == paths.home() / "corrections" / "fashion-mnist.csv"
    assert (made.answers, made.expected_seconds) == (None, None)
    assert subject_of(Run(), None) is None
    points = read_spec({"dataset": {"kind": "linear"}, "architecture": {"kind": "linear-regression"},
                        "loss": {"kind": "mse"}})  # fmt: skip
    assert subject_of(Run(), points) is None


def test_the_whole_check_tells_how_far_it_is_and_what_it_finds(check: LabelCheck, tmp_path: Path, qtbot: QtBot) -> None:
    made = subject(tmp_path)
    looked(check, made, qtbot)
    told: list[tuple[str, float]] = []
    reports: list[LabelReport] = []
    check.progressed.connect(lambda words, share, left: told.append((words, share)))
    check.reported.connect(reports.append)
    with qtbot.waitSignals([check.started, check.finished], timeout=60_000):
        check.start()
        assert check.running
    assert not check.running
    assert told
    assert all(0 <= share <= 1 for _, share in told)
    assert [(report.check.groups is None, "train" in report.doubts) for report in reports] == [
        (False, False), (False, True),
    ]  # fmt: skip
    assert check.report is reports[-1]
    assert reports[-1].complete
    assert {one.split for one in reports[-1].suspects} == {"train"}
    again = looked(LabelCheck(check._session), made, qtbot)
    assert set(again.doubts) == {"train"}, "what networks said is kept"


def test_it_is_cancelled_between_two_steps(check: LabelCheck, tmp_path: Path, qtbot: QtBot) -> None:
    looked(check, subject(tmp_path, *SLOW), qtbot)
    with qtbot.waitSignal(check.progressed, timeout=30_000, check_params_cb=lambda words, *_: "network" in words):
        check.start()
    with qtbot.waitSignal(check.finished, timeout=3000):
        check.cancel()
    assert check.report is not None
    assert check.report.check.groups is not None, "what was found by then stays"
    assert "train" not in check.report.doubts


def test_a_run_that_begins_ends_it_first(
    check: LabelCheck, session: TrainingSession, tmp_path: Path, qtbot: QtBot
) -> None:
    looked(check, subject(tmp_path, *SLOW), qtbot)
    with qtbot.waitSignal(check.progressed, timeout=30_000, check_params_cb=lambda words, *_: "network" in words):
        check.start()
    task = check._task
    assert task is not None
    session.start(spec_of())
    assert task.isFinished()
    assert session.state is State.PREPARING
    qtbot.waitUntil(lambda: not check.running)


def test_while_a_run_goes_on_it_does_not_begin(
    check: LabelCheck, session: TrainingSession, tmp_path: Path, qtbot: QtBot
) -> None:
    looked(check, subject(tmp_path), qtbot)
    session.start(spec_of())
    with qtbot.waitSignal(check.failed, timeout=0) as told:
        check.start()
    assert told.args[0].message == "The labels cannot be checked while a run goes on."
    assert not check.running


def test_what_cannot_be_trained_is_told(check: LabelCheck, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "labels").write_text("in the way")
    looked(check, subject(tmp_path), qtbot)
    with qtbot.waitSignals([check.finished, check.failed], timeout=30_000, order="strict"):
        check.start()
    assert not check.running
