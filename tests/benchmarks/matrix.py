"""The matrix's figures: how soon 1,000 classes are open, how soon clicks are answered. Printed, never asserted.

Each stands beside the same thing done by Qt's own ``QTableWidget`` with an item for each cell, in the same process, so
that the ratio means something on any machine. Run it through ``python -m tests.benchmarks.matrix``.
"""

import os
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem, QWidget

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.insight.confusion import confusion_matrix, probability_sums
from fmstudio.insight.confusion_order import arranged
from fmstudio.runs.run import Run
from fmstudio.session.conditions import mask_of
from fmstudio.session.selection import IsRight, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.matrix.panel import ConfusionPanel


def answers(count: int, classes: int) -> Predictions:
    """Answers of which about four in five are right."""
    chance = np.random.default_rng(0)
    labels = chance.integers(0, classes, count)
    predicted = np.where(chance.random(count) < 0.8, labels, chance.integers(0, classes, count))
    probabilities = np.full((count, classes), 0.1 / classes, np.float16)
    probabilities[np.arange(count), predicted] = 0.9
    return Predictions(np.arange(count), labels, predicted, np.ones(count, np.float32), probabilities)


def data(predictions: Predictions, classes: int) -> ImageData:
    """Black pictures for them."""
    images = np.broadcast_to(np.zeros((28, 28), np.uint8), (len(predictions), 28, 28))
    pictures = PictureSet(images, predictions.labels, predictions.samples)
    names = tuple(f"Class {number}" for number in range(classes))
    return ImageData("many", "Many", names, names, pictures, pictures)


def sight(run: Run, images: ImageData, predictions: Predictions, selection: Selection) -> Sight:
    """What is looked at."""
    strong = mask_of(selection.conditions, predictions) if selection.conditions else None
    return Sight(run, None, 1, images, selection, None, predictions, predictions, predictions, strong)


def best(act: Callable[[], object], repeats: int = 5) -> float:
    """The shortest of some times, in milliseconds."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    return min(taken)


def show(widget: QWidget) -> None:
    """Show and paint a widget of the size of a page."""
    widget.resize(1100, 760)
    widget.show()
    widget.grab()
    widget.close()
    widget.deleteLater()


def open_ours(seen: Sight, *, whole: bool) -> None:
    """Build the panel, count, paint."""
    panel = ConfusionPanel()
    if whole:
        panel.matrix.view.show_whole()
    panel.show_sight(seen)
    show(panel)


def open_items(predictions: Predictions, classes: int) -> None:
    """The same with an item for each cell."""
    table = QTableWidget(classes, classes)
    counts = confusion_matrix(predictions.labels, predictions.predicted, classes)
    for (row, column), count in np.ndenumerate(counts):
        item = QTableWidgetItem(str(count))
        item.setBackground(QColor(0, 128, 0) if row == column else QColor(255, 255, 255))
        table.setItem(row, column, item)
    show(table)


def opening() -> None:
    """Milliseconds until the matrix is painted for the first time."""
    for classes in (2, 10, 100, 1000):
        predictions = answers(20_000, classes)
        seen = sight(Run(), data(predictions, classes), predictions, Selection())
        ours, whole = (best(partial(open_ours, seen, whole=flag), 3) for flag in (False, True))
        items = best(partial(open_items, predictions, classes), 1)
        print(f"matrix of {classes:,} classes opens: {ours:.0f} ms, whole {whole:.0f} ms (≤ 300); "
              f"QTableWidget with items {items:.0f} ms: {items / ours:.1f} times as long")  # fmt: skip


def clicking() -> None:
    """Milliseconds until another selection, and other answers, are counted and painted."""
    for count in (10_000, 60_000):
        run, one, other = Run(), answers(count, 10), answers(count, 10)
        images, panel = data(one, 10), ConfusionPanel()
        panel.resize(430, 470)
        panel.show()
        selections = [Selection().at(TrueIs(label), PredictedIs(3)) for label in range(10)]
        selections += [Selection().at(IsRight(False)), Selection()]
        clicks = [sight(run, images, one, selection) for selection in selections]
        epochs = [sight(run, images, answered, Selection()) for answered in (one, other)] * 3
        for name, sights in (("click", clicks), ("other answers", epochs)):
            taken = [best(partial(_paint, panel, seen), 1) for seen in sights]
            print(f"{name} → panel painted, {count:,} pictures: median {np.median(taken):.1f} ms, "
                  f"longest {max(taken):.1f} ms")  # fmt: skip
        panel.close()


def _paint(panel: ConfusionPanel, seen: Sight) -> None:
    panel.show_sight(seen)
    panel.grab()


def counting() -> None:
    """Milliseconds for what is computed, without a widget."""
    for count, classes in ((60_000, 10), (20_000, 1000)):
        one = answers(count, classes)
        matrix = confusion_matrix(one.labels, one.predicted, classes)
        counts = best(partial(confusion_matrix, one.labels, one.predicted, classes))
        sums = best(partial(probability_sums, one, classes))
        clustered = best(partial(arranged, matrix, "clusters"), 2)
        print(f"{count:,} pictures, {classes:,} classes: counts {counts:.1f} ms, sums of probabilities {sums:.1f} ms, "
              f"clustered {clustered:.1f} ms")  # fmt: skip


def main() -> None:
    """Print all of them."""
    app = QApplication([])
    theme.apply(app, "light")
    opening()
    clicking()
    counting()


if __name__ == "__main__":
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    main()
