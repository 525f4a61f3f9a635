"""Check this computer: what is as it should be, what is missing and how to mend it; for the drawer."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from fmstudio.machine.examination import Examination, examination_rows, examine, finding_lines, passed_lines
from fmstudio.session.door import load
from fmstudio.session.session import TrainingSession
from fmstudio.ui import theme
from fmstudio.ui.scrolling import scrolling
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr, tr_n

_BAR = 4
_MARK_WIDTH = 16


class CheckPage(QWidget):
    """Looks at everything in the background, and shows what it found.

    Args:
        session: Runs what takes seconds.
    """

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self.setObjectName("checkPage")
        self._session = session
        self._found: Examination | None = None
        self._verdict = _wrapped("title")
        self._verdict.setObjectName("checkVerdict")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(_BAR)
        self._body = scrolling(QWidget())
        self._body.setObjectName("checkBody")
        self._copy = button(tr("Copy"), "", "checkCopy")
        self._copy.setToolTip(tr("Copies all of this as text, to send it to somebody who helps"))
        self._copy.clicked.connect(self._copy_report)
        self._again = button(tr("Check again"), "", "checkAgain")
        self._again.clicked.connect(self.check)
        self._lay_out()
        self.check()

    @property
    def found(self) -> Examination | None:
        """What was found; None while it is looked for."""
        return self._found

    def check(self) -> None:
        """Look at everything again."""
        self._found = None
        self._show_busy(True)
        self._verdict.setText(tr("Looking at everything …"))
        self._session.in_background(partial(examine, load, self._session.library), self._show_if_there)

    def show_found(self, found: Examination) -> None:
        """Show what was found."""
        self._found = found
        self._show_busy(False)
        count = len(found.findings)
        all_well = tr("Everything is there.")
        self._verdict.setText(tr_n("{count} thing is worth a look.", "{count} things are worth a look.", count) if count
                              else all_well)  # fmt: skip
        content = _content(found)
        self._body.setWidget(content)
        content.setAutoFillBackground(False)  # setWidget turned it on

    def report(self) -> str:
        """What is copied: everything as lines of text."""
        if self._found is None:
            return ""
        rows = [f"{name}: {value}" for name, value in examination_rows(self._found)]
        return "\n".join([*rows, "", *finding_lines(self._found)]) + "\n"

    def _show_if_there(self, found: Examination) -> None:
        if isValid(self):
            self.show_found(found)

    def _show_busy(self, busy: bool) -> None:
        self._bar.setVisible(busy)
        self._copy.setEnabled(not busy)
        self._again.setEnabled(not busy)

    def _copy_report(self) -> None:
        QApplication.clipboard().setText(self.report())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._again)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        column.addWidget(self._verdict)
        column.addWidget(self._bar)
        column.addWidget(self._body, 1)
        column.addLayout(buttons)


def _content(found: Examination) -> QWidget:
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(10)
    for finding in found.findings:
        mark, colour = ("✗", theme.current().wrong) if finding.grave else ("!", theme.current().amber)
        column.addWidget(_line(mark, colour, finding.message, finding.remedy))
    for text in passed_lines(found):
        column.addWidget(_line("✓", theme.current().right, text))
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet(f"background: {theme.current().line};")
    column.addSpacing(4)
    column.addWidget(line)
    column.addSpacing(4)
    column.addLayout(_table(examination_rows(found)))
    column.addStretch(1)
    return content


def _line(mark: str, colour: str, text: str, remedy: str = "") -> QWidget:
    """A mark, a sentence, and below it what to do."""
    line = QWidget()
    sign = label(mark)
    sign.setFixedWidth(_MARK_WIDTH)
    sign.setStyleSheet(f"color: {colour}; font-weight: 700;")
    texts = QVBoxLayout()
    texts.setSpacing(2)
    texts.addWidget(_wrapped("", text))
    if remedy:
        texts.addWidget(_wrapped("secondary", remedy))
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(texts, 1)
    return line


def _table(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    before = ""
    for number, (name, value) in enumerate(rows):
        grid.addWidget(label(name if name != before else "", "secondary"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_wrapped("", value), number, 1)
        before = name
    return grid


def _wrapped(role: str, text: str = "") -> QLabel:
    made = label(text, role)
    made.setWordWrap(True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
