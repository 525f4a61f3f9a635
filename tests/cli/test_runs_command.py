"""``fmstudio runs …``: listed, sorted, described, thrown away and taken back."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fmstudio.cli.runs import sendable
from fmstudio.cli.runs_command import runs_app
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About, read_about, write_about
from fmstudio.runs.journal import NO_PREDICTIONS, to_line
from fmstudio.runs.library import Library
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.summary import RunSummary
from fmstudio.training.events import EpochEnded, RunEnded, RunStarted

ONE, TWO, THREE = "20260101-100000-a", "20260102-100000-b", "20260103-100000-c"
MakeRun = Callable[..., Path]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def make_run(library: Path) -> MakeRun:
    def make(name: str, end: str = "finished", accuracy: float = 0.7, **changes: Any) -> Path:
        folder = library / name
        folder.mkdir(parents=True)
        given = [(path.replace("__", "."), value) for path, value in changes.items()]
        spec = changed(to_mapping(ExperimentSpec()), [("name", "Some run"), *given])
        (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
        events: list[Any] = [RunStarted(run=name, epochs=2, steps_per_epoch=4, train_size=9, test_size=9)]
        events += [
            EpochEnded(epoch=epoch, step=4 * epoch, train_loss=1.0, train_accuracy=accuracy, test_loss=0.5,
                       test_accuracy=accuracy, seconds=2.0, evaluation_seconds=0.1, predictions=NO_PREDICTIONS)
            for epoch in range(3)
        ]  # fmt: skip
        events += [RunEnded(status=end, run=name, epoch=2, step=8)] if end else []  # type: ignore[arg-type]
        (folder / "events.jsonl").write_text("".join(to_line(one) + "\n" for one in events), encoding="utf-8")
        return folder

    return make


def run(*arguments: object) -> Result:
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.add_typer(runs_app, name="runs")
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["runs", *map(str, arguments)])


def done(*arguments: object) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return str(result.stdout)


def listed(*arguments: object) -> list[str]:
    return [one["run"] for one in json.loads(done("--json", *arguments))]


def test_the_list_says_what_there_is(library: Path, make_run: MakeRun) -> None:
    make_run(ONE, optimizer__lr=0.25)
    make_run(TWO, end="", accuracy=0.85)
    done("--library", library, "describe", ONE, "--name", "Mine", "--star", "--tag", "good", "--tag", "two words")
    title, second, first = done("--library", library).splitlines()
    assert title.split()[:4] == ["Run", "Name", "State", "Data"]
    for word in (ONE, "Mine", "finished", "Fashion-MNIST", "Adam", "0.25", " 2 ", "70.0 %", "★ #good #two words"):
        assert word in first
    for word in (TWO, "Some run", "interrupted", "85.0 %"):
        assert word in second


def test_as_json(library: Path, make_run: MakeRun) -> None:
    make_run(ONE)
    (values,) = json.loads(done("--json", "--library", library))
    assert (values["run"], values["name"], values["status"], values["epochs_done"]) == (ONE, "Some run", "finished", 2)
    assert (values["test_accuracy"], values["steps"], values["test_r2"]) == (0.7, 0, None)
    assert (values["dataset"], values["optimizer"], values["lr"]) == ("fashion-mnist", "adam", 0.001)
    assert (values["started"], values["about"]["tags"]) == ("2026-01-01T10:00:00+00:00", [])


@pytest.mark.parametrize(("text", "found"), [
    ("sgd", [TWO]), ("SGD some", [TWO]), ("stopped", [TWO]), ("needle", [ONE]), ("#blue", [ONE]), ("20260102", [TWO]),
    ("nothing", []), ("", [TWO, ONE]),
])  # fmt: skip
def test_filtered_by_words(library: Path, make_run: MakeRun, text: str, found: list[str]) -> None:
    make_run(ONE)
    make_run(TWO, end="stopped", optimizer__kind="sgd")
    done("describe", ONE, "--note", "a needle", "--tag", "blue", "--library", library)
    assert listed("--filter", text, "--library", library) == found


@pytest.mark.parametrize(("text", "found"), [
    ("lr>0.01", [TWO]), ("some lr<=0.01", [ONE]), ("accuracy>=85%", [TWO]), ("accuracy<0.8", [ONE]),
    ("tag:blue", [ONE]), ("-tag:blue", [TWO]), ("-stopped", [ONE]), ("optimizer=sgd state:stopped", [TWO]),
    ("epochs:1..3 -sgd", [ONE]), ("lr>0.01 tag:blue", []),
])  # fmt: skip
def test_filtered_as_in_the_window(library: Path, make_run: MakeRun, text: str, found: list[str]) -> None:
    make_run(ONE, accuracy=0.7, optimizer__lr=0.01)
    make_run(TWO, end="stopped", accuracy=0.85, optimizer__kind="sgd", optimizer__lr=0.1)
    done("describe", ONE, "--tag", "blue", "--library", library)
    assert listed("--filter", text, "--library", library) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [("colour=red", "Nothing is called “colour” here"), ("lr>fast", "“fast” is no number"), ("lr>", "should “lr>” be")],
)
def test_a_filter_that_cannot_be_read_is_said_and_lists_nothing(
    library: Path, make_run: MakeRun, text: str, said: str
) -> None:
    make_run(ONE)
    result = run("--filter", f"some {text}", "--library", library)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("The filter cannot be read: ")
    assert said in result.stderr


@pytest.mark.parametrize("text", ["lr>0.01", "optimizer=sgd", "momentum>0.5", "dataset.test_seed:0..9"])
def test_a_setting_that_no_run_has_lets_nothing_through(library: Path, make_run: MakeRun, text: str) -> None:
    assert listed("--filter", text, "--library", library) == [], "an empty library"
    make_run(ONE, optimizer__lr=0.01)
    if "momentum" in text:
        assert listed("--filter", text, "--library", library) == [], "Adam knows no momentum"


def test_nothing_of_the_window_is_loaded() -> None:
    code = "import sys, fmstudio.cli.runs_command; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"PySide6", "torch"} & set(said.stdout.split())


SORTED = {
    "id": [ONE, TWO, THREE],
    "-id": [THREE, TWO, ONE],
    "-result": [TWO, THREE, ONE],
    "result": [ONE, THREE, TWO],
    "lr": [TWO, THREE, ONE],
    "-optimizer.lr": [ONE, THREE, TWO],
    "seed": [THREE, TWO, ONE],
    "optimizer.momentum": [TWO, THREE, ONE],
    "-optimizer.momentum": [TWO, THREE, ONE],
}


@pytest.mark.parametrize("column", SORTED)
def test_sorted_by_a_column(library: Path, make_run: MakeRun, column: str) -> None:
    make_run(ONE, accuracy=0.1, optimizer__lr=0.9, seed=3)
    make_run(TWO, accuracy=0.9, optimizer__kind="sgd", optimizer__lr=0.01, seed=2)
    make_run(THREE, accuracy=0.5, optimizer__lr=0.1, seed=1)
    assert listed("--sort", column, "--library", library) == SORTED[column]


def test_a_column_that_nobody_knows(library: Path) -> None:
    result = run("--sort", "-colour", "--library", library)
    assert (result.exit_code, "must be one of: id" in result.stderr) == (2, True)


def test_what_is_damaged_or_newer_is_listed_and_said(library: Path, make_run: MakeRun) -> None:
    (make_run(ONE) / "spec.json").write_text("[]", encoding="utf-8")
    make_run(TWO, version=7)
    result = run("--library", library)
    assert result.exit_code == 0
    assert "damaged" in result.stdout
    assert "from a newer version" in result.stdout
    assert f"{ONE}: spec.json holds no settings." in result.stderr
    assert f"{TWO}: A newer version" in result.stderr


def test_one_run_is_shown_with_what_is_said_of_it(library: Path, make_run: MakeRun) -> None:
    make_run(ONE)
    done("describe", ONE, "--library", library, "--note", "first line\nsecond line", "--tag", "good")
    text = done("show", ONE, "--library", library)
    assert text.startswith(f"{ONE} · Some run · finished\n")
    assert "#good\nfirst line\nsecond line\n" in text
    whole = json.loads(done("show", library / ONE, "--json"))
    assert (whole["about"]["note"], len(whole["epochs"])) == ("first line\nsecond line", 3)
    assert whole["spec"]["optimizer"]["kind"] == "adam"


def test_described_bit_by_bit(library: Path, make_run: MakeRun) -> None:
    make_run(ONE)
    done("describe", library / ONE, "--name", "Mine", "--tag", "a", "--tag", "b", "--star")
    values = json.loads(
        done("describe", ONE, "--untag", "a", "--tag", "c", "--no-star", "--json", "--library", library)
    )
    about = values["about"]
    assert (about["name"], about["tags"], about["star"]) == ("Mine", ["b", "c"], False)
    assert json.loads(done("describe", ONE, "--name", "", "--json", "--library", library))["name"] == "Some run"
    result = run("describe", ONE, "--library", library)
    assert (result.exit_code, result.stderr.startswith("Nothing is to be changed.")) == (2, True)


def test_thrown_away_and_taken_back(library: Path, make_run: MakeRun) -> None:
    for name in (ONE, TWO):
        make_run(name)
    assert done("trash", ONE, library / TWO, "--library", library) == "2 runs lie in the trash now.\n"
    assert done("--library", library) == "There is no run yet.\n"
    assert listed("--trash", "--library", library) == [TWO, ONE]
    assert ONE in done("restore", ONE, "--library", library)
    assert json.loads(done("restore", TWO, "--json", "--library", library))["run"] == TWO
    assert done("--trash", "--library", library) == "The trash is empty.\n"
    assert json.loads(done("trash", ONE, "--json", "--library", library)) == {"trashed": [ONE]}


def test_the_trash_is_emptied_only_with_yes(library: Path, make_run: MakeRun) -> None:
    for name in (ONE, TWO, THREE):
        make_run(name)
    assert done("empty-trash", "--library", library) == "The trash is empty.\n"
    done("trash", ONE, TWO, "--library", library)
    result = run("empty-trash", "--library", library)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "2 runs would be deleted for good. Say --yes if that is what you want.\n"
    assert listed("--trash", "--library", library) == [TWO, ONE]
    assert done("empty-trash", "--yes", "--library", library) == "2 runs are deleted for good.\n"
    assert (listed("--trash", "--library", library), listed("--library", library)) == ([], [THREE])
    done("trash", THREE, "--library", library)
    assert json.loads(done("empty-trash", "--yes", "--json", "--library", library)) == {"deleted": 1}


def test_what_a_window_says_meanwhile_stays(library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, summary = make_run(ONE), Library.summary

    def seen(self: Library, run_id: str) -> RunSummary:
        found = summary(self, run_id)
        monkeypatch.undo()
        write_about(folder, About(note="from the window", tags=("theirs",)))
        return found

    monkeypatch.setattr(Library, "summary", seen)
    done("describe", ONE, "--star", "--tag", "mine", "--library", library)
    assert read_about(folder) == About(note="from the window", tags=("theirs", "mine"), star=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_in_a_run_holds_nobody_up(library: Path, make_run: MakeRun) -> None:
    os.mkfifo(make_run(ONE) / "environment.json")
    assert json.loads(done("show", ONE, "--json", "--library", library))["environment"] is None


def test_a_run_that_is_written_is_not_thrown_away(library: Path, make_run: MakeRun) -> None:
    with FolderLock(make_run(ONE, end="")):
        result = run("trash", ONE, "--library", library)
        assert "running" in done("--library", library)
    assert (result.exit_code, f"{ONE} is being written" in result.stderr) == (1, True)


@pytest.mark.parametrize("command", ["show", "describe --star", "trash", "restore"])
@pytest.mark.parametrize("name", ["nothing", "../away", ".trash", "\x1b[2J"])
def test_what_is_not_there_is_a_sentence(library: Path, make_run: MakeRun, command: str, name: str) -> None:
    make_run(ONE)
    result = run(*command.split(), name, "--library", library)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(("There is no run", "../away is not in the library"))


def test_a_run_of_another_library_is_not_thrown_away(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    folder = make_run(ONE)
    result = run("trash", folder, "--library", tmp_path / "other")
    assert (result.exit_code, "is not in the library" in result.stderr) == (2, True)
    assert folder.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_strange_texts_are_printed_plainly(library: Path, make_run: MakeRun) -> None:
    folder = make_run("\x1b[31mred", start_from="\udfff")
    spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    (folder / "spec.json").write_text(json.dumps({**spec, "name": "\x1b]0;x\x07\ud800 name"}), encoding="utf-8")
    for command in ((), ("--json",), ("show", library / "\x1b[31mred"), ("show", library / "\x1b[31mred", "--json")):
        result = run(*command, "--library", library)
        assert result.exit_code == 0
        assert "\x1b" not in f"{result.stdout}{result.stderr}"
        assert f"{result.stdout}{result.stderr}".encode()


def test_only_what_json_can_hold_is_sent() -> None:
    assert sendable({"a": [float("nan"), 1.5, "\ud800x", ("é", True, None)]}) == {
        "a": [None, 1.5, "?x", ["é", True, None]]
    }
