"""What stands beside a picture in words: its verdict, and lines of a name and a value."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from fmstudio.ui.widgets import label
from fmstudio.words import tr


class Facts(QWidget):
    """Lines of a name and a value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show some facts, each a name and a value."""
        for number in range(len(self._lines), len(facts)):
            line = (label(role="secondary"), label())
            self._grid.addWidget(line[0], number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line[1], number, 1)
            line[1].setWordWrap(True)
            self._lines.append(line)
        for number, line in enumerate(self._lines):
            for part, text in zip(line, facts[number] if number < len(facts) else ("", ""), strict=True):
                part.setText(text)
                part.setVisible(number < len(facts))


def value_range(image: NDArray[np.uint8]) -> str:
    """Between which values the pixels of a picture lie."""
    values = {"least": int(image.min()), "most": int(image.max()), "mean": f"{image.mean():.0f}"}
    return tr("from {least} to {most}, {mean} on average", **values)


def verdict(classes: tuple[str, ...], true: int, predicted: int | None) -> str:
    """What a picture is, and what it was taken for where that is known."""
    name = tr(classes[true])
    if predicted is None:
        return name
    if predicted == true:
        return tr("✓ {name}, recognised", name=name)
    return tr("✗ Really {name}, taken for {predicted}", name=name, predicted=tr(classes[predicted]))


def percent(share: float) -> str:
    """A share as a person says it: "62 %"; never 100 % or 0 % of what only comes near."""
    if 0.995 <= share < 1:
        return tr("{share} %", share=">99")
    return tr("{share} %", share="<1" if 0 < share < 0.005 else f"{100 * share:.0f}")
