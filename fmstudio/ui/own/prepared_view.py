"""What the network gets of a picture of one's own, large, and the three switches that decide it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.data.prepared import Invert, Prepared, Wishes
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.widgets import FewLines, TabRow, label
from fmstudio.words import tr

_EDGE = 228


class PreparedView(QWidget):
    """The exact pixels, large enough to be counted.

    Attributes:
        wishes_changed: The user wants pictures prepared otherwise: see ``wishes``.
    """

    wishes_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preparedView")
        self._head = label(role="head")
        self._picture = LargePicture(_EDGE)
        self._nothing = label(tr("Its pixels will stand here."), "secondary")
        self._facts = FewLines("small", 2)
        self._facts.setObjectName("preparedFacts")
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._facts.setMinimumHeight(2 * self._facts.fontMetrics().lineSpacing())
        self._invert = TabRow({"auto": tr("Auto"), "on": tr("On"), "off": tr("Off")})
        self._invert.setObjectName("invert")
        self._invert.setAccessibleName(tr("Invert"))
        self._invert.setToolTip(tr("Exchange light and dark. The data set shows light things on black."))
        self._centre = _switch("centre", tr("Centre"), tr("Put what the picture shows into the middle."))
        self._scale = _switch("scale", tr("Scale"), tr("Let it fill the frame as it does in the data set."))
        self._invert.chosen.connect(lambda _: self.wishes_changed.emit())
        for box in (self._centre, self._scale):
            box.toggled.connect(lambda _: self.wishes_changed.emit())
        self._lay_out()

    @property
    def wishes(self) -> Wishes:
        """How pictures shall be prepared."""
        return Wishes(_INVERT[self._invert.key], self._centre.isChecked(), self._scale.isChecked())

    def show_prepared(self, made: Prepared | None, size: tuple[int, int]) -> None:
        """Show what the network gets.

        Args:
            made: None: nothing yet.
            size: Height and width of the data set's pictures.
        """
        values = {"height": size[0], "width": size[1]}
        self._head.setText(tr("What the network gets · {height} × {width}", **values))
        self._picture.setVisible(made is not None)
        self._nothing.setVisible(made is None)
        if made is not None:
            self._picture.show_image(made.pixels)
            self._picture.setAccessibleName(", ".join(made.facts))
        self._facts.show_text(" · ".join(made.facts) if made is not None else "")

    def _lay_out(self) -> None:
        switches, boxes = QHBoxLayout(), QHBoxLayout()
        switches.setSpacing(6)
        switches.addWidget(label(tr("Invert"), "small"))
        switches.addWidget(self._invert)
        switches.addStretch(1)
        boxes.setSpacing(14)
        boxes.addWidget(self._centre)
        boxes.addWidget(self._scale)
        boxes.addStretch(1)
        place = QWidget()
        place.setFixedSize(_EDGE, _EDGE)
        self.setFixedWidth(_EDGE)
        inner = QVBoxLayout(place)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._picture)
        inner.addWidget(self._nothing, alignment=Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(place)
        column.addLayout(switches)
        column.addLayout(boxes)
        column.addWidget(self._facts)
        column.addStretch(1)


_INVERT: dict[str, Invert] = {"auto": "auto", "on": "on", "off": "off"}


def _switch(name: str, text: str, tip: str) -> QCheckBox:
    made = QCheckBox(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setChecked(True)
    return made
