"""What the command line says of runs that predict numbers."""

from collections.abc import Mapping
from typing import Any

from fmstudio.cli.output import table
from fmstudio.words import tr


def result_words(r2: float | None) -> str:
    """A result in short: "R² 0.9991"."""
    return "–" if r2 is None else f"R² {r2:.4f}"


def figure_words(r2: float | None, mae: float | None) -> str:
    """How far off the numbers are, for a line."""
    off = "–" if mae is None else f"{mae:.4g}"
    return f"{result_words(r2)} · " + tr("off by {off} on average", off=off)


def epochs_text(values: Mapping[str, Any]) -> str:
    """The epochs of a run, one a line."""
    rows: list[tuple[str, ...]] = [(tr("Epoch"), tr("Loss"), tr("Test loss"), tr("Off by"), "R²")]
    for epoch in values["epochs"]:
        figures = (epoch["train_loss"], epoch["test_loss"], epoch["test_mae"], epoch["test_r2"])
        rows.append((str(epoch["epoch"]), *("–" if figure is None else f"{figure:.6g}" for figure in figures)))
    return table(rows, right=range(5))


def evaluation_of_numbers(values: Mapping[str, Any]) -> str:
    """The answers about one split for a reader: figures, and true against learned weights."""
    facts = {"run": values["run"], "count": f"{values['count']:,}", "words": figure_words(values["r2"], values["mae"])}
    heading = tr("Run {run}, {count} training points: {words}.", **facts)
    if values["split"] == "test":
        heading = tr("Run {run}, {count} test points: {words}.", **facts)
    titles = {"mae": tr("Mean absolute error"), "rmse": tr("Root of the mean squared error")}
    figures = [(title, f"{values[name]:.6g}") for name, title in titles.items()]
    blocks = [heading, table(figures, right=(1,))]
    if values["parameters"]:
        rows = [("", tr("true"), tr("learned"), tr("difference"))]
        for one in values["parameters"]:
            numbers = (one["true"], one["learned"], one["learned"] - one["true"])
            rows.append((one["name"], *(f"{number:.5g}" for number in numbers)))
        blocks.append(table(rows, right=(1, 2, 3)))
    return "\n\n".join(blocks)
