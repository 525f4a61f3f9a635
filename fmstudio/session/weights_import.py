"""Weights of a file beside the network of the recipe, compared anew when the recipe changes."""

from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.door import load
from fmstudio.session.opened import WeightsFile
from fmstudio.session.recipe import Recipe
from fmstudio.session.session import TrainingSession
from fmstudio.training.weights_fit import WeightsFit
from fmstudio.words import tr


class WeightsImport(QObject):
    """Compares in the background.

    Attributes:
        file: The weights.
        fit: How they agree with the recipe's network; None while that is not known.
        problem: Why it cannot be known; empty otherwise.

    Signals:
        changed(): Something else is known.
    """

    changed = Signal()

    def __init__(
        self, file: WeightsFile, session: TrainingSession, recipe: Recipe, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.file = file
        self.fit: WeightsFit | None = None
        self.problem = ""
        self._session, self._recipe = session, recipe
        self._asked: tuple[object, ...] = ()
        recipe.changed.connect(self.compare)
        self.compare()

    @property
    def start(self) -> str:
        """What the recipe calls these weights."""
        return str(self.file.path.absolute())

    @property
    def chosen(self) -> bool:
        """Whether the recipe begins with these weights."""
        return bool(self._recipe.get("start_from") == self.start)

    def compare(self) -> None:
        """Compare with the recipe's network as it is now."""
        spec = self._recipe.readable
        asked = (spec.architecture, spec.dataset) if spec is not None else ()
        before, self._asked = self._asked, asked
        if spec is None:
            self.fit, self.problem = None, tr("Mend the recipe first: its network cannot be read.")
        elif asked != before:
            self.fit, self.problem = None, ""
            self._ask(spec, asked)
        self.changed.emit()

    def _ask(self, spec: ExperimentSpec, asked: tuple[object, ...]) -> None:
        file = self.file

        def work() -> Any:
            return load("fmstudio.training.weights_match.match")(file.path, file.header, spec, file.spec)

        self._session.in_background(
            work, lambda fit: self._take(asked, fit, ""), lambda error: self._take(asked, None, _words(error))
        )

    def _take(self, asked: tuple[object, ...], fit: WeightsFit | None, problem: str) -> None:
        if isValid(self) and asked == self._asked:
            self.fit, self.problem = fit, problem
            self.changed.emit()


def _words(error: UserError) -> str:
    return f"{error.message} {error.hint}".strip()
