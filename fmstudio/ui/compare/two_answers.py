"""One picture large, with what two networks say of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.insight.two_runs import TwoRuns
from fmstudio.session.picture_list import Picture
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.pictures.share_bars import ShareBars
from fmstudio.ui.widgets import icon_button, label
from fmstudio.words import tr

_EDGE = 116


class TwoAnswers(QWidget):
    """A strip under the wall: the picture, and both networks' probabilities side by side.

    Attributes:
        closed: The user does not want to see it any more.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("twoAnswers")
        self._picture, self._bars = LargePicture(_EDGE), ShareBars(18)
        self._verdict, self._loss = label(role="title"), label(role="small")
        self._loss.setWordWrap(True)
        close = icon_button("close", tr("Close: Esc"), "twoAnswersClose")
        close.clicked.connect(self.closed)
        left, head, right, row = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        left.addWidget(self._picture)
        left.addWidget(self._loss)
        left.addStretch(1)
        head.addWidget(self._verdict, 1)
        head.addWidget(close)
        right.setSpacing(2)
        right.addLayout(head)
        right.addWidget(self._bars)
        right.addStretch(1)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(16)
        row.addLayout(left)
        row.addLayout(right, 1)
        row.setAlignment(left, Qt.AlignmentFlag.AlignTop)

    def show_answers(self, two: TwoRuns, row: int, picture: Picture, classes: tuple[str, ...]) -> None:
        """Show a picture.

        Args:
            two: The two runs.
            row: Of the picture in their answers.
            picture: Its pixels and its label.
            classes: Names of the classes.
        """
        self._picture.show_image(picture.image)
        self._picture.setAccessibleName(tr(classes[picture.label]))
        self._verdict.setText(
            tr("Really {name} · picture {number}", name=tr(classes[picture.label]), number=picture.sample)
        )
        shares = [one.probabilities[row] for one in (two.a, two.b)]
        self._bars.show_shares(classes, shares, ["A", "B"], picture.label)
        losses = {"a": f"{two.a.loss[row]:.3f}", "b": f"{two.b.loss[row]:.3f}"}
        self._loss.setText(tr("Loss: A {a}, B {b}", **losses))
