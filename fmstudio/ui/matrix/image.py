"""Many squares of the confusion matrix at once, one pixel each: for squares too small for numbers."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.ui import theme
from fmstudio.ui.matrix.delegate import cell_colour, faded

_STEPS = 1000


def matrix_image(model: ConfusionTableModel, rows: slice, columns: slice) -> QImage:
    """Part of the matrix, one pixel for each cell, in the colours in which the delegate paints it.

    Args:
        model: The matrix.
        rows: Which rows; ``columns``: which columns, as they stand.
        columns: Likewise.
    """
    shades, good, faint = model.looks(rows, columns)
    steps = np.clip(np.rint(_STEPS * shades), shades > 0, _STEPS).astype(np.intp)
    table = _table(theme.current().name, model.mode == "change")
    pixels = np.ascontiguousarray(table[good.astype(np.intp), faint.astype(np.intp), steps])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


@lru_cache(maxsize=8)
def _table(theme_name: str, change: bool) -> NDArray[np.uint32]:
    """Colours by (good, faint, thousandths)."""
    table = np.empty((2, 2, _STEPS + 1), np.uint32)
    for good in (0, 1):
        for step in range(_STEPS + 1):
            colour = cell_colour(step / _STEPS, right=bool(good), change=change)
            table[good, :, step] = colour.rgb(), faded(colour).rgb()
    return table
