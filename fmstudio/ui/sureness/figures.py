"""What the views of sureness count, each once for the same answers."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fmstudio.insight.calibration import Sureness, sureness
from fmstudio.insight.curves import Curve, class_curves, precision_recall_curve, roc_curve
from fmstudio.training.events import Predictions
from fmstudio.ui.sureness.calibration import calibration_bins
from fmstudio.ui.sureness.histogram import histogram_bins

Curves = tuple[Curve | None, ...]


class SurenessFigures:
    """Bins and curves of some answers; what nobody looks at is never computed.

    Attributes:
        answers: What is counted; None: nothing is known yet.
    """

    def __init__(self, answers: Predictions | None) -> None:
        self.answers = answers
        self._strong: NDArray[np.bool_] | None = None
        self._part: Sureness | None = None

    @cached_property
    def fine(self) -> Sureness | None:
        """All answers in bins of one per cent."""
        return None if self.answers is None else sureness(self._confidence, self.answers.right)

    @cached_property
    def histogram(self) -> Sureness | None:
        """In the bins of the histogram."""
        return histogram_bins(self.fine)

    @cached_property
    def calibration(self) -> Sureness | None:
        """In the bins of the reliability diagram."""
        return calibration_bins(self.fine)

    @cached_property
    def roc(self) -> Curves:
        """The ROC curve of each class."""
        return () if self.answers is None else class_curves(self.answers, roc_curve)

    @cached_property
    def precision_recall(self) -> Curves:
        """The precision–recall curve of each class."""
        return () if self.answers is None else class_curves(self.answers, precision_recall_curve)

    def part(self, strong: NDArray[np.bool_] | None) -> Sureness | None:
        """What is looked at, in bins of one per cent; None where nothing particular is."""
        if strong is not self._strong:
            self._strong, self._part = strong, None
            if strong is not None and self.answers is not None:
                self._part = sureness(self._confidence[strong], self.answers.right[strong])
        return self._part

    @cached_property
    def _confidence(self) -> NDArray[np.float32]:
        return np.empty(0, np.float32) if self.answers is None else self.answers.confidence
