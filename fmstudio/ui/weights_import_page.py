"""Weights of a file beside the recipe's network: whether they fit, tensor by tensor, and what to do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.data.safetensors_header import shown_name
from fmstudio.insight.weights_words import fit_words
from fmstudio.session.weights_import import WeightsImport
from fmstudio.session.weights_table import STATE, Columns, WeightsTableModel
from fmstudio.training.weights_fit import Offer, WeightsFit
from fmstudio.ui.quiet_table import Index, QuietDelegate, QuietTable
from fmstudio.ui.widgets import ElidedLabel, button, label
from fmstudio.words import tr

_MOST_OFFERS = 3


class WeightsDelegate(QuietDelegate):
    """Colours whether a tensor fits."""

    def colour(self, index: Index) -> str:
        """Of the letters."""
        if index.column() != Columns.STATE:
            return "text"
        return "right" if index.data(STATE) == "fits" else "wrong"


class WeightsImportPage(QWidget):
    """A page for the drawer, as wide as for code.

    Signals:
        changes_asked(tuple): Changes to the recipe: pairs of path and value.

    Args:
        weights: What is compared; the page's own from now on.
    """

    changes_asked = Signal(object)

    def __init__(self, weights: WeightsImport) -> None:
        super().__init__()
        self.setObjectName("weightsImportPage")
        self._weights = weights
        weights.setParent(self)
        self._model = WeightsTableModel(self)
        self._view = QuietTable(self._model, "weightsTable", Columns.NAME)
        self._view.setItemDelegate(WeightsDelegate(self._view))
        self._view.setAccessibleName(tr("The weights of the file beside those of the network"))
        self._name = ElidedLabel(shown_name(weights.file.path), "title")
        self._network = label("", "secondary")
        self._sentence = label("")
        self._sentence.setObjectName("weightsSentence")
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._begin = button(tr("Begin with these weights"), "primary", "beginWithWeights")
        self._begin.clicked.connect(lambda: self.changes_asked.emit((("start_from", self._weights.start),)))
        self._again = button(tr("Begin with random ones instead"), "link", "beginAtRandom")
        self._again.clicked.connect(lambda: self.changes_asked.emit((("start_from", ""),)))
        self._offers = QVBoxLayout()
        self._build()
        weights.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        fit, chosen = self._weights.fit, self._weights.chosen
        usable = fit is not None and fit.fits and fit.finite
        self._model.show(fit.rows if fit else ())
        self._network.setText(tr("Beside the recipe's network: {network}", network=tr(fit.network)) if fit else "")
        self._sentence.setText(self._words(fit, usable=usable, chosen=chosen))
        self._begin.setVisible(usable and not chosen)
        self._again.setVisible(chosen)
        self._show_offers(fit.offers[:_MOST_OFFERS] if fit else ())

    def _words(self, fit: WeightsFit | None, *, usable: bool, chosen: bool) -> str:
        if fit is None:
            return self._weights.problem or tr("Comparing …")
        if chosen and usable:
            return tr("The next run begins with these weights: press Train.")
        if chosen:
            return f"{fit_words(fit)} {tr('The recipe begins with them all the same: its run would not start.')}"
        if usable:
            return f"{fit_words(fit)} {tr('A run can go on learning from where they are.')}"
        return fit_words(fit)

    def _show_offers(self, offers: tuple[Offer, ...]) -> None:
        while (item := self._offers.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for offer in offers:
            self._offers.addWidget(self._offer(offer))

    def _offer(self, offer: Offer) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        words = label(_offer_words(offer), "secondary")
        words.setWordWrap(True)
        ask = button(tr("Use that network"), "", "useThatNetwork")
        ask.setAccessibleName(f"{words.text()} {ask.text()}")
        ask.clicked.connect(lambda: self.changes_asked.emit(offer.changes))
        row.addWidget(words, 1)
        row.addWidget(ask)
        return line

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self._begin)
        buttons.addWidget(self._again)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self._name)
        column.addWidget(self._network)
        column.addWidget(self._sentence)
        column.addLayout(self._offers)
        column.addLayout(buttons)
        column.addSpacing(4)
        column.addWidget(self._view, 1)


def _offer_words(offer: Offer) -> str:
    if offer.data:
        return tr("This file says: {network} on {data}. With both, all weights fit.", network=tr(offer.title),
                  data=tr(offer.data))  # fmt: skip
    if offer.recorded:
        return tr("This file says that it is: {network}. With it, all weights fit.", network=tr(offer.title))
    return tr("All of them fit this network as it usually is: {network}.", network=tr(offer.title))
