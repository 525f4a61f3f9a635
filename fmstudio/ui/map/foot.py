"""Under a map: the sentence, what t-SNE has done so far, and the few buttons that are needed now."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.ui.widgets import FewLines, button
from fmstudio.words import tr

_HEIGHT = 38
_LINES = 2


class MapFoot(QWidget):
    """Two lines of fixed height.

    Attributes:
        cancelled: The user gives t-SNE up.
        again: The user wants t-SNE of the network that is looked at now.
        alone: The user wants a map of the counted pictures alone, or of all again.
    """

    cancelled = Signal()
    again = Signal()
    alone = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._text = FewLines("small", _LINES)
        self._text.setObjectName("mapSentence")
        self._bar = QProgressBar()
        self._bar.setObjectName("mapProgress")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._cancel = button(tr("Cancel"), "link", "mapCancel")
        self._again = button(tr("Compute again"), "link", "mapAgain")
        self._alone = button(tr("Only these"), "chip", "mapAlone")
        self._alone.setCheckable(True)
        self._alone.setToolTip(tr("Lay out the counted pictures alone, without the others"))
        self._cancel.clicked.connect(self.cancelled)
        self._again.clicked.connect(self.again)
        self._alone.clicked.connect(self.alone)
        self._lay_out()
        self.show_progress(None)
        self.offer(again=False, part=False, alone=False)

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self._text.whole

    def show_text(self, text: str) -> None:
        """Say another sentence."""
        self._text.show_text(text)

    def show_progress(self, share: float | None) -> None:
        """How far t-SNE is, 0…1; None: it is not computed."""
        busy = share is not None
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)
        self._bar.setValue(round(1000 * (share or 0.0)))
        self._bar.setAccessibleName(tr("t-SNE: {share} % done", share=f"{100 * (share or 0.0):.0f}"))

    def offer(self, *, again: bool, part: bool, alone: bool) -> None:
        """Which buttons are needed.

        Args:
            again: "Compute again".
            part: "Only these".
            alone: Whether the map is of those alone.
        """
        self._again.setVisible(again)
        self._alone.setVisible(part)
        self._alone.setChecked(alone)
        self._alone.setText(tr("All pictures") if alone else tr("Only these"))

    def _lay_out(self) -> None:
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        said = QVBoxLayout()
        said.setSpacing(4)
        said.addStretch(1)
        said.addWidget(self._text)
        said.addWidget(self._bar)
        said.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addLayout(said, 1)
        for one in (self._cancel, self._again, self._alone):
            row.addWidget(one)
