"""Answers of made-up networks: ordinary ones, and those at which figures go wrong."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fmstudio.training.events import Predictions


def answers(labels: NDArray[np.int64], logits: NDArray[np.float64]) -> Predictions:
    """What a network with these outputs answered; its probabilities are rounded to half precision."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    own = np.maximum(shares[np.arange(len(labels)), labels], 1e-30)
    return Predictions(
        samples=np.arange(len(labels)),
        labels=labels,
        predicted=shares.argmax(axis=1),
        loss=(-np.log(own)).astype(np.float32),
        probabilities=shares.astype(np.float16),
    )


def random_answers(
    count: int = 2000, classes: int = 6, seed: int = 0, skill: float = 2.0, sharp: float = 1.5
) -> Predictions:
    """Answers that are often right; the last class is twice as frequent as the others."""
    generator = np.random.default_rng(seed)
    labels = np.minimum(generator.integers(0, classes + 1, count), classes - 1)
    logits = generator.normal(size=(count, classes)) * sharp
    logits[np.arange(count), labels] += skill
    return answers(labels, logits)


def one_class_missing() -> Predictions:
    """No picture is of class 2, and nothing is taken for class 3."""
    made = random_answers(classes=5)
    kept = made.part(made.labels != 2)
    logits = np.log(np.maximum(kept.probabilities.astype(np.float64), 1e-7))
    logits[:, 3] = -20
    return answers(kept.labels, logits)


def all_right() -> Predictions:
    """Not one mistake."""
    labels = np.arange(60) % 4
    return answers(labels, 3.0 * np.eye(4)[labels])


def ties() -> Predictions:
    """Probabilities of only a few values, of which many are equal, even among the classes of one picture."""
    generator = np.random.default_rng(4)
    labels = generator.integers(0, 4, 500)
    return answers(labels, generator.integers(0, 3, (500, 4)).astype(np.float64) + np.eye(4)[labels])


CASES: dict[str, Callable[[], Predictions]] = {
    "random": random_answers,
    "two classes": lambda: random_answers(classes=2, seed=3),
    "one class missing": one_class_missing,
    "all right": all_right,
    "ties": ties,
    "very sure": lambda: random_answers(skill=9.0, sharp=5.0),
    "few": lambda: random_answers(count=12, classes=3, seed=9),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Predictions:
    """Each of the cases."""
    return CASES[request.param]()
