"""What both pages before a run share: a question about the recipe that is asked in the background, and given up."""

from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.finder_task import FinderTask
from fmstudio.ui.widgets import button
from fmstudio.words import tr


class TaskPage(QWidget):
    """Asks about a spec, shows what is known of it, and lets go of it.

    Args:
        task: Of the page's question; the page's own from now on.
        name: Of the widgets: "finder" makes ``finderPage``, ``finderAgain`` and ``finderCancel``.
        state: Says how far it is.
        given_up: Said where the user gave it up.
    """

    def __init__(self, task: FinderTask, name: str, state: QLabel, given_up: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}Page")
        task.setParent(self)
        self._task, self._state, self._given_up = task, state, given_up
        self._spec: ExperimentSpec | None = None
        self._tried: ExperimentSpec | None = None
        self._outcome = ""
        self._again, self._cancel = button(tr("Again"), "", f"{name}Again"), button(tr("Cancel"), "", f"{name}Cancel")
        task.progressed.connect(self._advance)
        task.finished.connect(self._end)
        task.failed.connect(self._fail)
        self._again.clicked.connect(self.begin)
        self._cancel.clicked.connect(self._give_up)

    def show_spec(self, spec: ExperimentSpec | None) -> None:
        """Follow the recipe; what is known of another one stays, and it is said. None where it cannot be read."""
        self._spec = spec
        self._refresh()

    def begin(self) -> None:
        """Ask about the spec that is shown."""
        self._forget()
        self._tried, self._outcome = self._spec, ""
        if self._spec is not None and not self._refusal():
            self._state.setText(tr("Getting ready …"))
            self._task.start(self._spec)
        self._refresh()

    def _refusal(self) -> str:
        """Why nothing can be asked about the spec; empty where it can."""
        return ""

    def _forget(self) -> None:
        """What was known before does not count any more."""
        raise NotImplementedError

    def _advance(self, progress: Any) -> None:
        """Something is known."""
        raise NotImplementedError

    def _end(self, found: Any) -> None:
        """All is known."""
        raise NotImplementedError

    def _refresh(self) -> None:
        """Show all that is known now."""
        raise NotImplementedError

    def _fail(self, error: UserError) -> None:
        self._conclude(str(error))

    def _give_up(self) -> None:
        self._task.cancel()
        self._conclude(self._given_up)

    def _conclude(self, words: str) -> None:
        self._outcome = words
        self._state.setText("")
        self._refresh()
