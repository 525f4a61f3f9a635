"""Asks the network that is looked at about its training pictures: one question at a time, the newest counts."""

from PySide6.QtCore import QObject

from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.session import TrainingSession
from fmstudio.training.events import Predictions

Asked = tuple[Run, tuple[object, ...]]


class TrainingAnswers(QObject):
    """Gives an inspection the answers that it wants; those of a network that is not looked at any more are dropped."""

    def __init__(
        self, session: TrainingSession, inspection: Inspection, examiner: Examiner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._inspection, self._examiner = session, inspection, examiner
        self._asked: Asked | None = None
        self._again = False
        inspection.training_answers_wanted.connect(self._ask)

    @property
    def _now(self) -> Asked:
        return self._inspection.run, self._inspection.network

    def _ask(self) -> None:
        weights = self._examiner.weights
        if self._asked is not None:
            self._again = self._again or not _same(self._asked, self._now)
        elif weights is not None:
            self._asked = asked = self._now
            self._session.ask_predictions(
                asked[0], weights, "train", lambda found: self._answered(asked, found), otherwise=self._refused
            )

    def _answered(self, asked: Asked, predictions: Predictions) -> None:
        self._asked = None
        if _same(asked, self._now):
            self._again = False
            self._inspection.show_training_answers(predictions)
        else:
            self._go_on()

    def _refused(self, error: UserError) -> None:
        self._asked = None
        self._session.complained.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        """Ask what was wanted meanwhile, if it still is."""
        again, self._again = self._again, False
        if again and self._inspection.lacks_training_answers:
            self._ask()


def _same(one: Asked, other: Asked) -> bool:
    """Whether it is the same network: runs are compared by identity."""
    return one[0] is other[0] and one[1] == other[1]
