"""The forms of output and target, against the formulas written out for one sample at a time."""

import ast
import inspect
import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from fmstudio.training import targets as forms

LOGITS = torch.tensor([[2.0, -1.0, 0.5, 0.0], [0.3, 0.2, 0.9, -2.0], [-1.0, 3.0, 2.5, 0.1]], dtype=torch.float64)
CLASSES = torch.tensor([0, 3, 2])
EXACT = {"rtol": 1e-12, "atol": 1e-12}

Scores = list[float]


def softmax(scores: Scores) -> Scores:
    total = sum(map(math.exp, scores))
    return [math.exp(score) / total for score in scores]


def squared(scores: Scores, true: int) -> float:
    return sum((p - (place == true)) ** 2 for place, p in enumerate(softmax(scores))) / len(scores)


def divergence(scores: Scores, true: int, smoothing: float) -> float:
    wanted = [(1 - smoothing) * (place == true) + smoothing / len(scores) for place in range(len(scores))]
    pairs = zip(wanted, softmax(scores), strict=True)
    return sum(w * (math.log(w) - math.log(p)) for w, p in pairs if w)


def poisson(scores: Scores, true: int) -> float:
    return sum(math.exp(score) - (place == true) * score for place, score in enumerate(scores)) / len(scores)


def poisson_of_rates(scores: Scores, true: int) -> float:
    rates = [math.log(1 + math.exp(score)) for score in scores]
    return sum(rate - (place == true) * math.log(rate + 1e-8) for place, rate in enumerate(rates)) / len(scores)


def ranking(scores: Scores, true: int) -> float:
    highest_other = max(score for place, score in enumerate(scores) if place != true)
    return max(0.0, 0.5 - (scores[true] - highest_other))


def margin_to_each(scores: Scores, true: int) -> float:
    others = (score for place, score in enumerate(scores) if place != true)
    return sum(max(0.0, 1 - (scores[true] - score)) for score in others) / len(scores)


def yes_or_no(scores: Scores, true: int) -> float:
    signs = (1 if place == true else -1 for place in range(len(scores)))
    return sum(math.log(1 + math.exp(-sign * score)) for sign, score in zip(signs, scores, strict=True)) / len(scores)


def kl(smoothing: float, *, log_target: bool = False, reduction: str = "batchmean") -> torch.nn.Module:
    return forms.OnLogProbabilities(torch.nn.KLDivLoss(reduction=reduction, log_target=log_target), smoothing)


CASES: dict[str, tuple[torch.nn.Module, Callable[[Scores, int], float]]] = {
    "probabilities": (forms.OnProbabilities(torch.nn.MSELoss()), squared),
    "log probabilities": (kl(0.0), lambda scores, true: divergence(scores, true, 0.0)),
    "smoothed": (kl(0.2), lambda scores, true: divergence(scores, true, 0.2)),
    "log targets": (kl(0.0, log_target=True), lambda scores, true: divergence(scores, true, 0.0)),
    "log targets, smoothed": (kl(0.2, log_target=True), lambda scores, true: divergence(scores, true, 0.2)),
    "counts": (forms.OnCounts(torch.nn.PoissonNLLLoss()), poisson),
    "rates": (forms.OnCounts(forms.OnRates(torch.nn.PoissonNLLLoss(log_input=False))), poisson_of_rates),
    "ranking": (forms.AgainstHighestOther(torch.nn.MarginRankingLoss(margin=0.5)), ranking),
    "label lists": (forms.OnLabelLists(torch.nn.MultiLabelMarginLoss()), margin_to_each),
    "one against the rest": (forms.OneAgainstRest(torch.nn.SoftMarginLoss()), yes_or_no),
    "half": (forms.Half(forms.OnProbabilities(torch.nn.MSELoss())), lambda s, true: squared(s, true) / 2),
    "mean of all": (
        forms.MeanOfAll(kl(0.2, reduction="none")),
        lambda scores, true: divergence(scores, true, 0.2) / len(scores),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_formula_written_out(name: str) -> None:
    loss, formula = CASES[name]
    pairs = zip(LOGITS.tolist(), CLASSES.tolist(), strict=True)
    expected = torch.tensor([formula(scores, true) for scores, true in pairs], dtype=torch.float64).mean()
    torch.testing.assert_close(loss(LOGITS, CLASSES), expected, **EXACT)


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_is_that_of_small_differences(name: str) -> None:
    loss, _ = CASES[name]

    def of_logits(logits: Tensor) -> Tensor:
        value: Tensor = loss(logits, CLASSES)
        return value

    assert torch.autograd.gradcheck(of_logits, (LOGITS.clone().requires_grad_(),))


@pytest.mark.parametrize("name", CASES)
def test_every_score_is_learned_from(name: str) -> None:
    loss, _ = CASES[name]
    logits = LOGITS.float().requires_grad_()
    loss(logits, CLASSES).backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    assert (logits.grad != 0).any(1).sum() >= 2


def test_kl_divergence_pulls_as_cross_entropy_does() -> None:
    gradients = []
    for loss in (kl(0.1), torch.nn.CrossEntropyLoss(label_smoothing=0.1)):
        logits = LOGITS.clone().requires_grad_()
        gradients += torch.autograd.grad(loss(logits, CLASSES), logits)
    torch.testing.assert_close(*gradients, **EXACT)


def test_what_is_sure_and_wrong_stays_finite() -> None:
    logits = torch.tensor([[60.0, -60.0]], requires_grad=True)
    for loss, _ in CASES.values():
        value = loss(logits, torch.tensor([1]))
        assert torch.isfinite(value)
        assert torch.isfinite(torch.autograd.grad(value, logits)[0]).all()


def test_a_sample_costs_the_mean_or_the_sum_of_its_outputs() -> None:
    apart = forms.OnProbabilities(torch.nn.MSELoss(reduction="none"))
    means, sums = forms.PerSample(apart)(LOGITS, CLASSES), forms.PerSample(apart, "sum")(LOGITS, CLASSES)
    expected = [squared(scores, true) for scores, true in zip(LOGITS.tolist(), CLASSES.tolist(), strict=True)]
    torch.testing.assert_close(means, torch.tensor(expected, dtype=torch.float64), **EXACT)
    torch.testing.assert_close(sums, means * 4, **EXACT)


def test_a_sample_with_one_number_costs_what_the_number_costs() -> None:
    outputs, targets = torch.tensor([[1.0], [4.0]]), torch.tensor([[0.0], [2.0]])
    assert forms.PerSample(torch.nn.MSELoss(reduction="none"))(outputs, targets).tolist() == [1.0, 4.0]


def own_classes() -> list[type[torch.nn.Module]]:
    return [made for _, made in inspect.getmembers(forms, inspect.isclass) if made.__module__ == forms.__name__]


@pytest.mark.parametrize("made", own_classes())
def test_each_class_stands_alone_in_a_script(made: type[torch.nn.Module]) -> None:
    source = inspect.getsource(made)
    names = {"torch": torch, "Tensor": Tensor}
    exec(compile(source, "script", "exec"), names)
    known = {*names, "self", "super", "int", "float", "str", "None"}
    bound = {node.arg for node in ast.walk(ast.parse(source)) if isinstance(node, ast.arg)}
    stored = {
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    read = {
        node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert read <= known | bound | stored
