"""The plot as a picture: PNG, SVG, or a pixmap for the clipboard. No buttons on it: heading, plot and legend."""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator

from fmstudio.export.figures import stamped_png, stamped_svg
from fmstudio.runs.run import Run
from fmstudio.ui import theme
from fmstudio.ui.plots.figure_saver import facts_of_runs
from fmstudio.ui.plots.legend import Legend
from fmstudio.ui.plots.page import Page

_MARGIN = 14
_HEADING = 28
_DENSITY = 2.0


class Picture:
    """A picture of a page as it is now.

    Args:
        page: The plot.
        legend: The line under it.
        heading: What stands above it.
        runs: That are drawn: the file carries where they come from.
        library: Where those lie that go on; None for the user's.
    """

    def __init__(
        self, page: Page, legend: Legend, heading: str, runs: Sequence[Run] = (), library: Path | None = None
    ) -> None:
        self._page = page
        self._legend = legend
        self._heading = heading
        self._runs, self._library = runs, library

    @property
    def size(self) -> QSize:
        """In pixels at 100 %."""
        below = self._legend.sizeHint().height()
        return QSize(self._page.plot.width() + 2 * _MARGIN, self._page.plot.height() + _HEADING + below + 2 * _MARGIN)

    def pixmap(self) -> QPixmap:
        """With twice as many pixels, so that it is sharp in a text."""
        pixmap = QPixmap(self.size * _DENSITY)
        pixmap.setDevicePixelRatio(_DENSITY)
        painter = QPainter(pixmap)
        self._page.set_density(_DENSITY)
        self._page.draw()
        self._draw(painter, _DENSITY)
        painter.end()
        self._page.set_density(self._page.plot.devicePixelRatioF())
        self._page.draw()
        return pixmap

    def save_png(self, path: Path) -> None:
        """Write the pixmap, whole or not at all."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.pixmap().save(buffer, "PNG")
        write_whole(path, stamped_png(bytes(data.data()), facts_of_runs(self._runs, self._library)))

    def save_svg(self, path: Path) -> None:
        """Write lines and letters that stay sharp at any size, whole or not at all."""
        data = QByteArray()
        buffer = QBuffer(data)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(self._page.plot.logicalDpiX())
        generator.setSize(self.size)
        generator.setViewBox(QRect(QPoint(0, 0), self.size))
        generator.setTitle(self._heading)
        painter = QPainter(generator)
        self._draw(painter, 1.0)
        painter.end()
        families = ",".join(theme.FAMILIES).encode()
        content = bytes(data.data()).replace(families, families + b",sans-serif")
        write_whole(path, stamped_svg(content, facts_of_runs(self._runs, self._library)))

    def _draw(self, painter: QPainter, density: float) -> None:
        size, plot = self.size, self._page.plot
        painter.fillRect(QRect(QPoint(0, 0), size), theme.colour("card"))
        target = QRectF(_MARGIN, _MARGIN + _HEADING, plot.width(), plot.height())
        plot.render(painter, target, plot.rect())
        self._trim(painter, target)
        painter.setFont(theme.font(weight=600))
        painter.setPen(theme.colour("text"))
        heading = QRectF(_MARGIN, _MARGIN, plot.width(), _HEADING - 8)
        painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, self._heading)
        foot = QRectF(_MARGIN, target.bottom(), plot.width(), self._legend.sizeHint().height())
        self._legend.draw(painter, foot, density)

    def _trim(self, painter: QPainter, target: QRectF) -> None:
        """Cover what sticks out of the axes and draw these again: an SVG that Qt writes knows no clipping."""
        plot, size = self._page.plot, self.size
        box = plot.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().translated(target.topLeft())
        top, bottom, width = inside.top(), inside.bottom(), float(size.width())
        for rect in (
            QRectF(0, 0, width, top),
            QRectF(0, bottom, width, size.height() - bottom),
            QRectF(0, top, inside.left(), inside.height()),
            QRectF(inside.right(), top, width - inside.right(), inside.height()),
        ):
            painter.fillRect(rect, theme.colour("card"))
        background = plot.backgroundBrush()
        plot.setBackgroundBrush(Qt.BrushStyle.NoBrush)
        box.hide()
        plot.render(painter, target, plot.rect())
        box.show()
        plot.setBackgroundBrush(background)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is never half there: into a temporary one beside it, which then takes its name."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
