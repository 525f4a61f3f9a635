"""The points and what a network makes of them: the line through them, the plane, or predicted against true."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from fmstudio.insight.regression import LinearFit, NumberPoints, thinned
from fmstudio.training.events import NumberPredictions
from fmstudio.ui.chart import Chart, Cloud, Scene, Stroke
from fmstudio.ui.chart_axes import LEFT, padded
from fmstudio.ui.chart_key import ChartKey, Entry, lay_out_tabbed
from fmstudio.ui.plane_chart import PlaneChart
from fmstudio.ui.plots.ticks import round_range
from fmstudio.ui.widgets import ElidedLabel, TabRow
from fmstudio.words import tr

Doubles = NDArray[np.float64]

_INPUTS = 6
"""So many inputs have a tab of their own."""

_CURVE = 160
_DASH = Qt.PenStyle.DashLine
_POINT = Qt.PenStyle.NoPen


class ScatterPanel(QWidget):
    """Training points with the line that is learned, moving as it moves; test points predicted against true.

    Attributes:
        tabs: "line" (one input), "predicted", "plane" (two inputs), "x1", "x2", … (two and more).
        chart: What is drawn; the plane is drawn by ``plane``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scatterPanel")
        self._points: NumberPoints | None = None
        self._fit: LinearFit | None = None
        self._answers: NumberPredictions | None = None
        self._rows = thinned(0)
        self._x: Doubles = np.empty((0, 1))
        self._y: Doubles = np.empty(0)
        self._columns: list[Doubles] = []
        inputs = {f"x{number}": f"x{number}" for number in range(1, _INPUTS + 1)}
        self.tabs = TabRow({"line": tr("Line"), "predicted": tr("Predicted"), "plane": tr("Plane"), **inputs})
        self.tabs.chosen.connect(lambda _: self._draw())
        self.chart, self.plane = Chart("scatterChart"), PlaneChart()
        self._title, self._key = ElidedLabel("", "title"), ChartKey(LEFT)
        self._lay_out()

    def show_points(
        self, points: NumberPoints | None, fit: LinearFit | None, answers: NumberPredictions | None
    ) -> None:
        """Show points, and what a network makes of them.

        Args:
            points: None for nothing.
            fit: What a linear network has learned; None before, and of other networks.
            answers: The newest numbers for the test points; None before there are any.
        """
        if points is not self._points:
            self._take(points)
        self._fit = fit if fit is not None and points and len(fit.weights) == points.inputs else None
        self._answers = answers
        self._draw()

    @property
    def note(self) -> str:
        """What stands under the chart at its right."""
        return self._key.note

    def _take(self, points: NumberPoints | None) -> None:
        self._points = points
        if points is None:
            return
        self._rows = thinned(len(points.train_y))
        self._x, self._y = points.train_x[self._rows].astype(float), points.train_y[self._rows].astype(float)
        self._columns = [self._x[:, column].copy() for column in range(min(points.inputs, _INPUTS))]
        one = points.inputs == 1
        inputs = {f"x{number + 1}" for number in range(len(self._columns))} if not one else set()
        offered = {"predicted", *inputs, *(["line"] if one else []), *(["plane"] if points.inputs == 2 else [])}
        for key, tab in self.tabs.buttons.items():
            tab.setVisible(key in offered)
        if self.tabs.key not in offered or one:
            self.tabs.choose("line" if one else "predicted")

    def _draw(self) -> None:
        points = self._points
        if points is None:
            self.chart.show_scene(None)
            return
        key = self.tabs.key
        self._stack.setCurrentWidget(self.plane if key == "plane" else self.chart)
        if key == "plane":
            self._draw_plane(points)
        elif key == "predicted":
            self._draw_predicted()
        elif key == "line":
            self._draw_line(points)
        else:
            self._draw_input(points, int(key[1:]) - 1)

    def _draw_line(self, points: NumberPoints) -> None:
        """One input: the points, the true line, and the learned one."""
        column, y = self._columns[0], self._y
        across, up = padded(float(column.min()), float(column.max())), padded(float(y.min()), float(y.max()), 0.08)
        ends = np.array(across)
        strokes = [Stroke(ends, ends * points.dataset.w[0] + points.dataset.b, "faint", 1.5, _DASH)]
        if self._fit is not None:
            grid = np.linspace(*across, _CURVE if self._fit.link else 2)
            strokes.append(Stroke(grid, self._fit(grid[:, np.newaxis]), "accent", 2.5))
        elif self._answers is not None and points.whole:
            asked = points.test_x[self._answers.samples, 0]
            order = np.argsort(asked)
            strokes.append(Stroke(asked[order], self._answers.predicted[order], "accent", 2.5))
        learned = len(strokes) > 1
        cloud = Cloud(column, y, "secondary" if learned else "faint", _alpha(len(y)), _size(len(y)))
        self.chart.show_scene(Scene(across, up, ("x", "y"), (cloud,), tuple(strokes if learned else ())))
        self._title.setText(tr("The line through the points"))
        entries = (Entry(tr("learned"), "accent"), Entry(tr("true"), "faint", _DASH)) if learned else ()
        self._key.show_entries(entries, self._count_note())

    def _draw_predicted(self) -> None:
        """Any number of inputs: the test points, predicted against true; on the diagonal is right."""
        points, answers = self._points, self._answers
        if points is None:
            return
        targets = points.test_y if answers is None else answers.targets
        across = padded(float(targets.min()), float(targets.max()))
        rows = thinned(len(targets))
        if answers is None:
            up, clouds = across, (Cloud(targets[rows], np.full(len(rows), across[0]), "faint", 0.35, 9.0),)
        else:
            shown = answers.predicted[np.isfinite(answers.predicted)]
            reached = (float(shown.min(initial=across[0])), float(shown.max(initial=across[1])))
            up = across if across[0] <= reached[0] and reached[1] <= across[1] else round_range(*reached)
            clouds = (Cloud(targets[rows], answers.predicted[rows], "accent", _alpha(len(rows)), _size(len(rows))),)
        ends = np.array(across)
        diagonal = Stroke(ends, ends, "secondary", 1.5, _DASH)
        self.chart.show_scene(Scene(across, up, (tr("true y"), tr("predicted y")), clouds, (diagonal,)))
        self._title.setText(tr("Predicted against true"))
        of = {"shown": f"{len(rows):,}", "count": f"{points.dataset.test_n:,}"}
        note = tr("{shown} of {count} test points", **of)
        if len(rows) == points.dataset.test_n:
            note = tr("{count} test points", count=of["count"])
        self._key.show_entries((Entry(tr("predicted as it is"), "secondary", _DASH),), note)

    def _draw_input(self, points: NumberPoints, column: int) -> None:
        """One of several inputs: y without what the others and b make of it, by the learned weights."""
        x, fit = self._columns[column], self._fit
        true = points.dataset.w[column]
        rest = self._y if fit is None else self._y - (self._x @ fit.weights + fit.bias - x * fit.weights[column])
        across = padded(float(x.min()), float(x.max()))
        spread = float(np.quantile(np.abs(rest), 0.99)) if len(rest) else 1.0
        reach = max(spread, abs(true) * max(map(abs, across)), 1e-6)
        ends = np.array(across)
        strokes: tuple[Stroke, ...] = ()
        if fit is not None:
            dashed = Stroke(ends, ends * true, "faint", 1.5, _DASH)
            strokes = (dashed, Stroke(ends, ends * fit.weights[column], "accent", 2.5))
        cloud = Cloud(x, rest, "faint" if fit is None else "secondary", _alpha(len(rest)), _size(len(rest)))
        name = f"x{column + 1}"
        names = (name, "y" if fit is None else tr("y without the rest"))
        self.chart.show_scene(Scene(across, round_range(-reach, reach), names, (cloud,), strokes))
        self._title.setText(tr("y over {name}", name=name) if fit is None else tr("What {name} alone makes", name=name))
        entries = () if fit is None else (Entry(tr("learned"), "accent"), Entry(tr("true"), "faint", _DASH))
        self._key.show_entries(entries, self._count_note())

    def _draw_plane(self, points: NumberPoints) -> None:
        self.plane.show_points(self._x, self._y, self._fit)
        self._title.setText(tr("The plane through the points"))
        entries = (
            Entry(tr("above"), "accent", _POINT),
            Entry(tr("below"), "secondary", _POINT),
        ) if self._fit else ()  # fmt: skip
        self._key.show_entries(entries, self._count_note())

    def _count_note(self) -> str:
        points, shown = self._points, len(self._rows)
        if points is None:
            return ""
        count = points.dataset.n
        if shown == count:
            return tr("{count} training points", count=f"{count:,}")
        return tr("{shown} of {count} training points", shown=f"{shown:,}", count=f"{count:,}")

    def _lay_out(self) -> None:
        self._stack = lay_out_tabbed(self, self._title, self.tabs, (self.chart, self.plane), self._key)


def _alpha(count: int) -> float:
    """So many points hide one another: fainter ones show where they lie thick."""
    return 0.75 if count <= 200 else 0.5 if count <= 800 else 0.32


def _size(count: int) -> float:
    """Of a point, in pixels."""
    return 6.0 if count <= 400 else 4.5
