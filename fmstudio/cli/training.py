"""Training for the command line: the events of a run as JSON lines, as plain lines, or with a bar. Needs torch."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from fmstudio import paths
from fmstudio.cli.number_words import figure_words
from fmstudio.cli.output import DONE, FAILED, INTERRUPTED, complain, mending_words, percent, stop_printing
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, kind_of, to_mapping
from fmstudio.insight.patience import stale_words
from fmstudio.insight.score import final_sentence
from fmstudio.insight.verdict import verdict
from fmstudio.runs.beginning import begin, look_before
from fmstudio.runs.beginning import resume as resume_run
from fmstudio.runs.event_file import NOT_KEPT
from fmstudio.runs.journal import to_line
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, Event, RunEnded, RunResumed, RunStarted, SavingFailed
from fmstudio.words import tr, tr_n

Show = Callable[[Event, Run], None]
REFRESH_SECONDS = 0.2
"""How long the bar stands still at least."""


def train(spec: ExperimentSpec, control: Control, library: Path | None, *, as_json: bool) -> int:
    """Train a spec and show how it goes.

    Args:
        spec: What to do.
        control: Stops the run when the user wishes so.
        library: The folder that holds the runs; None for the user's.
        as_json: Print one event a line and nothing else, instead of sentences.

    Returns:
        The exit status: finished, failed, or stopped.
    """
    return _pull(begin(spec, control, library), Run(spec=to_mapping(spec)), control, library, as_json=as_json)


def resume(folder: RunFolder, control: Control, library: Path | None, *, as_json: bool, yes: bool) -> int:
    """Let a run go on where it stood, and show how it goes.

    Args:
        folder: Of the run.
        control: Stops the run when the user wishes so.
        library: The folder that holds the runs; None for the user's.
        as_json: Print one event a line and nothing else, instead of sentences.
        yes: Go on also where something is not as it was.

    Returns:
        The exit status: finished, failed, or stopped.

    Raises:
        UserError: Where it cannot go on, or must not.
    """
    before = look_before(folder)
    for words in (*before.differences, *before.notes):
        complain(words)
    if before.differences and not (yes or _agreed()):
        message = tr("Going on could give other numbers than if it had never stopped.")
        raise UserError(message, tr("With --yes it goes on."))
    run = load_run(folder)
    run.ended = None
    return _pull(resume_run(folder, control), run, control, library, as_json=as_json)


def _agreed() -> bool:
    """Whether a person says yes; where there is none, the safe answer."""
    return sys.stdin.isatty() and typer.confirm(tr("Go on nevertheless?"), err=True)


def _pull(recorder: Recorder, run: Run, control: Control, library: Path | None, *, as_json: bool) -> int:
    """Follow a run to its end."""
    spec = recorder.spec
    screen: AbstractContextManager[Show] = nullcontext(_show_json) if as_json else _shown_to_a_reader()
    with screen as show:
        _follow(recorder.events(), run, show, control)
    status = run.ended.status if run.ended else "failed"
    if not as_json:
        _say_end(run, spec, library or paths.library())
    if run.trouble is not None:
        complain(f"{run.trouble.message} {run.trouble.hint}".strip())
        return FAILED
    if run.ended and status == "failed":
        complain(*_failure_words(run.ended))
    return {"finished": DONE, "failed": FAILED, "stopped": INTERRUPTED}[status]


def _follow(events: Iterator[Event], run: Run, show: Show, control: Control) -> None:
    """Show every event; where nobody reads any more, stop the run and keep what was learned."""
    told = False
    try:
        for event in events:
            run.apply(event)
            show = _show_safely(show, event, run, control)
            if control.stopped and not told and not isinstance(event, RunEnded):
                told = True
                complain(tr("Stopping; what was learned is kept. Ctrl-C once more ends it at once."))
    except UserError as error:
        if run.started:
            end = RunEnded(status="failed", run=run.id, epoch=run.current_epoch, step=run.step, message=error.message)
            _show_safely(show, end, run, control)
        raise


def _show_safely(show: Show, event: Event, run: Run, control: Control) -> Show:
    """Show one event, and return what shows the next one: nothing, where the reader has gone."""
    try:
        show(event, run)
    except OSError as error:
        control.stop()
        stop_printing()
        if not isinstance(error, BrokenPipeError):
            complain(tr("The output cannot be written: {reason}.", reason=error.strerror or error))
        return _show_nothing
    return show


def _show_nothing(event: Event, run: Run) -> None:
    """The reader has gone."""


def _show_json(event: Event, run: Run) -> None:
    """One line of JSON; the watched pictures are for eyes only."""
    if not isinstance(event, NOT_KEPT):
        print(to_line(event), flush=True)


def _show_plainly(event: Event, run: Run) -> None:
    """A line where there is something to say."""
    words = event_words(event, run)
    if words:
        print(words, flush=True)


@contextmanager
def _shown_to_a_reader() -> Iterator[Show]:
    """Lines, and on a terminal a bar below them."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        yield _show_plainly
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        yield _Bar(progress).show


class _Bar:
    """A progress bar over all epochs that moves with the events; no thread of its own disturbs the training."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task(tr("Getting ready"), total=None)
        self._shown_at = 0.0

    def show(self, event: Event, run: Run) -> None:
        """Move the bar, and write a line above it where there is something to say."""
        words = event_words(event, run)
        if words:
            self._progress.console.print(words, soft_wrap=True)
        now = time.monotonic()
        if not words and now - self._shown_at < REFRESH_SECONDS:
            return
        self._shown_at = now
        if run.started:
            epoch = max(1, run.current_epoch)
            description = tr("Epoch {epoch} of {epochs}", epoch=epoch, epochs=run.started.epochs)
            self._progress.update(self._task, description=description, completed=run.step, total=run.total_steps)
        self._progress.refresh()


def event_words(event: Event, run: Run) -> str:
    """What an event says to a reader, one line; empty for most of them."""
    if isinstance(event, RunStarted):
        device = event.device.upper() if event.device == "cpu" else event.device
        threads = tr_n("{count} thread", "{count} threads", event.threads)
        return tr("Run {run} · {device} · {threads}", run=event.run, device=device, threads=threads)
    if isinstance(event, RunResumed):
        return tr("Going on after step {step}", step=f"{event.step:,}")
    if isinstance(event, SavingFailed):
        return tr("{reason} The training goes on, and saving is tried again.", reason=event.message)
    if isinstance(event, EpochEnded) and event.epoch == 0:
        if event.test_mae is not None:
            return tr("Untrained: {words}", words=figure_words(event.test_r2, event.test_mae))
        return tr("Untrained: {share} of the test pictures right", share=percent(event.test_accuracy))
    if isinstance(event, EpochEnded):
        return " · ".join(_epoch_words(event, run))
    return ""


def _epoch_words(event: EpochEnded, run: Run) -> Iterator[str]:
    epochs = run.started.epochs if run.started else event.epoch
    yield tr("Epoch {epoch} of {epochs}", epoch=event.epoch, epochs=epochs)
    if event.train_accuracy == event.train_accuracy:  # NaN where it was stopped before the first step
        yield tr("loss {loss}", loss=f"{event.train_loss:.4f}")
        yield tr("{share} of the training pictures right", share=percent(event.train_accuracy))
    elif event.train_loss == event.train_loss:
        yield tr("loss {loss}", loss=f"{event.train_loss:.6g}")
    if event.test_mae is not None:
        yield figure_words(event.test_r2, event.test_mae)
    else:
        if event.validation_accuracy is not None:
            yield tr("{share} of the validation pictures", share=percent(event.validation_accuracy))
        yield tr("{share} of the test pictures", share=percent(event.test_accuracy))
    if event.stale:
        patience = run.started.patience if run.started else 0
        yield stale_words(event.stale, patience)
    yield tr("{seconds} s", seconds=f"{event.seconds:.1f}")


def _say_end(run: Run, spec: ExperimentSpec, library: Path) -> None:
    """How many are right beside guessing and people, what to look at, and where the run lies."""
    if run.ended is None:
        return
    if run.ended.status == "finished" and run.ended.message:
        print(run.ended.message)
    if run.ended.status == "stopped":
        print(tr("Stopped at epoch {epoch}, step {step}; the network was kept.", epoch=run.ended.epoch, step=run.step))
    if run.ended.status != "failed":
        classes = load_images(kind_of(spec.dataset)).classes if spec.dataset.classes else ()
        said = verdict(run, classes)
        print(f"{final_sentence(run, classes, spec.dataset.people)} {said.sentence}".strip())
        if said.changes:
            print(mending_words(said.changes))
    print(tr("The run is in {folder}", folder=library / run.id))


def _failure_words(ended: RunEnded) -> Iterator[str]:
    yield f"{ended.message} {ended.hint}".strip()
    if ended.mending:
        yield mending_words(ended.mending)
