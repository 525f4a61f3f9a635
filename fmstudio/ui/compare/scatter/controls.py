"""The row above "Setting and result": which runs, which result, over which setting, coloured by what."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from fmstudio.insight.settings_results import Which
from fmstudio.ui.recipe.fields import ListField
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import tr

Offers = Sequence[tuple[str, str]]
"""Pairs of a key and what stands there."""


class ScatterControls(QWidget):
    """Lists to choose from.

    Attributes:
        views: Points or table.
        log: Whether the setting is looked at by factors.
    """

    scope_chosen = Signal(str)
    """The user wants to see other runs."""
    setting_chosen = Signal()
    """The user wants to see another setting."""
    changed = Signal()
    """The user wants to see something else of the same runs."""
    save_asked = Signal(str)
    """The user wants a file: ".png" or ".csv"."""

    def __init__(self) -> None:
        super().__init__()
        self._scope = _field("scatterRuns", tr("Runs"), tr("Which runs"))
        self._result = _field("scatterResult", tr("Result"), tr("What stands on the upright axis"))
        self._which = TabRow({"best": tr("best"), "last": tr("last")})
        self._which.setToolTip(tr("Of the epoch whose network was kept, or of the last one"))
        self._setting = _field("scatterSetting", tr("Setting"), tr("What stands on the axis below"))
        self._colour = _field("scatterColour", tr("Colour"), tr("Which setting the colours show"))
        self.log = button(tr("log"), "tab", "scatterLog")
        self.log.setToolTip(tr("Logarithmic axis: each step is ten times as much."))
        self.views = TabRow({"points": tr("Plot"), "table": tr("Table")})
        self._more = button("⋯", "quiet", "scatterMore")
        self._more.setToolTip(tr("Save"))
        self._more.setAccessibleName(tr("Save"))
        self._menu = self._make_menu()
        self._lay_out()
        self._connect()

    @property
    def setting(self) -> str:
        """The path of the setting that is looked at; may be empty."""
        return str(self._setting.currentData() or "")

    @property
    def result(self) -> str:
        """The result that is looked at."""
        return str(self._result.currentData() or "")

    @property
    def which(self) -> Which:
        """Of which epoch."""
        return "last" if self._which.key == "last" else "best"

    @property
    def colour(self) -> str:
        """The path of the setting that the colours show; may be empty."""
        return str(self._colour.currentData() or "")

    @property
    def by_factors(self) -> bool:
        """Whether the axis of the setting is logarithmic."""
        return self.log.isChecked() and self.log.isEnabled()

    def show_scopes(self, offers: Offers, chosen: str) -> None:
        """Offer these runs."""
        _fill(self._scope, offers, chosen)

    def show_settings(self, offers: Offers) -> None:
        """Offer these settings; the chosen ones stay where they are there."""
        _fill(self._setting, offers, self.setting)
        _fill(self._colour, [("", tr("no colours")), *offers], self.colour)

    def show_results(self, offers: Offers) -> None:
        """Offer these results."""
        _fill(self._result, offers, self.result)

    def choose(self, *, setting: str, result: str, colour: str) -> None:
        """Show these, without a signal."""
        for field, key in ((self._setting, setting), (self._result, result), (self._colour, colour)):
            place = field.findData(key)
            with QSignalBlocker(field):
                field.setCurrentIndex(max(0, place))

    def allow(self, *, log: bool, table: bool) -> None:
        """Say what makes sense now."""
        self.log.setEnabled(log)
        self.views.setEnabled(table)
        self.views.setVisible(table)

    def _connect(self) -> None:
        self._scope.currentIndexChanged.connect(lambda: self.scope_chosen.emit(str(self._scope.currentData() or "")))
        self._setting.currentIndexChanged.connect(self.setting_chosen)
        for field in (self._result, self._colour):
            field.currentIndexChanged.connect(self.changed)
        for tabs in (self._which, self.views):
            tabs.chosen.connect(self.changed)
        self.log.clicked.connect(self.changed)
        self._more.clicked.connect(self._open_menu)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Save as PNG…"), lambda: self.save_asked.emit(".png"))
        menu.addAction(tr("Save as CSV…"), lambda: self.save_asked.emit(".csv"))
        return menu

    def _open_menu(self) -> None:
        corner = QPoint(self._more.width() - self._menu.sizeHint().width(), self._more.height())
        self._menu.popup(self._more.mapToGlobal(corner))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._scope, 5)
        row.addSpacing(8)
        row.addWidget(self._result, 4)
        row.addWidget(self._which)
        row.addWidget(label(tr("over"), "secondary"))
        row.addWidget(self._setting, 4)
        row.addWidget(self.log)
        row.addSpacing(8)
        row.addWidget(self._colour, 4)
        row.addStretch(1)
        row.addWidget(self.views)
        row.addWidget(self._more)


def _field(name: str, title: str, tip: str) -> ListField:
    made = ListField(name)
    made.setAccessibleName(title)
    made.setToolTip(tip)
    made.setMinimumWidth(90)
    made.setMaximumWidth(220)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def _fill(field: ListField, offers: Offers, chosen: str) -> None:
    """Offer other keys; the chosen one stays, or the first is taken."""
    with QSignalBlocker(field):
        field.clear()
        for key, text in offers:
            field.addItem(text, key)
            field.setItemData(field.count() - 1, key if "." in key else text, Qt.ItemDataRole.ToolTipRole)
        field.setCurrentIndex(max(0, field.findData(chosen)) if offers else -1)
    view = field.view()
    view.setMinimumWidth(view.sizeHintForColumn(0) + 26)
