"""Labels worth a look: the rule on small numbers, and planted wrong labels in real pictures."""

from pathlib import Path

import numpy as np
import pytest

from fmstudio.data.corrections import pictures_of
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.cross_check import cross_check
from fmstudio.insight.label_issues import label_issues, thresholds
from fmstudio.runs.held_out import CrossProgress, HeldOut
from fmstudio.training.control import Control
from fmstudio.training.events import Predictions


def predictions(labels: list[int], probabilities: list[list[float]]) -> Predictions:
    shares = np.array(probabilities, np.float16)
    return Predictions(
        samples=np.arange(len(labels)) * 10, labels=np.array(labels), predicted=shares.argmax(axis=1),
        loss=np.zeros(len(labels), np.float32), probabilities=shares,
    )  # fmt: skip


def test_a_class_counts_as_said_where_it_reaches_its_own_average() -> None:
    found = label_issues(
        predictions(
            [0, 0, 0, 1, 1, 1],
            [[0.9, 0.1], [0.8, 0.2], [0.25, 0.75], [0.375, 0.625], [0.5, 0.5], [0.875, 0.125]],
        )
    )
    np.testing.assert_allclose(
        thresholds(np.array([0, 0, 1]), np.array([[1, 0], [0.5, 0.5], [0.25, 0.75]], np.float32)), [0.75, 0.75]
    )
    assert found.samples.tolist() == [50, 20]
    assert found.suggested.tolist() == [0, 1]
    np.testing.assert_allclose(found.score, [0.875, 0.75])
    assert found.first(1).samples.tolist() == [50]


def test_nothing_is_doubted_where_the_networks_agree_or_know_nothing() -> None:
    assert len(label_issues(predictions([0, 1], [[1, 0], [0, 1]]))) == 0
    nothing = Predictions(
        *(np.empty(0, np.int64) for _ in range(3)), np.empty(0, np.float32), np.empty((0, 10), np.float16)
    )
    assert len(label_issues(nothing)) == 0
    unsound = predictions([0, 1, 1], [[np.nan, np.nan], [0, 1], [0.9, 0.1]])
    assert label_issues(unsound).samples.tolist() == []


def test_a_class_without_pictures_is_never_suggested() -> None:
    found = label_issues(predictions([0, 0, 0], [[0.9, 0.1, 0], [0.8, 0.2, 0], [0.0, 1.0, 0]]))
    assert len(found) == 0


@pytest.fixture(scope="module")
def planted() -> tuple[ExperimentSpec, set[int]]:
    """Two thousand real pictures, a hundred of them with another label than they have."""
    base = read_spec({"dataset": {"train_size": 2000, "test_size": 100, "normalise": True}})
    data = pictures_of(base.dataset, base.seed)  # type: ignore[arg-type]
    generator = np.random.default_rng(0)
    rows = generator.permutation(2000)[:100]
    wrong = [
        ["train", int(data.train.samples[row]), int((data.train.labels[row] + generator.integers(1, 10)) % 10)]
        for row in rows
    ]
    changes = [
        ("dataset.corrections", wrong), ("architecture.kind", "softmax-regression"), ("epochs", 5),
        ("batch_size", 64), ("threads", 1),
    ]  # fmt: skip
    return read_spec(changed(to_mapping(base), changes)), {int(index) for _, index, _ in wrong}  # type: ignore[arg-type]


def test_most_planted_wrong_labels_are_found(planted: tuple[ExperimentSpec, set[int]], tmp_path: Path) -> None:
    spec, wrong = planted
    *told, answers = cross_check(HeldOut(tmp_path, spec, 3), Control())
    assert all(isinstance(one, CrossProgress) for one in told)
    assert isinstance(answers, Predictions)
    assert len(answers) == 2000
    found = label_issues(answers).first(200)
    assert len(wrong & set(found.samples.tolist())) >= 70, "by chance it would be 10"
    assert len(wrong & set(found.first(50).samples.tolist())) >= 35
    again = list(cross_check(HeldOut(tmp_path, spec, 3), Control()))
    assert len(again) == 1, "nothing is trained a second time"
    assert isinstance(again[0], Predictions)
    np.testing.assert_array_equal(again[0].probabilities, answers.probabilities)


def test_a_cancelled_check_goes_on_where_it_was(planted: tuple[ExperimentSpec, set[int]], tmp_path: Path) -> None:
    spec, _ = planted
    control = Control()
    for said in cross_check(HeldOut(tmp_path, spec, 3), control):
        assert isinstance(said, CrossProgress)
        if said.fold == 2:
            control.stop()
    assert HeldOut(tmp_path, spec, 3).read(0) is not None
    assert HeldOut(tmp_path, spec, 3).whole() is None
    *told, answers = cross_check(HeldOut(tmp_path, spec, 3), Control())
    assert isinstance(answers, Predictions)
    assert {one.fold for one in told if isinstance(one, CrossProgress)} == {2, 3}
    assert min(one.share for one in told if isinstance(one, CrossProgress)) > 1 / 3
