"""Checking the labels of a run's pictures, apart from the window, with progress and cancel."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fmstudio import paths
from fmstudio.catalog.datasets import Pictures
from fmstudio.data.corrections import pictures_of
from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.insight.data_check import DataCheck, Suspect, check_data, doubted, quick_check, worth_a_look
from fmstudio.insight.score import counted_answers
from fmstudio.runs.held_out import BESIDE, FOLDS, HeldOut
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import Task, load
from fmstudio.session.session import State, TrainingSession
from fmstudio.training.control import Control
from fmstudio.training.events import Predictions
from fmstudio.words import tr

_COMPARING_SECONDS = 8.0
"""What comparing 70,000 pictures takes."""
_TOLD_SECONDS = 0.2
_PATIENCE_MS = 3000


@dataclass(frozen=True, eq=False)
class LabelSubject:
    """Whose labels are checked.

    Attributes:
        spec: The networks are trained as it says.
        table: The file of what a person decides.
        answers_folder: Where what the networks say is kept.
        run: The run's id; empty where there is none.
        answers: What the run's network says of the test pictures; None where there is none.
        seconds: How long the run trained; None where there is none.
        title: What the run is called; empty where there is none.
        apart: Whether the recipe has other data than the run that is checked.
    """

    spec: ExperimentSpec
    table: Path
    answers_folder: Path
    run: str = ""
    answers: Predictions | None = None
    seconds: float | None = None
    title: str = ""
    apart: bool = False

    @property
    def words(self) -> str:
        """Which data are checked, and what is asked about them: the run, or nothing yet."""
        data = tr(
            "{name}, {train} + {test} pictures", name=tr(self.dataset.title),
            train=f"{self.dataset.train_used:,}", test=f"{self.dataset.test_used:,}",
        )  # fmt: skip
        if not self.run:
            return tr("Checks the recipe's data: {data}. No run is looked at.", data=data)
        said = tr("Checks the data of the run “{run}”: {data}.", run=self.title or self.run, data=data)
        return f"{said} {tr('The recipe has other data.')}" if self.apart else said

    @property
    def dataset(self) -> Pictures:
        """Of the spec."""
        assert isinstance(self.spec.dataset, Pictures)
        return self.spec.dataset

    @property
    def expected_seconds(self) -> float | None:
        """About how long a whole check takes: each network learns from all pictures but those of its fold."""
        if self.seconds is None:
            return None
        pictures = (self.dataset.train_used + self.dataset.test_used) / 70_000
        return self.seconds * (FOLDS - 1) + _COMPARING_SECONDS * pictures**2


def subject_of(run: Run, recipe: ExperimentSpec | None, library: Path | None = None) -> LabelSubject | None:
    """What is to be checked: the pictures of a run, or where it has none those of the recipe; None where neither has.

    Args:
        run: What is looked at.
        recipe: What would be trained.
        library: The folder that holds the runs.
    """
    try:
        if run.started is not None and run.id:
            spec, folder = read_spec(run.spec), find_run(run.folder or run.id, library).path
            if isinstance(spec.dataset, Pictures):
                return LabelSubject(
                    spec, folder / "corrections.csv", folder / BESIDE, run.id, counted_answers(run), run.seconds,
                    run.title, apart=recipe is not None and recipe.dataset != spec.dataset,
                )  # fmt: skip
    except (UserError, InvalidSpecError):
        pass  # a run that has lost its folder, or of another version
    if recipe is None or not isinstance(recipe.dataset, Pictures):
        return None
    kept = paths.home() / "corrections"
    kind = kind_of(recipe.dataset)
    return LabelSubject(recipe, kept / f"{kind}.csv", kept / f"{kind}-{BESIDE}")


@dataclass(frozen=True, eq=False)
class LabelReport:
    """What is known of the labels so far.

    Attributes:
        subject: Whose labels.
        data: Its pictures, corrected as the spec says.
        whole: All pictures as the files have them.
        check: What was found without a network.
        doubts: What networks doubt, by split.
        suspects: All that is worth a look, the gravest first.
    """

    subject: LabelSubject
    data: ImageData
    whole: ImageData
    check: DataCheck
    doubts: dict[str, tuple[Suspect, ...]] = field(default_factory=dict)
    suspects: tuple[Suspect, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all was looked for."""
        return self.check.groups is not None and "train" in self.doubts

    def with_check(self, check: DataCheck) -> "LabelReport":
        """The same with more that was found without a network."""
        return replace(self, check=check, suspects=worth_a_look(check, *self.doubts.values()))

    def with_answers(self, split: str, answers: Predictions) -> "LabelReport":
        """The same with what networks say of a split that they did not learn from."""
        doubts = {**self.doubts, split: doubted("train" if split == "train" else "test", answers)}
        return replace(self, doubts=doubts, suspects=worth_a_look(self.check, *doubts.values()))


Tell = Callable[[str, float, float | None], None]


class LabelCheck(QObject):
    """Looks at labels: at once what needs no effort, and when it is asked for all of it.

    Torch's random numbers are one: the networks are never trained beside a run. A run that begins cancels them; what
    was asked by then is kept.

    Signals:
        started(): The whole check begins.
        progressed(str, float, object): What it does, how much is done (0…1), and the seconds left or None.
        reported(LabelReport): More is known.
        finished(): The whole check has ended, or was cancelled.
        failed(UserError): It could not be done; comes after ``finished``.

    Args:
        session: In whose background it runs.
    """

    started = Signal()
    progressed = Signal(str, float, object)
    reported = Signal(object)
    finished = Signal()
    failed = Signal(object)
    _told = Signal(object, str, float, object)
    _found = Signal(object, object)

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.report: LabelReport | None = None
        self._session = session
        self._subject: LabelSubject | None = None
        self._control = Control()
        self._task: Task | None = None
        self._told.connect(self._tell)
        self._found.connect(self._show)
        session.state_changed.connect(self._give_way)

    @property
    def running(self) -> bool:
        """Whether the whole check goes on."""
        return self._task is not None

    def look(self, subject: LabelSubject) -> None:
        """Find out what is known of a subject already, or can be said at once; ``reported`` tells it."""
        before = self.report
        if self.running and self._subject is not None and self._subject.spec == subject.spec:
            if before is not None:
                self.reported.emit(before)
            return
        self.cancel()
        known = before.check if before is not None and before.subject.spec == subject.spec else None
        self._subject, self.report = subject, None
        self._session.in_background(partial(_first_look, subject, known), self._looked, self.failed.emit)

    def start(self) -> None:
        """Check everything: compare all pictures, and train the networks."""
        if self.running or self.report is None:
            return
        if self._session.state is not State.IDLE:
            message = tr("The labels cannot be checked while a run goes on.")
            self.failed.emit(UserError(message, tr("Wait until it has ended, or stop it.")))
            return
        control = self._control = Control()
        work = partial(
            _whole_check, self.report, control, partial(self._told.emit, control), partial(self._found.emit, control)
        )
        self.started.emit()
        self._task = self._session.in_background(work, lambda _: self.finished.emit(), self._fail, self._end)

    def cancel(self) -> None:
        """End the whole check after the current step; what was asked by then is kept."""
        self._control.stop()

    def finish(self, milliseconds: int) -> bool:
        """Cancel, and wait.

        Returns:
            Whether it has ended in that time.
        """
        self.cancel()
        return self._task is None or self._task.wait(milliseconds)

    def _give_way(self, state: State) -> None:
        """A run begins: end at once."""
        if state is State.PREPARING:
            self.finish(_PATIENCE_MS)

    def _end(self) -> None:
        self._task = None

    def _fail(self, error: UserError) -> None:
        self.finished.emit()
        self.failed.emit(error)

    def _looked(self, report: LabelReport) -> None:
        if report.subject is self._subject:
            self.report = report
            self.reported.emit(report)

    def _tell(self, control: Control, words: str, share: float, left: float | None) -> None:
        if control is self._control and self.running and not control.stopped:
            self.progressed.emit(words, share, left)

    def _show(self, control: Control, report: LabelReport) -> None:
        if report.subject is self._subject:
            self.report = report
            self.reported.emit(report)


# ── What is computed in the background


def _first_look(subject: LabelSubject, known: DataCheck | None) -> LabelReport:
    """What is kept or costs nothing.

    Args:
        subject: Whose labels.
        known: What was found about the same pictures before.
    """
    data = pictures_of(subject.dataset, subject.spec.seed)
    whole = load_images(data.kind)
    report = LabelReport(subject, data, whole, known or quick_check(data))
    if subject.answers is not None:
        report = report.with_answers("test", subject.answers)
    kept = HeldOut(subject.answers_folder, subject.spec, FOLDS).whole()
    return report.with_answers("train", kept) if kept is not None else report.with_check(report.check)


def _whole_check(
    report: LabelReport, control: Control, tell: Callable[..., object], found: Callable[[LabelReport], object]
) -> None:
    """Everything that is not known yet; ends early where it is stopped."""
    tell = _at_times(tell)
    if report.check.groups is None:
        for said in check_data(report.data):
            if control.stopped:
                return
            if isinstance(said, DataCheck):
                report = report.with_check(said)
                found(report)
            else:
                tell(tr("Comparing all pictures"), said, None)
    if "train" in report.doubts:
        return
    held_out = HeldOut(report.subject.answers_folder, report.subject.spec, FOLDS)
    for told in load("fmstudio.insight.cross_check.cross_check")(held_out, control):
        if isinstance(told, Predictions):
            found(report.with_answers("train", told))
        else:
            words = tr("Training network {fold} of {folds}", fold=told.fold, folds=told.folds)
            tell(words, told.share, told.seconds_left)


def _at_times(tell: Callable[..., object]) -> Callable[..., object]:
    """Tell only some times a second."""
    last = [0.0]

    def told(*said: object) -> None:
        now = time.monotonic()
        if now - last[0] >= _TOLD_SECONDS:
            last[0] = now
            tell(*said)

    return told
