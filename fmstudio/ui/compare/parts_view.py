"""What became of the pictures from one run to another: four parts in a square, each to be clicked."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QWidget

from fmstudio.insight.score import percent
from fmstudio.insight.two_runs import PARTS, Part, TwoRuns
from fmstudio.ui import theme
from fmstudio.ui.widgets import Button, label
from fmstudio.words import tr

_PLACES: Mapping[Part, tuple[int, int]] = {"right": (1, 1), "broken": (1, 2), "fixed": (2, 1), "wrong": (2, 2)}
_COLOURS: Mapping[Part, str] = {"fixed": "right", "broken": "wrong", "right": "text", "wrong": "text"}
_MARKS: Mapping[Part, str] = {"fixed": "▲ ", "broken": "▼ ", "right": "", "wrong": ""}
_HEIGHT = 48
_CENTRED = Qt.AlignmentFlag.AlignCenter


class PartButton(Button):
    """One of the four parts: how many pictures, and what they are.

    Args:
        part: Which one.
    """

    def __init__(self, part: Part) -> None:
        super().__init__("", "", f"part.{part}")
        self._part: Part = part
        self._count, self._share = "", ""
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)

    @property
    def count(self) -> str:
        """The number that stands in it."""
        return self._count

    def show_part(self, count: int, whole: int) -> None:
        """Show how many of all pictures belong to it."""
        self._count = f"{count:,}"
        self._share = percent(count / whole, whole) if whole else ""
        name = tr(PARTS[self._part])
        self.setAccessibleName(tr("{count} of {whole} pictures {part}", count=count, whole=whole, part=name))
        self.setToolTip(tr("A click shows the pictures: {part}", part=name))
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(150, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The same, narrower."""
        return QSize(92, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the number over what it counts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        colour = _COLOURS[self._part]
        strong = 0.16 if colour != "text" else 0.04
        painter.setBrush(theme.colour(colour, strong + 0.06 * self.underMouse()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 6, 6)
        if self.isChecked() or self.ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent" if self.ring else "text"), 2))
            painter.drawRoundedRect(box, 6, 6)
        painter.setFont(theme.font(18, weight=600, tabular=True))
        painter.setPen(theme.colour(colour))
        painter.drawText(QRect(4, 3, self.width() - 8, 26), _CENTRED, _MARKS[self._part] + self._count)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        text = f"{tr(PARTS[self._part])} · {self._share}"
        if painter.fontMetrics().horizontalAdvance(text) > self.width() - 8:
            text = tr(PARTS[self._part])
        painter.drawText(QRect(4, 27, self.width() - 8, 18), _CENTRED, text)
        painter.end()


class PartsView(QWidget):
    """The square of both right, broken, fixed, both wrong.

    Attributes:
        chosen: The user clicked on a part, or walked to it with the arrows: its name.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("partsView")
        self._group = QButtonGroup(self)
        self.buttons: dict[Part, PartButton] = {part: PartButton(part) for part in _PLACES}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for text, row, column in (
            (tr("B right"), 0, 1), (tr("B wrong"), 0, 2), (tr("A right"), 1, 0), (tr("A wrong"), 2, 0)
        ):  # fmt: skip
            grid.addWidget(label(text, "small"), row, column, _CENTRED)
        for part, made in self.buttons.items():
            self._group.addButton(made)
            grid.addWidget(made, *_PLACES[part])
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self.setMinimumHeight(grid.sizeHint().height())
        self._group.buttonClicked.connect(lambda made: self.chosen.emit(self._part_of(made)))

    def show_two(self, two: TwoRuns) -> None:
        """Show how the pictures are parted."""
        for part, made in self.buttons.items():
            made.show_part(two.count(part), len(two))

    def choose(self, part: Part | None) -> None:
        """Mark a part as chosen, without the signal; None: none."""
        self._group.setExclusive(False)
        for name, made in self.buttons.items():
            made.setChecked(name == part)
        self._group.setExclusive(True)

    def _part_of(self, made: object) -> Part:
        return next(part for part, one in self.buttons.items() if one is made)
