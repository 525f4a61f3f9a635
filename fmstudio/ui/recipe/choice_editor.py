"""The editor of a choice: the kinds that fit the rest stand first, the others below a heading, each with its reason."""

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QStandardItemModel

from fmstudio.schema.choice import Choice
from fmstudio.ui.recipe.choice_list import REASON, ChoiceDelegate
from fmstudio.ui.recipe.editors import OptionEditor
from fmstudio.words import tr

_POPUP_MARGIN = 26
"""Beside the widest item of an open list: its edges and its scroll bar."""

_MOST_SEEN = 18
"""Items of an open list; further ones are scrolled to."""


class ChoiceEditor(OptionEditor):
    """One row of a table of the catalogue; its ``itemData`` is the kind.

    Args:
        key: Of the table in a spec, and the field's objectName: "optimizer".
        title: What stands beside it, translated.
        default: A kind.
        table: What can be chosen.
        others: The heading above what does not fit, translated: "Other losses".
    """

    def __init__(
        self, key: str, title: str, default: object, table: Mapping[str, type[Choice]], others: str = ""
    ) -> None:
        super().__init__(f"{key}.kind", title, default, ())
        self.field.setObjectName(key)
        self.field.setItemDelegate(ChoiceDelegate(self.field))
        self.field.setMaxVisibleItems(_MOST_SEEN)
        self._table = table
        self._others = others or tr("Others")
        self._reasons: dict[str, str] = {}
        self._fill()

    def show_value(self, value: object) -> None:
        """Show a kind, and what it is in the tooltip."""
        super().show_value(value)
        row = self._table.get(str(value))
        self.explain(_tip(row, self._reasons.get(str(value), "")) if row else "")

    def show_fitting(self, reasons: Mapping[str, str]) -> None:
        """Put the kinds that do not fit below the others.

        Args:
            reasons: Why a kind does not fit, translated; empty, or left out, where it does.
        """
        unfit = {kind: reason for kind, reason in reasons.items() if reason}
        if unfit == self._reasons:
            return
        chosen, self._reasons = self.field.currentData(), unfit
        self._fill()
        self.show_value(chosen)

    def _fill(self) -> None:
        fitting = [kind for kind in self._table if kind not in self._reasons]
        with QSignalBlocker(self.field):
            self.field.clear()
            for kind in fitting:
                self._add(kind)
            if self._reasons:
                self._add_heading()
            for kind in self._reasons:
                self._add(kind)
        view = self.field.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + _POPUP_MARGIN)

    def _add(self, kind: str) -> None:
        row, reason = self._table[kind], self._reasons.get(kind, "")
        self.field.addItem(tr(row.title), kind)
        place = self.field.count() - 1
        self.field.setItemData(place, _tip(row, reason), Qt.ItemDataRole.ToolTipRole)
        self.field.setItemData(place, reason, REASON)

    def _add_heading(self) -> None:
        self.field.addItem(self._others)
        model = self.field.model()
        assert isinstance(model, QStandardItemModel)
        model.item(model.rowCount() - 1).setFlags(Qt.ItemFlag.NoItemFlags)


def _tip(row: type[Choice], reason: str) -> str:
    """What a row is, and why it does not fit, as HTML."""
    texts = (tr(row.summary()), tr("Does not fit: {reason}.", reason=reason) if reason else "")
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)
