"""What does not fit together: memory above all, and that everything is told at once."""

import math
import os
from typing import Any

import pytest

from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.experiment import memory, misfits
from fmstudio.experiment.draft import changed
from fmstudio.experiment.memory import available_bytes, needed_bytes
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.schema.problem import InvalidSpecError, Problem

GIB = 2**30
Changes = list[tuple[str, Any]]
LINEAR: Changes = [
    ("dataset.kind", "linear"), ("architecture.kind", "linear-regression"), ("loss.kind", "mse"),
    ("optimizer.kind", "sgd"),
]  # fmt: skip
MLP: Changes = [("architecture.kind", "mlp")]
WIDE: Changes = [
    ("architecture.kind", "layers"),
    ("architecture.layers", [{"kind": "flatten"}, {"kind": "linear", "features": 10**8}]),
]  # fmt: skip
POOLS: Changes = [("architecture.kind", "layers"), ("architecture.layers", [{"kind": "max-pool"}] * 5)]


def read(changes: Changes) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), changes))


def problems(changes: Changes) -> list[Problem]:
    with pytest.raises(InvalidSpecError) as raised:
        read(changes)
    return list(raised.value.problems)


@pytest.fixture(autouse=True)
def sixteen_gib(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer has so much memory, whatever runs the test."""
    monkeypatch.setattr(misfits, "available_bytes", lambda: 16 * GIB)


class TestMemory:
    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ([*MLP, ("architecture.hidden", [10**8])], "architecture.hidden"),
            ([*MLP, ("architecture.hidden", [10**8, 10**8])], "architecture.hidden"),
            ([*MLP, ("architecture.hidden", [10**8]), ("batch_size", 1)], "architecture.hidden"),
            ([*MLP, ("architecture.hidden", [10**8]), ("batch_size", "all")], "architecture.hidden"),
            ([*MLP, ("architecture.hidden", [10**8]), ("optimizer.kind", "lbfgs")], "architecture.hidden"),
            ([*MLP, ("architecture.hidden", [10**8]), ("device", "cuda:0")], "architecture.hidden"),
            ([*MLP, ("architecture.hidden", [4000]), ("optimizer.kind", "lbfgs"), ("optimizer.history_size", 1000)],
             "optimizer.kind"),
            ([("architecture.kind", "resnet-18"), ("batch_size", "all")], "batch_size"),
            ([("architecture.kind", "resnet-18"), ("batch_size", 10_000_000)], "batch_size"),
            (WIDE, "architecture.layers"),
        ],
    )  # fmt: skip
    def test_what_needs_too_much_is_refused_and_the_mending_mends(self, changes: Changes, path: str) -> None:
        (problem,) = problems(changes)
        assert problem.path == path
        assert "GB of memory; this computer has 16 GB" in problem.message
        assert problem.mending is not None
        read([*changes, *problem.mending.changes])

    def test_where_nothing_alone_helps_it_is_said_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(misfits, "available_bytes", lambda: GIB // 100)
        (problem,) = problems([])
        assert (problem.path, problem.mending) == ("architecture.kind", None)

    @pytest.mark.parametrize(
        "changes",
        [
            [],
            [("batch_size", "all")],
            [("architecture.kind", "resnet-18")],
            [*MLP, ("architecture.hidden", [10_000, 10_000])],
            [*MLP, ("optimizer.kind", "lbfgs"), ("batch_size", "all")],
            [*LINEAR, ("dataset.n", 1_000_000), ("dataset.w", [1.0] * 100), ("batch_size", "all")],
        ],
    )
    def test_what_fits_is_taken(self, changes: Changes) -> None:
        assert needed_bytes(read(changes)) < 16 * GIB

    def test_nothing_is_built_to_find_it_out(self) -> None:
        spec = ExperimentSpec()
        huge = spec.model_copy(update={"architecture": read(MLP).architecture.model_copy(update={"hidden": (10**8,)})})
        assert needed_bytes(huge) == pytest.approx(8 * 4 * (785 + 10) * 10**8, rel=0.1)

    def test_each_part_counts(self) -> None:
        usual = needed_bytes(read(MLP))
        assert needed_bytes(read([*MLP, ("batch_size", 6000)])) > usual
        assert needed_bytes(read([*MLP, ("averaging", 0.9)])) > usual
        assert needed_bytes(read([*MLP, ("dataset.train_size", 1000)])) < usual
        history = [
            needed_bytes(read([*MLP, ("optimizer.kind", "lbfgs"), ("optimizer.history_size", n)])) for n in (1, 2)
        ]
        assert history[1] - history[0] == 2 * memory.weights_bytes(read(MLP))

    def test_a_large_batch_counts_no_more_than_there_are_samples(self) -> None:
        assert needed_bytes(read([("batch_size", 10_000_000)])) == needed_bytes(read([("batch_size", "all")]))

    def test_points_count_by_number_and_by_inputs(self) -> None:
        def points(n: int, w: int) -> int:
            return needed_bytes(read([*LINEAR, ("dataset.n", n), ("dataset.w", [1.0] * w), ("dataset.test_n", 1)]))

        assert points(1_000_000, 100) == pytest.approx(10 * points(100_000, 100), rel=0.01)
        assert points(1_000_000, 100) == pytest.approx(100 * points(1_000_000, 1), rel=0.05)
        assert points(1_000_000, 100) > 4 * 10**8

    @pytest.mark.skipif(not hasattr(os, "sysconf"), reason="this system does not tell")
    def test_the_memory_of_this_computer_is_known(self) -> None:
        assert 2**28 < available_bytes() < 2**50

    @pytest.mark.parametrize("kind", OPTIMIZERS)
    def test_every_optimizer_says_how_much_it_remembers(self, kind: str) -> None:
        assert 2 <= OPTIMIZERS[kind]().remembered <= 300


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        (POOLS, "architecture.layers.4.kernel_size", "larger than the picture, which is only 1 × 1 here"),
        ([("architecture.kernel_size", 29)], "architecture.kernel_size", "29 × 29 is larger"),
        ([("architecture.kernel_size", 10**9)], "architecture.kernel_size", "is larger than the picture"),
        ([("optimizer.kind", "sparse-adam")], "optimizer.kind", "needs sparse gradients"),
        ([("architecture.kind", "linear-regression")], "architecture.kind", "these pictures have classes"),
        ([*LINEAR, ("loss.kind", "cross-entropy")], "loss.kind", "these points have numbers to predict"),
        ([*LINEAR, ("loss.kind", "kl-div")], "loss.kind", "these points have numbers to predict"),
        ([*LINEAR, ("loss.kind", "poisson-nll")], "loss.kind", "the smallest y is"),
        ([*LINEAR, ("architecture.kind", "cnn")], "architecture.kind", "is for pictures with classes"),
        ([*LINEAR, ("optimizer.kind", "sparse-adam")], "optimizer.kind", "needs sparse gradients"),
        ([("early_stopping", 3)], "validation", "held back: none are"),
        ([("schedule.kind", "plateau")], "validation", "held back: none are"),
        ([("gradient_clipping", 1.0), ("optimizer.kind", "lbfgs")], "gradient_clipping", "must not be clipped"),
        ([("gradient_clipping", 1.0), ("optimizer.kind", "sparse-adam"),
          ("architecture.kind", "softmax-regression-sparse")], "gradient_clipping", "cannot be clipped"),
        ([("dataset.train_size", 60_001)], "dataset.train_size", "there are only 60,000"),
        ([("validation", 0.9999), ("dataset.train_size", 100)], "validation", "leaves nothing to learn from"),
    ],
)  # fmt: skip
def test_each_misfit_stands_at_its_place_and_its_mending_mends(changes: Changes, path: str, words: str) -> None:
    (problem,) = problems(changes)
    assert problem.path == path
    assert words in problem.message
    assert problem.mending is not None
    read([*changes, *problem.mending.changes])


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, 1e400, "0,001", True, None, [0.1]])
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_no_optimizer_takes_a_wrong_learning_rate(kind: str, value: Any) -> None:
    sparse: Changes = [("architecture.kind", "softmax-regression-sparse")] if kind == "sparse-adam" else []
    (problem,) = problems([*sparse, ("optimizer.kind", kind), ("optimizer.lr", value)])
    assert problem.path == "optimizer.lr"


def test_all_are_told_at_once() -> None:
    found = problems(
        [
            *MLP,
            ("architecture.hidden", [10**8]),
            ("optimizer.lr", math.nan),
            ("loss.kind", "hinge"),
            ("validation", 1.5),
            ("initial_weights.kind", "ones"),
            ("averaging", 1.0),
            ("wat", 1),
        ]
    )
    assert {problem.path for problem in found} == {
        "architecture.hidden", "optimizer.lr", "loss.kind", "validation", "initial_weights.kind", "averaging", "wat",
    }  # fmt: skip


def test_chosen_without_a_word_on_validation_a_twelfth_is_held_back() -> None:
    assert read_spec({"early_stopping": 2}).validation_samples == 5000
    assert read_spec({"schedule": {"kind": "plateau"}}).validation_samples == 5000
    assert read_spec({}).validation_samples == 0
