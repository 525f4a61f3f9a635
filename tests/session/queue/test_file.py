"""The file of the queue: strict reading, and one writer at a time."""

import json
from pathlib import Path
from typing import Any

import pytest

from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.session.planned import Planned
from fmstudio.session.queue.entry import QueueEntry
from fmstudio.session.queue.file import QueueFile

ENTRY: dict[str, Any] = {
    "id": "a",
    "state": "waiting",
    "run": "",
    "message": "",
    "seconds": 0.0,
    "about": {},
    "spec": to_mapping(ExperimentSpec()),
}


def stored(folder: Path, values: object) -> QueueFile:
    file = QueueFile(folder)
    file.path.write_text(json.dumps(values), encoding="utf-8")
    return file


def test_what_is_written_is_read(tmp_path: Path) -> None:
    about = About(name="n", group="g", varied=("seed",))
    entries = (
        QueueEntry("a", Planned(ExperimentSpec(name="é 中"), about)),
        QueueEntry("b", Planned(ExperimentSpec()), "failed", "run-1", "Why.", 2.5),
    )
    file = QueueFile(tmp_path)
    file.write(entries)
    assert file.read().entries == entries
    assert file.read().trouble is None


def test_no_file_is_an_empty_queue(tmp_path: Path) -> None:
    found = QueueFile(tmp_path / "nowhere").read()
    assert (found.entries, found.trouble, found.writable) == ((), None, True)


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": 1},
        {"state": "flying"},
        {"run": "../elsewhere"},
        {"seconds": "1"},
        {"seconds": -1},
        {"about": []},
        {"spec": {"version": 1, "epochs": -1}},
        {"spec": None},
    ],
)
def test_an_entry_that_is_wrong_costs_no_other(tmp_path: Path, change: dict[str, Any]) -> None:
    found = stored(tmp_path, {"version": 1, "entries": [ENTRY | {"id": "b"}, ENTRY | change]}).read()
    assert [entry.id for entry in found.entries] == ["b"]
    assert found.damaged
    assert found.trouble is not None
    assert found.trouble.message == "1 entry of the queue cannot be read."


@pytest.mark.parametrize("values", [[], None, {"version": 1}, {"version": "1", "entries": []}, {"entries": []}])
def test_another_form_is_damaged(tmp_path: Path, values: object) -> None:
    found = stored(tmp_path, values).read()
    assert found.damaged
    assert found.writable
    assert found.entries == ()


def test_brackets_without_end_are_damaged(tmp_path: Path) -> None:
    file = QueueFile(tmp_path)
    file.path.write_bytes(b"[" * 1_000_000)
    assert file.read().damaged


def test_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    found = stored(tmp_path, {"version": 2, "entries": [ENTRY]}).read()
    assert not found.writable
    assert not found.damaged


def test_set_aside_never_replaces(tmp_path: Path) -> None:
    file = QueueFile(tmp_path)
    for content in ("one", "two"):
        file.path.write_text(content, encoding="utf-8")
        file.set_aside()
    assert (tmp_path / "queue.json.broken-1").read_text(encoding="utf-8") == "one"
    assert (tmp_path / "queue.json.broken-2").read_text(encoding="utf-8") == "two"


def test_one_works_on_it(tmp_path: Path) -> None:
    first, second = QueueFile(tmp_path), QueueFile(tmp_path)
    assert first.take()
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
