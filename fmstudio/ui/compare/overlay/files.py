"""An overlay taken along: the legend under a picture in as many lines as it needs, and its points as a table."""

import csv
import io
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.overlay import moved
from fmstudio.ui import theme
from fmstudio.ui.compare.overlay.looks import SWATCH, draw_swatch
from fmstudio.ui.compare.overlay.strands import Sketch, Strand
from fmstudio.ui.plots.legend import Legend
from fmstudio.ui.plots.page import Entry

_LINE = 20
_GAP, _BETWEEN = 6, 20
_COMMON = ("run", "curve", "step", "epoch", "seconds", "samples")


class PictureLegend(Legend):
    """Names every curve under a picture; never shown in the window.

    Args:
        entries: The curves.
        indent: Where the plot's axes begin.
        width: Of the picture.
    """

    def __init__(self, entries: Sequence[Entry], indent: int, width: int) -> None:
        super().__init__(indent)
        self._lines = self._flow(entries, width - indent)
        self._left = indent

    def _flow(self, entries: Sequence[Entry], width: int) -> list[list[tuple[int, Entry, str]]]:
        """Place and words of each entry, line by line."""
        metrics, lines, left = QFontMetrics(theme.font(theme.SMALL)), [[]], 0  # type: ignore[var-annotated]
        most = width - SWATCH - _GAP
        for entry in entries:
            words = metrics.elidedText(entry.words, Qt.TextElideMode.ElideRight, most)
            wide = SWATCH + _GAP + metrics.horizontalAdvance(words)
            if left and left + wide > width:
                lines.append([])
                left = 0
            lines[-1].append((left, entry, words))
            left += wide + _BETWEEN
        return lines

    def sizeHint(self) -> QSize:
        """All lines."""
        return QSize(200, _LINE * len(self._lines) + 4)

    def draw(self, painter: QPainter, rect: QRectF, density: float) -> None:
        """Draw all lines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        for number, line in enumerate(self._lines):
            middle = rect.top() + 4 + (number + 0.5) * _LINE
            for left, entry, words in line:
                place = QPointF(rect.left() + self._left + left, middle)
                draw_swatch(painter, place, entry.look, density)
                painter.setPen(theme.colour("secondary"))
                room = QRectF(place.x() + SWATCH + _GAP, middle - _LINE / 2, rect.width(), _LINE)
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


def strands_as_csv(strands: Sequence[Strand], sketch: Sketch) -> str:
    """Every raw point of the figure that is drawn, one a row: run, curve, step, epoch, seconds, samples, value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    name = "learning_rate" if sketch.figure == "rate" else sketch.figure
    writer.writerow([*_COMMON, name])
    for strand in strands:
        if strand.key in sketch.hidden:
            continue
        for run, track in zip(strand.ids, strand.tracks, strict=True):
            steps, values = track.everything(sketch.figure)
            columns = [moved(track.run, axis, steps) for axis in ("step", "epoch", "time", "samples")]
            words = [safe_cell(run), safe_cell(strand.words)]
            for row in zip(*columns, np.asarray(values).tolist(), strict=True):
                writer.writerow([*words, *(f"{value:.9g}" for value in row)])
    return text.getvalue()
