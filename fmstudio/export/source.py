"""Source text: calls laid out for reading, and the classes of ours that they name."""

import ast
import inspect
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.abc import InspectLoader
from importlib.util import find_spec
from typing import Any

from fmstudio.errors import UserError
from fmstudio.schema.call import Call, find
from fmstudio.words import tr

WIDTH = 110
"""Lines are at most about so long."""
_ALWAYS = ("lr",)
"""Written down even where it is as usual: it is what one looks for."""
_NONE = object()


def laid_out(call: Call, *leading: str, before: int = 0, margin: int = 0) -> str:
    """A call as source: on one line where it fits, else each argument on a line of its own; usual values are left out.

    Args:
        call: What is written.
        leading: Arguments that come first, as they are written.
        before: Characters that stand before it on its line.
        margin: Of the line on which it begins.
    """
    inner = margin + 4
    parts = [*leading, *(_argument(value, inner) for value in call.arguments)]
    parts += [f"{name}={_argument(value, inner, len(name) + 1)}" for name, value in _unusual(call).items()]
    line = f"{call.name}({', '.join(parts)})"
    if before + len(line) <= WIDTH and "\n" not in line and not _stacked(call):
        return line
    return f"{call.name}(\n" + "".join(f"{' ' * inner}{part},\n" for part in parts) + " " * margin + ")"


def own_sources(calls: Iterable[Call | None]) -> list[str]:
    """The source of everything of ours that the calls name, in the order in which it is needed."""
    names = [name for call in calls if call is not None for name in call.targets() if Call(name).own]
    return [source_of(name) for name in dict.fromkeys(names)]


def source_of(name: str) -> str:
    """The source of a function or a class by its full name, without our remarks to the type checker.

    It is read, not imported: what it needs itself, such as torchvision, may take seconds to import.
    """
    module, _, wanted = name.rpartition(".")
    text = _text_of(module)
    node = next(node for node in ast.parse(text).body if getattr(node, "name", "") == wanted)
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    lines = text.splitlines(keepends=True)[first - 1 : node.end_lineno]
    return re.sub(r"  # type: ignore\S*", "", "".join(lines))


@cache
def _text_of(module: str) -> str:
    found = find_spec(module)
    loader = found.loader if found else None
    text = loader.get_source(module) if isinstance(loader, InspectLoader) else None
    if text is None:
        raise UserError(tr("The source of {module} does not ship with this program.", module=module))
    return text


def _unusual(call: Call) -> Mapping[str, Any]:
    """The named arguments that differ from what the callee takes anyhow."""
    if not call.named:
        return {}
    try:
        parameters = inspect.signature(find(call.target)).parameters
    except ValueError:  # written in C: its signature is not known
        return call.named
    usual = {name: parameter.default for name, parameter in parameters.items()}
    named = call.named.items()
    return {name: value for name, value in named if name in _ALWAYS or not _same(usual.get(name, _NONE), value)}


def _same(usual: object, value: object) -> bool:
    alike = type(usual) is type(value) or {type(usual), type(value)} == {int, float}
    return alike and usual == value


def _stacked(call: Call) -> bool:
    """Layers in a row stand below one another."""
    return call.name == "torch.nn.Sequential" and len(call.arguments) > 1


def _argument(value: object, margin: int, before: int = 0) -> str:
    if isinstance(value, Call):
        return laid_out(value, before=margin + before, margin=margin)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
