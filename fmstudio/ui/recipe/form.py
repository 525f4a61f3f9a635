"""Rows of a form: a title, its editor, and below them what is wrong with the value and what would mend it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.schema.problem import Mending, Problem
from fmstudio.ui import theme
from fmstudio.ui.recipe.editors import Editor
from fmstudio.ui.recipe.fields import ListField
from fmstudio.ui.recipe.menu_mark import MenuMark
from fmstudio.ui.widgets import ElidedLabel, button, label

TITLE_WIDTH = 108
"""Of the titles at the left, so that the fields stand in one line."""
GAP = 8
MARK = 14
"""The room for the mark of a row that is not as usual."""
_UNLIMITED = 16_777_215
_LINK_BORDER = 2
"""Around the words of a link, where the ring of the focus is drawn."""
RING = 6
"""The room before the words of a heading for the ring of the focus; at the other sides there is less."""
_NEAR = 3
"""Between a row and the problem below it."""
_ARROW = 24
"""The room of a list's arrow, which the mark of the menu leaves free."""
ROW_TOP = GAP - _NEAR
"""The room that each row keeps above itself."""


class TitleLabel(QLabel):
    """The title of a row; a click on it asks what it is."""

    clicked = Signal()

    def __init__(self, text: str, buddy: QWidget) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setBuddy(buddy)

    def show_in_line(self, in_line: bool) -> None:
        """Break into lines beside a field, or above one end in "…" where there is no room."""
        self.setWordWrap(not in_line)
        self.setMinimumWidth(0 if in_line else TITLE_WIDTH)
        self.setMaximumWidth(_UNLIMITED if in_line else TITLE_WIDTH)
        wide = QSizePolicy.Policy.Ignored if in_line else QSizePolicy.Policy.Preferred
        self.setSizePolicy(wide, QSizePolicy.Policy.Preferred)

    @property
    def end(self) -> int:
        """Where its text ends."""
        return min(self.sizeHint().width(), self.width() - MARK)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what has room."""
        if self.wordWrap() or self.sizeHint().width() <= self.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.end)
        painter.drawText(self.rect(), self.alignment(), text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask, where the button is let go above the title."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class ProblemLine(QWidget):
    """What is wrong with a value, with a button that mends it; hidden while nothing is."""

    mend_asked = Signal(object)
    """The user wants a ``Mending``."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._mending: Mending | None = None
        self._text = label("", "problem")
        self._text.setObjectName(f"problem:{path}")
        self._text.setWordWrap(True)
        self._mend = button("", "link", f"mend:{path}")
        self._mend.clicked.connect(lambda: self.mend_asked.emit(self._mending))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._text)
        column.addLayout(flush_left(self._mend))
        self.hide()

    @property
    def mend(self) -> QWidget:
        """The button."""
        return self._mend

    def show_problem(self, problem: Problem | None) -> None:
        """Show a problem, or none."""
        self._mending = problem.mending if problem else None
        self._text.setText(problem.message if problem else "")
        self._mend.setText(self._mending.label if self._mending else "")
        self._mend.setVisible(self._mending is not None)
        self.setVisible(problem is not None)


class SettingRow(QWidget):
    """A title and its editor, side by side or one above the other.

    Args:
        editor: Of the row's setting.
        titled: Whether the title is shown; a heading may say it already.

    Attributes:
        problem_line: Stands below the row; a ``SettingsForm`` gives it the form's whole width.
        differs: Whether the value is not the default: a column may mark the row.
    """

    help_asked = Signal()

    def __init__(self, editor: Editor, *, titled: bool = True) -> None:
        super().__init__()
        self.editor = editor
        self._titled = titled
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._stacked = False
        self._named = False
        self._problem: Problem | None = None
        self.problem_line = ProblemLine(editor.path)
        self.differs = False
        self._title = TitleLabel(editor.title, editor.field)
        self._title.clicked.connect(self.help_asked)
        editor.help_asked.connect(self.help_asked)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, ROW_TOP, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._menu = MenuMark(self, editor.title)
        self._menu.clicked.connect(self._open_menu)
        editor.field.installEventFilter(self)
        self.show_stacked(False)

    def show_stacked(self, stacked: bool) -> None:
        """Put the title above the field, or to its left."""
        self._stacked = stacked
        for part in (self._title, self.editor):
            self._grid.removeWidget(part)
        self._title.show_in_line(stacked)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(2)
        if not self._titled:
            self._grid.addWidget(self.editor, 0, 0, 1, 2)
            return
        self._grid.addWidget(self._title, 0, 0, 1, 2 if stacked else 1)
        self._grid.addWidget(self.editor, 1 if stacked else 0, 0 if stacked else 1, 1, 2 if stacked else 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the mark of the menu while the keyboard is in the field."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_menu_mark(focused=event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Show the mark of the menu while the mouse is on the row; put it right where the row was laid out anew."""
        done = super().event(event)
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self._show_menu_mark(hovered=event.type() == QEvent.Type.HoverEnter)
        elif event.type() == QEvent.Type.LayoutRequest and not self._menu.isHidden():
            self._place_menu_mark()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the mark of the menu right."""
        super().resizeEvent(event)
        self._place_menu_mark()

    @property
    def mark(self) -> QPoint:
        """Where a mark beside the title belongs."""
        first = self._title if self._titled else self.editor
        beside = self._title.end + MARK // 2 + 1 if self._stacked else -MARK // 2
        return QPoint(beside, first.geometry().center().y())

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What the Tab key comes to: the field, and the button that mends it."""
        return self.editor.field, self.problem_line.mend

    def show_value(self, value: object, *, differs: bool) -> None:
        """Show a value."""
        self.differs = differs
        self.editor.show_value(value)
        self._title.setToolTip(self.editor.field.toolTip())

    def name_problem(self, named: bool) -> None:
        """Begin what is wrong with the row's title: it does not stand below its own field."""
        if named != self._named:
            self._named = named
            self.show_problem(self._problem)

    def show_problem(self, problem: Problem | None) -> None:
        """Show what is wrong, or that nothing is."""
        self._problem = problem
        self.editor.show_problem(problem.message if problem else "")
        if problem is not None and self._named:
            problem = replace(problem, message=f"{self.editor.title}: {problem.message}")
        self.problem_line.show_problem(problem if not self.isHidden() else None)

    def _show_menu_mark(self, *, hovered: bool | None = None, focused: bool | None = None) -> None:
        hovered = self.underMouse() if hovered is None else hovered
        focused = self.editor.field.hasFocus() if focused is None else focused
        self._place_menu_mark()
        self._menu.setVisible(hovered or focused)
        self._menu.raise_()

    def _place_menu_mark(self) -> None:
        """At the right end of the title; without a title before the arrow of the list, or at the end of the row."""
        if self._titled:
            beside = self._title.geometry()
        else:
            beside = self.editor.geometry()
            beside.setRight(beside.right() - (_ARROW if isinstance(self.editor.field, ListField) else 0))
        self._menu.move(beside.right() + 1 - self._menu.width(), beside.center().y() - self._menu.height() // 2 + 1)

    def _open_menu(self) -> None:
        below = QPoint(self._menu.x(), self._menu.geometry().bottom() + 2)
        self.editor.open_menu(self.editor.field.mapFrom(self, below), typing=False)


class SettingsForm(QWidget):
    """Rows below one another, or in pairs, each with its problem below it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[SettingRow, ...] = ()
        self._pairs = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP - 2)
        self._grid.setVerticalSpacing(_NEAR)
        self._grid.setColumnStretch(0, 31)
        self._grid.setColumnStretch(1, 24)

    @property
    def rows(self) -> tuple[SettingRow, ...]:
        """What it shows, in order."""
        return self._rows

    def show_rows(self, rows: Sequence[SettingRow], *, pairs: bool = False) -> None:
        """Show other rows, or the same ones in another way."""
        if (tuple(rows), pairs) == (self._rows, self._pairs):
            return
        for row in self._rows:
            self._grid.removeWidget(row)
            self._grid.removeWidget(row.problem_line)
        self._rows, self._pairs = tuple(rows), pairs
        for place, row in enumerate(self._rows):
            row.show_stacked(pairs)
            row.name_problem(pairs and place % 2 == 1)
            line, column = (3 * (place // 2), place % 2) if pairs else (2 * place, 0)
            below = line + 1 + column
            self._grid.addWidget(row, line, column, 1, 1 if pairs else 2, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(row.problem_line, below, 0, 1, 2)


class Heading(QAbstractButton):
    """A small grey section head, with room for a few words at its right; one that is enabled opens a page."""

    def __init__(self, text: str, name: str, tip: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words = ElidedLabel("", "small")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(RING, RING - 2, RING // 2, RING - 2)
        self._row.setSpacing(GAP)
        self._row.addWidget(label(text, "head"))
        self._row.addStretch(1)
        self._row.addWidget(self._words)
        if tip:
            self._row.addWidget(label("›", "secondary"))
        self.setEnabled(bool(tip))
        if tip:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if tip else Qt.FocusPolicy.NoFocus)

    def show_words(self, text: str) -> None:
        """Say something at the right."""
        self._words.setText(text)

    def sizeHint(self) -> QSize:
        """As much as its words need."""
        return self._row.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the page with Enter as well."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its words paint themselves; here only the ring of the focus."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


def flush_left(link: QWidget) -> QHBoxLayout:
    """A row in which a link's words, not its invisible border, stand at the left."""
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addSpacing(-_LINK_BORDER)
    row.addWidget(link)
    row.addStretch(1)
    return row
