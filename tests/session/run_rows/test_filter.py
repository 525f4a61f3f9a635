from collections.abc import Sequence
from datetime import datetime

import pytest

from fmstudio import words
from fmstudio.runs.about import About
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.filter import RunFilter, RunText, read_filter
from tests.run_rows import run_row

ADAM = run_row(
    "1", ("optimizer.lr", 0.03), ("architecture.kind", "mlp"), accuracy=0.8512, seconds=20.0,
    about=About(name="Baseline", note="Why is it\nso slow? <b>", tags=("lab", "week 3"), star=True),
)  # fmt: skip
SGD = run_row("2", ("optimizer.kind", "sgd"), ("optimizer.lr", 0.01), ("epochs", 7), accuracy=0.62, epochs=5,
              planned=7, state="stopped", seconds=400.0)  # fmt: skip
MAY = datetime(2026, 5, 12, 14, 2).timestamp()
ADAMW = run_row("3", ("optimizer.kind", "adamw"), ("batch_size", "all"), accuracy=None, state="failed",
                about=About(name="12:30 try", tags=("lab-2",)), created=MAY)  # fmt: skip
DAMAGED = RunSummary(id="4-broken", folder="/runs/4", problem="It cannot be read.")
ROWS = [ADAM, SGD, ADAMW, DAMAGED]


def read(text: str, rows: Sequence[RunSummary] = ROWS) -> RunFilter:
    return read_filter(text, RunColumns(rows), RunText())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", "1234"),
        ("baseline", "1"),
        ("SLOW", "1"),
        ("lab", "13"),
        ("broken", "4"),
        ("adam", "13"),
        ("small cnn", "23"),
        ('"small cnn"', "23"),
        ('"cnn small"', ""),
        ("<b>", "1"),
        ("adam -mlp", "3"),
        ("-adam", "24"),
        ("lr>0.01", "1"),
        ("lr >= 0.01", "12"),
        ("lr=0.03", "1"),
        ("lr!=0.03", "234"),
        ("-lr>0.02", "234"),
        ("optimizer.lr<=1e-2", "23"),
        ("optimizer=adam", "1"),
        ("optimizer:adam", "13"),
        ("optimizer=adam,sgd", "12"),
        ("network:perceptron", "1"),
        ("accuracy>=0.85", "1"),
        ("accuracy>=85%", "1"),
        ("accuracy >= 85 %", "1"),
        ("accuracy>85", "1"),
        ("accuracy=85%", "1"),
        ("accuracy=85.1%", "1"),
        ("accuracy=85.2%", ""),
        ("accuracy<0.7", "2"),
        ("best>0.6", "12"),
        ("loss<0.2", "1"),
        ("loss=cross-entropy", "123"),
        ("tag:lab", "13"),
        ("tag=lab", "1"),
        ('tag="week 3"', "1"),
        ("-tag:lab", "24"),
        ("star", "1"),
        ("-star", "234"),
        ("star:no", "234"),
        ("state:stopped", "2"),
        ("state:stopped,failed", "23"),
        ("epochs:2..5", "123"),
        ("epochs:3..", "2"),
        ("epochs:..2", "134"),
        ("batch=all", "3"),
        ("batch=128", "12"),
        ("batch<200", "12"),
        ("time<1min", "134"),
        ("time>5min", "2"),
        ("time:10..30s", "1"),
        ("started:2026-05-12", "3"),
        ("started<2026-05-13", "3"),
        ("started>2026-05-12", ""),
        ('"12:30"', "3"),
        ("weights>1000000000", ""),
        ("momentum=0", "2"),
        ("shuffle=on", "123"),
        ("ｌｒ＞0.01", "1"),
        ("epochs：2..5", "123"),
        ("id=1", "1"),
    ],
)
def test_a_filter_lets_through_what_it_says(text: str, ids: str) -> None:
    made = read(text)
    assert not made.problems
    assert "".join(row.id[0] for row in made.apply(ROWS)) == ids


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learnrate>0.01", "Nothing is called “learnrate” here."),
        ("optimiser=adam", "optimizer:"),
        ("lr>", "lr>0.01"),
        ("lr>many", "“many” is no number. For example: lr>0.01"),
        ("accuracy>high", "accuracy>=85%"),
        ("accuracy=good", "accuracy>=85%"),
        ("name>3", "“Name” holds words, not numbers."),
        ("state:asleep", "No run is ever “asleep”. There are: running, finished"),
        ("epochs:2..x", "“x” is no number"),
        ("started>soon", "“soon” is no day"),
    ],
)
def test_what_is_wrong_is_said_and_hides_nothing(text: str, said: str) -> None:
    made = read(f"lab {text}")
    assert len(made.problems) == 1
    assert said in made.problems[0]
    assert [row.id for row in made.apply(ROWS)] == ["1", "3"]


def test_a_chinese_reader_writes_chinese_words() -> None:
    words.set_language("zh_CN")
    assert [row.id for row in read("学习率>0.01").apply(ROWS)] == ["1"]
    assert [row.id for row in read("状态：已停止").apply(ROWS)] == ["2"]
    assert [row.id for row in read("小型 cnn").apply(ROWS)] == ["2", "3"]


def test_only_what_someone_wrote_counts_as_a_condition() -> None:
    assert not read("-").tests
    assert not read('"').tests
    assert not read("   ").problems


def test_a_hostile_spec_is_only_not_let_through() -> None:
    odd = RunSummary(id="5", folder="", spec={"optimizer": [1, {"lr": "x" * 9999}], "epochs": {"a": []}, "seed": "\n<"})
    rows = [*ROWS, odd]
    columns = RunColumns(rows)
    for column in columns.all.values():
        assert len(column.text(odd)) < 1000
        column.value(odd)
    assert read("lr>0.02", rows).apply(rows) == [ADAM]
    assert columns.differing(rows)
