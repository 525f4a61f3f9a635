"""The user's own list of layers."""

import math
from bisect import bisect_left

from pydantic import SerializeAsAny

from fmstudio.catalog.architecture import Architecture, trained_by
from fmstudio.catalog.layer_kinds import LAYERS, Conv2d, Flatten, LayerKind, Linear, MaxPool, Relu
from fmstudio.catalog.layers import LayerFacts, Shape, trace
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts, use
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import Setting, setting, settings_of
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
        place = self._first_unfit(facts)
        if place is None:
            return None
        layer, last = self.layers[place], self.rows(facts)[place][-1]
        own = last.about in type(layer).model_fields
        path = f"layers.{place}.{last.about}" if own else f"layers.{place}"
        return Problem(path, tr("{layer}: {reason}", layer=tr(layer.title), reason=last.problem))

    def _first_unfit(self, facts: Facts) -> int | None:
        """The place of the layer that does not fit what it gets; None where all fit."""
        places = (place for place, row in enumerate(self.rows(facts)) if row and row[-1].problem)
        return next(places, None)

    def _mending(self, problem: Problem, facts: Facts) -> Mending | None:
        """The largest window that fits, or a Flatten before the layer, where that helps; else doing without it."""
        _, number, *name = problem.path.split(".")
        place = int(number)
        if name:
            mending = self._smaller(place, facts) if name == ["kernel_size"] else self._thinner(place)
            return mending or self._changed(place, 1, ())
        flattened = LayerList(layers=(*self.layers[:place], Flatten(), *self.layers[place:]))
        further = flattened._first_unfit(facts)
        helps = further is None or further > place + 1
        return self._changed(place, 0, (Flatten(),)) if helps else self._changed(place, 1, ())

    def _smaller(self, place: int, facts: Facts) -> Mending | None:
        """The largest window with which all fits, or at least this layer; None where that would do nothing."""
        layer = self.layers[place]
        most = _largest_window(layer, self._incoming(place, facts))
        least = 2 if isinstance(layer, MaxPool) else 1  # a pool of a single pixel leaves the picture as it is
        whole = bisect_left(range(1, most + 1), True, key=lambda size: self._unfit_with(place, size, facts) is not None)
        for size in (whole, most):
            if size >= least and self._unfit_with(place, size, facts) != place:
                return use(f"layers.{place}", _setting(layer, "kernel_size"), size)
        return None

    def _unfit_with(self, place: int, size: int, facts: Facts) -> int | None:
        """The first layer that does not fit where one of them has another window."""
        smaller = self.layers[place].model_copy(update={"kernel_size": size})
        return LayerList(layers=(*self.layers[:place], smaller, *self.layers[place + 1 :]))._first_unfit(facts)

    def _thinner(self, place: int) -> Mending | None:
        """The widest margin that a pool may have; None where it is no pool."""
        layer = self.layers[place]
        if not isinstance(layer, MaxPool):
            return None
        return use(f"layers.{place}", _setting(layer, "padding"), layer.kernel_size // 2)

    def _incoming(self, place: int, facts: Facts) -> Shape:
        """What a layer gets, where those before it fit."""
        before = [layer for row in self.rows(facts)[:place] for layer in row]
        return before[-1].output if before else facts.shape

    def _changed(self, place: int, count: int, new: tuple[LayerKind, ...]) -> Mending:
        """Other layers in the place of some of the list."""
        layers = (*self.layers[:place], *new, *self.layers[place + count :])
        label = tr("Put a Flatten before it") if new else tr("Remove this layer")
        return Mending(label, (("layers", [layer.model_dump(mode="json") for layer in layers]),))


def _setting(layer: LayerKind, name: str) -> Setting:
    return next(one for one in settings_of(type(layer)) if one.name == name)


def _largest_window(layer: LayerKind, shape: Shape) -> int:
    """The side of the largest window that lies within a picture and its margin."""
    padding: int = getattr(layer, "padding", 0)
    return min(shape[1:], default=0) + 2 * padding


def _output(shape: Shape, facts: Facts) -> tuple[Call, ...]:
    """The last layer, one number for each output; a Flatten before it where that is missing."""
    flatten = (Call("torch.nn.Flatten"),) if len(shape) > 1 else ()
    return (*flatten, Call("torch.nn.Linear", math.prod(shape), facts.outputs))
