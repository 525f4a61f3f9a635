"""What became of each class from one run to another: broken to the left, fixed to the right."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.two_runs import ClassChange, TwoRuns
from fmstudio.insight.two_runs_words import points
from fmstudio.ui import theme
from fmstudio.words import tr

_ROW, _LEAST, _HEAD, _NUMBER = 30, 18, 20, 44
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ClassChanges(QWidget):
    """A row for each class: its name, what broke, what was fixed, and by how many points it changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classChanges")
        self.setAccessibleName(tr("Fixed and broken of each class"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._rows: tuple[ClassChange, ...] = ()
        self._classes: tuple[str, ...] = ()

    def show_two(self, two: TwoRuns, classes: tuple[str, ...]) -> None:
        """Show what became of the classes."""
        self._rows, self._classes = two.per_class, classes
        self.setAccessibleDescription("; ".join(self._said(row) for row in self._rows))
        self.setMinimumHeight(_HEAD + _LEAST * len(self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each class."""
        return QSize(360, _HEAD + _ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a row for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(theme.font())
        names = min(110, max((metrics.horizontalAdvance(tr(name)) for name in self._classes), default=0) + 10)
        height = min(_ROW, max(_LEAST, (self.height() - _HEAD) // max(1, len(self._rows))))
        room = self.width() - names - 3 * _NUMBER
        middle = names + _NUMBER + room // 2
        self._paint_head(painter, middle)
        most = max((max(row.fixed, row.broken) for row in self._rows), default=0) or 1
        for place, row in enumerate(self._rows):
            line = QRect(0, _HEAD + place * height, self.width(), height)
            if line.bottom() >= event.rect().top() and line.top() <= event.rect().bottom():
                self._paint_row(painter, line, row, names, middle, (room / 2 - 4) / most)
        painter.end()

    def _paint_head(self, painter: QPainter, middle: int) -> None:
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("wrong"))
        painter.drawText(QRect(0, 0, middle - 8, _HEAD), _MIDDLE_RIGHT, tr("▼ broken"))
        painter.setPen(theme.colour("right"))
        painter.drawText(QRect(middle + 8, 0, self.width() - middle, _HEAD), _MIDDLE_LEFT, tr("▲ fixed"))

    def _paint_row(
        self, painter: QPainter, line: QRect, row: ClassChange, names: int, middle: int, unit: float
    ) -> None:
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(tr(self._classes[row.label]), Qt.TextElideMode.ElideRight, names - 8)
        painter.drawText(QRect(0, line.top(), names, line.height()), _MIDDLE_LEFT, name)
        top = line.center().y() - 5
        painter.setPen(Qt.PenStyle.NoPen)
        for count, colour, left in (
            (row.broken, "wrong", middle - row.broken * unit - 1),
            (row.fixed, "right", middle + 1),
        ):
            painter.setBrush(theme.colour(colour, 0.75))
            painter.drawRoundedRect(QRectF(left, top, count * unit, 11), 2, 2)
        painter.setFont(theme.font(theme.SMALL, tabular=True))
        painter.setPen(theme.colour("secondary"))
        left, right = int(middle - row.broken * unit) - 6, int(middle + row.fixed * unit) + 6
        painter.drawText(QRect(left - _NUMBER, line.top(), _NUMBER, line.height()), _MIDDLE_RIGHT, f"{row.broken:,}")
        painter.drawText(QRect(right, line.top(), _NUMBER, line.height()), _MIDDLE_LEFT, f"{row.fixed:,}")
        painter.setPen(theme.colour("text"))
        painter.drawText(line, _MIDDLE_RIGHT, self._change(row))

    def _change(self, row: ClassChange) -> str:
        return points((row.fixed - row.broken) / row.support) if row.support else "–"

    def _said(self, row: ClassChange) -> str:
        values = {"name": tr(self._classes[row.label]), "fixed": row.fixed, "broken": row.broken}
        return tr("{name}: {fixed} fixed, {broken} broken", **values)
