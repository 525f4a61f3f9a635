"""The runs that there are, read from their folders in the background."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run, run_folders
from fmstudio.session.run_table import RunRow, row_of
from fmstudio.session.session import TrainingSession


class RunList(QObject):
    """Reads rows for the table of runs, and whole runs; never in the window's thread.

    Signals:
        changed(list[RunRow]): The rows, newest first.
    """

    changed = Signal(object)

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[str, RunRow] = {}

    def refresh(self) -> None:
        """Read what is new."""
        self._session.in_background(partial(self._read, self._session.library), self._show)

    def forget(self) -> None:
        """Read all rows anew the next time: their words are those of the language in which they were read."""
        self._rows = {}

    def load(self, run_id: str, then: Callable[[Run], object]) -> None:
        """Read one run with its predictions; the one that the session holds is taken as it is."""
        if run_id == self._session.run.id:
            then(self._session.run)
        else:
            self._session.in_background(lambda: load_run(find_run(run_id, self._session.library)), then)

    def _read(self, library: Path | None) -> list[RunRow]:
        rows = []
        for folder in reversed(run_folders(library)):
            known = self._rows.get(folder.path.name)
            try:
                rows.append(known or row_of(load_run(folder, predictions=False)))
            except UserError:
                continue
        return rows

    def _show(self, rows: list[RunRow]) -> None:
        self._rows = {row.id: row for row in rows if row.ended}
        self.changed.emit(rows)
