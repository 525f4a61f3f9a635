"""Forks recorders and kills them at random moments: ``killed.py FOLDER KILLS``. Prints what was found as JSON."""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from fmstudio.runs.recorder import Recorder
from fmstudio.runs.states import States
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.events import CheckpointSaved
from fmstudio.training.state import unpacked
from tests.runs.told import ToldTraining


def record(library: Path) -> None:
    """Write a long run down, and tell each checkpoint to the parent through a file that is never lost."""
    training: Any = ToldTraining(10_000)
    recorder = Recorder(training, library)
    recorder._saving_seconds = 0.0
    type(recorder)._due = property(lambda self: True)  # type: ignore[assignment,method-assign]
    said = os.open(library / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for event in recorder.events():
        if isinstance(event, CheckpointSaved):
            os.write(said, f"{event.step}\n".encode())


def judge(library: Path) -> dict[str, Any]:
    """What lies there after a kill; raises where anything cannot be read."""
    said = [int(line) for line in (library / "said").read_text().split()] if (library / "said").exists() else []
    promised = max(said, default=-1)
    folders = [path for path in library.iterdir() if path.is_dir()]
    if not folders or not (folders[0] / "spec.json").is_file():
        return {"step": -1, "promised": promised}
    folder = RunFolder(folders[0])
    run = load_run(folder)
    newest = max((epoch.epoch for epoch in run.epochs), default=-1)
    kept = []
    for path in (folder.last, folder.weights):
        if path.exists():
            values = load_weights(path)["w"]
            assert values.min() == values.max()
            kept.append(int(values.min()))
    states = [unpacked(content) for content in States(folder).contents()]
    steps = [int(path.stem.partition("-")[2]) for path in States(folder).files()]
    assert all(int(state["w"].min()) == int(state["w"].max()) == state["epoch"] for state in states)
    assert max(steps, default=-1) >= promised, (steps, promised)
    assert all(newest - 1 <= epoch <= newest for epoch in kept), (kept, newest)
    assert run.step >= promised
    for epoch in run.epochs:
        assert len(epoch.predictions)
        assert set(epoch.predictions.loss) == {float(epoch.epoch)}
    return {"step": run.step, "promised": promised}


def wait_for(file: Path) -> None:
    """Return once a file is there, or after half a minute."""
    deadline = time.monotonic() + 30
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.001)


def main(root: Path, kills: int) -> None:
    """Fork, kill, judge, over and over."""
    dice = random.Random(7)
    found = []
    for number in range(kills):
        library = root / str(number)
        library.mkdir()
        child = os.fork()
        if child == 0:
            record(library)
            os._exit(0)
        if number % 4:  # three of four while it writes, however slow the machine is; the others at any moment
            wait_for(library / "said")
        time.sleep(dice.uniform(0.01, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found.append(judge(library))
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
