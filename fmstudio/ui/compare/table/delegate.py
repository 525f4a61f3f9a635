"""Paints the cells of the table of runs, and lets name and tags be written in their place."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from fmstudio.session.run_rows.table import Roles
from fmstudio.ui import theme
from fmstudio.ui.quiet_table import QuietDelegate
from fmstudio.words import tr

Index = QModelIndex | QPersistentModelIndex
_STATES = {"failed": "wrong", "running": "accent", "damaged": "amber", "newer": "amber", "interrupted": "amber"}
_MOST_LETTERS = 200
_WRITTEN = ("tags", "note")
"""Where F2 writes something else than the name: there one sees in which cell the keyboard is."""


class TagCompleter(QCompleter):
    """Completes the last of several tags with commas between them.

    Args:
        tags: Those that there are.
        parent: Whose it is.
    """

    def __init__(self, tags: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(QStringListModel(list(tags), self))
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def splitPath(self, path: str) -> list[str]:  # noqa: N802 (Qt's name)
        """What is being written: all behind the last comma."""
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: Index) -> str:  # noqa: N802 (Qt's name)
        """The whole line with that completed."""
        field = self.widget()
        before = field.text().rpartition(",")[0] if isinstance(field, QLineEdit) else ""
        return f"{before}, {index.data()}" if before else str(index.data())


class RunDelegate(QuietDelegate):
    """A star, a state in its colour (and always with sign and word), and text; headings are painted by the view.

    Args:
        tags: Gives all tags that there are, to complete what is written.
        parent: The view.
    """

    def __init__(self, tags: Callable[[], Sequence[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._tags = tags

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        if index.data(Roles.SECTION) is not None:
            painter.fillRect(option.rect, theme.colour("empty_cell"))
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour("accent_soft"))
        painter.setFont(theme.font(theme.TEXT, weight=self.weight(index)))
        painter.setPen(theme.colour(self.colour(index)))
        cell = option.rect if index.data(Roles.COLUMN) == "star" else self.room(option.rect, index)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, cell.width())
        painter.drawText(cell, index.data(Qt.ItemDataRole.TextAlignmentRole), text)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if option.state & QStyle.StateFlag.State_HasFocus and (not chosen or index.data(Roles.COLUMN) in _WRITTEN):
            painter.setPen(theme.colour("accent"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def weight(self, index: Index) -> int:
        """The best result stands out."""
        return 600 if index.data(Roles.COLUMN) == "best" else 400

    def colour(self, index: Index) -> str:
        """Of the letters, a field of the theme."""
        column, state = str(index.data(Roles.COLUMN)), str(index.data(Roles.STATE))
        if column == "star":
            return "amber" if index.data(Roles.STAR) else "faint"
        if column == "state":
            return _STATES.get(state, "text")
        return "secondary" if column in ("note", "started", "id") or state in ("damaged", "newer") else "text"

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for a name, or for tags."""
        field = QLineEdit(parent)
        field.setMaxLength(_MOST_LETTERS)
        if index.data(Roles.COLUMN) == "tags":
            field.setCompleter(TagCompleter(self._tags(), field))
            field.setAccessibleName(tr("Tags, with commas between them"))
        else:
            field.setAccessibleName(tr("Name"))
        field.setObjectName(f"edit.{index.data(Roles.COLUMN)}")
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 (Qt's name)
        """Begin with what stands there."""
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802 (Qt's name)
        """Take over what was written."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """In the place of the cell, wide enough to write."""
        place = option.rect.adjusted(0, 1, 0, -1)
        place.setWidth(max(place.width(), 160))
        editor.setGeometry(place)
