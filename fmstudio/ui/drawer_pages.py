"""What the drawer shows of texts: a lesson or help."""

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from fmstudio.ui import theme
from fmstudio.words import language

_HEADINGS = {1: 20, 2: 15, 3: 13}


def text_page(markdown: str) -> QWidget:
    """A text to be read, with headings, lists and pictures of our own; nothing is fetched from a network.

    Args:
        markdown: The text.
    """
    page = QTextBrowser()
    page.setObjectName("textPage")
    page.setOpenExternalLinks(True)
    page.document().setDocumentMargin(0)
    page.document().setDefaultFont(theme.font())
    page.setProperty("language", language())
    page.setProperty("written", markdown)  # Qt's own "markdown" is what it makes of it
    page.setMarkdown(markdown)
    _space_out(page.document())
    page.moveCursor(QTextCursor.MoveOperation.Start)
    return page


def _space_out(document: QTextDocument) -> None:
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        form = QTextBlockFormat(block.blockFormat())
        form.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if form.hasProperty(QTextFormat.Property.BlockCodeFence.value):
            form.setBackground(theme.colour("empty_cell"))
        elif form.headingLevel():
            form.setTopMargin(0 if block == document.begin() else 16)
            form.setBottomMargin(4)
            _make_heading(cursor, form.headingLevel())
        elif block.textList() is None:
            form.setBottomMargin(8)
        _soften(block)
        cursor.setBlockFormat(form)
        block = block.next()


def _soften(block: QTextBlock) -> None:
    """Bold is semibold here: the Chinese font has no heavier letters, and Qt would smear them."""
    letters = QTextCharFormat()
    letters.setFontWeight(QFont.Weight.DemiBold)
    cursor = QTextCursor(block)
    for start, end in _bold_parts(block):
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(letters)


def _bold_parts(block: QTextBlock) -> list[tuple[int, int]]:
    found, parts = [], block.begin()
    while not parts.atEnd():
        fragment = parts.fragment()
        if fragment.charFormat().fontWeight() > QFont.Weight.DemiBold:
            found.append((fragment.position(), fragment.position() + fragment.length()))
        parts += 1
    return found


def _make_heading(cursor: QTextCursor, level: int) -> None:
    letters = QTextCharFormat()
    letters.setFont(theme.font(_HEADINGS.get(level, theme.TEXT), weight=600))
    cursor.setCharFormat(letters)
