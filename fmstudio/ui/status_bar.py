"""The bar below everything: how far the run is, how fast, and whether it is safe on the disk."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.widgets import ElidedLabel, button
from fmstudio.words import tr

HEIGHT = 34
_STEPS = 1000
_BAR_WIDTH = 320
_ROOMY = 1400
"""From this width on the speed and the queue stand side by side."""


class Place(QLabel):
    """A text that never takes less room than it once had, so that what stands beside it stands still.

    Args:
        width: The least, in pixels.
        role: As for every label.
    """

    def __init__(self, width: int, role: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(tabular=True))
        self._width = width

    def sizeHint(self) -> QSize:
        """The greatest that was needed so far."""
        hint = super().sizeHint()
        self._width = max(self._width, hint.width())
        return QSize(self._width, hint.height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()


class StatusBar(QWidget):
    """One line; each text has its own place, so that nothing jumps while the numbers change."""

    queue_asked = Signal()
    """The user wants to see the queue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._sentence = ElidedLabel()
        self._sentence.setObjectName("statusText")
        self._epoch = Place(76)
        self._epoch.setObjectName("epochText")
        self._bar = _progress_bar()
        self._left_over = Place(200, "secondary")
        self._left_over.setObjectName("progressText")
        self._speed = Place(120, "secondary")
        self._speed.setObjectName("speedText")
        self._speed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._saved = Place(48, "secondary")
        self._saved.setObjectName("savedText")
        self._saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._saved.setToolTip(tr("The weights of this run are on the disk"))
        self._queue = button("", "link", "queueLine")
        self._queue.setToolTip(tr("Show the queue"))
        self._queue.clicked.connect(self.queue_asked)
        self._lay_out()
        self.show_queue("")
        self.show_progress("", None, "", "", False)

    def show_progress(
        self, text_left: str, share: float | None, text_right_of_bar: str, speed: str, saved: bool
    ) -> None:
        """Show where the run is.

        Args:
            text_left: "Epoch 1 of 2", or what happens while nothing can be measured.
            share: Of the run that is done, 0…1; None: no bar, and room for a longer text at the left.
            text_right_of_bar: "43 % · about 5 s left".
            speed: "CPU · 12,000 pictures/s".
            saved: Whether the weights are on the disk.
        """
        measured = share is not None
        self._sentence.setText("" if measured else text_left)
        self._sentence.setVisible(not measured)
        self._epoch.setText(text_left if measured else "")
        self._bar.setValue(round((share or 0.0) * _STEPS))
        self._left_over.setText(text_right_of_bar)
        for part in (self._epoch, self._bar, self._left_over):
            part.setVisible(measured)
        self._speed.setText(speed)
        self._saved.setText(tr("saved ✓") if saved else "")

    def show_queue(self, words: str) -> None:
        """Say how it stands with the queue; nothing where nothing waits."""
        self._queue.setText(words)
        self._queue.setVisible(bool(words))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room beside the queue."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self._speed.setVisible(not self._queue.text() or self.width() >= _ROOMY)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._sentence)
        row.addWidget(self._epoch)
        row.addWidget(self._bar, 100)
        row.addWidget(self._left_over)
        row.addStretch(1)
        row.addWidget(self._queue)
        row.addWidget(self._speed)
        row.addSpacing(8)
        row.addWidget(self._saved)


def _progress_bar() -> QProgressBar:
    bar = QProgressBar()
    bar.setObjectName("progressBar")
    bar.setRange(0, _STEPS)
    bar.setTextVisible(False)
    bar.setFixedHeight(6)
    bar.setMaximumWidth(_BAR_WIDTH)
    bar.setMinimumWidth(_BAR_WIDTH // 2)
    bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return bar
