"""The confusion matrix as a file: PNG and SVG for texts, CSV for calculations; as it is shown, with all its words."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter

from fmstudio.errors import UserError
from fmstudio.export.spreadsheet import safe_cell
from fmstudio.runs.run import Run
from fmstudio.runs.writing import write_atomically
from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.ui import theme
from fmstudio.ui.matrix.delegate import CORNER, cell_colour, faded, text_colour
from fmstudio.ui.matrix.image import matrix_image
from fmstudio.ui.plots.figure_saver import png_of, svg_of, write_figure
from fmstudio.words import tr

ENDINGS = (".png", ".svg", ".csv")

_MARGIN = 20
_GAP = 8
_LINE = 20
_LEGEND = 30
_SQUARE = QSize(46, 34)
_MOST = 1600
_LEAST = 3
_LEAST_NAMED = 10
_NUMBERED = 60


@dataclass(frozen=True, eq=False)
class MatrixFigure:
    """What is saved.

    Attributes:
        model: The matrix in the order and the mode in which it is shown.
        names: Short names of the classes, translated, in the order of the data set.
        title: Of which run.
        subtitle: What was counted, and what the squares show.
        run: Whose answers these are: the file carries where it comes from.
        library: Where it lies while it goes on; None for the user's.
    """

    model: ConfusionTableModel
    names: tuple[str, ...]
    title: str
    subtitle: str
    run: Run | None = None
    library: Path | None = None


def export_matrix(path: Path, figure: MatrixFigure) -> None:
    """Write the matrix, whole or not at all; the file's ending says as what.

    Raises:
        UserError: Where the ending is another one, there is nothing to save, or the file cannot be written.
    """
    ending = path.suffix.lower()
    if figure.model.counts is None:
        raise UserError(tr("There is no matrix yet."), tr("Train a network first, then save it."))
    if ending not in ENDINGS:
        message = tr("A matrix cannot be saved as {name}.", name=path.name)
        raise UserError(message, tr("Let the name end in .png, .svg or .csv."))
    writers: dict[str, Callable[[MatrixFigure], bytes | str]] = {".png": _png, ".svg": _svg, ".csv": _csv}
    content = writers[ending](figure)
    if isinstance(content, bytes):
        write_figure(path, content, [figure.run] if figure.run else [], figure.library)
    else:
        write_atomically(path, content)


def _csv(figure: MatrixFigure) -> str:
    """A heading with the predicted classes, then one row for each true class; empty where a share is undefined."""
    model = figure.model
    names = [safe_cell(tr(model.classes[label])) for label in model.order.tolist()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([figure.subtitle, *names])
    whole = model.mode in ("count", "change")
    for name, row in zip(names, model.numbers().tolist(), strict=True):
        writer.writerow([name, *(_written(value, whole=whole) for value in row)])
    return text.getvalue()


def _written(value: float, *, whole: bool) -> str:
    if np.isnan(value):
        return ""
    return str(round(value)) if whole else f"{value:.4f}".rstrip("0").rstrip(".")


def _png(figure: MatrixFigure) -> bytes:
    drawing = _Drawing(figure)
    return png_of(drawing.size, drawing.draw)


def _svg(figure: MatrixFigure) -> bytes:
    drawing = _Drawing(figure)
    return svg_of(drawing.size, drawing.draw, figure.title)


class _Drawing:
    """The matrix with title, names and legend, in pixels at 100 %."""

    def __init__(self, figure: MatrixFigure) -> None:
        self._figure, self._count = figure, len(figure.names)
        most = max(_LEAST, _MOST // max(1, self._count))
        self._wide, self._tall = min(_SQUARE.width(), most), min(_SQUARE.height(), most)
        if self._count > _NUMBERED:
            self._wide = self._tall
        self._named = self._tall >= _LEAST_NAMED
        self._font = theme.font(min(theme.SMALL, max(8, self._tall - 3)))
        metrics = QFontMetrics(self._font)
        longest = max((metrics.horizontalAdvance(name) for name in figure.names), default=0) if self._named else 0
        self._upright = self._named and longest + 6 > self._wide
        beside = longest + 2 * _GAP + _LINE
        above = _MARGIN + 2 * _LINE + _GAP + _LINE + (longest if self._upright else _LINE if self._named else 0) + _GAP
        self._grid = QRect(_MARGIN + beside, above, self._wide * self._count, self._tall * self._count)
        words = max(QFontMetrics(theme.font(weight=600)).horizontalAdvance(figure.title), self._legend_width())
        words = max(words, QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(figure.subtitle))
        width = max(self._grid.right() + 1, _MARGIN + words) + _MARGIN
        self.size = QSize(width, self._grid.bottom() + 1 + _LEGEND + _MARGIN)

    def draw(self, painter: QPainter) -> None:
        """Draw everything."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(QPoint(0, 0), self.size), theme.colour("card"))
        self._draw_words(painter)
        if self._named:
            self._draw_names(painter)
        if self._count > _NUMBERED:
            whole = slice(0, self._count)
            painter.drawImage(self._grid, matrix_image(self._figure.model, whole, whole))
        else:
            for row, column in np.ndindex(self._count, self._count):
                self._draw_square(painter, row, column)
        self._draw_legend(painter)

    def _draw_words(self, painter: QPainter) -> None:
        line = QRect(_MARGIN, _MARGIN, self.size.width() - 2 * _MARGIN, _LINE)
        painter.setFont(theme.font(weight=600))
        painter.setPen(theme.colour("text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._figure.title)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(line.translated(0, _LINE), Qt.AlignmentFlag.AlignVCenter, self._figure.subtitle)
        over = QRect(self._grid.left(), line.top() + 2 * _LINE + _GAP, max(self._grid.width(), 120), _LINE)
        painter.drawText(over, Qt.AlignmentFlag.AlignCenter, tr("was taken for →"))
        painter.save()
        painter.translate(_MARGIN, self._grid.center().y())
        painter.rotate(-90)
        painter.drawText(QRect(-100, 0, 200, _LINE), Qt.AlignmentFlag.AlignCenter, tr("← is really"))
        painter.restore()

    def _draw_names(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(theme.colour("text"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, label in enumerate(self._figure.model.order.tolist()):
            name = self._figure.names[label]
            top, across = self._grid.top() + place * self._tall, self._grid.left() + place * self._wide
            painter.drawText(QRect(_MARGIN, top, self._grid.left() - _MARGIN - _GAP, self._tall), right, name)
            if self._upright:
                painter.save()
                painter.translate(across, self._grid.top() - _GAP / 2)
                painter.rotate(-90)
                painter.drawText(QRect(0, 0, 4000, self._wide), left, name)
                painter.restore()
            else:
                above = QRect(across, self._grid.top() - _LINE - 2, self._wide, _LINE)
                painter.drawText(above, Qt.AlignmentFlag.AlignCenter, name)

    def _draw_square(self, painter: QPainter, row: int, column: int) -> None:
        model = self._figure.model
        look = model.look(row, column)
        colour = cell_colour(look.shade, right=look.good, change=model.mode == "change")
        ink = text_colour(colour) if look.shade else theme.colour("faint")
        if look.faint:
            colour, ink = faded(colour), theme.colour("secondary")
        corner = self._grid.topLeft() + QPoint(column * self._wide, row * self._tall)
        rect = QRectF(QRect(corner, QSize(self._wide, self._tall)))
        gap = 1 if self._tall > 16 else 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(rect.adjusted(gap, gap, -gap, -gap), CORNER, CORNER)
        font = theme.font(min(theme.SMALL, self._tall - 6), weight=500 if row == column else 400)
        if look.text and QFontMetrics(font).horizontalAdvance(look.text) <= self._wide:
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, look.text)

    def _draw_legend(self, painter: QPainter) -> None:
        """What the two colours mean, from nothing to all."""
        left, top = _MARGIN, self._grid.bottom() + _GAP
        for words, right in self._legend():
            bar = QRect(left, top + 4, 60, 12)
            shades = QLinearGradient(bar.topLeft(), bar.topRight())
            for step in range(11):
                change = self._figure.model.mode == "change"
                shades.setColorAt(step / 10, cell_colour(step / 10, right=right, change=change))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shades)
            painter.drawRoundedRect(bar, 3, 3)
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.colour("secondary"))
            width = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRect(bar.right() + _GAP, top, width + 4, _LINE), Qt.AlignmentFlag.AlignVCenter, words)
            left = bar.right() + 2 * _GAP + width + _MARGIN

    def _legend(self) -> tuple[tuple[str, bool], tuple[str, bool]]:
        if self._figure.model.mode == "change":
            return (tr("✓ better"), True), (tr("✗ worse"), False)
        return (tr("✓ right, 0–100 %"), True), (tr("✗ wrong, 0–100 %"), False)

    def _legend_width(self) -> int:
        metrics = QFontMetrics(theme.font(theme.SMALL))
        return sum(60 + 2 * _GAP + metrics.horizontalAdvance(words) + _MARGIN for words, _ in self._legend())
