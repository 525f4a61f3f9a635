"""Small windows about runs: name, tags and note; how many epochs more; and whether they are deleted for good."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from fmstudio.runs.about import MOST_LETTERS, About
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.cells import name_text
from fmstudio.session.run_rows.table import tags_of, with_text
from fmstudio.ui.compare.table.delegate import TagCompleter
from fmstudio.ui.widgets import Card, button, label
from fmstudio.words import tr, tr_n

_MOST_EPOCHS = 100_000
_WIDE = 440
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RunNoteDialog(QDialog):
    """Name, tags and note of a run; of several runs, tags that all of them shall get.

    Args:
        rows: The runs.
        tags: Tags that there are.
        first: Where the keyboard is first: "name", "tags" or "note".
        parent: Over which it stands.

    Attributes:
        described: What is said of a run: its id, an ``About`` as it was seen, and one as it shall be; once for each
            run that changed.
    """

    described = Signal(str, object, object)

    def __init__(
        self, rows: Sequence[RunSummary], tags: Sequence[str], first: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)
        self._single = len(rows) == 1
        self.setObjectName("runNote")
        title = tr("About this run") if self._single else tr_n("{count} run", "{count} runs", len(rows))
        self.setWindowTitle(title)
        about = rows[0].about
        self._name, self._tags, self._note = QLineEdit(name_text(rows[0])), QLineEdit(), QPlainTextEdit()
        self._tags.setText(", ".join(about.tags) if self._single else "")
        self._tags.setCompleter(TagCompleter(tags, self._tags))
        self._note.setPlainText(about.note)
        for field, name, said in (
            (self._name, "runName", tr("Name")),
            (self._tags, "runTags", tr("Tags, with commas between them")),
            (self._note, "runNoteText", tr("Note")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(said)
        self._tags.setPlaceholderText(tr("lab, week 3"))
        self._build()
        fields: dict[str, QWidget] = {"name": self._name, "tags": self._tags, "note": self._note}
        (fields[first] if self._single else self._tags).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter, from the note too."""
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._save()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        if self._single:
            form.addRow(label(tr("Name")), self._name)
            form.addRow(label(tr("Tags")), self._tags)
        else:
            form.addRow(label(tr("Tags to add")), self._tags)
            self._name.setParent(self)
            self._name.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(10)
        column.addLayout(form)
        self._note.setTabChangesFocus(True)
        if self._single:
            column.addWidget(label(tr("Note")))
            around = Card()
            around.body.setContentsMargins(6, 4, 6, 4)
            around.body.addWidget(self._note)
            self._note.setMinimumHeight(110)
            column.addWidget(around, 1)
        else:
            self._note.setParent(self)
            self._note.hide()
        column.addLayout(self._buttons())
        self.setMinimumWidth(_WIDE)

    def _buttons(self) -> QHBoxLayout:
        save, leave = button(tr("Save"), "", "saveNote"), button(tr("Cancel"), "link", "leaveNote")
        save.setDefault(True)
        save.setToolTip("Ctrl+Enter")
        leave.setAutoDefault(False)
        save.clicked.connect(self._save)
        leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(save)
        return row

    def _save(self) -> None:
        for row in self._rows:
            about = self._said(row)
            if about != row.about:
                self.described.emit(row.id, row.about, about)
        self.accept()

    def _said(self, row: RunSummary) -> About:
        if not self._single:
            return with_text(row.about, "tags", ", ".join((*row.about.tags, *tags_of(self._tags.text()))))
        about = with_text(
            with_text(row.about, "tags", self._tags.text()), "note", self._note.toPlainText()[:MOST_LETTERS]
        )
        written = self._name.text().strip()
        return about if written == name_text(row) else with_text(about, "name", written)


class MoreEpochsDialog(QDialog):
    """How many epochs a new run shall train from where an old one came to.

    Args:
        row: The old run.
        parent: Over which it stands.

    Attributes:
        asked: So many epochs more of the run: its id, their number.
    """

    asked = Signal(str, int)

    def __init__(self, row: RunSummary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = row.id
        self.setObjectName("moreEpochs")
        self.setWindowTitle(tr("Train more epochs"))
        self._count = QSpinBox()
        self._count.setObjectName("moreEpochsCount")
        self._count.setRange(1, _MOST_EPOCHS)
        self._count.setValue(max(1, row.planned or row.epochs))
        self._count.setAccessibleName(tr("Epochs"))
        said = label(tr("A new run begins with the network of “{run}”, with a fresh optimizer.", run=name_text(row)))
        said.setWordWrap(True)
        go, leave = button(tr("Train"), "", "startMore"), button(tr("Cancel"), "link", "leaveMore")
        go.setDefault(True)
        leave.setAutoDefault(False)
        go.clicked.connect(self._go)
        leave.clicked.connect(self.reject)
        fields = QHBoxLayout()
        fields.addWidget(label(tr("Epochs")))
        fields.addWidget(self._count)
        fields.addStretch(1)
        fields.addWidget(leave)
        fields.addWidget(go)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(12)
        column.addWidget(said)
        column.addLayout(fields)
        self.setMinimumWidth(_WIDE)
        self._count.setFocus()
        self._count.selectAll()

    def _go(self) -> None:
        self.accept()
        self.asked.emit(self._run, self._count.value())


class EmptyTrashDialog(QMessageBox):
    """Asks whether runs shall be deleted for good.

    Args:
        run_ids: Of all runs that lie in the trash.
        parent: Over which it stands.

    Attributes:
        asked: They shall: their ids.
    """

    asked = Signal(object)

    def __init__(self, run_ids: tuple[str, ...], parent: QWidget | None = None) -> None:
        question = tr_n("Delete {count} run for good?", "Delete {count} runs for good?", len(run_ids))
        super().__init__(QMessageBox.Icon.Warning, "fmstudio", question, parent=parent)
        self._ids = run_ids
        self.setObjectName("emptyTrashDialog")
        self.setInformativeText(tr("What lies in the trash is gone then, and nothing brings it back."))
        delete = self.addButton(tr("Delete for good"), QMessageBox.ButtonRole.AcceptRole)
        delete.setObjectName("deleteForGood")
        keep = self.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        keep.setObjectName("keepTrash")
        self.setDefaultButton(keep)
        delete.clicked.connect(self._go)

    def _go(self) -> None:
        self.asked.emit(self._ids)
