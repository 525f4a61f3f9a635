"""What a failed run offers."""

from collections.abc import Callable

import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.training.failure import diverged, gentler_rate, out_of_memory

Small = Callable[..., ExperimentSpec]


@pytest.mark.parametrize(
    ("kind", "rate", "gentler"),
    [("sgd", 10.0, 0.1), ("sgd", 0.5, 0.05), ("sgd", 0.05, 0.005), ("adam", 1.0, 0.001), ("adam", 0.0003, 3e-5)],
)
def test_the_rate_to_try_is_smaller_and_usual(small: Small, kind: str, rate: float, gentler: float) -> None:
    assert gentler_rate(small(("optimizer.kind", kind), ("optimizer.lr", rate))) == gentler


@pytest.mark.parametrize("rate", [1e-300, 1e-7, 0.33, 1.0])
def test_a_mending_gives_a_spec_that_can_be_run(small: Small, rate: float) -> None:
    spec = small(("optimizer.lr", rate))
    end = diverged(spec, 1, 12)
    assert "12" in end.message
    mended = read_spec(changed(to_mapping(spec), end.mending))
    assert 0 < mended.optimizer.lr < rate


@pytest.mark.parametrize(("size", "smaller"), [(64, 32), ("all", 150), (10_000, 150), (1, 1)])
def test_a_smaller_batch_is_really_smaller(small: Small, size: int | str, smaller: int) -> None:
    spec = small(("batch_size", size))
    end = out_of_memory(spec, 1, 0)
    assert end.mending == (("batch_size", smaller),)
    read_spec(changed(to_mapping(spec), end.mending))
