"""Our own networks against torch's, and their source without this program."""

import inspect
import math
from collections.abc import Callable

import pytest
import torch

from fmstudio.training import modules
from fmstudio.training.modules import (
    LinearRegression,
    Residual,
    SoftmaxRegression,
    SparseSoftmaxRegression,
    set_weights,
)

OURS = [LinearRegression, SoftmaxRegression, SparseSoftmaxRegression, Residual]


def random_weights(network: torch.nn.Module) -> torch.nn.Module:
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter)
    return network


def test_linear_regression_is_torchs_linear_layer() -> None:
    mine, theirs = random_weights(LinearRegression(3, 2)), torch.nn.Linear(3, 2)
    theirs.load_state_dict({"weight": mine.weight.T, "bias": mine.bias})
    inputs = torch.randn(7, 3)
    assert torch.allclose(mine(inputs), theirs(inputs), atol=1e-6)


@pytest.mark.parametrize("ours", [LinearRegression, SoftmaxRegression])
def test_from_scratch_starts_small(ours: type[torch.nn.Module]) -> None:
    torch.manual_seed(0)
    network = ours(784, 10)
    assert network.weight.std().item() == pytest.approx(0.01, rel=0.05)
    assert not network.bias.any()


def test_written_out_softmax_gives_the_logarithms_of_probabilities_and_their_gradients() -> None:
    mine = random_weights(SoftmaxRegression(12, 5))
    inputs, targets = torch.randn(9, 3, 2, 2) * 30, torch.arange(9) % 5
    logits = inputs.flatten(1) @ mine.weight + mine.bias
    assert torch.allclose(mine(inputs), logits.log_softmax(1), atol=1e-4)
    assert torch.allclose(mine(inputs).softmax(1), logits.softmax(1), atol=1e-5)
    given = torch.autograd.grad(torch.nn.functional.cross_entropy(mine(inputs), targets), list(mine.parameters()))
    wanted = torch.autograd.grad(torch.nn.functional.cross_entropy(logits, targets), list(mine.parameters()))
    for one, other in zip(given, wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_written_out_softmax_survives_large_scores() -> None:
    network = SoftmaxRegression(1, 2)
    with torch.no_grad():
        network.weight.copy_(torch.tensor([[1000.0, -1000.0]]))
    assert network(torch.ones(1, 1)).tolist() == [[0.0, -2000.0]]


@pytest.mark.parametrize("sparse", [False, True])
def test_the_sparse_network_answers_and_learns_as_the_linear_one(sparse: bool) -> None:
    mine, theirs = SparseSoftmaxRegression(6, 4, sparse=sparse), torch.nn.Linear(6, 4)
    with torch.no_grad():
        mine.table.weight.copy_(torch.cat([theirs.weight.T, theirs.bias[None]]))
    inputs = torch.tensor([[[0, 0.5, 0], [0, 0, 1.0]], [[0, 0, 0], [0, 0, 0]], [[-2.0, 1, 3], [4, 5, 6]]])
    targets = torch.tensor([0, 3, 1])
    assert torch.allclose(mine(inputs), theirs(inputs.flatten(1)), atol=1e-5)
    for network, given in ((mine, inputs), (theirs, inputs.flatten(1))):
        torch.nn.functional.cross_entropy(network(given), targets).backward()
    gradient = mine.table.weight.grad
    assert gradient is not None
    assert gradient.is_sparse == sparse
    assert theirs.weight.grad is not None
    dense = gradient.to_dense() if sparse else gradient
    assert torch.allclose(dense[:-1], theirs.weight.grad.T, atol=1e-5)
    assert torch.allclose(dense[-1], theirs.bias.grad, atol=1e-5)


def test_sparse_gradients_hold_lit_pixels_and_the_bias_only() -> None:
    network = SparseSoftmaxRegression(6, 4, sparse=True)
    network(torch.tensor([[0, 0.5, 0, 0, 0, 0], [0, 0.1, 0, 0, 2, 0]])).sum().backward()
    gradient = network.table.weight.grad
    assert gradient is not None
    assert gradient.coalesce().indices().tolist() == [[1, 4, 6]]
    torch.optim.SparseAdam(network.parameters()).step()


@pytest.mark.parametrize(("taken", "made", "stride"), [(4, 4, 1), (4, 8, 1), (4, 4, 2), (3, 6, 2)])
def test_a_residual_block_adds_what_goes_in(taken: int, made: int, stride: int) -> None:
    block = Residual(taken, made, stride).eval()
    inputs = torch.randn(2, taken, 9, 7)
    expected = block.body(inputs) + (block.shortcut(inputs) if (taken, stride) != (made, 1) else inputs)
    assert torch.equal(block(inputs), expected.relu())
    with torch.no_grad():
        block.body[3].weight.zero_()
    if (taken, stride) == (made, 1):
        assert torch.equal(block(inputs), inputs.relu())


@pytest.mark.parametrize("ours", OURS)
def test_the_source_alone_is_enough(ours: type[torch.nn.Module]) -> None:
    names: dict[str, object] = {"torch": torch, "Tensor": torch.Tensor}
    exec(inspect.getsource(ours), names)
    again = names[ours.__name__]
    assert isinstance(again, type)
    torch.manual_seed(0)
    network = ours(6, 4)
    torch.manual_seed(0)
    copy = again(6, 4)
    inputs = torch.rand(2, 6, 3, 3) if ours is Residual else torch.rand(2, 6)
    assert torch.equal(network(inputs), copy(inputs))


def test_the_source_of_set_weights_is_enough_too() -> None:
    names: dict[str, object] = {"torch": torch, "Tensor": torch.Tensor, "Callable": Callable}
    exec(inspect.getsource(set_weights), names)
    network = torch.nn.Linear(3, 2)
    again = names["set_weights"]
    assert callable(again)
    again(network, lambda weight: torch.nn.init.constant_(weight, 0.5))
    assert network.weight.tolist() == [[0.5] * 3] * 2
    assert network.bias.tolist() == [0.0, 0.0]


def test_every_matrix_is_filled_and_the_bias_beside_it_is_zero() -> None:
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.BatchNorm2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8, 3, bias=False),
        Residual(1, 1),
    )
    with torch.no_grad():
        network[1].bias.fill_(3.0)
    seen: list[torch.Tensor] = []

    def fill(weight: torch.Tensor) -> torch.Tensor:
        seen.append(weight)
        return torch.nn.init.constant_(weight, 7.0)

    set_weights(network, fill)
    assert [tuple(weight.shape) for weight in seen] == [(2, 1, 3, 3), (3, 8), (1, 1, 3, 3), (1, 1, 3, 3)]
    assert not network[0].bias.any()
    assert network[1].bias.tolist() == [3.0, 3.0]
    assert network[1].weight.tolist() == [1.0, 1.0]
    assert bool((network[3].weight == 7).all())


@pytest.mark.parametrize(
    "network", [torch.nn.Linear(500, 20), LinearRegression(500, 20), SparseSoftmaxRegression(499, 20)]
)
def test_rules_by_numbers_in_are_right_for_our_own_networks_too(network: torch.nn.Module) -> None:
    torch.manual_seed(0)
    set_weights(network, torch.nn.init.kaiming_normal_)
    weight = next(parameter for parameter in network.parameters() if parameter.dim() > 1)
    assert weight.std().item() == pytest.approx(math.sqrt(2 / 500), rel=0.05)


def test_all_zeros_leave_hidden_layers_without_a_gradient() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.ReLU(), torch.nn.Linear(5, 3))
    set_weights(network, torch.nn.init.zeros_)
    torch.nn.functional.cross_entropy(network(torch.rand(6, 4)), torch.arange(6) % 3).backward()
    assert network[0].weight.grad is not None
    assert not network[0].weight.grad.any()


def test_nothing_but_what_stands_here_is_ours() -> None:
    named = {
        name for name, made in vars(modules).items() if inspect.isclass(made) and made.__module__ == modules.__name__
    }
    assert named == {made.__name__ for made in OURS}
