"""The table of runs' figures: how soon 10,000 runs are shown, filtered, sorted and grouped. Printed, never asserted.

Run it through ``python -m tests.benchmarks.runs``.
"""

import os
import random
import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.runs.about import About
from fmstudio.runs.summary import RunSummary
from fmstudio.ui import theme
from fmstudio.ui.compare.compare_page import ComparePage

MANY = 10_000
FILTERS = (
    "a",
    "adam",
    "lr>0.01",
    "optimizer=adam accuracy>=85% -tag:lab",
    "epochs:2..5 state:stopped",
    "weights>50000",
)
_TAGS = ("lab", "week 3", "dropout", "keep")


def summary(number: int, chance: random.Random, now: float) -> RunSummary:
    """A run as there may be many: other settings and results each."""
    spec = changed(
        lesson("first-look").draft,
        [
            ("name", chance.choice(("First look", "Wider", "Baseline"))),
            ("optimizer.kind", chance.choice(("adam", "sgd", "adamw", "rmsprop"))),
            ("optimizer.lr", chance.choice((0.0003, 0.001, 0.003, 0.01, 0.03))),
            ("architecture.kind", chance.choice(("cnn", "mlp", "lenet", "resnet-9"))),
            ("epochs", chance.choice((1, 2, 5, 10))),
            ("batch_size", chance.choice((64, 128, "all"))),
            ("seed", number),
        ],
    )
    accuracy, created = chance.gauss(0.86, 0.05), now - 600 * number
    figures = {"epoch": 2.0, "test_accuracy": accuracy, "test_loss": 1 - accuracy, "train_loss": 0.9 - accuracy}
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(created))
    about = About(note="look again" * chance.randrange(3), tags=tuple(chance.sample(_TAGS, chance.randrange(3))))
    state = chance.choice(("finished", "finished", "stopped"))
    return RunSummary(
        id=f"{stamp}-run", folder="", spec=spec, about=about, state=state, created=created, epochs=2, planned=2,
        step=938, seconds=chance.random() * 300, best=figures, last=figures, resumable=state == "stopped",
    )  # fmt: skip


def summaries(count: int) -> list[RunSummary]:
    """So many, newest first."""
    chance, now = random.Random(0), time.time()
    return [summary(number, chance, now) for number in range(count)]


def timed(said: str, act: Callable[[], object], repeats: int = 3) -> None:
    """Print the first and the shortest of some times in milliseconds."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    print(f"{said}: first {taken[0]:.0f} ms, best {min(taken):.0f} ms")


def main() -> None:
    """Print all figures."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply(application, "light")
    rows = summaries(MANY)
    page = ComparePage()
    page.resize(1100, 760)
    page.show()

    def painted(act: Callable[[], object]) -> None:
        act()
        page.grab()

    timed(f"{MANY:,} runs shown (≤ 1,000)", lambda: painted(lambda: page.show_runs(rows)), 1)
    for text in FILTERS:
        page.table.filter_by("")
        timed(f"filter “{text}” (≤ 100)", lambda text=text: painted(lambda: page.table.filter_by(text)), 1)  # type: ignore[misc]
        print(f"  {len(page.table.model.kept):,} runs let through")
    page.table.filter_by("")
    timed("sorted by result", lambda: painted(lambda: page.table.model.sort_by("best", falling=True)), 1)
    timed("grouped by optimizer", lambda: painted(lambda: page.table.model.group_by("optimizer.kind")), 1)
    timed("all chosen", lambda: painted(page.table.view.selectAll), 1)
    page.close()


if __name__ == "__main__":
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    main()
