"""Pictures with captions of any kind as a Qt list model; what a row shows is made when it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Line:
    """A line of a caption.

    Attributes:
        text: Translated.
        colour: A field of the theme.
        bold: Whether it stands out.
    """

    text: str
    colour: str = "secondary"
    bold: bool = False


@dataclass(frozen=True, eq=False)
class Captioned:
    """A picture with its caption.

    Attributes:
        image: uint8, shape (height, width) or (height, width, 3).
        lines: What stands under it.
        said: The same as a sentence, for the tooltip and for a screen reader.
        frame: The colour of its frame, a field of the theme.
    """

    image: NDArray[np.uint8]
    lines: tuple[Line, ...]
    said: str
    frame: str = "line"


class Roles(IntEnum):
    """What an item answers besides its text: ``CAPTIONED`` all of it."""

    CAPTIONED = Qt.ItemDataRole.UserRole.value


class CaptionedModel(QAbstractListModel):
    """A list of captioned pictures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._make: Callable[[int], Captioned] | None = None

    def show(self, count: int, make: Callable[[int], Captioned]) -> None:
        """Show other pictures.

        Args:
            count: How many.
            make: Gives the picture of a row.
        """
        self.beginResetModel()
        self._count, self._make = count, make
        self.endResetModel()

    def captioned(self, row: int) -> Captioned | None:
        """What a row shows; None where there is no such row."""
        return self._make(row) if self._make is not None and 0 <= row < self._count else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many pictures are shown."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one picture to a role."""
        if not index.isValid() or role not in _ANSWERED:
            return None
        found = self.captioned(index.row())
        if found is None or role == Roles.CAPTIONED:
            return found
        return " · ".join(line.text for line in found.lines) if role == Qt.ItemDataRole.DisplayRole else found.said


_ANSWERED = {
    Roles.CAPTIONED.value,
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
    Qt.ItemDataRole.ToolTipRole.value,
}
