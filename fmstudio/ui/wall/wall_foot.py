"""What stands below the pictures: what to do with them oneself, and how large they are."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSlider, QWidget

from fmstudio.ui.pictures.picture_delegate import SIZES, SMALL
from fmstudio.ui.widgets import button
from fmstudio.words import tr, tr_n

_SLIDER_WIDTH = 84


class WallFoot(QWidget):
    """Two buttons, the pictures that are picked, and the slider of sizes.

    Attributes:
        game_asked: The user wants to guess against the network.
        try_asked: The user has a picture of their own.
        picks_asked: Only the picked pictures shall be shown.
        size_chosen: Smaller or larger pictures: their edge in pixels.
    """

    game_asked = Signal()
    try_asked = Signal()
    picks_asked = Signal()
    size_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picks = 0
        self._game = button(tr("You against it"), "", "gameButton")
        self._game.setToolTip(tr("Twenty of these pictures without their label: are you better than the network?"))
        self._game.clicked.connect(self.game_asked)
        self._try = button(tr("Try your own"), "", "tryButton")
        self._try.setToolTip(tr("Show the network a picture of your own"))
        self._try.clicked.connect(self.try_asked)
        self._picked = button("", "link", "showPicked")
        self._picked.clicked.connect(self.picks_asked)
        self._slider = self._size_slider()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.addWidget(self._game)
        self._row.addWidget(self._try)
        self._row.addStretch(1)
        self._row.addWidget(self._picked)
        self._row.addWidget(self._slider)
        self.setFixedHeight(self._game.sizeHint().height())
        self.show_picks(0)

    def show_size(self, edge: int) -> None:
        """Show how large the pictures are: the size next to an edge in pixels."""
        self._slider.blockSignals(True)
        self._slider.setValue(min(range(len(SIZES)), key=lambda place: abs(SIZES[place] - edge)))
        self._slider.blockSignals(False)

    def show_picks(self, count: int) -> None:
        """Offer the pictures that are picked; none: nothing is offered."""
        self._picks = count
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Narrow: what has no room is left out."""
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less where there is less room."""
        super().resizeEvent(event)
        self._fit()

    def _size_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("pictureSize")
        slider.setRange(0, len(SIZES) - 1)
        slider.setValue(SIZES.index(SMALL))
        slider.setPageStep(2)
        slider.setFixedWidth(_SLIDER_WIDTH)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        slider.setToolTip(tr("Size of the pictures"))
        slider.setAccessibleName(tr("Size of the pictures"))
        slider.valueChanged.connect(lambda place: self.size_chosen.emit(SIZES[place]))
        return slider

    def _fit(self) -> None:
        """Say it in fewer words, or leave out what has no room."""
        for part in (self._game, self._try, self._slider):
            part.show()
        self._picked.setVisible(self._picks > 0)
        self._picked.setText(tr_n("The {count:,} picked one", "The {count:,} picked ones", self._picks))
        self._picked.setToolTip(tr("Show only the pictures that are picked (Esc picks none)"))
        if not self._has_room():
            self._picked.setText(tr_n("{count:,} picked", "{count:,} picked", self._picks))
        for part in (self._slider, self._picked):
            if self._has_room():
                return
            part.hide()

    def _has_room(self) -> bool:
        self._row.invalidate()
        return self._row.sizeHint().width() <= self.width()
