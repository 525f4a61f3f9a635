"""The commands that measure before a run, in this process."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fmstudio.cli import before_run
from fmstudio.cli.preflight import find_rate, preflight
from fmstudio.training.outlook import Preflight
from fmstudio.training.rate_points import STEPS, RatePoint, RateRange

SMALL = ["--set", "dataset.train_size=600", "--set", "dataset.test_size=200", "--set", "batch_size=32"]

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
app.command("find-rate")(find_rate)
app.command("preflight")(preflight)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_rates_as_a_table() -> None:
    text = done("find-rate", "softmax", *SMALL)
    assert text.splitlines()[0].split() == ["learning", "rate", "loss", "smoothed"]
    assert "1.00e-07" in text
    assert "Our suggestion" in text
    assert "Try --set optimizer.lr=0." in text


def test_rates_as_json() -> None:
    values = json.loads(done("find-rate", "softmax", *SMALL, "--json"))
    assert values["end"] == "exploded"
    assert 20 < len(values["points"]) < STEPS
    assert set(values["points"][0]) == {"step", "rate", "loss", "smoothed"}
    assert [one["ours"] for one in values["suggestions"]].count(True) == 1
    assert values["sentence"].startswith("A learning rate of 0.")


def test_a_loss_that_is_not_finite_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    point = RatePoint(1, 1e-7, float("inf"), float("nan"))
    monkeypatch.setattr(before_run, "find_rates", lambda *given: RateRange((point,), 1e-7, 10, "infinite"))
    values = json.loads(done("find-rate", "softmax", "--json"))
    assert values["points"] == [{"step": 1, "rate": 1e-7, "loss": None, "smoothed": None}]


def test_where_it_makes_no_sense_it_is_a_sentence() -> None:
    result = run("find-rate", "softmax", *SMALL, "--set", "optimizer.kind=rprop")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Rprop uses the learning rate for its first step only" in result.stderr


def test_weights_to_begin_with_that_are_not_there() -> None:
    result = run("find-rate", "softmax", *SMALL, "--set", "start_from=nothing")
    assert result.exit_code == 1
    assert "neither a run nor a file" in result.stderr


def test_the_outlook_as_a_table() -> None:
    text = done("preflight", "softmax", *SMALL)
    assert text.splitlines()[0].split() == ["device", "an", "epoch", "whole", "run", "memory", "largest", "batch"]
    assert text.splitlines()[1].startswith("CPU")
    assert "The whole run takes about" in text
    assert "samples a second" in text


def test_the_outlook_as_json() -> None:
    values = json.loads(done("preflight", "softmax", *SMALL, "--json"))
    assert (values["batch"], values["samples"], values["complete"]) == (32, 600, True)
    assert values["devices"][0]["device"] == "cpu"
    assert values["devices"][0]["largest"] == 600
    assert values["devices"][0]["speeds"][0]["batch"] == 32
    assert values["sentences"]


def test_an_invalid_spec_is_refused_before_anything_is_measured() -> None:
    for command in ("find-rate", "preflight"):
        result = run(command, "softmax", "--set", "optimizer.lr=-1")
        assert result.exit_code == 2
        assert "optimizer.lr" in result.stderr


@pytest.mark.parametrize("command", ["find-rate", "preflight"])
def test_ctrl_c_prints_what_there_is_and_ends_with_130(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(measure: Any) -> Any:
        def run_a_little(spec: object, stopped: Any, tell: Any, *rest: object) -> object:
            control = stopped.__closure__[0].cell_contents
            control.stop()
            return measure(spec, stopped, tell, *rest)

        return run_a_little

    for name in ("find_rates", "preflight"):
        monkeypatch.setattr(before_run, name, interrupted(getattr(before_run, name)))
    result = run(command, "softmax", *SMALL, "--json")
    assert result.exit_code == 130
    assert "Interrupted" in result.stderr
    assert json.loads(result.stdout)


def test_the_disk_of_the_library_that_is_named_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []

    def measured(spec: object, stopped: object, tell: object, library: object) -> Preflight:
        asked.append(library)
        return Preflight(batch=1, epochs=1, samples=1, chosen="cpu", disk_bytes=0, free_disk_bytes=0)

    monkeypatch.setattr(before_run, "preflight", measured)
    done("preflight", "softmax", "--library", str(tmp_path), "--json")
    done("preflight", "softmax", "--json")
    assert asked == [tmp_path, None]
