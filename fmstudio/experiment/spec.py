"""The experiment as one immutable value. ``reading.read_spec`` makes one of JSON values."""

import math
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import SerializeAsAny, field_validator

from fmstudio.catalog.architectures import ARCHITECTURES, Architecture, Cnn
from fmstudio.catalog.datasets import DATASETS, Dataset, FashionMnist
from fmstudio.catalog.initial_weights import INITIAL_WEIGHTS, InitialWeights, LibraryDefault
from fmstudio.catalog.losses import LOSSES, CrossEntropy, Loss
from fmstudio.catalog.optimizers import OPTIMIZERS, Adam, Optimizer
from fmstudio.catalog.schedules import SCHEDULES, Constant, Schedule
from fmstudio.schema.choice import Choice, Facts, Frozen
from fmstudio.schema.setting import setting
from fmstudio.words import marked

VERSION = 1

TABLES: Mapping[str, Mapping[str, type[Choice]]] = {
    "dataset": DATASETS,
    "architecture": ARCHITECTURES,
    "initial_weights": INITIAL_WEIGHTS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
"""The tables of the catalogue by the key under which a spec names one of their rows."""
USUAL_VALIDATION = 1 / 12
"""Share of the training samples that is held back where something chooses between networks and nothing else is said."""
_OFTEN = 1000
"""At most about so many evaluations in a run that does not say how many it wants."""
FIRST_EPOCHS = 10
"""Of such a run the first epochs are evaluated each: there it learns most."""


class ExperimentSpec(Frozen):
    """What is to be done: data, network, how it learns, and on what."""

    version: Literal[1] = 1
    name: str = ""
    dataset: SerializeAsAny[Dataset] = FashionMnist()
    architecture: SerializeAsAny[Architecture] = Cnn()
    initial_weights: SerializeAsAny[InitialWeights] = LibraryDefault()
    loss: SerializeAsAny[Loss] = CrossEntropy()
    optimizer: SerializeAsAny[Optimizer] = Adam()
    schedule: SerializeAsAny[Schedule] = Constant()
    epochs: int = setting(
        2,
        marked("Epochs"),
        marked("How many times the network sees every training sample."),
        ge=1,
        le=100_000,
        level="basic",
    )
    batch_size: int | str = setting(
        128,
        marked("Batch size"),
        marked("How many samples are looked at before each step. 1: after every sample. “all”: once an epoch."),
        ge=1,
        le=10_000_000,
        level="basic",
        kind="int-or-all",
    )
    shuffle: bool = setting(True, marked("Shuffle"), marked("Show the samples in a new order in each epoch."))
    drop_last: bool = setting(
        False, marked("Drop last batch"), marked("Leave out the last batch of an epoch where it is not full.")
    )
    validation: float = setting(
        0.0,
        marked("Validation"),
        marked("Training samples held back to choose between networks: a share (0.1) or a number (5000). 0: none."),
        ge=0,
        zero=marked("none"),
    )
    evaluate_every: int = setting(
        0,
        marked("Evaluate every"),
        marked("After how many epochs the network is asked about all test samples. 0: every epoch of up to 1,000."),
        ge=0,
        zero=marked("automatic"),
        le=100_000,
        unit=marked("epochs"),
        level="rare",
    )
    early_stopping: int = setting(
        0,
        marked("Early stopping"),
        marked("End the run after so many epochs in which the validation samples did no better. 0: never."),
        ge=0,
        zero=marked("off"),
        le=100_000,
        unit=marked("epochs"),
    )
    gradient_clipping: float = setting(
        0.0,
        marked("Gradient clipping"),
        marked("Shorten the gradient of all weights together to at most this length before each step. 0: never."),
        ge=0,
        zero=marked("off"),
        le=1e6,
    )
    averaging: float = setting(
        0.0,
        marked("Weight averaging"),
        marked("Keep a running mean of the weights, and judge and save that: how much of it each step keeps. 0: off."),
        ge=0,
        zero=marked("off"),
        lt=1,
    )
    keep_weights: int = setting(
        200,
        marked("Weights of each epoch"),
        marked("Keep the weights after each epoch, to go back in time: at most so many megabytes of a run. 0: none."),
        ge=0,
        zero=marked("none"),
        le=1_000_000,
        unit=marked("MB"),
        level="rare",
    )
    save_every: int = setting(
        30,
        marked("Save every"),
        marked("After how many seconds all that is needed to go on is saved; a crash costs no more than that."),
        ge=1,
        le=86_400,
        unit=marked("s"),
        level="rare",
    )
    start_from: str = ""
    """The weights that the run begins with: a run's id or folder, or a weights file; empty: they are drawn."""
    device: str = setting(
        "auto",
        marked("Device"),
        marked("What computes. Automatic takes the GPU for networks that are large enough to gain from it."),
        level="basic",
        kind="device",
    )
    precision: Literal["float32"] = setting(
        "float32", marked("Number format"), marked("How exactly numbers are stored while training."), level="rare"
    )
    channels_last: bool = setting(
        True,
        marked("Channels last"),
        marked(
            "Lay pictures out with their channels last: convolutions run faster; the last bits of the result differ."
        ),
        level="rare",
    )
    threads: int = setting(
        0,
        marked("Threads"),
        marked("How many processor cores compute. 0: all, but at most 8. The last bits of the result depend on it."),
        ge=0,
        zero=marked("automatic"),
        le=1024,
        level="rare",
    )
    seed: int = setting(
        0,
        marked("Seed"),
        marked("Where the random numbers start. The same seed gives the same run, bit for bit."),
        ge=0,
        le=2**63 - 1,
    )

    @field_validator("batch_size")
    @classmethod
    def _number_or_all(cls, value: int | str) -> int | str:
        if isinstance(value, str) and value != "all":
            raise ValueError(value)
        return value

    @property
    def train_samples(self) -> int:
        """Training pictures that are learned from: without those held back."""
        return max(0, self.dataset.train_used - self.validation_samples)

    @property
    def validation_samples(self) -> int:
        """Training pictures that are held back."""
        held = self.validation * self.dataset.train_used if self.validation < 1 else self.validation
        return round(held)

    @property
    def batch(self) -> int:
        """Pictures in a full batch."""
        return max(1, self.train_samples) if isinstance(self.batch_size, str) else self.batch_size

    @property
    def steps_per_epoch(self) -> int:
        """Optimizer steps in an epoch."""
        whole, rest = divmod(self.train_samples, self.batch)
        return whole if self.drop_last or not rest else whole + 1

    @property
    def facts(self) -> Facts:
        """What the choices need to know of one another."""
        return Facts(
            shape=self.dataset.shape,
            classes=self.dataset.classes,
            samples=self.train_samples,
            steps_per_epoch=self.steps_per_epoch,
            epochs=self.epochs,
            batch=self.batch,
            summed=self.loss.summed,
            sparse=self.optimizer.sparse,
        )

    @property
    def chooses(self) -> bool:
        """Whether something in the run chooses between networks: it needs samples that are held back."""
        return self.early_stopping > 0 or self.schedule.watches

    @property
    def lays_channels_last(self) -> bool:
        """Whether pictures and weights are laid out with their channels last."""
        pictures = len(self.dataset.shape) == 3 and self.architecture.convolutional
        return self.channels_last and pictures and not self.optimizer.contiguous

    @property
    def evaluation_interval(self) -> int:
        """After how many epochs the network is asked about all test samples."""
        return self.evaluate_every or max(1, math.ceil(self.epochs / _OFTEN))

    def evaluates(self, epoch: int) -> bool:
        """Whether the network is asked about all test samples after an epoch."""
        first = not self.evaluate_every and epoch <= FIRST_EPOCHS
        return first or epoch % self.evaluation_interval == 0 or epoch == self.epochs


def kind_of(choice: Choice) -> str:
    """The kind under which a choice stands in its table."""
    for table in TABLES.values():
        for kind, made in table.items():
            if type(choice) is made:
                return kind
    raise KeyError(type(choice).__name__)


def to_mapping(spec: ExperimentSpec) -> dict[str, Any]:
    """The spec as JSON values: the form of its file, of ``--set`` and of the window's form."""
    values: dict[str, Any] = spec.model_dump(mode="json")
    for key in TABLES:
        values[key] = {"kind": kind_of(getattr(spec, key)), **values[key]}
    return values
