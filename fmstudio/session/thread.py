"""The thread that trains."""

from pathlib import Path

from PySide6.QtCore import QThread

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.door import STACK_BYTES, load
from fmstudio.session.mailbox import Mailbox
from fmstudio.training.control import Control


class TrainingThread(QThread):
    """Pulls the events of one run and posts them; ``error`` is what ended it early, None otherwise."""

    def __init__(self, spec: ExperimentSpec, control: Control, mailbox: Mailbox, library: Path | None) -> None:
        super().__init__()
        self._spec, self._control, self._mailbox, self._library = spec, control, mailbox, library
        self.error: Exception | None = None
        self.setStackSize(STACK_BYTES)

    def run(self) -> None:
        """Train, in the thread."""
        try:
            training = load("fmstudio.training.loop.Training")(self._spec, self._control)
            for event in load("fmstudio.runs.recorder.Recorder")(training, self._library).events():
                self._mailbox.post(event)
        except Exception as error:  # noqa: BLE001 — shown by the session: a sentence, or the crash dialog
            self.error = error
