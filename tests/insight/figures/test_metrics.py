"""The figures of a classification against scikit-learn and torchmetrics."""

import math

import numpy as np
import pytest
import torch
from sklearn import metrics as theirs
from torchmetrics.functional import classification as torchs

from fmstudio.insight.intervals import wilson
from fmstudio.insight.metrics import metrics, top_k, true_ranks
from fmstudio.training.events import Predictions

UNDEFINED = {"zero_division": np.nan}


def same(ours: float | None, other: float) -> bool:
    """Whether both are undefined, or nearly equal."""
    return math.isnan(other) if ours is None else ours == pytest.approx(other, abs=1e-6)


def test_the_figures_of_each_class_are_scikit_learns(case: Predictions) -> None:
    classes = case.probabilities.shape[1]
    figures = metrics(case, classes).classes
    columns = theirs.precision_recall_fscore_support(case.labels, case.predicted, labels=range(classes), **UNDEFINED)
    for one, precision, recall, f1, support in zip(figures, *columns, strict=True):
        assert same(one.precision, precision)
        assert same(one.recall, recall)
        assert same(one.f1, f1)
        assert one.support == support


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_the_averages_are_scikit_learns(case: Predictions, average: str) -> None:
    classes = case.probabilities.shape[1]
    ours = getattr(metrics(case, classes), average)
    other = theirs.precision_recall_fscore_support(
        case.labels, case.predicted, labels=range(classes), average=average, **UNDEFINED
    )
    assert same(ours.precision, other[0])
    assert same(ours.recall, other[1])
    assert same(ours.f1, other[2])


def test_accuracy_and_balanced_accuracy_are_theirs(case: Predictions) -> None:
    classes = case.probabilities.shape[1]
    ours = metrics(case, classes)
    assert ours.accuracy == pytest.approx(theirs.accuracy_score(case.labels, case.predicted))
    assert ours.interval == wilson(ours.right, len(case))
    seen = np.isin(case.predicted, case.labels)  # scikit-learn warns of classes that are only predicted
    balanced = metrics(case.part(seen), classes).balanced_accuracy
    assert balanced == pytest.approx(theirs.balanced_accuracy_score(case.labels[seen], case.predicted[seen]))


def test_the_figures_are_torchmetrics(case: Predictions) -> None:
    classes = case.probabilities.shape[1]
    ours = metrics(case, classes)
    given = torch.from_numpy(case.predicted), torch.from_numpy(case.labels)
    precision, recall, f1 = (
        kind(*given, num_classes=classes, average="none").tolist()
        for kind in (torchs.multiclass_precision, torchs.multiclass_recall, torchs.multiclass_f1_score)
    )
    for place, one in enumerate(ours.classes):  # what is undefined is 0 there
        assert (one.precision or 0.0) == pytest.approx(precision[place], abs=1e-6)
        assert (one.recall or 0.0) == pytest.approx(recall[place], abs=1e-6)
        assert (one.f1 or 0.0) == pytest.approx(f1[place], abs=1e-6)
    macro = torchs.multiclass_f1_score(*given, num_classes=classes, average="macro")
    weighted = torchs.multiclass_f1_score(*given, num_classes=classes, average="weighted")
    assert ours.macro.f1 == pytest.approx(float(macro), abs=1e-6)
    assert ours.weighted.f1 == pytest.approx(float(weighted), abs=1e-6)
    right = torchs.multiclass_accuracy(*given, num_classes=classes, average="micro")
    assert ours.accuracy == pytest.approx(float(right), abs=1e-6)


def without_ties(case: Predictions) -> Predictions:
    """Pictures whose probabilities all differ, as those of these libraries must for a sure answer."""
    ordered = np.sort(case.probabilities, axis=1)
    return case.part((np.diff(ordered, axis=1) > 0).all(axis=1))


def test_top_k_is_theirs_where_no_probabilities_are_equal(case: Predictions) -> None:
    clear = without_ties(case)
    classes = case.probabilities.shape[1]
    ours, shares = top_k(clear), clear.probabilities.astype(np.float64)
    assert len(ours) == (min(5, classes) if len(clear) else 0)
    for k, share in enumerate(ours, 1):
        found = torchs.multiclass_accuracy(
            torch.from_numpy(shares), torch.from_numpy(clear.labels), num_classes=classes, top_k=k, average="micro"
        )
        assert share == pytest.approx(float(found), abs=1e-6)
        if classes > 2 and k < classes:
            other = theirs.top_k_accuracy_score(clear.labels, shares, k=k, labels=range(classes))
            assert share == pytest.approx(other)


def test_among_equals_the_predicted_class_is_first_and_then_the_first_class(case: Predictions) -> None:
    ours = top_k(case)
    assert ours[0] == pytest.approx(case.accuracy)
    for row, rank in enumerate(true_ranks(case)[:200].tolist()):
        order = sorted(
            range(case.probabilities.shape[1]),
            key=lambda k: (k != case.predicted[row], -float(case.probabilities[row, k]), k),
        )
        assert order.index(case.labels[row]) == rank


def test_equals_by_hand() -> None:
    shares = np.array([[0.5, 0.5, 0], [0.25, 0.25, 0.5], [1, 0, 0], [np.nan] * 3], np.float16)
    made = Predictions(np.arange(4), np.array([0, 1, 2, 1]), np.array([1, 2, 0, 0]), np.zeros(4, np.float32), shares)
    assert true_ranks(made).tolist() == [1, 2, 2, 2]
    assert top_k(made) == (0.0, 0.25, 1.0)


def test_undefined_is_none_and_left_out_of_the_averages() -> None:
    labels, predicted = np.array([0, 0, 1, 1, 1]), np.array([0, 0, 0, 0, 0])
    made = Predictions(np.arange(5), labels, predicted, np.zeros(5, np.float32), np.zeros((5, 4), np.float16))
    found = metrics(made, 4)
    assert [one.precision for one in found.classes] == [0.4, None, None, None]
    assert [one.recall for one in found.classes] == [1.0, 0.0, None, None]
    assert [one.f1 for one in found.classes] == [pytest.approx(4 / 7), 0.0, None, None]
    assert found.macro.precision == pytest.approx(0.4)
    assert found.macro.recall == found.balanced_accuracy == pytest.approx(0.5)
    assert found.macro.f1 == pytest.approx(2 / 7)
    assert found.weighted.recall == pytest.approx(0.4)
    assert found.judged == 2


def test_of_nothing_there_are_no_figures() -> None:
    empty = np.empty(0, np.int64)
    found = metrics(Predictions(empty, empty, empty, np.empty(0, np.float32), np.empty((0, 3), np.float16)), 3)
    assert (found.accuracy, found.interval, found.top_k, found.macro.f1) == (None, None, (), None)
    assert (found.weighted.f1, found.counted, found.judged) == (None, 0, 0)
