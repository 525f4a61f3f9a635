"""What a person sees of the differences among runs."""

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fmstudio.runs.about import About
from fmstudio.runs.summary import RunSummary
from fmstudio.ui import theme
from fmstudio.ui.compare.differences.view import MOST, DifferencesView
from tests.ui.compare.overlay_runs import name, summary, whole

FAST = ("optimizer.lr", 0.01)


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> DifferencesView:
    theme.apply(qapp, "light")
    made = DifferencesView()
    made.resize(1000, 400)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def table(view: DifferencesView) -> dict[str, tuple[str, ...]]:
    """The rows as they are seen, by title; headings are empty."""
    return {row.title: row.texts for row in view.model.rows}


def heads(view: DifferencesView) -> list[str]:
    model = view.model
    return [str(model.headerData(n, Qt.Orientation.Horizontal)) for n in range(model.columnCount())]


def said(view: DifferencesView) -> str:
    found = view.findChild(QLabel, "differencesSentence")
    assert found is not None
    return found.text()


def two(**more: str) -> list[RunSummary]:
    return [
        summary(whole(1), about=About(name="One"), **more),
        summary(whole(2, FAST), about=About(name="Two"), **more),
    ]


def test_only_settings_that_differ_are_shown(view: DifferencesView) -> None:
    view.show_runs(two())
    shown = table(view)
    assert heads(view) == ["One", "Two"]
    assert shown["Learning rate"] == ("0.001", "0.01")
    assert "Epochs" not in shown
    assert said(view) == "1 setting differs among 2 runs"


def test_all_settings_can_be_shown(view: DifferencesView) -> None:
    view.show_runs(two())
    view.everything.click()
    assert table(view)["Epochs"] == ("4", "4")
    assert len(table(view)) > 20
    view.everything.click()
    assert "Epochs" not in table(view)


def test_results_stand_below_and_the_best_stand_out(view: DifferencesView) -> None:
    view.show_runs([summary(whole(1, top=0.8)), summary(whole(2, FAST, top=0.9))])
    row = next(row for row in view.model.rows if row.title == "Test accuracy, best")
    assert row.texts == ("68.0 %", "78.0 %")
    assert row.strong == {1}
    loss = next(row for row in view.model.rows if row.title == "Test loss, best")
    assert loss.strong == {1}
    assert [row.title for row in view.model.rows if row.heading] == ["Settings", "Results"]
    assert table(view)["State"] == ("✓ finished", "✓ finished")


def test_what_they_were_computed_with_is_compared(view: DifferencesView, tmp_path: Path) -> None:
    rows = two()
    for number, row in enumerate(rows):
        folder = tmp_path / row.id
        folder.mkdir()
        values = {
            "device": "cpu",
            "threads": 2 + number,
            "versions": {"torch": "2.6.0"},
            "data": {"x": f"{number}" * 64},
        }
        (folder / "environment.json").write_text(json.dumps(values), encoding="utf-8")
        rows[number] = RunSummary(**{**row.__dict__, "folder": str(folder)})
    view.show_runs(rows)
    shown = table(view)
    assert shown["Threads"] == ("2", "3")
    assert shown["Data (SHA-256)"] == ("0" * 12, "1" * 12)
    assert "PyTorch" not in shown
    view.everything.click()
    assert table(view)["PyTorch"] == ("2.6.0", "2.6.0")


def test_a_folder_that_is_gone_is_no_problem(view: DifferencesView, tmp_path: Path) -> None:
    view.show_runs(two(folder=str(tmp_path / "gone")))
    assert "Learning rate" in table(view)


def test_the_same_twice_is_said_and_one_run_shows_all(view: DifferencesView) -> None:
    view.show_runs([summary(whole(1)), summary(whole(2))])
    assert said(view) == "The same settings in all 2 runs."
    view.show_runs([summary(whole(1))])
    assert said(view) == "One run and all its settings; choose more to see what differs."
    assert "Epochs" in table(view)
    assert not view.everything.isEnabled()
    view.show_runs([])
    assert not view.table.isVisible()


def test_at_most_fifty_runs_are_laid_beside_one_another(view: DifferencesView) -> None:
    run = whole(1)
    view.show_runs([summary(run)] * (MOST + 5))
    assert view.model.columnCount() == MOST
    assert said(view) == "The first 50 of 55 runs."


def test_what_several_seeds_say_is_said(view: DifferencesView) -> None:
    runs = [whole(n, ("seed", n), top=0.80 + 0.01 * (n % 3)) for n in range(1, 4)]
    runs += [whole(n, FAST, ("seed", n), top=0.805 + 0.01 * (n % 3)) for n in range(4, 7)]
    view.show_runs([summary(run) for run in runs])
    assert view.noise.whole == "Learning rate 0.001 → 0.01: 0.5 % better: within the spread of seeds (± 2.3 %)"
    assert "Welch" in view.noise.toolTip()
    view.show_runs(two())
    assert not view.noise.isVisible()


def test_two_runs_are_judged_by_all_their_seeds(view: DifferencesView) -> None:
    runs = [whole(n, ("seed", n), top=0.80 + 0.01 * (n % 3)) for n in range(1, 4)]
    runs += [whole(n, FAST, ("seed", n), top=0.805 + 0.01 * (n % 3)) for n in range(4, 7)]
    rows = [summary(run, about=About(name=f"Run {number}")) for number, run in enumerate(runs, 1)]
    view.show_runs([rows[4], rows[0]], rows[:4])
    assert not view.noise.isVisible()
    view.show_runs([rows[4], rows[0]], rows)
    said = "Run 5 against Run 1, over all their seeds: 0.5 % better: within the spread of seeds (± 2.3 %)"
    assert view.noise.whole == said
    assert view.noise.isVisible()
    assert "Welch" in view.noise.toolTip()


def test_a_double_click_and_enter_ask_for_the_run(view: DifferencesView, qtbot: QtBot) -> None:
    view.show_runs(two())
    index = view.model.index(1, 1)
    view.table.setCurrentIndex(index)
    with qtbot.waitSignal(view.run_asked) as asked:
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert asked.args == [name(2)]
    with qtbot.waitSignal(view.run_asked) as asked:
        view.table.doubleClicked.emit(view.model.index(1, 0))
    assert asked.args == [name(1)]


def test_a_click_on_a_name_means_the_run_and_the_others_stay(view: DifferencesView, qtbot: QtBot) -> None:
    rows = two()
    view.show_runs(rows)
    with qtbot.waitSignal(view.chosen) as chosen:
        view.table.horizontalHeader().sectionClicked.emit(1)
    assert chosen.args == [(name(2),)]
    view.show_runs([rows[1]])
    assert heads(view) == ["One", "Two"]
    view.show_runs([rows[0]])
    assert heads(view) == ["One"]


def test_nothing_is_read_while_nobody_looks(view: DifferencesView, qtbot: QtBot) -> None:
    view.hide()
    view.show_runs(two())
    assert view.model.columnCount() == 0
    with qtbot.waitExposed(view):
        view.show()
    assert view.model.columnCount() == 2


def test_the_table_can_be_copied_and_saved_and_holds_no_formula(view: DifferencesView, tmp_path: Path) -> None:
    rows = [summary(whole(1), about=About(name="=HYPERLINK(1)")), summary(whole(2, FAST), about=About(name="@two"))]
    view.show_runs(rows)
    QTest.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "\t'=HYPERLINK(1)\t'@two"
    assert "Learning rate\t0.001\t0.01" in lines
    view.save_csv(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert next(iter(csv.reader(file))) == ["", "'=HYPERLINK(1)", "'@two"]


def test_names_with_markup_are_plain_text(view: DifferencesView) -> None:
    view.show_runs([summary(whole(1), about=About(name="<img src=x>")), summary(whole(2))])
    assert heads(view)[0] == "<img src=x>"
    tip = str(view.model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in tip
    assert name(1) in tip


def test_the_model_is_sound(view: DifferencesView, qtmodeltester: ModelTester) -> None:
    view.show_runs(two())
    qtmodeltester.check(view.model)
    view.show_runs([])
    qtmodeltester.check(view.model)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_it_is_painted(qapp: QApplication, qtbot: QtBot, look: str) -> None:
    theme.apply(qapp, look)
    made = DifferencesView()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show_runs(two())
    made.show()
    picture = made.grab().toImage()
    assert picture.width() == 900
    assert made.table.horizontalHeader().sectionSize(0) >= 88
