"""Asking networks about training pictures that they did not learn from, with what was asked before. Needs torch."""

import time
from collections.abc import Iterator

from fmstudio.runs.held_out import CrossProgress, HeldOut, joined
from fmstudio.training.control import Control
from fmstudio.training.cross_validation import FoldTrained, ask_fold
from fmstudio.training.events import Predictions


def cross_check(held_out: HeldOut, control: Control) -> Iterator[CrossProgress | Predictions]:
    """Ask about every training picture a network that did not learn from it.

    Each fold is written down when it is asked, and read where that was done before: a cancelled check goes on there.

    Args:
        held_out: Of which spec, with how many networks, and where it is kept.
        control: Stops it between two steps; then it ends without answers.

    Yields:
        How far it is, some times a second; at last the answers about all training pictures.

    Raises:
        UserError: Where a network cannot be trained.
    """
    known = {fold: held_out.read(fold) for fold in range(held_out.folds)}
    parts = [part for part in known.values() if part is not None]
    missing = [fold for fold, part in known.items() if part is None]
    start = time.monotonic()
    for place, fold in enumerate(missing):
        asked: Predictions | None = None
        for said in ask_fold(held_out.spec, fold, held_out.folds, control):
            if isinstance(said, FoldTrained):
                yield _progress(held_out.folds, fold, (place + said.share) / len(missing), len(missing), start)
            else:
                asked = said.predictions
        if asked is None:
            return
        held_out.write(fold, asked)
        parts.append(asked)
    yield joined(parts)


def _progress(folds: int, fold: int, done: float, missing: int, start: float) -> CrossProgress:
    """How far it is, of whose missing folds a share is done; what was known before counts as done."""
    left = (time.monotonic() - start) * (1 - done) / done if done > 0 else None
    share = (folds - missing + done * missing) / folds
    return CrossProgress(fold + 1, folds, min(1.0, share), left)
