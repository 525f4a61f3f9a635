"""Curves of runs, read in the background and remembered."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run
from fmstudio.session.session import TrainingSession

MOST_STEPS = 30_000_000
"""Of all runs that are remembered: a quarter of a gigabyte."""


class RunCurves:
    """Losses, rates and epochs of runs, without predictions.

    Args:
        session: Works in the background; its own run is taken as it is.
    """

    def __init__(self, session: TrainingSession) -> None:
        self._session = session
        self._known: OrderedDict[str, tuple[tuple[int, int], Run]] = OrderedDict()
        self._asked: dict[str, int] = {}

    def load(self, run_ids: Sequence[str], then: Callable[[list[Run]], object], key: str) -> None:
        """Read some runs; those that cannot be read are left out. Of each key only the newest question is answered."""
        number = self._asked.get(key, 0) + 1
        self._asked[key] = number
        known = dict(self._known)
        others = [run_id for run_id in run_ids if run_id != self._session.run.id]

        def show(found: dict[str, tuple[tuple[int, int], Run]]) -> None:
            self._remember(found)
            if self._asked[key] == number:
                runs = {run_id: run for run_id, (_, run) in found.items()} | {self._session.run.id: self._session.run}
                then([runs[run_id] for run_id in run_ids if run_id in runs])

        def work() -> dict[str, tuple[tuple[int, int], Run]]:
            found = {}
            for run_id in others:
                if self._session.ending or self._asked[key] != number:
                    break
                read = self._read(run_id, known)
                if read is not None:
                    found[run_id] = read
            return found

        if others:
            self._session.in_background(work, show)
        else:
            show({})

    def _read(self, run_id: str, known: dict[str, tuple[tuple[int, int], Run]]) -> tuple[tuple[int, int], Run] | None:
        """A run as it is on the disk; None where it cannot be read."""
        try:
            folder = find_run(run_id, self._session.library)
            found = folder.events.stat()
            stamp = (found.st_size, found.st_mtime_ns)
            if run_id in known and known[run_id][0] == stamp:
                return known[run_id]
            run = load_run(folder, predictions=False)
        except (UserError, OSError):
            return None
        run.id = folder.path.name
        return stamp, run

    def _remember(self, found: dict[str, tuple[tuple[int, int], Run]]) -> None:
        """Keep those that were asked for last, up to a limit."""
        for run_id, read in found.items():
            self._known[run_id] = read
            self._known.move_to_end(run_id)
        while len(self._known) > 1 and sum(run.step + 1000 for _, run in self._known.values()) > MOST_STEPS:
            self._known.popitem(last=False)
