"""The menu "⋯" of an overlay: save, copy, what bands are, show everything."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from fmstudio.insight.overlay import Spread
from fmstudio.ui.compare.overlay.files import PictureLegend, strands_as_csv
from fmstudio.ui.compare.overlay.plot import OverlayPlot
from fmstudio.ui.compare.overlay.strands import Sketch, Strand
from fmstudio.ui.plots.frame import AXIS_WIDTH
from fmstudio.ui.plots.picture import Picture, write_whole
from fmstudio.words import tr


class Overlay(Protocol):
    """What is needed of the panel."""

    plot: OverlayPlot

    @property
    def strands(self) -> Sequence[Strand]: ...  # noqa: D102
    @property
    def sketch(self) -> Sketch: ...  # noqa: D102
    @property
    def spread(self) -> Spread: ...  # noqa: D102
    @property
    def library(self) -> Path | None: ...  # noqa: D102
    def choose_spread(self, spread: Spread) -> None: ...  # noqa: D102
    def show_all(self) -> None: ...  # noqa: D102


class OverlayMenu(QMenu):
    """What can be done with a whole overlay."""

    saved = Signal(str)
    """A file was written: its path."""

    problem = Signal(str, str)
    """A file could not be written: what happened, and what to do."""

    def __init__(self, panel: Overlay) -> None:
        super().__init__(panel if isinstance(panel, QWidget) else None)
        self._panel = panel
        self._saving = [
            self.addAction(tr("Save as PNG…"), lambda: self._ask(tr("Pictures"), ".png", self.save_png)),
            self.addAction(tr("Save as SVG…"), lambda: self._ask(tr("Drawings"), ".svg", self.save_svg)),
            self.addAction(tr("Copy picture"), self.copy_picture),
            self.addAction(tr("Save points as CSV…"), lambda: self._ask(tr("Tables"), ".csv", self.save_csv)),
        ]
        self.addSeparator()
        group = QActionGroup(self)
        self._spreads: dict[Spread, QAction] = {
            "range": self.addAction(tr("Bands from the lowest to the highest")),
            "deviation": self.addAction(tr("Bands of ± 1 standard deviation")),
        }
        for spread, action in self._spreads.items():
            action.setCheckable(True)
            action.setChecked(spread == "range")
            group.addAction(action)
            action.triggered.connect(lambda _=False, spread=spread: self._panel.choose_spread(spread))
        self.addSeparator()
        self.addAction(tr("Show all curves"), lambda: self._panel.show_all())
        self.addAction(tr("Show everything"), lambda: self._panel.plot.show_everything())
        self.aboutToShow.connect(self._suit)

    def open_below(self, widget: QWidget) -> None:
        """Open under a button, right ends aligned."""
        self.popup(widget.mapToGlobal(QPoint(widget.width() - self.sizeHint().width(), widget.height())))

    def save_png(self, path: Path) -> None:
        """Write the plot with its legend as a picture with twice as many pixels as the screen shows."""
        self.picture().save_png(path)

    def save_svg(self, path: Path) -> None:
        """Write them as lines and letters."""
        self.picture().save_svg(path)

    def save_csv(self, path: Path) -> None:
        """Write every raw point of the visible curves."""
        write_whole(path, strands_as_csv(self._panel.strands, self._panel.sketch).encode())

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.picture().pixmap())

    def picture(self) -> Picture:
        """The plot as it is now, every visible curve named under it."""
        plot = self._panel.plot
        legend = PictureLegend(plot.legend(), AXIS_WIDTH, plot.plot.width())
        strands = [strand for strand in self._panel.strands if strand.key not in self._panel.sketch.hidden]
        runs = [track.run for strand in strands for track in strand.tracks]
        return Picture(plot, legend, plot.title, runs, self._panel.library)

    def _suit(self) -> None:
        drawn = bool(self._panel.plot.legend())
        for action in self._saving:
            action.setEnabled(drawn)
        for spread, action in self._spreads.items():
            action.setVisible(any(strand.banded for strand in self._panel.strands))
            action.setChecked(spread == self._panel.spread)

    def _ask(self, kind: str, ending: str, save: Callable[[Path], None]) -> None:
        """Ask where to, and save there."""
        parent = self.parentWidget()
        name = self._panel.plot.title or tr("Curves")
        chosen, _ = QFileDialog.getSaveFileName(parent, "", f"{name}{ending}", f"{kind} (*{ending})")
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen + ending)
        try:
            save(path)
        except OSError as error:
            self.problem.emit(
                tr("{name} could not be written: {reason}.", name=path.name, reason=error.strerror or str(error)),
                tr("Choose another folder, or make room on the disk."),
            )
        else:
            self.saved.emit(str(path))
