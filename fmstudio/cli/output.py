"""How the command line speaks: sentences on stderr, tables and JSON on stdout, and the exit status."""

import contextlib
import errno
import functools
import json
import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import ParamSpec

import typer

from fmstudio.cli.surroundings import LackingError
from fmstudio.errors import UserError
from fmstudio.log import report, start_logging
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.words import tr

DONE, FAILED, WRONG, LACKING, INTERRUPTED = 0, 1, 2, 3, 130
"""The exit status: of what went well, a failure, wrong usage, an environment that lacks something, and Ctrl-C."""

P = ParamSpec("P")
_logger = logging.getLogger(__name__)


class WrongUsageError(UserError):
    """What was typed cannot be done: a file that is not there, a name that nobody knows."""


def guarded(command: Callable[P, int | None]) -> Callable[P, None]:
    """Make a command end with the exit status that it returns (None: done), or with a sentence and a status."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        status = attempt(functools.partial(command, *args, **kwargs))
        if status != DONE:
            raise typer.Exit(status)

    return run


def attempt(work: Callable[[], int | None]) -> int:
    """Do something and return the exit status; whatever goes wrong becomes a sentence on stderr."""
    try:
        status = work()
        sys.stdout.flush()
    except (typer.Exit, typer.BadParameter):
        raise
    except BrokenPipeError:
        stop_printing()
        return FAILED
    except KeyboardInterrupt:
        complain(tr("Interrupted."))
        return INTERRUPTED
    except InvalidSpecError as error:
        complain(*map(problem_words, error.problems))
        return WRONG
    except UserError as error:
        complain(str(error))
        return {LackingError: LACKING, WrongUsageError: WRONG}.get(type(error), FAILED)
    except MemoryError:
        complain(tr("There is not enough memory for this."))
        return FAILED
    except FileNotFoundError as error:
        if "temporary directory" in str(error):
            complain(tr("There is no folder for temporary files. Set TMPDIR to one that can be written."))
            return LACKING
        complain(_output_lost(error) or _fault(error))
        return FAILED
    except Exception as error:  # noqa: BLE001 — the last resort of the command line: a sentence, and the log
        complain(_output_lost(error) or _fault(error))
        return FAILED
    return status or DONE


def complain(*lines: str) -> None:
    """Write lines to stderr; where nobody can read them, they are lost."""
    with contextlib.suppress(OSError):
        print(*lines, sep="\n", file=sys.stderr, flush=True)


def stop_printing() -> None:
    """Let all further output vanish, because its reader has gone: not even the flush at the end may complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def problem_words(problem: Problem) -> str:
    """A problem with its path, and behind it what would mend it."""
    text = str(problem)
    if problem.mending is None:
        return text
    return f"{text} ({mending_words(problem.mending.changes)})"


def mending_words(changes: Iterable[tuple[str, object]]) -> str:
    """What to type to make some changes."""
    typed = " ".join(f"--set {path}={_typed(value)}" for path, value in changes)
    return tr("Try {typed}", typed=typed)


def _typed(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return text if not set(text) & set(" []{}\"'*?$&|;<>()") else f"'{text}'"


def _output_lost(error: Exception) -> str:
    """The sentence for an output that can take no more, such as a file on a full disk; empty for other errors."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO):
        return ""
    stop_printing()
    return tr("The output cannot be written: {reason}.", reason=error.strerror)


def _fault(error: Exception) -> str:
    """The sentence for a fault of the program; the rest goes to the log."""
    file = start_logging()
    _logger.error("the command line ended by a fault\n%s", report(error))
    what = f"{type(error).__name__}: {error}".strip().partition("\n")[0].rstrip(": ")
    text = tr("A fault of the program ended this ({what}).", what=what)
    return f"{text} {tr('The details are in {file}.', file=file)}" if file else text


def print_json(value: object) -> None:
    """Print JSON for another program, or for a person who likes it."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Rows of cells as lines, the columns under one another.

    Args:
        rows: The cells; the last column may be missing.
        right: The columns whose cells stand at the right.
    """
    rows = [[cell.replace("\n", " ") for cell in row] for row in rows]
    count = max((len(row) for row in rows), default=0)
    widths = [max((width(row[column]) for row in rows if column < len(row)), default=0) for column in range(count)]
    lines = []
    for row in rows:
        cells = []
        for column, cell in enumerate(row):
            space = " " * (widths[column] - width(cell))
            cells.append(space + cell if column in right else cell + space)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def width(text: str) -> int:
    """How many places a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def percent(share: float | None, digits: int = 1) -> str:
    """A share as per cent; a dash for none."""
    return "–" if share is None else tr("{number} %", number=f"{100 * share:.{digits}f}")
