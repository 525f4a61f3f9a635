"""Every row of every table: the exported script, run in another process, gives the run's own numbers, bit for bit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fmstudio import paths
from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.catalog.initial_weights import INITIAL_WEIGHTS
from fmstudio.catalog.losses import LOSSES
from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.catalog.schedules import SCHEDULES
from fmstudio.cli.export import export
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.script import script
from fmstudio.runs.beginning import begin
from fmstudio.runs.store import find_run
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, Event, RunEnded
from fmstudio.training.loop import Training

DATA = paths.resource("datasets/fashion-mnist")
Changes = list[tuple[str, Any]]
FIGURES = ("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "validation_loss",
           "validation_accuracy", "test_mae", "test_rmse", "test_r2")  # fmt: skip
PICTURES: Changes = [
    ("dataset.train_size", 150), ("dataset.test_size", 90), ("batch_size", 64), ("epochs", 3),
    ("architecture.kind", "softmax-regression"),
]  # fmt: skip
FEW: Changes = [("dataset.train_size", 27), ("dataset.test_size", 20), ("batch_size", 10)]
NUMBERS: Changes = [
    ("dataset.kind", "linear"), ("dataset.n", 150), ("dataset.test_n", 90), ("batch_size", 64), ("epochs", 3),
    ("architecture.kind", "linear-regression"), ("loss.kind", "mse"), ("optimizer.kind", "sgd"),
    ("optimizer.lr", 0.01),
]  # fmt: skip
SLOW = ("small-vgg", "resnet-9", "resnet-18")
SPARSE: Changes = [("architecture.kind", "softmax-regression-sparse")]
POSITIVE: Changes = [("dataset.w", [0.1]), ("dataset.b", 3.0), ("dataset.noise", 0.0)]
"""Points without a negative y."""
MLP: Changes = [("architecture.kind", "mlp"), ("architecture.dropout", 0.3), ("architecture.batch_norm", True)]
FEATURES: dict[str, Changes] = {
    "clipping": [("gradient_clipping", 0.1)],
    "averaging": [("averaging", 0.9), *MLP],
    "early-stopping": [("early_stopping", 1), ("validation", 0.2), ("optimizer.lr", 0.5)],
    "early-stopping-rarely": [
        ("early_stopping", 3), ("validation", 0.2), ("evaluate_every", 2), ("optimizer.lr", 0.5), ("epochs", 12),
    ],
    "validation": [("validation", 31), ("drop_last", True)],
    "evaluate-every": [("evaluate_every", 2), ("epochs", 5)],
    "evaluate-seldom": [("epochs", 2003), ("dataset.train_size", 64), ("dataset.test_size", 10)],
    "in-order": [("shuffle", False), ("dataset.normalise", True)],
    "contiguous": [("architecture.kind", "cnn"), ("channels_last", False)],
    "class-weights": [("loss.weight", [1, 2, 1, 1, 0.5, 1, 3, 1, 1, 1])],
    "corrections": [
        ("dataset.corrections", [["train", index, 3] for index in range(0, 60_000, 7)]),
        ("dataset.exclude", [["train", 5], *(["train", index] for index in range(1, 60_000, 7)), ["test", 9_000]]),
    ],
    "corrections-of-the-whole-set": [
        ("dataset.train_size", 0), ("dataset.test_size", 0), ("epochs", 1), ("batch_size", 5000),
        ("dataset.corrections", [["test", 3, 9], ["test", 9_999, 0]]), ("dataset.exclude", [["train", 59_999]]),
    ],
    "whole-set": [("batch_size", "all"), ("optimizer.kind", "lbfgs")],
    "from-scratch": [
        ("architecture.kind", "softmax-regression-scratch"), ("optimizer.kind", "sgd-scratch"),
        ("loss.reduction", "sum"),
    ],
}  # fmt: skip


def cases() -> dict[str, Changes]:
    found: dict[str, Changes] = {}
    for kind, architecture in ARCHITECTURES.items():
        base = PICTURES if architecture.pictures else NUMBERS
        found[f"architecture {kind}"] = [*base, ("architecture.kind", kind), *(FEW if kind in SLOW else [])]
    for kind, loss in LOSSES.items():
        if loss.classes:
            found[f"loss {kind} on classes"] = [*PICTURES, ("loss.kind", kind)]
        if loss.numbers:
            found[f"loss {kind} on numbers"] = [*NUMBERS, *POSITIVE, ("loss.kind", kind)]
    for kind, optimizer in OPTIMIZERS.items():
        network = SPARSE if optimizer.sparse else [("architecture.kind", "cnn"), ("architecture.channels", [3, 4])]
        found[f"optimizer {kind}"] = [*PICTURES, *network, ("optimizer.kind", kind)]
        if not optimizer.sparse:
            found[f"optimizer {kind} on numbers"] = [*NUMBERS, ("optimizer.kind", kind)]
    for kind in SCHEDULES:
        found[f"schedule {kind}"] = [*PICTURES, ("schedule.kind", kind), ("validation", 0.2)]
        if kind not in ("one-cycle",):
            warm: Changes = [("schedule.kind", kind), ("schedule.warm_up", 1.5), ("validation", 0.2)]
            found[f"schedule {kind} with warm-up"] = [*NUMBERS, *warm]
    for kind in INITIAL_WEIGHTS:
        found[f"weights {kind}"] = [*PICTURES, *MLP, ("initial_weights.kind", kind)]
    return found | {name: [*PICTURES, *changes] for name, changes in FEATURES.items()}


CASES = cases()


def spec_of(changes: Changes) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), changes))


RUNNER = """
import contextlib, io, json, runpy, sys
data = sys.argv[1]
for path in sys.argv[2:]:
    printed = io.StringIO()
    sys.argv = [path, data]
    with contextlib.redirect_stdout(printed):
        runpy.run_path(path)
    print(json.dumps([path, printed.getvalue()]), flush=True)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, list[dict[str, float]]]]:
    """What the scripts of all cases print, by threads and case: one process for each number of threads."""
    return {threads: _run_all(threads, tmp_path_factory.mktemp("scripts")) for threads in (1, 2)}


def _run_all(threads: int, folder: Path) -> dict[str, list[dict[str, float]]]:
    names = {}
    for number, (name, changes) in enumerate(CASES.items()):
        path = folder / f"script_{number}.py"
        path.write_text(script(spec_of([*changes, ("threads", threads)])), encoding="utf-8")
        names[str(path)] = name
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "OMP_NUM_THREADS")}
    environment["OMP_WAIT_POLICY"] = "PASSIVE"  # the same bits, also in time where other tests want the same cores
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER, str(DATA), *names],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {names[path]: _figures(text) for path, text in map(json.loads, done.stdout.splitlines())}


def _figures(text: str) -> list[dict[str, float]]:
    lines = [line.split() for line in text.splitlines()]
    return [dict(zip(words[::2], map(float, words[1::2]), strict=True)) for words in lines]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("case", CASES)
def test_the_script_prints_what_the_run_says(
    printed: dict[int, dict[str, list[dict[str, float]]]], case: str, threads: int
) -> None:
    spec = spec_of([*CASES[case], ("threads", threads)])
    told = [event for event in Training(spec, Control()).events() if isinstance(event, EpochEnded)][1:]
    expected = []
    for event in told:
        values = {name: getattr(event, name) for name in FIGURES}
        expected.append({name: float(value) for name, value in values.items() if value is not None and value == value})
    assert told
    assert printed[threads][case] == expected


def test_every_row_of_every_table_is_among_them() -> None:
    assert {f"architecture {kind}" for kind in ARCHITECTURES} <= set(CASES)
    assert {f"optimizer {kind}" for kind in OPTIMIZERS} <= set(CASES)
    assert {f"schedule {kind}" for kind in SCHEDULES} <= set(CASES)
    assert {f"loss {kind} on classes" for kind in LOSSES} <= set(CASES)


def test_a_program_that_begins_with_the_weights_of_another_run(tmp_path: Path) -> None:
    changes = [*PICTURES, *MLP, ("averaging", 0.9), ("threads", 1)]
    (first,) = [event.run for event in begin(spec_of(changes), Control(), tmp_path).events() if _ends(event)]
    spec = spec_of([*changes, ("start_from", first)])
    events = list(begin(spec, Control(), tmp_path).events())
    (second,) = [event.run for event in events if _ends(event)]
    export(find_run(second, tmp_path), "script", str(tmp_path / "program.py"))
    third = spec_of([*changes, ("seed", 5), ("epochs", 1), ("start_from", second)])
    (other,) = [event.run for event in begin(third, Control(), tmp_path).events() if _ends(event)]
    export(find_run(other, tmp_path), "script", str(tmp_path / "another.py"))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(tmp_path / "program.py"), str(DATA)],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [event for event in events if isinstance(event, EpochEnded)][1:]
    assert [line["test_loss"] for line in _figures(done.stdout)] == [event.test_loss for event in told]
    assert [line["train_loss"] for line in _figures(done.stdout)] == [event.train_loss for event in told]


def _ends(event: Event) -> bool:
    return isinstance(event, RunEnded)
