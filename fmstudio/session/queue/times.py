"""How long the entries of the queue will take, by what others took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.run import Run
from fmstudio.session.planned import Planned
from fmstudio.session.queue.entry import QueueEntry

_ENOUGH = 0.02
"""Share of a run from which its own pace says how long the rest takes."""


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Attributes:
        share: Of the steps that are done, 0…1.
        left: Seconds that the rest will take; None where that is not known yet.
    """

    share: float = 0.0
    left: float | None = None


def spent(run: Run) -> float:
    """Seconds that a run computed: training and evaluation."""
    return run.seconds + sum(epoch.evaluation_seconds for epoch in run.epochs)


def progress_of(run: Run) -> Progress:
    """Where a run stands, by its own pace."""
    share = run.progress if run.started else 0.0
    return Progress(share, spent(run) * (1 - share) / share if share >= _ENOUGH else None)


@dataclass(frozen=True)
class _Known:
    """What is known of an entry as long as the same is planned."""

    planned: Planned
    kind: str
    seen: int


class Paces:
    """How long entries will take: learned once from each list of entries, those that are finished and those probed."""

    def __init__(self) -> None:
        self._entries: Sequence[QueueEntry] | None = None
        self._known: dict[str, _Known] = {}
        self._finished: dict[str, float] = {}
        self._probed: dict[str, float] = {}

    def probe(self, spec: ExperimentSpec, seconds: float) -> None:
        """Say what a probe found: how long a run of a spec takes."""
        self._probed[likeness(spec)] = seconds / max(1, seen(spec))

    def expected(self, entry: QueueEntry, entries: Sequence[QueueEntry]) -> float | None:
        """Seconds that an entry will take; None where nothing like it was done yet.

        Args:
            entry: One that waits.
            entries: All; those that are finished say how long the likes of them take.
        """
        if entries is not self._entries:
            self._learn(entries)
        known = self._known.get(entry.id) or _known(entry)
        pace = self._finished.get(known.kind, self._probed.get(known.kind))
        return None if pace is None else pace * known.seen

    def _learn(self, entries: Sequence[QueueEntry]) -> None:
        """Look at other entries: what is known of those that stay is kept."""
        before, sums = self._known, dict[str, tuple[float, int]]()
        self._known = {}
        for entry in entries:
            known = before.get(entry.id)
            self._known[entry.id] = known = known if known and known.planned is entry.planned else _known(entry)
            if entry.state == "finished" and entry.seconds:
                seconds, samples = sums.get(known.kind, (0.0, 0))
                sums[known.kind] = seconds + entry.seconds, samples + max(1, known.seen)
        self._finished = {kind: seconds / samples for kind, (seconds, samples) in sums.items()}
        self._entries = entries


def seconds_left(lefts: Iterable[tuple[str, float | None]]) -> float | None:
    """Seconds until all is done, each device for itself; None where one is not known.

    Args:
        lefts: The device of each run, and the seconds that it will take.
    """
    busy: dict[str, float] = {}
    for device, left in lefts:
        if left is None:
            return None
        busy[device] = busy.get(device, 0.0) + left
    return max(busy.values(), default=0.0)


def seen(spec: ExperimentSpec) -> int:
    """Samples that a run looks at while it learns."""
    return spec.epochs * spec.train_samples


def likeness(spec: ExperimentSpec) -> str:
    """The same for runs that take about the same time for a sample."""
    parts = (spec.dataset.shape, spec.architecture, spec.batch_size, type(spec.optimizer).__name__, spec.device)
    return repr((*parts, spec.threads))


def _known(entry: QueueEntry) -> _Known:
    return _Known(entry.planned, likeness(entry.planned.spec), seen(entry.planned.spec))
