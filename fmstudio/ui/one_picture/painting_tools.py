"""What one paints with: eraser or brush, how wide, how bright."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from fmstudio.ui.one_picture.paint_picture import BACKGROUND
from fmstudio.ui.widgets import TabRow, label
from fmstudio.words import tr

SIZES = (1, 5)
_SIZE, _GREY = 3, 200


class PaintingTools(QWidget):
    """One row: eraser or brush, and two sliders.

    Attributes:
        changed: Another tool, size or grey was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paintingTools")
        self._tools = TabRow({"eraser": tr("Eraser"), "brush": tr("Brush")})
        self._tools.chosen.connect(self._tell)
        self._size, self._size_words = self._slider("brushSize", *SIZES, _SIZE)
        self._grey, self._grey_words = self._slider("brushGrey", 1, 255, _GREY)
        self._grey.setPageStep(16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self._tools, self._size_words, self._size, self._grey_words, self._grey):
            row.addWidget(part, 1 if isinstance(part, QSlider) else 0)
        self._write()

    @property
    def value(self) -> int:
        """What is painted, 0…255."""
        return BACKGROUND if self._tools.key == "eraser" else self._grey.value()

    @property
    def size_in_pixels(self) -> int:
        """Edge of the brush."""
        return self._size.value()

    def _slider(self, name: str, least: int, most: int, value: int) -> tuple[QSlider, QLabel]:
        made, words = QSlider(Qt.Orientation.Horizontal), label(role="small")
        made.setObjectName(name)
        made.setRange(least, most)
        made.setValue(value)
        made.setMinimumWidth(40)
        made.valueChanged.connect(self._tell)
        words.setBuddy(made)
        return made, words

    def _tell(self) -> None:
        self._write()
        self.changed.emit()

    def _write(self) -> None:
        brush = self._tools.key == "brush"
        self._grey.setEnabled(brush)
        self._grey_words.setEnabled(brush)
        self._size_words.setText(tr("Size {size}", size=self._size.value()))
        self._grey_words.setText(tr("Grey {value}", value=self._grey.value()))
        self._grey_words.setMinimumWidth(
            self._grey_words.fontMetrics().horizontalAdvance(tr("Grey {value}", value=200))
        )
        self._size.setAccessibleName(self._size_words.text())
        self._grey.setAccessibleName(self._grey_words.text())
