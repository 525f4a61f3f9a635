"""How fast training is beside a plain script, and what it reaches.

Run it through ``python -m tests.benchmarks``, or alone: ``python tests/benchmarks/training_speed.py --pairs 5``.
Nothing is asserted; everything is printed. The two of a pair run one after the other, each in a process of its own, and
the pairs alternate which begins: whatever else the machine does strikes both. Seconds are those of training alone, on
both sides, in the first epoch of a fresh process.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
SPECS: dict[str, tuple[str, ...]] = {
    "cnn": ("cnn", "--set", "epochs=1"),
    "softmax": (
        *("cnn", "--set", "epochs=1", "--set", "architecture.kind=softmax-regression", "--set", "batch_size=256"),
        *("--set", "shuffle=true", "--set", "optimizer.kind=sgd", "--set", "optimizer.lr=0.1"),
    ),
}
"""What the plain script does, as arguments of ``fmstudio train``."""
GOALS = {"cnn": 2.0, "softmax": 8.0, "window": 1.8}
"""How many times faster than the plain script."""


def output_of(command: Sequence[str]) -> str:
    """What a program prints; it is started where the program can be imported."""
    found = subprocess.run(command, cwd=HERE.parents[1], env=os.environ, stdout=subprocess.PIPE, text=True, check=True)
    return found.stdout


def plain_seconds(architecture: str, threads: int) -> float:
    """Seconds of one epoch of the plain script."""
    script = str(HERE / "plain_script.py")
    lines = output_of([sys.executable, script, architecture, "--threads", str(threads)]).splitlines()
    return float(json.loads(lines[-1])["epochs"][0]["seconds"])


def our_epochs(*arguments: str, threads: int) -> list[dict[str, Any]]:
    """The ``EpochEnded`` events of one ``fmstudio train``, the untrained network first."""
    with tempfile.TemporaryDirectory() as library:
        command = [sys.executable, "-m", "fmstudio", "train", *arguments, "--set", f"threads={threads}"]
        lines = output_of([*command, "--json", "--library", library]).splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == "EpochEnded"]


def our_seconds(architecture: str, threads: int) -> float:
    """Seconds of one epoch of ours."""
    return float(our_epochs(*SPECS[architecture], threads=threads)[-1]["seconds"])


def window_seconds(architecture: str, threads: int) -> float:
    """Seconds of one epoch of the ``cnn`` in the window, plotting; the threads are those of the automatic rule."""
    return float(output_of([sys.executable, str(HERE / "window.py"), "epoch"]))


def compare(architecture: str, *, pairs: int = 5, threads: int = 2, window: bool = False) -> None:
    """Print how many times faster an epoch of ours is: the median over interleaved pairs."""
    plain, ours = [], []
    ours_seconds = window_seconds if window else our_seconds
    for pair in range(pairs):
        for measure, found in ((plain_seconds, plain), (ours_seconds, ours))[:: 1 if pair % 2 == 0 else -1]:
            found.append(measure(architecture, threads))
    ratios = [slow / fast for slow, fast in zip(plain, ours, strict=True)]
    how, goal = ("in the window", GOALS["window"]) if window else ("headless", GOALS[architecture])
    print(
        f"one epoch of {architecture}, {threads} threads: plain script {median(plain):.2f} s, {how} "
        f"{median(ours):.2f} s, {median(ratios):.2f} times faster (goal: {goal:g}; "
        f"pairs {min(ratios):.2f} … {max(ratios):.2f})",
        flush=True,
    )


def first_look() -> None:
    """Print what the first lesson reaches with nothing touched, on one thread."""
    last = our_epochs("first-look", threads=1)[-1]
    print(f"first-look, one thread: test accuracy {last['test_accuracy']:.4f} (goal: at least 0.86)", flush=True)


def cnn_lesson(threads: int = 2) -> None:
    """Print what the CNN lesson reaches in its second epoch."""
    last = our_epochs("cnn", threads=threads)[-1]
    print(
        f"cnn lesson, epoch {last['epoch']}: train accuracy {last['train_accuracy']:.4f} (goal: 0.84 … 0.88), "
        f"test accuracy {last['test_accuracy']:.4f}",
        flush=True,
    )


def main(pairs: int = 5, threads: int = 2) -> None:
    """Print all figures of training.

    Args:
        pairs: How often plain script and ours are compared.
        threads: How many threads both use.
    """
    for architecture in SPECS:
        compare(architecture, pairs=pairs, threads=threads)
    compare("cnn", pairs=pairs, threads=threads, window=True)
    first_look()
    cnn_lesson(threads)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    main(asked.pairs, asked.threads)
