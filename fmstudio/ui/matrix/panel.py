"""What is taken for what: the confusion matrix, and beside it the figures of each class, how sure, and the map."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.selection import IsRight, Split
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.matrix.menu import modes_menu, more_menu
from fmstudio.ui.matrix.page import MatrixPage
from fmstudio.ui.plots.figure_saver import FigureSaver, WidgetsFigure
from fmstudio.ui.tab_order import put_after
from fmstudio.ui.widgets import ElidedLabel, TabRow, button, label
from fmstudio.words import tr

_MODE_WIDTH = 112
_WRONG = IsRight(False)


class _Page(Protocol):
    """What each tab shows."""

    def show_sight(self, sight: Sight) -> None:
        """Show what is looked at now."""


class _Drawn(Protocol):
    """A tab that can be saved as a figure."""

    @property
    def figure(self) -> tuple[str, Sequence[QWidget]]:
        """What it shows in words, and of which widgets the figure is made; of none where there is nothing to see."""


class ConfusionPanel(QWidget):
    """Matrix, figures per class, confidence and map, over the test or the training pictures.

    Each tab but the first is built when it is first turned to; only the one in sight gets the newest sight.

    Args:
        examiner: Asks the network that is looked at, for the map.

    Signals:
        selection_changed(Selection): The user chose a square, a class, a bar …, or left them: what to look at now.
        split_chosen(str): The user wants it counted over other pictures: ``"test"`` or ``"train"``. The squares are
            empty until the next sight brings those.
        opened_sample(int): A picture of the split shall be shown large: its index.
        saved(Path): The matrix, or another figure, was written to a file.
        failed(UserError): It could not be.
    """

    selection_changed = Signal(object)
    split_chosen = Signal(str)
    opened_sample = Signal(int)
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, examiner: Examiner | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionPanel")
        self._examiner = examiner
        self._sight: Sight | None = None
        self._asking = False
        self._watched = True  # whether the watched ones were looked at before the wrong ones were counted alone
        self.matrix = MatrixPage()
        self._pages: dict[str, QWidget] = {"matrix": self.matrix}
        self._saver = FigureSaver(self, self._figure_name, self._figure, self._runs)
        self._names = names = {
            "matrix": tr("Matrix"),
            "classes": tr("Per class"),
            "sure": tr("How sure"),
            "map": tr("Map"),
        }
        self._tabs = TabRow(names)
        self._splits = _switch({"test": tr("Test"), "train": tr("Training")})
        self._hint, self._seen = ElidedLabel(role="small"), label(tr("The network has seen these"), "amber")
        self._wrong = button(tr("only ✗"), "quiet", "onlyWrong")
        self._wrong.setCheckable(True)
        self._mode, self._more = button("", "quiet", "matrixMode"), button("⋯", "quiet", "matrixMore")
        self._actions = [
            self._action(tr("Select misclassified"), Qt.Key.Key_M, right=False),
            self._action(tr("Select correct"), Qt.Key.Key_C, right=True),
        ]
        self._explain()
        self._lay_out()
        self._connect()
        self._tell()

    @property
    def split(self) -> Split:
        """The pictures that are counted."""
        return cast(Split, self._splits.key)

    @property
    def tab(self) -> str:
        """The key of the tab in sight: "matrix", "classes", "sure" or "map"."""
        return self._tabs.key

    def choose(self, tab: str) -> None:
        """Turn to a tab: "matrix", "classes", "sure" or "map"."""
        self._tabs.choose(tab)
        self._turn(self._tabs.key)

    def show_sight(self, sight: Sight) -> None:
        """Show what is looked at now."""
        if sight is self._sight:
            return
        self._sight = sight
        self._asking = False
        self._splits.choose(sight.selection.split)
        self._page().show_sight(sight)
        self._tell()

    def show_other(self, name: str, predictions: Predictions | None) -> None:
        """Offer another run for a matrix of differences.

        Args:
            name: What it is called, translated: "run 2".
            predictions: What its network said of the same pictures; None: there is none.
        """
        self.matrix.show_other(name, predictions)

    def _page(self) -> _Page:
        """The page of the tab in sight, built if it is not there yet."""
        key = self._tabs.key
        if key not in self._pages:
            made = self._make(key)
            made.selection_changed.connect(self.selection_changed)  # type: ignore[attr-defined]
            if key == "map":
                made.opened_sample.connect(self.opened_sample)  # type: ignore[attr-defined]
            self._pages[key] = made
            self._stack.addWidget(made)
            put_after(self._more, made)
        return cast(_Page, self._pages[key])

    def _make(self, key: str) -> QWidget:
        makers: dict[str, Callable[[], QWidget]] = {
            "classes": lambda: load("fmstudio.ui.sureness.class_figures_page.ClassFiguresPage")(),
            "sure": lambda: load("fmstudio.ui.sureness.panel.SurenessPanel")(),
            "map": lambda: load("fmstudio.ui.map.panel.MapPanel")(self._examiner),
        }
        return makers[key]()

    def _turn(self, tab: str) -> None:
        page = self._page()
        self._stack.setCurrentWidget(self._pages[tab])
        self._mode.setVisible(tab == "matrix")
        if self._sight is not None and not self._asking:
            page.show_sight(self._sight)
        self._tell()

    def _tell(self) -> None:
        """The sentence below, the mark of training pictures, and what the squares show."""
        counted = self._sight is not None and self._sight.counted is not None and not self._asking
        note = self._note()
        for action in self._actions:
            action.setEnabled(counted)
        self._wrong.setEnabled(counted)
        self._wrong.setChecked(self._sight is not None and _WRONG in self._sight.selection.only)
        self._hint.setText(note or (self._invitation() if counted else tr("Filled once the network answers")))
        self._seen.setVisible(self.split == "train")
        self._hint.setVisible(self.split == "test" or bool(note) or not counted)
        text = self._mode.fontMetrics().elidedText(self.matrix.title, Qt.TextElideMode.ElideRight, _MODE_WIDTH)
        self._mode.setText(f"{text} ▾")
        self._mode.setAccessibleName(tr("The squares show: {what}", what=self.matrix.title))

    def _note(self) -> str:
        """What is to be said before all else; may be empty."""
        sight = self._sight
        waits = sight is not None and sight.selection.split == "train" and sight.answers is None
        if self._asking or (waits and sight is not None and sight.run.saved_step >= 0):
            return tr("Asking the network …")
        return self.matrix.hint if self.tab == "matrix" else ""

    def _invitation(self) -> str:
        invitations = {
            "matrix": tr("Click a square to see those pictures"),
            "classes": tr("Click a row to see those pictures"),
            "sure": tr("Click a bar to see those pictures"),
        }
        return invitations.get(self.tab, "")

    def _explain(self) -> None:
        self._mode.setToolTip(tr("What the squares show"))
        self._wrong.setAccessibleName(tr("Count only the wrong ones"))
        self._wrong.setToolTip(
            tr("Count only the pictures that were answered wrongly; M looks at them and counts all the others too")
        )
        more = tr("Select, sort, zoom, save")
        self._more.setToolTip(more)
        self._more.setAccessibleName(more)
        self._splits.buttons["test"].setToolTip(tr("Count test pictures, which the network has never learned from"))
        self._splits.buttons["train"].setToolTip(tr("Count training pictures, which the network has seen"))

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.matrix)
        self._seen.setFont(theme.font(theme.SMALL))
        self._seen.setContentsMargins(8, 2, 8, 2)
        for made in (self._mode, self._more):
            made.setStyleSheet("QPushButton { font-size: 12px; padding: 0 4px; min-height: 18px; }")
        policy = self._mode.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._mode.setSizePolicy(policy)
        self._wrong.setStyleSheet(_switch_style())
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._tabs)
        head.addStretch()
        head.addWidget(self._mode)
        head.addWidget(self._more)
        foot.addWidget(self._hint)
        foot.addWidget(self._seen)
        foot.addStretch()
        foot.addWidget(self._wrong)
        foot.addWidget(self._splits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._turn)
        self._splits.chosen.connect(self._ask)
        self._wrong.clicked.connect(self._count_wrong)
        self._mode.clicked.connect(lambda: self._pop(self._mode, self.modes()))
        self._more.clicked.connect(lambda: self._pop(self._more, self.menu()))
        self.matrix.selection_changed.connect(self.selection_changed)
        self.matrix.told.connect(self._tell)
        self.matrix.saved.connect(self.saved)
        self.matrix.failed.connect(self.failed)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(self.failed)

    def modes(self) -> QMenu:
        """The menu of what the squares show."""
        return modes_menu(self, self.matrix)

    def menu(self) -> QMenu:
        """The menu of what can be done."""
        drawn = self.tab in ("sure", "map") and cast(_Drawn, self._page()).figure[1]
        saver = self._saver if drawn else None
        return more_menu(self, self.matrix, self._actions, matrix=self.tab == "matrix", saver=saver)

    def show_library(self, library: Path | None) -> None:
        """Say in which folder a run lies that goes on; None for the user's."""
        self.matrix.library = self._saver.library = library

    def _figure(self, ending: str) -> bytes:
        """What is in sight as a file, with what it is above it."""
        sight = self._sight
        words, widgets = cast(_Drawn, self._page()).figure
        run = () if sight is None else (sight.run.title, sight.note)
        heading = " · ".join(filter(None, (words, *run)))
        return WidgetsFigure(widgets, heading).written(ending)

    def _figure_name(self) -> str:
        return self._names[self.tab]

    def _runs(self) -> tuple[Run, ...]:
        return (self._sight.run,) if self._sight is not None else ()

    def _action(self, text: str, key: Qt.Key, *, right: bool) -> QAction:
        """Looks at what is right, or wrong; its key works wherever the keyboard is in this panel."""
        made = QAction(text, self)
        made.setShortcut(QKeySequence(key))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.triggered.connect(lambda: self._select(right))
        self.addAction(made)
        return made

    def _select(self, right: bool) -> None:
        if self._sight is not None and self._sight.counted is not None:
            self.selection_changed.emit(self._sight.selection.at(IsRight(right)))

    def _count_wrong(self, alone: bool) -> None:
        """Count the wrong ones alone, or the right ones again too."""
        if self._sight is not None:
            before = self._sight.selection
            self._watched = before.watched if alone else self._watched
            after = before.counting(_WRONG) if alone else before.counting_without(_WRONG, watched=self._watched)
            self.selection_changed.emit(after)

    def _ask(self, split: str) -> None:
        if self._sight is not None and self._sight.counted is not None:
            self._asking = True
            self.matrix.show_nothing()
        self._tell()
        self.split_chosen.emit(split)

    def _pop(self, source: QPushButton, menu: QMenu) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        corner = QPoint(source.width() - menu.sizeHint().width(), source.height())
        menu.popup(source.mapToGlobal(corner))


def _switch_style() -> str:
    """Of the switch for the wrong ones: outlined, or its sign would look as if it closed something."""
    now = theme.current()
    return (
        f"QPushButton {{ font-size: 12px; padding: 0 5px; min-height: 16px; color: {now.wrong};"
        f" border: 1px solid {now.line}; border-radius: 6px; }}"
        f"QPushButton:disabled {{ color: {now.faint}; }}"
        f"QPushButton:checked {{ color: {now.card}; background: {now.wrong}; border-color: {now.wrong}; }}"
        f'QPushButton[ring="true"] {{ border: 2px solid {now.accent}; padding: 0 4px; min-height: 14px; }}'
    )


def _switch(names: dict[str, str]) -> TabRow:
    """A row of small words of which one is chosen, quieter than tabs."""
    row = TabRow(names, role="quiet")
    row.setStyleSheet(
        "QPushButton { font-size: 12px; padding: 2px 4px; } QPushButton:checked { font-weight: 600; }"
        "QPushButton:focus { padding: 2px 4px; }"
    )
    return row
