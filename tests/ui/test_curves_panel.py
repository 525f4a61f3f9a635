"""What a person sees of a run's curves, and does with them."""

import csv
import math
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from fmstudio.export.figures import read_facts
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, Predictions, QuickChecked, RunResumed, RunStarted, StepsTaken
from fmstudio.ui import theme
from fmstudio.ui.curves_panel import CurvesPanel
from fmstudio.ui.plots.page import Page

STEPS = 100


def _predictions() -> Predictions:
    zeros = np.zeros(1, np.int64)
    return Predictions(zeros, zeros, zeros, np.zeros(1, np.float32), np.full((1, 10), 0.1, np.float16))


def _start(epochs: int = 2, validation: int = 0) -> Run:
    run = Run(spec={"name": "First look"})
    run.apply(
        RunStarted(
            epochs=epochs, steps_per_epoch=STEPS, train_size=60_000, test_size=10_000, validation_size=validation
        )
    )
    _end(run, 0, 0.1, train=math.nan)
    return run


def _train(run: Run, losses: list[float], rate: float = 0.01) -> None:
    rates = np.full(len(losses), rate, np.float32)
    step = run.step + len(losses)
    run.apply(StepsTaken(step=step, epoch=1, losses=np.array(losses, np.float32), rates=rates, seconds=1.0))


def _check(run: Run, accuracy: float) -> None:
    run.apply(QuickChecked(step=run.step, accuracy=accuracy, loss=1.0, predictions=_predictions()))


def _end(run: Run, epoch: int, accuracy: float, train: float = 0.5, validation: float | None = None) -> None:
    run.apply(
        EpochEnded(
            epoch=epoch,
            step=run.step,
            train_loss=1.0 if epoch else math.nan,
            train_accuracy=train,
            test_loss=0.9,
            test_accuracy=accuracy,
            validation_loss=None if validation is None else 0.8,
            validation_accuracy=validation,
            seconds=1.0,
            evaluation_seconds=0.1,
            predictions=_predictions(),
        )
    )


def _half_run() -> Run:
    run = _start()
    _train(run, [2.0] * 40)
    _check(run, 0.4)
    _train(run, [1.0] * 60)
    _check(run, 0.69)
    _end(run, 1, 0.7, train=0.6)
    _train(run, [0.5] * 30)
    _check(run, 0.8)
    return run


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Iterator[CurvesPanel]:
    theme.apply(qapp, "light")
    made = CurvesPanel()
    made.resize(700, 300)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qapp.processEvents()
    return made


def _show(panel: CurvesPanel, run: Run | None) -> None:
    panel.show_run(run, people=0.835, guessing=0.1)


def _points(page: Page, name: str) -> list[tuple[float, float]]:
    steps, values = page.curves[name].points
    return [(float(step), round(float(value), 4)) for step, value in zip(steps, values, strict=True)]


def _labels(page: Page, axis: str) -> list[str]:
    return [text for _, text in page.marks[axis]]


def _place(page: Page, step: float, value: float) -> QPoint:
    box = page.plot.getPlotItem().getViewBox()
    return page.plot.mapFromScene(box.mapViewToScene(QPointF(step, value)))


def _wheel(page: Page, place: QPoint, notches: int) -> None:
    viewport = page.plot.viewport()
    none, button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    scroll = QPoint(0, 120 * notches)
    where = QPointF(viewport.mapToGlobal(place))
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(QPointF(place), where, QPoint(), scroll, button, none, phase, False)
    QApplication.sendEvent(viewport, event)


def _hover(page: Page, place: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    viewport = page.plot.viewport()
    where = QPointF(viewport.mapToGlobal(place))
    none, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), where, none, held, modifiers)
    QApplication.sendEvent(viewport, event)


def test_before_a_run_the_axes_stand_there_with_both_lines(panel: CurvesPanel) -> None:
    _show(panel, None)
    panel.show_empty(2)
    assert _labels(panel.page, "bottom") == ["epoch 1", "epoch 2"]
    assert _labels(panel.page, "left")[0] == "0 %"
    assert _labels(panel.page, "left")[-1] == "100 %"
    assert references(panel) == ["guessing 10 %", "people 83.5 %"]


def references(panel: CurvesPanel) -> list[str]:
    """What is said beside the lines that are seen."""
    lines = panel.page.references.values()  # type: ignore[attr-defined]
    return [line.text.toPlainText() for line in lines if line.line.isVisible() and line.text.isVisible()]


def test_what_the_user_reached_stands_beside_it(panel: CurvesPanel) -> None:
    _show(panel, None)
    panel.show_own_score(0.8)
    assert references(panel) == ["guessing 10 %", "people 83.5 %", "you 80 %"]


def test_a_data_set_without_references_has_no_lines(panel: CurvesPanel) -> None:
    panel.show_run(None, people=None, guessing=None)
    assert not any(line.line.isVisible() for line in panel.page.references.values())  # type: ignore[attr-defined]


def test_quick_checks_and_epochs_make_one_line_and_no_point_twice(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    assert _points(panel.page, "epochs") == [(0, 0.1), (100, 0.7)]
    assert _points(panel.page, "quick") == [(40, 0.4), (130, 0.8)]
    assert _points(panel.page, "test") == [(0, 0.1), (40, 0.4), (100, 0.7), (130, 0.8)]
    assert _points(panel.page, "training") == [(100, 0.6)]


def test_quick_checks_are_hollow_and_epochs_filled(panel: CurvesPanel) -> None:
    quick, epochs = panel.page.curves["quick"].look, panel.page.curves["epochs"].look
    assert quick.symbol == epochs.symbol == "o"
    assert quick.fill == theme.current().card
    assert epochs.fill == theme.current().accent


def test_the_whole_run_is_in_view_from_its_first_step(panel: CurvesPanel) -> None:
    run = _start()
    _train(run, [2.0])
    for key in ("accuracy", "loss", "rate"):
        panel.choose(key)
        _show(panel, run)
        before = panel.page.visible
        assert before.left() < 0
        assert before.right() > 2 * STEPS
    _train(run, [2.0] * 150)
    _show(panel, run)
    assert panel.page.visible == before


def test_nothing_is_drawn_when_nothing_is_new(panel: CurvesPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _half_run()
    _show(panel, run)
    drawn: list[int] = []
    monkeypatch.setattr(panel.page, "draw", lambda: drawn.append(run.version))
    _show(panel, run)
    assert drawn == []
    _train(run, [0.4])
    _show(panel, run)
    assert drawn == [run.version]


def test_a_hidden_panel_draws_when_it_is_shown(panel: CurvesPanel) -> None:
    run = _half_run()
    _show(panel, run)
    panel.hide()
    _train(run, [0.4] * 10)
    _check(run, 0.9)
    _show(panel, run)
    assert _points(panel.page, "quick")[-1] == (130, 0.8)
    panel.show()
    assert _points(panel.page, "quick")[-1] == (140, 0.9)


def test_the_loss_page_draws_every_step_and_the_epochs(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    panel.choose("loss")
    steps = _points(panel.page, "steps")
    assert len(steps) == 130
    assert steps[0] == (1, 2.0)
    assert steps[-1] == (130, 0.5)
    assert _points(panel.page, "smooth")[0] == (1, 2.0)
    assert _points(panel.page, "training") == [(100, 1.0)]
    assert _points(panel.page, "test")[-1] == (100, 0.9)


def test_the_rate_page_draws_the_learning_rate(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    panel.choose("rate")
    assert {value for _, value in _points(panel.page, "rate")} == {0.01}
    assert panel.page.visible.bottom() >= 0.01


def test_each_page_has_its_heading(panel: CurvesPanel) -> None:
    headings = []
    for key in ("accuracy", "loss", "rate"):
        panel.tabs.buttons[key].click()
        headings.append(panel.page.title)
    assert headings == ["How many right", "How far off", "How large the steps"]


def test_what_is_under_the_mouse_is_said(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    _hover(panel.page, _place(panel.page, 128, 0.5))
    assert panel.readout == "epoch 1.30 · step 130 · loss 0.5 · test 80.0 %"
    _hover(panel.page, _place(panel.page, 98, 0.5))
    assert panel.readout == "epoch 1.00 · step 100 · loss 1 · test 70.0 % · training 60.0 %"
    QApplication.sendEvent(panel.page.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert panel.readout == ""


def test_the_readout_follows_the_run_while_the_mouse_stands_still(panel: CurvesPanel) -> None:
    run = _half_run()
    _show(panel, run)
    _hover(panel.page, _place(panel.page, 160, 0.5))
    _train(run, [0.25] * 28)
    _check(run, 0.85)
    _show(panel, run)
    assert panel.readout == "epoch 1.58 · step 158 · loss 0.25 · test 85.0 %"


def test_the_loss_under_the_mouse_is_that_of_the_step(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    panel.choose("loss")
    _hover(panel.page, _place(panel.page, 20, 1.0))
    assert panel.readout.startswith("epoch 0.20 · step 20 · loss 2 · smoothed 2")


def test_zoomed_by_the_wheel_the_view_stands_still_until_a_double_click(panel: CurvesPanel, qtbot: QtBot) -> None:
    run = _half_run()
    _show(panel, run)
    page, whole = panel.page, panel.page.visible
    middle = _place(page, 100, 0.5)
    _wheel(page, middle, 3)
    zoomed = page.visible
    assert zoomed.width() < whole.width()
    assert zoomed.height() < whole.height()
    _train(run, [0.4] * 10)
    _show(panel, run)
    assert page.visible == zoomed
    qtbot.mouseDClick(page.plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert page.visible == whole
    assert not page.zoomed


def test_zooming_out_again_is_seeing_everything(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    whole = panel.page.visible
    _wheel(panel.page, _place(panel.page, 100, 0.5), 2)
    assert panel.page.zoomed
    _wheel(panel.page, _place(panel.page, 100, 0.5), -12)
    assert not panel.page.zoomed
    assert panel.page.visible == whole


def test_the_left_button_drags_what_is_zoomed(
    panel: CurvesPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", -1)
    _show(panel, _half_run())
    page, left = panel.page, Qt.MouseButton.LeftButton
    start = _place(page, 100, 0.5)
    _wheel(page, start, 5)
    before = page.visible
    qtbot.mousePress(page.plot.viewport(), left, pos=start)
    for moved in (20, 40, 60):
        _hover(page, start + QPoint(moved, 0), left)
    qtbot.mouseRelease(page.plot.viewport(), left, pos=start + QPoint(60, 0))
    assert page.visible.left() < before.left() - 0.05 * before.width()
    assert page.visible.width() == pytest.approx(before.width())


def test_show_everything_in_the_menu(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    whole = panel.page.visible
    _wheel(panel.page, _place(panel.page, 30, 0.5), 3)
    next(action for action in panel.menu.actions() if action.text() == "Show everything").trigger()
    assert panel.page.visible == whole


def test_deep_in_a_long_run_every_raw_value_is_drawn(panel: CurvesPanel) -> None:
    run = Run()
    run.apply(RunStarted(epochs=1, steps_per_epoch=1_000_000, train_size=1, test_size=1))
    losses = np.random.default_rng(0).normal(2, 0.1, 1_000_000).astype(np.float32)
    losses[777_777] = 9.0
    _train(run, losses.tolist())
    _show(panel, run)
    panel.choose("loss")
    assert len(_points(panel.page, "steps")) <= 2000
    assert (777_778, 9.0) in _points(panel.page, "steps")
    box = panel.page.plot.getPlotItem().getViewBox()
    box.setXRange(777_700, 777_900, padding=0)
    box.sigRangeChangedManually.emit([True, True])
    shown = panel.page.curves["steps"].points
    inside = (shown[0] >= 777_700) & (shown[0] <= 777_900)
    np.testing.assert_array_equal(shown[0][inside], np.arange(777_700, 777_901))
    np.testing.assert_array_equal(shown[1][inside].astype(np.float32), losses[777_699:777_900])
    assert _labels(panel.page, "bottom")[0] == "step 777,700"


def test_the_log_switch_is_for_loss_and_rate_and_each_keeps_its_own(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    switch = panel.log_switch
    assert not switch.isEnabled()
    panel.choose("loss")
    assert switch.isEnabled()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert _labels(panel.page, "left") == ["0.5", "1", "2"]
    panel.choose("rate")
    assert not switch.isChecked()
    panel.choose("loss")
    assert switch.isChecked()


def test_a_loss_of_zero_is_a_gap_on_the_logarithmic_axis(panel: CurvesPanel, qapp: QApplication) -> None:
    run = _start()
    _train(run, [1.0, 0.0, 0.1, 0.01])
    _show(panel, run)
    panel.choose("loss")
    panel.log_switch.click()
    qapp.processEvents()
    assert math.isnan(_points(panel.page, "steps")[1][1])
    assert 10 ** panel.page.visible.top() == pytest.approx(0.01, rel=0.3)


def test_a_diverged_run_is_drawn(panel: CurvesPanel, qapp: QApplication) -> None:
    run = _start()
    _train(run, [2.0, 1e30, math.inf, math.nan])
    _show(panel, run)
    for key in ("loss", "rate", "accuracy"):
        panel.choose(key)
        qapp.processEvents()
    panel.choose("loss")
    panel.log_switch.click()
    qapp.processEvents()
    assert _points(panel.page, "steps")[1][1] == pytest.approx(1e30)


def test_a_resumed_run_drops_what_no_longer_counts(panel: CurvesPanel) -> None:
    run = _half_run()
    _show(panel, run)
    run.apply(RunResumed(step=100))
    _train(run, [0.3] * 50)
    _check(run, 0.75)
    _show(panel, run)
    assert _points(panel.page, "quick") == [(40, 0.4), (150, 0.75)]
    panel.choose("loss")
    assert _points(panel.page, "steps")[-1] == (150, 0.3)
    assert _points(panel.page, "steps")[110] == (111, 0.3)


def test_the_best_epoch_is_ringed_once_there_are_two_to_compare(panel: CurvesPanel) -> None:
    run = _start(epochs=3)
    _train(run, [1.0] * 100)
    _end(run, 1, 0.8)
    _show(panel, run)
    assert _points(panel.page, "best") == []
    _train(run, [1.0] * 100)
    _end(run, 2, 0.7)
    _show(panel, run)
    assert _points(panel.page, "best") == [(100, 0.8)]


def test_the_validation_pictures_decide_what_is_best(panel: CurvesPanel) -> None:
    run = _start(epochs=3, validation=1_000)
    _train(run, [1.0] * 100)
    _end(run, 1, 0.8, validation=0.75)
    _train(run, [1.0] * 100)
    _end(run, 2, 0.7, validation=0.78)
    _show(panel, run)
    assert _points(panel.page, "best") == [(200, 0.7)]
    assert _points(panel.page, "validation") == [(100, 0.75), (200, 0.78)]
    assert "validation" in [entry.words for entry in panel.page.legend()]


def test_the_words_beside_a_line_make_way_for_the_curve(panel: CurvesPanel) -> None:
    run = _start()
    _train(run, [1.0] * 190)
    _check(run, 0.87)
    _show(panel, run)
    people = panel.page.references["people"].text  # type: ignore[attr-defined]
    assert people.anchor.y() == 0, "under the line, since the curve runs above it"
    _train(run, [1.0] * 5)
    _check(run, 0.81)
    _train(run, [1.0] * 5)
    _check(run, 0.82)
    _show(panel, run)
    assert (people.anchor.x(), people.anchor.y()) == (0, 0), (
        "at the left, since the curve crosses the line at the right"
    )
    assert people.pos().x() == pytest.approx(panel.page.visible.left())


def test_the_keyboard_moves_the_crosshair_and_the_view(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    plot, whole = panel.page.plot, panel.page.visible
    for expected in ("step 0", "step 40", "step 100", "step 130", "step 130"):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
        assert f" {expected} " in panel.readout
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert " step 100 " in panel.readout
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    smaller = panel.page.visible
    assert smaller.width() < whole.width()
    qtbot.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel.page.visible.left() > smaller.left()
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert panel.page.visible == whole
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert panel.readout == ""


def test_on_the_loss_page_the_arrows_go_through_the_steps(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    panel.choose("loss")
    _hover(panel.page, _place(panel.page, 50, 1.0))
    qtbot.keyClick(panel.page.plot, Qt.Key.Key_Right)
    moved = int(panel.readout.split("step ")[1].split(" ")[0])
    assert 51 <= moved <= 54


def test_every_control_can_be_reached_with_the_tab_key(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.choose("loss")
    panel.tabs.buttons["loss"].setFocus()
    reached = set()
    for _ in range(6):
        widget = QApplication.focusWidget()
        assert widget is not None
        reached.add(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert {panel.log_switch, panel.more_button, panel.page.plot} <= reached


def test_a_right_click_opens_no_menu_of_the_plotting_library(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    qtbot.mouseClick(panel.page.plot.viewport(), Qt.MouseButton.RightButton, pos=_place(panel.page, 100, 0.5))
    assert QApplication.activePopupWidget() is None


def test_the_picture_is_twice_as_sharp_as_the_screen(panel: CurvesPanel, tmp_path: Path) -> None:
    _show(panel, _half_run())
    panel.save_png(tmp_path / "curves.png")
    image = QImage(str(tmp_path / "curves.png"))
    assert image.width() >= 2 * panel.page.plot.width()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert theme.current().accent in colours
    assert [file.name for file in tmp_path.glob("*curves*")] == ["curves.png"]


def test_the_drawing_holds_its_words_and_can_be_drawn(panel: CurvesPanel, tmp_path: Path) -> None:
    _show(panel, _half_run())
    panel.save_svg(tmp_path / "curves.svg")
    text = (tmp_path / "curves.svg").read_text()
    for words in ("How many right · First look", "people 83.5 %", "epoch 1", "100 %", "quick check"):
        assert words in text
    assert "<image" not in text, "lines and letters only"
    assert QSvgRenderer(str(tmp_path / "curves.svg")).isValid()


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_a_saved_figure_knows_its_run(panel: CurvesPanel, tmp_path: Path, ending: str) -> None:
    run = _half_run()
    run.id = "20260101-first-look"
    (tmp_path / run.id).mkdir()
    (tmp_path / run.id / "environment.json").write_text('{"fmstudio": "0.1.0", "data": {"fashion-mnist": "ab"}}')
    _show(panel, run)
    panel.library = tmp_path
    path = tmp_path / f"curves{ending}"
    (panel.save_png if ending == ".png" else panel.save_svg)(path)
    facts = read_facts(path)
    assert facts is not None
    assert (facts.run, facts.name, facts.version, facts.data) == (run.id, run.name, "0.1.0", "ab")
    assert facts.spec == run.spec
    assert facts.figures["test_accuracy"] == 0.7


def test_the_picture_can_be_copied(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    panel.copy_picture()
    assert QGuiApplication.clipboard().image().width() >= 2 * panel.page.plot.width()


def test_the_points_are_one_table(panel: CurvesPanel, tmp_path: Path) -> None:
    _show(panel, _half_run())
    panel.save_csv(tmp_path / "points.csv")
    with (tmp_path / "points.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 131
    assert rows[0]["loss"] == ""
    assert rows[0]["test_accuracy"] == "0.1"
    assert rows[0]["train_accuracy"] == ""
    assert rows[40]["quick_check_accuracy"] == "0.4"
    assert (rows[100]["step"], rows[100]["epoch"], rows[100]["loss"]) == ("100", "1", "1.0")
    assert rows[100]["learning_rate"] == "0.01"
    assert rows[100]["test_accuracy"] == "0.7"
    assert rows[100]["train_accuracy"] == "0.6"


def _choose_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


@pytest.mark.parametrize("ending", ["PNG", "SVG", "CSV"])
def test_the_menu_saves_where_the_user_says(
    panel: CurvesPanel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    _show(panel, _half_run())
    _choose_file(monkeypatch, tmp_path / "mine")
    action = next(action for action in panel.menu.actions() if ending in action.text())
    with qtbot.waitSignal(panel.saved) as caught:
        action.trigger()
    assert caught.args == [str(tmp_path / f"mine.{ending.lower()}")]
    assert (tmp_path / f"mine.{ending.lower()}").stat().st_size > 100


def test_a_place_that_cannot_be_written_is_a_problem_with_a_remedy(
    panel: CurvesPanel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(panel, _half_run())
    _choose_file(monkeypatch, tmp_path / "nowhere" / "mine.png")
    with qtbot.waitSignal(panel.problem) as caught:
        panel.menu.actions()[0].trigger()
    assert "mine.png" in caught.args[0]
    assert caught.args[1] == "Choose another folder, or make room on the disk."


def test_without_a_run_there_are_no_points_to_save(panel: CurvesPanel) -> None:
    csv_action = next(action for action in panel.menu.actions() if "CSV" in action.text())
    assert not csv_action.isEnabled()
    _show(panel, _half_run())
    assert csv_action.isEnabled()
    panel.show_empty(2)
    assert not csv_action.isEnabled()


def test_a_panel_that_is_gone_leaves_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    made = CurvesPanel()
    made.show()
    _show(made, _half_run())
    for key in ("loss", "rate"):
        made.choose(key)
    assert made.findChildren(QTimer) == []
    alive: list[Callable[[], object]] = [weakref.ref(made.page.plot), weakref.ref(made.page.plot.getPlotItem())]
    made.close()
    made.deleteLater()
    del made
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [reference() for reference in alive] == [None, None]


def test_other_runs_and_themes_are_drawn(panel: CurvesPanel, qapp: QApplication, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    _wheel(panel.page, _place(panel.page, 100, 0.5), 3)
    other = _start(epochs=5)
    _show(panel, other)
    assert not panel.page.zoomed
    assert _labels(panel.page, "bottom")[-1] == "epoch 5"
    theme.apply(qapp, "dark")
    dark = CurvesPanel()
    qtbot.addWidget(dark)
    dark.show()
    _show(dark, other)
    assert dark.page.plot.backgroundBrush().color().name() == theme.DARK.card
    theme.apply(qapp, "light")


def _few_of_many(run: Run, evaluations: int) -> None:
    """Evaluations after every hundredth of 30,000 steps, one step an epoch."""
    template = EpochEnded(
        epoch=0, step=0, train_loss=1.0, train_accuracy=math.nan, test_loss=1.0, test_accuracy=math.nan,
        seconds=0.1, evaluation_seconds=0.0, predictions=_predictions(),
    )  # fmt: skip
    run.apply(RunStarted(epochs=30_000, steps_per_epoch=1, train_size=50, test_size=50))
    for number in range(evaluations):
        run.apply(replace(template, epoch=100 * number, step=100 * number, test_loss=1.0 / (number + 1)))


def test_markers_that_lie_close_are_left_out_and_come_with_the_zoom(panel: CurvesPanel) -> None:
    run = Run({"name": "A line"})
    _few_of_many(run, 50)
    panel.choose("loss")
    _show(panel, run)
    test, training = (panel.page.curves[name].item for name in ("test", "training"))
    assert test.opts["symbol"] is None, "fifty markers on a sixth of the width would be one fat band"
    assert training.opts["pen"] is not None, "a line stands in for them"
    panel.page.plot.getPlotItem().getViewBox().setXRange(0, 2000, padding=0)
    panel.page.viewed.emit()
    assert test.opts["symbol"] == "o"
    assert training.opts["pen"] is None


def test_the_words_beside_a_line_stand_on_a_ground_above_the_curves(panel: CurvesPanel) -> None:
    _show(panel, _start())
    text = panel.page.references["people"].text  # type: ignore[attr-defined]
    assert text.fill.color().alphaF() > 0.7
    assert text.zValue() > max(curve.item.zValue() for curve in panel.page.curves.values())


def test_the_legend_says_that_test_points_have_no_outliers(panel: CurvesPanel) -> None:
    panel.choose("loss")
    for outliers, word in ((0.05, "test (without outliers)"), (0.0, "test")):
        run = Run({"dataset": {"kind": "linear", "outliers": outliers}})
        _few_of_many(run, 2)
        _show(panel, run)
        assert word in [entry.words for entry in panel.page.legend()]


def test_in_a_low_plot_no_reference_is_cut_off(panel: CurvesPanel) -> None:
    panel.resize(420, 170)
    _show(panel, None)
    panel.show_empty(2)
    QApplication.processEvents()
    page = panel.page
    box = page.plot.getPlotItem().getViewBox()
    lines = page.references  # type: ignore[attr-defined]
    seen = box.mapRectToScene(box.boundingRect())
    for name in ("people", "guessing"):
        text = lines[name].text
        shown = text.mapRectToScene(text.boundingRect())
        assert seen.top() - 1 <= shown.top(), name
        assert shown.bottom() <= seen.bottom() + 1, name


def _epochs_chosen(panel: CurvesPanel) -> list[int]:
    found: list[int] = []
    panel.epoch_chosen.connect(found.append)
    return found


def _click(page: Page, qtbot: QtBot, place: QPoint) -> None:
    qtbot.mouseClick(page.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_an_epochs_dot_chooses_it(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    found = _epochs_chosen(panel)
    _click(panel.page, qtbot, _place(panel.page, 100, 0.7) + QPoint(3, -3))
    _click(panel.page, qtbot, _place(panel.page, 100, 0.3))
    _click(panel.page, qtbot, _place(panel.page, 40, 0.4))
    _click(panel.page, qtbot, _place(panel.page, 0, 0.1))
    assert found == [1, 0], "a quick check is no epoch, and far from the dot nothing is meant"
    panel.choose("loss")
    panel.log_switch.click()
    _click(panel.page, qtbot, _place(panel.page, 100, math.log10(0.9)))
    assert found == [1, 0, 1]


def test_dragging_from_a_dot_chooses_nothing(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    found, viewport = _epochs_chosen(panel), panel.page.plot.viewport()
    dot = _place(panel.page, 100, 0.7)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=dot)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=dot + QPoint(40, 0))
    assert found == []


def test_an_epoch_whose_answers_were_not_kept_cannot_be_chosen(panel: CurvesPanel, qtbot: QtBot) -> None:
    run = _half_run()
    run.epochs[1] = replace(run.epochs[1], predictions=_predictions().part(np.zeros(0, np.int64)))
    _show(panel, run)
    found = _epochs_chosen(panel)
    _click(panel.page, qtbot, _place(panel.page, 100, 0.7))
    assert found == []


def test_enter_chooses_the_epoch_under_the_crosshair(panel: CurvesPanel, qtbot: QtBot) -> None:
    _show(panel, _half_run())
    found = _epochs_chosen(panel)
    panel.page.plot.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(panel.page.plot, key)
    assert found == [0], "without a crosshair nothing is chosen"


def test_the_epoch_that_is_looked_at_is_marked(panel: CurvesPanel) -> None:
    _show(panel, _half_run())
    assert panel.page.looked is None
    panel.show_epoch(1)
    assert panel.page.looked == 100
    panel.choose("loss")
    assert panel.page.looked == 100
    panel.show_epoch(None)
    assert panel.page.looked is None
