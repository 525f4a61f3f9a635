"""Wrong specs on the command line: exit 2, every problem with its path, no traceback, and nothing is written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fmstudio.cli import app as cli


def run(command: str, *assignments: str, lesson: str = "first-look") -> Result:
    typed = [part for assignment in assignments for part in ("--set", assignment)]
    return CliRunner().invoke(cli.app, [command, lesson, *typed])


def paths_of(result: Result) -> list[str]:
    return [line.partition(": ")[0] for line in result.stderr.splitlines()]


@pytest.mark.parametrize("command", ["train", "spec"])
@pytest.mark.parametrize(
    ("assignments", "path", "words"),
    [
        (["optimizer.lr=0"], "optimizer.lr", "must be greater than 0"),
        (["optimizer.lr=-0.1"], "optimizer.lr", "must be greater than 0"),
        (["optimizer.lr=NaN"], "optimizer.lr", "must be a finite number"),
        (["optimizer.lr=1e400"], "optimizer.lr", "must be a finite number"),
        (["optimizer.lr=0,001"], "optimizer.lr", "must be a number, with a point: 0.001"),
        (["architecture.kind=mlp", "architecture.hidden=[100000000]"], "architecture.hidden", "GB of memory"),
        (["architecture.kind=resnet-18", "batch_size=all"], "batch_size", "GB of memory"),
        (["architecture.kind=layers", "architecture.layers=[" + ",".join(['{"kind":"max-pool"}'] * 5) + "]"],
         "architecture.layers.4.kernel_size", "a window of 2 × 2 is larger than the picture"),
        (["architecture.kernel_size=29"], "architecture.kernel_size", "is larger than the picture"),
        (["architecture.kind=layers", "architecture.layers.77.channels=2"], "architecture.layers.77.channels",
         "there is no row 77; the rows are 0 to 10"),
        (["optimizer.kind=sparse-adam"], "optimizer.kind", "needs sparse gradients"),
        (["architecture.kind=linear-regression"], "architecture.kind", "these pictures have classes"),
        (["loss.kind=mean-squared"], "loss.kind", "must be one of: cross-entropy, mse"),
        (["early_stopping=3"], "validation", "held back: none are"),
    ],
)  # fmt: skip
def test_a_wrong_spec_is_refused_with_its_place(
    monkeypatch: pytest.MonkeyPatch, studio_home: Path, command: str, assignments: list[str], path: str, words: str
) -> None:
    monkeypatch.setattr("fmstudio.experiment.misfits.available_bytes", lambda: 2**34)
    result = run(command, *assignments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert paths_of(result) == [path]
    assert words in result.stderr
    assert not (studio_home / "runs").exists()


@pytest.mark.parametrize("loss", ["cross-entropy", "kl-div", "margin-ranking", "multilabel-margin", "soft-margin"])
def test_losses_for_classes_are_refused_for_points(loss: str) -> None:
    result = run("train", f"loss.kind={loss}", lesson="line")
    assert (result.exit_code, paths_of(result)) == (2, ["loss.kind"])
    assert "(Try --set loss.kind=mse)" in result.stderr


def test_negative_targets_are_no_counts() -> None:
    result = run("train", "loss.kind=poisson-nll", lesson="linear-regression")
    assert (result.exit_code, paths_of(result)) == (2, ["loss.kind"])
    assert "needs numbers that are not negative" in result.stderr


def test_everything_that_is_wrong_is_listed() -> None:
    wrong = ["optimizer.lr=1e400", "epochs=0", "architecture.kind=mlp", "architecture.hidden=[100000000]", "wat=1"]
    result = run("train", *wrong, "loss.kind=hinge", "schedule.warm_up=-1")
    assert result.exit_code == 2
    assert sorted(paths_of(result)) == [
        "architecture.hidden", "epochs", "loss.kind", "optimizer.lr", "schedule.warm_up", "wat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"order": "first"}', "order"),
        ('{"spec": {"loss": {"kind": "hinge"}}}', "spec.loss.kind"),
        ("x" * 10_000_000, "is too large"),
    ],
    ids=["wrong types", "unknown kinds", "ten megabytes"],
)
def test_a_broken_lesson_is_named_and_hides_no_other(studio_home: Path, content: str, words: str) -> None:
    folder = studio_home / "lessons"
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text(content, encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["lessons"])
    assert result.exit_code == 0
    assert "first-look" in result.stdout
    assert "The lesson mine.json cannot be used:" in result.stderr
    assert words in result.stderr
    assert CliRunner().invoke(cli.app, ["spec", "cnn"]).exit_code == 0
    broken = run("train", lesson="mine")
    assert broken.exit_code == 2
    assert words in broken.stderr
