"""``fmstudio export``, run in this process; what the program does is tested with the export."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from typer.testing import CliRunner, Result

from fmstudio import paths
from fmstudio.cli import app as cli
from fmstudio.runs.store import RunFolder

SMALL = [
    "dataset.train_size=300",
    "dataset.test_size=100",
    "epochs=2",
    "architecture.kind=softmax-regression",
    "threads=1",
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A small run."""
    library = tmp_path_factory.mktemp("library")
    settings = [part for text in SMALL for part in ("--set", text)]
    result = run("train", "first-look", *settings, "--library", library, "--json")
    assert result.exit_code == 0, result.output
    return RunFolder(library / json.loads(result.stdout.splitlines()[0])["run"])


def export(folder: RunFolder, form: str, out: str | Path, *more: str) -> Result:
    return run("export", folder.path.name, "--as", form, "--out", out, "--library", folder.path.parent, *more)


def epochs(folder: RunFolder) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in folder.events.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["event"] == "EpochEnded" and line["epoch"] > 0]


def test_the_program_gives_the_numbers_of_the_run(folder: RunFolder, tmp_path: Path) -> None:
    file = tmp_path / "train.py"
    result = export(folder, "script", file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"The program of run {folder.path.name} is in {file}\n"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, file, paths.resource("datasets/fashion-mnist")],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [line.split() for line in done.stdout.splitlines() if line.startswith("epoch ")]
    found = [dict(zip(words[::2], words[1::2], strict=True)) for words in said if words[1] != "0"]
    assert [float(one["train_loss"]) for one in found] == [one["train_loss"] for one in epochs(folder)]


def test_the_program_has_the_device_and_the_threads_that_are_recorded(folder: RunFolder, tmp_path: Path) -> None:
    recorded = json.loads(folder.environment.read_text(encoding="utf-8"))
    other = tmp_path / "run"
    other.mkdir()
    for file in (folder.spec, folder.events):
        (other / file.name).write_bytes(file.read_bytes())
    (other / "environment.json").write_text(
        json.dumps({**recorded, "device": "cuda:7", "threads": 13}), encoding="utf-8"
    )
    result = run("export", other, "--as", "script", "--out", "-")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "torch.set_num_threads(13)" in result.stdout
    assert '"cuda:7"' in result.stdout


@pytest.mark.parametrize("content", ["", "[]", '{"threads": 3}', "null"])
def test_where_nothing_is_recorded_the_first_event_tells(folder: RunFolder, tmp_path: Path, content: str) -> None:
    for file in (folder.spec, folder.events):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "environment.json").write_text(content, encoding="utf-8")
    result = run("export", tmp_path, "--as", "script", "--out", "-")
    assert result.exit_code == 0
    assert "torch.set_num_threads(1)" in result.stdout


def test_a_minus_prints_the_program_and_nothing_else(folder: RunFolder, tmp_path: Path) -> None:
    export(folder, "script", tmp_path / "a.py")
    result = export(folder, "script", "-")
    assert result.stdout == (tmp_path / "a.py").read_text(encoding="utf-8")
    compile(result.stdout, "a.py", "exec")


def test_the_weights_are_those_of_the_run(folder: RunFolder, tmp_path: Path) -> None:
    file, beside = tmp_path / "net.safetensors", tmp_path / "net.state_dict.json"
    result = export(folder, "weights", file, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    before, after = load_file(folder.weights), load_file(file)
    assert {name: one.numpy().tobytes() for name, one in before.items()} == {
        name: one.numpy().tobytes() for name, one in after.items()
    }
    expected = {"run": folder.path.name, "as": "weights", "file": str(file), "bytes": file.stat().st_size}
    assert json.loads(result.stdout) == {**expected, "also": [str(beside)]}
    assert [one["name"] for one in json.loads(beside.read_text())["tensors"]] == list(after)


def test_what_lies_beside_is_replaced_only_with_yes(folder: RunFolder, tmp_path: Path) -> None:
    file, beside = tmp_path / "net.safetensors", tmp_path / "net.state_dict.json"
    beside.write_text("mine")
    result = export(folder, "weights", file)
    assert (result.exit_code, result.stderr) == (2, f"{beside} is there already. With --yes it is replaced.\n")
    assert (beside.read_text(), file.exists()) == ("mine", False)
    assert export(folder, "weights", file, "--yes").exit_code == 0
    assert export(folder, "weights", tmp_path / "other.safetensors").stdout == (
        f"The weights of run {folder.path.name} are in {tmp_path / 'other.safetensors'}\n"
        f"Beside it: {tmp_path / 'other.state_dict.json'}\n"
    )


def test_a_network_is_written_as_onnx_and_checked(folder: RunFolder, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    file = tmp_path / "net.onnx"
    result = export(folder, "onnx", file, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    said = json.loads(result.stdout)
    assert said["checked"]["samples"] == 100
    assert 0 <= said["checked"]["largest_difference"] < 1e-4
    assert said["bytes"] == file.stat().st_size
    again = export(folder, "onnx", file, "--yes")
    assert "It differs from the network by at most" in again.stdout
    assert "on 100 test samples." in again.stdout


def test_a_network_that_does_something_else_needs_a_yes(
    folder: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime")
    monkeypatch.setattr("fmstudio.export.onnx_file.largest_difference", lambda *_: 0.5)
    result = export(folder, "onnx", tmp_path / "net.onnx")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "they differ by 0.5. On the command line --yes" in result.stderr
    assert export(folder, "onnx", tmp_path / "net.onnx", "--yes").exit_code == 0


def test_without_the_packages_of_onnx_the_remedy_is_named(
    folder: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmstudio.export.onnx_file._here", False)
    result = export(folder, "onnx", tmp_path / "net.onnx")
    assert (result.exit_code, result.stdout) == (3, "")
    assert 'pip install "fmstudio[onnx]"' in result.stderr


def test_a_report_is_a_file_or_the_output(folder: RunFolder, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    result = export(folder, "report", file)
    assert result.stdout == f"The report of run {folder.path.name} is in {file}\n"
    assert export(folder, "report", "-").stdout == file.read_text(encoding="utf-8")


def test_the_weights_that_a_run_began_with_go_along_with_its_program(folder: RunFolder, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(folder.path, run)
    shutil.copy(folder.weights, run / "start.safetensors")
    out = tmp_path / "out"
    out.mkdir()
    result = run_cli(run, out / "train.py", "--json")
    assert json.loads(result.stdout)["also"] == [str(out / "train.start.safetensors")]
    assert (out / "train.start.safetensors").read_bytes() == folder.weights.read_bytes()
    printed = run_cli(run, "-")
    assert printed.stderr == (
        f"The program needs a copy of {run / 'start.safetensors'} beside it, named after itself: "
        "beside train.py it is train.start.safetensors.\n"
    )
    (out / "train.py").unlink()
    assert run_cli(run, out / "train.py").exit_code == 2


def run_cli(folder: Path, out: str | Path, *more: str) -> Result:
    return run("export", folder, "--as", "script", "--out", out, *more)


def test_a_run_that_ended_early_says_what_its_program_does_more(folder: RunFolder, tmp_path: Path) -> None:
    lines = folder.events.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "spec.json").write_bytes(folder.spec.read_bytes())
    ends = [number for number, line in enumerate(lines) if json.loads(line)["event"] == "EpochEnded"]
    (tmp_path / "events.jsonl").write_text("".join(lines[: ends[1] + 1]), encoding="utf-8")
    result = run("export", tmp_path, "--as", "script", "--out", "-")
    assert result.exit_code == 0
    assert result.stderr == "This run ended early, in epoch 1; the program trains all 2.\n"


def test_a_file_that_is_there_is_replaced_only_with_yes(folder: RunFolder, tmp_path: Path) -> None:
    file = tmp_path / "train.py"
    file.write_text("mine", encoding="utf-8")
    result = export(folder, "script", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{file} is there already. With --yes it is replaced.\n"
    assert file.read_text(encoding="utf-8") == "mine"
    assert export(folder, "script", file, "--yes").exit_code == 0
    assert "import torch" in file.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["train.py"]


@pytest.mark.parametrize(
    ("form", "out", "sentence"),
    [
        ("weights", "-", "Weights are no text: they need a file."),
        ("onnx", "-", "An ONNX network is no text: it needs a file."),
        ("script", ".", "is a folder."),
        ("script", "nowhere/train.py", "There is no folder"),
    ],
)
def test_a_place_that_cannot_be_is_wrong_usage(
    folder: RunFolder, tmp_path: Path, form: str, out: str, sentence: str
) -> None:
    result = export(folder, form, out if out == "-" else tmp_path / out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


@pytest.mark.parametrize("form", ["ONNX", "scrpt"])
def test_another_form_is_refused_with_those_there_are(folder: RunFolder, tmp_path: Path, form: str) -> None:
    result = export(folder, form, tmp_path / "a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "must be one of: script, weights, onnx, report" in " ".join(result.stderr.split())
    assert list(tmp_path.glob("a*")) == []


def test_json_and_the_program_do_not_share_the_output(folder: RunFolder) -> None:
    assert export(folder, "script", "-", "--json").exit_code == 2


def test_a_run_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = run("export", "nobody", "--as", "script", "--out", "-", "--library", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no run “nobody”." in result.stderr


@pytest.mark.parametrize("arguments", [["--out", "-"], ["--as", "script"]])
def test_both_what_and_where_must_be_said(folder: RunFolder, arguments: list[str]) -> None:
    assert run("export", folder.path, *arguments).exit_code == 2


def test_a_run_without_weights_says_so(folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_bytes(folder.spec.read_bytes())
    result = run("export", tmp_path, "--as", "weights", "--out", tmp_path / "w.safetensors")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "has no weights" in result.stderr
    assert not (tmp_path / "w.safetensors").exists()
