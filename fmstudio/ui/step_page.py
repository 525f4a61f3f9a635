"""One step, slowly: the seven steps of training light up one after the other, with their real numbers."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.data.library import PictureSet
from fmstudio.runs.run import Run
from fmstudio.training.events import StepShown
from fmstudio.ui import theme
from fmstudio.ui.step_words import STEPS, Content, contents
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import marked, tr

LIT_MS = 500
"""How long each of the seven steps is lit, where there is time."""

_SHORTEST_MS = 60
_SPEEDS = {"1": marked("1 a second"), "5": "5", "20": "20", "0": marked("full")}
_BADGE = 20
_INSET = 34
_HEAD = 28
_ASLEEP = 0.45
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class StepSection(QWidget):
    """One of the seven steps: its number, its name, what it does in words, and a figure.

    Args:
        number: From 1.
        title: Its name.
        meaning: What it is, a sentence: stands there until there are numbers, then in the tooltip.
    """

    def __init__(self, number: int, title: str, meaning: str) -> None:
        super().__init__()
        self.setObjectName(f"step{number}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{number} {title}")
        self._number, self._title, self._meaning = number, title, meaning
        self._content = Content(meaning)
        self._light = "asleep"
        self.show_content(self._content)

    @property
    def words(self) -> str:
        """What can be read in it."""
        figure = self._content.figure
        return "\n".join(text for text in (self._content.words, figure.text if figure else "") if text)

    @property
    def light(self) -> str:
        """Whether it is ``"asleep"``, ``"lit"`` or ``"done"``."""
        return self._light

    def show_content(self, content: Content) -> None:
        """Show other words and another figure."""
        self._content = content
        self.setToolTip("" if content.words == self._meaning else f"{self._meaning}\n{content.words}")
        self.setAccessibleDescription(self.words)
        self.make_room(content)
        self.update()

    def make_room(self, content: Content) -> None:
        """Be as high as some content will need, so that nothing moves when it comes."""
        self.setFixedHeight(_height(content))

    def set_light(self, light: str) -> None:
        """Fall asleep, light up, or be done."""
        if light != self._light:
            self._light = light
            self.update()

    def sizeHint(self) -> QSize:
        """Room for the figure under the words."""
        return QSize(340, _height(self._content))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it, pale while it is asleep."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._light == "lit":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        painter.setOpacity(_ASLEEP if self._light == "asleep" else 1.0)
        self._paint_badge(painter)
        self._paint_words(painter)
        if self._content.figure is not None:
            self._content.figure.paint(painter, self.rect().adjusted(_INSET, _HEAD + 2, -8, 0))
        painter.end()

    def _paint_badge(self, painter: QPainter) -> None:
        lit = self._light == "lit"
        place = QRectF(6, (_HEAD - _BADGE) / 2, _BADGE, _BADGE).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.colour("accent" if self._light != "asleep" else "secondary"), 1))
        painter.setBrush(theme.colour("accent") if lit else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place)
        painter.setFont(theme.font(11, weight=600))
        painter.setPen(theme.colour("on_accent" if lit else "text"))
        painter.drawText(place, _CENTRE, str(self._number))

    def _paint_words(self, painter: QPainter) -> None:
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(weight=600))
        taken = painter.fontMetrics().horizontalAdvance(self._title) + 10
        painter.drawText(QRect(_INSET, 0, taken, _HEAD), _LEFT, self._title)
        painter.setPen(theme.colour("secondary"))
        painter.setFont(theme.font(theme.SMALL))
        room = QRect(_INSET + taken, 0, self.width() - _INSET - taken - 8, _HEAD)
        shown = painter.fontMetrics().elidedText(self._content.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, shown)


class StepPage(QWidget):
    """The seven steps, a button that takes one more, and the pace.

    Signals:
        step_asked(): The user wants one more step.
        speed_chosen(float): At most so many steps a second from now on; 0: as fast as it can.
    """

    step_asked = Signal()
    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepPage")
        self._shown: StepShown | None = None
        self._waiting: list[Content] = []
        self._speed = 0.0
        self._step = button(tr("One step"), "", "oneStep")
        self._speeds = TabRow({key: tr(name) for key, name in _SPEEDS.items()})
        self._speeds.setObjectName("stepSpeed")
        self._speeds.choose("0")
        self.sections = [StepSection(place, tr(name), tr(said)) for place, (name, said) in enumerate(STEPS, 1)]
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._light_next)
        self._step.clicked.connect(self.step_asked)
        self._speeds.chosen.connect(self._choose_speed)
        self._lay_out()
        self.show_pace(True, 0.0)

    def show_pace(self, paused: bool, speed: float) -> None:
        """Show how the run goes on.

        Args:
            paused: Whether it is held, so that a step can be asked for.
            speed: At most so many steps a second; 0: as fast as it can.
        """
        self._speed = speed
        self._speeds.choose(f"{speed:g}")
        self._step.setEnabled(paused)
        self._step.setToolTip(tr("Take one step and wait again") if paused else tr("Pause first"))

    def show_step(self, run: Run, pictures: PictureSet | None, classes: Sequence[str]) -> None:
        """Show the newest step of a run that was taken alone; nothing happens where it is shown already.

        Args:
            run: The run.
            pictures: The training pictures; None where numbers are learned.
            classes: Names of the classes, English.
        """
        step = run.shown
        if step is None or step is self._shown:
            return
        self._shown = step
        if self._waiting:
            self._show_all(self._waiting)
        self._waiting = list(contents(run, step, pictures, classes))
        interval = self._interval()
        if interval < _SHORTEST_MS:
            self._clock.stop()
            self._show_all(self._waiting)
            return
        for section, content in zip(self.sections, self._waiting, strict=True):
            section.make_room(content)
            section.set_light("asleep")
        self._clock.start(interval)
        self._light_next()

    def _interval(self) -> int:
        return min(LIT_MS, round(900 / self._speed / len(STEPS))) if self._speed else LIT_MS

    def _light_next(self) -> None:
        """Light up the next of the seven; after the last one all are done."""
        place = len(STEPS) - len(self._waiting)
        if place:
            self.sections[place - 1].set_light("done")
        if not self._waiting:
            self._clock.stop()
            return
        self.sections[place].show_content(self._waiting.pop(0))
        self.sections[place].set_light("lit")

    def _show_all(self, contents: list[Content]) -> None:
        for section, content in zip(self.sections[len(STEPS) - len(contents) :], contents, strict=True):
            section.show_content(content)
        for section in self.sections:
            section.set_light("done")
        self._waiting = []

    def _choose_speed(self, key: str) -> None:
        self._speed = float(key)
        self.speed_chosen.emit(self._speed)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._step)
        row.addStretch(1)
        row.addWidget(label(tr("Steps"), "small"))
        row.addWidget(self._speeds)
        inner = QWidget()
        steps = QVBoxLayout(inner)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(2)
        for section in self.sections:
            steps.addWidget(section)
        steps.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(scroll, 1)


def _height(content: Content) -> int:
    return _HEAD + (content.figure.height + 12 if content.figure else 0)
