"""How one picture was answered in each epoch, as a Qt table model."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.insight.picture_story import PictureStory
from fmstudio.words import tr

Index = QModelIndex | QPersistentModelIndex


class Columns(IntEnum):
    """The columns."""

    EPOCH = 0
    ANSWER = 1
    SURE = 2
    TRUE = 3
    LOSS = 4


class StoryTableModel(QAbstractTableModel):
    """One row for each epoch."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._story: PictureStory | None = None
        self._classes: tuple[str, ...] = ()

    def show(self, story: PictureStory | None, classes: tuple[str, ...]) -> None:
        """Show another story."""
        self.beginResetModel()
        self._story, self._classes = story, classes
        self.endResetModel()

    def epoch(self, row: int) -> int:
        """The epoch of a row, -1 where there is none."""
        return int(self._story.epochs[row]) if self._story is not None and 0 <= row < len(self._story) else -1

    def row(self, epoch: int) -> int:
        """The row of an epoch, -1 where it has none."""
        found = [] if self._story is None else (self._story.epochs == epoch).nonzero()[0].tolist()
        return int(found[0]) if found else -1

    def is_right(self, row: int) -> bool:
        """Whether the answer of a row is right."""
        return self._story is not None and bool(self._story.right[row])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many epochs."""
        return 0 if parent.isValid() or self._story is None else len(self._story)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``Columns``."""
        return 0 if parent.isValid() else len(Columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if self._story is None or not index.isValid() or index.row() >= len(self._story):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._story, index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Epoch"), tr("Taken for"), tr("Sure"), tr("True class"), tr("Loss"))[section]
        return None

    def _text(self, story: PictureStory, row: int, column: int) -> str:
        if column == Columns.EPOCH:
            return f"{story.epochs[row]:,}"
        if column == Columns.ANSWER:
            return f"{'✓' if story.right[row] else '✗'} {tr(self._classes[story.predicted[row]])}"
        if column == Columns.LOSS:
            return f"{story.loss[row]:.3f}"
        share = story.predicted_share[row] if column == Columns.SURE else story.true_share[row]
        return tr("{share} %", share=f"{100 * share:.0f}")


def _side(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignLeft if column == Columns.ANSWER else Qt.AlignmentFlag.AlignRight
    return across | Qt.AlignmentFlag.AlignVCenter
