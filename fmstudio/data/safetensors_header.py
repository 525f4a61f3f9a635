"""What stands in a file of weights (safetensors), without reading the weights: names, shapes, kinds of numbers.

The file may come from a stranger: nothing is executed, no more than a few megabytes are read, and a header that does
not describe exactly what follows is refused with a sentence.
"""

import json
import math
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fmstudio.errors import UserError
from fmstudio.words import tr

LENGTH_BYTES = 8
MOST_HEADER = 10_000_000
"""A larger header is refused: a network of a hundred thousand tensors has less."""

MOST_TENSORS = 100_000
_MOST_LETTERS = 300
_MOST_AXES = 16
_LARGEST = 2**48
_METADATA = "__metadata__"
_BYTES: Mapping[str, int] = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4,
    "U32": 4, "F32": 4, "F64": 8, "I64": 8, "U64": 8,
}  # fmt: skip


@dataclass(frozen=True)
class TensorFacts:
    """One tensor of a file.

    Attributes:
        shape: As in the file.
        kind: Of its numbers: ``"F32"``.
    """

    shape: tuple[int, ...]
    kind: str = "F32"


@dataclass(frozen=True)
class WeightsHeader:
    """What a file of weights says of itself.

    Attributes:
        tensors: By their names, in the order of the file.
        metadata: Whatever else its writer put down; words of a stranger.
    """

    tensors: Mapping[str, TensorFacts]
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_header(path: Path) -> WeightsHeader:
    """Read the head of a file of weights.

    Raises:
        UserError: Where it cannot be read, is something else, or does not say the truth about itself.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, tr("it is no ordinary file"))
        with path.open("rb") as file:
            length = int.from_bytes(file.read(LENGTH_BYTES), "little")
            _require_length(path, length, found.st_size - LENGTH_BYTES)
            content = file.read(length)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            tr("{file} cannot be read: {reason}.", file=shown_name(path), reason=reason), tr("Choose another file.")
        ) from error
    return _header(path, content, found.st_size - LENGTH_BYTES - length)


def shown_name(path: Path) -> str:
    """A file's name on one line, without control characters and not too long."""
    plain = "".join(one if one.isprintable() else "?" for one in path.name)
    return plain if len(plain) <= 80 else f"{plain[:48]}…{plain[-28:]}"


def _require_length(path: Path, length: int, rest: int) -> None:
    if rest < 2:
        raise _refused(path, tr("it is empty or cut off"))
    if length > rest:
        raise _refused(path, tr("it announces a head that is larger than the whole file"))
    if not 2 <= length <= MOST_HEADER:
        raise _refused(path, tr("the size of its head cannot be right"))


def _header(path: Path, content: bytes, room: int) -> WeightsHeader:
    try:
        values: object = json.loads(content, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise _refused(path, tr("its head is not the list of tensors that it should be")) from error
    if not isinstance(values, dict) or len(values) > MOST_TENSORS:
        raise _refused(path, tr("its head is not the list of tensors that it should be"))
    metadata = values.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(one, str) for one in metadata.values()):
        raise _refused(path, tr("its head is not the list of tensors that it should be"))
    if not values:
        raise _refused(path, tr("there are no weights in it"))
    spans = sorted(_span(path, name, one) for name, one in values.items())
    _require_gapless(path, spans, room)
    tensors = {name: TensorFacts(tuple(one["shape"]), one["dtype"]) for name, one in values.items()}
    return WeightsHeader(tensors, metadata)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(tr("a name stands there twice"))
    return made


def _span(path: Path, name: str, one: object) -> tuple[int, int]:
    """From which byte to which a tensor lies, if all that is said of it is possible."""
    if not _is_name(name):
        raise _refused(path, tr("a tensor in it has a name that no tensor should have"))
    if not isinstance(one, dict):
        raise _refused(path, tr("of “{name}” it does not say what it is", name=name))
    kind, shape, ends = one.get("dtype"), _counts(one.get("shape")), _counts(one.get("data_offsets"))
    if not isinstance(kind, str) or kind not in _BYTES:
        raise _refused(path, tr("“{name}” has numbers of an unknown kind", name=name))
    if shape is None or ends is None or len(shape) > _MOST_AXES or len(ends) != 2:
        raise _refused(path, tr("of “{name}” it says a shape or a place that cannot be", name=name))
    if ends[1] - ends[0] != math.prod(shape) * _BYTES[kind]:
        raise _refused(path, tr("“{name}” is not as large as its shape says", name=name))
    return ends[0], ends[1]


def _is_name(name: str) -> bool:
    plain = 0 < len(name) <= _MOST_LETTERS and name.isprintable()
    return plain and not name.startswith("/") and "\\" not in name and ".." not in name


def _counts(values: object) -> list[int] | None:
    """A list of whole numbers from 0; None where it is something else."""
    if not isinstance(values, list):
        return None
    fit = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < _LARGEST for one in values)
    return values if fit else None


def _require_gapless(path: Path, spans: list[tuple[int, int]], room: int) -> None:
    """The tensors lie one behind the other, from the first byte to the last: nothing overlaps, nothing is hidden."""
    place = 0
    for begin, end in spans:
        if begin != place:
            raise _refused(path, tr("its tensors overlap, or leave room for something hidden"))
        place = end
    if place > room:
        raise _refused(path, tr("it is cut off: there are fewer weights than it says"))
    if place < room:
        raise _refused(path, tr("there is more behind its weights"))


def _refused(path: Path, reason: str) -> UserError:
    message = tr("{file} is not a file of weights that can be used: {reason}.", file=shown_name(path), reason=reason)
    return UserError(message, tr("Ask for a file in the format safetensors."))
