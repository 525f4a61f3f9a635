"""A call makes an object and writes its source; both are the same."""

import ast
import datetime

import pytest

from fmstudio.errors import UserError
from fmstudio.schema.call import Call, find

DAY = Call("datetime.timedelta", days=1)


def test_leading_arguments_come_first_then_its_own() -> None:
    call = Call("datetime.date", 2, day=3)
    assert call.make(2024) == datetime.date(2024, 2, 3)
    assert call.source("year") == "datetime.date(year, 2, day=3)"


def test_calls_nest_in_arguments_and_named_ones() -> None:
    call = Call("datetime.timezone", Call("datetime.timedelta", hours=2))
    assert call.make() == datetime.timezone(datetime.timedelta(hours=2))
    assert call.source() == "datetime.timezone(datetime.timedelta(hours=2))"
    assert Call("builtins.dict", step=DAY).make() == {"step": datetime.timedelta(days=1)}
    assert Call("dict", step=DAY).source() == "dict(step=datetime.timedelta(days=1))"


@pytest.mark.parametrize("value", [0.1, 1e-8, 2**63 - 1, True, None, "a 'quoted' \\ word", (0.9, 0.999), (6,), -0.0])
def test_the_source_means_the_very_value(value: object) -> None:
    node = ast.parse(Call("f", value).source(), mode="eval").body
    assert isinstance(node, ast.Call)
    assert repr(ast.literal_eval(node.args[0])) == repr(value)


def test_it_never_changes() -> None:
    call = Call("f", lr=0.1)
    with pytest.raises(TypeError):
        call.named["lr"] = 1.0  # type: ignore[index]
    with pytest.raises(AttributeError):
        call.target = "g"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["no_such_module.Thing", "datetime.no_such_thing", "datetime.date.today2"])
def test_a_name_that_is_not_there_is_said(name: str) -> None:
    with pytest.raises(UserError) as raised:
        find(name)
    assert name in raised.value.message
