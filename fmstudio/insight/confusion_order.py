"""In which order classes stand along a confusion matrix, so that what is taken for one another stands together."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.insight.confusion import shares_of_true
from fmstudio.training.events import Ints

Arrangement = Literal["classes", "mistakes", "clusters"]
"""As in the data set; classes with the most mistakes first; classes that are confused with one another together."""

Likeness = NDArray[np.float64]


def arranged(matrix: Ints, how: Arrangement) -> Ints:
    """The classes in another order; the same matrix always gives the same one.

    Args:
        matrix: Counts, shape (classes, classes).
        how: See ``Arrangement``; equals stay in the order of the data set.

    Returns:
        Which class stands where, shape (classes,).
    """
    if how == "mistakes":
        return np.argsort(-mistakes(matrix), kind="stable")
    if how == "clusters":
        return np.array(_clustered(likeness(matrix)), np.int64)
    return np.arange(len(matrix))


def mistakes(matrix: Ints) -> Ints:
    """In how many mistakes each class has a part: its pictures taken for others, and others taken for it."""
    return np.asarray(matrix.sum(axis=0) + matrix.sum(axis=1) - 2 * matrix.diagonal(), np.int64)


def likeness(matrix: Ints) -> Likeness:
    """How often two classes are taken for one another, as shares of their pictures; symmetric, 0 on the diagonal."""
    shares = np.nan_to_num(shares_of_true(matrix))
    both = (shares + shares.T) / 2
    np.fill_diagonal(both, 0)
    return both


def _clustered(alike: Likeness) -> list[int]:
    """Average linkage by chains of nearest neighbours, O(n²); what nothing connects keeps the order of the data set."""
    near, sizes = alike.copy(), np.ones(len(alike))
    active = np.ones(len(alike), np.bool_)
    groups = {label: [label] for label in range(len(alike))}
    chain: list[int] = []
    done: list[int] = []
    while active.any():
        chain = chain or [int(active.argmax())]
        best, closeness = _nearest(near, active, chain)
        if closeness <= 0:
            last = chain.pop()
            active[last] = False
            done += groups[last] if groups[last][0] <= groups[last][-1] else groups[last][::-1]
        elif len(chain) > 1 and best == chain[-2]:
            kept, gone = sorted((chain.pop(), chain.pop()))
            groups[kept] = _joined(groups[kept], groups.pop(gone), alike)
            _merge(near, sizes, kept, gone)
            active[gone] = False
        else:
            chain.append(best)
    return done


def _nearest(near: Likeness, active: NDArray[np.bool_], chain: list[int]) -> tuple[int, float]:
    """The nearest neighbour of the chain's last group; among equals the one before it, so that the chain ends."""
    row = np.where(active, near[chain[-1]], -1.0)
    row[chain[-1]] = -1.0
    best = int(row.argmax())
    if len(chain) > 1 and row[chain[-2]] >= row[best]:
        best = chain[-2]
    return best, float(row[best])


def _merge(near: Likeness, sizes: NDArray[np.float64], kept: int, gone: int) -> None:
    total = sizes[kept] + sizes[gone]
    row = (sizes[kept] * near[kept] + sizes[gone] * near[gone]) / total
    row[kept] = 0.0
    near[kept], near[:, kept], sizes[kept] = row, row, total


def _joined(first: list[int], second: list[int], alike: Likeness) -> list[int]:
    """Two rows of classes as one, turned so that those which touch are as alike as can be."""
    ways = [
        (first, second),
        (first, second[::-1]),
        (first[::-1], second),
        (first[::-1], second[::-1]),
    ]
    left, right = max(ways, key=lambda way: alike[way[0][-1], way[1][0]])
    return left + right
