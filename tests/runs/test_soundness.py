"""Events that a line claims, and such as the program writes."""

import json

import numpy as np
import pytest

from fmstudio.runs.journal import from_line, to_line
from fmstudio.runs.soundness import UNREADABLE, is_sound
from fmstudio.training.events import CheckpointSaved, Event, ParametersMoved, RunEnded, RunResumed
from tests.runs.run_folders import course

STEPS = {"event": "StepsTaken", "step": 2, "epoch": 1, "losses": [1, None], "rates": [1, 1], "seconds": 1}
MOVED = {"event": "ParametersMoved", "steps": [1], "values": [[1, 2]]}


@pytest.mark.parametrize("event", [
    *course(2, (0.1, 0.5)),
    CheckpointSaved(epoch=1, step=4),
    RunResumed(step=4),
    RunEnded(status="stopped", epoch=1, step=4, mending=(("epochs", 2),)),
    ParametersMoved(steps=np.array([0, 1]), values=np.zeros((2, 3), np.float32)),
])  # fmt: skip
def test_what_the_program_writes_is_sound(event: Event) -> None:
    assert is_sound(event)
    assert is_sound(from_line(to_line(event)))


@pytest.mark.parametrize("values", [
    STEPS | {"losses": [[1, 2], [3, 4]]},
    STEPS | {"losses": [1]},
    STEPS | {"losses": "abc"},
    STEPS | {"losses": None},
    STEPS | {"step": True},
    STEPS | {"step": 10**40},
    STEPS | {"step": 1.5},
    STEPS | {"seconds": "soon"},
    STEPS | {"rates": [10**400, 1]},
    MOVED | {"steps": [], "values": [[]]},
    MOVED | {"steps": [1, 2]},
    MOVED | {"values": [1]},
    {"event": "RunEnded", "status": "burnt", "epoch": 1, "step": 1},
    {"event": "RunEnded", "status": {}, "epoch": 1, "step": 1},
    {"event": "QuickChecked", "step": 1, "accuracy": [1], "loss": 1},
    {"event": "CheckpointSaved", "epoch": "1", "step": 1},
])  # fmt: skip
def test_what_it_could_not_have_written_is_not(values: dict[str, object]) -> None:
    try:
        event = from_line(json.dumps(values))
    except UNREADABLE:
        return
    assert not is_sound(event)
