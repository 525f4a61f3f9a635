"""Which pictures a run takes, and which of them it holds back: fixed by the seed."""

import math

import numpy as np
from numpy.typing import NDArray

from fmstudio.errors import UserError
from fmstudio.words import tr

Ints = NDArray[np.int64]


def take(n: int, size: int, seed: int) -> Ints:
    """Choose some of the pictures: the first of a seeded shuffle, put back into their own order.

    A larger size takes the same pictures and more, and the whole size changes nothing.

    Args:
        n: How many there are.
        size: How many to take; 0 takes all.
        seed: Decides which.

    Returns:
        Their indices, ascending, shape (size,).
    """
    if not 0 <= size <= n:
        raise UserError(
            tr("Cannot take {size} of {count} pictures.", size=f"{size:,}", count=f"{n:,}"),
            tr("Take 1 to {count}, or 0 for all of them.", count=f"{n:,}"),
        )
    return np.sort(_shuffled(n, seed)[:size]) if size else np.arange(n)


def take_but(n: int, size: int, seed: int, left_out: Ints) -> Ints:
    """Choose some of the pictures as ``take`` does, without some: others take their places as far as there are any.

    Args:
        n: How many there are.
        size: How many to take at most; 0 takes all.
        seed: Decides which.
        left_out: Indices of those that are never taken.

    Returns:
        Their indices, ascending.
    """
    order = _shuffled(n, seed) if size else np.arange(n)
    kept = order[~np.isin(order, left_out)]
    return np.sort(kept[:size]) if size else kept


def folds(n: int, count: int, seed: int) -> tuple[Ints, ...]:
    """Part all rows into folds of the same size, give or take one.

    Args:
        n: How many rows there are.
        count: How many folds.
        seed: Decides which row is in which.

    Returns:
        The rows of each fold, ascending.
    """
    return tuple(np.sort(part) for part in np.array_split(_shuffled(n, seed), count))


def hold_back(n: int, validation: float, seed: int) -> tuple[Ints, Ints]:
    """Part the training pictures into those to learn from and those held back for validation.

    Args:
        n: How many there are.
        validation: Below 1 the share to hold back, from 1 on their number; 0 holds back none.
        seed: Decides which.

    Returns:
        Rows to learn from and rows held back, both ascending; together they are all n.
    """
    if validation == 0:
        return np.arange(n), np.empty(0, np.int64)
    held = _count(n, validation)
    if not 1 <= held < n:
        raise UserError(
            tr("Cannot hold back {part} of {count} training pictures.", part=f"{validation:g}", count=f"{n:,}"),
            tr("Give a share between 0 and 1, or a whole number below {count}.", count=f"{n:,}"),
        )
    shuffled = _shuffled(n, seed)
    return np.sort(shuffled[held:]), np.sort(shuffled[:held])


def _count(n: int, validation: float) -> int:
    """How many pictures a share or a number means; -1 where it means none that could be."""
    if 0 < validation < 1:
        return max(1, round(n * validation))
    return int(validation) if math.isfinite(validation) and validation == int(validation) else -1


def _shuffled(n: int, seed: int) -> Ints:
    return np.random.default_rng(seed).permutation(n).astype(np.int64, copy=False)
