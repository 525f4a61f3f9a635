"""How fast the bundle trains beside the same program unfrozen."""

import json
from statistics import median
from typing import Any

from building.program import Program
from building.trial_commands import unfrozen

PAIRS = 5
SPEC = ("cnn", "--set", "epochs=1", "--set", "threads=2")


def training_speed(program: Program) -> dict[str, Any]:
    """The median, over pairs that alternate which goes first, of unfrozen seconds by frozen ones, for one epoch."""
    plain: list[float] = []
    frozen: list[float] = []
    for pair in range(PAIRS):
        both = ((unfrozen(program), plain), (program, frozen))
        for one, seconds in both if pair % 2 == 0 else reversed(both):
            seconds.append(epoch_seconds(one))
    ratios = [slow / fast for slow, fast in zip(plain, frozen, strict=True)]
    return {
        "unfrozen": round(median(plain), 2),
        "frozen": round(median(frozen), 2),
        "ratio": round(median(ratios), 3),
        "pairs": " ".join(f"{ratio:.2f}" for ratio in sorted(ratios)),
    }


def epoch_seconds(program: Program) -> float:
    """Seconds of one epoch in a fresh process."""
    lines = program.run("train", *SPEC, "--json", "--library", str(program.folder / "speed")).splitlines()
    ended = [event for event in map(json.loads, lines) if event["event"] == "EpochEnded"]
    return float(ended[-1]["seconds"])
