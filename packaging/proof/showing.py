"""The program shows itself on the clean machine, and what it shows is kept and measured."""

import ast
import json
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proof.isolation import Done, Surroundings
from proof.machine import HOME, NUMBER, RUNS, Machine, contents, everything
from proof.steps import Findings, require

PICTURES = ("1-start", "2-train", "3-finish", "4-look", "5-open-picture", "6-read-code")
"""The stages of the demo."""
OWN_TRACES = (f"{HOME}/.cache", f"{HOME}/.local", RUNS, f"{HOME}/run.py")
"""What may be in the home afterwards: the program's folder, what was asked for, and what libraries keep."""
LEAST_ACCURACY = 0.8
LEAST_BYTES = 20_000
"""A picture of a window that shows something is never smaller."""


def demo(
    machine: Machine, program: str, keep: Path, around: Surroundings | None = None, more: Sequence[str] = ()
) -> Findings:
    """Let it perform its first run, and keep pictures and summary.

    Args:
        machine: The machine, with a screen.
        program: What is started there.
        keep: Where pictures and summary are kept here.
        around: What is different for it.
        more: More of its command line.
    """
    out = "/var/tmp/demo"
    shutil.rmtree(machine.path(out), ignore_errors=True)
    done = calm(machine.as_person(program, *more, "--demo", "--out", out, around=around)).well()
    shutil.rmtree(keep, ignore_errors=True)
    shutil.copytree(machine.path(out), keep)
    shutil.rmtree(machine.path(out))
    summary = json.loads((keep / "summary.json").read_text(encoding="utf-8"))
    check_summary(summary, keep)
    cell = summary["cell"]
    return {
        "accuracy": round(summary["test_accuracy"], 4),
        "cell": f"{cell[0]}→{cell[1]}, {cell[2]} pictures shown",
        "pictures": len(summary["pictures"]),
        "demo": f"{done.seconds:.0f} s",
    }


def check_summary(summary: dict[str, Any], folder: Path) -> None:
    """Make sure that a demo did what it is there for.

    Args:
        summary: Its ``summary.json``.
        folder: Where its pictures are.
    """
    require(summary["test_accuracy"] > LEAST_ACCURACY, f"It learned too little: {summary['test_accuracy']}")
    require(summary["shown"] == summary["cell"][2] > 0, f"A click on the matrix shows something else: {summary}")
    named = [Path(name).stem for name in summary["pictures"]]
    require(named == list(PICTURES), f"The pictures are others: {named}")
    for name in summary["pictures"]:
        size = png_size(folder / name)
        require(min(size) >= 600, f"{name} is too small: {size}")
        require((folder / name).stat().st_size >= LEAST_BYTES, f"{name} shows nothing.")


def png_size(file: Path) -> tuple[int, int]:
    """Width and height of a PNG file."""
    with file.open("rb") as opened:
        head = opened.read(24)
    require(head.startswith(b"\x89PNG\r\n\x1a\n"), f"{file.name} is no PNG.")
    width, height = struct.unpack(">II", head[16:])
    return width, height


def exported(machine: Machine, program: str, keep: Path) -> Findings:
    """Let it export the last run as a script, which must be Python.

    Args:
        machine: The machine.
        program: What is started there.
        keep: The file that keeps it here.
    """
    run = last_run(machine, program)
    file = f"{HOME}/run.py"
    calm(machine.as_person(program, "export", run, "--as", "script", "--out", file, "--yes")).well()
    text = machine.path(file).read_text(encoding="utf-8")
    ast.parse(text)
    require("import torch" in text and "fmstudio" not in _imports(text), "The script is not plain PyTorch.")
    keep.write_text(text, encoding="utf-8")
    return {"lines": len(text.splitlines())}


def _imports(text: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(text)))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return {name.partition(".")[0] for name in plain | {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}}


def last_run(machine: Machine, program: str) -> str:
    """The run that was made last."""
    runs = json.loads(machine.as_person(program, "runs", "--json").well().out)
    require(bool(runs), "There is no run.")
    newest: str = max(runs, key=lambda run: str(run.get("started", "")))["run"]
    return newest


def traces(machine: Machine, before: set[str]) -> Findings:
    """Where it has written in the home, and nothing else can have been written."""
    more = sorted(f"{HOME}{name}" for name in everything(machine.path(HOME)) - before)
    strange = [name for name in more if not name.startswith(OWN_TRACES)]
    require(not strange, f"It wrote {', '.join(strange[:20])}")
    caches = {name.split("/")[4] for name in more if name.startswith(f"{HOME}/.cache/")}
    return {"runs and settings": len(contents(machine.path(RUNS))), "caches of libraries": ", ".join(caches) or "none"}


def calm(done: Done) -> Done:
    """Itself, where it shows neither a traceback nor what Qt says before it gives up."""
    said = done.out + done.err
    for sign in ("Traceback (most recent call last)", "Aborted", "core dumped", "This application failed to start"):
        require(sign not in said, f"“{done.line}” shows: {said[-1500:]}")
    require(done.status >= 0 and done.status not in (134, 139), f"“{done.line}” was ended by a signal: {done.status}")
    return done


def own(machine: Machine, place: str) -> str:
    """A folder of the person's, made where it is not there; returns its place."""
    folder = machine.path(place)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.chown(folder, NUMBER, NUMBER)
    return place
