"""News of runs, none of a run more often than anybody can read them."""

from PySide6.QtCore import QObject, QTimer, Signal

PACE_MS = 1000


class Paced(QObject):
    """Tells of each entry at once, then at most once in so many milliseconds; the last news always comes.

    Signals:
        told(str): There is something new about the entry of that id.
    """

    told = Signal(str)

    def __init__(self, milliseconds: int = PACE_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lately: set[str] = set()
        self._waiting: dict[str, None] = {}
        self._ended = False
        self._timer = QTimer(self, interval=milliseconds, singleShot=True)
        self._timer.timeout.connect(self._tell_waiting)

    def tell(self, entry_id: str) -> None:
        """There is something new about an entry."""
        if self._ended:
            return
        if entry_id in self._lately:
            self._waiting[entry_id] = None
            return
        self._lately.add(entry_id)
        if not self._timer.isActive():
            self._timer.start()
        self.told.emit(entry_id)

    def end(self) -> None:
        """Tell nothing any more."""
        self._ended = True
        self._timer.stop()

    def _tell_waiting(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self._lately = set(waiting)
        if waiting:
            self._timer.start()
        for entry_id in waiting:
            self.told.emit(entry_id)
