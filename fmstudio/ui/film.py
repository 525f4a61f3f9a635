"""A film of a page: one picture for each epoch, saved as an animated picture."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from fmstudio.session.inspection import Inspection

_SETTLE_MS = 40
"""How long the page has to show an epoch before its picture is taken."""


class Film(QObject):
    """Turns a page to one epoch after the other and takes its picture; then everything is as before.

    Signals:
        taken(list[QImage]): All pictures, in order.

    Args:
        page: What is filmed.
        inspection: Whose epoch is changed.
        epochs: Which epochs, in order.
        parent: Its owner.
    """

    taken = Signal(object)

    def __init__(self, page: QWidget, inspection: Inspection, epochs: Sequence[int], parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._inspection, self._before = page, inspection, inspection.epoch
        self._left = list(epochs)
        self._images: list[QImage] = []
        self._timer = QTimer(self, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._take)

    def start(self) -> None:
        """Take the first picture soon."""
        if self._left:
            self._inspection.show_epoch(self._left[0])
            self._timer.start()

    def _take(self) -> None:
        self._images.append(self._page.grab().toImage())
        self._left.pop(0)
        if self._left:
            self._inspection.show_epoch(self._left[0])
            return
        self._timer.stop()
        self._inspection.show_epoch(self._before)
        self.taken.emit(self._images)
        self.deleteLater()


def frames(images: Sequence[QImage]) -> list[tuple[int, int, bytes]]:
    """Pictures as plain bytes, for ``write_film`` in another thread: width, height, RGB of each pixel."""
    return [_frame(image) for image in images]


def _frame(image: QImage) -> tuple[int, int, bytes]:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, line = plain.width(), plain.height(), plain.bytesPerLine()
    content = bytes(plain.constBits())
    rows = (content[line * row : line * row + 3 * width] for row in range(height))
    return width, height, b"".join(rows)
