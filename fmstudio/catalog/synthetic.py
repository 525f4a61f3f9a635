"""Points that are drawn by a rule that is known. This very source is what an exported script runs."""

from collections.abc import Sequence

import numpy as np


def draw_points(
    n: int,
    w: Sequence[float],
    b: float,
    *,
    noise: float,
    spread: float,
    uniform: bool,
    outliers: float,
    outlier_size: float,
    seed: Sequence[int],
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points of y = x · w + b + noise.

    Args:
        n: How many.
        w: Weight of each input, shape (inputs,).
        b: What is added.
        noise: Standard deviation of the normal noise in y.
        spread: Of x: its standard deviation, or half of its range where it is uniform.
        uniform: Whether x is uniform, not normal.
        outliers: Share of the points, 0…1, whose y is ``outlier_size`` too large.
        outlier_size: See ``outliers``.
        seed: Where the random numbers start.

    Returns:
        x, float32, shape (n, inputs), and y, float32, shape (n, 1).
    """
    generator = np.random.default_rng(seed)
    sizes = (n, len(w))
    x = generator.uniform(-spread, spread, sizes) if uniform else generator.normal(0.0, spread, sizes)
    y = (x * np.array(w)).sum(axis=1) + b + generator.normal(0.0, noise, n)
    y += outlier_size * (generator.random(n) < outliers)
    return x.astype(np.float32), y[:, np.newaxis].astype(np.float32)
