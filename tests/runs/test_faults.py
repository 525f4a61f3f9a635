"""Runs outlive kills, full disks and errors at any single write."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.beginning import begin, resume
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.store import RunFolder, find_run, load_run
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.control import Control
from fmstudio.training.events import CheckpointSaved, Event, RunEnded, SavingFailed
from tests.runs.told import ToldTraining

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="it forks")


@posix
def test_killed_at_two_hundred_random_moments(tmp_path: Path) -> None:
    """Each time the old or the new state is there, and both can be read; what was said to be saved is saved."""
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.runs.killed", str(tmp_path), "200"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    found = json.loads(made.stdout)
    assert len(found) == 200
    assert sum(one["promised"] > 0 for one in found) > 100  # most were killed while they wrote, not before
    assert len({one["step"] for one in found}) > 20


def _whole_spec() -> ExperimentSpec:
    tiny = [
        ("dataset.train_size", 2000), ("dataset.test_size", 200), ("batch_size", 20), ("epochs", 8), ("threads", 1),
        ("save_every", 1),
    ]  # fmt: skip
    return read_spec(changed(to_mapping(ExperimentSpec()), tiny))


@posix
def test_ten_whole_trainings_killed_and_resumed(tmp_path: Path) -> None:
    """Each goes on to the same end as one that was never killed."""
    spec_file = tmp_path / "spec.json"
    spec_file.write_text(json.dumps(to_mapping(_whole_spec())), encoding="utf-8")
    (end,) = [event for event in begin(_whole_spec(), Control(), tmp_path / "whole").events() if _is_end(event)]
    whole = load_run(find_run(end.run, tmp_path / "whole"))
    dice = random.Random(3)
    libraries = [tmp_path / str(number) for number in range(10)]
    for first, second in zip(libraries[::2], libraries[1::2], strict=True):
        children = [(_start(spec_file, library), library) for library in (first, second)]
        for child, library in children:
            _wait_for_events(library)
            time.sleep(dice.uniform(0.0, 1.5))
            child.send_signal(signal.SIGKILL)
            child.wait()
    for library in libraries:
        (path,) = [path for path in library.iterdir() if path.is_dir()]
        folder = RunFolder(path)
        if load_run(folder).ended is None:
            list(resume(folder, Control()).events())
        again = load_run(folder)
        assert again.losses.values.tolist() == whole.losses.values.tolist()
        assert [one.test_loss for one in again.epochs] == [one.test_loss for one in whole.epochs]
        mine, theirs = load_weights(folder.last), load_weights(find_run(end.run, tmp_path / "whole").last)
        assert all(bool((mine[name] == theirs[name]).all()) for name in theirs)


def _is_end(event: Event) -> bool:
    return isinstance(event, RunEnded)


def _start(spec_file: Path, library: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "fmstudio", "train", str(spec_file), "--library", str(library), "--json"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for_events(library: Path) -> None:
    """Until the training has begun."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if any(path.stat().st_size for path in library.glob("*/events.jsonl")):
            return
        time.sleep(0.02)
    pytest.fail("the training did not begin")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, at: int, code: int) -> Iterator[list[int]]:
    """The disk fails once: at the so manieth of all writes, syncs, renames and links."""
    count = [0]

    def watched(work: Any) -> Any:
        def do(*arguments: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] == at:
                raise OSError(code, os.strerror(code))
            return work(*arguments, **named)

        return do

    with monkeypatch.context() as patch:
        for name in ("write", "fsync", "link"):
            patch.setattr(os, name, watched(getattr(os, name)))
        patch.setattr(Path, "replace", watched(Path.replace))
        patch.setattr(Path, "mkdir", watched(Path.mkdir))
        yield count


def _recorded(library: Path) -> list[Event]:
    training: Any = ToldTraining(3)
    return list(Recorder(training, library).events())


def _operations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    with failing(monkeypatch, -1, 0) as count:
        _recorded(tmp_path / "counted")
    return count[0]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_an_error_at_each_single_write_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """The run goes on, nothing is lost, and in the end all is there; or it is refused before it begins."""
    operations = _operations(tmp_path, monkeypatch)
    assert operations > 40
    refused = told = 0
    for at in range(1, operations + 1):
        library = tmp_path / f"{at}"
        try:
            with failing(monkeypatch, at, code):
                events = _recorded(library)
        except UserError:
            refused += 1
            continue
        told += any(isinstance(event, SavingFailed) for event in events)
        (path,) = library.iterdir()
        folder = RunFolder(path)
        run = load_run(folder)
        assert run.ended is not None, at
        assert [epoch.epoch for epoch in run.epochs] == [0, 1, 2, 3], at
        assert all(len(epoch.predictions) for epoch in run.epochs), at
        assert run.losses.values.tolist() == [1.0] * 3 + [2.0] * 3 + [3.0] * 3, at
        assert float(load_weights(folder.last)["w"][0, 0]) == 3.0, at
        assert float(load_weights(folder.weights)["w"][0, 0]) == 3.0, at
    assert refused <= 6  # making the folder, and its settings in it
    assert told > operations / 3  # the others have another way: a folder that cannot be synced, a link that is copied


@posix
def test_a_folder_that_becomes_read_only_and_writable_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was saved is not harmed meanwhile, and saving resumes."""
    training: Any = ToldTraining(4)
    recorder = Recorder(training, tmp_path)
    recorder._desk._clock = lambda: 0.0  # never tries again by itself
    replace, locked, events = Path.replace, [False], []

    def guarded(self: Path, target: Path) -> Path:
        if locked[0]:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", guarded)
    for event in recorder.events():
        events.append(event)
        if isinstance(event, CheckpointSaved) and event.epoch == 1:
            locked[0] = True
        if isinstance(event, SavingFailed):
            (path,) = tmp_path.iterdir()
            assert float(load_weights(RunFolder(path).last)["w"][0, 0]) == 1.0
            locked[0] = False
    names = [type(event).__name__ for event in events if isinstance(event, CheckpointSaved | SavingFailed | RunEnded)]
    assert names[-3:] == ["SavingFailed", "CheckpointSaved", "RunEnded"]
    (path,) = tmp_path.iterdir()
    assert float(load_weights(RunFolder(path).last)["w"][0, 0]) == 4.0
    assert all(len(epoch.predictions) for epoch in load_run(RunFolder(path)).epochs)
