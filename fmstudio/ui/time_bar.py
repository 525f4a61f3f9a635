"""The time machine: one slider over the epochs, which moves every view of the page."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from fmstudio.ui import theme
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

FRAME_MS = 600
"""How long playing stays at an epoch."""


class TimeBar(QWidget):
    """Chooses the epoch whose network is looked at.

    The last place of the slider is the present: the newest network, and once a run has ended the one that was kept.

    Signals:
        epoch_chosen(object): The number of an epoch, or None for the present.
        film_asked(): The epochs shall be saved as an animated picture.
    """

    epoch_chosen = Signal(object)
    film_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeBar")
        self._epochs: tuple[int, ...] = ()
        self._total = 0
        self._kept: int | None = None
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("epochSlider")
        self._slider.setAccessibleName(tr("Epoch that is looked at"))
        self._slider.setToolTip(tr("Go back in time: everything on this page shows the network after that epoch"))
        self._slider.setPageStep(1)
        self._slider.valueChanged.connect(self._moved)
        self._play = button("▶", "quiet", "playEpochs")
        self._play.setFixedSize(28, 24)
        self._play.clicked.connect(self._toggle)
        self._now = button(tr("Back to now"), "link", "backToNow")
        self._now.clicked.connect(lambda: self._slider.setValue(self._slider.maximum()))
        policy = self._now.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._now.setSizePolicy(policy)
        self._words = label("", "secondary")
        self._words.setObjectName("epochWords")
        self._words.setFont(theme.font(theme.SMALL, tabular=True))
        self._film = button(tr("Film …"), "quiet", "saveFilm")
        self._film.setToolTip(tr("Save this page epoch by epoch as an animated picture"))
        self._film.clicked.connect(self.film_asked)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._next)
        self._lay_out()
        self.show_epochs((), None)

    @property
    def playing(self) -> bool:
        """Whether it goes on from epoch to epoch by itself."""
        return self._timer.isActive()

    def show_epochs(self, epochs: Sequence[int], epoch: int | None, *, total: int = 0, kept: int | None = None) -> None:
        """Show which epochs there are, and which one is looked at.

        Args:
            epochs: Those whose answers are known, ascending.
            epoch: The one that is looked at; None: the present.
            total: How many the run has or shall have.
            kept: The epoch whose network was kept, once the run has ended.
        """
        self._epochs, self._total, self._kept = tuple(epochs), total, kept
        last = len(self._epochs)
        place = last if epoch is None or epoch not in self._epochs else self._epochs.index(epoch)
        self._slider.blockSignals(True)
        self._slider.setRange(0, last)
        self._slider.setValue(place)
        self._slider.blockSignals(False)
        for part in (self._slider, self._play, self._film):
            part.setEnabled(len(self._epochs) > 1)
        if epoch is None and self.playing:
            self._stop()
        self._tell(epoch)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, 26)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._words)
        row.addWidget(self._now)
        row.addWidget(self._film)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words.setMinimumWidth(self._words.fontMetrics().horizontalAdvance(tr("epoch {epoch}", epoch="00 / 00")))
        self._show_sign()

    def _moved(self, place: int) -> None:
        epoch = self._epochs[place] if place < len(self._epochs) else None
        self._tell(epoch)
        self.epoch_chosen.emit(epoch)

    def _tell(self, epoch: int | None) -> None:
        self._now.setVisible(epoch is not None)
        shown = epoch if epoch is not None else self._kept
        if shown is None:
            self._words.setText(tr("now") if self._epochs else "")
        else:
            self._words.setText(tr("epoch {epoch}", epoch=f"{shown:,} / {self._total:,}"))
        self._words.setProperty("role", "secondary" if epoch is None else "amber")
        self._words.style().polish(self._words)

    def _toggle(self) -> None:
        if self.playing:
            self._stop()
            return
        if self._slider.value() == self._slider.maximum():
            self._slider.setValue(0)
        self._timer.start()
        self._show_sign()

    def _next(self) -> None:
        if self._slider.value() < self._slider.maximum():
            self._slider.setValue(self._slider.value() + 1)
        else:
            self._stop()

    def _stop(self) -> None:
        self._timer.stop()
        self._show_sign()

    def _show_sign(self) -> None:
        self._play.setText("❚❚" if self.playing else "▶")
        tip = tr("Hold") if self.playing else tr("Play: from epoch to epoch")
        self._play.setToolTip(tip)
        self._play.setAccessibleName(tip)
