"""What the drawer shows of texts: a lesson or help, and code."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from fmstudio.ui import theme
from fmstudio.ui.widgets import button
from fmstudio.words import tr

_HEADINGS = {1: 20, 2: 15, 3: 13}
_COPIED_MS = 1500


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
    page.setMarkdown(markdown)
    _space_out(page.document())
    page.moveCursor(QTextCursor.MoveOperation.Start)
    return page


def code_page(source: str) -> QWidget:
    """Code to be read and copied.

    Args:
        source: The code.
    """
    page = QWidget()
    text = QPlainTextEdit(source)
    text.setObjectName("codeText")
    text.setReadOnly(True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    fixed.setPixelSize(theme.SMALL)
    text.setFont(fixed)
    text.setTabStopDistance(4 * QFontMetricsF(fixed).horizontalAdvance(" "))
    copy = _copy_button(source)
    row = QHBoxLayout()
    row.addWidget(copy)
    row.addStretch(1)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(text, 1)
    column.addLayout(row)
    return page


def _copy_button(source: str) -> QPushButton:
    copy = button(tr("Copied ✓"), "", "copyCode")
    copy.setMinimumWidth(copy.sizeHint().width())
    copy.setText(tr("Copy"))
    back = QTimer(copy, interval=_COPIED_MS, singleShot=True)
    back.timeout.connect(lambda: copy.setText(tr("Copy")))

    def put() -> None:
        QApplication.clipboard().setText(source)
        copy.setText(tr("Copied ✓"))
        back.start()

    copy.clicked.connect(put)
    return copy


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
