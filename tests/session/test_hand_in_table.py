"""The table of what a class handed in: sorted, and as CSV in which nothing is a formula."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.hand_in import HandIn, handed_in
from fmstudio.session.hand_in_table import HandInTableModel, as_csv, values_of


def item(file: str, accuracy: float = 0.9, *, problem: str = "", **said: Any) -> HandIn:
    if problem:
        return HandIn(path=Path(file), file=file, problem=problem)
    spec = changed(to_mapping(ExperimentSpec()), said.pop("changes", ()))
    usual = {"run": file, "name": "Homework", "spec": spec, "seed": 0, "version": "1", "data": "a"}
    return HandIn(path=Path(file), file=file, figures={"test_accuracy": accuracy}, **(usual | said))


@pytest.fixture
def model(qtbot: QtBot) -> HandInTableModel:
    made = HandInTableModel()
    made.show(handed_in([
        item("ben.png", 0.8, changes=[("optimizer.lr", 0.1)]),
        item("broken.png", problem="is empty"),
        item("ada.png", 0.9, changes=[("optimizer.lr", 0.03), ("architecture.kind", "mlp")], data="b"),
        item("eve.png", 0.7, run="ben.png"),
    ]))  # fmt: skip
    return made


def column(model: HandInTableModel, name: str) -> list[str]:
    place = model.columns.index(name)
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def titles(model: HandInTableModel) -> list[str]:
    return [str(model.headerData(place, Qt.Orientation.Horizontal)) for place in range(model.columnCount())]


def test_each_setting_that_differs_has_a_column(model: HandInTableModel) -> None:
    known = "File, Test accuracy, Remarks, Data, Network, Learning rate, Seed, Same data, Version, Name"
    assert titles(model) == known.split(", ")
    assert column(model, "architecture.kind") == ["Small CNN", "Multilayer perceptron", "Small CNN", ""]
    assert column(model, "result") == ["80.00 %", "90.00 %", "70.00 %", ""]
    assert column(model, "data") == ["✓", "✗ other", "✓", ""]
    assert column(model, "remarks") == ["the same run as eve.png", "made with other data", "the same run as ben.png",
                                        "✗ is empty"]  # fmt: skip


def test_the_first_click_on_the_result_puts_the_best_at_the_top(model: HandInTableModel) -> None:
    def first(name: str) -> object:
        place = model.columns.index(name)
        return model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.InitialSortOrderRole)

    falling, rising = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
    assert (first("result"), first("file")) == (falling, rising)
    model.show(handed_in([HandIn(path=Path("a"), file="a", figures={"test_loss": 0.5})]))
    assert first("result") == rising


def test_sorting_keeps_what_says_nothing_at_the_end(model: HandInTableModel) -> None:
    model.sort(model.columns.index("result"), Qt.SortOrder.DescendingOrder)
    assert column(model, "file") == ["ada.png", "ben.png", "eve.png", "broken.png"]
    model.sort(model.columns.index("optimizer.lr"), Qt.SortOrder.AscendingOrder)
    assert column(model, "optimizer.lr") == ["0.001", "0.03", "0.1", ""]
    model.sort(-1)
    assert column(model, "file") == ["ben.png", "ada.png", "eve.png", "broken.png"]


def test_it_keeps_qts_rules(model: HandInTableModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)


def test_csv_has_numbers_as_numbers_and_no_formulas(qtbot: QtBot) -> None:
    model = HandInTableModel()
    model.show(
        handed_in([item("=cmd|calc.png", 0.8125, name='+SUM("A1")'), item("b.png", 0.5, name="@x", version="-1+2")])
    )
    rows = list(csv.DictReader(io.StringIO(as_csv(model))))
    assert [row["File"] for row in rows] == ["'=cmd|calc.png", "b.png"]
    assert [row["Test accuracy"] for row in rows] == ["0.8125", "0.5"]
    assert [row["Name"] for row in rows] == ['\'+SUM("A1")', "'@x"]
    assert rows[1]["Version"] == "'-1+2"


@pytest.mark.parametrize(
    ("cell", "safe"), [("-0.5", "-0.5"), ("-x", "'-x"), ("\t=1", "'\t=1"), ("a=b", "a=b"), ("", "")]
)
def test_a_number_stays_a_number(cell: str, safe: str) -> None:
    assert safe_cell(cell) == safe


def test_words_of_a_stranger_are_shown_as_plain_lines(qtbot: QtBot) -> None:
    model = HandInTableModel()
    name = "<img src=x>\x1b[31m\n" + "y" * 300
    specs: list[Any] = [
        {"optimizer": {"lr": 10**400, "kind": [1]}},
        {"optimizer": {"lr": [[[{"a": 1}]]]}},
        {"epochs": "x\u202ey\n"},
        {"a.b.c": {"d": None}},
        {"architecture": {"layers": [[1], 2]}},
    ]
    model.show(handed_in([item(str(number), name=name, spec=spec) for number, spec in enumerate(specs)]))
    for place in range(model.columnCount()):
        model.sort(place)
        for row in range(model.rowCount()):
            text = str(model.index(row, place).data())
            assert text.isprintable()
            assert len(text) < 200
    as_csv(model)


def test_the_values_of_a_setting_come_by_size() -> None:
    items = [item(str(lr), changes=[("optimizer.lr", lr)]) for lr in (0.1, 0.01, 1.0, 0.03)]
    assert values_of(items, "optimizer.lr") == ("0.01", "0.03", "0.1", "1")
