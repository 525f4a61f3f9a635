"""What is happening: the only owner of a training thread."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session import embedding_task
from fmstudio.session.door import Task, load
from fmstudio.session.mailbox import Mailbox
from fmstudio.session.solitary import Solitary
from fmstudio.session.thread import TrainingThread
from fmstudio.training.control import Control
from fmstudio.training.events import Predictions, RunEnded, SavingFailed
from fmstudio.words import tr

TICK_MS = 200
"""How often waiting events are folded in while training: five times a second."""


class State(Enum):
    """What the session is doing."""

    IDLE = "idle"
    PREPARING = "preparing"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"

    def __str__(self) -> str:
        return self.value


class TrainingSession(QObject):
    """Starts, pauses and stops runs, and folds their events into ``run``.

    Signals:
        state_changed(State): After every change of ``state``.
        speed_changed(float): Another ``speed`` was set.
        run_changed(Run): New events were folded in.
        run_ended(Run): The last event was folded in; comes before the state becomes idle.
        crashed(Exception): The thread ended by a bug; the run keeps what it had.
        torch_ready(): What needs torch is loaded.
        devices_found(tuple): The devices that exist (``fmstudio.training.devices.Device``).
        estimated(ExperimentSpec, float): The seconds that a run of a spec will take.
        complained(UserError): Something in the background could not be done.

    Args:
        library: The folder that holds the runs; None for the user's.
    """

    state_changed = Signal(State)
    speed_changed = Signal(float)
    run_changed = Signal(object)
    run_ended = Signal(object)
    crashed = Signal(object)
    torch_ready = Signal()
    devices_found = Signal(object)
    estimated = Signal(object, float)
    complained = Signal(object)

    def __init__(self, library: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.state = State.IDLE
        self.run = Run()
        self.ready = False
        self._mailbox = Mailbox(self)
        self._control = Control()
        self._thread: TrainingThread | None = None
        self._tasks: set[Task] = set()
        self._solitary = Solitary(self.in_background, self)
        self._solitary.freed.connect(self._start_waiting)
        self._ending = False
        self._waiting: Callable[[], Any] | None = None
        self._tick = QTimer(self, interval=TICK_MS, singleShot=True)
        self._tick.timeout.connect(self._fold)
        self._mailbox.arrived.connect(self._arrived)

    def warm_up(self) -> None:
        """Load torch in the background, and find out which devices there are."""
        self.in_background(_load_torch, self._warmed)

    def estimate(self, spec: ExperimentSpec) -> None:
        """Try some batches in the background and tell ``estimated``; only while nothing trains, and one at a time."""
        if not self.ready or self._ending or self.state is not State.IDLE or self._solitary.busy:
            return

        def work() -> float:
            seconds: float = load("fmstudio.training.probe.expected_seconds")(spec)
            return seconds

        self._solitary.begin(work, lambda seconds: self.estimated.emit(spec, seconds))

    def alone(
        self,
        work: Callable[[], Any],
        stop: Callable[[], object],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object],
    ) -> bool:
        """Compute something in the background that must not go on beside a run; a run that begins ends it.

        Args:
            work: What is computed; must not touch widgets.
            stop: Asks the work to end soon; it still has an answer then.
            then: Gets the answer, in the window's thread.
            otherwise: Gets a ``UserError`` in its place.

        Returns:
            Whether it was begun: not while something trains.
        """
        if self.state is not State.IDLE or self._ending:
            return False
        self._solitary.begin(work, then, otherwise, stop)
        return True

    def start(self, spec: ExperimentSpec, about: About | None = None) -> None:
        """Train a spec; while torch still loads the wish is remembered. Does nothing while another run goes on.

        Args:
            spec: What to do.
            about: What is said of the run.
        """
        control = Control()

        def begin() -> Any:
            return load("fmstudio.runs.beginning.begin")(spec, control, self.library, about)

        self._prepare(Run(spec=to_mapping(spec), given_name=about.name if about else ""), control, begin)

    def resume(self, run: Run) -> None:
        """Let a run that was stopped or cut off go on where it stood; does nothing while another run goes on.

        Args:
            run: As it lies on the disk, with its predictions; it is the one that grows.
        """
        control = Control()
        folder = find_run(run.folder or run.id, self.library)
        run.ended = None
        self._prepare(run, control, lambda: load("fmstudio.runs.beginning.resume")(folder, control))

    def _prepare(self, run: Run, control: Control, begin: Callable[[], Any]) -> None:
        if self.state is not State.IDLE or self._ending:
            return
        self.run, self._control = run, control
        self._set_state(State.PREPARING)
        self.run_changed.emit(self.run)
        self._waiting = begin
        self._solitary.give_up()
        self._start_waiting()

    def pause(self) -> None:
        """Wait before the next step, or before the first; everything stays in memory."""
        if self.state in (State.RUNNING, State.PREPARING):
            self._control.pause()
        if self.state is State.RUNNING:
            self._set_state(State.PAUSED)

    def proceed(self) -> None:
        """Go on after a pause."""
        if self.state is State.PAUSED:
            self._control.proceed()
            self._set_state(State.RUNNING)

    def one_step(self) -> None:
        """Take a single step of a run that is held, and hold it again: it stays paused."""
        if self.state is State.PAUSED:
            self._control.one_step()

    @property
    def speed(self) -> float:
        """At most so many steps a second; 0: as fast as it can."""
        return self._control.speed

    def set_speed(self, steps_per_second: float) -> None:
        """Let this run take at most so many steps a second; 0: as fast as it can. A run that is held stays so."""
        self._control.set_speed(steps_per_second)
        self.speed_changed.emit(self.speed)

    def stop(self) -> None:
        """End the run after the current step, and keep the network."""
        if self.state in (State.RUNNING, State.PAUSED, State.PREPARING):
            self._control.stop()
            self._set_state(State.STOPPING)
            if self._waiting is not None:
                self._waiting = None
                self._end(RunEnded(status="stopped", epoch=0, step=0))

    def finish(self, milliseconds: int) -> bool:
        """Ask everything to end, begin nothing new, and wait.

        Returns:
            Whether all threads have ended in that time.
        """
        self._ending = True
        self._control.hurry()
        self._solitary.give_up()
        self.stop()
        deadline = QDeadlineTimer(milliseconds)
        threads = [*([self._thread] if self._thread else []), *self._tasks]
        ended = embedding_task.finish(deadline.remainingTime())
        return all(thread.wait(deadline) for thread in threads) and ended

    def ask_predictions(
        self,
        run: Run,
        weights: Path,
        split: str,
        then: Callable[[Predictions], object],
        otherwise: Callable[[UserError], object] | None = None,
    ) -> None:
        """Ask a run's network about the training or test pictures, in the background; ``then`` gets ``Predictions``."""

        def work() -> Predictions:
            spec = find_run(run.folder or run.id, self.library).read_spec()
            answered: Predictions = load("fmstudio.training.evaluation.evaluate_weights")(spec, weights, split)
            return answered

        self.in_background(work, then, otherwise)

    @property
    def ending(self) -> bool:
        """Whether everything is to end: what works in the background looks here from time to time."""
        return self._ending

    def in_background(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object] | None = None,
        after: Callable[[], object] = lambda: None,
    ) -> Task:
        """Compute something apart from the window. After ``finish`` nothing is begun any more.

        Args:
            work: What is computed; must not touch widgets.
            then: Gets the result, in the window's thread.
            otherwise: Gets a ``UserError`` that was raised; without it a notice says so.
            after: Called in either case, before both.
        """
        task = Task(work, then, otherwise, after)
        if not self._ending:
            self._tasks.add(task)
            task.ended.connect(self._task_ended)
            task.start()
        return task

    def _task_ended(self, task: Task) -> None:
        task.wait()
        self._tasks.discard(task)
        task.after()
        if task.error is None:
            task.then(task.result)
        elif isinstance(task.error, UserError):
            (task.otherwise or self.complained.emit)(task.error)
        elif not isinstance(task.error, InvalidSpecError):
            self.crashed.emit(task.error)

    def _warmed(self, devices: object) -> None:
        self.ready = True
        self.devices_found.emit(devices)
        self.torch_ready.emit()
        self._start_waiting()

    def _start_waiting(self) -> None:
        if not self.ready or self._waiting is None or self._solitary.busy:
            return
        begin, self._waiting = self._waiting, None
        self._thread = TrainingThread(begin, self._mailbox)
        self._thread.finished.connect(self._thread_ended)
        self._thread.start()

    def _arrived(self) -> None:
        if not self._tick.isActive():
            awaited = not self.run.epochs or self.state is State.PAUSED  # the first answers, or a single step
            self._tick.start(0 if awaited else TICK_MS)

    def _fold(self) -> None:
        events = self._mailbox.take()
        for event in events:
            self.run.apply(event)
            if isinstance(event, SavingFailed):
                message = tr("{reason} The training goes on, and saving is tried again.", reason=event.message)
                self.complained.emit(UserError(message, event.hint))
        if events:
            if self.state is State.PREPARING and self.run.started:
                self._set_state(State.PAUSED if self._control.paused else State.RUNNING)
            self.run_changed.emit(self.run)

    def _thread_ended(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.wait()
        self._tick.stop()
        self._fold()
        error = thread.error if thread else None
        if error is not None:
            self.run.apply(_ended_by(error, self.run))
            self.run_changed.emit(self.run)
        self.run_ended.emit(self.run)
        self._set_state(State.IDLE)
        if error is not None and not isinstance(error, UserError | InvalidSpecError):
            self.crashed.emit(error)

    def _end(self, event: RunEnded) -> None:
        self.run.apply(event)
        self.run_changed.emit(self.run)
        self.run_ended.emit(self.run)
        self._set_state(State.IDLE)

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)


def _load_torch() -> object:
    """Import all that the first click on Train would otherwise wait for.

    Returns:
        The devices that exist.
    """
    load("fmstudio.runs.beginning.begin")
    load("fmstudio.training.probe.warm_up")()
    return load("fmstudio.training.devices.devices")()


def _ended_by(error: Exception, run: Run) -> RunEnded:
    """The end of a run whose thread raised."""
    message, hint = tr("The run ended by a fault of the program."), tr("What it had learned by then is kept.")
    if isinstance(error, UserError):
        message, hint = error.message, error.hint
    elif isinstance(error, InvalidSpecError):
        message, hint = str(error), ""
    return RunEnded(status="failed", run=run.id, epoch=run.current_epoch, step=run.step, message=message, hint=hint)
