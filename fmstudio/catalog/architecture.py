"""What every architecture answers, by plain arithmetic."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar

from fmstudio.catalog.layers import LayerFacts, trace
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.words import tr


def trained_by(optimizer: str, lr: float, schedule: str, batch_size: int, **settings: float) -> Mapping[str, object]:
    """A recipe: paths in a spec with their values.

    Args:
        optimizer: Its kind.
        lr: Its learning rate.
        schedule: Its kind.
        batch_size: Samples in a batch.
        settings: Others of the optimizer.
    """
    further = {f"optimizer.{name}": value for name, value in settings.items()}
    plain = {"optimizer.kind": optimizer, "optimizer.lr": lr, **further, "schedule.kind": schedule}
    return MappingProxyType({**plain, "batch_size": batch_size})


class Architecture(Choice):
    """A network: layers in order. It returns logits, or numbers: the loss does the rest.

    Attributes:
        pictures: Whether it takes pictures.
        numbers: Whether it takes rows of numbers, and predicts a number.
        classes: Whether it tells classes apart.
        convolutional: Whether it sees neighbouring pixels: then pictures are laid out with their channels last, which
            is faster.
        transparent: Whether its parameters are just the w and b of a line.
        recipe: How it is best trained: paths in a spec with their values.
    """

    pictures: ClassVar[bool] = True
    numbers: ClassVar[bool] = False
    classes: ClassVar[bool] = True
    convolutional: ClassVar[bool] = False
    transparent: ClassVar[bool] = False
    recipe: ClassVar[Mapping[str, object]] = {}

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """The layers in order, each a call of a ``torch.nn`` class or of a block."""
        raise NotImplementedError

    def call(self, facts: Facts) -> Call:
        """The whole network: its only layer, or all of them in order."""
        layers = self.calls(facts)
        return layers[0] if len(layers) == 1 else Call("torch.nn.Sequential", *layers)

    def trace(self, facts: Facts) -> tuple[LayerFacts, ...]:
        """Each layer with shapes and counts; ends with the first that does not fit."""
        return trace(self.calls(facts), facts.shape)

    def unfit(self, facts: Facts) -> Problem | None:
        """Why it cannot take these samples, at the setting to change; None where it can.

        Paths are names of settings; "kind" where no setting would help.
        """
        picture = len(facts.shape) == 3
        if picture and not self.pictures:
            return Problem("kind", tr("takes rows of numbers, no pictures"))
        if not picture and not self.numbers:
            return Problem("kind", tr("takes pictures, no rows of numbers"))
        problem = self._misfit(facts)
        return replace(problem, mending=self._mending(problem, facts)) if problem else None

    def unfit_alone(self, facts: Facts) -> Problem | None:
        """Why it cannot learn from a batch of a single sample, at the setting to change; None where it can."""
        if not any(layer.compares_samples for layer in self.trace(facts)):
            return None
        message = tr("batch normalisation needs more than one sample in every batch")
        if "batch_norm" not in type(self).model_fields:
            return Problem("kind", message)
        return Problem("batch_norm", message, Mending(tr("Turn off batch normalisation"), (("batch_norm", False),)))

    def weights(self, facts: Facts) -> int:
        """Number of numbers that are learned."""
        return sum(layer.weights for layer in self.trace(facts))

    def memory_numbers(self, facts: Facts) -> int:
        """How many numbers all layers together make for one sample: what training keeps of it until the update."""
        return sum(layer.numbers for layer in self.trace(facts))

    def _misfit(self, facts: Facts) -> Problem | None:
        last = self.trace(facts)[-1]
        if not last.problem:
            return None
        return Problem(self._setting_of(last), tr("{layer}: {reason}", layer=last.name, reason=last.problem))

    def _setting_of(self, layer: LayerFacts) -> str:
        """The setting that a layer which does not fit hangs on."""
        return "kind"

    def _mending(self, problem: Problem, facts: Facts) -> Mending | None:
        """One of its settings as it usually is, or all of them, where that helps."""
        usual = type(self)()
        own = tuple(type(self).model_fields)
        for names in ((problem.path,) if problem.path in own else (), own):
            values = {name: getattr(usual, name) for name in names if getattr(usual, name) != getattr(self, name)}
            changed = self.model_copy(update=values)
            if values and not changed.problems() and changed._misfit(facts) is None:
                plain = usual.model_dump(mode="json")
                return Mending(tr("Back to the usual network"), tuple((name, plain[name]) for name in values))
        return None
