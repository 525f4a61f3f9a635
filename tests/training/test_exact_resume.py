"""A run of three epochs goes on from its state after every single step, bit for bit as if it had never stopped."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.catalog.schedules import SCHEDULES
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, Event, Halted, RunEnded, RunResumed
from fmstudio.training.loop import Training
from fmstudio.training.state import packed, unpacked

TINY = [
    ("dataset.train_size", 90), ("dataset.test_size", 40), ("validation", 30), ("batch_size", 25), ("epochs", 3),
    ("threads", 1), ("schedule.kind", "constant"), ("optimizer.lr", 0.01),
]  # fmt: skip
"""Three steps an epoch, the last with ten samples."""
HARD = [
    ("architecture.kind", "layers"),
    ("architecture.layers", [
        {"kind": "conv2d", "channels": 4, "stride": 2}, {"kind": "batch-norm"}, {"kind": "relu"},
        {"kind": "conv2d", "channels": 3, "stride": 3}, {"kind": "dropout", "p": 0.3}, {"kind": "flatten"},
        {"kind": "linear", "features": 10},
    ]),
    ("averaging", 0.9),
]  # fmt: skip
"""Convolution laid out with channels last, batch normalisation, dropout, a running mean."""
FUSED = [kind for kind, made in OPTIMIZERS.items() if "fused" in made.model_fields]
CLOCK = ("seconds", "told", "evaluation_seconds")


class EveryStep(Control):
    """Is held before every step, and goes on at once."""

    def __init__(self) -> None:
        super().__init__()
        self.pause()

    def wait_for_turn(self) -> None:
        """Do not wait."""


def spec_of(*changes: tuple[str, Any]) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), [*TINY, *changes]))


def with_optimizer(kind: str) -> list[tuple[str, Any]]:
    usual = float(OPTIMIZERS[kind].model_fields["lr"].default)
    chosen = [("optimizer.kind", kind), ("optimizer.lr", min(usual, 0.01))]
    if kind == "sparse-adam":
        return [("architecture.kind", "softmax-regression-sparse"), *chosen]
    return [*HARD, *chosen]


def taken_apart(spec: ExperimentSpec) -> tuple[dict[int, bytes], list[Event], dict[str, Any]]:
    """The states before each step, the events, and the state at the end."""
    training = Training(spec, EveryStep())
    states: dict[int, bytes] = {}
    events = []
    for event in training.events():
        events.append(event)
        if isinstance(event, Halted):
            states[event.step] = training.state()
    return states, events, unpacked(training.state())


def figures(events: list[Event]) -> list[str]:
    """What does not hang on the clock."""
    timed = {"seconds", "evaluation_seconds", "predictions", "validation_predictions"}
    return [
        repr([(name, value) for name, value in vars(event).items() if name not in timed])
        + repr(event.predictions.loss.tobytes())
        for event in events
        if isinstance(event, EpochEnded)
    ]


def differing(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two trees are not the same, bit for bit."""
    if isinstance(one, Tensor):
        same = isinstance(other, Tensor) and one.dtype == other.dtype and torch.equal(one, other)
        return [] if same else [place]
    if isinstance(one, dict):
        keys = [key for key in one if key not in CLOCK]
        return [found for key in keys for found in differing(one[key], other[key], f"{place}/{key}")]
    if isinstance(one, list | tuple):
        pairs = zip(one, other, strict=True)
        return [found for index, pair in enumerate(pairs) for found in differing(*pair, f"{place}/{index}")]
    return [] if one == other or (one != one and other != other) else [place]


def assert_exact(spec: ExperimentSpec) -> None:
    """Going on after any step gives the same state and the same figures at the end."""
    states, events, end = taken_apart(spec)
    steps = spec.facts.total_steps
    assert sorted(states) == list(range(steps))
    for step, state in states.items():
        resumed = Training(spec, Control(), state=state)
        rest = list(resumed.events())
        assert isinstance(rest[0], RunResumed)
        assert rest[0].step == step
        assert isinstance(rest[-1], RunEnded)
        assert rest[-1].status == "finished"
        assert differing(end, unpacked(resumed.state())) == [], step
        told = figures(rest)
        assert told == figures(events)[-len(told) :], step
        assert len(told) == 3 - step // spec.steps_per_epoch or step % spec.steps_per_epoch == 0


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_with_every_schedule(optimizer: str, schedule: str) -> None:
    warm = [("schedule.warm_up", 0.5)] if "warm_up" in SCHEDULES[schedule].model_fields else []
    assert_exact(spec_of(*with_optimizer(optimizer), ("schedule.kind", schedule), *warm))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("optimizer", FUSED)
def test_fused_on_channels_last(optimizer: str, threads: int) -> None:
    spec = spec_of(*with_optimizer(optimizer), ("optimizer.fused", True), ("threads", threads))
    assert spec.lays_channels_last
    assert_exact(spec)


@pytest.mark.parametrize(
    "changes",
    [
        [("optimizer.kind", "sgd"), ("optimizer.momentum", 0.9), ("optimizer.nesterov", True)],
        [("optimizer.kind", "adam"), ("optimizer.amsgrad", True)],
        [("optimizer.kind", "rmsprop"), ("optimizer.momentum", 0.9), ("optimizer.centered", True)],
        [("optimizer.kind", "lbfgs"), ("batch_size", "all"), ("optimizer.lr", 0.1)],
        [("gradient_clipping", 0.5)],
        [("early_stopping", 2)],
        [("evaluate_every", 2)],
        [("shuffle", False), ("drop_last", True)],
        [("channels_last", False)],
        [("schedule.kind", "cosine"), ("schedule.warm_up", 0.5), ("schedule.eta_min", 1e-4)],
    ],
    ids=lambda changes: "-".join(str(value) for _, value in changes),
)
def test_settings_with_a_memory(changes: list[tuple[str, Any]]) -> None:
    spec = spec_of(*HARD, *changes)
    if spec.early_stopping or spec.evaluate_every or spec.steps_per_epoch != 3:
        assert_ends_alike(spec)
    else:
        assert_exact(spec)


def assert_ends_alike(spec: ExperimentSpec) -> None:
    """As ``assert_exact``, of runs that may end early or do not look after each epoch."""
    states, events, end = taken_apart(spec)
    assert states
    for step, state in states.items():
        resumed = Training(spec, Control(), state=state)
        rest = list(resumed.events())
        assert differing(end, unpacked(resumed.state())) == [], step
        told = figures(rest)
        assert told == figures(events)[len(figures(events)) - len(told) :], step


@pytest.mark.parametrize("kind", [kind for kind in ARCHITECTURES if kind not in ("layers", "resnet-18")])
def test_every_network(kind: str) -> None:
    numbers = kind.startswith("linear-regression")
    if numbers:
        data = [("dataset.kind", "linear"), ("loss.kind", "mse"), ("validation", 0), ("architecture.kind", kind)]
        draft = {**to_mapping(ExperimentSpec()), "optimizer": {"kind": "sgd", "lr": 0.01}}
        spec = read_spec(changed(draft, [*data, ("epochs", 3), ("batch_size", 400), ("threads", 1)]))
        assert_ends_alike(spec)
        return
    sparse = [("optimizer.kind", "sparse-adam")] if kind == "softmax-regression-sparse" else []
    small = [("dataset.train_size", 30), ("dataset.test_size", 10), ("validation", 10), ("batch_size", 12)]
    assert_ends_alike(spec_of(("architecture.kind", kind), *sparse, *small, ("epochs", 2)))


def test_a_stop_within_a_long_step_leaves_no_trace() -> None:
    """The user stops LBFGS in the middle of its second step; the run goes on as if nothing had been."""
    spec = spec_of(*HARD, ("optimizer.kind", "lbfgs"), ("optimizer.lr", 0.1), ("batch_size", "all"))
    *_, end = taken_apart(spec)
    control = Control()
    training = Training(spec, control)
    state = b""
    for event in training.events():
        if isinstance(event, EpochEnded) and event.epoch == 1:
            training._learner.network.register_forward_pre_hook(_stop_at(3, control))
        if isinstance(event, Halted):
            state = training.state()
    assert control.stopped
    resumed = Training(spec, Control(), state=state)
    list(resumed.events())
    assert differing(end, unpacked(resumed.state())) == []


def _stop_at(count: int, control: Control) -> Callable[..., None]:
    seen = 0

    def hook(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == count:
            control.stop()

    return hook


class TestFile:
    def test_plain_values_come_back_as_they_were(self) -> None:
        tree = {
            "numbers": [1, -0.0, 0.1 + 0.2, math.inf, -math.inf, True, None, "text\n卷积"],
            "pair": (0.9, 0.999),
            "by number": {0: {"moment": torch.arange(6.0).reshape(2, 3).t()}, 7: {}},
            "empty": torch.empty(0, 3),
            "scalar": torch.tensor(3),
        }
        again = unpacked(packed(tree))
        assert differing(tree, again) == []
        assert repr(again["numbers"]) == repr(tree["numbers"])
        assert isinstance(again["pair"], tuple)
        assert math.isnan(unpacked(packed({"x": math.nan}))["x"])

    @pytest.mark.parametrize("spoil", [lambda one: one[:100], lambda one: b"", lambda one: b"\x80\x04K\x01."])
    def test_a_spoiled_file_is_refused(self, spoil: Callable[[bytes], bytes]) -> None:
        with pytest.raises(UserError, match="cannot be read"):
            unpacked(spoil(packed({"x": torch.ones(3)})))

    def test_a_state_of_another_network_is_refused(self) -> None:
        states, *_ = taken_apart(spec_of(("epochs", 1)))
        with pytest.raises(UserError, match="does not fit its settings"):
            list(Training(spec_of(*HARD), Control(), state=states[1]).events())
