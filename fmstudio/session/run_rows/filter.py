"""What a line of text lets through of many runs: plain words, and conditions such as ``lr>0.01`` or ``-tag:lab``."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fmstudio.runs.about import About
from fmstudio.runs.summary import RunSummary
from fmstudio.session.draft_words import TITLES, shown
from fmstudio.session.run_rows import cells
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.filter_values import Test, compared
from fmstudio.words import tr

_SPACES = re.compile(r'("[^"]*"?)|\s*(!=|>=|<=|[:=<>])\s*')
_TERM = re.compile(
    r'(?P<minus>-?)(?:(?P<key>"[^"]+"|[^\s":=<>!]+)(?P<op>!=|>=|<=|[:=<>])(?P<value>"[^"]*"?|[^\s"]*)'
    r'|"(?P<quoted>[^"]*)"?|(?P<plain>\S+))'
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "−": "-", "–": "-", "≥": ">=", "≤": "<=", "≠": "!="})
_SILENT = About()


@dataclass(frozen=True)
class RunFilter:
    """What is let through: what passes every test.

    Attributes:
        tests: One for each part of the text that could be read.
        problems: A sentence for each part that could not; it lets everything through.
    """

    tests: tuple[Test, ...] = ()
    problems: tuple[str, ...] = ()

    def apply(self, rows: Sequence[RunSummary]) -> list[RunSummary]:
        """The runs that are let through, in their order."""
        left = list(rows)
        for test in self.tests:
            left = [row for row in left if test(row)]
        return left


class RunText:
    """The words that a plain word of a filter is looked for in; made once for each run.

    They are those of the language in use when it was made.
    """

    def __init__(self) -> None:
        self._texts: dict[str, tuple[RunSummary, str]] = {}
        self._titles: dict[tuple[str, ...], str] = {}

    def take(self, rows: Sequence[RunSummary]) -> None:
        """Know the words of these runs, and forget those of others."""
        self._texts = {row.id: (row, self.of(row)) for row in rows}

    def of(self, row: RunSummary) -> str:
        """Name, note, tags, group, state, what was chosen and id, folded."""
        known = self._texts.get(row.id)
        if known is not None and known[0] is row:
            return known[1]
        about, name = row.about, row.name
        tags = " ".join(f"#{tag}" for tag in about.tags)
        said = f"{about.note}\n{about.group_name}\n{tags}" if about != _SILENT else ""
        text = f"{name}\n{tr(name)}\n{row.id}\n{said}\n{self._chosen(row)}"
        found = folded_text(text)
        self._texts[row.id] = (row, found)
        return found

    def _chosen(self, row: RunSummary) -> str:
        """State, and what was chosen from each table, as the spec and as a person says it."""
        spec, kinds = row.spec, [str(row.state)]
        for key in TITLES:
            part = spec.get(key)
            kind = part.get("kind") if isinstance(part, dict) else None
            kinds.append(kind if isinstance(kind, str) else "")
        known = tuple(kinds)
        if known not in self._titles:
            titles = [cells.one_line(shown(spec, f"{key}.kind")) for key in TITLES if key in spec]
            self._titles[known] = "\n".join([*kinds, *titles, tr(cells.STATES[row.state][1])])
        return self._titles[known]


def folded_text(text: str) -> str:
    """A text as filters compare it: without case, and without the wide forms of Chinese keyboards."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def read_filter(text: str, columns: RunColumns, words: RunText) -> RunFilter:
    """Read what the user wrote.

    Args:
        text: ``adam lr>0.01 -tag:lab accuracy>=85%``; several words must all be found.
        columns: What conditions can speak of.
        words: What plain words are looked for in.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    plain = _SPACES.sub(lambda found: found[1] or found[2], plain)
    plain = re.sub(r"(\d)\s+%", r"\1%", plain)
    tests: list[Test] = []
    problems: list[str] = []
    for term in _TERM.finditer(plain):
        read = _read(term, columns, words)
        if isinstance(read, str):
            problems.append(read)
        elif read is not None:
            tests.append(_opposite(read) if term["minus"] else read)
    return RunFilter(tuple(tests), tuple(problems))


def _read(term: re.Match[str], columns: RunColumns, words: RunText) -> Test | str | None:
    """A test, or a sentence on what is wrong, or nothing where there is nothing yet to test."""
    if term["op"]:
        return _condition(term["key"].strip('"'), term["op"], term["value"].strip('"'), columns)
    word = folded_text(term["plain"] if term["quoted"] is None else term["quoted"])
    if word in ("star", "starred", "★", folded_text(tr("Star"))) and term["quoted"] is None:
        return lambda row: row.about.star
    return (lambda row: word in words.of(row)) if word and word != "-" else None


def _condition(key: str, op: str, value: str, columns: RunColumns) -> Test | str:
    column = columns.named(key)
    if column is None:
        return _unknown(key, columns)
    if not value:
        return tr("What should “{condition}” be? For example: {example}", condition=key + op, example=_example(key))
    made = compared(column, op, value)
    choice = columns.all.get(f"{key.casefold()}.kind")
    if isinstance(made, str) and choice is not None:  # "loss" is a figure, and a choice too
        instead = compared(choice, op, value)
        return made if isinstance(instead, str) else instead
    return made


def _unknown(key: str, columns: RunColumns) -> str:
    close = difflib.get_close_matches(key.casefold(), columns.words, 1)
    example = f"{close[0]}:…" if close else "lr>0.01"
    return tr("Nothing is called “{word}” here. For example: {example}", word=cells.one_line(key), example=example)


def _example(key: str) -> str:
    examples = {"tag": "tag:lab", "state": "state:stopped", "optimizer": "optimizer=adam", "epochs": "epochs:2..5"}
    shares = {"accuracy": "accuracy>=85%", "best": "best>=85%"}
    return {**examples, **shares}.get(key.casefold(), "lr>0.01")


def _opposite(test: Test) -> Callable[[RunSummary], bool]:
    return lambda row: not test(row)
