"""A small table on the score card: each number of a rule, what was learned in its place, and the difference."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.words import tr

SHOWN = 6
"""At most so many lines have room."""

_ROW, _HEAD = 16, 16
_BLOCK = 3
_BETWEEN = 22
_NAME = 0.16
_MARK = 20
_SHARES = (0.27, 0.34, 0.39)


@dataclass(frozen=True)
class Line:
    """One number in words.

    Attributes:
        name: "w1".
        true: Its value in the rule; ``learned``, and learned minus true.
        learned: See ``true``.
        difference: See ``true``.
        near: Whether the difference is as small as it can be expected to be.
    """

    name: str
    true: str
    learned: str
    difference: str
    near: bool = False


class ParameterTable(QWidget):
    """Three lines, or twice three side by side; the rest stands in the tooltip.

    Attributes:
        lines: What it shows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("parameterTable")
        self.lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEAD + _BLOCK * _ROW)
        self.hide()

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show other lines."""
        if lines == self.lines:
            return
        self.lines = lines
        said = [
            tr("{name}: true {true}, learned {learned}, difference {difference}", name=line.name, true=line.true,
               learned=line.learned, difference=line.difference)
            for line in lines
        ]  # fmt: skip
        self.setAccessibleName("\n".join(said))
        self.setToolTip("\n".join(said[:40]) if len(lines) > SHOWN else "")
        self.update()

    def sizeHint(self) -> QSize:
        """A title and three lines."""
        return QSize(240, _HEAD + _BLOCK * _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw one block, or two side by side."""
        painter = QPainter(self)
        shown = self.lines[:SHOWN]
        if len(self.lines) > SHOWN:
            shown = (*self.lines[: SHOWN - 1], self.lines[-1])
        blocks = [shown[:_BLOCK], shown[_BLOCK:]] if len(shown) > _BLOCK else [shown]
        width = (self.width() - _BETWEEN * (len(blocks) - 1)) / len(blocks)
        for place, block in enumerate(blocks):
            _paint_block(painter, place * (width + _BETWEEN), width, block)


def _paint_block(painter: QPainter, left: float, width: float, lines: tuple[Line, ...]) -> None:
    names = ("", tr("true"), tr("learned"), tr("difference"))
    first = _NAME * width
    widths = [share * (width - first) for share in _SHARES]
    rights = [left + first + sum(widths[: column + 1]) for column in range(3)]
    painter.setFont(theme.font(theme.SMALL))
    painter.setPen(theme.colour("secondary"))
    for column, name in enumerate(names[1:]):
        place = QRectF(rights[column] - widths[column], 0, widths[column], _HEAD)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
    for row, line in enumerate(lines):
        top = _HEAD + row * _ROW
        painter.setFont(theme.font(theme.SMALL, tabular=True))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(QRectF(left, top, first, _ROW), Qt.AlignmentFlag.AlignVCenter, line.name)
        learned = "faint" if line.learned == "–" else "text"
        if line.near:
            painter.setPen(theme.colour("right"))
            painter.drawText(QRectF(left + _MARK, top, first, _ROW), Qt.AlignmentFlag.AlignVCenter, "✓")
        cells = ((line.true, "text"), (line.learned, learned), (line.difference, "right" if line.near else learned))
        for column, (text, colour) in enumerate(cells):
            painter.setFont(theme.font(theme.SMALL, weight=600 if column == 1 else 400, tabular=True))
            painter.setPen(theme.colour(colour))
            place = QRectF(rights[column] - widths[column], top, widths[column], _ROW)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
