"""One step of training, and what is counted over many."""

import math

import numpy as np
import pytest
import torch

from fmstudio.training.pace import Stopwatch
from fmstudio.training.step import count_right, train_step
from fmstudio.training.tally import Tally


def counted(*steps: tuple[float, int, int, float]) -> Tally:
    tally = Tally()
    tally.begin(3)
    for loss, right, size, rate in steps:
        tally.add(torch.tensor(loss), torch.tensor(right), size, rate)
    return tally


def test_nothing_counted_is_no_event_and_no_number() -> None:
    tally = Tally()
    assert tally.read(0, Stopwatch()) is None
    assert math.isnan(tally.mean_loss)
    assert math.isnan(tally.right_share)
    assert tally.count == 0


def test_a_block_is_told_once() -> None:
    tally = counted((2.0, 1, 4, 0.1), (1.0, 2, 2, 0.2))
    event = tally.read(17, Stopwatch())
    assert event is not None
    assert (event.epoch, event.step) == (3, 17)
    assert event.losses.tolist() == [2.0, 1.0]
    np.testing.assert_array_equal(event.rates, np.array([0.1, 0.2], np.float32))
    assert tally.read(17, Stopwatch()) is None


def test_means_go_over_samples_not_over_batches() -> None:
    tally = counted((2.0, 1, 4, 0.1), (1.0, 2, 2, 0.1))
    tally.read(2, Stopwatch())
    assert tally.mean_loss == (2.0 * 4 + 1.0 * 2) / 6
    assert tally.right_share == 3 / 6


def test_sums_are_made_in_step_order_whatever_the_blocks() -> None:
    generator = torch.Generator().manual_seed(0)
    losses = (torch.rand(200, generator=generator) * 10 ** torch.arange(200).remainder(7)).tolist()
    whole = counted(*((loss, 0, 3, 0.1) for loss in losses))
    whole.read(200, Stopwatch())
    blocks = Tally()
    for step, loss in enumerate(losses, 1):
        blocks.add(torch.tensor(loss), torch.tensor(0), 3, 0.1)
        if step % 7 == 0:
            blocks.read(step, Stopwatch())
    blocks.read(200, Stopwatch())
    by_hand = 0.0
    for loss in losses:
        by_hand += float(np.float32(loss)) * 3
    assert whole.mean_loss == blocks.mean_loss == by_hand / 600


def test_a_step_goes_down_the_gradient() -> None:
    network = torch.nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        network.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    network.weight.grad = torch.full((2, 2), 99.0)  # what was left of the step before must not count
    inputs, targets = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 1, 1])
    reference = network.weight.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(inputs @ reference.T, targets)
    loss.backward()
    assert reference.grad is not None
    said, outputs = train_step(
        network, torch.nn.CrossEntropyLoss(), torch.optim.SGD(network.parameters(), lr=0.5), inputs, targets
    )
    assert said.item() == pytest.approx(loss.item())
    assert not said.requires_grad
    assert int(count_right(outputs, targets)) == 2
    assert not outputs.requires_grad
    torch.testing.assert_close(network.weight.detach(), reference.detach() - 0.5 * reference.grad)
