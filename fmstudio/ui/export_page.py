"""Take it along: in which forms a run can leave the program, each with a sentence, a button, and how it went."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fmstudio.errors import UserError
from fmstudio.export.forms import ENDINGS, FORMS, Exported, Form, beside
from fmstudio.runs.run import Run
from fmstudio.session.exporter import Exporter
from fmstudio.ui import theme
from fmstudio.ui.widgets import button, label
from fmstudio.words import marked, tr

_WORDS: dict[Form, tuple[str, str, str]] = {
    "script": (
        marked("Program"),
        marked("A plain PyTorch script that gives the same numbers, without fmstudio."),
        marked("Python files"),
    ),
    "weights": (
        marked("Weights"),
        marked("The numbers that were learned (safetensors), with a description of how to load them."),
        marked("Weights"),
    ),
    "onnx": (
        marked("ONNX"),
        marked("The network for phones, browsers and other languages; checked against this one on 100 test samples."),
        marked("ONNX networks"),
    ),
    "report": (
        marked("Report"),
        marked("One web page with result, curves, mistakes and settings; prints well, needs nothing else."),
        marked("Web pages"),
    ),
}
_FIGURES = marked(
    "Figures are saved where they are (⋯). Dropped on the window, a figure opens the run that it comes from."
)
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_BAR = 4


class ExportPage(QWidget):
    """What the drawer holds under "Take it along".

    Args:
        exporter: Does the work; it lives on when the drawer closes.

    Signals:
        saved(Path): A file was written.
    """

    saved = Signal(object)

    def __init__(self, exporter: Exporter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPage")
        self._exporter = exporter
        self._run: Run | None = None
        self._folder: Path | None = None
        self._name = label("", "secondary")
        self._name.setWordWrap(True)
        self._rows = {form: FormRow(form) for form in FORMS}
        self._open = button(tr("Open the run's folder"), "link", "exportFolder")
        self._lay_out()
        for form, row in self._rows.items():
            row.save.clicked.connect(partial(self._ask, form))
        self._open.clicked.connect(self._open_folder)
        exporter.changed.connect(self._refresh)
        exporter.saved.connect(self.saved)
        self._refresh()

    def show_run(self, run: Run | None, folder: Path | None) -> None:
        """Offer a run.

        Args:
            run: None where there is none.
            folder: Where it lies; None where it lies nowhere.
        """
        self._run, self._folder = run, folder
        self._refresh()

    def row(self, form: Form) -> "FormRow":
        """One of the forms."""
        return self._rows[form]

    def _why_not(self, form: Form) -> str:
        """Why a form cannot be had now; empty where it can."""
        if self._run is None or self._folder is None:
            return tr("There is no run yet: press Train first.")
        if form in ("weights", "onnx") and self._run.saved_step < 0:
            return tr("This run has no weights yet.")
        return ""

    def _refresh(self) -> None:
        run, folder = self._run, self._folder
        name = " · ".join(filter(None, (run.name, run.id))) if run else ""
        self._name.setText(name or tr("There is no run yet: press Train first."))
        self._open.setVisible(folder is not None)
        busy = self._exporter.busy
        for form, row in self._rows.items():
            why = self._why_not(form)
            row.save.setEnabled(not why and busy is None)
            row.save.setToolTip(why)
            row.show_end(self._exporter.ended(folder, form) if folder else None)
            row.show_busy(busy is not None and busy == (folder, form))

    def _ask(self, form: Form) -> None:
        """Let the user choose a place, and write it there."""
        if self._run is None or self._folder is None:
            return
        ending = ENDINGS[form]
        name = " ".join(_NO_NAME.sub(" ", self._run.name).split()).strip(".") or self._folder.name
        kinds = f"{tr(_WORDS[form][2])} (*{ending})"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Take it along"), f"{name}{ending}", kinds)
        if chosen:
            out = Path(chosen) if Path(chosen).suffix else Path(chosen + ending)
            new = beside(self._folder, form, out) if out == Path(chosen) else (out, *beside(self._folder, form, out))
            if self._may_replace([file for file in new if file.exists()]):
                self._exporter.export(self._folder, form, out)

    def _may_replace(self, there: Sequence[Path]) -> bool:
        """Whether files may be replaced about which the dialog has not asked."""
        if not there:
            return True
        title = tr("{file} is there already.", file=", ".join(file.name for file in there))
        box = QMessageBox(QMessageBox.Icon.Question, "fmstudio", title, parent=self)
        box.setObjectName("replaceDialog")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(tr("It is written together with what is exported."))
        replace = box.addButton(tr("Replace it"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Leave it as it is"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is replace

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._name)
        for row in self._rows.values():
            column.addWidget(row)
        figures = label(tr(_FIGURES), "small")
        figures.setWordWrap(True)
        column.addWidget(figures)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)


class FormRow(QWidget):
    """One form: its name, a sentence, its button, and how it went.

    Attributes:
        save: Asks where to.
    """

    def __init__(self, form: Form) -> None:
        super().__init__()
        title, sentence, _ = (tr(text) for text in _WORDS[form])
        self.setObjectName(f"export.{form}")
        self.save = button(tr("Save…"), "", f"export.{form}.save")
        self.save.setAccessibleName(f"{title}: {tr('Save…')}")
        self.save.setAccessibleDescription(sentence)
        self._said = _wrapped("small")
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._look = button(tr("Look at it"), "link", f"export.{form}.open")
        self._look.clicked.connect(self._open)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(_BAR)
        self._bar.setAccessibleName(tr("Writing …"))
        self._file = ""
        self._lay_out(title, sentence)
        self.show_end(None)
        self.show_busy(False)

    @property
    def said(self) -> str:
        """How it went, in words; empty before."""
        return self._said.text()

    def show_busy(self, busy: bool) -> None:
        """Show that it is being written."""
        self._bar.setVisible(busy)

    def show_end(self, how: Exported | UserError | None) -> None:
        """Say how it went."""
        done = isinstance(how, Exported)
        self._file = how.file if isinstance(how, Exported) and how.form == "report" else ""
        self._look.setVisible(bool(self._file))
        self._said.setText(_words(how))
        self._said.setVisible(how is not None)
        self._said.setStyleSheet("" if done else f"color: {theme.current().wrong};")

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._file))

    def _lay_out(self, title: str, sentence: str) -> None:
        what = _wrapped("secondary")
        what.setText(sentence)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(title, "title"))
        texts.addWidget(what)
        texts.addWidget(self._bar)
        texts.addWidget(self._said)
        texts.addWidget(self._look, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(texts, 1)
        row.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)


def _wrapped(role: str) -> QLabel:
    made = label("", role)
    made.setWordWrap(True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def _words(how: Exported | UserError | None) -> str:
    """How it went, a few sentences."""
    if how is None:
        return ""
    if isinstance(how, UserError):
        return f"✗ {how}"
    parts = ["✓ " + tr("Saved as {file}.", file=Path(how.file).name)]
    if how.difference is not None:
        values = {"difference": f"{how.difference:.1g}", "count": how.samples}
        parts.append(tr("Largest difference {difference} on {count} test samples.", **values))
    parts += [tr("Beside it: {file}.", file=Path(file).name) for file in how.also]
    return " ".join([*parts, *how.notes])
