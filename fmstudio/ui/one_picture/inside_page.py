"""What is inside the network: what each layer gives for one picture, its weights, and how they are spread."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.inside import LayerOutput, ParameterSpread
from fmstudio.session.examiner import Examiner
from fmstudio.session.one_picture import OnePicture
from fmstudio.ui.one_picture.asking_view import AskingView
from fmstudio.ui.one_picture.number_bars import NumberBars
from fmstudio.ui.one_picture.spread_rows import SpreadRows
from fmstudio.ui.one_picture.tile_grid import Tile, TileGrid
from fmstudio.ui.one_picture.weights_view import WeightsView
from fmstudio.ui.scrolling import scrolling
from fmstudio.ui.widgets import TabRow, label
from fmstudio.words import tr

_OUTPUTS = "fmstudio.insight.network.activations.layer_outputs"
_SPREADS = "fmstudio.insight.network.spreads.parameter_spreads"


class LayersView(AskingView):
    """What each layer gives for one picture: maps as a grid, numbers as bars.

    Args:
        examiner: Who asks the network.
    """

    def __init__(self, examiner: Examiner) -> None:
        super().__init__(examiner)
        self.setObjectName("layersOutputs")
        self._one: OnePicture | None = None
        self._layers: tuple[LayerOutput, ...] = ()
        self._words = label("", "secondary")
        self._words.setObjectName("layersWords")
        self._words.setWordWrap(True)
        self._chooser = QComboBox()
        self._chooser.setObjectName("layerChooser")
        self._chooser.setAccessibleName(tr("Layer"))
        self._about = label("", "small")
        self._about.setObjectName("layerAbout")
        self._about.setWordWrap(True)
        self._maps = TileGrid("layerMaps", tr("Maps of the layer"))
        self._bars = NumberBars("layerNumbers")
        self._look = label("", "small")
        self._look.setObjectName("layerLook")
        self._build()
        self._chooser.currentIndexChanged.connect(self._choose)
        self._maps.looked_at.connect(self._look.setText)
        self._bars.looked_at.connect(self._look.setText)

    def show_picture(self, one: OnePicture) -> None:
        """Show what the layers give for a picture; asks when it can be seen, and not again for the same one."""
        before, self._one = self._one, one
        if before is None or before.picture.image is not one.picture.image:
            self.refresh()

    def _put_questions(self) -> None:
        if self._one is None:
            return
        if not self._layers:
            self._say(tr("computing …"))
        self._ask("inside.layers", _OUTPUTS, self._take, self._one.picture.image)

    def _take(self, layers: tuple[LayerOutput, ...]) -> None:
        same = [_title(one) for one in layers] == [_title(one) for one in self._layers]
        self._layers = layers
        self._say("")
        if not same:
            with QSignalBlocker(self._chooser):
                self._chooser.clear()
                self._chooser.addItems([_title(one) for one in layers])
                first = next((place for place, one in enumerate(layers) if one.has_maps), 0)
                self._chooser.setCurrentIndex(first)
        self._show_chosen()

    def _refuse(self, error: UserError) -> None:
        self._layers = ()
        self._say(str(error))
        self._show_chosen()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _choose(self) -> None:
        self._look.setText("")
        self._show_chosen()

    def _show_chosen(self) -> None:
        place = self._chooser.currentIndex()
        layer = self._layers[place] if 0 <= place < len(self._layers) else None
        for part in (self._chooser, self._about, self._look):
            part.setVisible(layer is not None)
        self._maps.setVisible(layer is not None and layer.has_maps)
        self._bars.setVisible(layer is not None and not layer.has_maps)
        if layer is None:
            return
        self._about.setText(_about(layer))
        if layer.has_maps:
            names = (tr("Map {number} of {count}", number=n + 1, count=layer.count) for n in range(len(layer.values)))
            self._maps.show_tiles([Tile(values, name) for values, name in zip(layer.values, names, strict=True)])
        else:
            classes = self._one.sight.short_classes if self._one else ()
            last = place == len(self._layers) - 1 and layer.count == len(classes)
            self._bars.show_numbers(layer.values, tuple(tr(name) for name in classes) if last else ())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._words, self._chooser, self._about, self._maps, self._bars, self._look):
            column.addWidget(part)
        column.addStretch(1)
        self._say("")
        self._show_chosen()


class SpreadsView(AskingView):
    """How the weights are spread, and their gradients over some training pictures.

    Args:
        examiner: Who asks the network.
    """

    def __init__(self, examiner: Examiner) -> None:
        super().__init__(examiner)
        self.setObjectName("spreadsView")
        self._words = label("", "small")
        self._words.setObjectName("spreadsWords")
        self._words.setWordWrap(True)
        self._rows = SpreadRows()
        self._rows.setAccessibleName(tr("Weights and gradients"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._words)
        column.addWidget(self._rows)
        column.addStretch(1)

    def _put_questions(self) -> None:
        if not self._words.text():
            self._words.setText(tr("computing …"))
        self._ask("inside.spreads", _SPREADS, self._take)

    def _take(self, rows: tuple[ParameterSpread, ...]) -> None:
        self._words.setText(
            tr(
                "How many weights have which value, and the gradient of the loss at each, over the first 64 training "
                "pictures. σ is the standard deviation."
            )
        )
        self._rows.show_spreads(rows)
        self._rows.show()

    def _refuse(self, error: UserError) -> None:
        self._words.setText(str(error))
        self._rows.hide()


class InsidePage(QWidget):
    """What is inside the network, for the drawer; its parts ask only when they are seen.

    Args:
        examiner: Who asks the network.
    """

    def __init__(self, examiner: Examiner) -> None:
        super().__init__()
        self.setObjectName("insidePage")
        self._tabs = TabRow({"layers": tr("Every layer"), "weights": tr("Weights"), "spreads": tr("Histograms")})
        self._layers = LayersView(examiner)
        self._weights = WeightsView(examiner, "inside.weights")
        self._spreads = SpreadsView(examiner)
        self._stack = QStackedWidget()
        self._places = {}
        for key, part in (("layers", self._layers), ("weights", self._weights), ("spreads", self._spreads)):
            self._places[key] = self._stack.addWidget(scrolling(part))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._tabs, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stack, 1)
        self._tabs.chosen.connect(self._show_tab)

    def show_picture(self, one: OnePicture) -> None:
        """Show what the layers give for a picture."""
        self._layers.show_picture(one)
        self._weights.show_classes(one.sight.short_classes)

    def _show_tab(self, key: str) -> None:
        self._stack.setCurrentIndex(self._places[key])


def _title(layer: LayerOutput) -> str:
    """What a layer is called in the chooser."""
    return f"{layer.name}  {layer.kind} · {' × '.join(map(str, layer.shape))}".strip()


def _about(layer: LayerOutput) -> str:
    """How many maps or numbers there are, and how they are painted."""
    shown, count = len(layer.values), layer.count
    first = tr("the first {shown} of {count}", shown=shown, count=f"{count:,}") if shown < count else f"{count:,}"
    if layer.has_maps:
        return tr("{first} maps, each from its least value (black) to its greatest (white). Click one for large.",
                  first=first[:1].upper() + first[1:])  # fmt: skip
    return tr("{first} numbers: blue above 0, orange below.", first=first[:1].upper() + first[1:])
