"""Asks the network that is looked at, apart from the window: one question of a kind at a time, the newest counts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.runs.store import RunFolder, find_run
from fmstudio.session.door import load
from fmstudio.session.inspection import Inspection
from fmstudio.session.session import TrainingSession
from fmstudio.words import tr


@dataclass(frozen=True, eq=False)
class _Wish:
    """A question that was asked."""

    question: str
    arguments: tuple[object, ...]
    then: Callable[[Any], object]
    otherwise: Callable[[UserError], object] | None


class Examiner(QObject):
    """Knows the weights of what is looked at, and asks their network in the background.

    Signals:
        changed(): Another network is looked at: another run, another epoch, or newer weights.
    """

    changed = Signal()

    def __init__(self, session: TrainingSession, inspection: Inspection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._inspection = session, inspection
        self._seen: tuple[object, ...] = ()
        self._running: set[str] = set()
        self._waiting: dict[str, _Wish] = {}
        inspection.changed.connect(self._look)

    @property
    def available(self) -> bool:
        """Whether there are weights for what is looked at."""
        return self.weights is not None

    @property
    def why_not(self) -> str:
        """Why the network cannot be asked, one sentence; empty where it can."""
        run, epoch = self._inspection.run, self._inspection.epoch
        if self.available:
            return ""
        if self._inspection.points is not None:
            return tr("This run learns numbers: it has no pictures to explain.")
        if run.started is None or run.saved_step < 0:
            return tr("There is no network yet: press Train first.")
        if epoch is not None:
            return tr("The weights of epoch {epoch} were not kept; another epoch can be asked.", epoch=epoch)
        return tr("The weights of this run are missing.")

    @property
    def folder(self) -> RunFolder | None:
        """Where the run that is looked at lies; None where it lies nowhere."""
        run = self._inspection.run
        if run.started is None or run.saved_step < 0 or self._inspection.points is not None:
            return None
        try:
            return find_run(run.folder or run.id, self._session.library)
        except UserError:
            return None

    @property
    def weights(self) -> Path | None:
        """The weights of what is looked at; None where there are none."""
        folder, epoch = self.folder, self._inspection.epoch
        if folder is None:
            return None
        if epoch is not None:
            path = folder.epoch_weights(epoch)
        else:
            ended = self._inspection.run.ended
            path = folder.weights if ended is not None and ended.status != "failed" else folder.last
        return path if path.is_file() else None

    def ask(
        self,
        key: str,
        question: str,
        then: Callable[[Any], object],
        *arguments: object,
        otherwise: Callable[[UserError], object] | None = None,
    ) -> None:
        """Ask the network that is looked at.

        Of each key the newest question counts: one runs, one waits. An answer of a network that is not looked at any
        more, or for a widget that is gone, is dropped.

        Args:
            key: Of what kind the question is.
            question: Full name of a function of ``insight`` that takes a ``Subject`` and the arguments.
            then: Gets the answer, in the window's thread.
            *arguments: See ``question``.
            otherwise: Gets a ``UserError`` in the place of an answer; without it a notice says so.
        """
        wish = _Wish(question, arguments, then, otherwise)
        if not self.available:
            if otherwise is not None:
                otherwise(UserError(self.why_not))
        elif key in self._running:
            self._waiting[key] = wish
        else:
            self._start(key, wish)

    def _start(self, key: str, wish: _Wish) -> None:
        folder, weights = self.folder, self.weights
        if folder is None or weights is None:
            return

        def work() -> object:
            subject = load("fmstudio.insight.network.subject.subject_of")(folder.path, weights)
            return load(wish.question)(subject, *wish.arguments)

        self._running.add(key)
        self._session.in_background(
            work,
            partial(self._answered, wish, self._seen),
            otherwise=partial(self._refused, wish, self._seen),
            after=partial(self._free, key),
        )

    def _free(self, key: str) -> None:
        self._running.discard(key)
        waiting = self._waiting.pop(key, None)
        if waiting is not None:
            self._start(key, waiting)

    def _answered(self, wish: _Wish, seen: tuple[object, ...], answer: object) -> None:
        if seen == self._seen and _alive(wish.then):
            wish.then(answer)

    def _refused(self, wish: _Wish, seen: tuple[object, ...], error: UserError) -> None:
        if seen != self._seen:
            return
        if wish.otherwise is None:
            self._session.complained.emit(error)
        elif _alive(wish.otherwise):
            wish.otherwise(error)

    def _look(self) -> None:
        run, epoch = self._inspection.run, self._inspection.epoch
        seen = (id(run), epoch, run.saved_step if epoch is None else -1, run.ended is None)
        if seen != self._seen:
            self._seen = seen
            self.changed.emit()


def _alive(then: Callable[..., object]) -> bool:
    """Whether the widget whose method it is still exists."""
    owner = getattr(then, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
