"""The whole state of a training as one file: tensors, and around them plain values. Nothing is ever unpickled.

It is a safetensors file. Its metadata hold, under ``fmstudio``, a tree in JSON in which every tensor is named: numbers,
texts, lists, tuples and dictionaries (also with whole numbers as keys) come back as they were, bit for bit.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.words import tr

KEY = "fmstudio"
VERSION = 1
_HEADER_BYTES = 8
_PLAIN = (bool, int, str, type(None))


def packed(tree: Mapping[str, Any]) -> bytes:
    """The content of the file.

    Args:
        tree: Of dictionaries, lists, tuples, plain values, and tensors on any device.

    Raises:
        TypeError: Where something else is in it.
    """
    tensors: dict[str, Tensor] = {}
    written = _written(tree, "", tensors)
    text = json.dumps({"version": VERSION, "tree": written}, allow_nan=False)
    return save(tensors, metadata={KEY: text})


def unpacked(content: bytes) -> dict[str, Any]:
    """The tree of a file, its tensors on the CPU.

    Raises:
        UserError: Where it is damaged, something else, or of a newer program.
    """
    try:
        tensors = load(content)
        length = int.from_bytes(content[:_HEADER_BYTES], "little")
        header = json.loads(content[_HEADER_BYTES : _HEADER_BYTES + length])
        values = json.loads(header["__metadata__"][KEY])
        if values["version"] != VERSION:
            raise ValueError(values["version"])
        tree: dict[str, Any] = _read(values["tree"], tensors)
    except (SafetensorError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = tr("What was saved for going on with this run cannot be read.")
        raise UserError(message, tr("The file is damaged, or a newer fmstudio has written it.")) from error
    return tree


def _written(value: Any, place: str, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, Tensor):
        tensors[place] = value.detach().cpu().contiguous().clone()
        return {"tensor": place}
    if isinstance(value, Mapping):
        return {"dict": [[key, _written(one, f"{place}/{key}", tensors)] for key, one in value.items()]}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_written(one, f"{place}/{index}", tensors) for index, one in enumerate(value)]}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": str(float(value))}
    if isinstance(value, _PLAIN):
        return value
    raise TypeError(f"{place}: {type(value).__name__}")


def _read(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "tensor":
        return tensors[inner]
    if kind == "float":
        return float(inner)
    if kind == "dict":
        return {key: _read(one, tensors) for key, one in inner}
    return {"list": list, "tuple": tuple}[kind](_read(one, tensors) for one in inner)


def random_state(device: str) -> dict[str, Any]:
    """Where the random numbers of this thread's training stand: of the CPU, and of its device."""
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if device.startswith("cuda"):
        state["cuda"] = torch.cuda.get_rng_state(device)
    elif device == "mps":
        state["mps"] = torch.mps.get_rng_state()
    return state


def set_random_state(state: Mapping[str, Any], device: str) -> None:
    """Go on with the random numbers where they stood."""
    torch.set_rng_state(state["cpu"])
    if device.startswith("cuda") and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)
    elif device == "mps" and "mps" in state:
        torch.mps.set_rng_state(state["mps"])
