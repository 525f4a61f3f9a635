"""One way to explain a picture: its name, its heat map, and a line about it."""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.insight.explanation import Explanation, Method
from fmstudio.session.examiner import Examiner
from fmstudio.ui.one_picture.heat_map import HeatMap
from fmstudio.ui.widgets import ElidedLabel, button, label
from fmstudio.words import marked, tr

EDGE = 190
"""Of a heat map, in pixels."""
_QUESTION = "fmstudio.insight.network.explaining.explained"
_TITLES: Mapping[Method, str] = {
    "gradient": marked("Gradient"),
    "integrated": marked("Integrated gradients"),
    "grad-cam": "Grad-CAM",
    "occlusion": marked("Occlusion"),
}
ABOUT: Mapping[Method, str] = {
    "gradient": marked(
        "Gradient: how strongly the score would change if a pixel became a little brighter or darker. Quick, and noisy."
    ),
    "integrated": marked(
        "Integrated gradients: how much each pixel adds to the score on the way from a black picture to this one. "
        "All parts together are the whole difference."
    ),
    "grad-cam": marked(
        "Grad-CAM: where the last layer that still knows places saw something that speaks for this class. "
        "Coarse, and calm."
    ),
    "occlusion": marked(
        "Occlusion: how far the score falls while a small square is covered with black. Slow, and easy to believe."
    ),
}


class MethodCell(QWidget):
    """One method: its name, its map, and a line about it.

    Args:
        method: Which one.
        examiner: Who is asked.
    """

    explained = Signal(object)
    """An ``Explanation`` came."""
    help_asked = Signal(str)
    """The user wants to know what the method does: its key."""

    def __init__(self, method: Method, examiner: Examiner) -> None:
        super().__init__()
        self.setObjectName(f"why.{method}")
        self._method, self._examiner = method, examiner
        self._asked = 0
        self._found: Explanation | None = None
        self._strength, self._signed = 0.6, False
        about = tr(ABOUT[method])
        self._map = HeatMap(EDGE, f"heat.{method}")
        self._map.setToolTip(about)
        self._map.setAccessibleName(tr(_TITLES[method]))
        self._line = ElidedLabel("", "small")
        self._line.setObjectName(f"line.{method}")
        self._about = button("ⓘ", "quiet", f"about.{method}")
        self._about.setToolTip(about)
        self._about.setAccessibleName(tr("What is {method}?", method=tr(_TITLES[method])))
        self._about.setFixedHeight(20)
        self._about.clicked.connect(lambda: self.help_asked.emit(method))
        self._build()

    @property
    def line(self) -> str:
        """The line below the map."""
        return self._line.text()

    @property
    def map(self) -> HeatMap:
        """The picture with its map."""
        return self._map

    def show_picture(self, image: NDArray[np.uint8] | None, words: str = "") -> None:
        """Show another picture, whose map is not there yet; what was asked before is not waited for any more."""
        self._asked += 1
        self._found = None
        self._map.show_picture(image, words)
        self._line.setText("")

    def ask(self, image: NDArray[np.uint8], target: int) -> None:
        """Ask for the map of a class; the one before stays until it comes."""
        self._asked += 1
        if self._found is None:
            self._map.show_words(tr("computing …"))
        elif self._found.target != target:
            self._line.setText(tr("computing …"))
        self._examiner.ask(f"why.{self._method}", _QUESTION, partial(self._take, self._asked), image, target,
                           self._method, otherwise=partial(self._refuse, self._asked))  # fmt: skip

    def paint_with(self, strength: float, *, signed: bool) -> None:
        """Paint the map otherwise."""
        self._strength, self._signed = strength, signed
        self._paint()

    def _take(self, number: int, found: Explanation) -> None:
        if isValid(self) and number == self._asked:
            self._found = found
            self._paint()
            self.explained.emit(found)

    def _refuse(self, number: int, error: UserError) -> None:
        if isValid(self) and number == self._asked:
            self._found = None
            self._line.setText("")
            self._map.show_words(str(error))

    def _paint(self) -> None:
        found = self._found
        if found is None:
            return
        signed = self._signed
        heat = found.signed if signed and found.signed is not None else found.amount
        if np.any(heat):
            self._map.show_heat(heat, self._strength, signed=signed)
            self._line.setText(_line(found, signed))
        else:
            self._map.show_words(_nothing(found))
            self._line.setText("")

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(label(tr(_TITLES[self._method]), "title"))
        head.addWidget(self._about)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._map)
        column.addWidget(self._line)
        self.setFixedWidth(EDGE)


def _line(found: Explanation, signed: bool) -> str:
    """What there is to say below a map."""
    if found.gap is not None:
        return tr("adds up to within {gap} %", gap=f"{100 * found.gap:.1f}")
    if found.method == "grad-cam":
        rows, columns = found.places
        said = tr("{rows} × {columns} places, enlarged", rows=rows, columns=columns)
        return tr("only what speaks for it") if signed else said
    if found.lowest is not None:
        before, after = (f"{100 * share:.0f}" for share in (found.probability, found.lowest))
        return tr("covered: {before} % → {after} % at worst", before=before, after=after)
    return tr("if a pixel became brighter") if signed else tr("if a pixel changed a little")


def _nothing(found: Explanation) -> str:
    """Why a map is empty."""
    if found.method == "grad-cam":
        return tr("Nothing in its maps speaks for this class.")
    return tr("No pixel changes the score of this class.")
