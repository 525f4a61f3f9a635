"""One part of a cross-validation as an experiment: it learns from all training samples but those of one fold."""

from typing import Self

from fmstudio.experiment.spec import ExperimentSpec


class FoldSpec(ExperimentSpec):
    """What a spec says, on all training samples but those of one fold, which take the place of the test samples.

    Attributes:
        fold: Which fold is not learned from, from 0.
        folds: How many there are.
    """

    fold: int
    folds: int

    @classmethod
    def of(cls, spec: ExperimentSpec, fold: int, folds: int) -> Self:
        """The part of a spec; where nothing chooses between its networks, only the last one is asked."""
        values = {name: getattr(spec, name) for name in ExperimentSpec.model_fields}
        if not spec.validation_samples:
            values["evaluate_every"] = spec.epochs
        return cls(**values, fold=fold, folds=folds)

    @property
    def asked(self) -> int:
        """How many samples are in the fold."""
        whole, rest = divmod(self.dataset.train_used, self.folds)
        return whole + (self.fold < rest)

    @property
    def validation_samples(self) -> int:
        """Training samples that are held back: the same share of fewer."""
        share = self.validation if self.validation < 1 else self.validation / max(1, self.dataset.train_used)
        return round(share * (self.dataset.train_used - self.asked))

    @property
    def train_samples(self) -> int:
        """Training samples that are learned from: without those of the fold, and without those held back."""
        return max(0, self.dataset.train_used - self.asked - self.validation_samples)
