"""What stands in the cells of the confusion matrix, and the sentences about them."""

import numpy as np

from fmstudio.training.events import Ints
from fmstudio.words import tr, tr_n

UNDEFINED = "–"
"""Stands where a share has nothing that it could be a share of."""

LESS_THAN_ONE = "<1"
"""Stands where a number is less than half, but not nothing."""

MINUS = "−"


def per_cent(share: float | None) -> str:
    """A share with one decimal, ``"86.5 %"``; a dash where there is none."""
    return UNDEFINED if share is None else tr("{number} %", number=f"{100 * share:.1f}")


def whole_per_cent(share: float | None) -> str:
    """A share as it fits into a cell; only what is all says 100, only what is nothing says 0."""
    if share is None:
        return UNDEFINED
    if 0 < share < 0.005:
        return LESS_THAN_ONE
    return str(100 if share == 1.0 else min(99, int(100 * share + 0.5)))


def whole(number: float) -> str:
    """A sum as it fits into a cell; only what is nothing says 0."""
    return LESS_THAN_ONE if 0 < number < 0.5 else str(int(number + 0.5))


def signed(number: int) -> str:
    """A difference with its sign: ``"+12"``, ``"−3"``, ``"0"``."""
    return f"{'+' if number > 0 else MINUS if number < 0 else ''}{abs(number)}"


def known(share: float) -> float | None:
    """A share, None where it is not a number."""
    return None if np.isnan(share) else float(share)


def counted_sentence(name: str, other: str, count: int, total: int, *, right: bool) -> str:
    """How many pictures of a class were recognised, or taken for another one.

    Args:
        name: The true class.
        other: The predicted class.
        count: How many.
        total: Of how many pictures of the true class.
        right: Whether the two are the same.
    """
    if not total:
        return tr("There is no picture of {name}", name=name)
    if right:
        return tr_n(
            "{count:,} of {total:,} pictures of {name} was recognised",
            "{count:,} of {total:,} pictures of {name} were recognised",
            count,
            total=total,
            name=name,
        )
    return tr_n(
        "{count:,} of {total:,} pictures of {name} was taken for {other}",
        "{count:,} of {total:,} pictures of {name} were taken for {other}",
        count,
        total=total,
        name=name,
        other=other,
    )


def change_sentence(change: int, than: str, *, better: bool) -> str:
    """How a number differs from that of another network.

    Args:
        change: By how much.
        than: What it is compared with: "epoch 2".
        better: Whether it is good that it grew, or shrank.
    """
    if not change:
        return tr("As many as in {name}", name=than)
    count = f"{abs(change):,}"
    if change > 0:
        more = tr("{count} more than in {name}: better", count=count, name=than)
        return more if better else tr("{count} more than in {name}: worse", count=count, name=than)
    fewer = tr("{count} fewer than in {name}: better", count=count, name=than)
    return fewer if better else tr("{count} fewer than in {name}: worse", count=count, name=than)


def sum_sentence(total: float, name: str, other: str) -> str:
    """How much probability the pictures of one class gave to another one, added up."""
    return tr(
        "Probability that pictures of {name} gave to {other}, added up: {sum}",
        name=name,
        other=other,
        sum=f"{total:,.1f}",
    )


def strong_sentence(count: int) -> str:
    """How many of a cell's pictures are looked at."""
    return tr_n("{count:,} of them is looked at", "{count:,} of them are looked at", count)


def header_sentence(matrix: Ints | None, label: int, name: str, *, along_row: bool) -> str:
    """What a row or a column adds up to."""
    if matrix is None:
        return name
    right = f"{int(matrix[label, label]):,}"
    total = f"{int((matrix[label] if along_row else matrix[:, label]).sum()):,}"
    if along_row:
        return tr("{name}: {total} pictures, {right} of them recognised", name=name, total=total, right=right)
    return tr("Taken for {name}: {total} pictures, {right} of them rightly", name=name, total=total, right=right)
