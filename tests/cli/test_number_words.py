"""What the command line says of runs that predict numbers."""

from typing import Any

import pytest
from typer.testing import CliRunner

from fmstudio.cli import app as cli
from fmstudio.cli.number_words import epochs_text, evaluation_of_numbers, figure_words, result_words


@pytest.mark.parametrize(
    ("r2", "mae", "words"),
    [
        (0.99912, 0.0801, "R² 0.9991 · off by 0.0801 on average"),
        (-12.5, 123456.0, "R² -12.5000 · off by 1.235e+05 on average"),
        (None, None, "– · off by – on average"),
    ],
)
def test_a_figure_in_short(r2: float | None, mae: float | None, words: str) -> None:
    assert figure_words(r2, mae) == words
    assert words.startswith(result_words(r2))


def test_the_epochs_stand_below_one_another_with_dashes_for_what_is_not_known() -> None:
    first = {"epoch": 0, "train_loss": None, "test_loss": 13.25, "test_mae": 3.1, "test_r2": None}
    last = {"epoch": 30_000, "train_loss": 1e-9, "test_loss": 0.01, "test_mae": 0.08, "test_r2": 0.999}
    head, *rows = epochs_text({"epochs": [first, last]}).splitlines()
    assert head.split() == ["Epoch", "Loss", "Test", "loss", "Off", "by", "R²"]
    assert rows[0].split() == ["0", "–", "13.25", "3.1", "–"]
    assert rows[1].split() == ["30000", "1e-09", "0.01", "0.08", "0.999"]
    assert len({len(row) for row in (head, *rows)}) == 1


@pytest.mark.parametrize(("split", "which"), [("test", "test points"), ("train", "training points")])
def test_an_evaluation_tells_figures_and_weights(split: str, which: str) -> None:
    weights = [{"name": "w1", "true": 2.0, "learned": 1.5}, {"name": "b", "true": -4.2, "learned": -4.25}]
    values: dict[str, Any] = {
        "run": "r", "split": split, "count": 1000, "mae": 0.08, "rmse": 0.1, "r2": 0.99, "parameters": weights,
    }  # fmt: skip
    text = evaluation_of_numbers(values)
    assert text.startswith(f"Run r, 1,000 {which}: R² 0.9900 · off by 0.08 on average.")
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.startswith(("w1", "b "))}
    assert rows == {"w1": ["2", "1.5", "-0.5"], "b": ["-4.2", "-4.25", "-0.05"]}
    assert "difference" not in evaluation_of_numbers({**values, "parameters": []})


def test_a_run_on_points_is_trained_shown_and_evaluated_in_words() -> None:
    runner = CliRunner()
    settings = ["dataset.n=200", "epochs=40", "batch_size=20", "optimizer.lr=0.05", "threads=1"]
    trained = runner.invoke(cli.app, ["train", "line", *[part for one in settings for part in ("--set", one)]])
    assert (trained.exit_code, trained.stderr) == (0, "")
    run = trained.stdout.split()[1]
    assert "Epoch 40 of 40 · loss" in trained.stdout
    shown = runner.invoke(cli.app, ["runs", "show", run])
    assert "Off by" in shown.stdout
    for split in ("train", "test"):
        said = runner.invoke(cli.app, ["evaluate", run, "--split", split])
        assert (said.exit_code, said.stderr) == (0, "")
        learned = [line.split() for line in said.stdout.splitlines() if line.startswith(("w1", "b "))]
        for _, true, found, difference in learned:
            assert float(found) == pytest.approx(float(true), abs=0.05)
            assert float(difference) == pytest.approx(float(found) - float(true), abs=1e-3)
        assert [name for name, *_ in learned] == ["w1", "b"]
