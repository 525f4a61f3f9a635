"""The bar above everything: the five pages, the run that is shown, and what concerns the whole window."""

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from fmstudio.ui import icons, theme
from fmstudio.ui.widgets import ElidedLabel, TabRow, button, icon_button, label
from fmstudio.words import LANGUAGES, language, tr

HEIGHT = 48
RunState = Literal["", "preparing", "running", "paused", "stopping", "finished", "stopped", "failed"]
_DOTS = {"finished": "right", "failed": "wrong", "paused": "amber", "stopped": "secondary"}


class Dot(QWidget):
    """A small round mark; its place is kept while it is not drawn.

    Args:
        size: Its diameter in pixels.
        colour: A field of the theme; nothing is drawn while it is empty.
        parent: Where it lies.
    """

    def __init__(self, size: int, colour: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = colour
        self._size = size
        self.setFixedSize(size + 2, size + 2)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_colour(self, colour: str) -> None:
        """Take another colour; an empty one hides it."""
        self.colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if not self.colour:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self.colour))
        centre = QPointF(self.width() / 2, self.height() / 2)
        painter.drawEllipse(centre, self._size / 2, self._size / 2)


class TopBar(QWidget):
    """Word mark, pages, the run that is shown, code, large view, language and theme."""

    page_chosen = Signal(str)
    """"data", "network", "learning", "results" or "compare"."""
    code_asked = Signal()
    present_asked = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._busy = False
        self.pages = self._make_pages()
        self._busy_dot = Dot(6, "", self.pages.buttons["results"])
        self._run_dot = Dot(9)
        self._run = ElidedLabel("", "secondary")
        self._run.setObjectName("runChip")
        self._lay_out()

    def show_page(self, key: str) -> None:
        """Mark a page as the one that is open."""
        self.pages.choose(key)
        self._show_dot()

    def show_run(self, text: str, state: RunState = "") -> None:
        """Name the run that the window shows.

        Args:
            text: Its name and what it is doing; empty while there is none.
            state: Gives the dot its colour.
        """
        self._run.setText(text)
        self._run_dot.show_colour(_DOTS.get(state, "accent") if text and state else "")

    def show_busy(self, busy: bool) -> None:
        """Mark the page Results with a dot while a run is going on and another page is open."""
        self._busy = busy
        self._show_dot()

    def event(self, event: QEvent) -> bool:
        """Put the dot in its place once the tabs have theirs."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show):
            tab = self.pages.buttons["results"]
            self._busy_dot.move(tab.width() - 13, tab.height() // 2 - 4)
        return super().event(event)

    def _make_pages(self) -> TabRow:
        names = {
            "data": tr("Data"),
            "network": tr("Network"),
            "learning": tr("Learning"),
            "results": tr("Results"),
            "compare": tr("Compare"),
        }
        pages = TabRow(names, role="page")
        pages.setObjectName("pageBar")
        pages.chosen.connect(self._choose)
        for number, (key, tab) in enumerate(pages.buttons.items(), 1):
            tab.setObjectName(f"page.{key}")
            tab.setShortcut(f"Ctrl+{number}")
            tab.setToolTip(tr("{page}: Ctrl+{number}", page=names[key], number=number))
            tab.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        return pages

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(4)
        row.addWidget(_word_mark())
        row.addSpacing(20)
        row.addWidget(self.pages)
        row.addStretch(1)
        row.addWidget(self._run_dot)
        row.addSpacing(3)
        row.addWidget(self._run)
        row.addSpacing(14)
        for made in self._make_buttons():
            row.addWidget(made)

    def _make_buttons(self) -> list[QPushButton]:
        code = button(tr("Code"), "quiet", "codeButton")
        icons.put(code, "code")
        code.setToolTip(tr("The recipe as a Python script that gives the same numbers"))
        code.clicked.connect(self.code_asked)
        present = button(tr("Present"), "quiet", "presentButton")
        icons.put(present, "expand")
        present.setToolTip(tr("Fill the screen with the results, large enough for a projector"))
        present.clicked.connect(self.present_asked)
        return [code, present, self._language_button(), self._theme_button()]

    def _language_button(self) -> QPushButton:
        other = next(code for code in LANGUAGES if code != language())
        switch = button(LANGUAGES[other], "quiet", "languageButton")
        switch.setToolTip(tr("Switch the language"))
        switch.clicked.connect(lambda: self.language_chosen.emit(other))
        return switch

    def _theme_button(self) -> QPushButton:
        dark = theme.current().name == "dark"
        other = "light" if dark else "dark"
        tip = tr("Light colours") if dark else tr("Dark colours")
        switch = icon_button("sun" if dark else "moon", tip, "themeButton")
        switch.clicked.connect(lambda: self.theme_chosen.emit(other))
        return switch

    def _choose(self, key: str) -> None:
        self._show_dot()
        self.page_chosen.emit(key)

    def _show_dot(self) -> None:
        self._busy_dot.show_colour("accent" if self._busy and self.pages.key != "results" else "")


def _word_mark() -> QWidget:
    mark = QWidget()
    row = QHBoxLayout(mark)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for text, role in (("fm", "markBold"), ("studio", "mark")):
        row.addWidget(label(text, role))
    return mark
