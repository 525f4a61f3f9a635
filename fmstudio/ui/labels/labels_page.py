"""Check the labels: what is worth a look in a data set, and a queue to work through with one hand on the keyboard."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.data_check import Suspect, duplicates
from fmstudio.runs.held_out import FOLDS
from fmstudio.session.label_check import LabelCheck, LabelReport, LabelSubject
from fmstudio.session.review import Review, ReviewListModel
from fmstudio.ui.class_bars import ClassBars
from fmstudio.ui.labels.list_tabs import ListTabs
from fmstudio.ui.labels.review_delegate import ReviewDelegate
from fmstudio.ui.labels.review_panel import ReviewPanel
from fmstudio.ui.widgets import Card, FewLines, button, label
from fmstudio.words import marked, tr, tr_n

_LEFT, _NARROW_LEFT, _NARROW = 330, 250, 900
"""How wide the left column is; and below which width of the page it is narrower."""
_TITLES: Mapping[str, str] = {
    "labels": marked("Labels worth a look"),
    "duplicates": marked("Duplicates"),
    "across": marked("Across the splits"),
    "empty": marked("Empty pictures"),
    "balance": marked("Balance of the classes"),
}
"""What is checked."""
_AT_ONCE = 500
"""So many of a list are worked through at first, and so many more each time."""
_EFFORT = 46
"""Three small lines."""
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
_KEEPING = (Qt.Key.Key_R, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DIGITS = (*range(Qt.Key.Key_1, Qt.Key.Key_9 + 1), Qt.Key.Key_0)


class LabelsPage(QWidget):
    """Shows what is checked, and the pictures that are worth a look one by one.

    Signals:
        back_asked(): The user is done.
        changes_asked(tuple): The decisions are to go into the recipe: pairs of path and value.
        failed(UserError): Something could not be read or written.

    Args:
        check: Finds out what there is to look at.
    """

    back_asked = Signal()
    changes_asked = Signal(object)
    failed = Signal(object)

    def __init__(self, check: LabelCheck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelsPage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._check = check
        self._subject: LabelSubject | None = None
        self._report: LabelReport | None = None
        self.review = Review(self)
        self._lists: dict[str, tuple[Suspect, ...] | None] = {}
        self._taken: dict[str, int] = {}
        self._tabs = ListTabs({key: tr(title) for key, title in _TITLES.items()})
        self._model = ReviewListModel(self.review, self)
        self._view = QListView()
        self._more = button("", "link", "reviewMore")
        self._about = FewLines("small", 4)
        self._about.setObjectName("labelsAbout")
        self._effort = FewLines("small", 3)
        self._problem = label(role="problem")
        self._start = button(tr("Check all pictures"), name="checkStart")
        self._cancel = button(tr("Cancel"), name="checkCancel")
        self._bar = QProgressBar(textVisible=False, maximum=1000)
        self._panel = ReviewPanel(self.review)
        self._bars = ClassBars()
        self._balance = FewLines("secondary", 3)
        self._right = QStackedWidget()
        self._build()
        self._connect()
        self._show_running(check.running)

    def show_subject(self, subject: LabelSubject) -> None:
        """Check the labels of other pictures, or go on with the same."""
        self._subject = subject
        self._about.show_text(subject.words)
        self._check.look(subject)
        self._show_effort()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide, or move."""
        key, plain = (
            event.key(),
            event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier),
        )
        if event.matches(QKeySequence.StandardKey.Undo):
            self.review.undo()
        elif key == Qt.Key.Key_Escape:
            self.back_asked.emit()
        elif not plain or not self._decided_by(key):
            super().keyPressEvent(event)

    def _decided_by(self, key: int) -> bool:
        """Do what a key says; whether it says something."""
        review = self.review
        commands = {Qt.Key.Key_S: review.take_suggestion, Qt.Key.Key_X: review.leave_out, Qt.Key.Key_U: review.undo}
        if key in _KEEPING:
            review.keep()
        elif key in _DIGITS:
            review.relabel(_DIGITS.index(key))
        elif key in _STEPS:
            review.go(review.place + _STEPS[Qt.Key(key)])
        elif key in commands:
            commands[Qt.Key(key)]()
        else:
            return False
        return True

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes a decision back here, not a change of the recipe."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and event.matches(QKeySequence.StandardKey.Undo):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys are for the review at once."""
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the picture where there is little."""
        super().resizeEvent(event)
        self._column.setFixedWidth(_LEFT if self.width() >= _NARROW else _NARROW_LEFT)

    # ── What is known

    def _show_report(self, report: LabelReport) -> None:
        if self._subject is None or report.subject.spec != self._subject.spec:
            return
        self._report = report
        self.review.open(report.subject.table, report.whole)
        self._model.name_classes(report.data.short_classes)
        self._panel.show_report(report)
        twins = duplicates(report.check) if report.check.groups is not None else None
        self._lists = {
            "labels": report.suspects,
            "duplicates": None if twins is None else tuple(one for one in twins if "across" not in one.reasons),
            "across": None if twins is None else tuple(one for one in twins if "across" in one.reasons),
            "empty": report.check.empty,
        }
        self._show_counts(report)
        train, test = (np.array(values) for values in (report.check.counts, report.check.test_counts))
        self._bars.show_counts(report.data.classes, train, test)
        self._balance.show_text(_balance_words(report))
        self._show_list()
        self._show_effort()

    def _show_list(self) -> None:
        """Show what the chosen check found."""
        key = self._tabs.key
        self._right.setCurrentIndex(1 if key == "balance" else 0)
        first, total = self._first(key), len(self._lists.get(key) or ())
        self.review.show_queue(first)
        self._more.setVisible(len(first) < total)
        self._more.setText(tr("First {count} of {total} · More", count=f"{len(first):,}", total=f"{total:,}"))
        self._panel.say_nothing(self._nothing_words(key))
        self._panel.refresh()
        self._follow()

    def _first(self, key: str) -> tuple[Suspect, ...]:
        """What is worked through of a list: the gravest, as the lists begin with them."""
        return (self._lists.get(key) or ())[: self._taken.get(key, _AT_ONCE)]

    def _show_more(self) -> None:
        """Work through more of the list."""
        key = self._tabs.key
        self._taken[key] = self._taken.get(key, _AT_ONCE) + _AT_ONCE
        if self._report is not None:
            self._show_counts(self._report)
        self._show_list()

    def _show_counts(self, report: LabelReport) -> None:
        """Say at each check how many there are to look at, a + where there are more; "…" where nobody knows."""
        counts = {"balance": "✓" if report.check.balanced else "!"}
        for key, found in self._lists.items():
            count, total = len(self._first(key)), len(found or ())
            unknown = found is None or (key == "labels" and not total and not report.complete)
            counts[key] = "…" if unknown else f"{total:,}"
            if count < total:
                counts[key] = f"{count:,}+"
        self._tabs.show_counts(counts)

    def _nothing_words(self, key: str) -> str:
        waits = self._lists.get(key) is None or (
            key == "labels" and self._report is not None and not self._report.complete
        )
        if self._report is None or (waits and self._check.running):
            return tr("Looking …")
        if self._lists.get(key) is None and key != "balance":
            return tr("Press “Check all pictures” to compare them with one another.")
        if key == "labels" and not self._report.complete:
            return tr("Press “Check all pictures”: networks that did not learn from a picture are asked about it.")
        return tr("There is nothing to look at here.")

    def _follow(self) -> None:
        """Mark the picture that is looked at in the list."""
        index = self._model.index(self.review.place, 0)
        if index.isValid():
            self._view.setCurrentIndex(index)

    # ── The whole check

    def _show_effort(self) -> None:
        report, subject = self._report, self._subject
        complete = report is not None and report.complete
        self._start.setVisible(not complete and not self._check.running)
        self._start.setEnabled(report is not None)
        self._effort.setMinimumHeight(0 if complete else _EFFORT)
        if self._check.running or subject is None:
            return
        if complete:
            self._effort.show_text(tr("All pictures were checked."))
            return
        words = tr("Compares all pictures, and trains {count} networks, each without a third of them", count=FOLDS)
        seconds = subject.expected_seconds
        self._effort.show_text(f"{words}: {_about(seconds)}." if seconds is not None else f"{words}.")

    def _show_running(self, running: bool) -> None:
        for part in (self._bar, self._cancel):
            part.setVisible(running)
        self._panel.say_nothing(self._nothing_words(self._tabs.key))
        if running:
            self._problem.setText("")
            self._start.setVisible(False)
            self._bar.setValue(0)
        else:
            self._show_effort()

    def _progress(self, words: str, share: float, left: float | None) -> None:
        self._bar.setValue(round(1000 * share))
        self._effort.show_text(words if left is None else f"{words} · {_about(left)}")

    def _fail(self, error: UserError) -> None:
        self._problem.setText(f"{error.message} {error.hint}".strip())
        self._show_running(False)

    def _use(self) -> None:
        if self._subject is not None:
            self.changes_asked.emit(self.review.changes(self._subject.dataset))

    # ── How it is built

    def _build(self) -> None:
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(10)
        self._column = self._left_column()
        columns.addWidget(self._column)
        balance = Card()
        self._bars.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bars.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._balance.setIndent(ClassBars.INSET)
        balance.body.addWidget(self._balance)
        balance.body.addWidget(self._bars, 1)
        self._right.addWidget(self._panel)
        self._right.addWidget(balance)
        columns.addWidget(self._right, 1)

    def _left_column(self) -> QWidget:
        column = QWidget()
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        checks, found = Card(), Card()
        checks.body.setSpacing(4)
        back = button(tr("← Back to the data"), "link", "labelsBack")
        back.clicked.connect(self.back_asked)
        checks.body.addWidget(back, alignment=Qt.AlignmentFlag.AlignLeft)
        checks.body.addWidget(self._about)
        checks.body.addWidget(self._tabs)
        self._problem.setWordWrap(True)
        self._effort.setMinimumHeight(_EFFORT)
        for part in (self._effort, self._bar, self._problem):
            checks.body.addWidget(part)
        for pressed in (self._start, self._cancel):
            checks.body.addWidget(pressed, alignment=Qt.AlignmentFlag.AlignLeft)
        self._view.setObjectName("reviewView")
        self._view.setAccessibleName(tr("Pictures to look at"))
        self._view.setModel(self._model)
        self._view.setUniformItemSizes(True)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        found.body.addWidget(self._view, 1)
        self._view.setItemDelegate(ReviewDelegate(self._view))
        self._more.hide()
        found.body.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignLeft)
        keys = label(tr("→ right · S as suggested\n1…9, 0 another label\nX leave out · U undo · ↑ ↓ move"), "small")
        found.body.addWidget(keys)
        rows.addWidget(checks)
        rows.addWidget(found, 1)
        return column

    def _connect(self) -> None:
        check = self._check
        check.reported.connect(self._show_report)
        check.started.connect(lambda: self._show_running(True))
        check.finished.connect(lambda: self._show_running(False))
        check.progressed.connect(self._progress)
        check.failed.connect(self._fail)
        self._start.clicked.connect(check.start)
        self._cancel.clicked.connect(check.cancel)
        self._tabs.chosen.connect(lambda _: self._show_list())
        self._view.clicked.connect(self._go)
        self._more.clicked.connect(self._show_more)
        self.review.moved.connect(self._follow)
        self.review.failed.connect(self.failed)
        self._panel.use_asked.connect(self._use)

    def _go(self, index: QModelIndex) -> None:
        self.review.go(index.row())


def _about(seconds: float) -> str:
    """About how long something takes."""
    if seconds < 90:
        return tr("about {seconds} s", seconds=max(1, round(seconds)))
    return tr_n("about {count} minute", "about {count} minutes", round(seconds / 60))


def _balance_words(report: LabelReport) -> str:
    """Whether some classes have many more training pictures than others."""
    if report.check.balanced:
        return tr("The classes are in balance.")
    counts, names = report.check.counts, report.data.classes
    most, least = counts.index(max(counts)), counts.index(min(counts))
    return tr(
        "The classes are out of balance: {most} training pictures of {large}, {least} of {small}.",
        most=f"{counts[most]:,}", large=tr(names[most]), least=f"{counts[least]:,}", small=tr(names[least]),
    )  # fmt: skip
