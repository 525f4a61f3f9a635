"""What holds for every row of every table, and what a new row needs: its table, and nothing else."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from fmstudio.catalog.optimizers import OPTIMIZERS, Optimizer
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import TABLES, ExperimentSpec, kind_of, read_spec, to_mapping
from fmstudio.export.script import script
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import setting, settings_of
from fmstudio.training.control import Control
from fmstudio.training.events import RunEnded
from fmstudio.training.loop import Training
from fmstudio.training.step import train_step

ROWS = [(key, kind) for key, table in TABLES.items() for kind in table]
CALLED = [(key, kind) for key, kind in ROWS if key in ("architecture", "loss", "optimizer")]
FACTS = Facts(channels=1, height=28, width=28, classes=10, samples=80, steps_per_epoch=10, epochs=2)


def row(key: str, kind: str) -> type[Choice]:
    return TABLES[key][kind]


def spec_with(key: str, kind: str) -> ExperimentSpec:
    """A small experiment in which this row is chosen, with its defaults."""
    small = [("dataset.train_size", 64), ("dataset.test_size", 20), ("batch_size", 32), ("epochs", 1)]
    return read_spec(changed(to_mapping(ExperimentSpec()), [(f"{key}.kind", kind), *small]))


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
            assert getattr(getattr(mended, key), one.name) == one.default

    def test_trains_a_step_on_toy_data(self, key: str, kind: str) -> None:
        spec = spec_with(key, kind)
        torch.manual_seed(0)
        network = spec.architecture.call(FACTS).make()
        loss = spec.loss.call(FACTS).make()
        optimizer = spec.optimizer.call(FACTS).make(network.parameters())
        schedule = spec.schedule.scheduler(FACTS, spec.optimizer.lr)
        scheduler = schedule.make(optimizer) if schedule else None
        inputs, targets = torch.rand(8, 1, 28, 28), torch.arange(8)
        before = {name: value.clone() for name, value in network.state_dict().items()}
        first, right = train_step(network, loss, optimizer, inputs, targets)
        if scheduler is not None:
            scheduler.step()
        second, _ = train_step(network, loss, optimizer, inputs, targets)
        assert 0 <= int(right) <= 8
        assert torch.isfinite(first)
        assert second < first
        changed_weights = [name for name, value in network.state_dict().items() if not torch.equal(value, before[name])]
        assert sorted(changed_weights) == sorted(before)


@pytest.mark.parametrize(("key", "kind"), CALLED)
def test_the_source_makes_the_very_object(key: str, kind: str) -> None:
    call = getattr(spec_with(key, kind), key).call(FACTS)
    leading: tuple[Any, ...] = ([torch.nn.Parameter(torch.zeros(2, 2))],) if key == "optimizer" else ()
    source = call.source(*(["leading"] if leading else []))
    tree = ast.parse(source, mode="eval")
    assert isinstance(tree.body, ast.Call)
    again = eval(compile(tree, "source", "eval"), {"torch": torch, "leading": leading[0] if leading else None})
    assert repr(again) == repr(call.make(*leading))


@pytest.mark.parametrize("kind", TABLES["schedule"])
def test_the_source_of_a_schedule_parses(kind: str) -> None:
    schedule = spec_with("schedule", kind).schedule.scheduler(FACTS, 0.5)
    assert schedule is None or "0.5" in ast.dump(ast.parse(schedule.source("optimizer"), mode="eval"))


@pytest.mark.parametrize("kind", TABLES["loss"])
def test_the_mean_of_a_losss_samples_is_the_loss(kind: str) -> None:
    loss = spec_with("loss", kind).loss
    logits, targets = torch.randn(16, 10, generator=torch.Generator().manual_seed(1)), torch.arange(16) % 10
    apart = loss.per_sample(FACTS).make()(logits, targets)
    assert apart.shape == (16,)
    torch.testing.assert_close(apart.mean(), loss.call(FACTS).make()(logits, targets))


def test_label_smoothing_reaches_the_loss() -> None:
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [("loss.label_smoothing", 0.2)]))
    logits, targets = torch.tensor([[8.0, 0.0, 0.0]]), torch.tensor([0])
    expected = torch.nn.functional.cross_entropy(logits, targets, label_smoothing=0.2)
    assert torch.equal(spec.loss.call(FACTS).make()(logits, targets), expected)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_optimizer_has_all_settings_that_torch_gives_it(kind: str) -> None:
    choice = OPTIMIZERS[kind]
    call = choice().call(FACTS)
    made = call.make([torch.nn.Parameter(torch.zeros(2, 2))])
    assert set(made.defaults) - {"differentiable", "capturable"} <= set(choice.model_fields)
    assert {name: made.defaults[name] for name in choice.model_fields} == choice().model_dump()


class Rms(Optimizer):
    """A new row, written as anyone would write one.

    Source: torch.optim.RMSprop.
    """

    title = "RMSprop"
    lr: float = setting(0.01, "Learning rate", "How far.", gt=0, le=1, scale="log", level="basic")
    fused: bool = setting(False, "Fused", "It has none.", level="rare")
    alpha: float = setting(0.99, "Smoothing", "How slowly it forgets.", ge=0, lt=1)

    def call(self, facts: Facts) -> Call:
        """The optimizer."""
        return Call("torch.optim.RMSprop", lr=self.lr, alpha=self.alpha)


def test_a_new_optimizer_needs_its_row_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(OPTIMIZERS, "rms", Rms)
    spec = spec_with("optimizer", "rms")
    assert to_mapping(spec)["optimizer"] == {
        "kind": "rms", "lr": 0.01, "alpha": 0.99, "fused": False, "foreach": False, "maximize": False,
    }  # fmt: skip
    with pytest.raises(InvalidSpecError) as raised:
        read_spec(changed(to_mapping(spec), [("optimizer.alpha", 1)]))
    assert [str(problem) for problem in raised.value.problems] == ["optimizer.alpha: must be less than 1"]
    ended = list(Training(spec, Control()).events())[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.status, ended.step) == ("finished", 2)
    assert "torch.optim.RMSprop(network.parameters(), lr=0.01, alpha=0.99)" in script(spec)
