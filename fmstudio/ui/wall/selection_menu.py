"""The menus above the pictures: which ones, in which order, and what can be done with them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from fmstudio.session.other_split import of_split
from fmstudio.session.selection import Condition, IsRight, Not, Order, PredictedIs, Selection, Split, TrueIs
from fmstudio.ui.wall.named_selections_menu import NamedSelectionsMenu
from fmstudio.ui.wall.selection_words import Shown
from fmstudio.words import marked, tr, tr_n

ORDERS: dict[Order, str] = {
    "index": marked("In the order of the data set"),
    "confidence": marked("Most sure first"),
    "unsure": marked("Least sure first"),
    "margin": marked("Closest second class first"),
    "loss": marked("Greatest loss first"),
    "learned": marked("Last learned first"),
    "forgotten": marked("Forgotten most often first"),
}
"""What each order is called."""

_BY_HISTORY: tuple[Order, ...] = ("learned", "forgotten")


def everything(selection: Selection) -> Selection:
    """The same without any condition."""
    return replace(selection, conditions=(), watched=False)


def the_watched(selection: Selection) -> Selection:
    """The watched test pictures, with which a run begins, in the same order."""
    return replace(of_split(selection, "test"), conditions=(), watched=True)


def order_menu(shown: Shown, choose: Callable[[Selection], object], parent: QWidget) -> QMenu:
    """The orders to choose from.

    Args:
        shown: What is shown now.
        choose: Called with the selection in its new order.
        parent: Whose menu it is.
    """
    menu, selection = QMenu(parent), shown.selection
    menu.setToolTipsVisible(True)
    group = QActionGroup(menu)
    for order, text in ORDERS.items():
        made = _offer(menu, tr(text), replace(selection, order=order), choose, group, selection.order == order)
        why_not = _why_not(order, shown)
        made.setEnabled(not why_not)
        made.setToolTip(why_not)
    return menu


def _why_not(order: Order, shown: Shown) -> str:
    """Why the pictures cannot be sorted so; empty where they can."""
    if order == "index":
        return ""
    if shown.right is None:
        return tr("Known once a network has answered")
    if order in _BY_HISTORY and not shown.recalled:
        if shown.selection.split == "train":
            return tr("Known of test pictures only: training pictures are not asked after each epoch")
        return tr("Known once an epoch has ended")
    return ""


class SelectionMenu(QMenu):
    """Which pictures, and what can be done with them.

    Args:
        shown: What is shown now.
        picks: How many pictures are picked.
        parent: Whose menu it is.

    Attributes:
        selection_changed: The user wants to see other pictures: a ``Selection``.
        picks_asked: Only the picked ones.
        name_asked: This selection shall be given a name.
        export_asked: These pictures shall be written.
        failed: A ``UserError``.
    """

    selection_changed = Signal(object)
    picks_asked = Signal()
    name_asked = Signal()
    export_asked = Signal()
    failed = Signal(object)

    def __init__(self, shown: Shown, picks: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._shown, self._selection = shown, shown.selection
        self._asked = shown.right is not None
        self._add_splits()
        self._add_answers()
        self._add_classes()
        self._add_joined()
        self._add_counting()
        self.addSeparator()
        if picks:
            text = tr_n("The {count:,} picked one", "The {count:,} picked ones", picks)
            self.addAction(text).triggered.connect(self.picks_asked)
        grouped = self._choose(
            self, tr("Group by class"), replace(self._selection, grouped=not self._selection.grouped)
        )
        grouped.setCheckable(True)
        grouped.setChecked(self._selection.grouped)
        self.addMenu(self._named())
        export = self.addAction(tr("Export …"))
        export.setEnabled(shown.count > 0)
        export.triggered.connect(self.export_asked)

    def _add_splits(self) -> None:
        group, selection = QActionGroup(self), self._selection
        self._choose(self, tr("Watched pictures"), the_watched(selection), group, selection.watched)
        names: dict[Split, str] = {"test": tr("Test pictures"), "train": tr("Training pictures")}
        for split, text in names.items():
            self._choose(
                self, text, of_split(selection, split), group, not selection.watched and selection.split == split
            )
        self.addSeparator()

    def _add_answers(self) -> None:
        group, selection = QActionGroup(self), self._selection
        chosen = next((one.right for one in selection.conditions if isinstance(one, IsRight)), None)
        texts = {None: tr("Right and wrong"), True: tr("Only right ones"), False: tr("Only wrong ones")}
        for right, text in texts.items():
            made = self._choose(self, text, _with_right(selection, right), group, chosen == right)
            made.setEnabled(self._asked or right is None)
        self.addSeparator()

    def _add_classes(self) -> None:
        for kind, title in ((TrueIs, tr("Really is")), (PredictedIs, tr("Was taken for"))):
            made = self.addMenu(title)
            self._fill_late(made, partial(self._fill_classes, made, kind))
            made.setEnabled(self._asked or kind is TrueIs)

    def _fill_classes(self, menu: QMenu, kind: type[TrueIs] | type[PredictedIs]) -> None:
        group, selection = QActionGroup(menu), self._selection
        chosen = selection.find(kind)
        without = selection if chosen is None else selection.without(kind(chosen))
        self._choose(menu, tr("any class"), without, group, chosen is None)
        for number, name in enumerate(self._shown.classes):
            self._choose(menu, tr(name), selection.but(kind(number)), group, chosen == number)

    def _add_joined(self) -> None:
        """One more condition: and, or, but not; and all the others."""
        selection = self._selection
        ways: dict[str, Callable[[Condition], Selection]] = {
            tr("And …"): lambda one: _narrowed(selection, one),
            tr("Or …"): selection.added,
            tr("But not …"): lambda one: _narrowed(selection, Not(one)),
        }
        for title, joined in ways.items():
            menu = self.addMenu(title)
            menu.setEnabled(self._asked and bool(selection.conditions))
            self._fill_late(menu, partial(self._fill_joined, menu, joined))
        others = self._choose(self, tr("All but these"), selection.inverted())
        others.setEnabled(self._asked and bool(selection.conditions))
        self.addSeparator()

    def _fill_joined(self, menu: QMenu, joined: Callable[[Condition], Selection]) -> None:
        for kind, title in ((TrueIs, tr("Really is")), (PredictedIs, tr("Was taken for"))):
            made = menu.addMenu(title)
            for number, name in enumerate(self._shown.classes):
                self._choose(made, tr(name), joined(kind(number)))
        for right, text in ((True, tr("right")), (False, tr("wrong"))):
            self._choose(menu, text, joined(IsRight(right)))

    def _add_counting(self) -> None:
        selection = self._selection
        able = bool(selection.conditions)
        self._choose(self, tr("Show all"), everything(selection)).setEnabled(able)
        only = self._choose(self, tr("Only these"), selection.counted_alone())
        only.setEnabled(able and self._asked and self._shown.count > 0)
        self._choose(self, tr("Count all again"), selection.all_counted()).setEnabled(bool(selection.only))

    def _named(self) -> QMenu:
        made = NamedSelectionsMenu(self._shown.dataset, len(self._shown.classes), self)
        made.taken.connect(self.selection_changed)
        made.name_asked.connect(self.name_asked)
        made.failed.connect(self.failed)
        return made

    def _fill_late(self, menu: QMenu, fill: Callable[[], None]) -> None:
        """A menu of a thousand classes is filled only when it is opened."""
        menu.aboutToShow.connect(lambda: fill() if menu.isEmpty() else None)

    def _choose(
        self, menu: QMenu, text: str, wanted: Selection, group: QActionGroup | None = None, chosen: bool = False
    ) -> QAction:
        return _offer(menu, text, wanted, self.selection_changed.emit, group, chosen)


def _offer(
    menu: QMenu,
    text: str,
    wanted: Selection,
    choose: Callable[[Selection], object],
    group: QActionGroup | None = None,
    chosen: bool = False,
) -> QAction:
    made = menu.addAction(text.replace("&", "&&"))
    if group is not None:
        made.setCheckable(True)
        made.setChecked(chosen)
        group.addAction(made)
    made.triggered.connect(lambda: choose(wanted))
    return made


def _narrowed(selection: Selection, condition: Condition) -> Selection:
    """The same with one condition more."""
    kept = tuple(one for one in selection.conditions if one != condition)
    return selection.at(*kept, condition)


def _with_right(selection: Selection, right: bool | None) -> Selection:
    if right is not None:
        return selection.but(IsRight(right))
    kept = tuple(condition for condition in selection.conditions if not isinstance(condition, IsRight))
    return replace(selection, conditions=kept)
