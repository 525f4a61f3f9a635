"""How many right: quick checks, epochs, training pictures, and what guessing and people reach."""

import numpy as np
from PySide6.QtCore import Qt

from fmstudio.insight.said import plain
from fmstudio.ui import theme
from fmstudio.ui.plots import ticks
from fmstudio.ui.plots.history import EMPTY, Doubles, Line, thinned
from fmstudio.ui.plots.lines import Curve, Look
from fmstudio.ui.plots.page import Entry, Page, at_step
from fmstudio.ui.plots.reference import Reference
from fmstudio.words import tr

_ROWS = (-0.035, 1.035)
_WIDE = 0.2
"""How much of the view a label takes across."""
_LABEL = 22
"""How high it is, in pixels."""

_PLACES = 24


class AccuracyPage(Page):
    """The share of right answers over the run."""

    dotted = "test_accuracy"

    def __init__(self) -> None:
        super().__init__(ticks.percent_ticks, _ROWS)
        now = theme.current()
        self.title = tr("How many right")
        self._looks = {
            "quick": Look(now.accent, 0, symbol="o", fill=now.card),
            "epochs": Look(now.accent, 0, symbol="o", fill=now.accent),
            "training": Look(now.secondary, 1, Qt.PenStyle.DashLine, "d", now.card, 9),
            "validation": Look(now.amber, 1, Qt.PenStyle.DotLine, "s", now.card, 7),
            "best": Look(now.text, 0, symbol="o", fill="#00000000", size=15),
        }
        self.curves = {
            "training": Curve(self.plot, self._looks["training"], "training", 1),
            "validation": Curve(self.plot, self._looks["validation"], "validation", 2),
            "test": Curve(self.plot, Look(now.accent), "test", 3),
            "quick": Curve(self.plot, self._looks["quick"], "quick", 4),
            "epochs": Curve(self.plot, self._looks["epochs"], "epochs", 5),
            "best": Curve(self.plot, self._looks["best"], "best", 6),
        }
        self.references = {name: Reference(self.plot) for name in ("guessing", "people", "you")}

    def show_references(self, *, people: float | None, guessing: float | None, you: float | None = None) -> None:
        """Draw the lines for what people, guessing and the user reach, 0…1 each; None draws none."""
        self.references["guessing"].show(guessing, tr("guessing {share} %", share=f"{100 * (guessing or 0):.3g}"))
        self.references["people"].show(people, tr("people {share} %", share=f"{100 * (people or 0):.3g}"))
        self.references["you"].show(you, tr("you {share} %", share=f"{100 * (you or 0):.3g}"))
        self._lean()

    def set_density(self, density: float) -> None:
        """Draw for a device with so many pixels to the pixel; takes effect on what is drawn next."""
        super().set_density(density)
        for reference in self.references.values():
            reference.set_density(density)

    def legend(self) -> list[Entry]:
        """Quick checks, epochs, training pictures, and validation pictures where there are any."""
        run = self._history.run if self._history else None
        words = {"quick": tr("quick check"), "epochs": tr("test"), "training": tr("training")}
        if run and run.started and run.started.validation_size:
            words["validation"] = tr("validation")
        if self._history and len(self._history.best()[0]):
            held = bool(run and run.started and run.started.validation_size)
            words["best"] = tr("best epoch") if held else tr("best epoch, by test (optimistic)")
        return [Entry(text, self._looks[name]) for name, text in words.items()]

    def draw(self) -> None:
        """Give every curve its points for what is visible."""
        rect = self.visible
        for name, line in self._lines().items():
            self.curves[name].show(thinned(line, rect.left(), rect.right()))
        self._lean()

    def _lines(self) -> dict[str, Line]:
        history = self._history
        if history is None:
            return dict.fromkeys(self.curves, EMPTY)
        return {
            "training": history.epochs.line("train_accuracy"),
            "validation": history.epochs.line("validation_accuracy"),
            "test": history.tested("accuracy"),
            "quick": history.hollow("accuracy"),
            "epochs": history.epochs.line("test_accuracy"),
            "best": history.best(),
        }

    def _lean(self) -> None:
        """Write beside each reference line where no curve runs: at the right if it can be, people below it."""
        rect = self.visible
        width = _WIDE * rect.width()
        ends = {True: (rect.right() - width, rect.right()), False: (rect.left(), rect.left() + width)}
        for name, reference in self.references.items():
            sides = (name == "people", name != "people")
            value = float(reference.line.value())
            places = [(right, below) for right in (True, False) for below in sides if self._fits(value, below=below)]
            places = places or [(True, sides[0])]
            right, below = min(places, key=lambda place: self._crowd(*ends[place[0]], value, below=place[1]))
            reference.lean(rect.right() if right else rect.left(), right=right, below=below)

    def _fits(self, value: float, *, below: bool) -> bool:
        """Whether a label at this value has room in what is visible."""
        rect, height = self.visible, self._label_height()
        return value - height >= rect.top() if below else value + height <= rect.bottom()

    def _label_height(self) -> float:
        """How much of the value axis a label covers."""
        box = self.plot.getPlotItem().getViewBox()
        return float(_LABEL * self.visible.height() / max(1.0, float(box.height())))

    def _crowd(self, first: float, last: float, value: float, *, below: bool) -> int:
        """How much of the curves runs between two steps through the room of a label at this value."""
        height = self._label_height()
        low, high = (value - height, value) if below else (value, value + height)
        places = np.linspace(first, last, _PLACES)
        lines = [self.curves[name].points for name in ("test", "training", "validation")]
        drawn = [np.interp(places, *line, left=np.nan, right=np.nan) for line in lines if len(line[0])]
        return sum(int(np.count_nonzero((values > low) & (values <= high))) for values in drawn)

    def _value_range(self) -> tuple[float, float]:
        return _ROWS

    def _stops(self) -> Doubles | None:
        return self._history.tested("accuracy")[0] if self._history else None

    def _words(self, step: int) -> list[str]:
        history = self._history
        if history is None:
            return []
        parts = {
            "test": at_step(history.tested("accuracy"), step),
            "training": at_step(history.epochs.line("train_accuracy"), step),
            "validation": at_step(history.epochs.line("validation_accuracy"), step),
        }
        names = {"test": tr("test"), "training": tr("training"), "validation": tr("validation")}
        said = [
            tr("{name} {share} %", name=names[key], share=f"{100 * value:.1f}")
            for key, value in parts.items()
            if value is not None
        ]
        if 0 < step <= history.run.step:
            said.insert(0, tr("loss {loss}", loss=plain(history.losses.values[step - 1], 3)))
        return said
