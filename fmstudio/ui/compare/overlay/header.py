"""The line above an overlay: which figure over which axis, how smooth, and seeds as one band."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from fmstudio.insight.overlay import Axis
from fmstudio.ui.compare.overlay.axes import AXES
from fmstudio.ui.compare.overlay.tracks import FIGURES
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

NOTCHES = 20
_WIDEST = 0.2
_USUAL: Mapping[bool, int] = {True: 7, False: 0}
"""Where the slider stands at first: for a figure of every step, and for one of the ends of epochs."""

_SLIDER = 110


class OverlayHeader(QWidget):
    """What is asked for; ``changed`` says that something else is.

    Attributes:
        more_button: "⋯".
        bands: The switch for mean and band; ``log_switch`` that for a logarithmic axis.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._notches = dict(_USUAL)
        self._wish: bool | None = None
        self._figures = QComboBox()
        self._axes = QComboBox()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider_name = label(tr("Smooth"), "small")
        self.log_switch = button(tr("log"), "tab", "overlayLog")
        self.bands = QCheckBox(tr("Mean and band over seeds"))
        self.more_button = button("⋯", "quiet", "overlayMore")
        self._dress()
        self._build()
        self.show_figures(("test_accuracy",))
        self.show_seeds(0)

    @property
    def figure(self) -> str:
        """The figure that is asked for."""
        return str(self._figures.currentData())

    @property
    def axis(self) -> Axis:
        """The axis that is asked for."""
        found: Axis = self._axes.currentData()
        return found

    @property
    def smoothing(self) -> float:
        """How far means reach to each side, of a run's length."""
        return _WIDEST * (self._slider.value() / NOTCHES) ** 2 if self._slider.isEnabled() else 0.0

    @property
    def logarithmic(self) -> bool:
        """Whether a logarithmic axis is asked for, where there can be one."""
        return self.log_switch.isEnabled() and self.log_switch.isChecked()

    @property
    def banded(self) -> bool:
        """Whether runs that differ in their seed alone are to be one band."""
        return not self.bands.isHidden() and self.bands.isChecked()

    def choose(self, figure: str = "", axis: Axis | None = None) -> None:
        """Ask for another figure or axis, as the user does."""
        for box, key in ((self._figures, figure), (self._axes, axis)):
            if key and box.findData(key) >= 0:
                box.setCurrentIndex(box.findData(key))

    def show_figures(self, figures: Sequence[str]) -> None:
        """Offer these figures; the one that is asked for stays, where it is among them."""
        known = [self._figures.itemData(place) for place in range(self._figures.count())]
        if list(figures) == known or not figures:
            return
        wanted = self._figures.currentData()
        with QSignalBlocker(self._figures):
            self._figures.clear()
            for key in figures:
                self._figures.addItem(tr(FIGURES[key].title), key)
            self._figures.setCurrentIndex(max(0, self._figures.findData(wanted)))
        self._suit()

    def show_seeds(self, most: int) -> None:
        """Offer mean and band where runs differ in their seed alone.

        Args:
            most: In the largest such group; from 3 on the switch is on, unless the user has chosen.
        """
        self.bands.setVisible(most > 1)
        with QSignalBlocker(self.bands):
            self.bands.setChecked(most > 2 if self._wish is None else self._wish)

    def _suit(self) -> None:
        """Let slider and switch suit the figure."""
        figure = FIGURES[self.figure]
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._notches[figure.per_step])
        for widget in (self._slider, self._slider_name):
            widget.setEnabled(figure.unit != "rate")
        self.log_switch.setEnabled(figure.unit != "share")

    def _on_figure(self) -> None:
        self._suit()
        self.changed.emit()

    def _on_slider(self, value: int) -> None:
        self._notches[FIGURES[self.figure].per_step] = value
        self.changed.emit()

    def _on_bands(self, on: bool) -> None:
        self._wish = on
        self.changed.emit()

    def _dress(self) -> None:
        """Names, tooltips, and what each does."""
        for box, name, said in (
            (self._figures, "overlayFigure", tr("Figure")),
            (self._axes, "overlayAxis", tr("Axis")),
        ):
            box.setObjectName(name)
            box.setAccessibleName(said)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for axis, row in AXES.items():
            self._axes.addItem(tr(row.title), axis)
            self._axes.setItemData(self._axes.count() - 1, tr(row.tip), Qt.ItemDataRole.ToolTipRole)
        self._slider.setObjectName("overlaySmoothing")
        self._slider.setRange(0, NOTCHES)
        self._slider.setFixedWidth(_SLIDER)
        tip = tr("Draws the mean of neighbours, which never leaves their range; the raw values stay behind it.")
        for widget in (self._slider, self._slider_name):
            widget.setToolTip(tip)
        self._slider.setAccessibleName(tr("Smooth"))
        self._slider_name.setBuddy(self._slider)
        self.log_switch.setToolTip(tr("Logarithmic axis: each step up is ten times as much."))
        self.bands.setObjectName("overlayBands")
        self.bands.setToolTip(tr("Runs that differ in nothing but their seed become one curve and a band around it."))
        self.more_button.setToolTip(tr("Save, copy, show everything"))
        self.more_button.setAccessibleName(tr("Save, copy, show everything"))
        self._figures.currentIndexChanged.connect(self._on_figure)
        self._axes.currentIndexChanged.connect(self.changed)
        self._slider.valueChanged.connect(self._on_slider)
        self.log_switch.clicked.connect(self.changed)
        self.bands.toggled.connect(self._on_bands)

    def _build(self) -> None:
        over: QLabel = label(tr("over"), "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._figures, over, self._axes, self.log_switch):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self._slider_name)
        row.addWidget(self._slider)
        row.addStretch(1)
        row.addWidget(self.bands)
        row.addWidget(self.more_button)
