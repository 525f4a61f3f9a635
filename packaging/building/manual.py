"""The manual page, written from the command line's own help."""

import re
from collections.abc import Iterator

from building.command_tree import Command, Parameter, walk

FILES = (
    ("~/.local/share/fmstudio", "Runs, lessons of one's own, settings and logs."),
    ("~/.local/share/fmstudio/runs", "The runs, one folder each."),
)
ENVIRONMENT = (
    ("FMSTUDIO_HOME", "Moves everything that the program writes below this folder."),
    ("QT_QPA_PLATFORM", "Where windows are shown: xcb, wayland, or offscreen for none."),
)
STATUS = (
    ("0", "Done."),
    ("1", "The run failed."),
    ("2", "Wrong usage, or a spec that is not valid; every problem is named on standard error."),
    ("3", "The environment lacks something: a display, or a library; its name and the remedy are said."),
    ("130", "Interrupted; what was trained is kept."),
)
EXAMPLES = (
    ("fmstudio", "Open the window."),
    ("fmstudio train first-look", "Train the first lesson without a window."),
    ("fmstudio spec first-look --set epochs=3 > my.json", "Write a recipe to be changed."),
    ("fmstudio train my.json --json", "Train it, one event a line for another program."),
    ("fmstudio export RUN --as script --out run.py", "The plain PyTorch program with the run's own numbers."),
)


def manual_page(program: Command, version: str, date: str) -> str:
    """The page as roff, section 1.

    Args:
        program: The whole command line.
        version: The program's version.
        date: The day of the version, ``2026-01-31``.
    """
    return "\n".join(_lines(program, version, date)) + "\n"


def _lines(program: Command, version: str, date: str) -> Iterator[str]:
    yield f'.TH FMSTUDIO 1 "{date}" "fmstudio {version}" "User Commands"'
    yield from (".SH NAME", r"fmstudio \- train neural networks, watch them learn, and see what they got wrong")
    yield from (".SH SYNOPSIS", ".B fmstudio", "[\\fIoption\\fR ...]", ".br")
    yield from (".B fmstudio", "\\fIcommand\\fR [\\fIoption\\fR ...] [\\fIargument\\fR ...]")
    yield from (".SH DESCRIPTION", escaped(program.help), ".PP")
    yield escaped("All pictures of Fashion-MNIST and a course of lessons are included; no network is needed.")
    yield ".SH OPTIONS"
    yield from _parameters(program.options)
    yield ".SH COMMANDS"
    for command in walk(program):
        if command.path:
            yield from _command(command)
    for title, rows in (("FILES", FILES), ("ENVIRONMENT", ENVIRONMENT), ("EXIT STATUS", STATUS)):
        yield f".SH {title}"
        for name, text in rows:
            yield from (".TP", f".B {escaped(name)}", escaped(text))
    yield ".SH EXAMPLES"
    for line, text in EXAMPLES:
        yield from (".TP", f".B {escaped(line)}", escaped(text))


def _command(command: Command) -> Iterator[str]:
    words = " ".join(command.path)
    arguments = "".join(f" \\fI{escaped(one.metavar)}\\fR" for one in command.arguments)
    yield from (f".SS fmstudio {escaped(words)}{arguments}", escaped(command.help))
    yield from _parameters((*command.arguments, *command.options[:-1]))


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    for one in parameters:
        names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in one.names)
        value = f"\\fI{escaped(one.metavar)}\\fR" if one.metavar else ""
        yield from (".TP", " ".join(part for part in (names, value) if part), escaped(one.help))


def escaped(text: str) -> str:
    """A text as roff prints it: hyphens stay hyphens, and no line is taken for a request."""
    safe = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("~", r"\(ti")
    return re.sub(r"^\.", r"\\&.", safe)
