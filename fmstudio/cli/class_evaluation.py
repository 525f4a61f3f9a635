"""What ``fmstudio evaluate`` says of a network that tells classes apart, for JSON and for tables. No torch."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fmstudio.insight.calibration import CALIBRATION_BINS, sureness
from fmstudio.insight.confusion import ClassFigures, worst_pair
from fmstudio.insight.curves import Curve, class_curves, mean_area, precision_recall_curve, roc_curve
from fmstudio.insight.intervals import LEVEL, wilson
from fmstudio.insight.metrics import Averages, metrics
from fmstudio.training.events import Predictions


def class_evaluation(answers: Predictions, names: Sequence[str]) -> dict[str, Any]:
    """Accuracy, averages, calibration, the figures of each class and the confusion matrix; None where undefined.

    Shares are 0…1. ``intervals`` are Wilson's, of the level that they name. ``ece`` and ``mce`` are taken over ten
    equal bins.

    Args:
        answers: What the network said.
        names: Of the classes.
    """
    found = metrics(answers, len(names))
    roc, precision_recall = class_curves(answers, roc_curve), class_curves(answers, precision_recall_curve)
    areas = {"roc_auc": mean_area(roc)[0], "average_precision": mean_area(precision_recall)[0]}
    bins, worst = sureness(answers.confidence, answers.right, CALIBRATION_BINS), worst_pair(found.confusion)
    return {
        "count": found.counted,
        "right": found.right,
        "accuracy": answers.accuracy,
        "balanced_accuracy": found.balanced_accuracy,
        "loss": _mean_loss(answers),
        "intervals": {"level": LEVEL, "accuracy": found.interval},
        "macro": _averages(found.macro) | areas,
        "weighted": _averages(found.weighted),
        "top_k": {str(k): share for k, share in enumerate(found.top_k, 1)},
        "ece": bins.ece,
        "mce": bins.mce,
        "classes": [
            _class(names[one.label], one, roc[one.label], precision_recall[one.label]) for one in found.classes
        ],
        "confusion": found.confusion.tolist(),
        "worst": worst and {"true": names[worst.true], "predicted": names[worst.predicted], "count": worst.count},
    }


def _mean_loss(answers: Predictions) -> float | None:
    """Summed in double precision; None where it is not finite, and where there are no answers."""
    mean = float(answers.loss.mean(dtype=np.float64)) if len(answers) else math.nan
    return mean if math.isfinite(mean) else None


def _averages(averages: Averages) -> dict[str, float | None]:
    return {"precision": averages.precision, "recall": averages.recall, "f1": averages.f1}


def _class(name: str, one: ClassFigures, roc: Curve | None, precision_recall: Curve | None) -> dict[str, Any]:
    return {
        "name": name,
        "support": one.support,
        "predicted": one.predicted,
        "right": one.right,
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "roc_auc": None if roc is None else roc.area,
        "average_precision": None if precision_recall is None else precision_recall.area,
        "intervals": {"precision": wilson(one.right, one.predicted), "recall": wilson(one.right, one.support)},
    }
