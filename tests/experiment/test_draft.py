"""Changing a spec by paths."""

from typing import Any

import pytest

from fmstudio.experiment.draft import changed, get, parse_assignment
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.schema.problem import InvalidSpecError

USUAL = to_mapping(ExperimentSpec())


def test_get_follows_a_path() -> None:
    assert get(USUAL, "optimizer.lr") == 0.001
    assert get(USUAL, "epochs") == 2
    assert get(USUAL, "optimizer.wat") is None
    assert get(USUAL, "epochs.wat.deeper") is None


def test_a_change_leaves_the_old_draft_as_it_was() -> None:
    before = to_mapping(ExperimentSpec())
    after = changed(before, [("optimizer.lr", 0.5), ("epochs", 9)])
    assert (get(after, "optimizer.lr"), get(after, "epochs")) == (0.5, 9)
    assert before == USUAL
    assert get(after, "optimizer.betas") == [0.9, 0.999]


def test_changes_come_one_after_the_other() -> None:
    after = changed(USUAL, [("optimizer.lr", 0.5), ("optimizer.kind", "sgd"), ("optimizer.momentum", 0.9)])
    assert get(after, "optimizer") == {
        "kind": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.0, "nesterov": False, "dampening": 0.0,
        "maximize": False, "foreach": False, "fused": True,
    }  # fmt: skip


def test_a_new_kind_puts_the_other_settings_back() -> None:
    after = changed(changed(USUAL, [("optimizer.lr", 0.5)]), [("optimizer.kind", "adam")])
    assert get(after, "optimizer.lr") == 0.001


def test_an_unknown_kind_stays_to_be_complained_about() -> None:
    assert get(changed(USUAL, [("optimizer.kind", "wat")]), "optimizer") == {"kind": "wat"}
    assert get(changed(USUAL, [("optimizer.kind", ["sgd"])]), "optimizer") == {"kind": ["sgd"]}


def test_a_path_makes_what_is_not_there() -> None:
    assert changed({}, [("optimizer.lr", 0.5)]) == {"optimizer": {"lr": 0.5}}
    assert changed({"optimizer": 3}, [("optimizer.lr", 0.5)]) == {"optimizer": {"lr": 0.5}}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("epochs=3", "epochs", 3),
        ("optimizer.lr=1e-3", "optimizer.lr", 0.001),
        ("loss.kind=mse", "loss.kind", "mse"),
        ("batch_size=all", "batch_size", "all"),
        ("shuffle=false", "shuffle", False),
        ("optimizer.betas=[0.9, 0.99]", "optimizer.betas", [0.9, 0.99]),
        ("name=a=b", "name", "a=b"),
        ("name=", "name", ""),
        ("optimizer.lr=0,001", "optimizer.lr", "0,001"),
        (" epochs =3", "epochs", 3),
    ],
)
def test_an_assignment_is_json_or_else_a_text(text: str, path: str, value: Any) -> None:
    assert parse_assignment(text) == (path, value)


@pytest.mark.parametrize("text", ["epochs", "", "=3", "  =3"])
def test_an_assignment_needs_a_path_and_a_value(text: str) -> None:
    with pytest.raises(InvalidSpecError) as raised:
        parse_assignment(text)
    (problem,) = raised.value.problems
    assert problem.path == "--set"
    assert "PATH=VALUE" in problem.message


LAYERS = changed(USUAL, [("architecture.kind", "layers")])


def test_a_row_of_a_list_has_a_path_of_its_own() -> None:
    after = changed(LAYERS, [("architecture.layers.0.channels", 9), ("architecture.layers.1", {"kind": "tanh"})])
    assert get(after, "architecture.layers.0.channels") == 9
    assert get(after, "architecture.layers.0.kernel_size") == 5
    assert get(after, "architecture.layers.1") == {"kind": "tanh"}
    assert get(after, "architecture.layers.2") == get(LAYERS, "architecture.layers.2")
    assert get(LAYERS, "architecture.layers.0.channels") == 6
    assert get(after, "architecture.layers.77.channels") is None
    assert get(after, "architecture.layers.x") is None


def test_a_row_that_is_no_mapping_becomes_one() -> None:
    assert changed({"architecture": {"layers": [3]}}, [("architecture.layers.0.kind", "relu")]) == {
        "architecture": {"layers": [{"kind": "relu"}]}
    }


@pytest.mark.parametrize("row", ["77", "11", "-1", "x"])
def test_a_row_that_is_not_there_is_a_problem_at_its_whole_path(row: str) -> None:
    with pytest.raises(InvalidSpecError) as raised:
        changed(LAYERS, [(f"architecture.layers.{row}.channels", 2)])
    (problem,) = raised.value.problems
    assert problem.path == f"architecture.layers.{row}.channels"
    assert problem.message == f"there is no row {row}; the rows are 0 to 10"
