"""What ``fmstudio evaluate --json`` says of a network that tells classes apart."""

import json

import numpy as np
import pytest
from sklearn import metrics as theirs

from fmstudio.cli.class_evaluation import class_evaluation
from fmstudio.insight.intervals import wilson
from fmstudio.training.events import Predictions

NAMES = ("Shirt", "Coat", "Bag", "Boot")


@pytest.fixture
def answers() -> Predictions:
    """Of 400 pictures; none is a Boot."""
    generator = np.random.default_rng(2)
    labels = generator.integers(0, 3, 400)
    logits = generator.normal(size=(400, 4)) + 2 * np.eye(4)[labels] - [0, 0, 0, 9]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.log(shares[np.arange(400), labels])
    return Predictions(np.arange(400), labels, shares.argmax(1), loss.astype(np.float32), shares.astype(np.float16))


def test_the_figures_are_scikit_learns(answers: Predictions) -> None:
    values = class_evaluation(answers, NAMES)
    shares = answers.probabilities.astype(np.float64)
    assert values["accuracy"] == pytest.approx(theirs.accuracy_score(answers.labels, answers.predicted))
    assert values["balanced_accuracy"] == pytest.approx(
        theirs.balanced_accuracy_score(answers.labels, answers.predicted)
    )
    for average in ("macro", "weighted"):
        f1 = theirs.f1_score(answers.labels, answers.predicted, average=average)
        assert values[average]["f1"] == pytest.approx(f1)
    for label in range(3):
        one = values["classes"][label]
        assert one["roc_auc"] == pytest.approx(theirs.roc_auc_score(answers.labels == label, shares[:, label]))
        assert one["average_precision"] == pytest.approx(
            theirs.average_precision_score(answers.labels == label, shares[:, label])
        )
        assert one["intervals"]["recall"] == wilson(one["right"], one["support"])
        assert one["intervals"]["precision"] == wilson(one["right"], one["predicted"])
    assert values["macro"]["roc_auc"] == pytest.approx(np.mean([one["roc_auc"] for one in values["classes"][:3]]))
    assert values["top_k"]["1"] == values["accuracy"]
    assert list(values["top_k"]) == ["1", "2", "3", "4"]
    assert values["top_k"]["4"] == 1.0
    assert values["intervals"] == {"level": 0.95, "accuracy": wilson(values["right"], 400)}
    assert 0 < values["ece"] <= values["mce"] < 1


def test_undefined_is_null_in_json(answers: Predictions) -> None:
    boot = json.loads(json.dumps(class_evaluation(answers, NAMES), allow_nan=False))["classes"][3]
    assert (boot["name"], boot["support"], boot["predicted"]) == ("Boot", 0, 0)
    undefined = ("precision", "recall", "f1", "roc_auc", "average_precision")
    assert [boot[name] for name in undefined] == [None] * 5
    assert boot["intervals"] == {"precision": None, "recall": None}


def test_a_network_that_diverged_is_written_too(answers: Predictions) -> None:
    nothing = np.full_like(answers.probabilities, np.nan)
    loss = np.full(400, np.nan, np.float32)
    broken = Predictions(answers.samples, answers.labels, np.zeros(400, np.int64), loss, nothing)
    values = json.loads(json.dumps(class_evaluation(broken, NAMES), allow_nan=False))
    assert (values["loss"], values["ece"], values["mce"]) == (None, None, None)
    assert values["classes"][0]["roc_auc"] is None
    assert values["top_k"]["1"] == values["accuracy"]
