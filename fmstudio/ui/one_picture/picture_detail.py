"""One picture in detail, for the drawer: what was answered, why, what goes on inside, over time, and what is alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, cast

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.one_picture import OnePicture
from fmstudio.ui import theme
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.pictures.picture_delegate import scaled
from fmstudio.ui.pictures.picture_facts import Facts, percent, value_range, verdict
from fmstudio.ui.pictures.probability_bars import ProbabilityBars
from fmstudio.ui.widgets import ElidedLabel, TabRow, button, label
from fmstudio.words import marked, tr

__all__ = ["TABS", "Facts", "LargePicture", "PictureDetail", "ProbabilityBars", "value_range"]

TABS = {
    "answers": (marked("Answers"), "fmstudio.ui.one_picture.answers_page.AnswersPage"),
    "why": (marked("Why?"), "fmstudio.ui.one_picture.why_page.WhyPage"),
    "inside": (marked("Inside"), "fmstudio.ui.one_picture.inside_page.InsidePage"),
    "time": (marked("Over time"), "fmstudio.ui.one_picture.over_time_page.OverTimePage"),
    "alike": (marked("Alike"), "fmstudio.ui.one_picture.alike_page.AlikePage"),
}
"""What stands on each tab, and its page, which is loaded when it is chosen for the first time."""

_THUMB = 44
_SIGNALS = ("selection_changed", "picture_asked", "epoch_asked")
_BACK = {Qt.Key.Key_Left, Qt.Key.Key_PageUp}
_FORWARD = {Qt.Key.Key_Right, Qt.Key.Key_PageDown}
_NUMBERS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


class Page(Protocol):
    """What a page of a picture can do."""

    def show_picture(self, one: OnePicture) -> None:
        """Show a picture, or what is new about the same one."""


class PictureDetail(QWidget):
    """One picture with all that is known of it.

    Args:
        examiner: Asks the network; the pages get it.
        tab: The page that is open first.

    Attributes:
        previous_asked: The user wants the picture before this one.
        next_asked: The user wants the picture after this one.
        selection_changed: Other pictures shall be looked at: a ``Selection``.
        picture_asked: One other picture shall be shown: its split and its index there.
        epoch_asked: The network of another epoch shall be looked at.
    """

    previous_asked = Signal()
    next_asked = Signal()
    selection_changed = Signal(object)
    picture_asked = Signal(str, int)
    epoch_asked = Signal(int)

    def __init__(self, examiner: Examiner, tab: str = "answers", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureDetail")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._examiner = examiner
        self._one: OnePicture | None = None
        self._pages: dict[str, QWidget] = {}
        self._thumb = _Thumb()
        self._verdict, self._sure = ElidedLabel("", "title"), ElidedLabel("", "secondary")
        self._verdict.setObjectName("pictureVerdict")
        for words in (self._verdict, self._sure):
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._position = label(role="secondary")
        self._position.setObjectName("picturePosition")
        self._tabs = TabRow({key: tr(name) for key, (name, _) in TABS.items()})
        self._tabs.choose(tab)
        self._tabs.chosen.connect(self._turn)
        self._stack = QStackedWidget()
        self._build()

    @property
    def tab(self) -> str:
        """The key of the page that is open; see ``TABS``."""
        return self._tabs.key

    @property
    def page(self) -> QWidget | None:
        """The page that is open; None before there is a picture."""
        return self._pages.get(self.tab)

    def choose(self, tab: str) -> None:
        """Open another page."""
        if tab in TABS and tab != self.tab:
            self._tabs.choose(tab)
            self._turn(tab)

    def show_picture(self, one: OnePicture, position_text: str = "") -> None:
        """Show a picture, or what is new about the same one.

        Args:
            one: The picture and what is looked at around it.
            position_text: Where it stands: "3 of 83".
        """
        one = self._one = _with_same_pixels(one, self._one)
        picture = one.picture
        self._thumb.show_picture(one)
        self._verdict.setText(verdict(one.sight.classes, picture.label, picture.predicted))
        self._sure.setText(_sure_words(one))
        self._position.setText(position_text)
        self._turn(self.tab)

    def event(self, event: QEvent) -> bool:
        """Claim the keys of the tabs and pictures before a shortcut of the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._way(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Ctrl+Tab open pages; arrows to the sides and page keys go to the pictures beside."""
        way = self._way(event)
        if way is None:
            super().keyPressEvent(event)
        else:
            way()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The same keys where a scroll area or a button would take them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._way(event):
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _way(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does; None: nothing here."""
        key, keys = Qt.Key(event.key()), list(TABS)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key == Qt.Key.Key_Tab else -1
            return lambda: self.choose(keys[(keys.index(self.tab) + step) % len(keys)])
        if control or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        if key in _NUMBERS:
            return lambda: self.choose(keys[_NUMBERS.index(key)])
        if key in _BACK:
            return self.previous_asked.emit
        return self.next_asked.emit if key in _FORWARD else None

    def _turn(self, tab: str) -> None:
        """Show a page, built when it is wanted for the first time, with the newest picture."""
        if self._one is None:
            return
        page = self._pages.get(tab)
        if page is None:
            page = self._pages[tab] = self._make(tab)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        cast(Page, page).show_picture(self._one)

    def _make(self, tab: str) -> QWidget:
        kind = load(TABS[tab][1])
        page: QWidget = kind() if tab == "time" else kind(self._examiner)
        for name in _SIGNALS:
            if hasattr(page, name):
                getattr(page, name).connect(getattr(self, name))
        for area in page.findChildren(QScrollArea):
            area.installEventFilter(self)
        return page

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._verdict)
        below = QHBoxLayout()
        below.addWidget(self._sure, 1)
        below.addWidget(self._position)
        words.addLayout(below)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._thumb)
        head.addLayout(words, 1)
        steps = QHBoxLayout()
        steps.setSpacing(0)
        for name, text, tip, signal in (
            ("previousPicture", "‹", tr("The picture before: ←"), self.previous_asked),
            ("nextPicture", "›", tr("The next picture: →"), self.next_asked),
        ):
            made = button(text, "quiet", name)
            made.setToolTip(tip)
            made.setAccessibleName(tip)
            made.setFixedSize(28, 26)
            made.clicked.connect(signal)
            made.installEventFilter(self)
            steps.addWidget(made)
        head.addLayout(steps)
        for number, tab in enumerate(self._tabs.buttons.values(), 1):
            tab.setToolTip(tr("Key {key}", key=number))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._tabs, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stack, 1)


class _Thumb(QWidget):
    """The picture as it is in the file, small, in every page's head."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pictureThumb")
        self.setFixedSize(_THUMB, _THUMB)
        self._one: OnePicture | None = None

    def show_picture(self, one: OnePicture) -> None:
        """Show it in its frame."""
        self._one = one
        self.setAccessibleName(tr(one.sight.classes[one.picture.label]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and its frame in the colour of right or wrong."""
        if self._one is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixmap = scaled(self._one.picture.image, _THUMB - 4, self.devicePixelRatioF())
        size = pixmap.deviceIndependentSize()
        painter.drawPixmap(QPointF((_THUMB - size.width()) / 2, (_THUMB - size.height()) / 2), pixmap)
        right = self._one.picture.right
        painter.setPen(QPen(theme.colour("line" if right is None else "right" if right else "wrong"), 2))
        painter.drawRoundedRect(QRectF(1, 1, _THUMB - 2, _THUMB - 2), 4, 4)


def _sure_words(one: OnePicture) -> str:
    """How sure the network is, and where the picture is from."""
    training = tr("a training picture") if one.split == "train" else ""
    parts = [training, one.sight.note]
    if one.picture.confidence is not None:
        parts.insert(0, tr("{share} sure", share=percent(one.picture.confidence)))
    return " · ".join(part for part in parts if part)


def _with_same_pixels(one: OnePicture, before: OnePicture | None) -> OnePicture:
    """The picture with the very array that was shown before, where it is the same: pages need not paint anew."""
    if before is None or (before.split, before.picture.sample) != (one.split, one.picture.sample):
        return one
    if one.picture.image is before.picture.image or not np.array_equal(one.picture.image, before.picture.image):
        return one
    return replace(one, picture=replace(one.picture, image=before.picture.image))
