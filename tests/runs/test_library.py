"""The library: what is listed, from the index or without it, and what it does with what is no sound run."""

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from fmstudio.errors import UserError
from fmstudio.runs import about as abouts
from fmstudio.runs import reading, shelf
from fmstudio.runs.about import About, merged, read_about, write_about
from fmstudio.runs.index import FILE
from fmstudio.runs.legible import environment_of
from fmstudio.runs.library import Library
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.summary import RunSummary
from fmstudio.training.events import RunEnded, RunResumed
from tests.runs.run_folders import MakeRun, write_events

FIRST, SECOND, THIRD = "20260101-100000-a", "20260102-100000-b", "20260103-100000-c"


def ids(library: Path) -> list[str]:
    return [row.id for row in Library(library).summaries()]


def only(library: Path) -> RunSummary:
    (row,) = Library(library).summaries()
    return row


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose folders were read, not only their index."""
    seen: list[str] = []

    def noted(folder: Path, skim: Any) -> reading.Reading:
        seen.append(folder.name)
        return reading.read_run(folder, skim)

    monkeypatch.setattr(shelf, "read_run", noted)
    return seen


def test_a_row_says_what_there_is(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST, changes={"epochs": 2})
    row = only(library)
    assert (row.id, row.folder, row.name) == (FIRST, str(library / FIRST), "Some run")
    assert (row.state, row.epochs, row.planned, row.step, row.seconds) == ("finished", 2, 2, 8, 4.0)
    assert (row.best["test_accuracy"], row.best["epoch"], row.last["test_loss"]) == (0.7, 2, 0.5)
    assert (row.created, row.message, row.resumable) == (1767261600.0, "Why.", False)
    assert "test_mae" not in row.best


def test_it_says_the_same_as_the_whole_run(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST, end="", changes={"validation": 0.1})
    write_events(folder, RunResumed(step=4))
    row, run = only(library), load_run(RunFolder(folder), predictions=False)
    assert (row.step, row.epochs) == (run.step, run.epochs[-1].epoch) == (4, 1)
    assert run.best_epoch is not None
    assert row.best["test_accuracy"] == run.best_epoch.test_accuracy == 0.5


def test_the_newest_is_first_and_what_is_no_run_is_left_alone(library: Path, make_run: MakeRun) -> None:
    for name in (SECOND, THIRD, FIRST):
        make_run(name)
    (library / "pictures").mkdir()
    (library / "notes.txt").write_text("mine", encoding="utf-8")
    make_run("hidden", root=library / ".trash")
    assert ids(library) == [THIRD, SECOND, FIRST]
    assert (library / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_library_that_is_not_there_holds_nothing_and_is_not_made(tmp_path: Path) -> None:
    assert Library(tmp_path / "none").summaries() == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("end", ["finished", "stopped", "failed"])
def test_how_it_ended(library: Path, make_run: MakeRun, end: str) -> None:
    make_run(FIRST, end)
    assert (only(library).state, only(library).resumable) == (end, False)


def test_a_stopped_run_can_go_on_where_its_state_is_there(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST, "stopped")
    kept = Library(library)
    assert not kept.summaries()[0].resumable
    (folder / "state").mkdir()
    (folder / "state" / "step-000000008.safetensors").write_bytes(b"state")
    assert kept.summaries()[0].resumable
    assert only(library).resumable


def test_a_run_without_an_end_goes_on_or_was_interrupted(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST, end="")
    kept = Library(library)
    assert (kept.summaries()[0].state, kept.summaries()[0].resumable) == ("interrupted", True)
    with FolderLock(folder):
        assert (kept.summaries()[0].state, only(library).state) == ("running", "running")
        assert not kept.summaries()[0].resumable
    assert kept.summaries()[0].state == "interrupted"


def test_a_run_that_has_just_begun(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST)
    (folder / "events.jsonl").unlink()
    with FolderLock(folder):
        assert (only(library).state, only(library).epochs, only(library).planned) == ("running", 0, 2)
    assert (only(library).state, only(library).resumable) == ("interrupted", True)
    (folder / "events.jsonl").write_bytes(b'{"event": "RunSta')
    assert only(library).state == "interrupted"


def test_going_on_takes_the_end_back(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST, "stopped")
    kept = Library(library)
    assert kept.summaries()[0].state == "stopped"
    write_events(folder, RunResumed(step=4))
    assert (kept.summaries()[0].state, kept.summaries()[0].epochs, kept.summaries()[0].step) == ("interrupted", 1, 4)
    write_events(folder, RunEnded(status="finished", epoch=2, step=8))
    assert kept.summaries()[0].state == only(library).state == "finished"


def test_the_index_is_read_instead_of_the_folders(library: Path, make_run: MakeRun, looked_at: list[str]) -> None:
    for name in (FIRST, SECOND):
        write_about(make_run(name), About(name=name, tags=("one", "two"), star=True, note="a\nb"))
    first = Library(library).summaries()
    looked_at.clear()
    assert Library(library).summaries() == first
    assert looked_at == []


@pytest.mark.parametrize("file", ["spec.json", "events.jsonl", "about.json"])
def test_what_has_changed_is_read_anew(library: Path, make_run: MakeRun, looked_at: list[str], file: str) -> None:
    folders = [make_run(name) for name in (FIRST, SECOND)]
    kept = Library(library)
    kept.summaries()
    looked_at.clear()
    with (folders[0] / file).open("a", encoding="utf-8") as written:
        written.write(" ")
    kept.summaries()
    Library(library).summaries()
    assert looked_at == [FIRST]


def test_what_was_put_there_by_hand_appears_and_what_was_taken_away_is_gone(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST)
    kept = Library(library)
    kept.summaries()
    make_run(SECOND)
    assert [row.id for row in kept.summaries()] == [SECOND, FIRST]
    (library / FIRST).rename(library / ".elsewhere")
    assert [row.id for row in kept.summaries()] == [SECOND]
    with sqlite3.connect(library / FILE) as database:
        assert database.execute("SELECT id FROM runs").fetchall() == [(SECOND,)]
    database.close()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_index_is_made_anew(library: Path, make_run: MakeRun, looked_at: list[str], content: bytes) -> None:
    make_run(FIRST)
    (library / FILE).write_bytes(content)
    assert ids(library) == [FIRST]
    assert ids(library) == [FIRST]
    looked_at.clear()
    assert ids(library) == [FIRST]
    assert looked_at == []


ROWS = ["", "{", "[]", '{"spec": 7, "about": {}}', '{"spec": {}, "about": {}, "epochs": "x"}',
        '{"spec": {}, "about": {}, "colour": 1}', '{"spec": {}, "about": {}}\n[1]']  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_index_that_makes_no_sense_is_not_believed(library: Path, make_run: MakeRun, row: str) -> None:
    make_run(FIRST)
    before = Library(library).summaries()
    with sqlite3.connect(library / FILE) as database:
        database.execute("UPDATE runs SET row = ?", (row,))
    database.close()
    assert Library(library).summaries() == before


def test_an_index_with_anything_else_in_it_is_not_asked(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST)
    endless = "CREATE VIEW runs AS WITH RECURSIVE n(id, made_by, stamp, row) AS (SELECT 1, 1, 1, 1 UNION ALL \
               SELECT id + 1, 1, 1, 1 FROM n) SELECT * FROM n"
    with sqlite3.connect(library / FILE) as database:
        database.execute(endless)
    database.close()
    assert ids(library) == [FIRST]


def test_an_index_that_leads_elsewhere_is_not_written(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    make_run(FIRST)
    outside = tmp_path / "outside.sqlite3"
    (library / FILE).symlink_to(outside)
    assert ids(library) == [FIRST]
    assert not outside.exists()
    (library / FILE).unlink()
    (library / f"{FILE}-journal").symlink_to(outside)
    assert ids(library) == [FIRST]
    assert not outside.exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_library_that_may_only_be_read(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST)
    library.chmod(0o555)
    try:
        assert ids(library) == [FIRST]
        with pytest.raises(UserError, match=r"cannot be (moved|written)"):
            Library(library).trash([FIRST])
    finally:
        library.chmod(0o755)


def test_a_library_in_which_no_index_can_be_made(
    library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    make_run(FIRST)
    assert ids(library) == [FIRST]
    assert ids(library) == [FIRST]


def test_an_index_that_another_holds_is_done_without(
    library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmstudio.runs.index._WAIT_SECONDS", 0.05)
    make_run(FIRST)
    ids(library)
    other = sqlite3.connect(library / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    make_run(SECOND)
    assert ids(library) == [SECOND, FIRST]
    other.close()
    assert (library / FILE).is_file()


def test_several_use_one_library_at_once(library: Path, make_run: MakeRun) -> None:
    names = [f"2026010{day}-100000-run" for day in range(1, 7)]
    for name in names:
        make_run(name)
    failures: list[Exception] = []

    def use(name: str) -> None:
        own = Library(library)
        try:
            for number in range(10):
                assert {row.id for row in own.summaries()} >= {name, *names[3:]}
                own.describe(name, About(), About(note=f"{number}"))
                own.trash([name])
                own.restore([name])
        except Exception as error:  # noqa: BLE001 — whatever went wrong in a thread
            failures.append(error)

    threads = [threading.Thread(target=use, args=(name,)) for name in names[:3]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [row.about.note for row in Library(library).summaries()] == ["", "", "", "9", "9", "9"]


SPECS = {
    "[]": "holds no settings",
    '{"epochs": ': "is torn",
    "": "is torn",
    '{"epochs": -4}': "epochs: must be at least",
    '{"optimizer": "adam"}': "optimizer: must be an object",
    '{"optimizer": {"kind": 7}}': "its kind is no word",
    '{"version": "one"}': "no such version",
    '{"version": true}': "no such version",
    "[" * 100_000: "is torn",
    '{"a":' * 200 + "1" + "}" * 200: "nested too deep",
    '{"epochs": 1e999}': "epochs",
}


@pytest.mark.parametrize("text", SPECS)
def test_a_spec_that_is_damaged(library: Path, make_run: MakeRun, text: str) -> None:
    folder = make_run(FIRST)
    (folder / "spec.json").write_text(text, encoding="utf-8")
    row = only(library)
    assert row.state == "damaged"
    assert SPECS[text] in row.problem
    assert (row.best["test_accuracy"], row.resumable) == (0.7, False)
    assert (folder / "spec.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("content", [b"\xff\xfe\0\x01" * 100, b"\x80\x04\x95pickle."])
def test_binary_garbage(library: Path, make_run: MakeRun, content: bytes) -> None:
    folder = make_run(FIRST)
    (folder / "spec.json").write_bytes(content)
    assert only(library).state == "damaged"
    make_run(SECOND)
    (library / SECOND / "events.jsonl").write_bytes(content)
    assert {row.id: row.state for row in Library(library).summaries()} == {FIRST: "damaged", SECOND: "damaged"}
    assert (library / SECOND / "events.jsonl").read_bytes() == content


NEWER: list[dict[str, Any]] = [
    {"version": 2},
    {"colour": "blue"},
    {"optimizer": {"kind": "lion", "lr": "soft"}},
    {"optimizer": {"kind": "adam", "lookahead": 3}},
    {"architecture": {"kind": "layers", "layers": [{"kind": "mamba"}]}},
]


@pytest.mark.parametrize("changes", NEWER)
def test_a_run_of_a_newer_version(library: Path, make_run: MakeRun, changes: dict[str, Any]) -> None:
    make_run(FIRST, changes=changes)
    for _ in range(2):
        row = only(library)
        assert (row.state, row.best["test_accuracy"], row.resumable) == ("newer", 0.7, False)
        assert row.problem.endswith(".")


def test_choices_that_do_not_fit_here_are_no_damage(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST, changes={"optimizer.kind": "sparse-adam", "batch_size": "all"})
    assert only(library).state == "finished"


def test_settings_without_a_spec_are_damaged_and_a_foreign_folder_is_nothing(library: Path, make_run: MakeRun) -> None:
    (make_run(FIRST) / "spec.json").unlink()
    assert (only(library).state, only(library).name) == ("damaged", "")
    assert "spec.json" in only(library).problem


def test_events_that_are_gone_or_no_file(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST)
    (folder / "events.jsonl").unlink()
    (folder / "last.safetensors").write_bytes(b"weights")
    assert (only(library).state, only(library).problem) == ("damaged", "events.jsonl is missing.")
    (folder / "events.jsonl").mkdir()
    assert only(library).state == "damaged"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("file", ["spec.json", "events.jsonl", "about.json", ".lock"])
def test_a_pipe_holds_nobody_up(library: Path, make_run: MakeRun, file: str) -> None:
    folder = make_run(FIRST, end="")
    (folder / file).unlink(missing_ok=True)
    os.mkfifo(folder / file)
    assert only(library).state == ("damaged" if file in ("spec.json", "events.jsonl") else "interrupted")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_files_that_may_not_be_read(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST)
    (folder / "spec.json").chmod(0)
    assert "Permission denied" in only(library).problem


LINES = [
    '{"event": "EpochEnded", "epoch": "x", "step": 1}',
    '{"event": "EpochEnded", "epoch": 1, "step": 1e400, "train_loss": {}, "train_accuracy": [], "test_loss": 1, '
    '"test_accuracy": 1, "seconds": 1, "evaluation_seconds": 1}',
    '{"event": "RunEnded", "status": ["finished"], "epoch": 1, "step": 1}',
    '{"event": "RunEnded", "status": "burnt", "epoch": 1, "step": 1}',
    '{"event": "RunResumed", "step": null}',
    '{"event": "RunStarted", "epochs": "many", "steps_per_epoch": {}, "train_size": [], "test_size": 1}',
    '{"event": "RunStarted", "epochs": 1, "steps_per_epoch": 1, "train_size": 1, "test_size": 1, "watched": [1e999]}',
    '{"event": "StepsTaken", "step": 99999999999999999999, "epoch": 1, "losses": [], "rates": [], "seconds": 1e999}',
    '{"event": "StepsTaken", "step": 5, "epoch": 1, "losses": [], "rates": [], "seconds": 1e+5.7}',
    '{"event": "RunEnded"' + "," * 100,
    '{"event": "RunStarted", "a": ' + "[" * 100_000,
    '{"event": "EpochEnded", "event": "StepsTaken", "step": 3, "epoch": 1, "losses": [], "rates": [], "seconds": 1}',
    "null", "7", "\0\0\0", "{}", '{"event": 3}',
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_lines_that_no_program_wrote(library: Path, make_run: MakeRun, line: str) -> None:
    folder = make_run(FIRST, end="")
    with (folder / "events.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(line + "\n")
    row = only(library)
    assert (row.state, row.epochs, row.step, row.best["test_accuracy"]) == ("interrupted", 2, row.step, 0.7)
    assert row.seconds < 1e6
    write_events(folder, RunEnded(status="finished", epoch=2, step=8))
    assert only(library).state == "finished"


def test_a_torn_last_line_waits_for_its_end(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST)
    whole = (folder / "events.jsonl").read_bytes()
    kept = Library(library)
    for length in (len(whole) - 2, len(whole) - 40):
        (folder / "events.jsonl").write_bytes(whole[:length])
        assert kept.summaries()[0].state == "interrupted"
    (folder / "events.jsonl").write_bytes(whole[:-1])
    assert kept.summaries()[0].state == "finished"


NAMES = ["<b>bold", "a\nb", "\x1b[31mred", "…" * 20, "-rf", "name with spaces", "b\u202egnp"]


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize("name", NAMES)
def test_folders_with_strange_names(library: Path, make_run: MakeRun, name: str) -> None:
    make_run(name, changes={"name": "\x1b]0;title\x07 <img src=x onerror=alert(1)>"})
    kept = Library(library)
    assert [row.id for row in kept.summaries()] == [row.id for row in kept.summaries()] == [name]
    assert only(library).name.isprintable()
    kept.describe(name, About(), About(name="a\x1b[2Jb\nc", note="<script>\x07\nsecond\tline\r\nthird"))
    assert read_about(library / name).name.isprintable()
    assert only(library).about.note == "<script> \nsecond line\nthird"
    kept.trash([name])
    kept.restore([name])
    assert ids(library) == [name]


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="no such names there")
def test_a_name_that_is_no_text(library: Path, make_run: MakeRun) -> None:
    make_run(os.fsdecode(b"\xff\xfe run"))
    make_run(FIRST)
    assert len(ids(library)) == len(ids(library)) == 2


def test_links_are_followed_for_reading_only(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    outside = make_run("away", root=tmp_path / "elsewhere")
    (library / "link").symlink_to(outside)
    (library / "circle").symlink_to(library / "circle")
    assert ids(library) == ["link"]
    with pytest.raises(UserError, match="outside the library"):
        Library(library).describe("link", About(), About(note="x"))
    assert sorted(path.name for path in outside.iterdir()) == ["events.jsonl", "predictions", "spec.json"]


@pytest.mark.parametrize("name", ["", ".", "..", "../away", "/etc", ".trash", "a/b", "a\\b", "nul\0", "none"])
def test_no_name_leads_out_of_the_library(library: Path, make_run: MakeRun, name: str) -> None:
    make_run("away", root=library.parent)
    kept = Library(library)
    for act in (kept.summary, lambda one: kept.describe(one, About(), About()), lambda one: kept.trash([one]),
                lambda one: kept.restore([one])):  # fmt: skip
        with pytest.raises(UserError, match=r"There is no run|is not in the trash"):
            act(name)
    assert (library.parent / "away").is_dir()


@pytest.mark.parametrize("text", ["[]", "{", '{"name": 7, "tags": [1, "x"], "star": "yes"}', "\0"])
def test_what_is_said_of_a_run_may_be_broken(library: Path, make_run: MakeRun, text: str) -> None:
    (make_run(FIRST) / "about.json").write_text(text, encoding="utf-8")
    row = only(library)
    assert (row.state, row.name, row.about.star) == ("finished", "Some run", False)


def test_describing_changes_nothing_else(library: Path, make_run: MakeRun) -> None:
    folder = make_run(FIRST)
    kept = Library(library)
    before = kept.summaries()[0]
    kept.describe(FIRST, before.about, About(name="Mine", tags=("good",), star=True))
    after = kept.summaries()[0]
    assert (after.name, after.about.tags, after.about.star) == ("Mine", ("good",), True)
    assert {**vars(after), "about": before.about} == vars(before)
    assert json.loads((folder / "spec.json").read_text(encoding="utf-8"))["name"] == "Some run"
    assert kept.summary(FIRST) == after


def test_a_library_that_cannot_be_read_is_a_sentence(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("fmstudio.runs.shelf.os.scandir", refuse)
    with pytest.raises(UserError, match="cannot be read: Permission denied"):
        Library(library).summaries()


# ── Several who say something of the same run


def test_what_others_have_said_meanwhile_stays(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST)
    one, two = Library(library), Library(library)
    seen = one.summary(FIRST).about
    two.describe(FIRST, seen, About(note="from the other window", tags=("theirs",)))
    assert one.describe(FIRST, seen, About(star=True, tags=("mine",))) == About(
        note="from the other window", tags=("theirs", "mine"), star=True
    )
    assert two.summary(FIRST).about == only(library).about == read_about(library / FIRST)
    one.describe(FIRST, About(note="old", tags=("theirs",)), About(tags=()))
    assert read_about(library / FIRST) == About(tags=("mine",), star=True)


@pytest.mark.parametrize(("present", "before", "after", "found"), [
    (("a", "b"), ("a", "b"), ("b", "a"), ("b", "a")),
    (("b", "c"), ("a", "b"), ("a", "b", "x"), ("b", "c", "x")),
    (("a", "b", "c"), ("a", "b"), ("b",), ("b", "c")),
    (("x",), (), ("x", "y"), ("x", "y")),
])  # fmt: skip
def test_tags_are_added_and_taken_away(
    present: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert merged(About(tags=present), About(tags=before), About(tags=after)).tags == found


def test_of_many_windows_at_once_nothing_is_lost(library: Path, make_run: MakeRun) -> None:
    make_run(FIRST)
    failures: list[Exception] = []

    def use(number: int) -> None:
        try:
            for tag in range(5):
                Library(library).describe(FIRST, About(), About(tags=(f"{number}-{tag}",)))
        except Exception as error:  # noqa: BLE001 — whatever went wrong in a thread
            failures.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(only(library).about.tags) == {f"{number}-{tag}" for number in range(4) for tag in range(5)}


def test_who_does_not_let_go_is_a_sentence(library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(FIRST)
    monkeypatch.setattr(abouts, "take", lambda _: False)
    monkeypatch.setattr(abouts, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(UserError, match=f"changing what is said of run {FIRST}"):
        Library(library).describe(FIRST, About(), About(star=True))


def test_a_run_that_is_trained_can_be_described(library: Path, make_run: MakeRun) -> None:
    with FolderLock(make_run(FIRST, end="")):
        Library(library).describe(FIRST, About(), About(star=True))
        row = only(library)
        assert (row.state, row.about.star) == ("running", True)


@pytest.mark.skipif(os.name == "nt", reason="no links without rights there")
def test_no_lock_is_made_where_a_link_leads(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    (make_run(FIRST) / abouts.LOCK).symlink_to(tmp_path / "away")
    with pytest.raises(UserError, match="cannot be written"):
        Library(library).describe(FIRST, About(), About(star=True))
    assert not (tmp_path / "away").exists()


# ── Files of a stranger


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
@pytest.mark.timeout(20)
def test_a_pipe_is_no_file_of_a_run(tmp_path: Path) -> None:
    for name in ("about.json", "environment.json"):
        os.mkfifo(tmp_path / name)
    assert read_about(tmp_path) == About()
    assert environment_of(tmp_path / "environment.json") == {}


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "environment.json"
    path.write_text(json.dumps({"python": "3"}), encoding="utf-8")
    assert environment_of(path) == {"python": "3"}
    path.write_text(json.dumps({"python": "3" * 1_000_001}), encoding="utf-8")
    (tmp_path / "about.json").write_text(json.dumps({"name": "x" * 10_000_001}), encoding="utf-8")
    assert environment_of(path) == {}
    assert read_about(tmp_path) == About()
