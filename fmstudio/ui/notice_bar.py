"""What the program has to say outside the usual places: a sentence, what to do, and perhaps a button that does it."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fmstudio.ui.widgets import ElidedLabel, button, icon_button, label
from fmstudio.words import tr

HEIGHT = 38
SAVED_MS = 8000
"""How long it is said that something was saved."""


@dataclass(frozen=True)
class Notice:
    """One thing to say.

    Attributes:
        text: What happened, a sentence.
        hint: What to do about it; may be empty.
        kind: News, that something was saved (news that goes by itself), or a problem.
        label: What the button says; no button where it is empty.
        action: What the button means: comes back with the signal ``action``.
    """

    text: str
    hint: str = ""
    kind: Literal["info", "saved", "problem"] = "info"
    label: str = ""
    action: object = None


class NoticeBar(QWidget):
    """Shows the oldest notice that was not yet put away; hidden while there is none."""

    action = Signal(object)
    """The button of a notice was pressed: its ``action``. The notice is put away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._waiting: list[Notice] = []
        self._fade = QTimer(self, interval=SAVED_MS, singleShot=True)
        self._fade.timeout.connect(self._put_away)
        self._mark = label("!", "noticeMark")
        self._text = ElidedLabel()
        self._text.setObjectName("noticeText")
        self._hint = ElidedLabel("", "secondary")
        self._hint.setObjectName("noticeHint")
        self._count = label("", "small")
        self._button = button("", "link", "noticeButton")
        self._button.clicked.connect(self._act)
        self._close = icon_button("close", tr("Put this notice away"), "noticeClose")
        self._close.clicked.connect(self._put_away)
        self._lay_out()
        self._show_first()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notice that is shown, and those that wait behind it."""
        return tuple(self._waiting)

    def add(self, notice: Notice) -> None:
        """Show a notice, after those that came before it; what is said already is not said twice."""
        if notice in self._waiting:
            return
        self._waiting.append(notice)
        if len(self._waiting) == 1:
            self._show_first()
        else:
            self._show_count()

    def withdraw(self, notice: Notice) -> None:
        """Say no more what does not hold any more."""
        if notice in self._waiting:
            self._waiting.remove(notice)
            self._show_first()

    def clear(self) -> None:
        """Forget all notices."""
        self._waiting.clear()
        self._show_first()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._text)
        row.addWidget(self._hint, 1)
        row.addStretch(0)
        row.addWidget(self._count)
        row.addWidget(self._button)
        row.addWidget(self._close)

    def _show_first(self) -> None:
        self._fade.stop()
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        notice = self._waiting[0]
        self._text.setText(notice.text)
        self._hint.setText(notice.hint)
        self._mark.setVisible(notice.kind == "problem")
        self._button.setText(notice.label)
        self._button.setVisible(bool(notice.label))
        self._show_count()
        self.setProperty("role", "amber" if notice.kind == "problem" else "strip")
        self.style().polish(self)
        if notice.kind == "saved":
            self._fade.start()

    def _show_count(self) -> None:
        self._count.setText(tr("1 of {count}", count=len(self._waiting)) if len(self._waiting) > 1 else "")

    def _act(self) -> None:
        notice = self._waiting[0]
        self._put_away()
        self.action.emit(notice.action)

    def _put_away(self) -> None:
        del self._waiting[0]
        self._show_first()
