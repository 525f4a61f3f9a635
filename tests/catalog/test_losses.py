"""Every loss on every task: what runs against torch, what is drawn against what runs."""

import inspect
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from fmstudio.catalog.class_losses import CrossEntropy, KlDivergence, MarginRanking, MultilabelMargin, SoftMargin
from fmstudio.catalog.loss import Loss
from fmstudio.catalog.losses import LOSSES
from fmstudio.catalog.number_losses import L1, Huber, Mse, PoissonNll, SmoothL1
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import settings_of

CLASSES = Facts(shape=(1, 28, 28), classes=10, samples=1000, steps_per_epoch=10, epochs=2, batch=100)
NUMBERS = Facts(shape=(2,), classes=0, samples=1000, steps_per_epoch=10, epochs=2, batch=100)

VARIANTS: list[Loss] = [
    *(loss() for loss in LOSSES.values()),
    *(loss(reduction="sum") for loss in LOSSES.values()),
    CrossEntropy(label_smoothing=0.2),
    Mse(half=True),
    Mse(half=True, reduction="sum"),
    SmoothL1(beta=0.05),
    SmoothL1(beta=0.0),
    Huber(delta=0.05),
    PoissonNll(log_input=False),
    PoissonNll(log_input=False, eps=0.1, reduction="sum"),
    PoissonNll(full=True),
    KlDivergence(reduction="mean"),
    KlDivergence(label_smoothing=0.2),
    KlDivergence(label_smoothing=0.2, log_target=True, reduction="mean"),
    MarginRanking(margin=0.0),
]
CASES = [(loss, facts) for loss in VARIANTS for facts in (CLASSES, NUMBERS) if loss.numbers or facts.classes]
IDS = [f"{type(loss).__name__}-{loss.model_dump(exclude_defaults=True)}-{facts.classes}" for loss, facts in CASES]


def samples(facts: Facts) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    outputs = torch.randn(30, facts.outputs, generator=generator, dtype=torch.float64) * 2
    if facts.classes:
        return outputs, torch.randint(facts.classes, (30,), generator=generator)
    return outputs, torch.rand(30, 1, generator=generator, dtype=torch.float64) * 4


def made(loss: Loss, facts: Facts) -> torch.nn.Module:
    module: torch.nn.Module = loss.call(facts).make()
    return module


@pytest.mark.parametrize(("loss", "facts"), CASES, ids=IDS)
class TestEveryLoss:
    def test_is_learned_from(self, loss: Loss, facts: Facts) -> None:
        outputs, targets = samples(facts)
        value = made(loss, facts)(outputs.requires_grad_(), targets)
        assert value.shape == ()
        (gradient,) = torch.autograd.grad(value, outputs)
        assert torch.isfinite(gradient).all()
        assert gradient.abs().sum() > 0
        with torch.no_grad():
            assert made(loss, facts)(outputs - 1e-3 * gradient, targets) < value

    def test_its_samples_make_it_up(self, loss: Loss, facts: Facts) -> None:
        outputs, targets = samples(facts)
        apart = loss.per_sample(facts).make()(outputs, targets)
        assert apart.shape == (30,)
        whole = apart.sum() if loss.summed else apart.mean()
        torch.testing.assert_close(whole, made(loss, facts)(outputs, targets))

    def test_the_sum_is_that_many_means(self, loss: Loss, facts: Facts) -> None:
        assert loss.summed == (loss.reduction == "sum")
        if not loss.summed:
            return
        outputs, targets = samples(facts)
        usual = type(loss).model_fields["reduction"].default
        mean = made(loss.model_copy(update={"reduction": usual}), facts)(outputs, targets)
        count = outputs.numel() if loss.elementwise and usual == "mean" else len(outputs)
        torch.testing.assert_close(made(loss, facts)(outputs, targets), mean * count)

    def test_what_is_drawn_is_what_runs(self, loss: Loss, facts: Facts) -> None:
        at = np.linspace(-3.03, 3.02, 60)
        losses, gradients = loss.curve(facts, at)
        x = torch.tensor(at, requires_grad=True)
        expected = loss.per_sample(facts).make()(*drawn_samples(loss, facts, x))
        (slopes,) = torch.autograd.grad(expected.sum(), x)
        np.testing.assert_allclose(losses, expected.detach().numpy(), rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(gradients, slopes.numpy(), rtol=1e-6, atol=1e-9)

    def test_says_what_it_does(self, loss: Loss, facts: Facts) -> None:
        assert loss.forms(facts).endswith(".")
        assert loss.behaviour(facts).endswith(".")
        assert "ear" in loss.behaviour(facts)


def drawn_samples(loss: Loss, facts: Facts, x: Tensor) -> tuple[Tensor, Tensor]:
    """Outputs and targets at which ``curve`` says what the loss is."""
    if facts.classes:
        first = torch.nn.functional.one_hot(torch.zeros(len(x), dtype=torch.long), facts.classes)
        return x.unsqueeze(1) * first, torch.zeros(len(x), dtype=torch.long)
    best = torch.ones(1, dtype=torch.float64)
    answer = loss.answer(facts)
    if answer is not None:
        best = torch.log(best) if answer.target == "torch.exp" else torch.log(torch.expm1(best))
    return (x + best).unsqueeze(1), torch.ones(len(x), 1, dtype=torch.float64)


EXPECTED: list[tuple[Loss, torch.nn.Module]] = [
    (Mse(), torch.nn.MSELoss()),
    (Mse(reduction="sum"), torch.nn.MSELoss(reduction="sum")),
    (L1(), torch.nn.L1Loss()),
    (SmoothL1(beta=0.5), torch.nn.SmoothL1Loss(beta=0.5)),
    (Huber(delta=2.0, reduction="sum"), torch.nn.HuberLoss("sum", 2.0)),
    (PoissonNll(full=True), torch.nn.PoissonNLLLoss(full=True)),
]


@pytest.mark.parametrize(("loss", "expected"), EXPECTED)
def test_on_numbers_it_is_torchs_own(loss: Loss, expected: torch.nn.Module) -> None:
    outputs, targets = samples(NUMBERS)
    assert torch.equal(made(loss, NUMBERS)(outputs, targets), expected(outputs, targets))
    assert loss.call(NUMBERS).target == f"torch.nn.{type(expected).__name__}"


def test_cross_entropy_passes_all_its_settings_on() -> None:
    weight = tuple(0.5 + place for place in range(10))
    loss = CrossEntropy(weight=weight, label_smoothing=0.1, ignore_index=4, reduction="sum")
    expected = torch.nn.CrossEntropyLoss(torch.tensor(weight), ignore_index=4, label_smoothing=0.1, reduction="sum")
    outputs, targets = samples(CLASSES)
    outputs = outputs.float()
    assert torch.equal(made(loss, CLASSES)(outputs, targets), expected(outputs, targets))
    apart = loss.per_sample(CLASSES).make()(outputs, targets)
    assert (apart[targets == 4] == 0).all()
    torch.testing.assert_close(apart.sum(), expected(outputs, targets))


def test_half_the_squared_error() -> None:
    outputs, targets = torch.tensor([[3.0], [0.0]]), torch.tensor([[1.0], [1.0]])
    assert made(Mse(half=True), NUMBERS)(outputs, targets) == (4 + 1) / 2 / 2
    assert made(Mse(half=True, reduction="sum"), NUMBERS)(outputs, targets) == (4 + 1) / 2


def test_the_source_reads_like_a_textbook() -> None:
    assert Mse().call(NUMBERS).source() == "torch.nn.MSELoss()"
    assert Mse(half=True).call(NUMBERS).source() == "Half(torch.nn.MSELoss())"
    assert Mse().call(CLASSES).source() == "OnProbabilities(torch.nn.MSELoss())"
    assert KlDivergence().call(CLASSES).source() == "OnLogProbabilities(torch.nn.KLDivLoss(reduction='batchmean'))"
    assert PoissonNll(log_input=False).call(CLASSES).source() == (
        "OnCounts(OnRates(torch.nn.PoissonNLLLoss(log_input=False)))"
    )
    assert MarginRanking().call(CLASSES).source() == "AgainstHighestOther(torch.nn.MarginRankingLoss(margin=1.0))"
    assert CrossEntropy(weight=(1.0, 2.0)).call(CLASSES).source() == (
        "torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))"
    )


TORCHS: dict[type[Loss], type[torch.nn.Module]] = {
    CrossEntropy: torch.nn.CrossEntropyLoss,
    Mse: torch.nn.MSELoss,
    L1: torch.nn.L1Loss,
    SmoothL1: torch.nn.SmoothL1Loss,
    Huber: torch.nn.HuberLoss,
    PoissonNll: torch.nn.PoissonNLLLoss,
    KlDivergence: torch.nn.KLDivLoss,
    MarginRanking: torch.nn.MarginRankingLoss,
    MultilabelMargin: torch.nn.MultiLabelMarginLoss,
    SoftMargin: torch.nn.SoftMarginLoss,
}


LEFT_OUT = {"self", "size_average", "reduce"}
"""The last two are deprecated."""


@pytest.mark.parametrize("loss", LOSSES.values())
def test_it_has_all_settings_that_torch_gives_it(loss: type[Loss]) -> None:
    parameters = inspect.signature(TORCHS[loss].__init__).parameters
    theirs = {name: one.default for name, one in parameters.items() if name not in LEFT_OUT}
    ours = {name: field.default for name, field in loss.model_fields.items() if name in theirs}
    if loss is KlDivergence:
        theirs["reduction"] = "batchmean"  # the mean that torch itself recommends
    if loss is MarginRanking:
        theirs["margin"] = 1.0  # without one it learns badly
    assert ours == theirs


def test_the_list_is_that_of_the_contract() -> None:
    numbers = {kind for kind, loss in LOSSES.items() if loss.numbers}
    assert numbers == {"mse", "l1", "smooth-l1", "huber", "poisson-nll"}
    assert all(loss.classes for loss in LOSSES.values())
    assert {kind for kind, loss in LOSSES.items() if not loss.negative_targets} == {"poisson-nll"}


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("cross-entropy", {"label_smoothing": 1.0}, "loss.label_smoothing: must be less than 1"),
        ("cross-entropy", {"weight": [1.0, -2.0]}, "loss.weight: must be at least 0"),
        ("cross-entropy", {"reduction": "none"}, "loss.reduction: must be one of: mean, sum"),
        ("kl-div", {"reduction": "none"}, "loss.reduction: must be one of: batchmean, mean, sum"),
        ("huber", {"delta": 0.0}, "loss.delta: must be greater than 0"),
        ("smooth-l1", {"beta": -1.0}, "loss.beta: must be at least 0"),
        ("poisson-nll", {"eps": 0.0}, "loss.eps: must be greater than 0"),
        ("margin-ranking", {"margin": -1.0}, "loss.margin: must be at least 0"),
    ],
)
def test_wrong_settings_are_problems(kind: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidSpecError) as raised:
        read(LOSSES[kind], values, "loss")
    assert [str(problem) for problem in raised.value.problems] == [message]


@pytest.mark.parametrize(
    ("loss", "path"),
    [
        (CrossEntropy(weight=(1.0, 2.0)), "weight"),
        (CrossEntropy(weight=(0.0,) * 10), "weight"),
        (CrossEntropy(weight=(0.0,) * 9 + (1.0,), ignore_index=9), "ignore_index"),
    ],
)
def test_class_weights_must_fit_the_classes(loss: CrossEntropy, path: str) -> None:
    problem = loss.unfit(CLASSES)
    assert problem is not None
    assert problem.path == path
    assert problem.mending is not None
    mended = loss.model_copy(update=dict(problem.mending.changes))
    assert mended != loss
    again = mended.unfit(CLASSES)
    assert again is None or again.path != path


def test_a_batch_of_nothing_that_counts_is_foreseen() -> None:
    ones = Facts(shape=(1, 28, 28), classes=10, samples=1000, steps_per_epoch=1000, epochs=1, batch=1)
    problem = CrossEntropy(ignore_index=3).unfit(ones)
    assert problem is not None
    assert problem.path == "ignore_index"
    last_is_one = Facts(shape=(1, 28, 28), classes=10, samples=901, steps_per_epoch=10, epochs=1, batch=100)
    assert CrossEntropy(ignore_index=3).unfit(last_is_one) is not None
    assert CrossEntropy(ignore_index=3).unfit(CLASSES) is None
    assert CrossEntropy(ignore_index=3, reduction="sum").unfit(ones) is None
    assert CrossEntropy(weight=(1.0,) * 10).unfit(ones) is None
    assert CrossEntropy(weight=(0.0,) + (1.0,) * 9).unfit(ones) is not None


def test_counts_are_predicted_as_rates() -> None:
    outputs = torch.tensor([[0.0], [2.0]])
    for loss, expected in (
        (PoissonNll(), torch.exp(outputs)),
        (PoissonNll(log_input=False), torch.nn.functional.softplus(outputs)),
    ):
        answer = loss.answer(NUMBERS)
        assert answer is not None
        assert torch.equal(answer.make(outputs), expected)
        assert loss.answer(CLASSES) is None
    assert all(loss().answer(NUMBERS) is None for loss in (Mse, L1, SmoothL1, Huber))


def test_far_from_and_near_to_zero_they_differ_as_the_material_says() -> None:
    at = np.array([-3.0, -0.1, 0.1, 3.0])
    gradients = {loss: loss().curve(NUMBERS, at)[1] for loss in (Mse, L1, SmoothL1, Huber)}
    assert gradients[Mse].tolist() == pytest.approx([-6, -0.2, 0.2, 6])
    assert gradients[L1].tolist() == [-1, -1, 1, 1]
    for loss in (SmoothL1, Huber):
        assert gradients[loss].tolist() == pytest.approx([-1, -0.1, 0.1, 1])


@pytest.mark.parametrize("loss", LOSSES.values())
def test_a_higher_score_of_the_true_class_costs_less(loss: type[Loss]) -> None:
    until = 0.0 if loss is PoissonNll else 4.0
    losses, _ = loss().curve(CLASSES, np.linspace(-5, until, 50))
    assert all(after <= before for before, after in pairwise(losses.tolist()))


@pytest.mark.parametrize("loss", LOSSES.values())
def test_its_help_says_what_was_measured(loss: type[Loss]) -> None:
    text = " ".join(loss.explanation().split())
    assert "Adam 0.003 gives" in text
    assert "SGD 0.1" in text
    assert all(one.title for one in settings_of(loss))
