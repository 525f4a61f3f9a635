"""Whether two networks differ on the same pictures: McNemar's test, and an interval for the difference. No torch.

Only the pictures that one has right and the other wrong can tell them apart. See

- Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
  Psychometrika 12 (1947), and A. L. Edwards on the correction for continuity, Psychometrika 13 (1948);
- T. G. Dietterich, "Approximate statistical tests for comparing supervised classification learning algorithms",
  Neural Computation 10 (1998);
- D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a difference of binomial proportions based on
  paired data", Journal of Educational and Behavioral Statistics 37 (2012).
"""

import math
from typing import Literal

EXACT_BELOW = 25
"""With fewer pictures that tell the two apart, the binomial distribution is summed instead of approximated."""

SURE = 0.05
"""Below this p a difference is called one."""

_Z95 = 1.959963984540054

Winner = Literal["a", "b", ""]


def mcnemar(fixed: int, broken: int) -> float:
    """How probable so uneven a split is, or a more uneven one, if both networks were equally good: p, 0…1.

    The two-sided exact binomial test below ``EXACT_BELOW`` such pictures, else χ² with one degree of freedom and the
    correction for continuity, (|fixed − broken| − 1)² / (fixed + broken).

    Args:
        fixed: Pictures that only the second has right.
        broken: Pictures that only the first has right.
    """
    count = fixed + broken
    if fixed == broken:
        return 1.0
    if count < EXACT_BELOW:
        tail = sum(math.comb(count, k) for k in range(min(fixed, broken) + 1))
        return min(1.0, math.ldexp(tail, 1 - count))
    statistic = (abs(fixed - broken) - 1) ** 2 / count
    return math.erfc(math.sqrt(statistic / 2))


def difference_interval(fixed: int, broken: int, count: int) -> tuple[float, float]:
    """Between which bounds the difference of the accuracies lies, 95 % sure: the interval of Bonett and Price.

    Args:
        fixed: Pictures that only the second has right.
        broken: Pictures that only the first has right.
        count: All pictures.

    Returns:
        Lower and upper bound, −1…1.
    """
    gained, lost = (fixed + 1) / (count + 2), (broken + 1) / (count + 2)
    spread = _Z95 * math.sqrt((gained + lost - (gained - lost) ** 2) / (count + 2))
    return max(-1.0, gained - lost - spread), min(1.0, gained - lost + spread)


def winner(fixed: int, broken: int) -> Winner:
    """Which of the two is better, where there is evidence of it."""
    if mcnemar(fixed, broken) >= SURE:
        return ""
    return "b" if fixed > broken else "a"
