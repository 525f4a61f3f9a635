"""The runs of a library, read in the background."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.journal import to_line
from fmstudio.runs.run import Run
from fmstudio.session import run_list
from fmstudio.session.run_list import RunList
from fmstudio.session.run_table import RunRow
from fmstudio.session.session import TrainingSession
from fmstudio.training.events import RunEnded, RunStarted

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
    events: list[Any] = [RunStarted(run=name, epochs=2, steps_per_epoch=4, train_size=9, test_size=9)]
    events += [RunEnded(status="finished", run=name, epoch=2, step=8)] if ended else []
    (folder / "events.jsonl").write_text("".join(to_line(event) + "\n" for event in events), encoding="utf-8")
    return folder


def rows(qtbot: QtBot, runs: RunList) -> list[RunRow]:
    with qtbot.waitSignal(runs.changed, timeout=PATIENCE) as told:
        runs.refresh()
    found: list[RunRow] = told.args[0]
    return found


def test_no_library_holds_no_runs(session: TrainingSession, qtbot: QtBot) -> None:
    assert rows(qtbot, RunList(session)) == []


def test_the_newest_comes_first_and_what_is_no_run_is_left_out(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a")
    add(session, "20260102-b", ended=False)
    broken = add(session, "20260103-c")
    (broken / "spec.json").write_text("[1]", encoding="utf-8")
    (broken.parent / "notes").mkdir()
    found = rows(qtbot, RunList(session))
    assert [(row.id, row.state) for row in found] == [("20260102-b", "unfinished"), ("20260101-a", "finished")]


def test_a_run_of_another_version_has_a_row(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a", optimizer={"kind": "lion", "lr": "soft"}, version=9)
    (row,) = rows(qtbot, RunList(session))
    assert (row.id, row.rate) == ("20260101-a", None)


def test_what_has_ended_is_read_once(session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    add(session, "20260101-a")
    open_run = add(session, "20260102-b", ended=False)
    read: list[str] = []
    load = run_list.load_run

    def noted(folder: Any, **named: Any) -> Run:
        read.append(folder.path.name)
        return load(folder, **named)

    monkeypatch.setattr(run_list, "load_run", noted)
    runs = RunList(session)
    rows(qtbot, runs)
    assert sorted(read) == ["20260101-a", "20260102-b"]
    with (open_run / "events.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(to_line(RunEnded(status="stopped", epoch=1, step=3)) + "\n")
    add(session, "20260103-c")
    read.clear()
    assert [(row.id, row.state) for row in rows(qtbot, runs)] == [
        ("20260103-c", "finished"), ("20260102-b", "stopped"), ("20260101-a", "finished"),
    ]  # fmt: skip
    assert sorted(read) == ["20260102-b", "20260103-c"]
    runs.forget()
    read.clear()
    rows(qtbot, runs)
    assert len(read) == 3


def test_a_run_that_was_deleted_is_gone(session: TrainingSession, qtbot: QtBot) -> None:
    folder = add(session, "20260101-a")
    runs = RunList(session)
    assert len(rows(qtbot, runs)) == 1
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert rows(qtbot, runs) == []


def test_one_run_is_read_whole(session: TrainingSession, qtbot: QtBot) -> None:
    add(session, "20260101-a")
    found: list[Run] = []
    RunList(session).load("20260101-a", found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert (found[0].id, found[0].name) == ("20260101-a", "20260101-a")
    assert found[0].ended is not None


def test_the_sessions_own_run_is_taken_as_it_is(session: TrainingSession) -> None:
    session.run = Run(id="live")
    found: list[Run] = []
    RunList(session).load("live", found.append)
    assert found == [session.run]


def test_a_run_that_is_gone_is_complained_about(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.complained, timeout=PATIENCE) as said:
        RunList(session).load("gone", lambda _: None)
    assert "There is no run “gone”." in said.args[0].message
