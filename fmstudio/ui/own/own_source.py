"""Where a picture of one's own comes from: the sketch pad with its tools, or a file or the clipboard."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from fmstudio.data.picture_files import SUFFIXES
from fmstudio.ui import theme
from fmstudio.ui.own.sketch_pad import BRUSH, EDGE, ERASER, SketchPad
from fmstudio.ui.pictures.picture_delegate import image_of
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import tr

_THIN, _THICK = 6, 36


class SketchSource(QWidget):
    """The sketch pad with brush, eraser, thickness, undo and clear."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad = SketchPad()
        self._tools = TabRow({BRUSH: tr("Brush"), ERASER: tr("Eraser")})
        self._tools.chosen.connect(self._choose)
        self._thickness = QSlider(Qt.Orientation.Horizontal)
        self._thickness.setObjectName("brushThickness")
        self._thickness.setRange(_THIN, _THICK)
        self._thickness.setValue(self.pad.thickness)
        self._thickness.setMinimumWidth(30)
        self._thickness.setToolTip(tr("How thick the brush is"))
        self._thickness.setAccessibleName(self._thickness.toolTip())
        self._thickness.valueChanged.connect(self._thicken)
        undo, clear = button(tr("Undo"), "link", "undoStroke"), button(tr("Clear"), "link", "clearSketch")
        undo.clicked.connect(self.pad.undo)
        clear.clicked.connect(self.pad.clear)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self._tools)
        row.addWidget(self._thickness, 1)
        row.addWidget(undo)
        row.addWidget(clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.pad)
        column.addLayout(row)
        column.addStretch(1)
        self.setFixedWidth(EDGE)

    def _choose(self, tool: str) -> None:
        self.pad.tool = tool

    def _thicken(self, thickness: int) -> None:
        self.pad.thickness = thickness


class FileSource(QWidget):
    """The picture as it came, and how another one gets here.

    Attributes:
        files_chosen: Files that the user chose or pasted: a list of paths.
        image_pasted: A picture from the clipboard, a ``QImage``.
    """

    files_chosen = Signal(object)
    image_pasted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = _Zone()
        self._zone.clicked.connect(self.choose)
        self._name = label(role="small")
        choose, paste = button(tr("Choose files…"), "", "chooseFiles"), button(tr("Paste"), "", "pastePicture")
        choose.clicked.connect(self.choose)
        paste.clicked.connect(self.paste)
        row = QHBoxLayout()
        row.addWidget(choose, 1)
        row.addWidget(paste)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._zone)
        column.addLayout(row)
        column.addWidget(self._name)
        column.addStretch(1)
        self.setFixedWidth(EDGE)

    def show_original(self, pixels: NDArray[np.uint8] | None, name: str) -> None:
        """Show a picture as it was read; None: there is none."""
        self._zone.show_pixels(pixels)
        _elide(self._name, name)

    def choose(self) -> None:
        """Let the user choose files."""
        patterns = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Choose pictures"), "", f"{tr('Pictures')} ({patterns})")
        if paths:
            self.files_chosen.emit([Path(path) for path in paths])

    def paste(self) -> None:
        """Take files or a picture out of the clipboard."""
        given = QGuiApplication.clipboard().mimeData() or QMimeData()
        paths = [Path(url.toLocalFile()) for url in given.urls() if url.isLocalFile()]
        if paths:
            self.files_chosen.emit(paths)
            return
        image = given.imageData()
        if isinstance(image, QPixmap):
            image = image.toImage()
        if isinstance(image, QImage) and not image.isNull():
            self.image_pasted.emit(image)
        else:
            self._name.setText(tr("There is no picture in the clipboard."))


class _Zone(QWidget):
    """A square with a dashed line, into which pictures are dropped; then the picture."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setFixedSize(EDGE, EDGE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._pixmap: QPixmap | None = None

    def show_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show a picture, or ask for one."""
        self._pixmap = None if pixels is None else QPixmap.fromImage(image_of(pixels))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses files."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, or the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("line"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(theme.colour("empty_cell"))
        painter.drawRoundedRect(QRectF(box), 8, 8)
        if self._pixmap is None:
            painter.setFont(theme.font())
            painter.setPen(theme.colour("secondary"))
            words = tr("Drop pictures here,\npaste one with Ctrl+V,\nor choose files.")
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        else:
            inner = box.adjusted(8, 8, -8, -8)
            size = self._pixmap.size().scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, max(1, size.width()), max(1, size.height()))
            target.moveCenter(inner.center())
            painter.drawPixmap(target, self._pixmap)
        painter.end()


def _elide(made: QLabel, text: str) -> None:
    shown = made.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, EDGE)
    made.setText(shown)
    made.setToolTip("" if shown == text else text)
