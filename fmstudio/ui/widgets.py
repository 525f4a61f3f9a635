"""The basic widgets that every panel is made of, styled by their role."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fmstudio.ui import icons

MARGIN = 14
"""Between a card's line and what is in it."""

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_WINDOW = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Card(QFrame):
    """A quiet surface with a thin line and round corners; ``body`` is the column of what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.body.setSpacing(8)


class ElidedLabel(QLabel):
    """One line that ends in "…" where there is no room, and says the whole in its tooltip then."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Show another text."""
        super().setText(text)
        self._explain()

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 32), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again whether the whole text has room."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what has room."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), self.shown())

    def shown(self) -> str:
        """What can be read of the text."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def _explain(self) -> None:
        self.setToolTip("" if self.shown() == self.text() else self.text())


class FewLines(QLabel):
    """A wrapped text of at most some lines; where it is longer it ends in "…" and the tooltip says the whole.

    Args:
        role: As for ``label``.
        lines: How many at most.
    """

    def __init__(self, role: str, lines: int) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lines = lines
        self._whole = ""

    @property
    def whole(self) -> str:
        """The whole text."""
        return self._whole

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again how much has room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        kept = self._whole
        while kept and not self._has_room(kept):
            kept = kept.removesuffix("…")[:-1].rstrip() + "…"
        if kept != self.text():
            self.setText(kept)
        self.setToolTip("" if kept == self._whole else self._whole)

    def _has_room(self, text: str) -> bool:
        metrics = self.fontMetrics()
        needed = metrics.boundingRect(0, 0, max(60, self.width()), 10_000, Qt.TextFlag.TextWordWrap, text)
        return text == "…" or needed.height() <= self._lines * line_height(metrics, text)


def line_height(metrics: QFontMetrics, text: str) -> int:
    """How high a line of a text is: Chinese ones are higher than the font's Latin letters say."""
    line = metrics.boundingRect(0, 0, 1_000_000, 10_000, Qt.TextFlag.TextSingleLine, text)
    return max(line.height(), metrics.lineSpacing())


class Button(QPushButton):
    """A push button that takes the focus with the Tab key, not with a click, and has a ring only then.

    Args:
        text: What it does.
        role: "primary", "link", "quiet", "chip", or nothing: outlined.
        name: Its objectName.
    """

    def __init__(self, text: str, role: str = "", name: str = "") -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._ring = False

    @property
    def ring(self) -> bool:
        """Whether it shows that the keyboard is here."""
        return self._ring

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring where the keyboard brought the focus."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY:
            self._show_ring(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away, unless only the window went to sleep."""
        super().focusOutEvent(event)
        if event.reason() not in _WINDOW:
            self._show_ring(False)

    def _show_ring(self, ring: bool) -> None:
        if ring != self._ring:
            self._ring = ring
            self.setProperty("ring", "true" if ring else "false")
            self.style().polish(self)


class TabButton(Button):
    """A word that is underlined when it is chosen; as wide as its bold form, so that its neighbours stand still."""

    def __init__(self, text: str, role: str = "tab") -> None:
        super().__init__(text, role)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        """The size of the chosen form."""
        hint = super().sizeHint()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        wider = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return QSize(hint.width() + max(0, wider), hint.height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()


class TabRow(QWidget):
    """A row of words of which one is chosen.

    Args:
        names: What stands on each tab, by its key; the first is chosen.
        role: ``"tab"``, or ``"page"`` for the pages of the window.

    Attributes:
        buttons: The tab of each key.
    """

    chosen = Signal(str)
    """The user chose another tab: its key."""

    def __init__(self, names: Mapping[str, str], *, role: str = "tab", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons = {key: TabButton(name, role) for key, name in names.items()}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0 if role == "page" else 4)
        for key, made in self.buttons.items():
            made.setObjectName(f"tab.{key}")
            self._group.addButton(made)
            row.addWidget(made)
        self._key = ""
        self.choose(next(iter(names), ""))
        self._group.buttonToggled.connect(self._toggled)

    @property
    def key(self) -> str:
        """The key of the chosen tab."""
        return self._key

    def choose(self, key: str) -> None:
        """Show that a tab is chosen, without the signal; one that is not there changes nothing."""
        if key in self.buttons:
            self._key = key
            self.buttons[key].setChecked(True)

    def _toggled(self, tab: QAbstractButton, checked: bool) -> None:
        key = next(key for key, made in self.buttons.items() if made is tab)
        if checked and key != self._key:
            self._key = key
            self.chosen.emit(key)


def label(text: str = "", role: str = "") -> QLabel:
    """A text.

    Args:
        text: Shown as it is, never read as HTML.
        role: "head", "title", "secondary", "small", "big", "problem", or nothing.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    return made


def button(text: str, role: str = "", name: str = "") -> Button:
    """A push button; it takes the focus with the Tab key, not with a click.

    Args:
        text: What it does.
        role: "primary", "link", "quiet", "chip", "tab" (checkable), or nothing: outlined.
        name: Its objectName.
    """
    made = TabButton(text) if role == "tab" else Button(text, role)
    made.setObjectName(name)
    return made


def icon_button(icon: str, tip: str, name: str = "") -> Button:
    """A small button without a frame, with a picture instead of a word.

    Args:
        icon: The picture's name in ``resources/icons``.
        tip: What it does: the tooltip, and what a screen reader says.
        name: Its objectName.
    """
    made = button("", "quiet", name)
    made.setIcon(icons.icon(icon))
    made.setIconSize(QSize(16, 16))
    made.setFixedSize(28, 24)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made
