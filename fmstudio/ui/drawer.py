"""The one drawer at a side of the window: it covers what lies there and holds one thing at a time."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from fmstudio.ui import theme
from fmstudio.ui.preferences import Preferences
from fmstudio.ui.widgets import ElidedLabel, icon_button
from fmstudio.words import tr

WIDTH, WIDE = 440, 640
"""How wide it is, and how wide for what has long lines."""
_SHADOW = 12


class Drawer(QWidget):
    """Lies over the right side of its parent, or the left, and follows its size; never wider than half of it.

    It owns what it holds: when something else takes its place, and when it closes, that widget is deleted.
    """

    closed = Signal()
    """It was closed, by Esc, by ✕, or by the program."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("drawer")
        self._content: QWidget | None = None
        self._came_from: QWidget | None = None
        self._width = WIDTH
        self._title = ElidedLabel("", "title")
        self._title.setObjectName("drawerTitle")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._close_button = icon_button("close", tr("Close: Esc"), "drawerClose")
        self._close_button.clicked.connect(self.close)
        self._flip_button = icon_button("flip", "", "drawerFlip")
        self._flip_button.clicked.connect(self.flip)
        self._preferences = Preferences()
        self._side = self._preferences.drawer_side
        self._body = self._lay_out()
        self._show_side()
        parent.installEventFilter(self)
        self.hide()

    @property
    def side(self) -> str:
        """``"right"`` or ``"left"``."""
        return self._side

    def flip(self) -> None:
        """Go over to the other side, and stay there from now on."""
        self._side = "left" if self._side == "right" else "right"
        self._preferences.drawer_side = self._side
        self._show_side()
        self._place()
        self.update()

    @property
    def content(self) -> QWidget | None:
        """What it holds now."""
        return self._content

    def show_content(self, title: str, content: QWidget, width: int = WIDTH) -> None:
        """Open, or hold something else.

        Args:
            title: Stands above it.
            content: The drawer's own from now on.
            width: ``WIDTH``, or ``WIDE`` for what has long lines.
        """
        if self.isHidden():
            self._came_from = QApplication.focusWidget()
            if self.window() is not self._parent:
                self.window().installEventFilter(self)
        if content is not self._content:
            if self.isAncestorOf(QApplication.focusWidget() or self):
                self.setFocus(Qt.FocusReason.OtherFocusReason)  # or Qt would hand it to whatever comes next
            self._drop()
            self._content = content
            self._body.addWidget(content, 1)
        self._title.setText(title)
        self._width = width
        self._place()
        self.show()
        self.raise_()
        content.show()
        self._take_focus(content)

    def close(self) -> bool:
        """Go away; the focus returns to where it came from."""
        if self.isHidden():
            return False
        focused = QApplication.focusWidget()
        inside = self.isAncestorOf(focused or self)
        if focused is not None and inside:
            focused.clearFocus()  # or Qt would hand it to whatever comes next
        self.hide()
        self._drop()
        came_from, self._came_from = self._came_from, None
        if came_from is not None and isValid(came_from) and (inside or QApplication.focusWidget() is None):
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size, and take an Esc that nothing else in the window had a use for."""
        if self.isHidden():
            return False
        if event.type() == QEvent.Type.Resize and watched is self._parent:
            self._place()
        elif event.type() == QEvent.Type.KeyPress and _is_escape(event):
            return self.close()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Claim Esc before any shortcut of the window while the focus is inside."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if _is_escape(event):
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shadow at its inner side."""
        left = self._side == "left"
        edge = self.width() - _SHADOW if left else 0
        far, near = (edge + _SHADOW, edge) if left else (edge, edge + _SHADOW)
        gradient = QLinearGradient(far, 0, near, 0)
        gradient.setColorAt(0, QColor(0, 0, 0, 0))
        gradient.setColorAt(1, QColor(0, 0, 0, 70 if theme.current().name == "dark" else 26))
        QPainter(self).fillRect(QRect(edge, 0, _SHADOW, self.height()), gradient)

    def _lay_out(self) -> QVBoxLayout:
        face = QWidget()
        face.setProperty("role", "drawerFace")
        face.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(face)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._flip_button)
        head.addWidget(self._close_button)
        body = QVBoxLayout(face)
        body.setContentsMargins(18, 10, 14, 14)
        body.setSpacing(8)
        body.addLayout(head)
        return body

    def _place(self) -> None:
        around = self._parent.rect()
        width = min(self._width, around.width() // 2) + _SHADOW
        left = around.left() if self._side == "left" else around.right() + 1 - width
        self.setGeometry(left, around.top(), width, around.height())

    def _show_side(self) -> None:
        left = self._side == "left"
        tip = tr("Move to the right side") if left else tr("Move to the left side")
        self._flip_button.setToolTip(tip)
        self._flip_button.setAccessibleName(tip)
        self._outer.setContentsMargins(0 if left else _SHADOW, 0, _SHADOW if left else 0, 0)

    def _take_focus(self, content: QWidget) -> None:
        inner = [content, *content.findChildren(QWidget)]
        wants = (w for w in inner if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisibleTo(self))
        next(wants, self._close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self) -> None:
        old, self._content = self._content, None
        if old is not None and isValid(old):
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
