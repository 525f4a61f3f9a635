"""The editor of the user's own list of layers: the table, and at its right the settings of the current layer."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from fmstudio.catalog.layer_kinds import LAYERS
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.session.layer_list import FIRST, LayerListModel
from fmstudio.session.layer_rows import problems_at
from fmstudio.ui import theme
from fmstudio.ui.layer_form import LayerForm
from fmstudio.ui.layer_list_view import LayerListView
from fmstudio.ui.widgets import Button, button
from fmstudio.words import tr

_FORM_WIDTH = 272
_GAP = 16


class LayerListEditor(QWidget):
    """Shows a list of layers and lets the user change it.

    Attributes:
        model: The list with its shapes.
        view: The table.
        form: The settings of the current row.
    """

    changed = Signal(object)
    """The list is another one: JSON values."""
    settled = Signal()
    """The edit is done: what comes next is another step of undo."""
    mend_asked = Signal(object)
    """The user wants a ``Mending``, with whole paths."""
    help_asked = Signal(str)
    """The user asks what something is: Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("layerListEditor")
        self._problems: tuple[Problem, ...] = ()
        self._typing = False
        self.model = LayerListModel(self)
        self.view = LayerListView(self.model)
        self.form = LayerForm()
        self._menu = self._kinds_menu()
        self._add = button(tr("Add layer ▾"), "", "addLayer")
        self._duplicate = button(tr("Duplicate"), "quiet", "duplicateLayer")
        self._remove = button(tr("Remove"), "quiet", "removeLayer")
        self._up = button("↑", "quiet", "layerUp")
        self._down = button("↓", "quiet", "layerDown")
        self._lay_out()
        self._connect()

    def show_layers(self, value: object, facts: Facts | None, problems: Sequence[Problem] = ()) -> None:
        """Show a list.

        Args:
            value: JSON values as they stand in the recipe, perhaps wrong ones.
            facts: What the network is for; None: nothing is shown.
            problems: Of the recipe; those of the layers are said at their rows.
        """
        self._problems = tuple(problems)
        changed = self.model.show(value, facts, problems)
        if changed >= 0 or not self.view.currentIndex().isValid():
            self.view.choose(max(changed, FIRST))
        self._show_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the settings for the table."""
        if event.key() == Qt.Key.Key_Escape and not self.view.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _show_current(self) -> None:
        current = self.view.currentIndex().row()
        row, place, last = self.model.row(current), self.view.place, len(self.model.value) - 1
        for made, possible in (
            (self._duplicate, place >= 0),
            (self._remove, place >= 0),
            (self._up, place > 0),
            (self._down, 0 <= place < last),
        ):
            made.setEnabled(possible)
        if row is None:
            return
        if place >= 0:
            self.form.show_layer(place, self.model.item(place), row, problems_at(self._problems, place))
        else:
            self.form.show_fixed(row, _about_fixed(current))

    def _add_kind(self, kind: str) -> None:
        """Put a layer below the current row; above the output where that is the current one."""
        place = min(max(0, self.view.currentIndex().row() - FIRST + 1), len(self.model.value))
        self.model.insert(place, kind)
        self.view.choose(FIRST + place)

    def _open_menu(self, at: QWidget, corner: QPoint) -> None:
        self._menu.popup(at.mapToGlobal(corner))

    def _ask_kind(self) -> None:
        """The Insert key: the menu opens below the current row."""
        below = self.view.visualRect(self.view.currentIndex()).bottomLeft()
        self._open_menu(self.view.viewport(), below)

    def _change(self, name: str, value: object) -> None:
        """A setting is being typed: all of it is one step of undo."""
        if self.view.place >= 0:
            self._typing = True
            self.model.change(self.view.place, name, value)
            self._typing = False

    def _change_kind(self, kind: str) -> None:
        if self.view.place >= 0:
            self.model.change_kind(self.view.place, kind)

    def _edited(self, value: object) -> None:
        if not self._typing:
            self.settled.emit()
        self.changed.emit(value)
        if not self._typing:
            self.settled.emit()
        self._show_current()

    def _mend(self, mending: Mending) -> None:
        """Changes of one layer are changes of the list; the others are not ours to make."""
        self.mend_asked.emit(mending)

    def _connect(self) -> None:
        self.model.edited.connect(self._edited)
        self.view.selectionModel().currentRowChanged.connect(self._show_current)
        self.view.adding_asked.connect(self._ask_kind)
        self.view.editing_asked.connect(self.form.focus_first)
        self.form.kind_chosen.connect(self._change_kind)
        self.form.value_changed.connect(self._change)
        self.form.settled.connect(self.settled)
        self.form.mend_asked.connect(self._mend)
        self.form.help_asked.connect(self.help_asked)
        self._add.clicked.connect(lambda: self._open_menu(self._add, QPoint(0, self._add.height() + 2)))
        self._duplicate.clicked.connect(self.view.duplicate)
        self._remove.clicked.connect(self.view.remove)
        self._up.clicked.connect(lambda: self.view.shift(-1))
        self._down.clicked.connect(lambda: self.view.shift(1))

    def _kinds_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("layerKinds")
        menu.setToolTipsVisible(True)
        for kind, row in LAYERS.items():
            action = menu.addAction(tr(row.title))
            action.setObjectName(f"add.{kind}")
            action.setToolTip(tr(row.summary()))
            action.triggered.connect(lambda checked=False, kind=kind: self._add_kind(kind))
        return menu

    def _lay_out(self) -> None:
        self._up.setAccessibleName(tr("Move up"))
        self._down.setAccessibleName(tr("Move down"))
        for made, tip in self._tips():
            made.setToolTip(tip)
        tools = QHBoxLayout()
        tools.setSpacing(4)
        for made in (self._add, self._duplicate, self._remove, self._up, self._down):
            tools.addWidget(made)
        tools.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addLayout(tools)
        left.addWidget(self.view, 1)
        line = QFrame()
        line.setFixedWidth(1)
        line.setStyleSheet(f"background: {theme.current().line};")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addLayout(left, 1)
        row.addWidget(line)
        row.addWidget(_scrolling(self.form))
        self.setTabOrder(self.view, self.form)

    def _tips(self) -> tuple[tuple[Button, str], ...]:
        return (
            (self._add, tr("Add a layer below the current one: Insert")),
            (self._duplicate, tr("Put a copy of the current layer below it: Ctrl+D")),
            (self._remove, tr("Take the current layer away: Delete")),
            (self._up, tr("Move the current layer up: Alt+↑")),
            (self._down, tr("Move the current layer down: Alt+↓")),
        )


def _about_fixed(row: int) -> str:
    if row < FIRST:
        return tr("What goes into the network: it follows from the data.")
    return tr("The program adds this layer: it makes one number for each class, or the one number that is predicted.")


def _scrolling(form: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setObjectName("layerFormScroll")
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidgetResizable(True)
    made.setWidget(form)
    made.setFixedWidth(_FORM_WIDTH)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.viewport().setAutoFillBackground(False)
    form.setAutoFillBackground(False)
    return made
