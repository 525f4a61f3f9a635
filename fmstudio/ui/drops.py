"""What is dropped on the window: pictures to be tried, runs and recipes to be opened."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """Takes files that are dropped anywhere on a window.

    Signals:
        pictures_dropped(list[Path]): Files that are to be tried as pictures.
        document_dropped(Path): A recipe's file or a run's folder.

    Args:
        window: It accepts drops from now on.
    """

    pictures_dropped = Signal(object)
    document_dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files, and nothing else."""
        if isinstance(event, QDragEnterEvent) and _files(event):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and _files(event):
            event.acceptProposedAction()
            self._take(_files(event))
            return True
        return super().eventFilter(watched, event)

    def _take(self, paths: Sequence[Path]) -> None:
        first = paths[0]
        if len(paths) == 1 and (first.suffix.lower() == ".json" or (first / "spec.json").is_file()):
            self.document_dropped.emit(first)
        else:
            self.pictures_dropped.emit(list(paths))


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
