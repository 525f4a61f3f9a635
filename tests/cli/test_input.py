"""A recipe from a file: a person's, or one that a run recorded, perhaps with an older version."""

import json
from pathlib import Path

import pytest

from fmstudio.catalog.datasets import Pictures
from fmstudio.cli.input import spec_named
from fmstudio.experiment.spec import ExperimentSpec, to_mapping


@pytest.mark.parametrize(("of_a_run", "drawn_by"), [(True, 7), (False, 0)])
def test_the_spec_of_an_older_run_tests_on_the_same_pictures(tmp_path: Path, of_a_run: bool, drawn_by: int) -> None:
    spec = {**to_mapping(ExperimentSpec()), "seed": 7}
    del spec["dataset"]["test_seed"]
    spec["dataset"]["test_size"] = 50
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    if of_a_run:
        (tmp_path / "events.jsonl").touch()
    dataset = spec_named(str(tmp_path / "spec.json"), []).dataset
    assert isinstance(dataset, Pictures)
    assert dataset.test_seed == drawn_by
