"""``fmstudio labels``: the list of labels that are worth a look, for a reader and for another program."""

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from fmstudio.cli.labels import labels_csv, print_labels
from fmstudio.cli.labels_command import labels
from fmstudio.cli.output import DONE, INTERRUPTED, WrongUsageError
from fmstudio.data.corrections import pictures_of
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.data_check import Suspect
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.store import RunFolder
from fmstudio.training.control import Control
from fmstudio.training.loop import Training

QUICK: list[tuple[str, Any]] = [
    ("dataset.train_size", 300), ("dataset.test_size", 200), ("architecture.kind", "softmax-regression"),
    ("epochs", 3), ("batch_size", 32), ("threads", 1),
]  # fmt: skip


def trained(library: Path, *changes: tuple[str, Any]) -> RunFolder:
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [*QUICK, *changes]))
    started = next(iter(list(Recorder(Training(spec, Control()), library).events())))
    return RunFolder(library / started.run)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def wrong() -> list[list[Any]]:
    """Thirty planted wrong labels, ten of them on test pictures."""
    spec = read_spec(changed(to_mapping(ExperimentSpec()), QUICK))
    data = pictures_of(spec.dataset, 0)  # type: ignore[arg-type]
    found: list[list[Any]] = []
    for split, pictures, count in (("train", data.train, 20), ("test", data.test, 10)):
        rows = np.random.default_rng(1).permutation(len(pictures))[:count]
        found += [[split, int(pictures.samples[row]), int(pictures.labels[row] + 5) % 10] for row in rows]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, wrong: list[list[Any]]) -> RunFolder:
    return trained(tmp_path_factory.mktemp("library"), ("dataset.corrections", wrong))


def values(folder: RunFolder, capsys: pytest.CaptureFixture[str], split: str = "all", limit: int = 0) -> dict[str, Any]:
    assert print_labels(folder, split, Control(), limit=limit, form="json") == DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_planted_labels_stand_first(
    folder: RunFolder, wrong: list[list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = values(folder, capsys)
    assert found["run"] == folder.path.name
    assert found["count"] == len(found["labels"])
    planted = {(split, index) for split, index, _ in wrong}
    first = [(one["split"], one["index"]) for one in found["labels"][:45]]
    assert len(planted & set(first)) >= 12, "by chance it would be 3"
    assert {split for split, _ in first} == {"train", "test"}
    assert [one["score"] for one in found["labels"]] == sorted((one["score"] for one in found["labels"]), reverse=True)
    best = found["labels"][0]
    assert best["reasons"] == ["disagrees"]
    assert best["suggested_name"] != best["label_name"]
    assert sum(one["train"] for one in found["classes"]) == 300
    assert found["duplicates"] == []


def test_one_split_only(folder: RunFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    both = values(folder, capsys)["labels"]
    for split in ("train", "test"):
        assert values(folder, capsys, split)["labels"] == [one for one in both if one["split"] == split]


def test_the_test_pictures_need_no_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained(tmp_path)
    assert print_labels(folder, "test", Control(), form="csv") == DONE
    said = capsys.readouterr()
    assert "Training network" not in said.err
    assert not (folder.path / "labels").exists()


def test_a_reader_gets_names_and_a_summary(folder: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    total = values(folder, capsys)["count"]
    assert print_labels(folder, "all", Control(), limit=3) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Picture", "Label", "Perhaps", "Doubt", "Why"]
    assert lines[1].endswith("network disagrees")
    assert lines[4] == ""
    assert lines[5] == f"{total} labels are worth a look."
    assert "0 pictures are there more than once, 0 in both splits." in lines
    assert "0 pictures are empty." in lines
    assert lines[-1] == "Only the first 3 are shown; --limit 0 shows all."


def test_another_program_gets_a_table(folder: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    listed = values(folder, capsys, limit=5)["labels"]
    assert print_labels(folder, "all", Control(), limit=5, form="csv") == DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["split"], int(row["index"]), int(row["suggested"])) for row in rows] == [
        (one["split"], one["index"], one["suggested"]) for one in listed
    ]
    assert rows[0]["reasons"] == "disagrees"


def test_it_tells_how_far_it_is_and_trains_only_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained(tmp_path)
    assert print_labels(folder, "train", Control(), folds=2) == DONE
    assert capsys.readouterr().err.splitlines() == [
        "Comparing all pictures", "Training network 1 of 2", "Training network 2 of 2",
    ]  # fmt: skip
    assert print_labels(folder, "train", Control(), folds=2) == DONE
    assert capsys.readouterr().err.splitlines() == ["Comparing all pictures"]


def test_a_stop_is_told(folder: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    control = Control()
    control.stop()
    assert print_labels(folder, "all", control) == INTERRUPTED
    assert capsys.readouterr().out == ""


def test_a_run_of_numbers_has_no_labels(tmp_path: Path) -> None:
    folder = trained(
        tmp_path, ("dataset.kind", "linear"), ("dataset.n", 50), ("dataset.test_n", 20), ("loss.kind", "mse"),
        ("architecture.kind", "linear-regression"), ("optimizer.kind", "sgd"), ("optimizer.lr", 0.01),
    )  # fmt: skip
    with pytest.raises(WrongUsageError, match="trained on numbers"):
        print_labels(folder, "all", Control())


class TestCommand:
    def run(self, *arguments: str | Path) -> Result:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command("labels")(labels)
        app.command("other")(lambda: None)
        return CliRunner().invoke(app, ["labels", *map(str, arguments)])

    def test_it_takes_a_run_by_its_name(self, folder: RunFolder) -> None:
        result = self.run(folder.path.name, "--library", folder.path.parent, "--json", "--limit", "2")
        assert result.exit_code == DONE
        assert len(json.loads(result.stdout)["labels"]) == 2

    @pytest.mark.parametrize(
        "arguments", [["--split", "dev"], ["--csv", "--json"], ["--folds", "1"], ["--limit", "-1"], ["--limit", "many"]]
    )
    def test_wrong_options_are_refused(self, folder: RunFolder, arguments: list[str]) -> None:
        assert self.run(folder.path, *arguments).exit_code == 2

    def test_a_run_that_is_not_there_is_told(self) -> None:
        result = self.run("nope")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("There is no run “nope”.")


def test_the_users_own_class_names_are_no_formulas_in_the_table() -> None:
    names = SimpleNamespace(classes=("=1+1", "@shirt"))
    listed = SimpleNamespace(suspects=(Suspect("test", 3, 0, 1),), data=names)
    (row,) = csv.DictReader(io.StringIO(labels_csv(listed, 0)))  # type: ignore[arg-type]
    assert (row["label_name"], row["suggested_name"], row["index"]) == ("'=1+1", "'@shirt", "3")
