"""The sentence above the pictures: which ones are shown, made of words that can be taken away."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QPushButton, QWidget

from fmstudio.session.selection import Condition
from fmstudio.ui import theme
from fmstudio.ui.wall.selection_menu import ORDERS, SelectionMenu, everything, order_menu, the_watched
from fmstudio.ui.wall.selection_words import Shown, around, counts, few_words, ordered, pictures, sentence, word
from fmstudio.ui.widgets import Button, button, label
from fmstudio.words import tr

_WIDTHS = (240, 170, 110, 60)
"""How wide the words of a condition may be: at best, and where there is less and less room."""


class SelectionBar(QWidget):
    """Says which pictures are shown, takes conditions away, and offers others.

    Attributes:
        selection_changed: The user wants to see other pictures, or in another order: a ``Selection``.
        back_asked: The user wants to see the pictures before; ``forward_asked``: those after.
        picks_asked: Only the picked pictures shall be shown.
        name_asked: This selection shall be given a name.
        export_asked: These pictures shall be written.
        failed: A ``UserError``.
    """

    selection_changed = Signal(object)
    back_asked = Signal()
    forward_asked = Signal()
    picks_asked = Signal()
    name_asked = Signal()
    export_asked = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selectionBar")
        self._shown = Shown()
        self._picks = 0
        self._chips: list[Chip] = []
        self._before, self._what, self._after = label(), label(role="title"), label()
        self._words, self._note = QWidget(), label(role="secondary")
        self._seen = label(role="amber")
        self._seen.setContentsMargins(8, 2, 8, 2)
        self._travel = self._travel_buttons()
        self._all = button(tr("Show all"), "link", "showAll")
        self._all.clicked.connect(lambda: self.selection_changed.emit(everything(self._shown.selection)))
        self._few = button(tr("Show the watched ones"), "link", "showWatched")
        self._few.setToolTip(tr("Back to the few pictures of each class that the page begins with"))
        self._few.clicked.connect(lambda: self.selection_changed.emit(the_watched(self._shown.selection)))
        self._only = button(tr("Only these"), "link", "onlyThese")
        self._only.setToolTip(tr("Count these pictures only: in the matrix, in the table, and in the score"))
        self._only.clicked.connect(lambda: self.selection_changed.emit(self._shown.selection.counted_alone()))
        self._counts = label(role="secondary")
        self._counts.setObjectName("pictureCounts")
        self._counts.setFont(theme.font(tabular=True))
        self._counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()
        self.setFixedHeight(28)
        self.show_selection(self._shown)

    def show_selection(self, shown: Shown) -> None:
        """Say which pictures are shown."""
        if shown == self._shown and self._what.text():
            return
        rebuild = shown.selection != self._shown.selection or shown.classes != self._shown.classes
        self._shown = shown
        before, after = around(tr("Showing {pictures}", pictures="|"))
        self._before.setText(before)
        self._after.setText(after)
        if rebuild:
            self._rebuild_words()
        self._note.setText(f"· {shown.note}" if shown.note else "")
        self._counts.setText(counts(shown))
        self._order.setChecked(shown.selection.order != "index")
        self._order.setToolTip(tr("Sort the pictures: {order}", order=tr(ORDERS[shown.selection.order])))
        self.setAccessibleName(sentence(shown))
        self._fit()

    def show_travel(self, can_back: bool, can_forward: bool) -> None:
        """Show whether there are pictures to go back to, and forward."""
        changed = (can_back, can_forward) != (self._back.isEnabled(), self._forward.isEnabled())
        self._back.setEnabled(can_back)
        self._forward.setEnabled(can_forward)
        if changed:
            self._fit()

    def show_picks(self, count: int) -> None:
        """Say how many pictures are picked."""
        self._picks = count

    def minimumSizeHint(self) -> QSize:
        """Narrow: what has no room is left out."""
        return QSize(200, 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room any more."""
        super().resizeEvent(event)
        self._fit()

    def orders(self) -> QMenu:
        """The menu of orders."""
        return order_menu(self._shown, self.selection_changed.emit, self)

    def choices(self) -> SelectionMenu:
        """The menu of splits, conditions, and what can be done with these pictures."""
        menu = SelectionMenu(self._shown, self._picks, self)
        menu.selection_changed.connect(self.selection_changed)
        menu.picks_asked.connect(self.picks_asked)
        menu.name_asked.connect(self.name_asked)
        menu.export_asked.connect(self.export_asked)
        menu.failed.connect(self.failed)
        return menu

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(5)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        sentence_parts = (self._before, self._what, self._after, self._words, self._note)
        for part in (*sentence_parts, self._travel, self._all, self._few, self._only, self._seen):
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._row.addWidget(self._counts)
        self._order = _sign("⇅", tr("Sort the pictures"), "sortPictures", lambda: self._pop(self._order, self.orders()))
        self._more = _sign(
            "⋯", tr("Choose which pictures"), "choosePictures", lambda: self._pop(self._more, self.choices())
        )
        self._order.setCheckable(True)
        signs = QHBoxLayout()
        signs.setSpacing(0)
        for made in (self._order, self._more):
            signs.addWidget(made)
        self._row.addLayout(signs)

    def _travel_buttons(self) -> QWidget:
        """Back and forward."""
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._back = _sign("←", tr("Back to the pictures before (Alt+←)"), "selectionBack", self.back_asked.emit)
        self._forward = _sign("→", tr("Forward again (Alt+→)"), "selectionForward", self.forward_asked.emit)
        for sign in (self._back, self._forward):
            sign.setFixedWidth(24)
            sign.setEnabled(False)
            row.addWidget(sign)
        return made

    def _rebuild_words(self) -> None:
        """One removable word for each condition."""
        old, self._words = self._words, QWidget()
        row = QHBoxLayout(self._words)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        self._chips = []
        for condition in ordered(self._shown.selection.conditions):
            before, name, after = word(condition, self._shown.classes)
            chip = self._chip(name, condition)
            self._chips.append(chip)
            for part in (label(before), chip, label(after)):
                if part.text():
                    row.addWidget(part)
        self._row.replaceWidget(old, self._words)
        self._words.setVisible(row.count() > 0)
        old.hide()
        old.deleteLater()

    def _chip(self, name: str, condition: Condition) -> "Chip":
        chip = Chip(name)
        chip.clicked.connect(lambda: self.selection_changed.emit(self._shown.selection.without(condition)))
        return chip

    def _fit(self) -> None:
        """Leave out what matters least until the rest has room."""
        self._show_whole()
        whole = True
        for leave_out in self._ways_to_save():
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                break
            leave_out()
            whole = False
        self._what.setToolTip("" if whole else sentence(self._shown))

    def _show_whole(self) -> None:
        """Show all that there is to say."""
        shown, conditions = self._shown, self._shown.selection.conditions
        for part in (self._note, self._before, self._after, self._counts):
            part.setVisible(bool(part.text()))
        self._say_what(pictures(shown))
        train = shown.selection.split == "train"
        self._seen.setText(tr("The network has seen these") if train else "")
        self._seen.setToolTip("")
        self._seen.setVisible(train)
        self._travel.setVisible(self._back.isEnabled() or self._forward.isEnabled())
        self._all.setVisible(bool(conditions))
        asked = conditions or shown.selection.only or shown.selection.watched or train
        self._few.setVisible(not asked and shown.count > 0)
        self._only.setVisible(bool(conditions) and shown.right is not None and shown.count > 0)
        self._limit_chips(_WIDTHS[0])

    def _ways_to_save(self) -> Iterator[Callable[[], object]]:
        """What can be left out, what matters least first."""
        yield self._note.hide
        yield self._before.hide
        yield self._counts.hide
        yield self._shorten_mark
        yield lambda: self._limit_chips(_WIDTHS[1])
        yield lambda: self._say_what(few_words(self._shown))
        yield lambda: self._limit_chips(_WIDTHS[2])
        yield self._travel.hide
        yield self._only.hide
        yield lambda: self._limit_chips(_WIDTHS[3])
        yield lambda: self._say_what(f"{self._shown.count:,}")
        yield self._all.hide
        yield self._few.hide

    def _say_what(self, text: str) -> None:
        colon = tr(":") if self._shown.selection.conditions and not self._after.text() else ""
        self._what.setText(text + colon)

    def _shorten_mark(self) -> None:
        if self._seen.text():
            self._seen.setToolTip(self._seen.text())
            self._seen.setText(tr("seen"))

    def _limit_chips(self, width: int) -> None:
        for chip in self._chips:
            chip.limit(width)

    def _pop(self, source: QPushButton, menu: QMenu) -> None:
        self._order.setChecked(self._shown.selection.order != "index")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(source.mapToGlobal(QPoint(0, source.height())))


class Chip(Button):
    """A condition that a click takes away; a long one ends in "…", and its tooltip says the whole.

    Args:
        words: The condition.
    """

    def __init__(self, words: str) -> None:
        super().__init__("", "chip", "condition")
        self._whole = words
        self.setAccessibleName(tr("Take away: {condition}", condition=words))
        self.limit(_WIDTHS[0])

    def limit(self, width: int) -> None:
        """Let the words be at most so wide, in pixels."""
        self.ensurePolished()
        fitting = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, width)
        self.setText(f"{fitting} ×".replace("&", "&&"))
        tip = tr("Take this condition away")
        self.setToolTip(tip if fitting == self._whole else f"{self._whole}\n{tip}")


def _sign(text: str, tip: str, name: str, act: Callable[[], None]) -> QPushButton:
    """A small button with a sign."""
    made = button(text, "quiet", name)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFont(theme.font(theme.TEXT))
    made.setFixedSize(28, 26)
    made.clicked.connect(act)
    return made
