"""The command line of the bundle: everything that freezing could have broken without a word."""

import json
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

from building.environment import WORKSHOP
from building.folders import ROOT
from building.program import Program, require
from building.version import commit, version

SMALL = ("--set", "dataset.train_size=96", "--set", "dataset.test_size=64", "--set", "epochs=1")
"""A training that takes a moment."""
NOT_FOR_PICTURES = ("linear-regression", "linear-regression-scratch")
"""Networks that learn numbers."""
BESIDE_ADAM = {"optimizer": ("sparse-adam",)}
"""Choices that fit no ordinary network."""


def unfrozen(program: Program) -> Program:
    """The same program, run from its source by the Python that the bundle was made of."""
    return Program(WORKSHOP.python, program.folder, ("-P", "-m", "fmstudio"), {"PYTHONPATH": str(ROOT)})


def version_and_commit(program: Program) -> dict[str, Any]:
    """It knows its version and its source."""
    said = program.run("--version").strip()
    require(f" {version()}" in said, f"It calls itself “{said}”, and the source is version {version()}.")
    known = commit().partition("-")[0][:12]
    require(known in said, f"It calls itself “{said}”, without the commit {known}.")
    return {"says": said}


def doctor(program: Program) -> dict[str, Any]:
    """Every package tells its version, the data are whole, and nothing is lacking."""
    found = program.json("doctor")
    absent = [name for name, has in found["packages"].items() if has is None]
    require(not absent, f"It does not know the versions of {', '.join(absent)}.")
    require(found["healthy"], f"It is not healthy: {found['findings']}")
    require(found["data"]["fashion-mnist"] == [60000, 10000], "The pictures are not complete.")
    return {"torch": found["packages"]["torch"], "python": found["system"]["python"]}


def training(program: Program) -> dict[str, Any]:
    """It trains a lesson as the window's queue lets it: from a spec that comes through stdin."""
    spec = program.run("spec", "first-look", "--set", "epochs=1")
    lines = program.run("train", "-", "--json", "--library", str(program.library), given=spec).splitlines()
    events = [json.loads(line) for line in lines]
    last = [event for event in events if event["event"] == "EpochEnded"][-1]
    require(last["test_accuracy"] > 0.75, f"It learned too little: {last['test_accuracy']}")
    return {"test_accuracy": last["test_accuracy"], "seconds": round(last["seconds"], 2)}


def every_choice(program: Program) -> dict[str, Any]:
    """Each network, optimizer, schedule and way to begin trains a moment: all are named in strings."""
    catalog = program.json("catalog")
    counts = {}
    for path in ("architecture", "optimizer", "schedule", "initial_weights"):
        kinds = [row["kind"] for row in catalog[path]]
        fit = [kind for kind in kinds if kind not in (*NOT_FOR_PICTURES, *BESIDE_ADAM.get(path, ()))]
        small = (*SMALL, "--library", str(program.folder / "small"), "--yes")
        program.run("sweep", "cnn", "--vary", f"{path}.kind={','.join(fit)}", *small)
        counts[path] = len(fit)
    program.run("train", "linear-regression-scratch", "--set", "epochs=1", "--library", str(program.folder / "small"))
    return counts


def script(program: Program) -> dict[str, Any]:
    """The exported script is what the unfrozen program writes, letter by letter, and gives the run's own numbers."""
    run = the_run(program)
    file = program.folder / "exported" / "run.py"
    file.parent.mkdir(exist_ok=True)
    program.run("export", str(run), "--as", "script", "--out", str(file), "--yes")
    ours = unfrozen(program).run("export", str(run), "--as", "script", "--out", "-")
    require(file.read_text(encoding="utf-8") == ours, "The exported script is not the one of the unfrozen program.")
    for kind in ("resnet-9", "resnet-18", "softmax-regression-scratch"):
        small = next(path for path in runs_in(program.folder / "small") if _kind_of(path) == kind)
        texts = {one.run("export", str(small), "--as", "script", "--out", "-") for one in (program, unfrozen(program))}
        require(len(texts) == 1, f"The script of {kind} is not the one of the unfrozen program.")
    said, reached = said_by(file), reached_by(run)
    require(said == reached, f"The exported script reaches {said}, and the run reached {reached}.")
    return {"lines": len(ours.splitlines()), "test_accuracy": said}


def said_by(file: Path) -> str:
    """What an exported script says that it reaches; it is run by a plain Python."""
    data = ROOT / "resources" / "datasets" / "fashion-mnist"
    done = subprocess.run([WORKSHOP.python, file, data], capture_output=True, text=True, check=False)
    require(done.returncode == 0, f"The exported script fails: {done.stderr[-500:]}")
    return done.stdout.split()[-1]


def reached_by(run: Path) -> str:
    """What a run reached, as its folder says."""
    events = map(json.loads, (run / "events.jsonl").read_text(encoding="utf-8").splitlines())
    return repr([event["test_accuracy"] for event in events if event["event"] == "EpochEnded"][-1])


def prediction(program: Program) -> dict[str, Any]:
    """It reads a picture file, and answers with probabilities."""
    picture = program.folder / "picture.png"
    picture.write_bytes(grey_png([[min(255, 9 * row * column // 28) for column in range(28)] for row in range(28)]))
    text = json.dumps(program.json("predict", str(the_run(program)), str(picture), "--library", str(program.library)))
    require("shirt" in text.lower(), f"It names no classes: {text}")
    return {"answer": f"{len(text)} characters"}


def report(program: Program) -> dict[str, Any]:
    """It writes the report, which draws pictures and reads resources."""
    file = program.folder / "exported" / "report.html"
    program.run("export", str(the_run(program)), "--as", "report", "--out", str(file), "--yes")
    return {"bytes": file.stat().st_size}


_SPAWN = """
import multiprocessing, os, sys
sys.frozen = True  # so that the child is started as a bundle starts its own
multiprocessing.set_executable(sys.argv[1])
child = multiprocessing.get_context("spawn").Process(target=os.mkdir, args=(sys.argv[2],))
child.start()
child.join(60)
sys.exit(child.exitcode)
"""


def child_process(program: Program) -> dict[str, Any]:
    """As a child of ``multiprocessing`` it does what it is told, and opens no second window."""
    made = program.folder / "made-by-a-child"
    command = [str(part) for part in (WORKSHOP.python, "-c", _SPAWN, program.file, made)]
    done = subprocess.run(command, env=program.environment(), capture_output=True, text=True, check=False)
    require(done.returncode == 0 and made.is_dir(), f"A child process did not do its work: {done.stderr}")
    made.rmdir()
    return {}


def the_run(program: Program) -> Path:
    """The run that training left."""
    return runs_in(program.library)[-1]


def runs_in(library: Path) -> list[Path]:
    """The runs in a library, the oldest first."""
    return sorted(file.parent for file in library.rglob("spec.json"))


def grey_png(rows: list[list[int]]) -> bytes:
    """A grey picture as a PNG file."""
    width, height = len(rows[0]), len(rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _kind_of(run: Path) -> str:
    kind: str = json.loads((run / "spec.json").read_text(encoding="utf-8"))["architecture"]["kind"]
    return kind
