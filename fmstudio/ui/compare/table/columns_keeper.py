"""Keeps the table of runs as the user arranged it: columns, widths, order and groups."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from fmstudio.session.run_rows.table import RunTableModel
from fmstudio.ui.compare.table.columns_dialog import ColumnsDialog
from fmstudio.ui.compare.table.columns_layout import TableLayout, layout_of, telling_columns
from fmstudio.ui.compare.table.view import RunTableView


class ColumnsKeeper(QObject):
    """Gives the table its columns: those that were chosen, or those that tell most and have room.

    Args:
        model: What is shown.
        view: Where it is shown.

    Attributes:
        layout_now: How it is arranged now.
        changed: The user arranged it differently: text for ``restore``.
        grouped: By another column, or none.
    """

    changed = Signal(str)
    grouped = Signal()

    def __init__(self, model: RunTableModel, view: RunTableView) -> None:
        super().__init__(view)
        self._model, self._view = model, view
        self.layout_now = TableLayout()
        self._dialog: ColumnsDialog | None = None
        view.resized.connect(self.fit)
        view.widths_changed.connect(self._widen)
        view.moved.connect(self.choose)
        view.horizontalHeader().sortIndicatorChanged.connect(self._sorted, Qt.ConnectionType.QueuedConnection)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that are shown, from the left."""
        return tuple(column.key for column in self._model.shown_columns)

    def restore(self, text: str) -> None:
        """Arrange the table as it was the last time; the text is that of ``changed``."""
        self.layout_now = layout_of(text)
        self._model.sort_by(self.layout_now.sort, falling=self.layout_now.falling)
        self._model.group_by(self.layout_now.group)
        self.fit()

    def fit(self) -> None:
        """After other runs, or with another width: have the columns that there should be."""
        for _ in range(2):  # a scroll bar may come or go with the columns
            room = self._view.viewport().width()
            self._model.show_columns(self.layout_now.columns or self._telling(room))
            self._view.share_width(self.layout_now.widths)
            if self._view.viewport().width() == room:
                break
        self._view.show_sorting()

    def choose(self, keys: Sequence[str]) -> None:
        """Have these columns from now on; none: those that tell most."""
        self._remember(replace(self.layout_now, columns=tuple(keys)))
        self.fit()
        if self._dialog is not None:
            self._dialog.show_shown(self.keys)

    def hide(self, key: str) -> None:
        """Have one column less."""
        self.choose([one for one in self.keys if one != key])

    def usual_width(self, key: str) -> None:
        """Let a column have the width of what stands in it."""
        self._remember(replace(self.layout_now, widths={k: w for k, w in self.layout_now.widths.items() if k != key}))
        self.fit()

    def group_by(self, key: str) -> None:
        """Put the runs under headings by a column; "" for none."""
        self._model.group_by(key)
        self._remember(replace(self.layout_now, group=key))
        self.grouped.emit()

    def split(self, heights: Sequence[int]) -> None:
        """The user gave the table another height."""
        self._remember(replace(self.layout_now, split=tuple(heights)))

    def ask(self, parent: QWidget) -> None:
        """Let the user choose the columns."""
        if self._dialog is None:
            automatic = not self.layout_now.columns
            self._dialog = ColumnsDialog(self._model.columns, self.keys, automatic=automatic, parent=parent)
            self._dialog.chosen.connect(self.choose)
            self._dialog.finished.connect(self._asked)
            self._dialog.open()

    def _asked(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _telling(self, room: int) -> tuple[str, ...]:
        widths, view = self.layout_now.widths, self._view
        return telling_columns(
            self._model.columns,
            self._model.kept,
            lambda key: widths.get(key) or view.least(key),
            room,
        )

    def _sorted(self) -> None:
        key, falling = self._model.sorted_by
        self._remember(replace(self.layout_now, sort=key, falling=falling))

    def _widen(self, key: str, width: int) -> None:
        self._remember(replace(self.layout_now, widths={**self.layout_now.widths, key: width}))

    def _remember(self, layout: TableLayout) -> None:
        if layout != self.layout_now:
            self.layout_now = layout
            self.changed.emit(layout.to_text())
