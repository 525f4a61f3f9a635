"""Settings of the optimizers that exclude one another, and what mends them."""

from typing import Any

import pytest

from fmstudio.catalog.optimizers import OPTIMIZERS, Sgd
from fmstudio.schema.choice import read
from fmstudio.schema.problem import InvalidSpecError


def mended(kind: str, values: dict[str, Any], path: str) -> dict[str, Any]:
    """The values after the mending of the one problem, which must stand at this path."""
    with pytest.raises(InvalidSpecError) as raised:
        read(OPTIMIZERS[kind], values)
    (problem,) = raised.value.problems
    assert problem.path == path
    assert problem.mending is not None
    return {**values, **dict(problem.mending.changes)}


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_fused_and_foreach_exclude_each_other(kind: str) -> None:
    better = read(OPTIMIZERS[kind], mended(kind, {"foreach": True}, "foreach"))
    assert (better.foreach, better.fused) == (True, False)


@pytest.mark.parametrize(
    ("values", "momentum"),
    [({}, 0.9), ({"momentum": 0.5, "dampening": 0.1}, 0.5), ({"dampening": 1.0}, 0.9)],
)
def test_nesterov_needs_momentum_and_no_dampening(values: dict[str, Any], momentum: float) -> None:
    better = read(Sgd, mended("sgd", {**values, "nesterov": True}, "nesterov"))
    assert (better.nesterov, better.momentum, better.dampening) == (True, momentum, 0.0)


def test_nesterov_with_momentum_is_fine() -> None:
    assert read(Sgd, {"nesterov": True, "momentum": 0.5}).nesterov


@pytest.mark.parametrize(("kind", "most"), [("sgd", 10), ("adam", 1)])
def test_the_rate_has_limits(kind: str, most: float) -> None:
    assert read(OPTIMIZERS[kind], {"lr": most}).lr == most
    for rate in (0, -0.1, most * 1.0001):
        mended(kind, {"lr": rate}, "lr")
