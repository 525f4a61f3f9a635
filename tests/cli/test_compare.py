"""Two runs on the command line: the same figures as text and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fmstudio.cli import app as cli
from fmstudio.runs.store import RunFolder

SMALL = ["dataset.train_size=600", "dataset.test_size=200", "architecture.kind=softmax-regression", "epochs=1"]
LINE = ["epochs=2", "dataset.n=50"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def train(library: Path, lesson: str, *settings: str) -> RunFolder:
    changes = [part for text in settings for part in ("--set", text)]
    result = run("train", lesson, *changes, "--library", library, "--json")
    assert result.exit_code == 0, result.output
    return RunFolder(library / json.loads(result.stdout.splitlines()[0])["run"])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def two(library: Path) -> tuple[RunFolder, RunFolder]:
    """Two runs that differ in their learning rate."""
    return train(library, "first-look", *SMALL), train(library, "first-look", *SMALL, "optimizer.lr=0.0001")


def compared(*arguments: str | Path) -> dict[str, Any]:
    result = run("compare", *arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    values: dict[str, Any] = json.loads(result.stdout)
    return values


def test_the_figures_belong_together(two: tuple[RunFolder, RunFolder], library: Path) -> None:
    values = compared(two[0].path.name, two[1].path.name, "--library", library)
    assert values["count"] == 200
    assert values["fixed"] + values["broken"] + values["both_right"] + values["both_wrong"] == 200
    assert values["a"]["right"] == values["both_right"] + values["broken"]
    assert values["b"]["right"] == values["both_right"] + values["fixed"]
    assert values["interval"][0] <= values["difference"] <= values["interval"][1]
    assert sum(one["support"] for one in values["classes"]) == 200
    assert sum(map(sum, values["difference_matrix"])) == 0
    assert values["a"]["run"] == two[0].path.name
    assert values["sentence"].startswith(f"B fixes {values['fixed']} and breaks {values['broken']}: ")


def test_turned_around_it_says_the_reverse(two: tuple[RunFolder, RunFolder]) -> None:
    there, back = compared(two[0].path, two[1].path), compared(two[1].path, two[0].path)
    assert (there["fixed"], there["broken"], there["p"]) == (back["broken"], back["fixed"], back["p"])
    assert there["difference"] == -back["difference"]


def test_a_reader_gets_the_sentence_and_a_table(two: tuple[RunFolder, RunFolder]) -> None:
    values = compared(two[0].path, two[1].path)
    result = run("compare", two[0].path, two[1].path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert values["sentence"] in result.stdout
    assert "percentage points, 95 % sure between" in result.stdout
    assert "B wrong" in result.stdout
    assert "T-shirt/top" in result.stdout
    assert two[1].path.name in result.stdout


def test_a_network_whose_answers_are_gone_is_asked_again(two: tuple[RunFolder, RunFolder], tmp_path: Path) -> None:
    before = compared(two[0].path, two[1].path)
    copy = RunFolder(tmp_path / "copy")
    copy.path.mkdir()
    for name in ("spec.json", "events.jsonl", "weights.safetensors"):
        (copy.path / name).write_bytes((two[1].path / name).read_bytes())
    after = compared(two[0].path, copy.path)
    for figure in ("fixed", "broken", "both_right", "both_wrong", "p"):
        assert after[figure] == before[figure]


def test_repetitions_with_other_seeds_say_whether_it_is_more_than_chance(tmp_path: Path) -> None:
    fast, slow = SMALL, [*SMALL, "optimizer.lr=0.0001"]
    groups = [[train(tmp_path, "first-look", *one, f"seed={seed}") for seed in (0, 1)] for one in (fast, slow)]
    first, second = groups[0][0].path.name, groups[1][1].path.name
    values = compared(first, second, "--library", tmp_path)
    seeds = values["seeds"]
    means = [sum(at["accuracy"] for at in pair) / 2 for pair in (
        [compared(one.path, other.path)["a"] for one, other in (group, group[::-1])] for group in groups
    )]  # fmt: skip
    assert (seeds["figure"], seeds["counts"]) == ("test_accuracy", [2, 2])
    assert seeds["means"] == pytest.approx(means)
    assert seeds["difference"] == pytest.approx(means[1] - means[0])
    assert seeds["interval"][0] < seeds["difference"] < seeds["interval"][1]
    assert seeds["beyond"] == (seeds["interval"][0] > 0 or seeds["interval"][1] < 0)
    assert seeds["sentence"].startswith("B against A, over all their seeds: ")
    assert seeds["sentence"] in values["words"]
    said = run("compare", first, second, "--library", tmp_path).stdout
    assert seeds["sentence"] in said.splitlines()
    assert "Welch" in said


def test_one_training_each_says_nothing_of_seeds(two: tuple[RunFolder, RunFolder]) -> None:
    values = compared(two[0].path, two[1].path)
    assert values["seeds"] is None
    assert values["better"] == "a"
    assert "One training each: another seed can change as much." in values["words"]
    assert "train each with several seeds" in values["words"][-1]


def test_what_cannot_be_compared_says_so(two: tuple[RunFolder, RunFolder], library: Path) -> None:
    line = train(library, "line", *LINE)
    for arguments, sentence in (
        ((two[0].path, line.path), "learns numbers"),
        ((two[0].path, "nobody"), "There is no run"),
    ):
        result = run("compare", *arguments, "--json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in result.stderr
        assert len(result.stderr.splitlines()) == 1
