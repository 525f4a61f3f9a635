"""The exported script, run in another process, gives the run's own numbers, bit for bit."""

import ast
import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fmstudio import paths
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.script import script
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded
from fmstudio.training.loop import Training

DATA = paths.resource("datasets/fashion-mnist")
Changes = list[tuple[str, Any]]
CNN: Changes = [
    ("dataset.train_size", 400), ("dataset.test_size", 600), ("dataset.normalise", True), ("epochs", 3),
    ("dataset.test_seed", 3),
    ("batch_size", 96), ("optimizer.lr", 0.01), ("schedule.kind", "one-cycle"), ("threads", 2),
]  # fmt: skip
MLP: Changes = [
    ("dataset.train_size", 1000), ("dataset.test_size", 700), ("seed", 7), ("epochs", 3), ("batch_size", 96),
    ("architecture.kind", "mlp"), ("architecture.dropout", 0.3), ("architecture.batch_norm", True),
    ("optimizer.kind", "sgd"), ("optimizer.momentum", 0.9), ("optimizer.nesterov", True), ("validation", 0.1),
    ("drop_last", True), ("loss.label_smoothing", 0.1), ("threads", 1),
]  # fmt: skip
SOFTMAX: Changes = [
    ("dataset.train_size", 500), ("dataset.test_size", 200), ("epochs", 3), ("batch_size", 64), ("shuffle", False),
    ("architecture.kind", "softmax-regression"), ("optimizer.kind", "sgd"), ("channels_last", False),
]  # fmt: skip
WHOLE: Changes = [("dataset.train_size", 300), ("dataset.test_size", 200), ("epochs", 3), ("batch_size", "all")]


def spec_of(changes: Changes) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), changes))


def printed(source: str, folder: Path, *arguments: str) -> list[dict[str, float]]:
    """What a script prints, a mapping of figures for each line; without anything of ours to import."""
    path = folder / "exported.py"
    path.write_text(source, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "OMP_NUM_THREADS")}
    environment["OMP_WAIT_POLICY"] = "PASSIVE"  # the same bits, also in time where other tests want the same cores
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path), *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return [dict(zip(words[::2], map(float, words[1::2]), strict=True)) for words in lines]


def figures(spec: ExperimentSpec) -> list[dict[str, float]]:
    """What the run itself says of its epochs."""
    epochs = [event for event in Training(spec, Control()).events() if isinstance(event, EpochEnded)]
    names = ("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "validation_loss",
             "validation_accuracy", "test_mae", "test_rmse", "test_r2")  # fmt: skip
    found = [{name: getattr(event, name) for name in names} for event in epochs[1:]]
    return [
        {name: float(value) for name, value in one.items() if value is not None and value == value} for one in found
    ]


@pytest.mark.parametrize("changes", [CNN, MLP], ids=["cnn", "mlp"])
def test_another_process_gives_the_same_bits(changes: Changes, tmp_path: Path) -> None:
    spec = spec_of(changes)
    found = printed(script(spec), tmp_path, str(DATA))
    assert len(found) == 3
    assert found == figures(spec)


def test_it_reads_plain_files_in_the_folder_where_it_is_started(tmp_path: Path) -> None:
    for packed in DATA.glob("*.gz"):
        with gzip.open(packed) as source, (tmp_path / packed.stem).open("wb") as target:
            shutil.copyfileobj(source, target)
    spec = spec_of(SOFTMAX)
    found = printed(script(spec), tmp_path)
    assert found == figures(spec)
    assert found != figures(spec_of([*SOFTMAX, ("seed", 1)]))  # bits that any spec would give prove nothing


@pytest.mark.parametrize("changes", [[], CNN, MLP, SOFTMAX, WHOLE], ids=["usual", "cnn", "mlp", "softmax", "whole"])
def test_it_is_plain_pytorch(changes: Changes) -> None:
    source = script(spec_of(changes))
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imported}
    assert names == {"gzip", "sys", "pathlib", "numpy", "torch"}
    assert "fmstudio" not in source.replace("written by fmstudio", "")
    assert all(line.isprintable() for line in source.splitlines())
    assert source.endswith("\n")
    assert not source.endswith("\n\n")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (CNN, "torch.set_num_threads(2)"),
        (MLP, "torch.manual_seed(7)"),
        (CNN, "network = network.to(DEVICE, memory_format=torch.channels_last)"),
        (MLP, "optimizer = torch.optim.SGD(\n    network.parameters(),\n"),
        (MLP, "    momentum=0.9,\n    nesterov=True,\n"),
        (MLP, "    torch.nn.Dropout(0.3),"),
        (CNN, "    torch.nn.Conv2d(1, 6, 5),"),
        (MLP, "torch.nn.CrossEntropyLoss(label_smoothing=0.1)"),
        (CNN, "cycle_momentum=False"),
        (CNN, "fused=True"),
        (CNN, "def train_step("),
    ],
)
def test_what_ran_can_be_read_in_it(changes: Changes, line: str) -> None:
    assert line in script(spec_of(changes))


def test_what_did_not_run_is_not_in_it() -> None:
    source = script(spec_of(SOFTMAX))
    for absent in ("channels_last", "schedule", "held back", "sub_(", "randperm", "Dropout"):
        assert absent not in source


@pytest.mark.parametrize(
    "name", ['say "hi"', "back\\slash\\", '"""', "two\nlines", "卷积 {seed}", "'", "\\N{DASH}", ""]
)
def test_any_name_can_stand_in_it(name: str) -> None:
    tree = ast.parse(script(spec_of([*SOFTMAX, ("name", name)])))
    said = ast.get_docstring(tree)
    assert said is not None
    assert said.splitlines()[-1].endswith("python script.py FOLDER")


def test_a_device_that_is_not_here_is_a_problem() -> None:
    with pytest.raises(InvalidSpecError, match="device"):
        script(spec_of([*SOFTMAX, ("device", "cuda:99")]))
