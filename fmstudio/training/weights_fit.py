"""Whether weights of a file belong to a network: tensor by tensor, and which networks they would fit. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fmstudio.data.safetensors_header import TensorFacts

State = Literal["fits", "shape", "kind", "missing", "extra"]
"""``shape``: another shape. ``kind``: numbers of another kind. ``missing``: only the network has it. ``extra``: only
the file has it."""
_FLOATS = ("F16", "BF16", "F32", "F64", "F8_E5M2", "F8_E4M3")


@dataclass(frozen=True)
class TensorRow:
    """One tensor by its name.

    Attributes:
        name: As torch has it: "0.weight".
        found: As it is in the file; None where it is missing there.
        expected: As the network has it; None where it has none of that name.
    """

    name: str
    found: TensorFacts | None
    expected: TensorFacts | None

    @property
    def state(self) -> State:
        """How the two agree."""
        if self.found is None:
            return "missing"
        if self.expected is None:
            return "extra"
        if self.found.shape != self.expected.shape:
            return "shape"
        return "fits" if is_float(self.found) == is_float(self.expected) else "kind"


@dataclass(frozen=True)
class Offer:
    """A change to the recipe after which the weights fit.

    Attributes:
        title: Of the network, untranslated.
        changes: Pairs of path and value.
        recorded: Whether the file itself says that it is this network.
        data: The title of the data set that is changed with it, untranslated; empty where it stays.
    """

    title: str
    changes: tuple[tuple[str, Any], ...]
    recorded: bool = False
    data: str = ""


@dataclass(frozen=True)
class WeightsFit:
    """How a file of weights and a network agree.

    Attributes:
        rows: What the network has, in its order, then what only the file has.
        network: The title of the recipe's network, untranslated.
        classes: Of the recipe's data set; 0 where it has none.
        offers: Networks that the weights fit; empty where they fit the recipe's.
        finite: Whether all numbers are finite; only known where everything fits.
    """

    rows: tuple[TensorRow, ...]
    network: str
    classes: int = 0
    offers: tuple[Offer, ...] = ()
    finite: bool = True

    @property
    def fits(self) -> bool:
        """Whether every tensor is there with the right shape, and no other."""
        return all(row.state == "fits" for row in self.rows)

    def count(self, state: State) -> int:
        """How many tensors are so."""
        return sum(row.state == state for row in self.rows)


def rows_of(found: Mapping[str, TensorFacts], expected: Mapping[str, TensorFacts]) -> tuple[TensorRow, ...]:
    """Each tensor of a file beside that of a network."""
    names = dict.fromkeys([*expected, *found])
    return tuple(TensorRow(name, found.get(name), expected.get(name)) for name in names)


def is_float(tensor: TensorFacts) -> bool:
    """Whether its numbers have fractions."""
    return tensor.kind in _FLOATS
