"""The lines of a strand: raw or smoothed, a run alone or the mean and band of several; and what they say at a place."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from fmstudio.insight.overlay import Band, Doubles, Line, band, value_at
from fmstudio.training.events import Floats
from fmstudio.ui.compare.overlay.strands import Sketch, Strand
from fmstudio.ui.compare.overlay.tracks import FIGURES, Track, value_words
from fmstudio.ui.plots.history import EMPTY, POINTS

_BEHIND = 1000
"""Points of a raw curve that lies behind its smoothed one."""
_SMOOTH = 400
_BAND = 600


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is drawn of a strand.

    Attributes:
        line: The curve.
        behind: The raw values behind a smoothed one; may be empty.
        band: Around the curve, for several runs.
    """

    line: Line = EMPTY
    behind: Line = EMPTY
    band: Band | None = None


NOTHING = Drawing()


def drawing_of(strand: Strand, sketch: Sketch, visible: QRectF) -> Drawing:
    """The lines of a strand for what is visible."""
    ends = visible.left(), visible.right()
    if strand.banded:
        found = band([_to_lay(track, sketch, *ends) for track in strand.tracks], sketch.spread, _BAND)
        return Drawing((found.places, found.middle.astype(np.float32)), band=found)
    track = strand.tracks[0]
    raw = track.line(sketch.figure, sketch.axis, *ends, _BEHIND if sketch.smooth else POINTS)
    if not sketch.smooth:
        return Drawing(raw)
    return Drawing(track.smoothed(sketch.figure, sketch.axis, *ends, sketch.smoothing, _SMOOTH), raw)


def _to_lay(track: Track, sketch: Sketch, first: float, last: float) -> Line:
    """The line of a run that goes into a band: of every step's figures means of neighbours, not the spikes of a few."""
    figure = FIGURES[sketch.figure]
    if figure.unit == "rate" or not (sketch.smooth or figure.per_step):
        return track.line(sketch.figure, sketch.axis, first, last, POINTS)
    return track.smoothed(sketch.figure, sketch.axis, first, last, sketch.smoothing, POINTS)


def value_said(strand: Strand, sketch: Sketch, drawing: Drawing, place: float) -> str:
    """The value at a place: of a band its mean and, in brackets, its edges; empty where there is none."""
    figure, one = FIGURES[sketch.figure], drawing.band
    if one is not None:
        ends = (one.low, one.middle, one.high)
        low, middle, high = (value_at((one.places, end.astype(np.float32)), place) for end in ends)
        words = [value_words(figure, value) for value in (low, middle, high)]
        return f"{words[1]} ({words[0]} … {words[2]})" if middle is not None else ""
    if figure.per_step and not sketch.smooth:
        return value_words(figure, strand.tracks[0].value_of_step(sketch.figure, sketch.axis, place))
    return value_words(figure, value_at(drawing.line, place))


def best_said(strand: Strand, sketch: Sketch) -> str:
    """The best value of a run; of several the mean of their best ones."""
    found = [best[1] for track in strand.tracks if (best := track.best(sketch.figure))]
    return value_words(FIGURES[sketch.figure], float(np.mean(found)) if found else None)


def rows_at(values: Doubles | Floats, *, logarithmic: bool) -> Doubles:
    """Where values lie on the value axis; NaN for those that a logarithmic one cannot show."""
    rows = np.asarray(values, np.float64)
    if not logarithmic:
        return rows
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rows > 0, np.log10(rows), np.nan)


def outline_of(one: Band, floor: float, *, logarithmic: bool) -> QPolygonF:
    """A band's outline; what a logarithmic axis cannot show of it ends at the floor."""
    low, high = (rows_at(end, logarithmic=logarithmic) for end in (one.low, one.high))
    kept = np.isfinite(high)
    low = np.where(np.isfinite(low), low, floor)
    there = [QPointF(x, y) for x, y in zip(one.places[kept], low[kept], strict=True)]
    back = [QPointF(x, y) for x, y in zip(one.places[kept][::-1], high[kept][::-1], strict=True)]
    return QPolygonF([*there, *back])


def distance(line: tuple[Doubles, Doubles], columns: Doubles, row: float) -> float:
    """How far above or below a curve a place lies, within some columns; infinite where there is no curve."""
    places, values = line
    if not len(places):
        return np.inf
    laid = np.interp(columns, places, values, left=np.nan, right=np.nan)
    there = np.concatenate([laid, values[(places >= columns[0]) & (places <= columns[-1])]])
    there = there[np.isfinite(there)]
    return float(max(there.min() - row, row - there.max(), 0.0)) if len(there) else np.inf
