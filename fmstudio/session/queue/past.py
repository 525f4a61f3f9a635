"""What became of an entry's run while no window looked."""

from dataclasses import dataclass
from pathlib import Path

from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import load


@dataclass(frozen=True)
class Past:
    """What is known of a run that was interrupted.

    Attributes:
        run: With its predictions; None where its folder is gone.
        differences: What is not as it was when it was interrupted, sentences; none where it goes on bit for bit.
    """

    run: Run | None = None
    differences: tuple[str, ...] = ()


def past_of(run_id: str, library: Path) -> Past:
    """Read a run that was interrupted; in the background only, it needs torch.

    Args:
        run_id: Its id; empty where it never began.
        library: The folder that holds the runs.

    Raises:
        UserError: Where it cannot go on.
    """
    try:
        folder = find_run(run_id, library) if run_id else None
    except UserError:
        folder = None
    if folder is None:
        return Past()
    run = load_run(folder)
    if run.ended and run.ended.status != "stopped":
        return Past(run)
    try:
        found = load("fmstudio.runs.beginning.look_before")(folder)
    except InvalidSpecError as error:
        raise UserError(str(error)) from error
    return Past(run, tuple(found.differences))
