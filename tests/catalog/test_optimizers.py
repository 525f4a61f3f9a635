"""The optimizers: all of torch's settings, a step of each, and settings that exclude one another."""

import copy
import inspect
import math
from typing import Any

import pytest
import torch
from torch import Tensor

from fmstudio.catalog.adaptive_optimizers import Rprop
from fmstudio.catalog.descent_optimizers import Lbfgs, SgdScratch
from fmstudio.catalog.optimizers import OPTIMIZERS, Optimizer, Sgd
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import settings_of

KINDS = {
    "sgd", "sgd-scratch", "asgd", "adadelta", "adagrad", "adam", "adamw", "adamax", "lbfgs", "rmsprop", "rprop",
    "sparse-adam",
}  # fmt: skip
FACTS = Facts(shape=(1, 28, 28), classes=10, samples=80, steps_per_epoch=10, epochs=2, batch=8)
TORCHS = [kind for kind in OPTIMIZERS if kind != "sgd-scratch"]
FUSING = {"sgd", "adam", "adamw", "adagrad"}
"""Those that torch can run as one operation on the CPU."""
OTHER_DEFAULTS = {
    "sgd": {"lr", "fused", "foreach"},
    "adam": {"fused", "foreach"},
    "adamw": {"fused", "foreach"},
    "adagrad": {"fused", "foreach"},
    "asgd": {"lr"},
    "rmsprop": {"lr"},
    "sparse-adam": {"lr"},
    "lbfgs": {"line_search_fn"},  # "none" instead of None
}
"""Settings whose default is not torch's."""


class Lit(torch.nn.Module):
    """A tiny network with sparse gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.bag = torch.nn.EmbeddingBag(20, 10, mode="sum", sparse=True)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits of rows of lit places."""
        out: Tensor = self.bag(inputs)
        return out


def toy(optimizer: Optimizer) -> tuple[torch.nn.Module, Tensor]:
    """A network that suits an optimizer, and inputs for it."""
    generator = torch.Generator().manual_seed(1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        if optimizer.sparse:
            return Lit(), torch.randint(0, 20, (8, 5), generator=generator)
        network = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.Flatten(), torch.nn.Linear(16, 10))
        layout = torch.contiguous_format if optimizer.contiguous else torch.channels_last
        return network.to(memory_format=layout), torch.rand(8, 1, 4, 4, generator=generator)


def losses(optimizer: Optimizer, steps: int) -> list[float]:
    """The loss on toy data before each step, and after the last."""
    network, inputs = toy(optimizer)
    targets = torch.arange(8)
    made = optimizer.call(FACTS).make(network.parameters())

    def closure() -> Tensor:
        made.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(inputs), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    found = []
    for _ in range(steps):
        if optimizer.closure:
            found.append(made.step(closure).item())
        else:
            found.append(closure().item())
            made.step()
    return [*found, closure().item()]


def variants(kind: str) -> list[dict[str, Any]]:
    """Each setting once moved off its default."""
    special = {
        "nesterov": {"nesterov": True, "momentum": 0.5},
        "foreach": {"foreach": True, **({"fused": False} if kind in FUSING else {})},
        "line_search_fn": {"line_search_fn": "strong_wolfe"},
        "max_eval": {"max_eval": 3},
        "betas": {"betas": [0.5, 0.9]},
        "etas": {"etas": [0.3, 2.0]},
        "step_sizes": {"step_sizes": [1e-5, 0.1]},
        "history_size": {"history_size": 1},
        "max_iter": {"max_iter": 2},
    }
    found = []
    for one in settings_of(OPTIMIZERS[kind]):
        moved = not one.default if one.kind == "bool" else 0.05
        moved = one.default / 2 if one.name == "lr" else moved
        found.append(special.get(one.name, {one.name: moved}))
    return found


def test_all_are_there() -> None:
    assert set(OPTIMIZERS) == KINDS


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_it_learns_with_its_defaults(kind: str) -> None:
    first, *_, last = losses(OPTIMIZERS[kind](), steps=5)
    assert math.isfinite(last)
    assert last < first


@pytest.mark.parametrize(
    ("kind", "values"), [(kind, values) for kind in OPTIMIZERS for values in variants(kind)], ids=str
)
def test_every_setting_reaches_torch_and_trains(kind: str, values: dict[str, Any]) -> None:
    optimizer = read(OPTIMIZERS[kind], values)
    network, _ = toy(optimizer)
    defaults = optimizer.call(FACTS).make(network.parameters()).defaults
    name, value = next(iter(values.items()))
    assert defaults[name] == (tuple(value) if isinstance(value, list) else value)
    before, after = losses(optimizer, steps=1)
    assert math.isfinite(after)
    assert (after > before) == optimizer.model_dump().get("maximize", False)


@pytest.mark.parametrize("kind", TORCHS)
def test_all_settings_that_torch_gives_it_can_be_set(kind: str) -> None:
    choice = OPTIMIZERS[kind]
    target = choice().call(FACTS).target
    torchs = getattr(torch.optim, target.removeprefix("torch.optim."))
    arguments = inspect.signature(torchs).parameters
    left_out = {"params", "capturable", "differentiable"}
    assert set(choice.model_fields) == set(arguments) - left_out
    other = {name for name, value in choice().model_dump().items() if arguments[name].default != value}
    assert other == OTHER_DEFAULTS.get(kind, set())


def test_only_those_that_torch_can_fuse_on_the_cpu_offer_it() -> None:
    assert {kind for kind, made in OPTIMIZERS.items() if "fused" in made.model_fields} == FUSING


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_what_is_exported_is_what_runs(kind: str) -> None:
    call = OPTIMIZERS[kind]().call(FACTS)
    parameters = [torch.nn.Parameter(torch.zeros(2, 2))]
    names: dict[str, Any] = {"torch": torch, "Tensor": Tensor, "parameters": parameters}
    if call.own:
        exec(inspect.getsource(type(call.make(parameters))), names)
    again = eval(call.source("parameters"), names)
    assert (type(again).__name__, again.defaults) == (
        type(call.make(parameters)).__name__,
        call.make(parameters).defaults,
    )


def test_what_each_needs_is_said() -> None:
    assert [kind for kind, made in OPTIMIZERS.items() if made.closure] == ["lbfgs"]
    assert [kind for kind, made in OPTIMIZERS.items() if made.contiguous] == ["lbfgs"]
    assert [kind for kind, made in OPTIMIZERS.items() if made.sparse] == ["sparse-adam"]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_only_the_learning_rate_is_seen_at_first(kind: str) -> None:
    levels = {one.name: one.level for one in settings_of(OPTIMIZERS[kind])}
    assert [name for name, level in levels.items() if level == "basic"] == ["lr"]
    rare = {"eps", "foreach", "fused", "maximize", "dampening", "tolerance_grad", "tolerance_change", "max_eval"}
    assert all(level == "rare" for name, level in levels.items() if name in rare)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("rate", [0, -0.1, 1e9, float("inf"), float("nan"), "0,001", None, True])
def test_an_impossible_rate_is_a_problem_and_mended_by_the_usual_one(kind: str, rate: object) -> None:
    values = mended(kind, {"lr": rate}, "lr")
    assert values["lr"] == OPTIMIZERS[kind]().lr


@pytest.mark.parametrize(("kind", "most"), [("sgd", 10), ("adam", 1)])
def test_the_rate_has_limits(kind: str, most: float) -> None:
    assert read(OPTIMIZERS[kind], {"lr": most}).lr == most
    mended(kind, {"lr": most * 1.0001}, "lr")


def mended(kind: str, values: dict[str, Any], path: str) -> dict[str, Any]:
    """The values after the mending of the one problem, which must stand at this path."""
    with pytest.raises(InvalidSpecError) as raised:
        read(OPTIMIZERS[kind], values)
    (problem,) = raised.value.problems
    assert problem.path == path
    assert problem.mending is not None
    better = {**values, **dict(problem.mending.changes)}
    read(OPTIMIZERS[kind], better)
    return better


@pytest.mark.parametrize("kind", sorted(FUSING))
def test_fused_and_foreach_exclude_each_other(kind: str) -> None:
    better = mended(kind, {"foreach": True, "fused": True}, "foreach")
    assert (better["foreach"], better["fused"]) == (True, False)


@pytest.mark.parametrize(
    ("values", "momentum"),
    [({}, 0.9), ({"momentum": 0.5, "dampening": 0.1}, 0.5), ({"dampening": 1.0}, 0.9)],
)
def test_nesterov_needs_momentum_and_no_dampening(values: dict[str, Any], momentum: float) -> None:
    better = read(Sgd, mended("sgd", {**values, "nesterov": True}, "nesterov"))
    assert (better.nesterov, better.momentum, better.dampening) == (True, momentum, 0.0)


def test_nesterov_with_momentum_is_fine() -> None:
    assert read(Sgd, {"nesterov": True, "momentum": 0.5}).nesterov


@pytest.mark.parametrize("etas", [[1.0, 1.2], [0.5, 1.0], [1.2, 0.5]])
def test_rprop_must_shrink_and_grow(etas: list[float]) -> None:
    assert mended("rprop", {"etas": etas}, "etas")["etas"] == (0.5, 1.2)


def test_the_step_sizes_of_rprop_stand_in_order() -> None:
    assert mended("rprop", {"step_sizes": [1.0, 0.1]}, "step_sizes")["step_sizes"] == (0.1, 1.0)
    assert read(Rprop, {"step_sizes": [0.1, 0.1]}).step_sizes == (0.1, 0.1)


class TestLbfgs:
    def test_no_line_search_is_torchs_none(self) -> None:
        assert Lbfgs().call(FACTS).named["line_search_fn"] is None
        assert Lbfgs(line_search_fn="strong_wolfe").call(FACTS).named["line_search_fn"] == "strong_wolfe"

    def test_a_few_steps_on_everything_find_a_line(self) -> None:
        inputs = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
        targets = inputs @ torch.tensor([[2.0], [-3.4]]) + 4.2
        line = torch.nn.Linear(2, 1)
        optimizer = Lbfgs().call(FACTS).make(line.parameters())

        def closure() -> Tensor:
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(line(inputs), targets)
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        for _ in range(3):
            optimizer.step(closure)
        torch.testing.assert_close(line.weight.detach(), torch.tensor([[2.0, -3.4]]), atol=1e-4, rtol=0)
        torch.testing.assert_close(line.bias.detach(), torch.tensor([4.2]), atol=1e-4, rtol=0)


class TestFromScratch:
    def test_it_does_what_sgd_does(self) -> None:
        scratch, torchs = SgdScratch(lr=0.3), Sgd(lr=0.3)
        assert losses(scratch, 5) == pytest.approx(losses(torchs, 5), rel=1e-5)

    def test_it_divides_a_sum_by_the_batch_size_and_leaves_a_mean_alone(self) -> None:
        summed = Facts(**{**FACTS.__dict__, "summed": True})
        assert SgdScratch(lr=0.3).call(FACTS).source("p") == "ScratchSgd(p, lr=0.3, batch_size=1)"
        assert SgdScratch(lr=0.3).call(summed).source("p") == "ScratchSgd(p, lr=0.3, batch_size=8)"
        moved = torch.nn.Parameter(torch.tensor([1.0]))
        moved.grad = torch.tensor([4.0])
        SgdScratch(lr=0.5).call(summed).make([moved]).step()
        assert moved.item() == 1.0 - 0.5 * 4.0 / 8

    def test_what_has_no_gradient_stays(self) -> None:
        still = torch.nn.Parameter(torch.tensor([1.0]))
        SgdScratch().call(FACTS).make([still]).step()
        assert still.item() == 1.0

    def test_its_state_can_be_stored(self) -> None:
        made = SgdScratch(lr=0.3).call(FACTS).make([torch.nn.Parameter(torch.zeros(1))])
        state = copy.deepcopy(made.state_dict())
        made.param_groups[0]["lr"] = 9.0
        made.load_state_dict(state)
        assert made.param_groups[0]["lr"] == 0.3
