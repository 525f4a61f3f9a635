"""``fmstudio sweep``: several values, the table, the events, and what goes wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fmstudio.cli import sweep_training
from fmstudio.cli.sweep import HELP, sweep
from fmstudio.errors import UserError
from fmstudio.runs.library import Library

SMALL = ["first-look", "--set", "architecture.kind=softmax-regression", "--set", "dataset.train_size=240", "--set",
         "dataset.test_size=60", "--set", "epochs=1", "--set", "threads=1"]  # fmt: skip
LINE = ["line", "--set", "epochs=2", "--set", "threads=1"]


def run(*arguments: str | Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("sweep", help=HELP)(sweep)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["sweep", *map(str, arguments)])


def ended(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    assert found["event"] == "SweepEnded"
    return found


def test_it_trains_each_value_and_marks_the_best(tmp_path: Path) -> None:
    result = run(*SMALL, "--vary", "optimizer.lr=0.00001,0.01", "--library", tmp_path)
    assert result.exit_code == 0
    assert "20 training pictures that are held back" in result.stderr
    lines = result.stdout.splitlines()
    assert [line.split(" · ")[:2] for line in lines[:2]] == [
        ["Run 1 of 2", "Learning rate 1e-5"], ["Run 2 of 2", "Learning rate 0.01"],
    ]  # fmt: skip
    assert lines[2].split() == ["Settings", "Validation", "accuracy", "Test", "accuracy", "Run"]
    assert lines[3].startswith("*  Learning rate 0.01")
    assert lines[4].startswith("   Learning rate 1e-5")
    assert lines[5] == "Best: Learning rate 0.01."
    runs = Library(tmp_path).summaries()
    assert {one.about.name for one in runs} == {"Learning rate 1e-5", "Learning rate 0.01"}
    assert {(one.about.group_name, one.about.varied) for one in runs} == {
        ("Learning rate: 2 values", ("optimizer.lr",))
    }
    assert len({one.about.group for one in runs}) == 1


def test_json_is_the_events_of_all_runs_and_one_line_about_all(tmp_path: Path) -> None:
    result = run(*SMALL, "--vary", "optimizer.kind=adam,sgd", "--repeat", "2", "--json", "--library", tmp_path)
    assert result.exit_code == 0
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["event"] for event in events].count("RunStarted") == 4
    assert events[-1] == ended(result)
    assert [one["settings"] for one in events[-1]["runs"]] == [
        {"optimizer.kind": "adam", "seed": 0}, {"optimizer.kind": "adam", "seed": 1},
        {"optimizer.kind": "sgd", "seed": 0}, {"optimizer.kind": "sgd", "seed": 1},
    ]  # fmt: skip
    assert events[-1]["best"] in {one["run"] for one in events[-1]["runs"]}
    assert events[-1]["chosen_by"] == "validation_accuracy"


def test_numbers_are_swept_by_their_loss(tmp_path: Path) -> None:
    result = run(*LINE, "--vary", "optimizer.lr=0.001,0.1", "--json", "--library", tmp_path)
    found = ended(result)
    assert found["chosen_by"] == "validation_loss"
    losses = {one["run"]: one["best"]["validation_loss"] for one in found["runs"]}
    assert losses[found["best"]] == min(losses.values())


def test_repeating_alone_holds_nothing_back(tmp_path: Path) -> None:
    result = run(*LINE, "--repeat", "3", "--json", "--library", tmp_path)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert [one["settings"] for one in ended(result)["runs"]] == [{"seed": 0}, {"seed": 1}, {"seed": 2}]


def test_random_combinations_are_as_many_as_asked_for(tmp_path: Path) -> None:
    result = run(*LINE, "--vary", "optimizer.lr=0.001..0.1", "--random", "3", "--json", "--library", tmp_path)
    assert len(ended(result)["runs"]) == 3


def test_all_that_cannot_be_made_is_told_before_anything_starts(tmp_path: Path) -> None:
    result = run(*LINE, "--vary", "optimizer.lr=0.1,20,-1", "--library", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "2 of 3 runs cannot be made:" in result.stderr
    assert "optimizer.lr: must be greater than 0" in result.stderr
    assert "[Learning rate 20]" in result.stderr
    assert "With --yes the other one is trained." in result.stderr
    assert not list(tmp_path.iterdir())


def test_with_yes_the_rest_is_trained(tmp_path: Path) -> None:
    result = run(*LINE, "--vary", "optimizer.lr=0.1,20", "--yes", "--json", "--library", tmp_path)
    assert result.exit_code == 0
    assert [one["settings"] for one in ended(result)["runs"]] == [{"optimizer.lr": 0.1}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Nothing is varied. Say what is: --vary optimizer.lr=0.1,0.01"),
        (["--vary", "optimizer.lr"], "--vary: “optimizer.lr” must have the form PATH=VALUE,VALUE"),
        (["--vary", "optimizer.lrr=1,2"], "optimizer.lrr: there is no such setting. Did you mean “lr”?"),
        (["--vary", "epochs=1", "--vary", "epochs=2"], "epochs: is varied twice"),
        (["--vary", "seed=0..9999:5000"], "These are 5,000 runs: with --yes they are trained."),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    result = run(*LINE, *arguments, "--library", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_a_run_that_fails_does_not_end_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = sweep_training.begin

    def failing(spec: Any, *rest: Any) -> Any:
        if spec.optimizer.lr == 0.01:
            raise UserError("The disk is full.", "Make room.")
        return begin(spec, *rest)

    monkeypatch.setattr(sweep_training, "begin", failing)
    result = run(*LINE, "--vary", "optimizer.lr=0.1,0.01,0.001", "--library", tmp_path)
    assert result.exit_code == 0
    assert "Learning rate 0.01: The disk is full. Make room." in result.stderr
    rows = [line for line in result.stdout.splitlines() if line[:3] in ("*  ", "   ")][1:]
    assert len(rows) == 3
    assert rows[-1].split()[:3] == ["Learning", "rate", "0.01"]
    assert "failed" in rows[-1]


def test_where_all_fail_the_status_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> Any:
        raise UserError("The disk is full.")

    monkeypatch.setattr(sweep_training, "begin", failing)
    result = run(*LINE, "--vary", "optimizer.lr=0.1,0.01", "--json", "--library", tmp_path)
    assert result.exit_code == 1
    assert ended(result)["best"] is None


PROGRAM = """
import sys, typer
from fmstudio.cli.sweep import sweep
app = typer.Typer(pretty_exceptions_enable=False)
app.command("sweep")(sweep)
app.command("other")(lambda: None)
app()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_and_keeps_what_was_learned(tmp_path: Path) -> None:
    arguments = [
        *LINE,
        "--set",
        "epochs=100000",
        "--vary",
        "optimizer.lr=0.1,0.01",
        "--json",
        "--library",
        str(tmp_path),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "sweep", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    kinds = (json.loads(line)["event"] for line in process.stdout)
    assert next(kind for kind in kinds if kind == "EpochEnded")
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert process.returncode == 130
    assert "Stopping; what was learned is kept." in err
    found = json.loads(out.splitlines()[-1])
    assert found["event"] == "SweepEnded"
    assert [one["status"] for one in found["runs"]] == ["stopped"]
    assert Library(tmp_path).summary(found["runs"][0]["run"]).state == "stopped"
