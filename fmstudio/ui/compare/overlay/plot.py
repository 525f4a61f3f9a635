"""The plot of many runs: one figure over one axis; a click says which curve was meant."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QMouseEvent

from fmstudio.insight.overlay import Doubles, Line
from fmstudio.runs.pyramid import nearest
from fmstudio.training.events import Floats
from fmstudio.ui import theme
from fmstudio.ui.compare.overlay.axes import axis_ticks, place_words
from fmstudio.ui.compare.overlay.drawing import (
    NOTHING,
    Drawing,
    best_said,
    distance,
    drawing_of,
    outline_of,
    rows_at,
    value_said,
)
from fmstudio.ui.compare.overlay.marks import Ribbon, Ribbons, Ring, Rings
from fmstudio.ui.compare.overlay.rows import rows_for
from fmstudio.ui.compare.overlay.strands import Sketch, Strand
from fmstudio.ui.compare.overlay.tracks import FIGURES
from fmstudio.ui.plots import ticks
from fmstudio.ui.plots.lines import Curve, Look
from fmstudio.ui.plots.page import Entry, Page
from fmstudio.ui.style import mix
from fmstudio.words import tr

_SOFT_UP_TO = 12
"""With more curves than this their edges are not smoothed: smooth thick dashes take Qt four times as long."""

_PALE = (0.30, 0.14)
"""How much of their colour raw values behind a smoothed line have: of one run, and of very many."""

_FADED = 0.15
_ROW, _COLUMN, _EDGE = 21, 96, 6
_NEAR = 8
"""Pixels: so near a click means a curve."""
_STILL = 4
_SHARES = (-0.035, 1.035)
_RAW = ".raw"


class OverlayPlot(Page):
    """Draws strands.

    Attributes:
        beyond: How many curves leave the picture, because they grew so much larger than the others.
    """

    clicked = Signal(str)
    """A click: the key of the strand there, empty beside all curves."""

    opened = Signal(str)
    """A double click on a strand's curve: its key."""

    moved = Signal()
    """The crosshair stands somewhere else, or nowhere, or what it stands on has changed."""

    logarithmic = False

    def __init__(self) -> None:
        super().__init__(ticks.number_ticks)
        self.curves: dict[str, Curve] = {}
        self.beyond = 0
        self._strands: tuple[Strand, ...] = ()
        self._sketch = Sketch()
        self._drawings: Mapping[str, Drawing] = {}
        self._as_shown: dict[str, tuple[object, ...]] = {}
        self._strong = ""
        self._were_logged = False
        self._ribbons, self._rings = Ribbons(), Rings()
        self.tapped.connect(lambda place: self.clicked.emit(self.strand_at(place)))
        box = self.plot.getPlotItem().getViewBox()
        for marks, depth in ((self._ribbons, -50), (self._rings, 40)):
            marks.setZValue(depth)
            box.addItem(marks, ignoreBounds=True)

    def show_strands(self, strands: Sequence[Strand], sketch: Sketch) -> None:
        """Draw these strands, and no others."""
        before = self._sketch
        if (sketch.figure, sketch.axis) != (before.figure, before.axis) or not self._strands:
            self.zoomed = False
            self._cursor = None
        self._strands, self._sketch = tuple(strands), sketch
        self.title = tr(FIGURES[sketch.figure].title)
        self._limits = _SHARES if FIGURES[sketch.figure].unit == "share" else None
        rule = self._wanted_rule()
        if rule is not self._rule:
            self.set_rule(rule)
        self._keep_curves()
        self._fit_run()
        self.set_density(self.plot.devicePixelRatioF())
        self.draw()
        self.emphasise(self._strong)
        self._say()

    def set_logarithmic(self, on: bool) -> None:
        """Draw the values on a logarithmic axis, or not."""
        self.logarithmic = on
        self.show_strands(self._strands, self._sketch)

    def set_density(self, density: float) -> None:
        """Draw for a device with so many pixels to the pixel; takes effect on what is drawn next."""
        super().set_density(density)
        if density != self._rings.density:
            self._rings.density = density
            self._as_shown = {}

    def emphasise(self, key: str) -> None:
        """Let one strand stand out and the others be faint; empty: none."""
        self._strong = key if any(strand.key == key for strand in self._drawn()) else ""
        for strand in self._strands:
            faded = self._strong not in ("", strand.key)
            for name in (strand.key, strand.key + _RAW):
                self.curves[name].item.setOpacity(_FADED if faded else 1.0)
            self.curves[strand.key].item.setZValue(30 if strand.key == self._strong else 10)
        self._ribbons.emphasise(self._strong)
        self._rings.emphasise(self._strong)

    def draw(self) -> None:
        """Give every curve its points for what is visible."""
        rect = self.visible
        self._drawings = {strand.key: drawing_of(strand, self._sketch, rect) for strand in self._drawn()}
        for strand in self._strands:
            one = self._drawings.get(strand.key, NOTHING)
            self._show(strand.key, one.line)
            self._show(strand.key + _RAW, one.behind)
        self._mark_bands()
        self._mark_best()

    def legend(self) -> list[Entry]:
        """The strands that are drawn."""
        return [Entry(strand.words, strand.look) for strand in self._drawn()]

    @property
    def rings(self) -> Sequence[Ring]:
        """The best epochs that are marked."""
        return self._rings.rings

    @property
    def ribbons(self) -> Sequence[Ribbon]:
        """The bands that are drawn."""
        return self._ribbons.ribbons

    @property
    def stands(self) -> float | None:
        """Where the crosshair stands; None for nowhere."""
        return None if self._cursor is None else self._stop(self._cursor)

    def values(self) -> dict[str, str]:
        """What each drawn strand's value is under the crosshair; where that is nowhere, its best one."""
        place, sketch = self.stands, self._sketch
        if place is None:
            return {strand.key: best_said(strand, sketch) for strand in self._drawn()}
        return {strand.key: value_said(strand, sketch, self._drawings[strand.key], place) for strand in self._drawn()}

    def strand_at(self, place: QPointF) -> str:
        """The key of the strand whose curve is nearest to a place of the plot's viewport; empty where none is near."""
        scene = self.plot.mapToScene(place.toPoint())
        if not self._box.sceneBoundingRect().contains(scene):
            return ""
        rect, here = self.visible, self._box.mapSceneToView(scene)
        wide, high = rect.width() / max(1.0, self._box.width()), rect.height() / max(1.0, self._box.height())
        columns = here.x() + wide * np.arange(-_STILL, _STILL + 1)
        away = {
            key: distance((one.line[0], self._rows_at(one.line[1])), columns, here.y()) / high
            for key, one in self._drawings.items()
        }
        key = min(away, key=lambda key: away[key], default="")
        return key if key and away[key] <= _NEAR else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a double click on a curve; everything else is as on every plot."""
        twice = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick
        if twice and watched is self.plot.viewport() and self._on_double_click(event.position()):  # type: ignore[attr-defined]
            return True
        return super().eventFilter(watched, event)

    def _on_double_click(self, place: QPointF) -> bool:
        """Open the run of a curve; False beside all curves."""
        key = self.strand_at(place)
        if key:
            self.opened.emit(key)
        return bool(key)

    # ── Curves

    def _drawn(self) -> list[Strand]:
        return [strand for strand in self._strands if strand.key not in self._sketch.hidden]

    def _wanted_rule(self) -> ticks.TickRule:
        if FIGURES[self._sketch.figure].unit == "share":
            return ticks.percent_ticks
        return ticks.log_ticks if self._logged else ticks.number_ticks

    @property
    def _logged(self) -> bool:
        """Whether values are drawn by their logarithm now; shares never are."""
        return bool(self.logarithmic) and FIGURES[self._sketch.figure].unit != "share"

    def _keep_curves(self) -> None:
        """An item for each strand and one behind it, made anew only where its look has changed."""
        wanted = {strand.key: strand.look for strand in self._strands}
        for key in [key for key in self.curves if not key.endswith(_RAW)]:
            if wanted.get(key) != self.curves[key].look:
                for name in (key, key + _RAW):
                    self.plot.removeItem(self.curves.pop(name).item)
                    self._as_shown.pop(name, None)
        share = _PALE[1] + (_PALE[0] - _PALE[1]) / max(1, len(wanted) / 2)
        logged_anew, self._were_logged = self._logged != self._were_logged, self._logged
        for key, look in wanted.items():
            pale = Look(mix(theme.current().card, look.colour, share), 1)
            new = key not in self.curves
            if new:
                self.curves[key] = Curve(self.plot, look, key, 10)
                self.curves[key + _RAW] = Curve(self.plot, pale, key + _RAW, 1)
            self.curves[key + _RAW].look = pale
            if new or logged_anew:
                for name in (key, key + _RAW):
                    self.curves[name].set_logarithmic(self._logged)
                    self._as_shown.pop(name, None)

    def _show(self, name: str, line: Line) -> None:
        """Give an item its points, unless it has them."""
        curve, rect = self.curves[name], self.visible
        soft = len(self._drawn()) <= _SOFT_UP_TO
        state = (line[1], curve.look, soft, (rect.left(), rect.right()) if len(line[0]) else ())
        known = self._as_shown.get(name)
        if known and known[0] is state[0] and known[1:] == state[1:]:
            return
        self._as_shown[name] = state
        curve.show(line)
        if not soft:
            curve.item.curve.opts["antialias"] = False

    def _rows_at(self, values: Doubles | Floats) -> Doubles:
        return rows_at(values, logarithmic=self._logged)

    def _mark_bands(self) -> None:
        colours = {strand.key: strand.look.colour for strand in self._strands}
        floor = self.visible.top()
        self._ribbons.ribbons = [
            Ribbon(key, colours[key], outline_of(one.band, floor, logarithmic=self._logged))
            for key, one in self._drawings.items()
            if one.band is not None
        ]
        self._ribbons.lay(self.visible)

    def _mark_best(self) -> None:
        """A ring at the best epoch of each run that has a curve of its own."""
        sketch, rings = self._sketch, []
        for strand in self._drawn():
            best = None if strand.banded else strand.tracks[0].best(sketch.figure)
            if best:
                row = float(self._rows_at(np.array([best[1]]))[0])
                place = strand.tracks[0].place(best[0], sketch.axis)
                rings.append(Ring(strand.key, strand.look.colour, QPointF(place, row)))
        self._rings.rings = rings
        self._rings.lay(self.visible)

    # ── What is under the crosshair, and what is everything

    def _stops(self) -> Doubles | None:
        sketch = self._sketch
        if FIGURES[sketch.figure].per_step:
            return None
        tracks = [track for strand in self._drawn() for track in strand.tracks]
        found = [track.stops(sketch.figure, sketch.axis) for track in tracks]
        return np.unique(np.concatenate(found)) if found else np.empty(0)

    def _stop(self, place: float) -> float | None:
        stops = self._stops()
        if stops is None:
            return float(min(max(0.0, place), self.total)) if self._drawn() else None
        index = nearest(stops, place)
        return None if index < 0 else float(stops[index])

    def _say(self) -> None:
        stop = self.stands
        self.point_at(stop)
        self.read.emit("" if stop is None else place_words(self._sketch.axis, stop))
        self.moved.emit()

    def _fit_run(self) -> None:
        ends = [track.end(self._sketch.axis, planned=True) for strand in self._drawn() for track in strand.tracks]
        self.fit(1, max(1, int(np.ceil(max(ends, default=1.0)))), self._value_range())

    def _value_range(self) -> tuple[float, float]:
        tracks = [track for strand in self._drawn() for track in strand.tracks]
        low, high, self.beyond = rows_for(tracks, self._sketch.figure, logarithmic=self._logged)
        return low, high

    def _mark(self) -> None:
        """Marks and stripes for what is visible, on the axis that was asked for."""
        rect, item = self.visible, self.plot.getPlotItem()
        rows = self._rule(rect.top(), rect.bottom(), max(2, int(self._box.height() / _ROW)))
        edge = _EDGE * rect.height() / max(1.0, self._box.height())
        rows = [row for row in rows if rect.top() + edge <= row[0] <= rect.bottom() - edge]
        most = max(2, int(self._box.width() / _COLUMN))
        columns = axis_ticks(self._sketch.axis, rect.left(), min(rect.right(), self.total), most)
        self.marks = {"left": rows, "bottom": columns}
        item.getAxis("left").setTicks([rows])
        item.getAxis("bottom").setTicks([self._pushed_in(columns, rect)])
        places = [place for place, _ in columns]
        size = places[-1] - places[-2] if len(places) > 1 else float(self.total)
        self._backdrop.lay(rect, [row for row, _ in rows], size, self.total)
