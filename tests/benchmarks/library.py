"""The library's figures: how soon 10,000 runs are listed, with an index, without, and when each is read whole.

Printed, never asserted. Run it through ``python -m tests.benchmarks.library [--runs 10000]``.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fmstudio.experiment.draft import changed
from fmstudio.experiment.flat import differing, flat
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.runs.index import FILE
from fmstudio.runs.journal import NO_PREDICTIONS, to_line
from fmstudio.runs.library import Library
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.events import EpochEnded, Event, RunEnded, RunStarted, StepsTaken

KINDS = ("sgd", "adam", "adamw", "rmsprop")


def make_runs(library: Path, count: int, *, epochs: int = 3, steps: int = 235) -> None:
    """Folders of runs as they are after some epochs; one in a hundred was interrupted."""
    chance = random.Random(0)
    losses = np.exp(-np.linspace(0, 3, steps)).astype(np.float32)
    rates = np.full(steps, 0.01, np.float32)
    usual = to_mapping(ExperimentSpec())
    for number in range(count):
        run = f"{20_200_101 + number // 4000}-{number % 4000 // 60:02}{number % 60:02}00-run-{number}"
        changes = [("optimizer.kind", chance.choice(KINDS)), ("optimizer.lr", 10 ** chance.uniform(-4, 0))]
        spec = changed(usual, [("name", f"Run {number}"), *changes, ("epochs", epochs), ("seed", number)])
        events: list[Event] = [
            RunStarted(run=run, epochs=epochs, steps_per_epoch=steps, train_size=60_000, test_size=10_000)
        ]
        for epoch in range(epochs + 1):
            if epoch:
                seconds = 4.0 * epoch
                taken = StepsTaken(step=epoch * steps, epoch=epoch, losses=losses, rates=rates, seconds=seconds)
                events.append(taken)
            accuracy = 0.1 + 0.25 * epoch * chance.random()
            events.append(
                EpochEnded(epoch=epoch, step=epoch * steps, train_loss=1 / (epoch + 1), train_accuracy=accuracy,
                           test_loss=1.1 / (epoch + 1), test_accuracy=accuracy, seconds=4.0, evaluation_seconds=0.5,
                           predictions=NO_PREDICTIONS)
            )  # fmt: skip
        if number % 100:
            events.append(RunEnded(status="finished", run=run, epoch=epochs, step=epochs * steps))
        folder = library / run
        folder.mkdir(parents=True)
        (folder / "spec.json").write_text(json.dumps(spec, indent=2), encoding="utf-8")
        (folder / "events.jsonl").write_text("".join(to_line(event) + "\n" for event in events), encoding="utf-8")


def seconds(act: Callable[[], object], repeats: int = 1) -> float:
    """The shortest of some times."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return min(taken)


def listing(library: Path, count: int) -> None:
    """Seconds until all runs are listed."""
    cold = seconds(lambda: Library(library).summaries())
    warm = seconds(lambda: Library(library).summaries(), 3)
    held = Library(library)
    rows = held.summaries()
    again = seconds(held.summaries, 3)
    folders = [RunFolder(Path(row.folder)) for row in rows[:: max(1, count // 200)]]
    whole = seconds(lambda: [load_run(folder, predictions=False) for folder in folders]) * count / len(folders)
    size = (library / FILE).stat().st_size / 1e6
    print(f"{count:,} runs listed: with the index {warm:.2f} s (≤ 1), in the same program again {again:.2f} s, "
          f"without an index {cold:.1f} s; index {size:.1f} MB")  # fmt: skip
    print(f"   each read whole (by 200 of them): {whole:.1f} s, {whole / warm:.0f} times as long as with the index")
    specs = [row.spec for row in rows]
    print(f"   flat settings of all: {seconds(lambda: [flat(spec) for spec in specs]):.2f} s, "
          f"where they differ {seconds(lambda: differing(specs)):.2f} s")  # fmt: skip
    changing = seconds(lambda: held.describe(rows[0].id, rows[0].about, About(star=True)))
    moving = seconds(lambda: (held.trash([rows[1].id]), held.restore([rows[1].id])))
    print(f"   one described {1000 * changing:.1f} ms, one into the trash and back {1000 * moving:.1f} ms")


def growing(library: Path) -> None:
    """Milliseconds of a look at a run that goes on, of a million steps."""
    make_runs(library, 1, epochs=1000, steps=1000)
    run = next(library.iterdir()).name
    size = (library / run / "events.jsonl").stat().st_size / 1e6
    first = seconds(lambda: Library(library).summary(run))
    held = Library(library)
    held.summary(run)
    line = to_line(StepsTaken(step=10**6 + 1, epoch=1000, losses=np.ones(1, np.float32), rates=np.ones(1, np.float32),
                              seconds=4001.0))  # fmt: skip
    with (library / run / "events.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(line + "\n")
    again = seconds(lambda: held.summary(run))
    whole = seconds(lambda: load_run(RunFolder(library / run), predictions=False))
    print(f"a run of a million steps ({size:.0f} MB of events): its summary {1000 * first:.0f} ms, after one more line "
          f"{1000 * again:.1f} ms; read whole {1000 * whole:.0f} ms: {whole / first:.0f} times as long")  # fmt: skip


def main(count: int) -> None:
    """Print all of them."""
    with tempfile.TemporaryDirectory(prefix="fmstudio-") as folder:
        make_runs(Path(folder), count)
        listing(Path(folder), count)
    with tempfile.TemporaryDirectory(prefix="fmstudio-") as folder:
        growing(Path(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    main(parser.parse_args().runs)
