from datetime import datetime, timedelta

import pytest

from fmstudio.runs.about import About
from fmstudio.session.run_rows.cells import first_line, started_text
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.spec_index import SpecIndex
from tests.run_rows import run_row

NOW = datetime(2026, 11, 21, 15, 0)


@pytest.mark.parametrize(
    ("ago", "text"),
    [(timedelta(minutes=58), "today 14:02"), (timedelta(hours=24), "yesterday 15:00"),
     (timedelta(days=9), "12 Nov 15:00"), (timedelta(days=400), "17 Oct 2025 15:00")],
)  # fmt: skip
def test_one_sees_when_a_run_was_made(ago: timedelta, text: str) -> None:
    assert started_text((NOW - ago).timestamp(), NOW) == text


def test_runs_of_the_same_minute_are_told_apart() -> None:
    rows = [run_row(str(second), created=NOW.timestamp() + second) for second in (1, 2)]
    started = RunColumns(rows, NOW).all["started"]
    assert [started.text(row) for row in rows] == ["today 15:00:01", "today 15:00:02"]
    assert started.text(run_row("old")) == "–"


def test_every_setting_is_a_column_with_its_title() -> None:
    rows = [run_row("a"), run_row("b", ("optimizer.kind", "sgd"))]
    columns = RunColumns(rows)
    assert columns.all["optimizer.lr"].title == "Learning rate"
    assert columns.all["optimizer.momentum"].title == "Momentum"
    assert columns.all["optimizer.kind"].text(rows[1]) == "SGD"
    assert columns.all["optimizer.momentum"].text(rows[0]) == ""
    assert columns.all["optimizer.momentum"].value(rows[0]) is None
    titles = [column.title for column in columns.all.values()]
    assert len(set(titles)) == len(titles)


def test_results_are_columns() -> None:
    row = run_row("a", accuracy=0.87, last={"train_loss": 0.34567, "test_accuracy": 0.85})
    columns = RunColumns([row]).all
    assert columns["best"].text(row) == "87.0 %"
    assert columns["last"].text(row) == "85.0 %"
    assert columns["last.train_loss"].text(row) == "0.3457"
    assert columns["best.epoch"].text(row) == "2"
    assert columns["best.validation_loss"].text(row) == "–"
    assert columns["weights"].text(row) == "32,998"


def test_what_differs_is_known_the_most_telling_first() -> None:
    rows = [run_row("a"), run_row("b", ("optimizer.lr", 0.1), ("seed", 3)), run_row("c", ("epochs", 9))]
    assert RunColumns(rows).differing(rows) == ("optimizer.lr", "epochs", "seed")
    assert RunColumns(rows).differing(rows[:1]) == ()


def test_a_setting_that_only_some_have_differs_where_they_differ() -> None:
    sgd = [
        run_row(run, ("optimizer.kind", "sgd"), ("optimizer.momentum", value)) for run, value in (("a", 0), ("b", 0.9))
    ]
    assert "optimizer.momentum" in RunColumns(rows := [*sgd, run_row("c")]).differing(rows)
    assert "optimizer.momentum" not in RunColumns(rows := [sgd[0], run_row("c")]).differing(rows)


def test_an_index_forgets_runs_that_are_gone() -> None:
    index, before, after = SpecIndex(), run_row("a", ("optimizer.kind", "sgd")), run_row("a")
    index.take([before])
    assert "optimizer.momentum" in index.samples()
    index.take([after])
    assert "optimizer.momentum" not in index.samples()


def test_a_note_is_shown_by_its_first_line() -> None:
    assert first_line("") == ""
    assert first_line("\n  one  \n\n") == "one"
    assert first_line("one\ntwo") == "one …"
    row = run_row("a", about=About(note="x\u202e<b>\x07y"))
    assert RunColumns([row]).all["note"].text(row) == "x <b> y"
