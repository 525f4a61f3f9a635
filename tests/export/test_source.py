"""Calls laid out as source, and the sources of our own classes."""

import ast
import inspect

import pytest

from fmstudio.errors import UserError
from fmstudio.export.source import WIDTH, laid_out, own_sources, source_of
from fmstudio.schema.call import Call
from fmstudio.training import modules, scratch, step

LINEAR = Call("torch.nn.Linear", 784, 10)
OWN = "fmstudio.training.modules."


def test_a_short_call_stands_on_one_line_without_what_is_usual() -> None:
    assert laid_out(Call("torch.nn.Linear", 784, 10, bias=True)) == "torch.nn.Linear(784, 10)"
    assert laid_out(Call("torch.nn.Linear", 784, 10, bias=False)) == "torch.nn.Linear(784, 10, bias=False)"


def test_the_rate_is_written_even_where_it_is_as_usual() -> None:
    call = Call("torch.optim.Adam", lr=0.001, eps=1e-8, betas=(0.9, 0.99))
    assert laid_out(call, "network.parameters()") == (
        "torch.optim.Adam(network.parameters(), lr=0.001, betas=(0.9, 0.99))"
    )


def test_layers_stand_below_one_another_whatever_their_length() -> None:
    assert laid_out(Call("torch.nn.Sequential", Call("torch.nn.Flatten"), LINEAR)) == (
        "torch.nn.Sequential(\n    torch.nn.Flatten(),\n    torch.nn.Linear(784, 10),\n)"
    )
    assert laid_out(Call("torch.nn.Sequential", LINEAR)) == "torch.nn.Sequential(torch.nn.Linear(784, 10))"


@pytest.mark.parametrize("before", [0, 90])
def test_a_long_call_has_an_argument_a_line_and_is_the_same_call(before: int) -> None:
    convolution = Call("torch.nn.Conv2d", 3, 64, 3, padding=1, bias=False)
    block = Call("torch.nn.Sequential", *[convolution] * 2)
    text = laid_out(Call("torch.nn.Sequential", block, *[convolution] * 4), before=before, margin=4)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(text.replace("\n", "")))


def test_a_call_that_does_not_fit_behind_what_stands_before_it_is_broken() -> None:
    call = Call("torch.optim.SGD", lr=0.5, momentum=0.25)
    assert "\n" not in laid_out(call, before=WIDTH - 40 - len("torch.optim.SGD"))
    assert laid_out(call, before=WIDTH - 20, margin=4) == (
        "torch.optim.SGD(\n        lr=0.5,\n        momentum=0.25,\n    )"
    )


def test_texts_are_in_double_quotes_and_numbers_exact() -> None:
    text = laid_out(Call("torch.nn.KLDivLoss", reduction="sum"))
    assert text == 'torch.nn.KLDivLoss(reduction="sum")'
    assert "lr=0.30000000000000004" in laid_out(Call("torch.optim.SGD", lr=0.1 + 0.2))


@pytest.mark.parametrize("thing", [modules.Residual, modules.set_weights, scratch.ScratchSgd, step.train_step])
def test_a_source_is_that_of_the_thing_itself(thing: type) -> None:
    text = source_of(f"{thing.__module__}.{thing.__name__}")
    assert "type: ignore" not in text
    plain = [line.partition("  # type:")[0].rstrip() for line in inspect.getsource(thing).splitlines()]
    assert text.rstrip().splitlines() == plain


def test_each_of_ours_is_named_once_in_the_order_of_need() -> None:
    block = Call(OWN + "Residual", 6, 12)
    found = own_sources([Call("torch.nn.Sequential", block, block, LINEAR), None, Call(OWN + "LinearRegression", 2, 1)])
    assert [text.split("(")[0] for text in found] == ["class Residual", "class LinearRegression"]
    assert own_sources([LINEAR, None]) == []


def test_a_source_that_does_not_ship_is_a_sentence() -> None:
    with pytest.raises(UserError, match=r"The source of _json does not ship with this program"):
        source_of("_json.scanner")
