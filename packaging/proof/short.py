"""The short proof, for any machine that has a bundle: a minute, no root, nothing installed.

It tells its version, examines itself, trains a little, and performs the demo without a screen and on a virtual one.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrapping.screen import on_virtual_screen, virtual_screen
from building.folders import bundled_program
from building.program import Program
from building.words import BuildError

from proof.clean_root import proof_folder
from proof.showing import check_summary
from proof.steps import Findings, Proof, require

TINY = ("--set", "epochs=1", "--set", "dataset.train_size=600", "--set", "dataset.test_size=200")


def main(arguments: Sequence[str]) -> int:
    """Prove an existing bundle in short."""
    parser = argparse.ArgumentParser(prog="build.py prove-short", description="Try a bundle in a minute.")
    parser.add_argument("program", type=Path, nargs="?", default=bundled_program(), help="instead of the bundle's own")
    given = parser.parse_args(arguments)
    if not os.access(given.program, os.X_OK) or given.program.is_dir():
        raise BuildError(f"There is no program: {given.program}.", "Make the bundle with: packaging/build.py linux")
    proof = Proof("the bundle, in short", proof_folder() / "short")
    prove(proof, Program(given.program.resolve(), proof.folder))
    return proof.end()


def prove(proof: Proof, program: Program) -> None:
    """All steps.

    Args:
        proof: Says how they go.
        program: What is tried.
    """
    with proof.step("says its version", vital=True) as found:
        found["says"] = program.run("--version").strip()
    with proof.step("doctor finds nothing amiss") as found:
        found |= examined(program)
    with proof.step("trains") as found:
        found |= trained(program)
    with proof.step("performs the demo without a screen") as found:
        found |= demo(program, "offscreen", {"QT_QPA_PLATFORM": "offscreen"})
    if sys.platform == "linux" and shutil.which("Xvfb"):
        with proof.step("performs the demo on a virtual screen") as found, virtual_screen() as display:
            found |= demo(program, "screen", on_virtual_screen({}, display))


def examined(program: Program) -> Findings:
    """Its own examination of machine and data."""
    report = program.json("doctor")
    require(report["healthy"], f"It is not healthy: {report['findings']}")
    require(report["data"]["fashion-mnist"] == [60000, 10000], f"The pictures are not complete: {report['data']}")
    return {"torch": report["packages"]["torch"]}


def trained(program: Program) -> Findings:
    """A training that takes a moment, event by event."""
    said = program.run("train", "first-look", *TINY, "--json", "--library", str(program.library))
    events = [json.loads(line) for line in said.splitlines()]
    require(events[0]["event"] == "RunStarted", f"It begins with {events[0]}.")
    require(events[-1].get("status") == "finished", f"It ends with {events[-1]}.")
    runs = program.json("runs", "--library", str(program.library))
    require(len(runs) == 1, f"It lists {len(runs)} runs.")
    return {"events": len(events)}


def demo(program: Program, name: str, shown: Mapping[str, str]) -> Findings:
    """The demo; its pictures and its summary stay."""
    out = program.folder / name
    program.run("--demo", "--out", str(out), "--library", str(program.library), more=shown)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    check_summary(summary, out)
    return {"accuracy": round(summary["test_accuracy"], 4), "pictures": len(summary["pictures"])}
