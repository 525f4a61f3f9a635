from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from fmstudio.runs.about import About
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.groups import Section
from fmstudio.session.run_rows.table import Roles, RunTableModel, tags_in, tags_of
from tests.run_rows import run_row


def texts(model: RunTableModel, key: str) -> list[str]:
    column = [one.key for one in model.shown_columns].index(key)
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


def ids(model: RunTableModel) -> list[str]:
    return [str(model.index(place, 0).data(Roles.RUN)) for place in range(model.rowCount())]


@pytest.fixture
def model() -> RunTableModel:
    made = RunTableModel()
    made.show(
        [run_row("c", accuracy=0.9), run_row("b", ("optimizer.kind", "sgd"), accuracy=None, state="failed"),
         run_row("a", accuracy=0.85, epochs=1)]
    )  # fmt: skip
    return made


def test_it_is_a_right_model(model: RunTableModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)


def test_with_groups_it_is_a_right_model_too(model: RunTableModel, qtmodeltester: ModelTester) -> None:
    model.group_by("optimizer.kind")
    qtmodeltester.check(model)


def test_a_row_says_what_there_is(model: RunTableModel) -> None:
    model.show_columns(
        ("name", "dataset.kind", "architecture.kind", "optimizer.lr", "epochs", "best", "state", "seconds")
    )
    cells = [str(model.index(2, column).data()) for column in range(model.columnCount())]
    assert cells == ["Name a", "Fashion-MNIST", "Small CNN", "0.01", "1 of 2", "85.0 %", "✓ finished", "9.0 s"]
    assert texts(model, "best") == ["90.0 %", "–", "85.0 %"]
    assert texts(model, "state")[1] == "✗ failed"


def test_a_run_without_a_name_is_called_by_its_id() -> None:
    model = RunTableModel()
    model.show([RunSummary(id="the-id", folder="", problem="Its spec cannot be read.")])
    assert texts(model, "name") == ["the-id"]
    assert texts(model, "state") == ["! damaged"]
    assert "Its spec cannot be read." in str(model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole))


@pytest.mark.parametrize(("falling", "expected"), [(False, ["a", "c", "b"]), (True, ["c", "a", "b"])])
def test_the_unknown_stays_at_the_end(model: RunTableModel, falling: bool, expected: list[str]) -> None:
    model.sort_by("best", falling=falling)
    assert ids(model) == expected


def test_numbers_are_sorted_as_numbers(model: RunTableModel) -> None:
    rows = [run_row(str(size), ("batch_size", size)) for size in (128, "all", 64, 1000)]
    model.show(rows)
    model.sort_by("batch_size", falling=False)
    assert ids(model) == ["64", "128", "1000", "all"]


def test_sorting_by_nothing_gives_the_given_order(model: RunTableModel) -> None:
    model.sort(3)
    model.sort(-1)
    assert ids(model) == ["c", "b", "a"]


def test_new_figures_keep_the_order_and_the_held_run(model: RunTableModel) -> None:
    model.sort_by("best", falling=True)
    held = QPersistentModelIndex(model.index(1, 0))
    model.show([run_row("c", accuracy=0.9), run_row("b", accuracy=0.95), run_row("a", accuracy=0.1)])
    assert ids(model) == ["b", "c", "a"]
    assert held.data(Roles.RUN) == "a"


def test_a_filter_holds_for_what_comes_later(model: RunTableModel) -> None:
    model.keep("optimizer=sgd")
    assert ids(model) == ["b"]
    model.show([*model.given, run_row("d", ("optimizer.kind", "sgd"))])
    assert ids(model) == ["b", "d"]
    model.keep("")
    assert len(ids(model)) == 4


def test_groups_have_headings_that_fold(model: RunTableModel) -> None:
    model.group_by("optimizer.kind")
    assert ids(model) == ["", "c", "a", "", "b"]
    heading = model.items[0]
    assert isinstance(heading, Section)
    assert heading.text == "▾ Optimizer: Adam · 2 runs · best 90.0 %"
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    model.fold(heading.key, True)
    assert ids(model) == ["", "", "b"]
    model.keep("adam")
    assert ids(model) == [""]
    model.fold(heading.key, False)
    assert ids(model) == ["", "c", "a"]


def test_runs_that_were_planned_together_are_a_group() -> None:
    model = RunTableModel()
    about = About(group="abc", group_name="Learning rate: 2 values")
    model.show([run_row("1", about=about), run_row("2", about=about), run_row("3")])
    model.group_by("group")
    titles = [item.title for item in model.items if isinstance(item, Section)]
    assert titles == ["Learning rate: 2 values", "Not planned together"]


def test_a_column_that_no_run_has_is_left_out_until_one_has_it(model: RunTableModel) -> None:
    model.show_columns(("name", "optimizer.momentum", "no.such.thing"))
    assert [column.key for column in model.shown_columns] == ["name", "optimizer.momentum"]
    model.show([run_row("c")])
    assert [column.key for column in model.shown_columns] == ["name"]
    model.show([run_row("c", ("optimizer.kind", "sgd"))])
    assert [column.key for column in model.shown_columns] == ["name", "optimizer.momentum"]


def test_a_name_and_tags_are_written_in_their_cells(model: RunTableModel) -> None:
    said: list[tuple[str, About, About]] = []
    model.described.connect(lambda *told: said.append(told))
    model.show_columns(("name", "tags"))
    assert model.setData(model.index(0, 0), " New\nname ")
    assert model.setData(model.index(0, 1), "lab, lab，week 3, ")
    assert model.setData(model.index(0, 0), "New name")
    named, tagged = About(name="New name"), About(name="New name", tags=("lab", "week 3"))
    assert [one[0] for one in said] == ["c", "c"]
    assert [one[2] for one in said] == [named, tagged]
    assert said[1][1] == named
    assert texts(model, "tags")[0] == "lab, week 3"


def test_what_came_while_somebody_wrote_stays(model: RunTableModel) -> None:
    seen = model.given[0].about
    model.show([replace(model.given[0], about=replace(seen, note="from the other window")), *model.given[1:]])
    model.describe(model.given[0].id, seen, replace(seen, star=True))
    assert model.given[0].about == replace(seen, note="from the other window", star=True)


def test_html_in_a_note_is_never_read_as_html() -> None:
    model = RunTableModel()
    model.show([run_row("1", about=About(note="<img src=x>\n&lt;"))])
    model.show_columns(("name", "note"))
    assert texts(model, "note") == ["<img src=x> …"]
    tip = str(model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert "&lt;img src=x&gt;\n&amp;lt;" in tip
    assert "<img" not in tip


def test_results_of_numbers_say_how_far_off_they_are() -> None:
    model = RunTableModel()
    model.show([run_row("1", figures={"test_r2": 0.99951, "test_mae": 0.08}), run_row("2", figures={"test_mae": 0.25})])
    assert texts(model, "best") == ["R² 0.9995", "off by 0.25"]
    column = [one.key for one in model.shown_columns].index("best")
    assert "Off by 0.08 on average" in str(model.index(0, column).data(Qt.ItemDataRole.ToolTipRole))


def test_tags_are_read_from_a_line() -> None:
    assert tags_of(" a,b 、 a， ,") == ("a", "b")
    rows = [run_row("1", about=About(tags=("b",))), run_row("2", about=About(tags=("a", "b")))]
    assert tags_in(rows) == ("b", "a")
