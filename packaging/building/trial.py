"""Tries the bundle itself: what freezing could have broken, its size, how soon it starts, and how fast it trains.

Each step says what it found; the first that fails ends it. Everything is kept in ``build/trial``.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from building import trial_commands, trial_files, trial_speed, trial_window
from building.folders import build_folder, bundle_folder, bundled_program
from building.program import Program
from building.words import BuildError, say

Findings = dict[str, Any]
Step = Callable[[Program], Findings]

STEPS: dict[str, Step] = {
    "files": trial_files.files,
    "version": trial_commands.version_and_commit,
    "doctor": trial_commands.doctor,
    "training": trial_commands.training,
    "every choice": trial_commands.every_choice,
    "script": trial_commands.script,
    "prediction": trial_commands.prediction,
    "report": trial_commands.report,
    "child process": trial_commands.child_process,
    "offscreen": trial_window.offscreen,
    "demo": trial_window.demo,
    "start": trial_window.start,
    "speed": trial_speed.training_speed,
}
"""What is tried, in this order; later ones use the run that training left."""
LONG = ("start", "speed")
"""Figures, not faults: left out with ``--quick``."""


def main(arguments: Sequence[str]) -> int:
    """Try the bundle, or what was installed of it."""
    parser = argparse.ArgumentParser(prog="build.py check", description="Try the bundle.")
    parser.add_argument("--program", type=Path, default=bundled_program(), help="instead of the bundle's own")
    parser.add_argument("--only", action="append", choices=STEPS, help="only this step; repeatable")
    parser.add_argument("--quick", action="store_true", help="without the figures of start and speed")
    given = parser.parse_args(arguments)
    if not given.program.is_file():
        raise BuildError(f"There is no bundle: {bundle_folder()}.", "Make it with: packaging/build.py linux")
    wanted = [name for name in given.only or STEPS if not (given.quick and name in LONG)]
    return try_all(Program(given.program.resolve(), build_folder() / "trial"), wanted, anew=not given.only)


def try_all(program: Program, wanted: Sequence[str], *, anew: bool) -> int:
    """Perform the steps, and write down what they found.

    Args:
        program: What is tried.
        wanted: The names of the steps.
        anew: Whether what an earlier trial left is thrown away.
    """
    if anew:
        shutil.rmtree(program.folder, ignore_errors=True)
    program.folder.mkdir(parents=True, exist_ok=True)
    summary: Findings = {}
    try:
        for name in wanted:
            began = time.monotonic()
            summary[name] = STEPS[name](program)
            say(f"{name}: {_words(summary[name])} ({time.monotonic() - began:.1f} s)")
    finally:
        (program.folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    say(f"all {len(wanted)} steps passed; what was found is in {program.folder}")
    return 0


def _words(findings: Findings) -> str:
    return ", ".join(f"{name} {value}" for name, value in findings.items()) or "passed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
