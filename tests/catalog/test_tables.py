"""What holds for every row of every table, and what a new row needs: its table, and nothing else."""

import ast
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.catalog.optimizers import OPTIMIZERS, Optimizer
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, ExperimentSpec, kind_of, to_mapping
from fmstudio.export.script import script
from fmstudio.export.source import own_sources
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import setting, settings_of
from fmstudio.training.control import Control
from fmstudio.training.events import RunEnded, StepsTaken
from fmstudio.training.loop import Training

ROWS = [(key, kind) for key, table in TABLES.items() for kind in table]
CALLED = [(key, kind) for key, kind in ROWS if key in ("architecture", "loss", "optimizer")]
FACTS = Facts(shape=(1, 28, 28), classes=10, samples=80, steps_per_epoch=10, epochs=2)


PICTURES: list[tuple[str, object]] = [("dataset.train_size", 64), ("dataset.test_size", 20)]
NUMBERS: list[tuple[str, object]] = [
    ("dataset.kind", "linear"), ("dataset.n", 64), ("dataset.test_n", 20), ("architecture.kind", "linear-regression"),
    ("loss.kind", "mse"), ("optimizer.kind", "sgd"), ("optimizer.lr", 0.01),
]  # fmt: skip


def row(key: str, kind: str) -> type[Choice]:
    return TABLES[key][kind]


def spec_with(key: str, kind: str) -> ExperimentSpec:
    """A small experiment in which this row is chosen, with its defaults."""
    numbers = kind == "linear" or getattr(row(key, kind), "classes", True) is False
    small: list[tuple[str, object]] = [("batch_size", 32), ("epochs", 1), *(NUMBERS if numbers else PICTURES)]
    needed = {"sparse-adam": ("architecture.kind", "softmax-regression-sparse"), "plateau": ("validation", 0.2)}
    draft = changed(to_mapping(ExperimentSpec()), [*small, *([needed[kind]] if kind in needed else [])])
    return read_spec(changed(draft, [] if (key, kind) == ("dataset", "linear") else [(f"{key}.kind", kind)]))


@pytest.mark.parametrize(("key", "kind"), ROWS)
class TestEveryRow:
    def test_has_words(self, key: str, kind: str) -> None:
        choice = row(key, kind)
        assert choice.title
        assert 10 < len(choice.summary()) <= 100
        assert choice.summary().endswith(".")
        assert choice.explanation().startswith(choice.summary())

    def test_says_where_it_comes_from(self, key: str, kind: str) -> None:
        if (key, kind) == ("schedule", "constant"):
            return  # there is nothing to cite
        assert "Source: " in row(key, kind).explanation()

    def test_settings_have_a_title_a_help_and_a_valid_default(self, key: str, kind: str) -> None:
        found = settings_of(row(key, kind))
        for one in found:
            assert one.title[:1].isupper(), one.name
            assert len(one.help) > 10, one.name
            assert one.help.endswith("."), one.name
            read(row(key, kind), json.loads(json.dumps({one.name: one.default})))
        assert {one.name for one in found} == set(row(key, kind).model_fields)

    def test_survives_json(self, key: str, kind: str) -> None:
        spec = spec_with(key, kind)
        assert kind_of(getattr(spec, key)) == kind
        mapping = json.loads(json.dumps(to_mapping(spec), allow_nan=False))
        assert mapping[key]["kind"] == kind
        assert read_spec(mapping) == spec

    def test_every_wrong_value_is_a_problem_and_its_mending_mends(self, key: str, kind: str) -> None:
        draft = to_mapping(spec_with(key, kind))
        for one in settings_of(row(key, kind)):
            path = f"{key}.{one.name}"
            with pytest.raises(InvalidSpecError) as raised:
                read_spec(changed(draft, [(path, {"not": "a value"})]))
            (problem,) = raised.value.problems
            assert problem.path == path
            assert problem.mending is not None
            mended = read_spec(changed(draft, problem.mending.changes))
            assert to_mapping(mended)[key][one.name] == json.loads(json.dumps(one.default))

    def test_trains_a_step_on_toy_data(self, key: str, kind: str) -> None:
        spec = spec_with(key, kind).model_copy(update={"batch_size": "all", "shuffle": False, "threads": 1})
        training = Training(spec.model_copy(update={"epochs": 5}), Control())
        events = iter(training.events())
        next(events)
        before = {name: value.clone() for name, value in training.weights().items()}
        losses = np.concatenate([event.losses for event in events if isinstance(event, StepsTaken)])
        assert len(losses) == 5
        assert np.isfinite(losses).all()
        if kind not in ("zeros", "xavier", "kaiming", "uniform"):
            assert losses.min() < losses[0]
        changed_weights = [name for name, value in training.weights().items() if not torch.equal(value, before[name])]
        assert changed_weights


@pytest.mark.parametrize(("key", "kind"), CALLED)
def test_the_source_makes_the_very_object(key: str, kind: str) -> None:
    call = getattr(spec_with(key, kind), key).call(FACTS)
    leading: tuple[Any, ...] = ([torch.nn.Parameter(torch.zeros(2, 2))],) if key == "optimizer" else ()
    source = call.source(*(["leading"] if leading else []))
    tree = ast.parse(source, mode="eval")
    assert isinstance(tree.body, ast.Call)
    names: dict[str, Any] = {"torch": torch, "Tensor": torch.Tensor, "leading": leading[0] if leading else None}
    if "torchvision" in "".join(own_sources([call])):
        names["torchvision"] = importlib.import_module("torchvision")
    for own in own_sources([call]):
        exec(own, names)
    again = eval(compile(tree, "source", "eval"), names)
    assert repr(again) == repr(call.make(*leading))


@pytest.mark.parametrize("kind", TABLES["schedule"])
def test_the_source_of_a_schedule_parses(kind: str) -> None:
    schedule = spec_with("schedule", kind).schedule.scheduler(FACTS, 0.5)
    assert schedule is None or isinstance(ast.parse(schedule.source("optimizer"), mode="eval").body, ast.Call)


def test_label_smoothing_reaches_the_loss() -> None:
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [("loss.label_smoothing", 0.2)]))
    logits, targets = torch.tensor([[8.0, 0.0, 0.0]]), torch.tensor([0])
    expected = torch.nn.functional.cross_entropy(logits, targets, label_smoothing=0.2)
    assert torch.equal(spec.loss.call(FACTS).make()(logits, targets), expected)


class Rms(Optimizer):
    """A new row, written as anyone would write one.

    Source: torch.optim.RMSprop.
    """

    title = "RMSprop"
    lr: float = setting(0.01, "Learning rate", "How far.", gt=0, le=1, scale="log", level="basic")
    alpha: float = setting(0.95, "Smoothing", "How slowly it forgets.", ge=0, lt=1)

    def call(self, facts: Facts) -> Call:
        """The optimizer."""
        return Call("torch.optim.RMSprop", lr=self.lr, alpha=self.alpha)


def test_a_new_optimizer_needs_its_row_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(OPTIMIZERS, "rms", Rms)
    spec = spec_with("optimizer", "rms")
    assert to_mapping(spec)["optimizer"] == {"kind": "rms", "lr": 0.01, "alpha": 0.95}
    with pytest.raises(InvalidSpecError) as raised:
        read_spec(changed(to_mapping(spec), [("optimizer.alpha", 1)]))
    assert [str(problem) for problem in raised.value.problems] == ["optimizer.alpha: must be less than 1"]
    ended = list(Training(spec, Control()).events())[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.status, ended.step) == ("finished", 2)
    assert "torch.optim.RMSprop(network.parameters(), lr=0.01, alpha=0.95)" in script(spec)
