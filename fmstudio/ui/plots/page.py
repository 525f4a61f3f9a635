"""One page of the curves: a frame with the curves of a run on it, and the words for what is under the crosshair."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal

from fmstudio.runs.pyramid import Pyramid, nearest
from fmstudio.training.events import Predictions
from fmstudio.ui.plots import ticks
from fmstudio.ui.plots.frame import Frame
from fmstudio.ui.plots.history import Doubles, History, Line
from fmstudio.ui.plots.lines import Curve, Look
from fmstudio.words import tr

_SLEEPING_STEPS = 1000
_STRIDE = 0.01
_ROOM = 0.035
_REACH = 9
"""How far beside a dot a click may be, in pixels."""
_SLEEPING = {False: (0.0, 2.5), True: (0.1, 2.0)}


@dataclass(frozen=True)
class Entry:
    """A word of the legend, and how the curve looks that it stands for."""

    words: str
    look: Look


class Page(Frame):
    """What the accuracy, loss and rate pages share.

    Attributes:
        title: The heading above the plot.
        logarithmic: Whether the value axis is so now; None where it cannot be.
        curves: The curves by name.
    """

    read = Signal(str)
    """What is under the crosshair, in words; empty where there is nothing."""

    epoch_chosen = Signal(int)
    """The dot of an epoch was clicked, or Enter pressed on it: its number. Only where its answers were kept."""

    title = ""
    logarithmic: bool | None = None
    dotted = ""
    """The figure of each epoch that is drawn as a dot; empty where none is."""

    def __init__(self, rule: ticks.TickRule, limits: tuple[float, float] | None = None) -> None:
        super().__init__(rule, limits)
        self.curves: Mapping[str, Curve] = {}
        self._history: History | None = None
        self._sleeping_epochs = 1
        self._cursor: float | None = None
        self.pointed.connect(self._on_pointed)
        self.walked.connect(self._on_walked)
        self.viewed.connect(self.draw)
        self.hovered.connect(self._on_hovered)
        self.tapped.connect(lambda place: self._choose(self.epoch_at(place)))
        self.entered.connect(lambda: self._choose(self._epoch_of(self._dot_at(self._cursor))))

    def show_history(self, history: History | None, epochs: int = 1) -> None:
        """Draw a run; None draws empty axes for a run of so many epochs."""
        if history is not self._history:
            self.zoomed = False
            self._cursor = None
        self._history, self._sleeping_epochs = history, epochs
        self._fit_run()
        self.set_density(self.plot.devicePixelRatioF())
        self.draw()
        self._say()

    def set_density(self, density: float) -> None:
        """Draw for a device with so many pixels to the pixel; takes effect on what is drawn next."""
        for curve in self.curves.values():
            curve.set_density(density)

    def set_logarithmic(self, on: bool) -> None:
        """Draw the values on a logarithmic axis, or not."""
        if self.logarithmic is None or on == self.logarithmic:
            return
        self.logarithmic = on
        for curve in self.curves.values():
            curve.set_logarithmic(on)
        self.set_rule(ticks.log_ticks if on else ticks.number_ticks)
        self._fit_run()
        self.show_everything()
        self.draw()

    def epoch_at(self, place: QPointF) -> int | None:
        """The epoch whose dot lies at a place of the plot's viewport; None without one that can be looked at."""
        index = self._dot_at(self.step_at(place))
        if index is None or self._history is None:
            return None
        step, value = float(self._history.epochs.steps[index]), float(self._history.epochs[self.dotted][index])
        if not np.isfinite(value) or (self.logarithmic and value <= 0):
            return None
        far = self.place_of(step, float(np.log10(value)) if self.logarithmic else value) - place
        return self._epoch_of(index) if np.hypot(far.x(), far.y()) <= _REACH else None

    def _dot_at(self, step: float | None) -> int | None:
        """Which of the epochs ended nearest to a step; None where none can be meant."""
        if step is None or self._history is None or not self.dotted:
            return None
        index = nearest(self._history.epochs.steps, step)
        return index if index >= 0 else None

    def _epoch_of(self, index: int | None) -> int | None:
        """The number of an epoch whose answers were kept, by its place among all; None of another one."""
        if index is None or self._history is None:
            return None
        ended = self._history.run.epochs[index]
        return ended.epoch if isinstance(ended.predictions, Predictions) and len(ended.predictions) else None

    def _on_hovered(self, place: QPointF) -> None:
        """A hand over what can be clicked."""
        if self.epoch_at(place) is None:
            self.plot.viewport().unsetCursor()
        else:
            self.plot.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def _choose(self, epoch: int | None) -> None:
        if epoch is not None:
            self.epoch_chosen.emit(epoch)

    def draw(self) -> None:
        """Give every curve its points for what is visible."""
        raise NotImplementedError

    def legend(self) -> list[Entry]:
        """What is drawn, in the order in which the legend names it."""
        raise NotImplementedError

    def _value_range(self) -> tuple[float, float]:
        """The lowest and the highest place that everything needs."""
        raise NotImplementedError

    def _stops(self) -> Doubles | None:
        """The steps that the crosshair stops at; None for every step."""
        return None

    def _words(self, step: int) -> list[str]:
        """What is to be said of a step beside its number."""
        raise NotImplementedError

    def _fit_run(self) -> None:
        run = self._history.run if self._history else None
        if run is None or run.started is None:
            self.fit(_SLEEPING_STEPS, self._sleeping_epochs, self._value_range())
        else:
            epochs = max(run.started.epochs, -(-run.step // run.steps_per_epoch))
            self.fit(run.steps_per_epoch, epochs, self._value_range())

    def _on_pointed(self, step: float | None) -> None:
        self._cursor = step
        self._say()

    def _on_walked(self, direction: int) -> None:
        rect = self.visible
        if self._cursor is None:
            self._cursor = self._stop(rect.left() if direction > 0 else rect.right())
        else:
            self._cursor = self._next_stop(self._cursor, direction)
        self._say()

    def _next_stop(self, here: float, direction: int) -> float | None:
        """The next step to stop at, at least a hundredth of the view away."""
        now, then = self._stop(here), self._stop(here + direction * _STRIDE * self.visible.width())
        stops = self._stops()
        if now is None or then is None or then != now:
            return then
        if stops is None:
            return self._stop(now + direction)
        return float(stops[min(max(0, nearest(stops, now) + direction), len(stops) - 1)])

    def _stop(self, place: float) -> float | None:
        """The step that is meant by a place."""
        stops = self._stops()
        if stops is not None:
            index = nearest(stops, place)
            return None if index < 0 else float(stops[index])
        steps = self._history.run.step if self._history else 0
        return float(min(max(1, round(place)), steps)) if steps else None

    def _say(self) -> None:
        """Put the crosshair where the cursor is and say what is there."""
        stop = None if self._cursor is None else self._stop(self._cursor)
        self.point_at(stop)
        if stop is None or self._history is None:
            self.read.emit("")
            return
        epoch = tr("epoch {number}", number=f"{stop / self._history.steps_per_epoch:.2f}")
        step = tr("step {number}", number=f"{stop:,.0f}")
        self.read.emit(" · ".join([epoch, step, *self._words(int(stop))]))


def at_step(line: Line, step: int) -> float | None:
    """The value of a line at exactly this step; None where there is none."""
    index = nearest(line[0], step)
    return float(line[1][index]) if index >= 0 and line[0][index] == step else None


def rows_of(series: Pyramid, lines: list[Line], *, logarithmic: bool) -> tuple[float, float]:
    """The lowest and the highest place of an axis that shows all these values, on round numbers, with a little room."""
    ends = [np.array(series.bounds or (), np.float64)]
    values = np.concatenate(ends + [line[1].astype(np.float64) for line in lines])
    values = values[np.isfinite(values)]
    if logarithmic:
        if len(values) and values.min() <= 0:
            values = np.concatenate([values, series.values])
        values = values[np.isfinite(values) & (values > 0)]
    least, most = (float(values.min()), float(values.max())) if len(values) else _SLEEPING[logarithmic]
    low, high = ticks.round_log_range(least, most) if logarithmic else ticks.round_range(least, most)
    room = _ROOM * (high - low)
    return low - room, high + room
