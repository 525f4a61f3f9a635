"""Takes runs along: writes them in some form in the background, one at a time, whether anybody looks or not."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fmstudio.errors import UserError
from fmstudio.export.forms import WRITERS, Exported, Form, Writer
from fmstudio.session.door import load
from fmstudio.session.session import TrainingSession


class Exporter(QObject):
    """Knows what is being written, and how it went.

    Attributes:
        busy: Which form of which run (its folder) is being written; None: nothing.

    Signals:
        changed(): Something began, or ended.
        saved(Path): A file was written.
    """

    changed = Signal()
    saved = Signal(object)

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.busy: tuple[Path, Form] | None = None
        self._wanted: tuple[Path, Form] | None = None
        self._ended: dict[tuple[Path, Form], Exported | UserError] = {}

    def export(self, folder: Path, form: Form, out: Path) -> None:
        """Write a run in some form; nothing happens while something else is written.

        Args:
            folder: Of the run.
            form: As what.
            out: The file; one that is there is replaced.
        """
        if self.busy is not None:
            return
        self.busy = wanted = (folder, form)
        self._ended.pop(wanted, None)

        def work() -> Exported:
            write: Writer = load(WRITERS[form])
            return write(folder, out)

        self._session.in_background(work, self._written, self._refused, self._free)
        self.changed.emit()

    def ended(self, folder: Path, form: Form) -> Exported | UserError | None:
        """How it went the last time; None where it was not tried, or goes on."""
        return self._ended.get((folder, form))

    def _free(self) -> None:
        """What was written last is no longer being written; also where a fault ended it."""
        self._wanted, self.busy = self.busy, None
        self.changed.emit()

    def _written(self, done: Exported) -> None:
        self._keep(done)
        self.saved.emit(Path(done.file))

    def _refused(self, error: UserError) -> None:
        self._keep(error)

    def _keep(self, how: Exported | UserError) -> None:
        if self._wanted is not None:
            self._ended[self._wanted] = how
        self.changed.emit()
