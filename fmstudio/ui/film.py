"""A film of a page: one picture for each epoch, or of very many epochs for some, saved as an animated picture."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from fmstudio.session.inspection import Inspection

_SETTLE_MS = 40
"""How long the page has to show an epoch before its picture is taken."""
MOST_FRAMES = 120
"""Of more epochs as many are filmed, evenly spread: a longer film would fill the memory."""


class Film(QObject):
    """Turns a page to one epoch after the other and takes its picture; then everything is as before.

    Signals:
        taken(list[QImage]): All pictures, in order.
        given_up(): Another run is looked at meanwhile: there is no film.

    Args:
        page: What is filmed.
        inspection: Whose epoch is changed.
        epochs: Which epochs, in order.
        parent: Its owner.
    """

    taken = Signal(object)
    given_up = Signal()

    def __init__(self, page: QWidget, inspection: Inspection, epochs: Sequence[int], parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._inspection, self._before = page, inspection, inspection.epoch
        self._run = inspection.run
        self._left = _spread(epochs)
        self._images: list[QImage] = []
        self._timer = QTimer(self, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._take)

    def start(self) -> None:
        """Take the first picture soon."""
        if self._left:
            self._inspection.show_epoch(self._left[0])
        self._timer.start()

    def stop(self) -> None:
        """Take no more pictures, and tell nobody; everything is as before."""
        if self._timer.isActive():
            self._timer.stop()
            if self._inspection.run is self._run:
                self._inspection.show_epoch(self._before)

    def _take(self) -> None:
        whole = self._inspection.run is self._run
        if self._left and whole:
            self._inspection.show_epoch(self._left.pop(0))  # the user may have looked at another one meanwhile
            self._images.append(self._page.grab().toImage())
            if self._left:
                self._inspection.show_epoch(self._left[0])
                return
        self.stop()
        if whole:
            self.taken.emit(self._images)
        else:
            self.given_up.emit()
        self.deleteLater()


def _spread(epochs: Sequence[int]) -> list[int]:
    """All epochs, or as many as a film may have: the first, the last, and some between."""
    count = min(len(epochs), MOST_FRAMES)
    last = len(epochs) - 1
    return [epochs[round(place * last / max(1, count - 1))] for place in range(count)]


def frames(images: Sequence[QImage]) -> list[tuple[int, int, bytes]]:
    """Pictures as plain bytes, for ``write_film`` in another thread: width, height, RGB of each pixel."""
    return [_frame(image) for image in images]


def _frame(image: QImage) -> tuple[int, int, bytes]:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, line = plain.width(), plain.height(), plain.bytesPerLine()
    content = bytes(plain.constBits())
    rows = (content[line * row : line * row + 3 * width] for row in range(height))
    return width, height, b"".join(rows)
