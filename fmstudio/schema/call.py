"""A call that is both the object that runs and the source that is exported."""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fmstudio.errors import UserError

OURS = "fmstudio."


@dataclass(frozen=True, init=False)
class Call:
    """A class or function by its full name, with its arguments; calls nest.

    ``Call("torch.optim.SGD", lr=0.1).make(parameters)`` makes the optimizer, and
    ``.source("network.parameters()")`` writes ``torch.optim.SGD(network.parameters(), lr=0.1)``. What is our own is
    written by its bare name: its source travels into the script.
    """

    target: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]

    def __init__(self, target: str, *arguments: Any, **named: Any) -> None:
        object.__setattr__(self, "target", target)
        object.__setattr__(self, "arguments", arguments)
        object.__setattr__(self, "named", MappingProxyType(named))

    def make(self, *leading: Any) -> Any:
        """Call it: the leading arguments first, then its own."""
        own = [_made(argument) for argument in self.arguments]
        return find(self.target)(*leading, *own, **{name: _made(value) for name, value in self.named.items()})

    def source(self, *leading: str) -> str:
        """The same as Python source: the leading arguments as they are written, then its own."""
        parts = [*leading, *map(_written, self.arguments)]
        parts += [f"{name}={_written(value)}" for name, value in self.named.items()]
        return f"{self.name}({', '.join(parts)})"

    @property
    def own(self) -> bool:
        """Whether it calls something of ours."""
        return self.target.startswith(OURS)

    @property
    def name(self) -> str:
        """As it stands in a script: the full name, or of something of ours the bare one."""
        return self.target.rpartition(".")[2] if self.own else self.target

    def targets(self) -> Iterator[str]:
        """The full names of everything that is called, the inner ones first."""
        for value in (*self.arguments, *self.named.values()):
            if isinstance(value, Call):
                yield from value.targets()
        yield self.target


def find(name: str) -> Any:
    """What a full name stands for: ``"torch.optim.SGD"``, importing what must be imported."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UserError(f"{name}: {error}") from error


def _made(value: Any) -> Any:
    return value.make() if isinstance(value, Call) else value


def _written(value: Any) -> str:
    return value.source() if isinstance(value, Call) else repr(value)
