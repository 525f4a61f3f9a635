"""The sentence above the pictures: which ones are shown, made of words that can be taken away."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QPushButton, QWidget

from fmstudio.session.selection import Condition, IsRight, Order, PredictedIs, Selection, Split, TrueIs
from fmstudio.ui import theme
from fmstudio.ui.picture_delegate import LARGE, SMALL
from fmstudio.ui.widgets import button, label
from fmstudio.words import marked, tr, tr_n

_ORDERS: dict[Order, str] = {
    "index": marked("In the order of the data set"),
    "confidence": marked("Most sure first"),
    "unsure": marked("Least sure first"),
    "loss": marked("Greatest loss first"),
}

_FIGURE_SPACE = "\u2007"
_KINDS: tuple[type[Condition], ...] = (TrueIs, PredictedIs, IsRight)


@dataclass(frozen=True)
class Shown:
    """What the sentence speaks of.

    Attributes:
        selection: Which pictures were asked for.
        classes: Short names of the classes.
        count: How many pictures there are of them.
        right: How many of these were answered rightly; None before there is a prediction.
        note: What else there is to say: "epoch 2".
    """

    selection: Selection = field(default_factory=Selection)
    classes: tuple[str, ...] = ()
    count: int = 0
    right: int | None = None
    note: str = ""


class SelectionBar(QWidget):
    """Says which pictures are shown, takes conditions away, and offers others.

    Attributes:
        selection_changed: The user wants to see other pictures, or in another order: a ``Selection``.
        size_chosen: The user wants smaller or larger pictures: their edge in pixels.
    """

    selection_changed = Signal(object)
    size_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selectionBar")
        self._shown = Shown()
        self._before, self._what, self._after = label(), label(role="title"), label()
        self._words = QWidget()
        self._note = label(role="secondary")
        self._seen = label(role="amber")
        self._seen.setContentsMargins(8, 2, 8, 2)
        self._all = button(tr("Show all"), "link", "showAll")
        self._all.clicked.connect(self._show_all)
        self._counts = label(role="secondary")
        self._counts.setObjectName("pictureCounts")
        self._counts.setFont(theme.font(tabular=True))
        self._counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(5)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for part in (self._before, self._what, self._after, self._words, self._note, self._all, self._seen):
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._row.addWidget(self._counts)
        self._row.addSpacing(4)
        self._add_buttons()
        self.setFixedHeight(28)
        self.show_selection(self._shown)

    def show_selection(self, shown: Shown) -> None:
        """Say which pictures are shown."""
        if shown == self._shown and self._what.text():
            return
        rebuild = shown.selection != self._shown.selection or shown.classes != self._shown.classes
        self._shown = shown
        before, after = _around(tr("Showing {pictures}", pictures="|"))
        self._before.setText(before)
        self._what.setText(_pictures(shown) + (tr(":") if shown.selection.conditions and not after else ""))
        self._after.setText(after)
        if rebuild:
            self._rebuild_words()
        self._note.setText(f"· {shown.note}" if shown.note else "")
        self._seen.setText(tr("The network has seen these") if shown.selection.split == "train" else "")
        self._counts.setText(_counts(shown))
        self._order.setChecked(shown.selection.order != "index")
        self._order.setToolTip(tr("Sort the pictures: {order}", order=tr(_ORDERS[shown.selection.order])))
        self._fit()

    def show_size(self, edge: int) -> None:
        """Mark the size in which the pictures are shown."""
        self._small.setChecked(edge == SMALL)
        self._large.setChecked(edge == LARGE)

    def minimumSizeHint(self) -> QSize:
        """Narrow: what has no room is left out."""
        return QSize(200, 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room any more."""
        super().resizeEvent(event)
        self._fit()

    def _add_buttons(self) -> None:
        self._small = _sign("▫", tr("Small pictures"), "smallPictures", lambda: self._choose_size(SMALL))
        self._large = _sign("▪", tr("Large pictures"), "largePictures", lambda: self._choose_size(LARGE))
        self._order = _sign("⇅", tr("Sort the pictures"), "sortPictures", lambda: self._pop(self._order, self.orders()))
        self._more = _sign(
            "⋯", tr("Choose which pictures"), "choosePictures", lambda: self._pop(self._more, self.choices())
        )
        self._more.setCheckable(False)
        signs = QHBoxLayout()
        signs.setSpacing(0)
        for made in (self._small, self._large, self._order, self._more):
            signs.addWidget(made)
        self._row.addLayout(signs)
        self.show_size(SMALL)

    def _rebuild_words(self) -> None:
        """One removable word for each condition."""
        old, self._words = self._words, QWidget()
        row = QHBoxLayout(self._words)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for condition in sorted(self._shown.selection.conditions, key=lambda one: _KINDS.index(type(one))):
            before, name, after = _word(condition, self._shown.classes)
            for part in (label(before), self._chip(name, condition), label(after)):
                if part.text():
                    row.addWidget(part)
        self._row.replaceWidget(old, self._words)
        self._words.setVisible(row.count() > 0)
        old.hide()
        old.deleteLater()

    def _chip(self, name: str, condition: Condition) -> QPushButton:
        chip = button(f"{name} ×", "chip", "condition")
        chip.setToolTip(tr("Take this condition away"))
        chip.clicked.connect(lambda: self.selection_changed.emit(self._shown.selection.without(condition)))
        return chip

    def _fit(self) -> None:
        """Hide what matters least until the rest has room."""
        texts = (self._note, self._before, self._counts, self._seen)
        worth: dict[QWidget, bool] = {part: bool(part.text()) for part in texts}
        worth[self._all] = bool(self._shown.selection.conditions)
        self._after.setVisible(bool(self._after.text()))
        for part, shown in worth.items():
            part.setVisible(shown)
        for part in worth:
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                break
            part.hide()

    def _show_all(self) -> None:
        self.selection_changed.emit(replace(self._shown.selection, conditions=(), watched=False))

    def _choose_size(self, edge: int) -> None:
        self.show_size(edge)
        self.size_chosen.emit(edge)

    def _pop(self, source: QPushButton, menu: QMenu) -> None:
        self._order.setChecked(self._shown.selection.order != "index")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(source.mapToGlobal(QPoint(0, source.height())))

    def orders(self) -> QMenu:
        """The menu of orders."""
        menu, selection = QMenu(self), self._shown.selection
        group = QActionGroup(menu)
        for order, text in _ORDERS.items():
            made = self._offer(menu, group, tr(text), replace(selection, order=order), selection.order == order)
            made.setEnabled(order == "index" or self._shown.right is not None)
        return menu

    def choices(self) -> QMenu:
        """The menu of splits and conditions."""
        menu, selection, asked = QMenu(self), self._shown.selection, self._shown.right is not None
        splits = QActionGroup(menu)
        watched = replace(selection, conditions=(), split="test", watched=True)
        self._offer(menu, splits, tr("Watched pictures"), watched, selection.watched)
        names: dict[Split, str] = {"test": tr("Test pictures"), "train": tr("Training pictures")}
        for split, text in names.items():
            wanted = replace(selection, split=split, watched=False)
            self._offer(menu, splits, text, wanted, not selection.watched and selection.split == split)
        menu.addSeparator()
        answers = QActionGroup(menu)
        for right, text in (
            (None, tr("Right and wrong")),
            (True, tr("Only right ones")),
            (False, tr("Only wrong ones")),
        ):
            chosen = next((c.right for c in selection.conditions if isinstance(c, IsRight)), None)
            made = self._offer(menu, answers, text, _with_right(selection, right), chosen == right)
            made.setEnabled(asked or right is None)
        menu.addSeparator()
        self._offer_classes(menu, TrueIs, tr("Really is"))
        self._offer_classes(menu, PredictedIs, tr("Was taken for")).setEnabled(asked)
        return menu

    def _offer_classes(self, menu: QMenu, kind: type[TrueIs] | type[PredictedIs], title: str) -> QMenu:
        made, selection = menu.addMenu(title), self._shown.selection
        group, chosen = QActionGroup(made), selection.find(kind)
        without = selection if chosen is None else selection.without(kind(chosen))
        self._offer(made, group, tr("any class"), without, chosen is None)
        for number, name in enumerate(self._shown.classes):
            self._offer(made, group, tr(name), selection.but(kind(number)), chosen == number)
        return made

    def _offer(self, menu: QMenu, group: QActionGroup, text: str, wanted: Selection, chosen: bool) -> QAction:
        made = menu.addAction(text)
        made.setCheckable(True)
        made.setChecked(chosen)
        group.addAction(made)
        made.triggered.connect(lambda: self.selection_changed.emit(wanted))
        return made


def _pictures(shown: Shown) -> str:
    """How many pictures of which split."""
    if shown.selection.watched:
        return tr_n("{count:,} watched test picture", "{count:,} watched test pictures", shown.count)
    if shown.selection.split == "train":
        return tr_n("{count:,} training picture", "{count:,} training pictures", shown.count)
    return tr_n("{count:,} test picture", "{count:,} test pictures", shown.count)


def _counts(shown: Shown) -> str:
    """How many are right and wrong, where the conditions do not say so already."""
    kinds = {type(condition) for condition in shown.selection.conditions}
    if shown.right is None or IsRight in kinds or {TrueIs, PredictedIs} <= kinds:
        return ""
    width = len(f"✓ {shown.count:,}")
    right, wrong = f"✓ {shown.right:,}", f"✗ {shown.count - shown.right:,}"
    return "   ".join(part.rjust(width, _FIGURE_SPACE) for part in (right, wrong))


def _word(condition: Condition, classes: tuple[str, ...]) -> tuple[str, str, str]:
    """What stands before, in and after the removable word of a condition."""
    if isinstance(condition, IsRight):
        return "", condition.words(classes), ""
    text = tr("true {name}", name="|") if isinstance(condition, TrueIs) else tr("predicted {name}", name="|")
    before, after = _around(text)
    return before, tr(classes[condition.label]), after


def _around(text: str) -> tuple[str, str]:
    """What stands before and after the place in a text."""
    before, _, after = text.partition("|")
    return before.strip(), after.strip()


def _with_right(selection: Selection, right: bool | None) -> Selection:
    if right is not None:
        return selection.but(IsRight(right))
    kept = tuple(condition for condition in selection.conditions if not isinstance(condition, IsRight))
    return replace(selection, conditions=kept)


def _sign(text: str, tip: str, name: str, act: Callable[[], None]) -> QPushButton:
    """A small checkable button with a sign."""
    made = button(text, "quiet", name)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setCheckable(True)
    made.setFont(theme.font(17 if text in "▫▪" else theme.TEXT))
    made.setFixedSize(28, 26)
    made.clicked.connect(act)
    return made
