"""What a person sees and does with the curves of many runs."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QFileDialog, QLabel, QSlider
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fmstudio import words
from fmstudio.export.figures import read_all_facts
from fmstudio.runs.about import About
from fmstudio.runs.run import Run
from fmstudio.session.opened import Figure
from fmstudio.session.opening import what_is
from fmstudio.training.events import RunResumed
from fmstudio.ui import theme
from fmstudio.ui.compare.overlay.panel import LIVE_MS, MOST, OverlayPanel
from tests.ui.compare.overlay_runs import STEPS, Curves, begin, end_epoch, name, summary, train, whole

FAST, SLOW = ("optimizer.lr", 0.01), ("optimizer.lr", 0.0001)
Make = Callable[..., OverlayPanel]


@pytest.fixture
def make(qapp: QApplication, qtbot: QtBot) -> Make:
    theme.apply(qapp, "light")

    def made(*runs: Run, show: bool = True, states: str = "finished") -> OverlayPanel:
        panel = OverlayPanel(Curves(*runs))
        panel.resize(1000, 360)
        qtbot.addWidget(panel)
        if show:
            with qtbot.waitExposed(panel):
                panel.show()
        panel.show_runs([summary(run, state=states) for run in runs])
        QApplication.processEvents()
        return panel

    return made


def source(panel: OverlayPanel) -> Curves:
    found = panel._source
    assert isinstance(found, Curves)
    return found


def legend(panel: OverlayPanel) -> list[str]:
    return [row.words for row in panel.legend_model.rows]


def values(panel: OverlayPanel) -> list[str]:
    return [panel.legend_model.value(row) for row in range(panel.legend_model.rowCount())]


def points(panel: OverlayPanel, number: int = 0, *, raw: bool = False) -> list[tuple[float, float]]:
    key = panel.strands[number].key + (".raw" if raw else "")
    places, found = panel.plot.curves[key].points
    return [(round(float(place), 2), round(float(value), 4)) for place, value in zip(places, found, strict=True)]


def texts(panel: OverlayPanel, object_name: str) -> str:
    found = panel.findChild(QLabel, object_name)
    assert found is not None
    return found.text()


def figures(panel: OverlayPanel) -> list[str]:
    box = panel.findChild(QComboBox, "overlayFigure")
    assert box is not None
    return [box.itemText(place) for place in range(box.count())]


def slide(panel: OverlayPanel, value: int) -> None:
    slider = panel.findChild(QSlider, "overlaySmoothing")
    assert slider is not None
    slider.setValue(value)


def place_of(panel: OverlayPanel, x: float, y: float) -> QPoint:
    box = panel.plot.plot.getPlotItem().getViewBox()
    return panel.plot.plot.mapFromScene(box.mapViewToScene(QPointF(x, y)))


def click(panel: OverlayPanel, x: float, y: float) -> None:
    where = place_of(panel, x, y)
    QTest.mouseClick(panel.plot.plot.viewport(), Qt.MouseButton.LeftButton, pos=where)


def hover(panel: OverlayPanel, x: float, y: float) -> None:
    where = QPointF(place_of(panel, x, y))
    none = Qt.MouseButton.NoButton
    viewport = panel.plot.plot.viewport()
    event = QMouseEvent(QEvent.Type.MouseMove, where, viewport.mapToGlobal(where), none, none, Qt.KeyboardModifier(0))
    QApplication.sendEvent(viewport, event)


# ── What is drawn


def test_every_run_has_a_curve_named_by_what_differs(make: Make) -> None:
    panel = make(whole(1, FAST), whole(2, SLOW, top=0.7))
    assert legend(panel) == ["lr 0.01", "lr 0.0001"]
    assert points(panel, 0) == [(0, 0.1), (1000, 0.5), (2000, 0.65), (3000, 0.7), (4000, 0.68)]
    assert points(panel, 1)[-1] == (4000, 0.58)


def test_the_untrained_network_does_not_flatten_the_others(make: Make) -> None:
    panel = make(whole(1, FAST), whole(2, SLOW))
    assert 0.4 < panel.plot.visible.top() < 0.5
    assert 0.7 < panel.plot.visible.bottom() < 0.8


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_short_curves_are_shown_from_their_first_point(make: Make, epochs: int) -> None:
    panel = make(whole(1, FAST, epochs=epochs), whole(2, SLOW, epochs=1))
    for figure in ("test_accuracy", "test_loss"):
        panel.header.choose(figure)
        rows = panel.plot.visible
        for strand in range(2):
            values = [value for _, value in points(panel, strand)]
            assert rows.top() < min(values)
            assert max(values) < rows.bottom()


def test_one_long_curve_among_them_is_not_flattened(make: Make) -> None:
    panel = make(whole(1, FAST, epochs=1), whole(2, SLOW, epochs=4))
    assert panel.plot.visible.top() > 0.2


def test_without_runs_it_says_what_to_do_and_while_it_reads_that(make: Make) -> None:
    panel = make()
    assert texts(panel, "overlaySentence") == "Choose runs, and their curves lie here."
    run = whole(1)
    source(panel).runs[run.id] = run
    source(panel).slow = True
    panel.show_runs([summary(run)])
    assert texts(panel, "overlaySentence") == "Reading the curves …"
    source(panel).deliver()
    assert points(panel)


def test_only_the_newest_answer_counts(make: Make) -> None:
    first, second = whole(1), whole(2)
    panel = make()
    source(panel).runs = {run.id: run for run in (first, second)}
    source(panel).slow = True
    panel.show_runs([summary(first)])
    late = source(panel).waiting.pop()
    panel.show_runs([summary(second)])
    source(panel).deliver()
    late()
    assert [strand.ids for strand in panel.strands] == [(second.id,)]


def test_nothing_is_read_while_nobody_looks(make: Make, qtbot: QtBot) -> None:
    panel = make(whole(1), show=False)
    assert source(panel).asked == []
    with qtbot.waitExposed(panel):
        panel.show()
    assert len(source(panel).asked) == 1
    assert points(panel)


def test_of_very_many_runs_the_first_are_drawn_and_that_is_said(make: Make) -> None:
    runs = [whole(1), *(begin(number) for number in range(2, MOST + 11))]
    panel = make(*runs)
    assert len(panel.strands) == MOST
    assert texts(panel, "overlayNote").startswith(f"The first {MOST} of {MOST + 10} runs.")


def test_a_run_without_curves_is_said(make: Make) -> None:
    there, gone = whole(1), whole(2)
    panel = make(there)
    panel.show_runs([summary(there), summary(gone)])
    assert "1 run has no curves." in texts(panel, "overlayNote")


def test_a_run_keeps_its_look_while_others_come_and_go(make: Make) -> None:
    runs = [whole(number, ("optimizer.lr", 0.001 * number)) for number in range(1, 6)]
    panel = make(*runs)
    before = {strand.key: strand.look for strand in panel.strands}
    assert len({(look.colour, look.dash) for look in before.values()}) == 5
    panel.show_runs([summary(runs[3]), summary(runs[1])])
    assert {strand.key: strand.look for strand in panel.strands} == {name(n): before[name(n)] for n in (4, 2)}
    panel.show_runs([summary(run) for run in runs])
    after = {strand.key: strand.look for strand in panel.strands}
    assert [after[name(n)] for n in (2, 4)] == [before[name(n)] for n in (2, 4)]
    assert len({(look.colour, look.dash) for look in after.values()}) == 5


# ── Figures and axes


def test_only_figures_that_there_are_are_offered(make: Make) -> None:
    assert figures(make(whole(1))) == [
        "Test accuracy", "Training accuracy", "Loss of each step", "Training loss", "Test loss", "Learning rate",
    ]  # fmt: skip
    assert "Validation accuracy" in figures(make(whole(1, validation=True)))
    assert figures(make(whole(1, numbers=True)))[:3] == ["Test R²", "Mean absolute error", "Loss of each step"]


def test_a_run_that_learns_numbers_shows_its_error(make: Make) -> None:
    panel = make(whole(1, numbers=True))
    panel.header.choose("test_mae")
    assert points(panel)[-1] == (4000, 0.32)
    panel.header.choose("test_r2")
    assert points(panel)[-1] == (4000, 0.68)


@pytest.mark.parametrize(("axis", "end", "mark"), [
    ("step", 160, "step 150"), ("epoch", 4000, "epoch 4"), ("time", 8000, "8 s"), ("samples", 16_000, "15,000"),
])  # fmt: skip
def test_the_axis_is_the_one_that_is_asked_for(make: Make, axis: str, end: float, mark: str) -> None:
    panel = make(whole(1))
    panel.header.choose(axis=axis)  # type: ignore[arg-type]
    assert points(panel)[-1][0] == pytest.approx(end, rel=1e-6)
    assert mark in [text for _, text in panel.plot.marks["bottom"]]


def test_with_half_the_batch_size_epochs_lie_over_one_another_and_steps_do_not(make: Make) -> None:
    one, other = whole(1), whole(2)
    assert other.started is not None
    other.started = replace(other.started, steps_per_epoch=STEPS // 2)
    panel = make(one, other)
    assert points(panel, 0)[-1][0] == 4000
    assert points(panel, 1)[-1][0] == 8000
    panel.header.choose(axis="step")
    assert points(panel, 0)[-1][0] == points(panel, 1)[-1][0] == 160


def test_a_logarithmic_axis_shows_powers_and_shares_have_none(make: Make) -> None:
    panel = make(whole(1))
    assert not panel.header.log_switch.isEnabled()
    panel.header.choose("loss")
    slide(panel, 0)
    panel.header.log_switch.click()
    assert panel.plot.visible.bottom() == pytest.approx(np.log10(2), abs=0.1)
    panel.header.choose("test_accuracy")
    assert panel.plot.visible.bottom() > 0.6
    assert panel.plot.visible.top() > 0.4


def test_one_run_that_diverged_does_not_flatten_the_others(make: Make) -> None:
    wild = train(begin(9, SLOW), [1.0, 1e9] * 20, 0.1)
    panel = make(whole(1), whole(2, FAST), wild)
    panel.header.choose("loss")
    assert panel.plot.visible.bottom() < 20
    assert "1 curve goes beyond." in texts(panel, "overlayNote")


def test_at_most_two_thousand_points_are_drawn_and_no_spike_is_lost(make: Make) -> None:
    run = begin(1, epochs=1000)
    losses = np.random.default_rng(0).normal(1, 0.1, 40_000)
    losses[12_345] = 9
    train(run, losses.tolist())
    panel = make(run)
    panel.header.choose("loss", "step")
    slide(panel, 0)
    assert len(points(panel)) <= 2000
    assert (12_346.0, 9.0) in points(panel)


# ── Smoothing


@pytest.mark.parametrize("notch", [1, 5, 10, 20])
@pytest.mark.parametrize("figure", ["loss", "test_accuracy", "train_loss"])
def test_smoothing_never_leaves_the_range_of_the_raw_values(make: Make, figure: str, notch: int) -> None:
    run, random = begin(1, epochs=60), np.random.default_rng(notch)
    for epoch in range(60):
        train(run, np.exp(random.normal(0, 1, STEPS)).tolist(), 0.5 + 0.4 * (epoch % 2))
    panel = make(run)
    panel.header.choose(figure)
    slide(panel, notch)
    smooth = np.array([value for _, value in points(panel)])
    raw = np.array([value for _, value in points(panel, raw=True)])
    assert raw.min() - 1e-4 <= smooth.min()
    assert smooth.max() <= raw.max() + 1e-4
    if notch > 5:
        assert np.abs(np.diff(smooth)).mean() < 0.5 * np.abs(np.diff(raw)).mean()


def test_raw_values_lie_faint_behind_a_smoothed_line_and_alone_without_one(make: Make) -> None:
    panel = make(whole(1))
    panel.header.choose("loss")
    assert len(points(panel, raw=True)) == 160
    assert panel.plot.curves[panel.strands[0].key + ".raw"].look.colour != panel.strands[0].look.colour
    slide(panel, 0)
    assert points(panel, raw=True) == []
    assert len(points(panel)) == 160


def test_a_learning_rate_is_not_smoothed(make: Make) -> None:
    panel = make(whole(1))
    panel.header.choose("rate")
    slider = panel.findChild(QSlider, "overlaySmoothing")
    assert slider is not None
    assert not slider.isEnabled()
    assert {value for _, value in points(panel)} == {0.01}


# ── Seeds


def seeds(count: int, *changes: tuple[str, object], first: int = 1, top: float = 0.8) -> list[Run]:
    return [whole(first + n, *changes, ("seed", n), top=top + 0.01 * n) for n in range(count)]


def switch(panel: OverlayPanel) -> QCheckBox:
    found = panel.findChild(QCheckBox, "overlayBands")
    assert found is not None
    return found


def test_three_seeds_are_one_curve_with_a_band(make: Make) -> None:
    panel = make(*seeds(3), *seeds(3, FAST, first=4, top=0.5))
    assert switch(panel).isVisible()
    assert switch(panel).isChecked()
    assert legend(panel) == ["lr 0.001 · 3 seeds", "lr 0.01 · 3 seeds"]
    assert points(panel)[-1] == (4000, 0.69)
    assert len(panel.plot.ribbons) == 2
    box = panel.plot.ribbons[0].outline.boundingRect()
    assert (box.left(), box.right()) == pytest.approx((0, 4000))
    assert "from the lowest to the highest" in texts(panel, "overlayNote")


def test_a_lone_group_of_seeds_is_not_called_after_one_of_them(make: Make) -> None:
    runs = seeds(3)
    panel = make(*runs)
    rows = [summary(run, about=About(name=f"Seed {n}", varied=("seed",))) for n, run in enumerate(runs)]
    panel.show_runs(rows)
    assert legend(panel) == ["First look · 3 seeds"]
    panel.show_runs([replace(row, about=About(name="Mine")) for row in rows])
    assert legend(panel) == ["Mine · 3 seeds"]


def test_of_two_bands_it_is_said_whether_they_differ_by_more_than_their_seeds(make: Make) -> None:
    panel = make(*seeds(3), *seeds(3, FAST, first=4, top=0.5))
    said = "lr 0.01 · 3 seeds, against lr 0.001 · 3 seeds: 30.0 % worse: more than the spread of 3 seeds."
    assert said in texts(panel, "overlayNote")
    panel = make(*seeds(3), *seeds(3, FAST, first=4, top=0.805))
    assert "0.5 % better: within the spread of seeds (± 2.3 %)." in texts(panel, "overlayNote")
    panel = make(*seeds(3), whole(9, FAST))
    assert "spread" not in texts(panel, "overlayNote")


def test_the_same_seed_twice_is_no_band(make: Make) -> None:
    panel = make(whole(1), whole(2), whole(3))
    assert not switch(panel).isVisible()
    assert len(panel.strands) == 3


def test_two_seeds_are_offered_as_a_band_and_the_switch_is_kept(make: Make) -> None:
    panel = make(*seeds(2))
    assert switch(panel).isVisible()
    assert not switch(panel).isChecked()
    assert legend(panel) == ["Seed 0", "Seed 1"]
    switch(panel).click()
    assert len(panel.strands) == 1
    panel.show_runs([summary(run) for run in source(panel).runs.values()][:1])
    assert not switch(panel).isVisible()
    panel.show_runs([summary(run) for run in source(panel).runs.values()])
    assert switch(panel).isChecked()


def test_without_repetitions_there_is_no_switch(make: Make) -> None:
    assert not switch(make(whole(1), whole(2, FAST))).isVisible()


def test_a_band_of_one_standard_deviation_is_narrower_and_said(make: Make) -> None:
    panel = make(*seeds(5))
    widest = panel.plot.ribbons[0].outline.boundingRect()
    panel.menu.aboutToShow.emit()
    next(action for action in panel.menu.actions() if "standard deviation" in action.text()).trigger()
    assert "one standard deviation to each side" in texts(panel, "overlayNote")
    ends = [point.y() for point in panel.plot.ribbons[0].outline if point.x() == 4000]
    assert max(ends) - min(ends) == pytest.approx(2 * np.std([0, 1, 2, 3, 4], ddof=1) * 0.01, abs=1e-4)
    assert widest.height() > 0


def test_a_band_ends_where_one_run_alone_goes_on(make: Make) -> None:
    short = [whole(n, ("seed", n), epochs=3) for n in (1, 2)]
    long = begin(3, ("seed", 9), epochs=3)
    for epoch in range(1, 7):
        train(long, [1.0] * STEPS, 0.1 * epoch)
    panel = make(*short, long)
    assert points(panel)[-1][0] == 3000


# ── The legend


def test_a_click_in_the_legend_hides_a_curve_and_another_shows_it(make: Make) -> None:
    panel = make(whole(1), whole(2, FAST))
    where = panel.legend.visualRect(panel.legend_model.index(1)).center()
    QTest.mouseClick(panel.legend.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert points(panel, 1) == []
    assert (
        panel.legend_model.data(panel.legend_model.index(1), Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    )
    QTest.mouseClick(panel.legend.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert points(panel, 1)


def test_the_space_key_hides_too_and_all_come_back(make: Make) -> None:
    panel = make(whole(1), whole(2, FAST))
    panel.legend.setCurrentIndex(panel.legend_model.index(0))
    QTest.keyClick(panel.legend, Qt.Key.Key_Space)
    assert points(panel, 0) == []
    panel.show_all()
    assert points(panel, 0)


def test_the_axes_fit_what_is_shown(make: Make) -> None:
    panel = make(whole(1, top=0.8), whole(2, FAST, top=0.45))
    low = panel.plot.visible.top()
    panel.toggle(panel.strands[1].key)
    assert panel.plot.visible.top() > low + 0.2


def test_pointing_at_an_entry_makes_the_others_faint(make: Make) -> None:
    panel = make(whole(1), whole(2, FAST))
    keys = [strand.key for strand in panel.strands]
    panel.legend.pointed.emit(keys[1])
    opacities = [panel.plot.curves[key].item.opacity() for key in keys]
    assert opacities[0] < 0.5
    assert opacities[1] == 1
    panel.legend.pointed.emit("")
    assert [panel.plot.curves[key].item.opacity() for key in keys] == [1, 1]


def test_the_arrow_keys_point_as_well_and_enter_opens(make: Make, qtbot: QtBot) -> None:
    panel = make(whole(1), whole(2, FAST))
    panel.legend.setFocus()
    panel.legend.setCurrentIndex(panel.legend_model.index(0))
    QTest.keyClick(panel.legend, Qt.Key.Key_Down)
    assert panel.plot.curves[panel.strands[0].key].item.opacity() < 0.5
    with qtbot.waitSignal(panel.run_asked) as asked:
        QTest.keyClick(panel.legend, Qt.Key.Key_Return)
    assert asked.args == [name(2)]


def test_a_double_click_in_the_legend_opens_the_run_and_hides_nothing(make: Make, qtbot: QtBot) -> None:
    panel = make(whole(1), whole(2, FAST))
    viewport, where = panel.legend.viewport(), panel.legend.visualRect(panel.legend_model.index(1)).center()
    with qtbot.waitSignal(panel.run_asked) as asked:
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where)
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    assert asked.args == [name(2)]
    assert points(panel, 1)


def test_many_entries_scroll(make: Make) -> None:
    panel = make(*(whole(n, ("optimizer.lr", 0.001 * n)) for n in range(1, 31)))
    QApplication.processEvents()
    assert panel.legend.verticalScrollBar().maximum() > 0
    panel.legend.setCurrentIndex(panel.legend_model.index(29))
    assert panel.legend.viewport().rect().contains(panel.legend.visualRect(panel.legend_model.index(29)))


def test_the_legend_is_a_sound_item_model(make: Make, qtmodeltester: ModelTester) -> None:
    panel = make(whole(1), whole(2, FAST))
    qtmodeltester.check(panel.legend_model)


def test_a_name_with_markup_is_shown_as_it_is(make: Make) -> None:
    panel = make(whole(1, ("name", "<b>bold</b>")), whole(2, ("name", "plain")))
    assert legend(panel) == ["<b>bold</b>", "plain"]
    tip = str(panel.legend_model.data(panel.legend_model.index(0), Qt.ItemDataRole.ToolTipRole))
    assert "<b>" not in tip
    assert "&lt;b&gt;bold" in tip


# ── The crosshair


def test_the_crosshair_says_the_values_of_all_curves(make: Make) -> None:
    panel = make(whole(1, top=0.8), whole(2, FAST, top=0.7, epochs=2))
    assert texts(panel, "overlayPlace") == "best"
    assert values(panel)[0] == "70.0 %"
    hover(panel, 3010, 0.6)
    assert texts(panel, "overlayPlace") == "epoch 3.00"
    assert values(panel) == ["70.0 %", ""]


def test_of_every_step_the_raw_value_is_said_where_nothing_is_smoothed(make: Make) -> None:
    run = train(begin(1, epochs=1), [float(n) for n in range(1, STEPS + 1)])
    panel = make(run)
    panel.header.choose("loss", "step")
    slide(panel, 0)
    hover(panel, 7.2, 20)
    assert values(panel) == ["7"]
    assert texts(panel, "overlayPlace") == "step 7"


def test_of_a_band_mean_and_edges_are_said(make: Make) -> None:
    panel = make(*seeds(3))
    hover(panel, 4000, 0.6)
    assert values(panel) == ["69.0 % (68.0 % … 70.0 %)"]


def test_the_arrow_keys_move_the_crosshair(make: Make) -> None:
    panel = make(whole(1))
    plot = panel.plot.plot
    plot.setFocus()
    for _ in range(3):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    assert texts(panel, "overlayPlace") == "epoch 2.00"
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert texts(panel, "overlayPlace") == "best"


# ── Clicks


def test_a_click_on_a_curve_means_its_run_and_the_others_stay(make: Make, qtbot: QtBot) -> None:
    runs = [whole(1, top=0.8), whole(2, FAST, top=0.6)]
    panel = make(*runs)
    with qtbot.waitSignal(panel.chosen) as chosen:
        click(panel, 3000, 0.5)
    assert chosen.args == [(name(2),)]
    assert panel.plot.curves[name(1)].item.opacity() < 0.5
    panel.show_runs([summary(runs[1])])
    assert len(panel.strands) == 2
    with qtbot.assertNotEmitted(panel.chosen):
        click(panel, 500, 0.74)
    assert panel.plot.curves[name(1)].item.opacity() == 1
    panel.show_runs([summary(runs[0])])
    assert [strand.key for strand in panel.strands] == [name(1)]


def test_a_click_on_a_band_means_all_its_runs(make: Make, qtbot: QtBot) -> None:
    panel = make(*seeds(3))
    with qtbot.waitSignal(panel.chosen) as chosen:
        click(panel, 4000, 0.69)
    assert chosen.args == [(name(1), name(2), name(3))]


def test_a_double_click_on_a_curve_opens_its_run_and_beside_it_shows_everything(make: Make, qtbot: QtBot) -> None:
    panel = make(whole(1, top=0.8))
    viewport = panel.plot.plot.viewport()
    with qtbot.waitSignal(panel.run_asked) as asked:
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place_of(panel, 3000, 0.7))
    assert asked.args == [name(1)]
    panel.plot.zoom(0.5)
    assert panel.plot.zoomed
    with qtbot.assertNotEmitted(panel.run_asked):
        rect = panel.plot.visible
        where = place_of(panel, rect.left() + 0.02 * rect.width(), rect.bottom() - 0.02 * rect.height())
        QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    assert not panel.plot.zoomed


# ── The best epoch


def test_a_ring_stands_at_the_best_epoch(make: Make) -> None:
    panel = make(whole(1))
    assert [(ring.place.x(), round(ring.place.y(), 4)) for ring in panel.plot.rings] == [(3000, 0.7)]
    assert texts(panel, "overlayNote") == "○ best epoch, by test (optimistic)"
    panel = make(whole(1, validation=True))
    assert [ring.place.x() for ring in panel.plot.rings] == [1000]
    assert texts(panel, "overlayNote") == "○ best epoch"


# ── A run that goes on


def test_a_run_that_goes_on_grows(make: Make, qtbot: QtBot) -> None:
    run = train(begin(1), [1.0] * STEPS, 0.5)
    panel = make(run, states="running")
    assert points(panel)[-1] == (1000, 0.5)
    train(run, [1.0] * STEPS, 0.6)
    panel.show_live(run)
    qtbot.waitUntil(lambda: points(panel)[-1] == (2000, 0.6))


def test_it_is_drawn_at_most_five_times_a_second(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    run = train(begin(1), [1.0] * STEPS, 0.5)
    panel, drawn = make(run, states="running"), []
    monkeypatch.setattr(panel.plot, "draw", lambda: drawn.append(1))
    for _ in range(20):
        train(run, [1.0])
        panel.show_live(run)
    assert LIVE_MS >= 200
    assert len(drawn) == 1


def test_nothing_is_drawn_while_nobody_looks(make: Make, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    run = train(begin(1), [1.0] * STEPS, 0.5)
    panel = make(run, states="running")
    panel.hide()
    train(run, [1.0] * STEPS, 0.6)
    panel.show_live(run)
    assert points(panel)[-1] == (1000, 0.5)
    with qtbot.waitExposed(panel):
        panel.show()
    assert points(panel)[-1] == (2000, 0.6)


def test_a_live_run_takes_the_place_of_what_lies_on_the_disk(make: Make) -> None:
    old, live = train(begin(1), [1.0] * STEPS, 0.5), train(begin(1), [1.0] * STEPS, 0.5)
    train(live, [1.0] * STEPS, 0.6)
    panel = make(old, states="running")
    panel.show_live(live)
    assert points(panel)[-1] == (2000, 0.6)
    panel.show_live(whole(77))
    assert len(panel.strands) == 1


def test_a_run_that_was_cut_back_by_resuming_is_drawn_anew(make: Make) -> None:
    run = train(begin(1), [1.0] * STEPS, 0.5)
    train(run, [5.0] * 10)
    panel = make(run, states="running")
    panel.header.choose("loss", "step")
    slide(panel, 0)
    run.apply(RunResumed(step=STEPS))
    train(run, [0.25] * 10)
    panel.show_live(run)
    assert points(panel)[-1] == (50, 0.25)
    assert max(value for _, value in points(panel)) == 1


# ── Taking it along


def test_png_and_svg_name_every_visible_curve(make: Make, tmp_path: Path) -> None:
    panel = make(*(whole(n, ("optimizer.lr", 0.001 * n)) for n in range(1, 13)))
    panel.toggle(panel.strands[0].key)
    panel.menu.save_png(tmp_path / "a.png")
    panel.menu.save_svg(tmp_path / "a.svg")
    picture = QImage(str(tmp_path / "a.png"))
    assert picture.width() > 2 * panel.plot.plot.width()
    assert picture.height() > 2 * panel.plot.plot.height() + 100
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert QSvgRenderer(text.encode()).isValid()
    assert "lr 0.012" in text
    assert "lr 0.001<" not in text


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_a_figure_of_curves_knows_the_runs_that_are_visible(make: Make, tmp_path: Path, ending: str) -> None:
    runs = [whole(n, ("optimizer.lr", 0.001 * n), ("seed", n)) for n in range(1, 4)]
    panel = make(*runs)
    library = tmp_path / "runs"
    (library / name(2)).mkdir(parents=True)
    (library / name(2) / "environment.json").write_text('{"fmstudio": "0.9", "data": {"train": "abc"}}')
    panel.show_runs([summary(run, folder=str(library / run.id)) for run in runs])
    panel.toggle(panel.strands[0].key)
    path = tmp_path / f"a{ending}"
    (panel.menu.save_png if ending == ".png" else panel.menu.save_svg)(path)
    found = read_all_facts(path)
    assert [one.run for one in found] == [name(2), name(3)]
    assert [one.seed for one in found] == [2, 3]
    assert found[0].spec == runs[1].spec
    assert (found[0].version, found[0].data) == ("0.9", "abc")
    opened = what_is(path)
    assert isinstance(opened, Figure)
    assert opened.facts.run == name(2)


def test_the_table_has_every_raw_point_and_no_formula(make: Make, tmp_path: Path) -> None:
    panel = make(whole(1, ("name", "=1+1")), whole(2, ("name", "+x")))
    panel.header.choose("loss")
    panel.menu.save_csv(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["run", "curve", "step", "epoch", "seconds", "samples", "loss"]
    assert len(lines) == 1 + 2 * 160
    assert lines[1] == [name(1), "'=1+1", "1", "0.025", "0.05", "100", "2"]
    assert lines[-1][1] == "'+x"


def test_what_cannot_be_written_is_said(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    panel = make(whole(1))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "a.csv"), ""))
    with qtbot.waitSignal(panel.problem) as problem:
        next(action for action in panel.menu.actions() if "CSV" in action.text()).trigger()
    assert "a.csv could not be written" in problem.args[0]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_clipped_in_any_language(make: Make, qapp: QApplication, look: str, language: str) -> None:
    words.set_language(language)
    panel = make(*seeds(3))
    theme.apply(qapp, look)
    for widget in panel.header.findChildren(QCheckBox):
        assert widget.width() >= widget.sizeHint().width()
    assert panel.header.minimumSizeHint().width() <= 900
    end_epoch(begin(9), 0.5)
