"""The arithmetic of learning rates: what torch's schedulers do, as formulas."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class WarmCosine:
    """The factor of the learning rate at a step: up during the warm-up, and down along half a cosine."""

    def __init__(self, steps: int, warm_up: int, lowest: float) -> None:
        self.steps, self.warm_up, self.lowest = steps, warm_up, lowest

    def __call__(self, step: int) -> float:
        """The factor, from 0 to 1."""
        falling = self.lowest + (1 - self.lowest) * (1 + np.cos(np.pi * step / self.steps)) / 2
        return float(falling * min(1, (step + 1) / (self.warm_up + 1)))


def warming(steps: Floats, warm_up: int) -> Floats:
    """The factor of a warm-up over so many steps: equal stairs, the first of them above zero."""
    factors: Floats = np.minimum(1, (steps + 1) / (warm_up + 1))
    return factors


def stairs(lr: float, steps: Floats, size: int, gamma: float) -> Floats:
    """The rate multiplied by ``gamma`` after every so many steps."""
    found: Floats = lr * gamma ** np.floor(steps / size)
    return found


def cosine(lr: float, steps: Floats, total: int, lowest: float) -> Floats:
    """From the rate to the lowest along half a cosine."""
    return lr + (lowest - lr) * eased(steps / total, linear=False)


def one_cycle(lr: float, steps: Floats, total: int, *, rising: float, start: float, end: float, linear: bool) -> Floats:
    """Up to the rate in the rising part, then down.

    Args:
        lr: The highest rate.
        steps: Steps, from 0.
        total: Steps of the whole run.
        rising: Share of the run in which the rate rises.
        start: The first rate.
        end: The last rate.
        linear: Whether the rate moves straight, not along a cosine.
    """
    top, last = rising * total - 1, total - 1
    up = np.clip(steps / top, 0, 1) if top > 0 else np.ones(len(steps))
    down = np.clip((steps - top) / (last - top), 0, 1)
    climbing = start + (lr - start) * eased(up, linear=linear)
    falling = lr + (end - lr) * eased(down, linear=linear)
    return np.where(steps <= top, climbing, falling)


def eased(share: Floats, *, linear: bool) -> Floats:
    """A share of the way, straight or along half a cosine."""
    return share if linear else (1 - np.cos(np.pi * share)) / 2
