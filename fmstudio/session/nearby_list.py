"""Pictures that are like another one, as a Qt list model."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, eq=False)
class Nearby:
    """One of them.

    Attributes:
        image: Its pixels.
        split: ``"train"`` or ``"test"``.
        sample: Its index there.
        caption: What stands under it: its class with ✓ or ✗.
        note: How far it is, in words.
        same: Whether its class is that of the picture.
        sentence: All of it in words.
    """

    image: NDArray[np.uint8]
    split: str
    sample: int
    caption: str
    note: str
    same: bool
    sentence: str


class Roles(IntEnum):
    """``NEARBY``: the whole ``Nearby``."""

    NEARBY = Qt.ItemDataRole.UserRole.value


class NearbyListModel(QAbstractListModel):
    """A short list of pictures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nearby: tuple[Nearby, ...] = ()

    def show(self, nearby: Sequence[Nearby]) -> None:
        """Show others."""
        self.beginResetModel()
        self._nearby = tuple(nearby)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._nearby)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one picture to a role."""
        if not index.isValid() or index.row() >= len(self._nearby):
            return None
        one = self._nearby[index.row()]
        if role == Roles.NEARBY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return one.caption
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return one.sentence
        return None
