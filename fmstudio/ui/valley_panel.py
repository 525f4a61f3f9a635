"""The valley that training walks through; what is left over of each number; how far off each weight is."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from fmstudio.experiment.draft import get
from fmstudio.insight.number_score import number_text
from fmstudio.insight.regression import NumberPoints, kept_fit, link_of, thinned
from fmstudio.insight.surface import Surface, axes_of, loss_surface, lowest_place, span_of
from fmstudio.runs.run import Run
from fmstudio.training.events import NumberPredictions
from fmstudio.ui.chart import Chart, Cloud, Scene, Stroke, rows_of_bars
from fmstudio.ui.chart_axes import LEFT, padded
from fmstudio.ui.chart_key import ChartKey, Entry, lay_out_tabbed
from fmstudio.ui.plots.ticks import Tick, round_range
from fmstudio.ui.valley_chart import ValleyChart
from fmstudio.ui.widgets import ElidedLabel, TabRow
from fmstudio.words import tr

Doubles = NDArray[np.float64]

_BARS = 21
_NAMES = 12
_POINT = Qt.PenStyle.NoPen


class ValleyPanel(QWidget):
    """The loss over one or two weights with the path over it; the residuals; the weights beside the true ones.

    Attributes:
        tabs: "valley" (up to two inputs), "weights" (more inputs), "residuals".
        chart: Draws residuals and weights; ``valley`` the valley.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("valleyPanel")
        self._points: NumberPoints | None = None
        self._run = Run()
        self._answers: NumberPredictions | None = None
        self._surface: Surface | None = None
        self._loss: object = None
        self._spec: Mapping[str, Any] = {}
        self.tabs = TabRow({"valley": tr("Valley"), "weights": tr("Weights"), "residuals": tr("Residuals")})
        self.tabs.buttons["valley"].setToolTip(tr("The loss over the parameters, and the path that training takes"))
        self.tabs.buttons["residuals"].setToolTip(tr("True minus predicted: what is left over"))
        self.tabs.chosen.connect(lambda _: self._draw())
        self.chart, self.valley = Chart("residualsChart"), ValleyChart()
        self._title, self._key = ElidedLabel("", "title"), ChartKey(LEFT)
        self._lay_out()

    def show_run(
        self, points: NumberPoints | None, run: Run, answers: NumberPredictions | None, spec: Mapping[str, Any]
    ) -> None:
        """Show a run.

        Args:
            points: What it learns from; None for nothing.
            run: As far as it has come; one that was not started for the valley alone.
            answers: The newest numbers for the test points.
            spec: Which loss the valley is of.
        """
        loss = get(spec, "loss")
        if points is not self._points or run is not self._run or loss != self._loss:
            self._surface = None
        if points is not self._points or run is not self._run:
            self._points, self._run = points, run
            self._offer()
        self._loss, self._spec, self._answers = loss, spec, answers
        self._draw()

    def choose(self, key: str) -> None:
        """Turn to another tab."""
        self.tabs.choose(key)
        self._draw()

    @property
    def surface(self) -> Surface | None:
        """The valley that is drawn."""
        return self._surface

    @property
    def note(self) -> str:
        """What stands under the chart at its right."""
        return self._key.note

    def _offer(self) -> None:
        """Only the tabs that this run and these points have."""
        points = self._points
        if points is None:
            return
        told = self._run.started is None or bool(self._run.started.parameters)
        flat = axes_of(points) is not None
        shown = {"valley": flat and told, "weights": not flat and told, "residuals": True}
        for key, tab in self.tabs.buttons.items():
            tab.setVisible(shown[key])
        if not shown[self.tabs.key]:
            self.tabs.choose(next(key for key, on in shown.items() if on))

    def _draw(self) -> None:
        if self._points is None:
            self.chart.show_scene(None)
            return
        key = self.tabs.key
        self._stack.setCurrentWidget(self.valley if key == "valley" else self.chart)
        if key == "valley":
            self._draw_valley(self._points)
        elif key == "weights":
            self._draw_weights(self._points)
        else:
            self._draw_residuals(self._points)

    def _draw_valley(self, points: NumberPoints) -> None:
        path, link = self._path(points), link_of(self._spec)
        lowest = lowest_place(points, link)
        true = lowest if link else points.true
        across, up = (span_of(path[:, i], float(true[i]), float(lowest[i])) for i in (0, 1))
        if self._surface is None or (self._surface.across, self._surface.up) != (across, up):
            self._surface = loss_surface(points, self._spec, across, up)
        one = points.inputs == 1
        names = ("w", "b") if one else ("w1", "w2")
        self.valley.show_surface(self._surface, None if link else (float(true[0]), float(true[1])), names)
        self.valley.show_path(path)
        self._title.setText(tr("The valley: the loss over w and b") if one else tr("The valley: the loss over w1, w2"))
        entries = [] if link else [Entry(tr("true"), "right", _POINT, hollow=True)]
        if len(path):
            entries.insert(0, Entry(tr("the path"), "accent"))
        note = "" if one else tr("b = {value} held", value=number_text(points.dataset.b))
        self._key.show_entries(tuple(entries), note)

    def _path(self, points: NumberPoints) -> Doubles:
        moves, started = self._run.path, self._run.started
        if not moves or started is None:
            return np.empty((0, 2))
        values = np.concatenate([move.values for move in moves]).astype(np.float64)
        columns = [started.parameters.index(name) for name in self._wanted(points) if name in started.parameters]
        if len(columns) < 2:
            values, columns = np.column_stack([values[:, :1], np.zeros(len(values))]), [0, 1]
        return values[:, columns]

    def _wanted(self, points: NumberPoints) -> tuple[str, str]:
        return ("w1", "b") if points.inputs == 1 else ("w1", "w2")

    def _draw_weights(self, points: NumberPoints) -> None:
        """More than two weights: each beside its true value."""
        fit, true = kept_fit(self._run), points.true
        places = np.arange(1, len(true) + 1, dtype=np.float64)
        clouds = [Cloud(places, true, "right", 1.0, 11.0, hollow=True)]
        strokes: tuple[Stroke, ...] = ()
        everything = true
        if fit is not None and len(fit.parameters) == len(true):
            learned = fit.parameters
            everything = np.concatenate([true, learned])
            pairs = np.column_stack([true, learned]).reshape(-1)
            strokes = (Stroke(np.repeat(places, 2), pairs, "accent", 1.5, pairs=True),)
            clouds.append(Cloud(places, learned, "accent", 1.0, 6.5))
        up = round_range(float(everything.min()), float(everything.max()))
        scene = Scene((0.5, len(true) + 0.5), padded(*up, 0.06), clouds=tuple(clouds), strokes=strokes,
                      columns=_names(len(true)))  # fmt: skip
        self.chart.show_scene(scene)
        self._title.setText(tr("Learned against true"))
        entries = [Entry(tr("true"), "right", _POINT, hollow=True)]
        self._key.show_entries((*entries, *([Entry(tr("learned"), "accent", _POINT)] if strokes else [])))

    def _draw_residuals(self, points: NumberPoints) -> None:
        """What is left over of each test point, and at the side how often each size comes."""
        answers = self._answers
        self._title.setText(tr("What is left over"))
        if answers is None or not len(answers):
            spread = padded(float(points.test_y.min()), float(points.test_y.max()))
            self.chart.show_scene(Scene(spread, (-1.0, 1.0), _residual_names()))
            self._key.show_entries((), "")
            return
        left, rows = answers.residuals, thinned(len(answers))
        reach = _reach(left)
        up = (-reach, reach)
        shown = answers.predicted[np.isfinite(answers.predicted)]
        across = (
            padded(float(shown.min(initial=np.inf)), float(shown.max(initial=-np.inf))) if len(shown) else (0.0, 1.0)
        )
        zero = Stroke(np.array(across), np.zeros(2), "secondary", 1.5, Qt.PenStyle.DashLine)
        cloud = Cloud(answers.predicted[rows], left[rows], "accent", 0.4)
        bars = rows_of_bars(left, up, _BARS)
        self.chart.show_scene(Scene(across, up, _residual_names(), (cloud,), (zero,), heights=bars))
        count = f"{len(left):,}"
        note = tr("{count} test points", count=count)
        if len(rows) < len(left):
            note = tr("{shown} of {count} test points", shown=f"{len(rows):,}", count=count)
        self._key.show_entries((Entry(tr("nothing left over"), "secondary", Qt.PenStyle.DashLine),), note)

    def _lay_out(self) -> None:
        self._stack = lay_out_tabbed(self, self._title, self.tabs, (self.valley, self.chart), self._key)


def _residual_names() -> tuple[str, str]:
    return tr("predicted y"), tr("true − predicted")


def _reach(residuals: Doubles) -> float:
    """A round number that nearly all residuals are smaller than."""
    sizes = np.abs(residuals[np.isfinite(residuals)])
    return round_range(0.0, max(float(np.quantile(sizes, 0.998)) if len(sizes) else 1.0, 1e-9) * 1.05)[1]


def _names(count: int) -> list[Tick]:
    """The names under the weights, as many as have room."""
    stride = max(1, -(-count // _NAMES))
    names = [(float(number), f"w{number}") for number in range(1, count, stride)]
    return [*[name for name in names if name[0] <= count - stride or name[0] == 1], (float(count), "b")]
