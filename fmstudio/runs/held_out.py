"""What a cross-validation said of the training pictures, kept beside the run: computed once, and only for its spec."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from fmstudio.catalog.datasets import Pictures
from fmstudio.data.corrections import fingerprint_of
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.training.events import Predictions

FOLDS = 3
"""How many networks, where nothing else is asked for."""
BESIDE = "labels"
"""The folder beside a run in which the answers are kept."""
_MADE = 1
"""Counts up when the pictures are parted, or the networks asked, in another way: older answers are not read then."""
_WITHOUT_EFFECT = ("name", "keep_weights", "evaluate_every")
"""What of a spec changes nothing that is learned."""
_ARRAYS = ("samples", "labels", "predicted", "loss", "probabilities")


@dataclass(frozen=True)
class CrossProgress:
    """How far a cross-validation is.

    Attributes:
        fold: Which network is trained, from 1.
        folds: How many there are.
        share: How much of all of them is done, 0…1.
        seconds_left: About how long the rest takes; None before that can be said.
    """

    fold: int
    folds: int
    share: float
    seconds_left: float | None


@dataclass(frozen=True)
class HeldOut:
    """The answers of the networks of a cross-validation about what they did not learn from.

    Attributes:
        folder: Where they are kept: ``BESIDE`` the run.
        spec: What was trained.
        folds: How many networks.
    """

    folder: Path
    spec: ExperimentSpec
    folds: int

    @cached_property
    def key(self) -> str:
        """Of spec and data: other ones do not reuse these answers."""
        values = {name: value for name, value in to_mapping(self.spec).items() if name not in _WITHOUT_EFFECT}
        values["dataset"].pop("test_seed", None)  # nor this, and older answers were kept without it
        data = fingerprint_of(self.spec.dataset) if isinstance(self.spec.dataset, Pictures) else ""
        text = json.dumps([_MADE, values, data, self.folds], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def path(self, fold: int) -> Path:
        """The file of one fold."""
        return self.folder / f"fold-{fold + 1}-of-{self.folds}.npz"

    def read(self, fold: int) -> Predictions | None:
        """The answers about one fold; None where there are none, or only those of another spec or other data."""
        try:
            with np.load(io.BytesIO(self.path(fold).read_bytes()), allow_pickle=False) as arrays:
                if str(arrays["key"]) != self.key:
                    return None
                return Predictions(**{name: arrays[name] for name in _ARRAYS})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def write(self, fold: int, predictions: Predictions) -> None:
        """Keep the answers about one fold.

        Raises:
            UserError: Where they cannot be written.
        """
        buffer = io.BytesIO()
        arrays = {name: getattr(predictions, name) for name in _ARRAYS}
        np.savez(buffer, key=np.array(self.key), **arrays)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        write_atomically(self.path(fold), buffer.getvalue())

    def whole(self) -> Predictions | None:
        """The answers about all training pictures, by their index; None where a fold is missing."""
        parts: list[Predictions] = []
        for fold in range(self.folds):
            part = self.read(fold)
            if part is None:
                return None
            parts.append(part)
        return joined(parts)


def joined(parts: list[Predictions]) -> Predictions:
    """The answers of several networks about different pictures as one, by the pictures' index."""
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS}
    order = np.argsort(arrays["samples"], kind="stable")
    return Predictions(**{name: values[order] for name, values in arrays.items()})
