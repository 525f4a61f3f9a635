"""The runs of a library, read and described in the background."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About, read_about, write_about
from fmstudio.runs.journal import to_line
from fmstudio.runs.library import Library
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.summary import RunSummary
from fmstudio.session import run_curves, run_list
from fmstudio.session.run_list import RunList
from fmstudio.session.session import TrainingSession
from fmstudio.training.events import RunEnded, RunStarted, StepsTaken

PATIENCE = 10_000


@pytest.fixture
def session(tmp_path: Path, qtbot: QtBot) -> Iterator[TrainingSession]:
    made = TrainingSession(tmp_path / "library")
    yield made
    assert made.finish(PATIENCE)


def add(session: TrainingSession, name: str, *, ended: bool = True, **changes: Any) -> Path:
    """A run's folder, finished or not."""
    assert session.library is not None
    folder = session.library / name
    folder.mkdir(parents=True)
    spec = changed(to_mapping(ExperimentSpec()), [("name", name), *changes.items()])
    (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    events: list[Any] = [RunStarted(run=name, epochs=2, steps_per_epoch=4, train_size=9, test_size=9), steps(1, 2)]
    events += [RunEnded(status="finished", run=name, epoch=2, step=8)] if ended else []
    write(folder, *events)
    return folder


def steps(first: int, last: int) -> StepsTaken:
    values = np.arange(first, last + 1, dtype=np.float32)
    return StepsTaken(step=last, epoch=1, losses=values, rates=values, seconds=1.5 * last)


def write(folder: Path, *events: Any) -> None:
    with (folder / "events.jsonl").open("a", encoding="utf-8") as journal:
        journal.writelines(to_line(event) + "\n" for event in events)


def rows(qtbot: QtBot, runs: RunList) -> list[RunSummary]:
    with qtbot.waitSignal(runs.changed, timeout=PATIENCE) as told:
        runs.refresh()
    assert told.args[0] == runs.rows
    return list(runs.rows)


def test_no_library_holds_no_runs(session: TrainingSession, qtbot: QtBot) -> None:
    assert rows(qtbot, RunList(session)) == []


def test_the_newest_comes_first_and_what_is_no_run_is_left_out(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a")
    add(session, "20260102-b", ended=False)
    broken = add(session, "20260103-c")
    (broken / "spec.json").write_text("[1]", encoding="utf-8")
    (broken.parent / "notes").mkdir()
    found = [(row.id, row.state) for row in rows(qtbot, RunList(session))]
    assert found == [("20260103-c", "damaged"), ("20260102-b", "interrupted"), ("20260101-a", "finished")]


def test_a_run_of_another_version_has_a_row(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a", optimizer={"kind": "lion", "lr": "soft"}, version=9)
    (row,) = rows(qtbot, RunList(session))
    assert (row.id, row.state) == ("20260101-a", "newer")
    assert "newer version" in row.problem


def test_a_run_that_was_deleted_is_gone(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a")
    runs = RunList(session)
    assert len(rows(qtbot, runs)) == 1
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert rows(qtbot, runs) == []


def test_two_wishes_to_refresh_are_both_heard(session: TrainingSession, qtbot: QtBot) -> None:
    runs = RunList(session)
    with qtbot.waitSignals([runs.changed, runs.changed], timeout=PATIENCE):
        runs.refresh()
        runs.refresh()
        add(session, "20260101-a")
    assert [row.id for row in runs.rows] == ["20260101-a"]


def test_one_run_is_read_whole(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a")
    found: list[Run] = []
    RunList(session).load("20260101-a", found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert (found[0].id, found[0].name) == ("20260101-a", "20260101-a")
    assert found[0].ended is not None


def test_a_copied_run_is_called_as_its_folder(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a")
    folder.rename(folder.with_name("copy"))
    found: list[Run] = []
    RunList(session).load("copy", found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert found[0].id == "copy"


def test_the_sessions_own_run_is_taken_as_it_is(session: TrainingSession) -> None:
    session.run = Run(id="live")
    found: list[Run] = []
    RunList(session).load("live", found.append)
    assert found == [session.run]


def test_a_run_that_is_gone_is_complained_about(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.complained, timeout=PATIENCE) as said:
        RunList(session).load("gone", lambda _: None)
    assert "There is no run “gone”." in said.args[0].message


def test_of_two_clicks_the_later_one_counts(
    session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("slow", "quick"):
        add(session, name)
    may_end = threading.Event()

    def slowly(folder: RunFolder, **named: Any) -> Run:
        if folder.path.name == "slow":
            assert may_end.wait(PATIENCE / 1000)
        return load_run(folder, **named)

    monkeypatch.setattr(run_list, "load_run", slowly)
    runs, found = RunList(session), list[Run]()
    runs.load("slow", found.append)
    runs.load("quick", found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    may_end.set()
    qtbot.waitUntil(lambda: not session._tasks, timeout=PATIENCE)
    assert [run.id for run in found] == ["quick"]


def test_curves_come_in_the_order_asked_for_and_are_read_once(
    session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: add(session, name) for name in ("a", "b")}
    session.run = Run(id="live")
    read: list[str] = []

    def noted(folder: RunFolder, **named: Any) -> Run:
        read.append(folder.path.name)
        return load_run(folder, **named)

    monkeypatch.setattr(run_curves, "load_run", noted)
    runs = RunList(session)

    def curves(*wanted: str) -> list[Run]:
        found: list[list[Run]] = []
        runs.load_curves(wanted, found.append)
        qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
        return found[0]

    assert [run.id for run in curves("b", "live", "gone", "a")] == ["b", "live", "a"]
    assert curves("a")[0].losses.values.tolist() == [1, 2]
    assert sorted(read) == ["a", "b"]
    write(folders["a"], steps(3, 3))
    assert curves("b", "a")[1].losses.values.tolist() == [1, 2, 3]
    assert sorted(read) == ["a", "a", "b"]
    assert curves("live") == [session.run]


def test_what_is_said_of_a_run_is_written_in_its_order(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a")
    runs = RunList(session)
    with qtbot.waitSignal(runs.changed, timeout=PATIENCE):
        for number in range(5):
            runs.describe("20260101-a", About(), About(name=f"Name {number}"))
    assert read_about(folder).name == "Name 4"
    assert [row.name for row in runs.rows] == ["Name 4"]
    found = runs.row("20260101-a")
    assert found is not None
    assert found.about.name == "Name 4"
    assert runs.row("other") is None


def test_what_is_said_while_the_program_ends_is_written_too(session: TrainingSession) -> None:
    folder = add(session, "20260101-a")
    assert session.finish(PATIENCE)
    RunList(session).describe("20260101-a", About(), About(note="last words"))
    assert read_about(folder).note == "last words"


def test_nothing_that_waits_is_lost_when_the_window_closes(session: TrainingSession) -> None:
    folder, other = add(session, "20260101-a"), add(session, "20260102-b")
    runs = RunList(session)
    runs.describe("gone", About(), About(star=True))
    for number in range(30):
        runs.describe("20260101-a", About(), About(tags=(f"{number}",)))
    runs.trash(["20260102-b"])
    assert session.finish(PATIENCE)
    assert runs.finish()
    assert len(read_about(folder).tags) == 30
    assert not other.exists()


def test_a_disk_that_hangs_does_not_hold_the_end_up(session: TrainingSession, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add(session, "20260101-a")
    runs, going, may_end, describe = RunList(session), threading.Event(), threading.Event(), Library.describe

    def slowly(*given: Any) -> About:
        going.set()
        assert may_end.wait(PATIENCE / 1000)
        return describe(*given)

    monkeypatch.setattr(Library, "describe", slowly)
    for name in ("one", "two"):
        runs.describe("20260101-a", About(), About(tags=(name,)))
    assert going.wait(PATIENCE / 1000)
    assert not session.finish(1)
    assert not runs.finish(1)
    may_end.set()
    assert runs.finish(PATIENCE)
    assert read_about(folder).tags == ("one", "two")


def test_what_is_told_is_all_that_is_said_now(session: TrainingSession, qtbot: QtBot) -> None:
    write_about(add(session, "20260101-a"), About(note="from the other window"))
    runs = RunList(session)
    with qtbot.waitSignal(runs.described, timeout=PATIENCE) as told:
        runs.describe("20260101-a", About(), About(star=True))
    assert told.args == ["20260101-a", About(note="from the other window", star=True)]


def test_of_several_those_that_were_moved_are_told(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a", ended=False)
    add(session, "20260102-b")
    runs, complaints = RunList(session), list[UserError]()
    session.complained.connect(complaints.append)
    with FolderLock(folder), qtbot.waitSignals([runs.trashed, session.complained], timeout=PATIENCE, order="strict"):
        runs.trash(["20260101-a", "20260102-b"])
    told: list[tuple[str, ...]] = []
    runs.restored.connect(told.append)
    with qtbot.waitSignals([runs.restored, session.complained], timeout=PATIENCE, order="strict"):
        runs.restore(["20260101-a", "20260102-b"])
    assert told == [("20260102-b",)]
    assert ["is being written" in complaints[0].message, "not in the trash" in complaints[1].message] == [True, True]
    assert sorted(path.name for path in (folder, folder.with_name("20260102-b")) if path.exists()) == [
        "20260101-a", "20260102-b",
    ]  # fmt: skip


def test_the_trash_gives_back(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a")
    runs = RunList(session)
    with qtbot.waitSignals([runs.trashed, runs.changed], timeout=PATIENCE):
        runs.trash(["20260101-a"])
    assert (runs.rows, folder.exists()) == ((), False)
    with qtbot.waitSignals([runs.restored, runs.changed], timeout=PATIENCE):
        runs.restore(["20260101-a"])
    assert [row.id for row in runs.rows] == ["20260101-a"]


def test_the_trash_is_read_and_emptied(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a")
    runs = RunList(session)
    runs.trash(["20260101-a"])
    qtbot.waitSignal(runs.changed, timeout=PATIENCE).wait()
    found: list[list[RunSummary]] = []
    runs.load_trash(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert [row.id for row in found[0]] == ["20260101-a"]
    counts: list[int] = []
    runs.empty_trash(["20260101-a"], counts.append)
    qtbot.waitUntil(lambda: bool(counts), timeout=PATIENCE)
    assert (counts, runs.library.trashed()) == ([1], [])


def test_a_run_that_is_written_is_not_moved(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a", ended=False)
    runs = RunList(session)
    with FolderLock(folder), qtbot.waitSignal(session.complained, timeout=PATIENCE) as said:
        runs.trash(["20260101-a"])
    assert "is being written" in said.args[0].message
    assert folder.is_dir()


def test_runs_of_other_programs_are_looked_at_only_while_asked(
    session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = add(session, "20260101-a", ended=False)
    monkeypatch.setattr(run_list, "POLL_MS", 20)
    runs = RunList(session)
    rows(qtbot, runs)
    with FolderLock(folder):
        with qtbot.waitSignal(runs.changed, timeout=PATIENCE):
            runs.watch(True)
        assert [(row.state, row.step) for row in runs.rows] == [("running", 2)]
        with qtbot.waitSignal(runs.changed, timeout=PATIENCE):
            write(folder, steps(3, 4))
        assert [(row.state, row.step, row.seconds) for row in runs.rows] == [("running", 4, 6.0)]
    qtbot.waitUntil(lambda: runs.rows[0].state == "interrupted", timeout=PATIENCE)
    with qtbot.waitSignal(runs.changed, timeout=PATIENCE):
        add(session, "20260102-b")
    assert [row.id for row in runs.rows] == ["20260102-b", "20260101-a"]
    runs.watch(False)
    assert not runs._poll.isActive()


def test_nothing_new_is_not_told(session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    add(session, "20260101-a", ended=False)
    runs = RunList(session)
    rows(qtbot, runs)
    monkeypatch.setattr(run_list, "POLL_MS", 1)
    told: list[object] = []
    runs.changed.connect(told.append)
    for _ in range(7):
        runs._look()
        qtbot.waitUntil(lambda: not session._tasks, timeout=PATIENCE)
    assert (told, runs._looks) == ([], 7)


def test_leftovers_are_swept_up(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a", ended=False)
    left = folder / ".last.safetensors.0123456789ab"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    RunList(session).sweep()
    qtbot.waitUntil(lambda: not left.exists(), timeout=PATIENCE)
