"""Saves figures so that they carry where they come from: the facts of the runs that they show."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from fmstudio.errors import UserError
from fmstudio.export.figures import FigureFacts, facts_of, folder_of, stamped_png, stamped_svg
from fmstudio.runs.run import Run
from fmstudio.runs.writing import write_atomically
from fmstudio.ui import theme
from fmstudio.words import marked, tr

DENSITY = 2.0
"""So many pixels of a PNG for one of the screen, so that it is sharp in a text."""
_PIXELS_PER_INCH = 96
_MARGIN = 14
_HEADING = 28
_GAP = 4
_FILES = {
    ".png": (marked("Save as PNG…"), marked("Pictures")),
    ".svg": (marked("Save as SVG…"), marked("Drawings")),
}
Draw = Callable[[QPainter], None]


def facts_of_runs(runs: Sequence[Run], library: Path | None = None) -> list[FigureFacts]:
    """What a figure of some runs says of them; reads a small file of each, so only when a figure is saved.

    Args:
        runs: That are shown.
        library: Where those lie that go on; None for the user's.
    """
    return [facts_of(run, folder_of(run, library)) for run in runs]


def write_figure(path: Path, content: bytes, runs: Sequence[Run], library: Path | None = None) -> None:
    """Write a PNG or an SVG, whole or not at all, with the facts of its runs inside, or that it shows none.

    Raises:
        UserError: Where it cannot be written.
    """
    facts = facts_of_runs(runs, library)
    stamped = stamped_svg if path.suffix.lower() == ".svg" else stamped_png
    write_atomically(path, stamped(content, facts))


def png_of(size: QSize, draw: Draw) -> bytes:
    """What is drawn as a PNG, with twice as many pixels."""
    image = QImage(size * DENSITY, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(DENSITY)
    image.fill(theme.colour("card"))
    painter = QPainter(image)
    draw(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def svg_of(size: QSize, draw: Draw, title: str = "") -> bytes:
    """What is drawn as an SVG: lines and letters that stay sharp at any size."""
    data = QByteArray()
    buffer, generator = QBuffer(data), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_PIXELS_PER_INCH)
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(0, 0), size))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRect(QPoint(0, 0), size), theme.colour("card"))
    draw(painter)
    painter.end()
    families = ",".join(theme.FAMILIES).encode()
    return bytes(data.data()).replace(families, families + b",sans-serif")


class WidgetsFigure:
    """Widgets as a figure, one below the other, with a heading above them.

    Args:
        widgets: As they are seen now; those that are hidden are left out.
        heading: What stands above them.
    """

    def __init__(self, widgets: Sequence[QWidget], heading: str) -> None:
        self._widgets, self.heading = [one for one in widgets if not one.isHidden()], heading

    @property
    def size(self) -> QSize:
        """In pixels at 100 %."""
        width = max((one.width() for one in self._widgets), default=0)
        height = sum(one.height() + _GAP for one in self._widgets)
        return QSize(width + 2 * _MARGIN, height + 2 * _MARGIN + _HEADING)

    def draw(self, painter: QPainter) -> None:
        """Draw heading and widgets."""
        painter.save()
        painter.setFont(theme.font(weight=600))
        painter.setPen(theme.colour("text"))
        line = QRect(_MARGIN, _MARGIN, self.size.width() - 2 * _MARGIN, _HEADING - 8)
        heading = painter.fontMetrics().elidedText(self.heading, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, heading)
        painter.restore()
        top = _MARGIN + _HEADING
        for one in self._widgets:
            one.render(painter, QPoint(_MARGIN, top), renderFlags=QWidget.RenderFlag.DrawChildren)
            top += one.height() + _GAP

    def written(self, ending: str) -> bytes:
        """Its bytes as ``".png"`` or ``".svg"``."""
        return svg_of(self.size, self.draw, self.heading) if ending == ".svg" else png_of(self.size, self.draw)


class FigureSaver(QObject):
    """Asks where to, and saves a figure there.

    Args:
        parent: Over whom the dialog opens.
        name: What the file is called at first.
        written: Makes the bytes for ``".png"`` or ``".svg"``.
        runs: Those that are shown, asked when something is saved.

    Attributes:
        library: Where the runs lie that go on; None for the user's.

    Signals:
        saved(Path): It was written there.
        failed(UserError): It could not be.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        name: Callable[[], str],
        written: Callable[[str], bytes],
        runs: Callable[[], Sequence[Run]],
    ) -> None:
        super().__init__(parent)
        self._parent, self._name, self._written, self._runs = parent, name, written, runs
        self.library: Path | None = None

    def add_to(self, menu: QMenu) -> None:
        """Add "Save as PNG…" and "Save as SVG…"."""
        for ending, (text, _) in _FILES.items():
            menu.addAction(tr(text), partial(self.ask, ending))

    def ask(self, ending: str) -> None:
        """Let the user choose a place, and write it there."""
        kind = tr(_FILES[ending][1])
        chosen, _ = QFileDialog.getSaveFileName(self._parent, "", f"{self._name()}{ending}", f"{kind} (*{ending})")
        if chosen:
            self.save(Path(chosen) if Path(chosen).suffix else Path(chosen + ending))

    def save(self, path: Path) -> None:
        """Write it there, as its ending says."""
        try:
            ending = path.suffix.lower()
            if ending not in _FILES:
                message = tr("A figure cannot be saved as {name}.", name=path.name)
                raise UserError(message, tr("Let the name end in .png or .svg."))
            write_figure(path, self._written(ending), self._runs(), self.library)
        except UserError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(path)
