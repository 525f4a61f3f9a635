"""Two runs on the same pictures: the parts, the matrix of differences, and the words."""

import numpy as np
import pytest

from fmstudio.errors import UserError
from fmstudio.insight.two_runs import Cell, TwoRuns, compare, compare_runs
from fmstudio.insight.two_runs_words import counted_words, difference_words, p_words, points, verdict_sentence
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, NumberPredictions, Predictions, RunEnded, RunStarted


def answers(labels: list[int], predicted: list[int], samples: list[int] | None = None, classes: int = 3) -> Predictions:
    taken = np.array(predicted)
    probabilities = np.full((len(labels), classes), 0.1, np.float16)
    probabilities[np.arange(len(labels)), taken] = 0.8
    loss = -np.log(probabilities[np.arange(len(labels)), labels].astype(np.float32))
    where = np.arange(len(labels)) if samples is None else np.array(samples)
    return Predictions(where, np.array(labels), taken, loss, probabilities)


LABELS = [0, 0, 0, 1, 1, 2]


def two(a: list[int], b: list[int], labels: list[int] | None = None) -> TwoRuns:
    given = LABELS if labels is None else labels
    return compare(answers(given, a), answers(given, b))


def unbalanced(fixed: int, broken: int, right: int = 10, wrong: int = 10) -> TwoRuns:
    a = [1] * fixed + [0] * broken + [0] * right + [1] * wrong
    b = [0] * fixed + [1] * broken + [0] * right + [1] * wrong
    return two(a, b, [0] * len(a))


def test_every_picture_belongs_to_one_part() -> None:
    made = two([0, 1, 2, 1, 0, 2], [0, 0, 1, 0, 1, 2])
    assert {part: made.rows(part).tolist() for part in ("fixed", "broken", "right", "wrong")} == {
        "fixed": [1, 4], "broken": [3], "right": [0, 5], "wrong": [2],
    }  # fmt: skip
    assert made.difference == pytest.approx(1 / 6)
    assert made.b.accuracy - made.a.accuracy == pytest.approx(made.difference)
    assert made.agreement == pytest.approx(2 / 6)


def test_the_matrix_counts_what_b_answers_more_often() -> None:
    made = two([0, 1, 1, 1, 0, 2], [0, 0, 1, 1, 0, 0])
    assert made.matrix.tolist() == [[1, -1, 0], [0, 0, 0], [1, 0, -1]]
    assert made.rows(Cell(0, 0)).tolist() == [1]  # came into the cell
    assert made.rows(Cell(0, 1)).tolist() == [1]  # left it
    assert made.rows(Cell(2, 0)).tolist() == [5]
    assert made.rows(Cell(1, 1)).tolist() == []


def test_each_class_says_what_became_of_it() -> None:
    first, second, third = two([0, 1, 2, 1, 0, 2], [0, 0, 1, 0, 1, 2]).per_class
    assert (first.support, first.fixed, first.broken, first.right_a, first.right_b) == (3, 1, 0, 1, 2)
    assert (second.support, second.fixed, second.broken) == (2, 1, 1)
    assert (third.support, third.fixed, third.broken, third.right_a, third.right_b) == (1, 0, 0, 1, 1)


def test_only_the_pictures_that_both_answered_count() -> None:
    made = compare(answers([0, 1, 2], [0, 1, 2], [7, 3, 5]), answers([1, 2, 0, 1], [1, 0, 0, 1], [3, 5, 9, 11]))
    assert made.a.samples.tolist() == made.b.samples.tolist() == [3, 5]
    assert made.a.labels.tolist() == [1, 2]
    assert (made.broken, made.left_out) == (1, 3)
    assert counted_words(made) == "2 test pictures · 3 left out: only one run was asked about them"


def test_the_greatest_change_of_the_loss_comes_first() -> None:
    a, b = answers([0, 0, 0], [1, 1, 1]), answers([0, 0, 0], [0, 0, 0])
    b.loss[:] = [0.5, 0.1, 0.3]
    assert compare(a, b).rows("fixed").tolist() == [1, 2, 0]


def test_losses_of_two_kinds_are_compared_by_the_probabilities() -> None:
    a, b = answers([0, 0], [1, 1]), answers([0, 0], [0, 1])
    b.loss[:] = 1000
    assert compare(a, b, same_loss=False).change.tolist() == [pytest.approx(-2.08, abs=0.01), 0]


def test_corrected_labels_are_left_out_and_other_data_are_refused() -> None:
    made = compare(answers([0, 1, 2, 2], [0, 1, 2, 2]), answers([0, 1, 2, 0], [0, 1, 2, 0]))
    assert (len(made), made.relabelled) == (3, 1)
    with pytest.raises(UserError, match="other labels"):
        compare(answers([0, 1, 2], [0, 1, 2]), answers([1, 2, 0], [0, 1, 2]))
    with pytest.raises(UserError, match="3 classes apart, the other 5"):
        compare(answers([0], [0]), answers([0], [0], classes=5))
    with pytest.raises(UserError, match="No picture was answered by both"):
        compare(answers([0], [0], [1]), answers([0], [0], [2]))


@pytest.mark.parametrize(
    ("fixed", "broken", "sentence"),
    [
        (212, 187, "B fixes 212 and breaks 187: no evidence of a difference, p = 0.23"),
        (300, 120, "B fixes 300 and breaks 120: B is better, p < 0.001"),
        (20, 45, "B fixes 20 and breaks 45: A is better, p = 0.003"),
        (3, 3, "B fixes 3 and breaks 3: no evidence of a difference, p = 1.00"),
        (0, 0, "Both have the very same pictures right."),
    ],
)
def test_the_test_is_said_in_words(fixed: int, broken: int, sentence: str) -> None:
    assert verdict_sentence(unbalanced(fixed, broken)) == sentence


def test_figures_are_as_exact_as_they_deserve() -> None:
    assert [p_words(p) for p in (0.2296, 0.0521, 0.0478, 0.0031, 0.0009)] == [
        "p = 0.23", "p = 0.052", "p = 0.048", "p = 0.003", "p < 0.001",
    ]  # fmt: skip
    assert [points(share) for share in (0.0031, -0.012, 0.0, -0.0001)] == ["+0.3", "−1.2", "0.0", "0.0"]
    words = difference_words(unbalanced(300, 120, 9000, 580))
    assert words == "+1.8 percentage points, 95 % sure between +1.4 and +2.2"


def run(name: str, predictions: object, kind: str = "fashion-mnist", loss: str = "cross-entropy") -> Run:
    made = Run(spec={"dataset": {"kind": kind}, "loss": {"kind": loss}}, id=name)
    made.apply(RunStarted(run=name, epochs=1, steps_per_epoch=1, train_size=1, test_size=1))
    if predictions is not None:
        made.apply(
            EpochEnded(epoch=1, step=1, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, test_accuracy=0.5,
                       seconds=1.0, evaluation_seconds=0.1, predictions=predictions)  # type: ignore[arg-type]
        )  # fmt: skip
    made.apply(RunEnded(status="finished", run=name, epoch=1, step=1))
    return made


def test_two_recorded_runs_are_compared() -> None:
    made = compare_runs(run("a", answers(LABELS, [0] * 6)), run("b", answers(LABELS, LABELS), loss="mse"))
    assert (made.fixed, made.broken, made.same_loss) == (3, 0, False)


def test_answers_can_be_given_in_the_place_of_the_recorded_ones() -> None:
    made = compare_runs(run("a", None), run("b", answers(LABELS, LABELS)), answers_a=answers(LABELS, [0] * 6))
    assert made.fixed == 3


def test_what_cannot_be_compared_says_why() -> None:
    good = run("good", answers(LABELS, LABELS))
    numbers = NumberPredictions(*(np.zeros(1, np.float32) for _ in range(4)))  # type: ignore[arg-type]
    for other, sentence in (
        (run("bare", None), "Run bare has no answers"),
        (run("line", numbers, "linear"), "Run line learns numbers"),
        (run("digits", answers(LABELS, LABELS), "mnist"), "different data: Fashion-MNIST and mnist"),
    ):
        with pytest.raises(UserError, match=sentence):
            compare_runs(good, other)


def test_ten_thousand_pictures_take_no_time() -> None:
    generator = np.random.default_rng(0)
    labels, first, second = generator.integers(0, 10, (3, 10_000))
    shares = np.full((10_000, 10), 0.1, np.float16)
    losses = np.ones(10_000, np.float32)
    made = compare(*(Predictions(np.arange(10_000), labels, one, losses, shares) for one in (first, second)))
    assert sum(made.count(part) for part in ("fixed", "broken", "right", "wrong")) == 10_000
    assert int(made.matrix.sum()) == 0
    assert sum(one.fixed for one in made.per_class) == made.fixed
