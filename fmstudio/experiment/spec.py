"""The experiment as one immutable value.

An invalid spec cannot exist: ``read_spec`` makes one of JSON values, or raises ``InvalidSpecError`` with *all*
problems, each at its path.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

from pydantic import SerializeAsAny, field_validator

from fmstudio.catalog.architectures import ARCHITECTURES, Architecture, Cnn
from fmstudio.catalog.datasets import DATASETS, Dataset, FashionMnist
from fmstudio.catalog.losses import LOSSES, CrossEntropy, Loss
from fmstudio.catalog.optimizers import OPTIMIZERS, Adam, Optimizer
from fmstudio.catalog.schedules import SCHEDULES, Constant, OneCycle, Schedule
from fmstudio.schema.choice import Choice, Facts, Frozen, read
from fmstudio.schema.problem import InvalidSpecError, Mending, Problem, near_miss
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

VERSION = 1

TABLES: Mapping[str, Mapping[str, type[Choice]]] = {
    "dataset": DATASETS,
    "architecture": ARCHITECTURES,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
"""The tables of the catalogue by the key under which a spec names one of their rows."""


class ExperimentSpec(Frozen):
    """What is to be done: data, network, how it learns, and on what."""

    version: Literal[1] = 1
    name: str = ""
    dataset: SerializeAsAny[Dataset] = FashionMnist()
    architecture: SerializeAsAny[Architecture] = Cnn()
    loss: SerializeAsAny[Loss] = CrossEntropy()
    optimizer: SerializeAsAny[Optimizer] = Adam()
    schedule: SerializeAsAny[Schedule] = Constant()
    epochs: int = setting(
        2,
        marked("Epochs"),
        marked("How many times the network sees every training picture."),
        ge=1,
        le=100_000,
        level="basic",
    )
    batch_size: int | str = setting(
        128,
        marked("Batch size"),
        marked("How many pictures are looked at before each step. 1: after every picture. “all”: once an epoch."),
        ge=1,
        le=10_000_000,
        level="basic",
        kind="int-or-all",
    )
    shuffle: bool = setting(True, marked("Shuffle"), marked("Show the pictures in a new order in each epoch."))
    drop_last: bool = setting(
        False, marked("Drop last batch"), marked("Leave out the last batch of an epoch where it is not full.")
    )
    validation: float = setting(
        0.0,
        marked("Validation pictures"),
        marked("Training pictures held back to choose between networks: a share (0.1) or a number (5000). 0: none."),
        ge=0,
    )
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
        channels, height, width = self.dataset.shape
        return Facts(
            channels=channels,
            height=height,
            width=width,
            classes=self.dataset.classes,
            samples=self.train_samples,
            steps_per_epoch=self.steps_per_epoch,
            epochs=self.epochs,
        )


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


def read_spec(values: Mapping[str, Any]) -> ExperimentSpec:
    """Make a spec of JSON values; keys that are left out take their defaults.

    Raises:
        InvalidSpecError: With every problem, each at its path.
    """
    if not isinstance(values, Mapping):
        message = tr("must be an object with settings: {example}", example='{"epochs": 2}')
        raise InvalidSpecError([Problem("spec", message)])
    problems: list[Problem] = []
    made: dict[str, Choice] = {}
    for key in [key for key in TABLES if key in values]:
        try:
            made[key] = _read_choice(key, values[key])
        except InvalidSpecError as error:
            problems.extend(error.problems)
    rest = {key: value for key, value in values.items() if key not in TABLES}
    if "version" in rest and (isinstance(rest["version"], bool) or rest["version"] != VERSION):
        message = tr("this program reads version {version}; a newer fmstudio may read this file", version=VERSION)
        problems.append(Problem("version", message))
        del rest["version"]
    try:
        plain = read(ExperimentSpec, rest)
    except InvalidSpecError as error:
        problems.extend(error.problems)
        wrong = {problem.path for problem in error.problems}
        plain = read(ExperimentSpec, {key: value for key, value in rest.items() if key not in wrong})
    spec = plain.model_copy(update=made)
    problems += misfits(spec, {problem.path.partition(".")[0] for problem in problems})
    if problems:
        raise InvalidSpecError(problems)
    return spec


def _read_choice(key: str, values: object) -> Choice:
    table = TABLES[key]
    if not isinstance(values, Mapping):
        message = tr("must be an object with a kind: {example}", example='{"kind": "' + next(iter(table)) + '"}')
        raise InvalidSpecError([Problem(key, message)])
    usual: Choice = ExperimentSpec.model_fields[key].default
    kind = values.get("kind", kind_of(usual))
    if not isinstance(kind, str) or kind not in table:
        known = ", ".join(table)
        message = tr("must be one of: {options}", options=known) + "." + near_miss(str(kind), table)
        raise InvalidSpecError([Problem(f"{key}.kind", message)])
    return read(table[kind], {name: value for name, value in values.items() if name != "kind"}, key)


def misfits(spec: ExperimentSpec, wrong: Collection[str] = ()) -> tuple[Problem, ...]:
    """Choices that are valid alone but do not fit one another.

    Args:
        spec: The choices.
        wrong: Keys of the spec that have problems of their own: nothing is said about what hangs on them.
    """
    rules = (rule for keys, rule in _RULES if not keys.intersection(wrong))
    return tuple(problem for rule in rules for problem in rule(spec))


def _too_many(spec: ExperimentSpec) -> Iterator[Problem]:
    for name, count in (("train_size", spec.dataset.train_count), ("test_size", spec.dataset.test_count)):
        if getattr(spec.dataset, name) > count:
            mending = Mending(tr("Take all"), ((f"dataset.{name}", 0),))
            yield Problem(f"dataset.{name}", tr("there are only {count}", count=f"{count:,}"), mending)


def _nothing_to_learn_from(spec: ExperimentSpec) -> Iterator[Problem]:
    if spec.validation >= 1 and spec.validation != math.floor(spec.validation):
        yield Problem("validation", tr("must be a share below 1 or a whole number of pictures"))
    elif spec.train_samples < 1:
        mending = Mending(tr("Hold back a tenth"), (("validation", 0.1),))
        yield Problem("validation", tr("leaves no picture to learn from"), mending)


def _no_batch(spec: ExperimentSpec) -> Iterator[Problem]:
    if spec.train_samples and not spec.steps_per_epoch:
        mending = Mending(tr("Keep the last batch"), (("drop_last", False),))
        yield Problem("drop_last", tr("leaves no batch: there are fewer pictures than fit in one"), mending)


def _too_small_pictures(spec: ExperimentSpec) -> Iterator[Problem]:
    """The pictures are too small for the network; mended by one of its settings, or by all of them."""
    unfit = spec.architecture.unfit(spec.facts)
    if unfit is None:
        return
    usual = type(spec.architecture)()
    for names in ((unfit.path,), tuple(type(usual).model_fields)):
        values = {name: getattr(usual, name) for name in names}
        if spec.architecture.model_copy(update=values).unfit(spec.facts) is None:
            changed = {name: value for name, value in values.items() if value != getattr(spec.architecture, name)}
            changes = tuple((f"architecture.{name}", value) for name, value in changed.items())
            mending = Mending(tr("Back to the usual network"), changes)
            yield Problem(f"architecture.{unfit.path}", unfit.message, mending)
            return
    yield Problem(f"architecture.{unfit.path}", unfit.message)


def _lone_picture(spec: ExperimentSpec) -> Iterator[Problem]:
    """Batch normalisation of rows of numbers has nothing to compare where a batch is a single picture."""
    targets = {layer.target for layer in spec.architecture.layers(spec.facts)}
    rest = spec.train_samples % spec.batch
    if "torch.nn.BatchNorm1d" not in targets or not (spec.batch == 1 or (rest == 1 and not spec.drop_last)):
        return
    mending = Mending(tr("Turn off batch normalisation"), (("architecture.batch_norm", False),))
    if spec.steps_per_epoch > 1 and spec.batch > 1:
        mending = Mending(tr("Drop last batch"), (("drop_last", True),))
    yield Problem("architecture.batch_norm", tr("needs more than one picture in every batch"), mending)


def _no_rise(spec: ExperimentSpec) -> Iterator[Problem]:
    """The rising part of one cycle would be a single step, which torch divides by zero on."""
    if isinstance(spec.schedule, OneCycle) and spec.schedule.pct_start * spec.facts.total_steps == 1:
        usual = OneCycle().pct_start
        mending = Mending(tr("Use {share}", share=f"{usual:g}"), (("schedule.pct_start", usual),))
        yield Problem("schedule.pct_start", tr("must not be exactly one step of the run"), mending)


_BATCHES = frozenset({"dataset", "validation", "batch_size", "drop_last"})
_RULES: tuple[tuple[frozenset[str], Callable[[ExperimentSpec], Iterator[Problem]]], ...] = (
    (frozenset({"dataset"}), _too_many),
    (frozenset({"dataset", "validation"}), _nothing_to_learn_from),
    (_BATCHES, _no_batch),
    (frozenset({"dataset", "architecture"}), _too_small_pictures),
    (_BATCHES | {"architecture"}, _lone_picture),
    (_BATCHES | {"epochs", "schedule"}, _no_rise),
)
"""What must fit, with the keys of the spec that each rule looks at."""
