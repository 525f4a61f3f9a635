"""How far off: the loss of every step, its smoothed line, and the losses of training and test pictures per epoch."""

import numpy as np
from PySide6.QtCore import Qt

from fmstudio.experiment.draft import get
from fmstudio.insight.said import plain
from fmstudio.runs.pyramid import Pyramid
from fmstudio.ui import theme
from fmstudio.ui.plots import ticks
from fmstudio.ui.plots.history import EMPTY, History, Line, thinned
from fmstudio.ui.plots.lines import Curve, Look
from fmstudio.ui.plots.page import Entry, Page, at_step, rows_of
from fmstudio.ui.style import mix
from fmstudio.words import tr

_SMOOTH_POINTS = 400
_FIGURES = {"training": "train", "test": "test", "validation": "validation"}


class LossPage(Page):
    """The loss over the run."""

    logarithmic = False
    dotted = "test_loss"

    def __init__(self) -> None:
        super().__init__(ticks.number_ticks)
        now = theme.current()
        self.title = tr("How far off")
        self._looks = {
            "steps": Look(mix(now.card, now.secondary, 0.5), 1),
            "checks": Look(now.accent, 1),
            "smooth": Look(now.text, 2),
            "training": Look(now.secondary, 0, Qt.PenStyle.DashLine, "d", now.card, 9, instead=1),
            "test": Look(now.accent, 0, symbol="o", fill=now.accent),
            "validation": Look(now.amber, 1, Qt.PenStyle.DotLine, "s", now.card, 7),
        }
        self.curves = {
            name: Curve(self.plot, look, name, depth) for depth, (name, look) in enumerate(self._looks.items())
        }

    def legend(self) -> list[Entry]:
        """Each step, smoothed, training and test, and validation where there is any."""
        run = self._history.run if self._history else None
        words = {
            "steps": tr("each step"),
            "smooth": tr("smoothed"),
            "training": tr("training"),
            "test": tr("test (without outliers)") if run and get(run.spec, "dataset.outliers") else tr("test"),
        }
        if run and run.started and run.started.validation_size:
            words["validation"] = tr("validation")
        return [Entry(text, self._looks[name]) for name, text in words.items()]

    def draw(self) -> None:
        """Give every curve its points for what is visible."""
        rect, history = self.visible, self._history
        lines = dict.fromkeys(self.curves, EMPTY)
        if history:
            lines = {name: thinned(line, rect.left(), rect.right()) for name, line in _measured(history).items()}
            lines["steps"] = history.per_step(history.losses, rect.left(), rect.right())
            lines["smooth"] = history.smoothed(rect.left(), rect.right(), _SMOOTH_POINTS)
        for name, line in lines.items():
            self.curves[name].show(line)

    def _value_range(self) -> tuple[float, float]:
        if self._history is None:
            return rows_of(Pyramid(), [], logarithmic=bool(self.logarithmic))
        lines = list(_measured(self._history).values())
        return rows_of(self._history.losses, lines, logarithmic=bool(self.logarithmic))

    def _words(self, step: int) -> list[str]:
        history = self._history
        if history is None:
            return []
        lines = _measured(history)
        said = [tr("loss {loss}", loss=plain(history.losses.values[step - 1], 3))]
        said.append(tr("smoothed {loss}", loss=plain(history.smooth.at(np.array([step - 1]))[0], 3)))
        names = {"training": tr("training"), "test": tr("test"), "validation": tr("validation")}
        for key, name in names.items():
            value = at_step(lines[key], step)
            if value is not None:
                said.append(tr("{name} {loss}", name=name, loss=plain(value, 3)))
        return said


def _measured(history: History) -> dict[str, Line]:
    """What is not a figure of every step."""
    lines = {name: history.epochs.line(f"{figure}_loss") for name, figure in _FIGURES.items()}
    return {**lines, "checks": history.tested("loss")}
