"""The spec: its JSON, its limits, and all of its problems, each with a mending that mends."""

import json
import math
from typing import Any

import pytest

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.catalog.optimizers import OPTIMIZERS, Adam, Sgd
from fmstudio.experiment.draft import Draft, changed
from fmstudio.experiment.misfits import misfits
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, kind_of, to_mapping
from fmstudio.schema.problem import InvalidSpecError, Problem

USUAL = to_mapping(ExperimentSpec())
Changes = list[tuple[str, Any]]


def draft(changes: Changes) -> Draft:
    return changed(USUAL, changes)


def problems(values: Any) -> list[Problem]:
    with pytest.raises(InvalidSpecError) as raised:
        read_spec(values)
    return list(raised.value.problems)


def test_nothing_said_is_the_usual_experiment() -> None:
    assert read_spec({}) == ExperimentSpec()


def test_the_json_of_the_contract_is_read() -> None:
    spec = read_spec(
        json.loads(
            """{"version": 1, "name": "CNN", "dataset": {"kind": "fashion-mnist"}, "architecture": {"kind": "cnn"},
            "loss": {"kind": "cross-entropy"}, "optimizer": {"kind": "adam", "lr": 0.01},
            "schedule": {"kind": "constant"}, "epochs": 2, "batch_size": 100, "shuffle": false, "drop_last": false,
            "validation": 0, "device": "auto", "precision": "float32", "threads": 0, "seed": 0}"""
        )
    )
    assert (spec.name, spec.optimizer, spec.batch_size, spec.shuffle) == ("CNN", Adam(lr=0.01), 100, False)


def test_left_out_kinds_take_their_defaults_too() -> None:
    assert read_spec({"optimizer": {"lr": 0.5}}).optimizer == Adam(lr=0.5)
    assert read_spec({"optimizer": {}}) == ExperimentSpec()


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [("name", "卷积 “1” \n"), ("batch_size", "all"), ("epochs", 100_000), ("seed", 2**63 - 1)],
        [("optimizer.kind", "sgd"), ("optimizer.momentum", 0.9), ("optimizer.nesterov", True)],
        [("architecture.kind", "mlp"), ("architecture.hidden", [5]), ("validation", 0.25), ("device", "cuda:1")],
        [("schedule.kind", "one-cycle"), ("schedule.anneal_strategy", "linear"), ("validation", 5000)],
        [("optimizer.betas", [0, 0.5]), ("loss.label_smoothing", 0.1), ("dataset.normalise", True)],
    ],
)
def test_it_survives_json_with_all_fields_of_its_choices(changes: Changes) -> None:
    spec = read_spec(draft(changes))
    mapping = to_mapping(spec)
    assert read_spec(json.loads(json.dumps(mapping, allow_nan=False))) == spec
    for path, value in changes:
        found: Any = mapping
        for name in path.split("."):
            found = found[name]
        assert found == value


def test_it_never_changes_and_can_be_compared() -> None:
    spec = read_spec(draft([("optimizer.kind", "sgd")]))
    assert spec == read_spec(draft([("optimizer.kind", "sgd")]))
    assert spec != ExperimentSpec()
    with pytest.raises(ValueError, match="frozen"):
        spec.epochs = 3


def test_what_stands_in_no_table_has_no_kind() -> None:
    class Other(Sgd):
        """Not in the table."""

    with pytest.raises(KeyError, match="Other"):
        kind_of(Other())


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("optimizer.lr", 0, "must be greater than 0"),
        ("optimizer.lr", -0.1, "must be greater than 0"),
        ("optimizer.lr", math.nan, "must be a finite number"),
        ("optimizer.lr", 1e400, "must be a finite number"),
        ("optimizer.lr", "0,001", "must be a number, with a point: 0.001"),
        ("optimizer.lr", True, "must be a number, with a point: 0.001"),
        ("optimizer.lr", 1.5, "must be at most 1"),
        ("epochs", 0, "must be at least 1"),
        ("epochs", 100_001, "must be at most 100,000"),
        ("epochs", 2.0, "must be a whole number"),
        ("batch_size", 0, "must be at least 1"),
        ("batch_size", -1, "must be at least 1"),
        ("batch_size", 10_000_001, "must be at most 10,000,000"),
        ("batch_size", "ALL", "must be a whole number greater than 0, or “all”"),
        ("batch_size", "64", "must be a whole number greater than 0, or “all”"),
        ("batch_size", True, "must be a whole number greater than 0, or “all”"),
        ("batch_size", 1.5, "must be a whole number greater than 0, or “all”"),
        ("validation", -0.1, "must be at least 0"),
        ("validation", math.inf, "must be a finite number"),
        ("shuffle", "no", "must be true or false"),
        ("device", 0, "must be the name of a device: auto, cpu, cuda:0"),
        ("precision", "float16", "must be one of: float32"),
        ("threads", -1, "must be at least 0"),
        ("threads", 1025, "must be at most 1,024"),
        ("seed", -1, "must be at least 0"),
        ("seed", 2**63, "must be at most 9,223,372,036,854,775,807"),
        ("dataset.train_size", -1, "must be at least 0"),
        ("dataset.test_size", 0.5, "must be a whole number"),
        ("architecture.channels", [0], "must be at least 1"),
        ("architecture.features", [], "needs 1 to 8 numbers"),
        ("loss.label_smoothing", 1, "must be less than 1"),
    ],
)
def test_a_wrong_value_is_one_problem_at_its_path_and_its_mending_mends(path: str, value: Any, message: str) -> None:
    wrong = draft([(path, value)])
    (problem,) = problems(wrong)
    assert (problem.path, problem.message) == (path, message)
    assert problem.mending is not None
    assert read_spec(changed(wrong, problem.mending.changes)) == ExperimentSpec()


@pytest.mark.parametrize("version", [0, 2, "1", None, True, [1]])
def test_another_version_is_said_so(version: object) -> None:
    (problem,) = problems(draft([("version", version)]))
    assert problem.path == "version"
    assert "this program reads version 1" in problem.message


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("optimiser", {}, "there is no such setting. Did you mean “optimizer”?"),
        ("epoch", 3, "there is no such setting. Did you mean “epochs”?"),
        ("frobnicate", 3, "there is no such setting."),
        ("optimizer.learning", 0.1, "there is no such setting."),
        ("optimizer.beta", [0.9, 0.9], "there is no such setting. Did you mean “betas”?"),
        ("architecture.kind", "cnm", f"must be one of: {', '.join(ARCHITECTURES)}. Did you mean “cnn”?"),
        ("architecture.kind", "CNN", f"must be one of: {', '.join(ARCHITECTURES)}. Did you mean “cnn”?"),
        ("optimizer.kind", "zzz", f"must be one of: {', '.join(OPTIMIZERS)}."),
        ("optimizer.kind", 7, f"must be one of: {', '.join(OPTIMIZERS)}."),
        ("optimizer.kind", None, f"must be one of: {', '.join(OPTIMIZERS)}."),
        ("optimizer", "adam", 'must be an object with a kind: {"kind": "sgd"}'),
        ("optimizer", ["adam"], 'must be an object with a kind: {"kind": "sgd"}'),
        ("optimizer", None, 'must be an object with a kind: {"kind": "sgd"}'),
    ],
)
def test_an_unknown_name_is_a_problem_with_the_name_that_was_meant(path: str, value: Any, message: str) -> None:
    (problem,) = problems(draft([(path, value)]))
    assert (problem.path, problem.message) == (path, message)


@pytest.mark.parametrize("values", [[], None, "cnn", 3, True])
def test_what_is_no_mapping_is_a_problem(values: object) -> None:
    (problem,) = problems(values)
    assert (problem.path, problem.message) == ("spec", 'must be an object with settings: {"epochs": 2}')


def test_every_problem_comes_at_once() -> None:
    found = problems(
        draft(
            [
                ("optimizer.lr", -1),
                ("optimizer.momentum", 0.9),
                ("loss.kind", "cross-entrop"),
                ("schedule", 3),
                ("architecture.kernel_size", 29),
                ("dataset.train_size", 60_001),
                ("dataset.test_size", 10_001),
                ("epochs", 0),
                ("batch_size", "some"),
                ("seed", 1.5),
                ("wat", 1),
                ("version", 2),
            ]
        )
    )
    assert sorted(problem.path for problem in found) == [
        "architecture.kernel_size", "batch_size", "dataset.test_size", "dataset.train_size", "epochs", "loss.kind",
        "optimizer.lr", "optimizer.momentum", "schedule", "seed", "version", "wat",
    ]  # fmt: skip


def test_mending_all_at_once_mends() -> None:
    wrong = draft([("optimizer.lr", -1), ("epochs", 0), ("batch_size", []), ("architecture.kernel_size", 29)])
    mendings = [problem.mending for problem in problems(wrong)]
    for mending in mendings:
        assert mending is not None
        wrong = changed(wrong, mending.changes)
    assert read_spec(wrong) == ExperimentSpec()


NORMALISED: Changes = [("architecture.kind", "mlp"), ("architecture.batch_norm", True)]
ONE_CYCLE: Changes = [("schedule.kind", "one-cycle"), ("batch_size", "all")]


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ([("architecture.kernel_size", 29)], "architecture.kernel_size", "a window of 29 × 29 is larger"),
        ([("architecture.kernel_size", 24)], "architecture.kernel_size", "which is only 2 × 2 here"),
        ([("architecture.channels", [6, 12, 24])], "architecture.kernel_size", "which is only 4 × 4 here"),
        ([("architecture.channels", [2] * 5)], "architecture.kernel_size", "which is only 4 × 4 here"),
        (
            [("architecture.kernel_size", 1), ("architecture.channels", [2] * 5)],
            "architecture.channels",
            "which is only 1 × 1 here",
        ),
        (
            [("architecture.kernel_size", 28), ("architecture.channels", [6])],
            "architecture.channels",
            "which is only 1 × 1 here",
        ),
        ([("dataset.train_size", 60_001)], "dataset.train_size", "there are only 60,000"),
        ([("dataset.test_size", 10_001)], "dataset.test_size", "there are only 10,000"),
        ([("validation", 60_000)], "validation", "leaves nothing to learn from"),
        ([("validation", 10**9)], "validation", "leaves nothing to learn from"),
        ([("validation", 0.9999), ("dataset.train_size", 100)], "validation", "leaves nothing to learn from"),
        ([("drop_last", True), ("dataset.train_size", 127)], "drop_last", "leaves no batch"),
        ([("drop_last", True), ("batch_size", 60_001)], "drop_last", "leaves no batch"),
        ([*NORMALISED, ("batch_size", 1)], "architecture.batch_norm", "more than one sample in every batch"),
        ([*NORMALISED, ("batch_size", 59_999)], "architecture.batch_norm", "more than one sample in every batch"),
        ([*NORMALISED, ("dataset.train_size", 1)], "architecture.batch_norm", "more than one sample in every batch"),
        ([*ONE_CYCLE, ("epochs", 10), ("schedule.pct_start", 0.1)], "schedule.pct_start", "exactly one step"),
        ([*ONE_CYCLE, ("epochs", 2), ("schedule.pct_start", 0.5)], "schedule.pct_start", "exactly one step"),
    ],
)
def test_choices_that_do_not_fit_are_a_problem_and_its_mending_mends(changes: Changes, path: str, message: str) -> None:
    wrong = draft(changes)
    (problem,) = problems(wrong)
    assert problem.path == path
    assert message in problem.message
    assert problem.mending is not None
    read_spec(changed(wrong, problem.mending.changes))


def test_a_mending_of_the_network_changes_no_more_than_it_must() -> None:
    kept = [("architecture.features", [30]), ("architecture.activation", "tanh")]
    (problem,) = problems(draft([*kept, ("architecture.kernel_size", 29)]))
    assert problem.mending is not None
    assert problem.mending.changes == (("architecture.kernel_size", 5),)


def test_a_lone_last_picture_is_dropped_by_the_mending() -> None:
    (problem,) = problems(draft([*NORMALISED, ("batch_size", 59_999)]))
    assert problem.mending is not None
    assert problem.mending.changes == (("drop_last", True),)


@pytest.mark.parametrize(
    "changes",
    [
        [("validation", 59_999)],
        [("validation", 0.5), ("dataset.train_size", 2)],
        [("drop_last", True), ("dataset.train_size", 128)],
        [("drop_last", True), ("batch_size", "all"), ("dataset.train_size", 3)],
        [("batch_size", 10_000_000)],
        [*NORMALISED, ("batch_size", 2), ("dataset.train_size", 2)],
        [*NORMALISED, ("batch_size", 59_999), ("drop_last", True)],
        [("dataset.train_size", 60_000), ("dataset.test_size", 10_000)],
        [*ONE_CYCLE, ("epochs", 1)],
    ],
)
def test_the_edge_of_what_fits_fits(changes: Changes) -> None:
    assert misfits(read_spec(draft(changes))) == ()


def test_a_number_of_held_back_pictures_is_whole() -> None:
    (problem,) = problems(draft([("validation", 2.5)]))
    assert str(problem) == "validation: must be a share below 1 or a whole number of samples"


def test_nothing_is_said_about_what_hangs_on_a_wrong_value() -> None:
    found = problems(draft([("drop_last", True), ("dataset.train_size", 100), ("batch_size", 0)]))
    assert [problem.path for problem in found] == ["batch_size"]


@pytest.mark.parametrize(
    ("changes", "samples", "held", "batch", "steps"),
    [
        ([], 60_000, 0, 128, 469),
        ([("drop_last", True)], 60_000, 0, 128, 468),
        ([("batch_size", "all")], 60_000, 0, 60_000, 1),
        ([("batch_size", 1), ("dataset.train_size", 7)], 7, 0, 1, 7),
        ([("batch_size", 100), ("dataset.train_size", 30)], 30, 0, 100, 1),
        ([("validation", 0.1)], 54_000, 6_000, 128, 422),
        ([("validation", 5_000), ("batch_size", "all")], 55_000, 5_000, 55_000, 1),
        ([("validation", 0.1), ("dataset.train_size", 1_000), ("batch_size", 900)], 900, 100, 900, 1),
    ],
)
def test_what_is_counted(changes: Changes, samples: int, held: int, batch: int, steps: int) -> None:
    spec = read_spec(draft(changes))
    assert (spec.train_samples, spec.validation_samples, spec.batch, spec.steps_per_epoch) == (
        samples, held, batch, steps,
    )  # fmt: skip
    assert (spec.facts.samples, spec.facts.total_steps) == (samples, steps * spec.epochs)
