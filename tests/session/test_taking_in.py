"""Runs come into the library, a lesson among the lessons; words of a stranger never lead out of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.figures import FigureFacts
from fmstudio.runs.store import RunFolder
from fmstudio.session.taking_in import (
    adopt_all,
    in_library,
    is_kept,
    keep_lesson,
    run_of,
    whole_draft,
    without_start,
)

SPEC = to_mapping(ExperimentSpec())


def run_folder(path: Path, spec: object = SPEC) -> RunFolder:
    path.mkdir(parents=True)
    (path / "spec.json").write_text(json.dumps(spec))
    (path / "events.jsonl").write_text("")
    return RunFolder(path)


def test_runs_are_copied_and_one_that_is_none_keeps_no_other_away(tmp_path: Path) -> None:
    library = tmp_path / "library"
    runs = [run_folder(tmp_path / "class" / "run-1"), RunFolder(tmp_path / "class" / "none")]
    runs.append(run_folder(tmp_path / "class" / "run-2", {**SPEC, "epochs": 3}))
    adopted = adopt_all(runs, library)
    assert len(adopted.ids) == 2
    assert len(adopted.problems) == 1
    assert all(in_library(library / name, library) for name in adopted.ids)
    assert not in_library(runs[0].path, library)


def test_a_figures_run_is_found_by_its_id_where_the_settings_are_the_same(tmp_path: Path) -> None:
    run_folder(tmp_path / "20250101-120000-ab", {**SPEC, "epochs": 3})
    run_folder(tmp_path.parent / "outside" / "run", SPEC)
    facts = FigureFacts(run="20250101-120000-ab", spec={"epochs": 3})
    assert run_of(facts, tmp_path) == "20250101-120000-ab"
    assert run_of(FigureFacts(run=facts.run, spec={"epochs": 4}), tmp_path) == ""
    for name in ("", ".", "..", "../outside/run", "/etc", "..\\outside", "a\0b", str(tmp_path.parent / "outside/run")):
        assert run_of(FigureFacts(run=name, spec=SPEC), tmp_path) == ""


@pytest.mark.parametrize("content", ["{", "[]", "[" * 5000, '{"architecture": {"kind": "layers", "layers.5.x": 1}}'])
def test_a_damaged_run_is_not_the_one(tmp_path: Path, content: str) -> None:
    folder = run_folder(tmp_path / "run")
    folder.spec.write_text(content)
    assert run_of(FigureFacts(run="run", spec=SPEC), tmp_path) == ""


def test_the_place_of_a_strangers_weights_is_left_out() -> None:
    assert without_start({"epochs": 2, "start_from": "//other/computer"}) == {"epochs": 2}


@pytest.mark.parametrize(
    "values",
    [
        {"a": [[[[[[[[[[]]]]]]]]]] * 3},
        {"optimizer": "sgd", "dataset": [1, 2], "epochs": {"x": 1}},
        {"": 1, ".": 2, "a..b": {"c": 3}},
        {"optimizer": {"kind": {"x": 1}}},
        {"seed": -1, "epochs": "many", "name": "<b>x</b>"},
    ],
)
def test_settings_of_a_stranger_become_a_draft_with_all_defaults(values: dict[str, Any]) -> None:
    assert set(SPEC) <= set(whole_draft(values))


def test_settings_that_are_not_built_as_a_recipe_get_a_sentence() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"x": deep}
    rows = {"architecture": {"kind": "layers", "layers.99.channels": 1}}
    for values in (deep, rows, {"seed": 2**64}, {"optimizer": {"betas": [[-(10**400)]]}}, {"name": "x" * 20_000}):
        with pytest.raises(UserError, match="not built as a recipe"):
            whole_draft(values)


def test_a_lesson_is_kept_once_and_never_over_another(tmp_path: Path) -> None:
    shipped = paths.resource("lessons") / f"{FIRST}.json"
    mine = tmp_path / "mine.json"
    mine.write_bytes(shipped.read_bytes())
    assert is_kept(shipped)
    assert not is_kept(mine)
    assert keep_lesson(mine) == "mine"
    assert lesson("mine").title == "First look"
    assert is_kept(paths.lessons_folder() / "mine.json")
    with pytest.raises(UserError, match="already"):
        keep_lesson(mine)
    other = tmp_path / f"{FIRST}.json"
    other.write_bytes(shipped.read_bytes())
    with pytest.raises(UserError, match="already"):
        keep_lesson(other)
