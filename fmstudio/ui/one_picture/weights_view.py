"""The weights of the network that is looked at, as pictures: filters, and what each class looks for."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from fmstudio.errors import UserError
from fmstudio.insight.inside import WeightSet
from fmstudio.session.examiner import Examiner
from fmstudio.ui.one_picture.asking_view import AskingView
from fmstudio.ui.one_picture.heat_map import HeatKey
from fmstudio.ui.one_picture.tile_grid import Tile, TileGrid
from fmstudio.ui.widgets import label
from fmstudio.words import tr

_QUESTION = "fmstudio.insight.network.weight_pictures.weight_pictures"
_AVERAGES = "fmstudio.insight.network.weight_pictures.class_averages"


class WeightsView(AskingView):
    """Shows the weights of one layer after the other as pictures; of linear networks the template of each class.

    Args:
        examiner: Who asks the network.
        key: Makes its questions different from those of another such view.
    """

    def __init__(self, examiner: Examiner, key: str = "weights") -> None:
        super().__init__(examiner)
        self.setObjectName("weightsView")
        self._key = key
        self._classes: tuple[str, ...] = ()
        self._sets: tuple[WeightSet, ...] = ()
        self._averages: NDArray[np.float32] | None = None
        self._words = label("", "secondary")
        self._words.setObjectName("weightsWords")
        self._words.setWordWrap(True)
        self._chooser = QComboBox()
        self._chooser.setObjectName("weightsChooser")
        self._chooser.setAccessibleName(tr("Layer"))
        self._about = label("", "small")
        self._about.setObjectName("weightsAbout")
        self._about.setWordWrap(True)
        self._grid = TileGrid("weightsGrid", tr("Weights as pictures"))
        self._colours = HeatKey()
        self._colours.show_signed(True)
        self._look = label("", "small")
        self._look.setObjectName("weightsLook")
        self._head = label(tr("The average training picture of each class, to compare"), "small")
        self._compare = TileGrid("averagesGrid", tr("The average training picture of each class"))
        self._build()
        self._chooser.currentIndexChanged.connect(self._show_chosen)
        self._grid.looked_at.connect(self._look.setText)
        self._compare.looked_at.connect(self._look.setText)

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Name the classes of the run that is looked at: short names, English."""
        if classes != self._classes:
            self._classes = classes
            self._show_chosen()

    def _put_questions(self) -> None:
        if not self._sets:
            self._say(tr("computing …"))
        self._ask(f"{self._key}.pictures", _QUESTION, self._take)

    def _take(self, sets: tuple[WeightSet, ...]) -> None:
        kept = self._chooser.currentText()
        self._sets, self._averages = sets, None
        with QSignalBlocker(self._chooser):
            self._chooser.clear()
            self._chooser.addItems([_title(one) for one in sets])
            self._chooser.setCurrentIndex(max(0, self._chooser.findText(kept)))
        if sets:
            self._say("")
        else:
            self._say(tr("No weights of this network can be seen as pictures."))
        self._show_chosen()
        if any(one.kind == "templates" for one in sets):
            self._ask(f"{self._key}.averages", _AVERAGES, self._compare_with, otherwise=lambda _: None)

    def _refuse(self, error: UserError) -> None:
        self._sets = ()
        self._say(str(error))
        self._show_chosen()

    def _compare_with(self, averages: NDArray[np.float32]) -> None:
        self._averages = averages
        self._show_chosen()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _show_chosen(self) -> None:
        """Show the weights of the chosen layer."""
        place = self._chooser.currentIndex()
        chosen = self._sets[place] if 0 <= place < len(self._sets) else None
        for part in (self._about, self._grid, self._colours, self._look):
            part.setVisible(chosen is not None)
        self._chooser.setVisible(len(self._sets) > 1)
        self._look.setText("")
        if chosen is not None:
            self._about.setText(_about(chosen))
            table = chosen.pictures.shape[1] > 1
            self._grid.show_tiles(tuple(self._tiles(chosen)), signed=True,
                                  columns=chosen.pictures.shape[1] if table else 0)  # fmt: skip
        averages = self._averages if chosen is not None and chosen.kind == "templates" else None
        for part in (self._head, self._compare):
            part.setVisible(averages is not None)
        if averages is not None:
            names = [self._name(number) for number in range(len(averages))]
            self._compare.show_tiles([Tile(one, name, name) for one, name in zip(averages, names, strict=True)])

    def _tiles(self, chosen: WeightSet) -> Iterator[Tile]:
        for made, row in enumerate(chosen.pictures):
            for taken, values in enumerate(row):
                if chosen.kind == "templates":
                    yield Tile(values, self._name(made), self._name(made))
                elif len(row) == 1:
                    yield Tile(values, tr("{number} of {count}", number=made + 1, count=chosen.made))
                else:
                    yield Tile(values, tr("Filter {made} on channel {taken}", made=made + 1, taken=taken + 1))

    def _name(self, number: int) -> str:
        return tr(self._classes[number]) if number < len(self._classes) else str(number)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts = (self._words, self._chooser, self._about, self._grid, self._colours, self._look, self._head,
                 self._compare)  # fmt: skip
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self._show_chosen()


def _title(one: WeightSet) -> str:
    """What a set is called in the chooser."""
    if one.kind == "templates":
        return tr("What each class looks for")
    if one.kind == "units":
        return tr("Layer {name}: what its {made} numbers look for", name=one.name, made=one.made)
    rows, columns = one.pictures.shape[2:]
    windows = tr("Layer {name}: {made} filters of {rows} × {columns}", name=one.name, made=one.made, rows=rows,
                 columns=columns)  # fmt: skip
    return windows if one.taken == 1 else tr("{windows} on {taken} channels", windows=windows, taken=one.taken)


def _about(one: WeightSet) -> str:
    """A sentence on what is seen, with how many there are."""
    shown = one.pictures.shape
    if one.kind == "filters" and one.taken > 1:
        said = tr("A row for each filter, a column for each channel that it takes: {shown} of {all}.",
                  shown=f"{shown[0]} × {shown[1]}", all=f"{one.made} × {one.taken}")  # fmt: skip
    elif one.kind == "filters":
        said = tr(
            "Each window of {rows} × {columns} pixels slides over the picture and answers where it finds its pattern: "
            "{shown} of {all}.", rows=shown[2], columns=shown[3], shown=shown[0], all=one.made,
        )  # fmt: skip
    elif one.kind == "templates":
        said = tr("Blue: light here speaks for the class. Orange: against it. {shown} of {all}.",
                  shown=shown[0], all=one.made)  # fmt: skip
    else:
        said = tr("Each number compares the whole picture with one of these: {shown} of {all}.",
                  shown=shown[0], all=one.made)  # fmt: skip
    return said
