"""What one cell of the confusion matrix can show, and answers."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from fmstudio.training.events import Ints

Mode = Literal["count", "true", "predicted", "sum", "change"]
"""What a cell shows: a number of pictures, per cent of its row, per cent of its column, the probability that the
pictures of its row gave to its column's class, how many more pictures than another network has there."""

Index = QModelIndex | QPersistentModelIndex


class Roles(IntEnum):
    """What a cell answers besides its text; None before there is a matrix, shares also where there is no picture.

    Attributes:
        COUNT: Number of pictures.
        SHARE: Of those that really are of the row's class, 0…1.
        SHARE_OF_PREDICTED: Of those that were taken for the column's class, 0…1.
        SHADE: The share that colours the cell, 0…1.
        TRUE: The row's class; ``PREDICTED``: the column's. They are known before there is a matrix.
        STRONG: How many of the pictures are looked at; None where nothing is looked at in particular.
    """

    COUNT = Qt.ItemDataRole.UserRole.value
    SHARE = COUNT + 1
    SHARE_OF_PREDICTED = COUNT + 2
    SHADE = COUNT + 3
    TRUE = COUNT + 4
    PREDICTED = COUNT + 5
    STRONG = COUNT + 6


@dataclass(frozen=True, eq=False)
class Other:
    """The same pictures, answered by another network.

    Attributes:
        name: What it is, translated: "epoch 2".
        counts: Its matrix, in the order of the data set.
    """

    name: str
    counts: Ints


class Look(NamedTuple):
    """How a cell is drawn.

    Attributes:
        text: What stands in it; empty for nothing.
        shade: How strong its colour is, 0…1.
        good: Whether that is green.
        faint: Whether no picture in it is looked at.
        small: What stands below in a large cell.
    """

    text: str
    shade: float
    good: bool
    faint: bool
    small: str
