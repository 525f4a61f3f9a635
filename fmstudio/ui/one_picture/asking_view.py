"""A view whose contents the network is asked for: when it is seen, and again when another network is looked at."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.session.examiner import Examiner


class AskingView(QWidget):
    """Asks anew with ``refresh`` and when the network changes; not before it is seen, and only the newest counts.

    Args:
        examiner: Who asks the network.
    """

    def __init__(self, examiner: Examiner) -> None:
        super().__init__()
        self._examiner = examiner
        self._stale = True
        self._number = 0
        examiner.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Ask again: now where it is seen, else as soon as it is."""
        self._stale = True
        if self.isVisible():
            self._start()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what was not asked while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._start()

    def _start(self) -> None:
        self._stale = False
        self._number += 1
        if self._examiner.available:
            self._put_questions()
        else:
            self._refuse(UserError(self._examiner.why_not))

    def _put_questions(self) -> None:
        """Ask what is to be shown, with ``_ask``."""
        raise NotImplementedError

    def _refuse(self, error: UserError) -> None:
        """Say why there is nothing to show."""
        raise NotImplementedError

    def _ask(
        self,
        key: str,
        question: str,
        then: Callable[[Any], object],
        *arguments: object,
        otherwise: Callable[[UserError], object] | None = None,
    ) -> None:
        """Ask the network; an answer that comes too late is dropped.

        Args:
            key: Of what kind the question is.
            question: Full name of a function of a subject and the arguments.
            then: Gets the answer.
            *arguments: See ``question``.
            otherwise: Gets an error; without it the view refuses.
        """
        self._examiner.ask(key, question, partial(self._pass_on, self._number, then), *arguments,
                           otherwise=partial(self._pass_on, self._number, otherwise or self._refuse))  # fmt: skip

    def _pass_on(self, number: int, then: Callable[[Any], object], answer: object) -> None:
        if isValid(self) and number == self._number:
            then(answer)
