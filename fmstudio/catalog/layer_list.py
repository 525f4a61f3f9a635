"""The user's own list of layers."""

import math

from pydantic import SerializeAsAny

from fmstudio.catalog.architecture import Architecture, trained_by
from fmstudio.catalog.layer_kinds import LAYERS, Conv2d, Flatten, LayerKind, Linear, MaxPool, Relu
from fmstudio.catalog.layers import LayerFacts, Shape, trace
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

_USUAL: tuple[LayerKind, ...] = (
    Conv2d(channels=6, kernel_size=5),
    Relu(),
    MaxPool(),
    Conv2d(channels=12, kernel_size=5),
    Relu(),
    MaxPool(),
    Flatten(),
    Linear(features=120),
    Relu(),
    Linear(features=60),
    Relu(),
)


class LayerList(Architecture):
    """Your own network, layer by layer.

    Choose layers and put them in order. What each of them gets follows from the one before it; the last layer, one
    number for each class, is added by itself, and so is a Flatten before it where that is missing. It starts with the
    layers of the small CNN. An empty list is softmax regression.

    Source: torch.nn.Sequential.
    """

    title = marked("Your own layers")
    convolutional = True
    numbers = True
    recipe = trained_by("adam", 0.005, "one-cycle", 128)
    layers: tuple[SerializeAsAny[LayerKind], ...] = setting(
        _USUAL,
        marked("Layers"),
        marked("The layers in order, without the last one: it follows from the data set."),
        length=(0, 200),
        table=LAYERS,
    )

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """What is built for each layer of the list, and the last one; up to the first that does not fit."""
        return tuple(layer.call for layer in self.trace(facts))

    def trace(self, facts: Facts) -> tuple[LayerFacts, ...]:
        """Each layer with shapes and counts; ends with the first that does not fit."""
        return tuple(layer for row in self.rows(facts) for layer in row)

    def rows(self, facts: Facts) -> tuple[tuple[LayerFacts, ...], ...]:
        """What each row of the list becomes, and last what is added; nothing behind a layer that does not fit."""
        rows: list[tuple[LayerFacts, ...]] = []
        shape, last, fits = facts.shape, None, True
        for row in (*self.layers, None):
            traced: tuple[LayerFacts, ...] = ()
            if fits:
                traced = trace(row.calls(shape) if row else _output(shape, facts), shape, last)
            if traced:
                last = traced[-1]
                shape, fits = last.output, not last.problem
            rows.append(traced)
        return tuple(rows)

    def unfit_alone(self, facts: Facts) -> Problem | None:
        """At the row of the layer that needs more than one sample."""
        for place, row in enumerate(self.rows(facts)):
            if any(layer.compares_samples for layer in row):
                message = tr("batch normalisation needs more than one sample in every batch")
                return Problem(f"layers.{place}", message, self._changed(place, 1, ()))
        return None

    def _misfit(self, facts: Facts) -> Problem | None:
        for place, row in enumerate(self.rows(facts)):
            if row and row[-1].problem:
                last = row[-1]
                own = last.about in type(self.layers[place]).model_fields
                path = f"layers.{place}.{last.about}" if own else f"layers.{place}"
                return Problem(path, tr("{layer}: {reason}", layer=last.name, reason=last.problem))
        return None

    def _mending(self, problem: Problem, facts: Facts) -> Mending | None:
        """A Flatten before the layer, or doing without it, where that makes all fit; else the usual layers."""
        place = int(problem.path.split(".")[1])
        for count, new in ((0, (Flatten(),)), (1, ())):
            layers = (*self.layers[:place], *new, *self.layers[place + count :])
            if LayerList(layers=layers)._misfit(facts) is None:
                return self._changed(place, count, new)
        return super()._mending(problem, facts)

    def _changed(self, place: int, count: int, new: tuple[LayerKind, ...]) -> Mending:
        """Other layers in the place of some of the list."""
        layers = (*self.layers[:place], *new, *self.layers[place + count :])
        label = tr("Put a Flatten before it") if new else tr("Remove this layer")
        return Mending(label, (("layers", [layer.model_dump(mode="json") for layer in layers]),))


def _output(shape: Shape, facts: Facts) -> tuple[Call, ...]:
    """The last layer, one number for each output; a Flatten before it where that is missing."""
    flatten = (Call("torch.nn.Flatten"),) if len(shape) > 1 else ()
    return (*flatten, Call("torch.nn.Linear", math.prod(shape), facts.outputs))
