"""Finds every text that a user reads: in calls of ``tr``, in the tables of the catalogue, in data sets and lessons.

Babel's own extractor reads tokens: it runs together all strings that stand inside a call, so that
``tr(names["true"]["short"])`` would become the text "trueshort", and it passes over f-strings in silence. Ours reads
the syntax tree, takes whole literals only, and refuses what no catalogue could hold.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fmstudio.experiment.spec import TABLES, ExperimentSpec
from fmstudio.schema.choice import Choice, Frozen
from fmstudio.schema.setting import settings_of

TextId = str | tuple[str, str]
"""A text, or the singular and the plural of one that depends on a number."""

KEYWORDS = {"tr": 1, "marked": 1, "tr_n": 2}
"""The functions of ``fmstudio.words`` that take texts, and how many of their leading arguments are texts."""


@dataclass(frozen=True)
class Found:
    """A text and the file in which it stands, relative to the checkout."""

    id: TextId
    file: str


class UnreadableTextError(Exception):
    """A text that is put together when the program runs, so that no catalogue can hold it."""


def found_texts(root: Path) -> Iterator[Found]:
    """Every text of the checkout, some of them more than once.

    Raises:
        UnreadableTextError: Where ``tr`` is given an f-string or a sum.
    """
    for path in sorted((root / "fmstudio").rglob("*.py")):
        file = path.relative_to(root).as_posix()
        yield from (Found(text, file) for text in texts_of_calls(path.read_text(encoding="utf-8"), file))
    yield from texts_of_tables()
    yield from _texts_of_resources(root)


def texts_of_calls(source: str, file: str) -> Iterator[TextId]:
    """The literals in a module's calls of ``tr``, ``tr_n`` and ``marked``.

    Args:
        source: The module's source.
        file: Its name, for messages.

    Raises:
        UnreadableTextError: Where one of these is given an f-string or a sum.
    """
    for node in ast.walk(ast.parse(source, file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            arguments = node.args[: KEYWORDS[node.func.id]]
            if len(arguments) == 2:
                one, many = (_single(argument, file) for argument in arguments)
                yield one, many
            elif arguments:
                yield from _literals(arguments[0], file)


def _single(node: ast.expr, file: str) -> str:
    texts = list(_literals(node, file))
    if len(texts) != 1:
        raise UnreadableTextError(f"{file}:{node.lineno}: singular and plural must be two literals")
    return texts[0]


def _literals(node: ast.expr, file: str) -> Iterator[str]:
    """The text itself, or both of a choice between two; nothing for a name, whose text is marked elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, file)
        yield from _literals(node.orelse, file)
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and _holds_text(node)):
        raise UnreadableTextError(f"{file}:{node.lineno}: use {{places}} and values instead: {ast.unparse(node)}")


def _holds_text(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))


def texts_of_tables() -> Iterator[Found]:
    """What the catalogue shows: of each choice title, first line and whole help, and the words of its settings."""
    yield from _texts_of_settings(ExperimentSpec)
    chosen = [choice for table in TABLES.values() for choice in table.values()]
    inner = [setting.table for choice in chosen for setting in settings_of(choice) if setting.table]
    rows = [row for table in inner for row in table.values() if issubclass(row, Choice)]
    for choice in (*chosen, *rows):
        yield from _texts_of_settings(choice)
        texts = (choice.title, choice.summary(), choice.explanation())
        yield from (Found(text, _file_of(choice)) for text in texts if text)


def _texts_of_settings(model: type[Frozen]) -> Iterator[Found]:
    texts = (text for setting in settings_of(model) for text in (setting.title, setting.help))
    yield from (Found(text, _file_of(model)) for text in texts if text)


def _file_of(model: type[Frozen]) -> str:
    return model.__module__.replace(".", "/") + ".py"


def _texts_of_resources(root: Path) -> Iterator[Found]:
    """Names of data sets and of their classes, long and short, and of the runs that lessons start."""
    for path in sorted((root / "resources").glob("datasets/*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        texts = [manifest["title"], *manifest["classes"], *manifest["short_classes"]]
        yield from (Found(text, path.relative_to(root).as_posix()) for text in texts)
    for path in sorted((root / "resources").glob("lessons/*.json")):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        yield Found(lesson["spec"]["name"], path.relative_to(root).as_posix())
