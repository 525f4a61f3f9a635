"""One picture in detail: large, with what the network thought of each class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.ui import theme
from fmstudio.ui.picture_delegate import scaled
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

_ROW = 22
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class LargePicture(QWidget):
    """A picture whose pixels can be counted.

    Args:
        edge: The most that it may be wide and high, in pixels; a pixel of the picture is a whole number of them.
    """

    def __init__(self, edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge = edge
        self._image: NDArray[np.uint8] | None = None
        self._colour = "line"
        self.setFixedSize(edge, edge)

    def show_image(self, image: NDArray[np.uint8], colour: str = "line") -> None:
        """Show a picture, framed in a colour of the theme."""
        self._image, self._colour = image, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, sharp, in its frame."""
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixel = max(1, (self._edge - 4) // max(self._image.shape[:2]))
        pixmap = scaled(self._image, pixel * max(self._image.shape[:2]), self.devicePixelRatioF())
        size = pixmap.deviceIndependentSize().toSize()
        place = QRect(2, 2, size.width(), size.height())
        painter.drawPixmap(place.topLeft(), pixmap)
        painter.setPen(QPen(theme.colour(self._colour), 2))
        painter.drawRoundedRect(QRectF(place).adjusted(-1, -1, 1, 1), 4, 4)
        painter.end()


class ProbabilityBars(QWidget):
    """A bar for each class: how sure the network was; the true class and the predicted one say so in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilityBars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._classes: tuple[str, ...] = ()
        self._shares: NDArray[np.float32] = np.empty(0, np.float32)
        self._label, self._predicted = -1, -1

    def show_probabilities(
        self, classes: tuple[str, ...], probabilities: NDArray[np.float16], true: int, predicted: int
    ) -> None:
        """Show one picture's probabilities.

        Args:
            classes: Names of the classes.
            probabilities: Of each class, 0…1, shape (classes,).
            true: What it really is.
            predicted: What it was taken for.
        """
        self._classes, self._shares = classes, probabilities.astype(np.float32)
        self._label, self._predicted = true, predicted
        rows = ((tr(name), self._percent(row), self._said(row)) for row, name in enumerate(classes))
        self.setAccessibleDescription("; ".join(" ".join(part for part in row if part) for row in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each class."""
        return QSize(320, _ROW * len(self._classes))

    def minimumSizeHint(self) -> QSize:
        """The same, narrower."""
        return QSize(240, _ROW * len(self._classes))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a row for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(len(self._classes)):
            self._paint_row(painter, row)
        painter.end()

    def _paint_row(self, painter: QPainter, row: int) -> None:
        line, said = QRect(0, row * _ROW, self.width(), _ROW), self._said(row)
        names, percent, words = 88, 52, 76
        painter.setFont(theme.font(weight=600 if said else 400))
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(tr(self._classes[row]), Qt.TextElideMode.ElideRight, names)
        painter.drawText(QRect(0, line.top(), names + 2, _ROW), _MIDDLE_LEFT, name)
        room = self.width() - names - percent - words - 12
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("empty_cell"))
        painter.drawRoundedRect(QRectF(names + 6, line.top() + 6, room, 10), 3, 3)
        painter.setBrush(self._bar_colour(row))
        if room * self._shares[row] >= 1:
            painter.drawRoundedRect(QRectF(names + 6, line.top() + 6, room * float(self._shares[row]), 10), 3, 3)
        painter.setFont(theme.font(weight=600 if said else 400, tabular=True))
        painter.setPen(theme.colour("text" if said else "secondary"))
        painter.drawText(QRect(names + 6 + room, line.top(), percent, _ROW), _MIDDLE_RIGHT, self._percent(row))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(self._bar_colour(row))
        painter.drawText(QRect(self.width() - words, line.top(), words, _ROW), _MIDDLE_LEFT, said)

    def _bar_colour(self, row: int) -> QColor:
        if row == self._predicted:
            return theme.colour("right" if row == self._label else "wrong")
        return theme.colour("right" if row == self._label else "faint")

    def _percent(self, row: int) -> str:
        return tr("{share} %", share=f"{100 * float(self._shares[row]):.1f}")

    def _said(self, row: int) -> str:
        """What there is to say of a class."""
        if row == self._label:
            return tr("✓ really") if row == self._predicted else tr("really")
        return tr("✗ taken for") if row == self._predicted else ""


class PictureDetail(QWidget):
    """One picture with all that is known of it, for the drawer.

    Attributes:
        previous_asked: The user wants the picture before this one.
        next_asked: The user wants the picture after this one.
    """

    previous_asked = Signal()
    next_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureDetail")
        self._position = label(role="secondary")
        self._picture = LargePicture(256)
        self._verdict, self._sure = label(role="title"), label(role="secondary")
        self._verdict.setWordWrap(True)
        self._head = label(tr("How sure of each class"), "head")
        self._bars = ProbabilityBars()
        self._facts = Facts()
        self._build()

    def show_picture(
        self,
        image: NDArray[np.uint8],
        sample: int,
        classes: tuple[str, ...],
        true: int,
        predicted: int | None = None,
        probabilities: NDArray[np.float16] | None = None,
        loss: float | None = None,
        position_text: str = "",
    ) -> None:
        """Show a picture.

        Args:
            image: Its pixels, shape (h, w) or (h, w, channels).
            sample: Its index in the split.
            classes: Names of the classes.
            true: What it really is.
            predicted: What it was taken for; None before there is a prediction, and so are the next two.
            probabilities: Of each class, 0…1, shape (classes,).
            loss: Its loss.
            position_text: Where it stands: "3 of 83 pictures".
        """
        colour = "line" if predicted is None else "right" if predicted == true else "wrong"
        self._picture.show_image(image, colour)
        self._picture.setAccessibleName(tr(classes[true]))
        self._position.setText(position_text)
        self._verdict.setText(_verdict(classes, true, predicted))
        asked = probabilities is not None and predicted is not None
        if probabilities is not None and predicted is not None:
            self._bars.show_probabilities(classes, probabilities, true, predicted)
            self._sure.setText(tr("{share} % sure", share=f"{100 * float(probabilities[predicted]):.0f}"))
        for part in (self._sure, self._head, self._bars):
            part.setVisible(asked)
        facts = [] if loss is None else [(tr("Loss"), f"{loss:.3f}")]
        self._facts.show_facts([*facts, (tr("Pixel values"), value_range(image)), (tr("Index"), f"{sample:,}")])

    def _build(self) -> None:
        back, forward = button("‹", "quiet", "previousPicture"), button("›", "quiet", "nextPicture")
        for made, tip, signal in (
            (back, tr("The picture before"), self.previous_asked),
            (forward, tr("The next picture"), self.next_asked),
        ):
            made.setToolTip(tip)
            made.setAccessibleName(tip)
            made.setFixedSize(28, 26)
            made.clicked.connect(signal)
        row = QHBoxLayout()
        row.addWidget(self._position, 1)
        row.addWidget(back)
        row.addWidget(forward)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._picture)
        column.addSpacing(2)
        column.addWidget(self._verdict)
        column.addWidget(self._sure)
        column.addSpacing(6)
        column.addWidget(self._head)
        column.addWidget(self._bars)
        column.addSpacing(6)
        column.addWidget(self._facts)
        column.addStretch(1)


class Facts(QWidget):
    """Lines of a name and a value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show some facts, each a name and a value."""
        for number in range(len(self._lines), len(facts)):
            line = (label(role="secondary"), label())
            self._grid.addWidget(line[0], number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line[1], number, 1)
            line[1].setWordWrap(True)
            self._lines.append(line)
        for number, line in enumerate(self._lines):
            for part, text in zip(line, facts[number] if number < len(facts) else ("", ""), strict=True):
                part.setText(text)
                part.setVisible(number < len(facts))


def value_range(image: NDArray[np.uint8]) -> str:
    """Between which values the pixels of a picture lie."""
    values = {"least": int(image.min()), "most": int(image.max()), "mean": f"{image.mean():.0f}"}
    return tr("from {least} to {most}, {mean} on average", **values)


def _verdict(classes: tuple[str, ...], true: int, predicted: int | None) -> str:
    name = tr(classes[true])
    if predicted is None:
        return name
    if predicted == true:
        return tr("✓ {name}, recognised", name=name)
    return tr("✗ Really {name}, taken for {predicted}", name=name, predicted=tr(classes[predicted]))
