"""Setting and result: what the user sees of many runs."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.spec import to_mapping
from fmstudio.experiment.sweep import sweep
from fmstudio.experiment.vary import parse_vary
from fmstudio.export.figures import read_all_facts
from fmstudio.runs.summary import RunSummary
from fmstudio.session.opened import Figure
from fmstudio.session.opening import what_is
from fmstudio.session.sweep_words import planned
from fmstudio.ui import theme
from fmstudio.ui.compare.scatter.axis import Axis, axis_of_result
from fmstudio.ui.compare.scatter.panel import ScatterPanel

DRAFT = lesson("first-look").draft
Accuracy = Callable[[Any], float]


def group(
    *varied: str, seeds: int = 1, start: int = 0, validation: bool = True, good: Accuracy | None = None
) -> list[RunSummary]:
    """Runs of a sweep that have ended; by default those near learning rate 0.01 and batch size 64 do best."""

    def usual(spec: Any) -> float:
        rate, size = math.log10(spec.optimizer.lr), math.log2(spec.batch)
        return 0.9 - 0.02 * (rate + 2) ** 2 - 0.01 * (size - 6) ** 2 + 0.001 * spec.seed

    runs = []
    for number, one in enumerate(planned(DRAFT, sweep(DRAFT, [parse_vary(text, DRAFT) for text in varied], 0, seeds))):
        accuracy = (good or usual)(one.spec)
        best = {"test_accuracy": accuracy - 0.01, "train_accuracy": accuracy + 0.05, "test_loss": 1 - accuracy}
        if validation:
            best["validation_accuracy"] = accuracy
        runs.append(
            RunSummary(id=f"run-{start + number:03}", folder="", spec=to_mapping(one.spec), about=one.about,
                       state="finished", created=float(start + number), seconds=20.0, best=best, last=best)
        )  # fmt: skip
    return runs[::-1]


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot) -> ScatterPanel:
    theme.apply(qapp, "light")
    made = ScatterPanel()
    qtbot.addWidget(made)
    made.resize(1000, 320)
    made.show()
    return made


def field(panel: ScatterPanel, name: str) -> QComboBox:
    found = panel.findChild(QComboBox, name)
    assert found is not None
    return found


def choose(panel: ScatterPanel, name: str, key: str) -> None:
    box = field(panel, name)
    assert box.findData(key) >= 0
    box.setCurrentIndex(box.findData(key))


def offered(panel: ScatterPanel, name: str) -> list[str]:
    box = field(panel, name)
    return [box.itemText(place) for place in range(box.count())]


def use_button(panel: ScatterPanel) -> QPushButton:
    found = panel.findChild(QPushButton, "useBestSettings")
    assert found is not None
    return found


def test_it_begins_with_what_the_newest_group_varied(panel: ScatterPanel) -> None:
    old, new = group("batch_size=32,64,128", start=0), group("optimizer.lr=0.001,0.01,0.1", start=50)
    panel.show_runs([*new, *old], [])
    assert offered(panel, "scatterRuns") == ["Learning rate: 3 values", "Batch size: 3 values", "All 6 runs"]
    assert (panel.controls.setting, panel.controls.result) == ("optimizer.lr", "validation_accuracy")
    assert panel.controls.log.isChecked()
    assert panel.sentence == "Best: learning rate 0.01 (89.0 % on validation)."


def test_the_group_of_the_chosen_runs_is_shown(panel: ScatterPanel) -> None:
    old, new = group("batch_size=32,64,128", start=0), group("optimizer.lr=0.001,0.01,0.1", start=50)
    panel.show_runs([*new, *old], old[:1])
    assert panel.controls.setting == "batch_size"
    assert panel.sentence.startswith("Best: batch size 64 (")


def test_the_best_settings_can_be_taken_over(panel: ScatterPanel, qtbot: QtBot) -> None:
    runs = group("optimizer.lr=0.001,0.01,0.1")
    panel.show_runs(runs, [])
    with qtbot.waitSignal(panel.settings_asked) as asked:
        QTest.mouseClick(use_button(panel), Qt.MouseButton.LeftButton)
    best = next(run for run in runs if run.id == asked.args[0])
    assert best.spec["optimizer"]["lr"] == 0.01


def test_a_best_by_test_is_called_optimistic(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01", validation=False), [])
    assert panel.controls.result == "test_accuracy"
    assert panel.sentence == "Best by test, so optimistic: learning rate 0.01 (88.0 %)."


def test_points_lie_by_setting_and_result(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1"), [])
    shown = panel.canvas.points
    assert shown is not None
    places = [panel.canvas.place(row) for row in range(3)][::-1]
    assert places[0].x() < places[1].x() < places[2].x()
    assert places[1].x() - places[0].x() == pytest.approx(places[2].x() - places[1].x())
    assert places[1].y() < min(places[0].y(), places[2].y())
    assert shown.names[shown.best][0] == "Learning rate 0.01"


def test_words_are_categories(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.kind=adam,sgd,rmsprop"), [])
    assert panel.canvas.points is not None
    assert panel.canvas.points.across.words == ("Adam", "RMSprop", "SGD")
    assert not panel.controls.log.isEnabled()
    assert panel.sentence.startswith("Best: optimizer ")


def test_runs_of_one_category_lie_side_by_side(panel: ScatterPanel) -> None:
    panel.show_runs(group("shuffle=true,false", seeds=6), [])
    assert panel.canvas.points is not None
    assert panel.canvas.points.across.words == ("off", "on")
    x = panel.canvas.points.x
    assert len(np.unique(x)) == 12
    assert all(abs(place - round(place)) < 0.2 for place in x)


def test_repeated_settings_have_a_mean_and_a_spread(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1", seeds=3), [])
    shown = panel.canvas.points
    assert shown is not None
    assert shown.means is not None
    assert shown.means.count.tolist() == [3, 3, 3]
    assert shown.means.spread == pytest.approx([0.001] * 3)
    assert panel.sentence == "Best: learning rate 0.01 (89.1 ± 0.1 % on validation)."


def test_settings_as_good_as_the_best_are_named(panel: ScatterPanel) -> None:
    def noisy(spec: Any) -> float:
        return (
            (0.9 if spec.optimizer.lr != 0.1 else 0.5) + (0.01 if spec.optimizer.lr == 0.01 else 0) + 0.02 * spec.seed
        )

    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1", seeds=3, good=noisy), [])
    assert panel.sentence.endswith("Within the spread of seeds: learning rate 0.001.")


def test_runs_that_only_repeat_one_another_have_no_best(panel: ScatterPanel) -> None:
    panel.show_runs(group("seed=0..4"), [])
    assert panel.sentence == "Validation accuracy: 89.2 ± 0.2 % over 5 seeds, from 89.0 % to 89.4 %."
    assert not use_button(panel).isVisible()
    assert panel.canvas.points is not None
    assert panel.canvas.points.best == -1
    assert panel.canvas.points.band is not None


def test_two_crossed_settings_are_a_table(panel: ScatterPanel, qtbot: QtBot) -> None:
    runs = group("optimizer.lr=0.001,0.01,0.1", "batch_size=32,64")
    panel.show_runs(runs, [])
    assert panel.heat.isVisible()
    assert panel.sentence == "Best: learning rate 0.01, batch size 64 (90.0 % on validation)."
    with qtbot.waitSignal(panel.chosen) as asked:
        QTest.mouseClick(panel.heat, Qt.MouseButton.LeftButton, pos=panel.heat.cell_rect(1, 1).center().toPoint())
    spec = next(run for run in runs if run.id == asked.args[0][0]).spec
    assert (spec["optimizer"]["lr"], spec["batch_size"]) == (0.01, 64)
    panel.controls.views.buttons["points"].click()
    assert panel.canvas.isVisible()


def test_the_keyboard_goes_through_the_table(panel: ScatterPanel, qtbot: QtBot) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1", "batch_size=32,64"), [])
    panel.heat.setFocus()
    QTest.keyClick(panel.heat, Qt.Key.Key_Left)
    assert panel.heat.accessibleDescription() == "64 × 0.001: 88.0 %"
    with qtbot.waitSignal(panel.chosen):
        QTest.keyClick(panel.heat, Qt.Key.Key_Space)


def test_a_click_chooses_a_double_click_opens(panel: ScatterPanel, qtbot: QtBot) -> None:
    runs = group("optimizer.lr=0.001,0.01,0.1")
    panel.show_runs(runs, [])
    at = panel.canvas.place(0).toPoint()
    with qtbot.waitSignal(panel.chosen) as asked:
        QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == [(runs[0].id,)]
    with qtbot.waitSignal(panel.run_asked) as opened:
        QTest.mouseDClick(panel.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert opened.args == [runs[0].id]


def test_with_ctrl_more_are_chosen_and_taken_away(panel: ScatterPanel, qtbot: QtBot) -> None:
    runs = group("optimizer.lr=0.001,0.01,0.1")
    panel.show_runs(runs, runs[:1])
    control = Qt.KeyboardModifier.ControlModifier
    with qtbot.waitSignal(panel.chosen) as asked:
        QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, control, panel.canvas.place(1).toPoint())
    assert set(asked.args[0]) == {runs[0].id, runs[1].id}
    with qtbot.waitSignal(panel.chosen) as asked:
        QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, control, panel.canvas.place(0).toPoint())
    assert asked.args == [()]


def test_a_line_round_points_chooses_them(panel: ScatterPanel, qtbot: QtBot) -> None:
    runs = group("optimizer.lr=0.001,0.01,0.1")
    panel.show_runs(runs, [])
    around = [panel.canvas.place(row) for row in (0, 1)]
    left, right = min(at.x() for at in around) - 9, max(at.x() for at in around) + 9
    top, bottom = min(at.y() for at in around) - 9, max(at.y() for at in around) + 9
    corners = [QPointF(left, top), QPointF(right, top), QPointF(right, bottom), QPointF(left, bottom)]
    QTest.mousePress(panel.canvas, Qt.MouseButton.LeftButton, pos=corners[0].toPoint())
    for corner in corners[1:]:
        QTest.mouseMove(panel.canvas, corner.toPoint())
    with qtbot.waitSignal(panel.chosen) as asked:
        QTest.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, pos=corners[-1].toPoint())
    assert set(asked.args[0]) == {runs[0].id, runs[1].id}


def test_a_click_does_not_change_which_runs_are_shown(panel: ScatterPanel, qtbot: QtBot) -> None:
    old, new = group("batch_size=32,64,128", start=0), group("optimizer.lr=0.001,0.01,0.1", start=50)
    everything = [*new, *old]
    panel.chosen.connect(lambda ids: panel.show_runs(everything, [run for run in everything if run.id in ids]))
    panel.show_runs(everything, [])
    choose(panel, "scatterRuns", "all")
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=panel.canvas.place(5).toPoint())
    assert field(panel, "scatterRuns").currentData() == "all"
    assert panel.canvas.points is not None
    assert panel.canvas.points.chosen.sum() == 1


def test_the_keyboard_goes_from_point_to_point(panel: ScatterPanel, qtbot: QtBot) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1"), [])
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert panel.canvas.accessibleDescription() == "Learning rate 0.01 · 0.01 · 89.0 %"
    QTest.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert panel.canvas.accessibleDescription().startswith("Learning rate 0.1")
    with qtbot.waitSignal(panel.run_asked):
        QTest.keyClick(panel.canvas, Qt.Key.Key_Return)


def test_colours_and_shapes_have_a_key(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1", "batch_size=32,64,128"), [])
    panel.controls.views.buttons["points"].click()
    assert panel.canvas.points is not None
    look = panel.canvas.points.dress
    assert [entry.words for entry in look.entries] == ["32", "64", "128"]
    assert len(set(look.colours)) == len(set(look.shapes)) == 3
    choose(panel, "scatterColour", "")
    assert panel.canvas.points.dress.entries == ()


def test_another_result_over_another_setting(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01,0.1", "batch_size=32,64"), [])
    panel.controls.views.buttons["points"].click()
    assert offered(panel, "scatterResult") == [
        "Validation accuracy", "Test accuracy", "Training accuracy", "Test loss", "Training time",
    ]  # fmt: skip
    choose(panel, "scatterSetting", "batch_size")
    choose(panel, "scatterResult", "test_loss")
    assert panel.canvas.points is not None
    assert (panel.canvas.points.across.name, panel.canvas.points.up.name) == ("Batch size", "Test loss")
    choose(panel, "scatterResult", "seconds")
    assert "20 s" in [text for _, text in panel.canvas.points.up.ticks(8)]


def test_zero_has_no_place_on_a_logarithmic_axis(panel: ScatterPanel) -> None:
    panel.show_runs(group("optimizer.weight_decay=0,0.001,0.1"), [])
    assert panel.canvas.points is not None
    assert not panel.controls.log.isChecked()
    panel.controls.log.click()
    assert len(panel.canvas.points.rows) == 2


@pytest.mark.parametrize("runs", [[], [RunSummary(id="x", folder="", spec=DRAFT, state="failed")]])
def test_nothing_to_show_is_a_sentence(panel: ScatterPanel, runs: list[RunSummary]) -> None:
    panel.show_runs(runs, [])
    assert panel.canvas.points is None
    assert panel.canvas.isVisible()
    assert not use_button(panel).isVisible()
    panel.grab()


def test_damaged_and_failed_runs_do_no_harm(panel: ScatterPanel) -> None:
    runs = group("optimizer.lr=0.001,0.01,0.1")
    odd = [
        RunSummary(id="damaged", folder=""),
        replace(runs[0], id="failed", state="failed", best={}, last={}),
        RunSummary(id="foreign", folder="", spec={"optimizer": 3, "loss": {"kind": 5}, "x": {"y": [1]}}),
    ]
    panel.show_runs([*odd, *runs], [])
    choose(panel, "scatterRuns", "all")
    panel.grab()
    for place in range(field(panel, "scatterSetting").count()):
        field(panel, "scatterSetting").setCurrentIndex(place)
        panel.grab()
    assert "learning rate 0.01" in panel.sentence.lower()


def test_what_is_seen_is_saved(panel: ScatterPanel, tmp_path: Path) -> None:
    runs = group("optimizer.lr=0.001,0.01", "optimizer.kind=adam,sgd")
    panel.show_runs([replace(runs[0], about=replace(runs[0].about, name="=1+1")), *runs[1:]], [])
    panel.save_png(tmp_path / "plot.png")
    picture = QImage(str(tmp_path / "plot.png"))
    assert picture.width() == 2 * panel.heat.width()
    panel.save_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert {row["optimizer.kind"] for row in rows} == {"adam", "sgd"}
    assert {float(row["optimizer.lr"]) for row in rows} == {0.001, 0.01}
    assert float(rows[0]["validation_accuracy"]) == runs[0].best["validation_accuracy"]
    assert rows[0]["name"] == "'=1+1"
    with pytest.raises(UserError):
        panel.save_csv(tmp_path / "nowhere" / "table.csv")


def test_a_picture_knows_its_runs_the_best_first(panel: ScatterPanel, tmp_path: Path) -> None:
    runs = [replace(run, folder=str(tmp_path / run.id)) for run in group("optimizer.lr=0.001,0.01,0.1")]
    folder = Path(runs[1].folder)
    folder.mkdir()
    (folder / "environment.json").write_text('{"fmstudio": "0.9", "data": {"train": "abc"}}')
    panel.show_runs(runs, [])
    panel.save_png(tmp_path / "plot.png")
    found = read_all_facts(tmp_path / "plot.png")
    assert [one.run for one in found] == [runs[1].id, runs[0].id, runs[2].id]
    best = found[0]
    assert (best.spec, best.seed) == (runs[1].spec, runs[1].spec["seed"])
    assert (best.name, best.version, best.data) == (runs[1].name, "0.9", "abc")
    assert best.figures == runs[1].best
    opened = what_is(tmp_path / "plot.png")
    assert isinstance(opened, Figure)
    assert opened.facts.run == runs[1].id


def test_the_menu_saves_and_says_where_or_why_not(
    panel: ScatterPanel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.show_runs(group("optimizer.lr=0.001,0.01"), [])
    answers = iter([str(tmp_path / "table"), str(tmp_path / "nowhere" / "plot.png"), ""])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(answers), ""))
    with qtbot.waitSignal(panel.saved) as saved:
        panel.controls.save_asked.emit(".csv")
    assert saved.args == [str(tmp_path / "table.csv")]
    assert (tmp_path / "table.csv").is_file()
    with qtbot.waitSignal(panel.failed):
        panel.controls.save_asked.emit(".png")
    with qtbot.assertNotEmitted(panel.saved):
        panel.controls.save_asked.emit(".png")


def test_ten_thousand_runs_can_be_shown(panel: ScatterPanel) -> None:
    spec = to_mapping(lesson("first-look").spec)
    runs = [
        RunSummary(id=f"{number}", folder="", spec=changed(spec, [("seed", number)]), state="finished",
                   best={"test_accuracy": number / 10_000})
        for number in range(10_000)
    ]  # fmt: skip
    panel.show_runs(runs, runs[:5])
    assert panel.canvas.points is not None
    assert len(panel.canvas.points.rows) == 10_000
    panel.grab()


def test_axes_have_room_for_one_value() -> None:
    assert axis_of_result("Test accuracy", "test_accuracy", np.array([0.5])).low < 0.5
    assert axis_of_result("Test loss", "test_loss", np.array([np.nan])).high > 0
    assert [text for _, text in Axis("x", -0.2, 3.2, whole=True).ticks(20)] == ["0", "1", "2", "3"]
