"""The card with the one number that matters: how many pictures the network has right."""

import html
import math
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.ui import theme
from fmstudio.ui.parameter_table import Line, ParameterTable
from fmstudio.ui.widgets import button
from fmstudio.words import tr

_LEAST_BIG = 22
_BIG_HEIGHT = 56
_LESS_BIG_HEIGHT = 44
"""Beside a table."""

_LINE = 18
_UNDER_HEADING = 3
_NARROW = "\N{NO-BREAK SPACE}"
"""Stays narrow where figures are equally wide; the ordinary space grows as wide as a figure."""
_STRONG = '<span style="font-weight:600">'


@dataclass(frozen=True)
class CardText:
    """What the card says. Where a text is empty, its place is kept.

    Attributes:
        big: "87 % right".
        below: Of what: "of 1,000 test pictures so far · epoch 2 of 2".
        references: What to compare it with: pairs of a name and a number, ("guessing", "10 %").
        heading: Above the sentence: "Mixed up most".
        sentence: What was found; words between ``**`` are bold.
        button: What to do now; no button where it is empty.
        note: What the number means; ``**`` likewise.
        lines: Of a small table in the place of the note: what was learned of each number of a rule that is known.
    """

    big: str
    below: str
    references: tuple[tuple[str, str], ...] = ()
    heading: str = ""
    sentence: str = ""
    button: str = ""
    note: str = ""
    lines: tuple[Line, ...] = ()


def asleep() -> CardText:
    """What the card says before the first run."""
    return CardText(big="–", below=tr("Press Train"))


class BigText(QWidget):
    """One line of very large letters, smaller where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scoreBig")
        self.text = ""
        self.colour = "text"
        self._height = _BIG_HEIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, colour: str) -> None:
        """Show a text in a colour of the theme."""
        self.text, self.colour = text.replace(" ", _NARROW), colour
        self.setAccessibleName(text)
        self.update()

    def take_height(self, height: int) -> None:
        """Ask for so many pixels; in a window that is too low for all, this is what gives way."""
        self._height = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for a per cent."""
        return QSize(240, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it as large as it can be, up to the usual size."""
        painter = QPainter(self)
        painter.setPen(theme.colour(self.colour))
        painter.setFont(theme.font(theme.BIG, weight=600, tabular=True))
        needed = _needed(painter.fontMetrics(), self.text)
        share = min(self.width() / max(1, needed.width()), self.height() / max(1, needed.height()))
        if share < 1:
            painter.setFont(theme.font(max(_LEAST_BIG, int(theme.BIG * share)), weight=600, tabular=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text)


def _needed(letters: QFontMetrics, text: str) -> QSize:
    """The room in whose middle a line of text is whole."""
    ink, middle = letters.tightBoundingRect(text), (letters.ascent() - letters.descent()) / 2
    half = max(ink.bottom() + middle, -ink.top() - middle)
    return QSize(letters.horizontalAdvance(text), math.ceil(2 * half))


class ScoreCard(QWidget):
    """The number above, what was found below, one button at the bottom; each line has its own place."""

    pressed = Signal()
    """The one button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scoreCard")
        self._big = BigText()
        self._below = _text("scoreBelow", "secondary", 1)
        self._references = _text("scoreReferences", "", 1)
        self._note = _text("scoreNote", "", 1)
        self._note.setMaximumHeight(4 * _LINE)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._table = ParameterTable()
        self._heading = _text("scoreHeading", "small", 1)
        self._heading.setFixedHeight(_LINE + _UNDER_HEADING)
        self._sentence = _text("scoreSentence", "", 2)
        self._button = button("", "", "scoreButton")
        self._button.clicked.connect(self.pressed)
        policy = self._button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._button.setSizePolicy(policy)
        self._lay_out()
        self.show_card(asleep())

    def show_card(self, card: CardText) -> None:
        """Say something else."""
        self._big.show_text(card.big, "text" if any(letter.isdigit() for letter in card.big) else "faint")
        self._below.setText(html.escape(card.below))
        self._references.setText(_references(card.references))
        self._note.setText(_bold(card.note))
        self._table.show_lines(card.lines)
        for part, seen in ((self._note, not card.lines), (self._heading, not card.lines), (self._table, card.lines)):
            part.setVisible(bool(seen))
        self._big.take_height(_LESS_BIG_HEIGHT if card.lines else _BIG_HEIGHT)
        self._heading.setText(html.escape(card.heading))
        self._sentence.setText(_bold(card.sentence))
        self._button.setText(card.button)
        self._button.setVisible(bool(card.button))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(0)
        column.addWidget(self._big)
        column.addSpacing(2)
        column.addWidget(self._below)
        column.addSpacing(5)
        column.addWidget(self._references)
        column.addSpacing(8)
        column.addWidget(self._note, 1)
        column.addWidget(self._table, 1)
        column.addStretch(0)
        column.addSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self._sentence)
        column.addSpacing(6)
        column.addWidget(self._button)


def _text(name: str, role: str, lines: int) -> QLabel:
    made = QLabel()
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    made.setMinimumWidth(120)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    made.setFixedHeight(lines * _LINE)
    return made


def _references(pairs: tuple[tuple[str, str], ...]) -> str:
    grey = theme.current().secondary
    parts = (
        f'<span style="color:{grey}">{html.escape(name)}</span>&nbsp;{_STRONG}{_glued(number)}</span>'
        for name, number in pairs
    )
    return "&nbsp;&nbsp;&nbsp; ".join(parts)


def _glued(number: str) -> str:
    return html.escape(number).replace(" ", "&nbsp;")


def _bold(text: str) -> str:
    parts = html.escape(text).split("**")
    return "".join(f"{_STRONG}{part}</span>" if odd % 2 else part for odd, part in enumerate(parts))
