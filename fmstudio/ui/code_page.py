"""The code drawer: a program that changes while one reads it, with what changed marked for a moment."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from fmstudio.data.safetensors_header import shown_name
from fmstudio.errors import UserError
from fmstudio.export.forms import START
from fmstudio.runs.writing import write_atomically
from fmstudio.ui import theme
from fmstudio.ui.code_highlighter import CodeHighlighter
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr, tr_n

MARKED_MS = 2000
"""How long changed lines are marked."""

_COPIED_MS = 1500
_NUMBER_GAP = 10
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class CodeText(QPlainTextEdit):
    """Code to be read, with the number of each line at its left."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("codeText")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(code_font())
        self.document().setDocumentMargin(0)
        self.setTabStopDistance(4 * QFontMetricsF(self.font()).horizontalAdvance(" "))
        self.highlighter = CodeHighlighter(self.document())
        self._numbers = QWidget(self)
        self._numbers.installEventFilter(self)
        self.updateRequest.connect(self._scroll_numbers)
        self.blockCountChanged.connect(self._make_room)
        self._make_room()

    @property
    def top_line(self) -> int:
        """The first line that is seen, from 0."""
        return self.firstVisibleBlock().blockNumber()

    @property
    def seen_lines(self) -> range:
        """The lines that are wholly seen, from 0."""
        return range(
            self.top_line, self.top_line + max(1, self.viewport().height() // self.fontMetrics().lineSpacing())
        )

    def replace_lines(self, start: int, stop: int, lines: Sequence[str]) -> None:
        """Put other lines in the place of those from ``start`` to before ``stop``; all else stays as it is laid out."""
        document, joined = self.document(), "\n".join(lines)
        at_end = stop >= document.blockCount()
        cursor = QTextCursor(document)
        if start >= document.blockCount():
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText("\n" + joined if lines else "")
            return
        cursor.setPosition(document.findBlockByNumber(start).position() - (at_end and start > 0))
        if at_end:
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(document.findBlockByNumber(stop).position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(
            ("\n" if at_end and start and lines else "") + joined + ("\n" if lines and not at_end else "")
        )

    def mark(self, lines: Sequence[int]) -> None:
        """Give some lines, and no others, another ground."""
        self.setExtraSelections([self._marking(line) for line in lines])

    @property
    def marked(self) -> list[int]:
        """The lines that are marked now."""
        return [selection.cursor.blockNumber() for selection in self.extraSelections()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers beside the lines."""
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(QRect(inner.left(), inner.top(), self._number_width(), inner.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint the numbers."""
        if watched is self._numbers and isinstance(event, QPaintEvent):
            self._paint_numbers(event.rect())
            return True
        return super().eventFilter(watched, event)

    def _paint_numbers(self, area: QRect) -> None:
        painter = QPainter(self._numbers)
        painter.setFont(self.font())
        painter.setPen(theme.colour("faint"))
        block, width = self.firstVisibleBlock(), self._number_width() - _NUMBER_GAP
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > area.bottom():
                break
            line = QRect(0, round(place.top()), width, round(place.height()))
            painter.drawText(line, _MIDDLE_RIGHT, str(block.blockNumber() + 1))
            block = block.next()
        painter.end()

    def _number_width(self) -> int:
        return self.fontMetrics().horizontalAdvance("0" * max(3, len(str(self.blockCount())))) + _NUMBER_GAP

    def _make_room(self) -> None:
        self.setViewportMargins(self._number_width(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, moved: int) -> None:
        if moved:
            self._numbers.scroll(0, moved)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def _marking(self, line: int) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.cursor = QTextCursor(self.document().findBlockByNumber(line))
        made.format.setBackground(theme.colour("accent_soft"))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return made


class CodePage(QWidget):
    """A program with its buttons.

    Signals:
        saved(Path): It was written there.
        failed(UserError): It could not be written.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codePage")
        self._source = ""
        self._sentence = label(role="problem")
        self._sentence.setObjectName("codeSentence")
        self._sentence.setWordWrap(True)
        self._sentence.hide()
        self._text = CodeText()
        self._copy = _steady_button(tr("Copy"), tr("Copied ✓"), "copyCode")
        self._save = button(tr("Save …"), "", "saveCode")
        self._start: Callable[[], Path] | None = None
        self._save.setToolTip(_saving_words(with_weights=False))
        self._where = button("", "link", "showChange")
        self._where.setToolTip(tr("Show what changed"))
        self._changed: list[int] = []
        self._unmark = QTimer(self, interval=MARKED_MS, singleShot=True)
        self._uncopy = QTimer(self, interval=_COPIED_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self._offer()

    @property
    def source(self) -> str:
        """The program that is shown."""
        return self._source

    def show_source(self, source: str, start: Callable[[], Path] | None = None) -> None:
        """Show a program; what differs from the one before is marked for a moment, and nothing scrolls.

        Args:
            source: The program.
            start: Says where the weights lie that it begins with, or raises ``UserError``; None where they are drawn.
        """
        self._start = start
        self._save.setToolTip(_saving_words(with_weights=start is not None))
        self._sentence.hide()
        self._text.highlighter.dim(False)
        if source != self._source:
            before, self._source = self._source, source
            self._replace(before.split("\n"), source.split("\n"))
        self._offer()

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no program now; the last one stays, stepped back."""
        self._sentence.setText(sentence)
        self._sentence.show()
        self._text.highlighter.dim(True)
        self._offer()

    def copy(self) -> None:
        """Put the program on the clipboard."""
        QApplication.clipboard().setText(self._source)
        self._copy.setText(tr("Copied ✓"))
        self._uncopy.start()

    def save(self) -> None:
        """Let the user choose a place, and write the program there; beside it the weights that it begins with."""
        name, _ = QFileDialog.getSaveFileName(self, tr("Save the program"), "script.py", tr("Python files (*.py)"))
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(name + ".py")
        try:
            if self._start is not None:
                write_atomically(path.with_suffix(START), _content_of(self._start()))
            write_atomically(path, self._source)
        except UserError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(path)

    def _replace(self, before: list[str], after: list[str]) -> None:
        changes = [c for c in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if c[0] != "equal"]
        across, top = self._text.horizontalScrollBar().value(), self._text.top_line
        for _, a, b, start, to in reversed(changes):
            self._text.replace_lines(a, b, after[start:to])
        moved = sum((to - start) - (b - a) for _, a, b, start, to in changes if b <= top)
        self._text.verticalScrollBar().setValue(top + moved if top else 0)  # who reads the beginning stays there
        self._text.horizontalScrollBar().setValue(across)
        self._changed = [line for _, _, _, start, to in changes for line in range(start, to)] if any(before) else []
        self._text.mark(self._changed)
        self._unmark.start()

    def _offer(self) -> None:
        """What the buttons offer: nothing to save where there is nothing, or where it is not what the form says."""
        whole = bool(self._source) and self._sentence.isHidden()
        self._copy.setEnabled(whole)
        self._save.setEnabled(whole)
        self._text.setVisible(bool(self._source))
        count, seen = len(self._changed), set(self._changed) & set(self._text.seen_lines)
        self._where.setText(tr_n("{count} line changed", "{count} lines changed", count) if count and not seen else "")
        self._where.setVisible(whole and bool(count) and not seen)

    def _show_change(self) -> None:
        bar, lines = self._text.verticalScrollBar(), self._text.seen_lines
        bar.setValue(max(0, self._changed[0] - len(lines) // 3))
        self._text.mark(self._changed)
        self._unmark.start()
        self._where.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addWidget(self._save)
        row.addStretch(1)
        row.addWidget(self._where)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._sentence)
        column.addWidget(self._text, 1)
        column.addStretch(0)
        column.addLayout(row)

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        self._where.clicked.connect(self._show_change)
        self._unmark.timeout.connect(lambda: self._text.mark([]))
        self._uncopy.timeout.connect(lambda: self._copy.setText(tr("Copy")))


def _saving_words(*, with_weights: bool) -> str:
    if with_weights:
        return tr("Save the program as a Python file, and beside it the weights that it begins with")
    return tr("Save the program as a Python file")


def _content_of(weights: Path) -> bytes:
    try:
        return weights.read_bytes()
    except OSError as error:
        message = tr("{file} cannot be read: {reason}.", file=shown_name(weights), reason=error.strerror or str(error))
        raise UserError(message, tr("The program begins with these weights.")) from error


def code_font() -> QFont:
    """The system's typeface for code, or another one that is there in which all letters are equally wide."""
    wanted = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    names = [name for name in QFontDatabase.families() if QFontDatabase.isFixedPitch(name)]
    made = next((font for font in (wanted, *map(QFont, names)) if _is_fixed(font)), wanted)
    made.setFamilies([QFontInfo(made).family(), theme.FAMILIES[-1]])  # Chinese letters too
    made.setPixelSize(theme.SMALL)
    return made


def _is_fixed(font: QFont) -> bool:
    metrics = QFontMetricsF(font)
    return metrics.horizontalAdvance("i" * 10) == metrics.horizontalAdvance("M" * 10)


def _steady_button(text: str, other: str, name: str) -> QPushButton:
    """A button that is wide enough for both of its texts."""
    made = button(other, "", name)
    made.setMinimumWidth(made.sizeHint().width())
    made.setText(text)
    return made
