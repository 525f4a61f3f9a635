"""The command line as plain values: what manual page and shell completion are written from.

Typer's own classes are private and change; this is the one place that looks into them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from fmstudio.cli.app import app
from fmstudio.words import set_language


@dataclass(frozen=True)
class Parameter:
    """An option or an argument.

    Attributes:
        names: What is typed: ``("--set",)``; nothing for an argument.
        metavar: What stands for its value; nothing where it takes none.
        help: A sentence.
        repeatable: Whether it may be given several times.
        required: Whether it must be given.
    """

    names: tuple[str, ...]
    metavar: str
    help: str
    repeatable: bool = False
    required: bool = False


@dataclass(frozen=True)
class Command:
    """A command with what it takes.

    Attributes:
        path: Its words: ``("runs", "show")``; nothing for the program itself.
        help: One or two sentences.
        options: What begins with ``--``.
        arguments: The rest, in order.
        commands: The commands below it.
    """

    path: tuple[str, ...]
    help: str
    options: tuple[Parameter, ...] = ()
    arguments: tuple[Parameter, ...] = ()
    commands: "tuple[Command, ...]" = ()


HELP = Parameter(("--help",), "", "Show what the command takes.")


def command_tree() -> Command:
    """The program's command line, in English."""
    set_language("en")
    return _read(typer.main.get_command(app), ())


def walk(command: Command) -> Iterator[Command]:
    """A command and all below it, in their order."""
    yield command
    for inner in command.commands:
        yield from walk(inner)


def _read(command: Any, path: tuple[str, ...]) -> Command:
    shown = [one for one in command.params if not getattr(one, "hidden", False)]
    options = tuple(_parameter(one) for one in shown if one.param_type_name == "option")
    inner = getattr(command, "commands", {})
    return Command(
        path,
        command.help or "",
        (*options, HELP),
        tuple(_parameter(one) for one in shown if one.param_type_name == "argument"),
        tuple(_read(inner[name], (*path, name)) for name in inner if not inner[name].hidden),
    )


def _parameter(read: Any) -> Parameter:
    option = read.param_type_name == "option"
    takes_value = not (option and read.is_flag)
    return Parameter(
        (*read.opts, *read.secondary_opts) if option else (),
        (read.metavar or read.name.upper()) if takes_value else "",
        read.help or "",
        repeatable=bool(getattr(read, "multiple", False)) or read.nargs == -1,
        required=read.required,
    )
