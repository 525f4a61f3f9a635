"""What runs were computed with: versions, device, threads, hashes of the data; flat, to lay beside one another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fmstudio.runs.legible import environment_of
from fmstudio.words import marked, tr

FILE = "environment.json"
_LETTERS = 200
_HASH = 12

_TITLES: Mapping[str, str] = {
    "device": marked("Computed on"),
    "threads": marked("Threads"),
    "fmstudio": "fmstudio",
    "commit": marked("Commit"),
    "versions.torch": "PyTorch",
    "versions.torchvision": "torchvision",
    "versions.numpy": "NumPy",
    "python": "Python",
    "platform": marked("System"),
    "processor": marked("Processor"),
    "data": marked("Data (SHA-256)"),
}
"""What is laid beside one another, in this order."""


def environment_title(key: str) -> str:
    """What a key is called, translated."""
    return tr(_TITLES[key])


def read_environment(folder: Path) -> dict[str, str]:
    """What a run's folder says it was computed with, by the keys of the titles; empty where nothing can be read."""
    values = environment_of(folder / FILE)
    found = {key: _text(_at(values, key)) for key in _TITLES if key != "data"}
    found["data"] = _hashes(values.get("data"))
    return {key: found[key] for key in _TITLES if found[key]}


def _at(values: Mapping[str, Any], key: str) -> object:
    first, _, rest = key.partition(".")
    inner = values.get(first)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else None if rest else inner


def _text(value: object) -> str:
    """One line that can be seen."""
    text = str(value)[:_LETTERS] if isinstance(value, str | int | float) else ""
    return "".join(one if one.isprintable() else " " for one in text).strip()


def _hashes(value: object) -> str:
    """The beginnings of the hashes: enough to see whether two are the same."""
    if isinstance(value, Mapping):
        return ", ".join(filter(None, map(_hashes, value.values())))
    return _text(value)[:_HASH]
