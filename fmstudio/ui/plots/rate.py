"""How large the steps: the learning rate of every step."""

from fmstudio.runs.pyramid import Pyramid
from fmstudio.ui import theme
from fmstudio.ui.plots import ticks
from fmstudio.ui.plots.history import EMPTY
from fmstudio.ui.plots.lines import Curve, Look
from fmstudio.ui.plots.page import Entry, Page, rows_of
from fmstudio.words import tr

_POINTS = 500


class RatePage(Page):
    """The learning rate over the run."""

    logarithmic = False

    def __init__(self) -> None:
        super().__init__(ticks.number_ticks)
        self.title = tr("How large the steps")
        self._look = Look(theme.current().accent)
        self.curves = {"rate": Curve(self.plot, self._look, "rate")}

    def legend(self) -> list[Entry]:
        """The one line."""
        return [Entry(tr("learning rate"), self._look)]

    def draw(self) -> None:
        """Give the curve its points for what is visible."""
        rect, history = self.visible, self._history
        line = history.per_step(history.rates, rect.left(), rect.right(), _POINTS) if history else EMPTY
        self.curves["rate"].show(line)

    def _value_range(self) -> tuple[float, float]:
        rates = self._history.rates if self._history else Pyramid()
        return rows_of(rates, [], logarithmic=bool(self.logarithmic))

    def _words(self, step: int) -> list[str]:
        if self._history is None:
            return []
        return [tr("learning rate {rate}", rate=f"{self._history.rates.values[step - 1]:.4g}")]
