"""Colours for Python code, in the colours of the theme."""

import keyword
import re
from collections.abc import Mapping

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from fmstudio.ui import style, theme

_PATTERNS = {
    "comment": r"\#.*",
    "long": r"\b[rbf]{0,2}\"\"\"|\"\"\"|\b[rbf]{0,2}'''|'''",
    "string": r"(?:\b[rbf]{1,2})?(?:\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?)",
    "named": r"(?<=\bdef )\w+|(?<=\bclass )\w+",
    "torch": r"\btorch(?:vision)?(?:\.[A-Za-z_]\w*)*|\bTensor\b",
    "keyword": rf"\b(?:{'|'.join(keyword.kwlist)})\b|^\s*@\w*",
    "number": r"(?<![\w.])(?:\d[\d_]*\.?\d*(?:e[+-]?\d+)?|\.\d+)\b|\binf\b|\bnan\b",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.ASCII)
_ENDS = ('"""', "'''")
_DIMMED = 0.5


def code_colours() -> Mapping[str, str]:
    """The colour of each kind of word in the current theme: all can be read on the colour of a card."""
    now = theme.current()
    return {
        "comment": now.secondary,
        "string": now.right,
        "named": now.text,
        "torch": style.mix(now.accent, now.wrong, 0.45),
        "keyword": now.accent,
        "number": now.amber,
    }


class CodeHighlighter(QSyntaxHighlighter):
    """Keywords, strings, comments, numbers and the names of torch; the rest has the colour of the text.

    Args:
        document: Whose letters it colours.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._dimmed = False
        self._formats = self._made()

    @property
    def dimmed(self) -> bool:
        """Whether all of it steps back."""
        return self._dimmed

    def dim(self, dimmed: bool) -> None:
        """Let all of it step back: it is not what the form says now."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self._formats = self._made()
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Colour one line."""
        if self._dimmed:
            self.setFormat(0, len(text), self._formats["plain"])
        start = self._finish_string(text)
        while start < len(text) and (found := _TOKEN.search(text, start)):
            kind = found.lastgroup or ""
            if kind == "long":
                start = self._begin_string(text, found.start(), found.end())
                continue
            self.setFormat(found.start(), found.end() - found.start(), self._formats[kind])
            start = max(found.end(), start + 1)

    def _finish_string(self, text: str) -> int:
        """Colour what belongs to a string that began on an earlier line, and return where it ends."""
        state = self.previousBlockState()
        self.setCurrentBlockState(-1)
        return self._string(text, 0, 0, state) if state in range(len(_ENDS)) else 0

    def _begin_string(self, text: str, start: int, after: int) -> int:
        return self._string(text, start, after, _ENDS.index(text[after - 3 : after]))

    def _string(self, text: str, start: int, after: int, kind: int) -> int:
        """Colour a string of several lines from ``start``; its end is looked for behind ``after``."""
        end = text.find(_ENDS[kind], after)
        stop = len(text) if end < 0 else end + 3
        self.setCurrentBlockState(kind if end < 0 else -1)
        self.setFormat(start, stop - start, self._formats["string"])
        return stop

    def _made(self) -> dict[str, QTextCharFormat]:
        ground, colours = theme.current().card, {**code_colours(), "plain": theme.current().text}
        made = {}
        for kind, colour in colours.items():
            letters = QTextCharFormat()
            letters.setForeground(QColor(style.mix(colour, ground, _DIMMED) if self._dimmed else colour))
            if kind in ("keyword", "named"):
                letters.setFontWeight(QFont.Weight.DemiBold)
            made[kind] = letters
        return made
