"""The differences of the chosen runs as a table, and what several seeds say of them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.seed_bands import SettingEffect, beside_seeds, method_words, seed_sentence, setting_effects
from fmstudio.runs.summary import RunSummary
from fmstudio.session.draft_words import shown, title_of
from fmstudio.session.run_rows.table import safe_tip
from fmstudio.ui.compare.differences.model import DifferencesModel
from fmstudio.ui.compare.differences.table import DifferencesTable
from fmstudio.ui.compare.overlay.words import names_of
from fmstudio.ui.plots.picture import write_whole
from fmstudio.ui.widgets import ElidedLabel, FewLines, button, label
from fmstudio.words import tr, tr_n

MOST = 50
"""So many runs are laid beside one another."""

_EFFECTS = 4


class DifferencesView(QWidget):
    """Settings that differ, results, what computed them; and whether a difference is more than the spread of seeds."""

    run_asked = Signal(str)
    """The user wants to look at a run: its id."""

    chosen = Signal(object)
    """The user means a run: a tuple with its id."""

    saved = Signal(str)
    """A file was written: its path."""

    problem = Signal(str, str)
    """A file could not be written: what happened, and what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("differencesView")
        self._pending: tuple[RunSummary, ...] | None = None
        self._runs: tuple[RunSummary, ...] = ()
        self._count = 0
        self._every: Sequence[RunSummary] = ()
        self._meant = ""
        self.model = DifferencesModel()
        self.table = DifferencesTable(self.model)
        self._sentence = ElidedLabel("", "secondary")
        self._sentence.setObjectName("differencesSentence")
        self.everything = QCheckBox(tr("All settings"))
        self.everything.setObjectName("differencesEverything")
        self.noise = FewLines("small", _EFFECTS + 1)
        self.noise.setObjectName("differencesNoise")
        self._more = button("⋯", "quiet", "differencesMore")
        self._empty = label(tr("Choose runs, and what differs among them stands here."), "secondary")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._menu = self._make_menu()
        self._build()
        self._refresh()

    def show_runs(self, summaries: Sequence[RunSummary], every: Sequence[RunSummary] = ()) -> None:
        """Lay these runs beside one another, at most the first 50; what only one of them shows is left as it was.

        Args:
            summaries: Those that are meant.
            every: All runs: of two that are meant, their repetitions tell how much chance there is.
        """
        wanted = tuple(summaries[:MOST])
        if self._meant and [run.id for run in summaries] == [self._meant]:
            return
        self._meant = ""
        self._every = every
        if wanted == self._runs and len(summaries) == self._count:
            self._say_noise()
            return
        self._runs, self._count = wanted, len(summaries)
        self._pending = wanted
        if self.isVisible():
            self._take()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what came while nobody looked."""
        super().showEvent(event)
        self._take()

    def as_text(self) -> str:
        """The table with tabs between its columns, as spreadsheets take it from the clipboard."""
        return "\n".join("\t".join(map(safe_cell, line)) for line in self.model.table())

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.as_text())

    def save_csv(self, path: Path) -> None:
        """Write the table; no cell can be taken for a formula."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(
            [safe_cell(cell) for cell in line] for line in self.model.table()
        )
        write_whole(path, text.getvalue().encode())

    def _take(self) -> None:
        if self._pending is not None:
            runs, self._pending = self._pending, None
            self.model.show_runs(runs)
            self._refresh()

    def _refresh(self) -> None:
        """Words and widths for what the table shows now."""
        runs = self._runs
        self.table.setVisible(bool(runs))
        self._empty.setVisible(not runs)
        self.everything.setEnabled(len(runs) > 1)
        self._more.setEnabled(bool(runs))
        self._sentence.setText(self._said())
        self.table.fit()
        self._say_noise()

    def _say_noise(self) -> None:
        lines = self._noise_lines()
        self.noise.show_text("\n".join(lines))
        self.noise.setVisible(bool(lines))
        if lines:
            self.noise.setToolTip(safe_tip(method_words()))

    def _noise_lines(self) -> list[str]:
        """What several seeds say of the settings; of two runs, what all their repetitions say."""
        runs = sorted(self._runs, key=lambda run: run.id)
        compared = beside_seeds(runs[0], runs[1], self._every) if len(runs) == 2 else None
        if compared is not None:
            names = dict(zip((run.id for run in self._runs), names_of(self._runs), strict=True))
            words = {"second": names[runs[1].id], "first": names[runs[0].id], "sentence": seed_sentence(compared)}
            return [tr("{second} against {first}, over all their seeds: {sentence}", **words)]
        effects = setting_effects(runs)
        lines = [effect_words(effect) for effect in effects[:_EFFECTS]]
        if len(effects) > _EFFECTS:
            lines.append(tr("… and {count} more", count=len(effects) - _EFFECTS))
        return lines

    def _said(self) -> str:
        count = len(self._runs)
        if not count:
            return ""
        if count == 1:
            return tr("One run and all its settings; choose more to see what differs.")
        if self._count > count:
            return tr("The first {count} of {all} runs.", count=count, all=f"{self._count:,}")
        if self.everything.isChecked():
            return tr("All settings of {count} runs", count=count)
        differing = self.model.count("setting")
        if not differing:
            return tr("The same settings in all {count} runs.", count=count)
        return tr_n(
            "{count} setting differs among {runs} runs",
            "{count} settings differ among {runs} runs",
            differing,
            runs=count,
        )

    def _on_everything(self, on: bool) -> None:
        self.model.show_everything(on)
        self._refresh()

    def _open(self, column: int) -> None:
        self.run_asked.emit(self.model.runs[column].id)

    def _mean(self, column: int) -> None:
        """A click on a run's name chooses it; all the others stay beside it here."""
        self._meant = self.model.runs[column].id
        self.chosen.emit((self._meant,))

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Copy as text"), self.copy)
        menu.addAction(tr("Save as CSV…"), self._ask_csv)
        return menu

    def _open_menu(self) -> None:
        corner = QPoint(self._more.width() - self._menu.sizeHint().width(), self._more.height())
        self._menu.popup(self._more.mapToGlobal(corner))

    def _ask_csv(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "", tr("Differences") + ".csv", "{} (*.csv)".format(tr("Tables")))
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen + ".csv")
        try:
            self.save_csv(path)
        except OSError as error:
            self.problem.emit(
                tr("{name} could not be written: {reason}.", name=path.name, reason=error.strerror or str(error)),
                tr("Choose another folder, or make room on the disk."),
            )
        else:
            self.saved.emit(str(path))

    def _build(self) -> None:
        said = tr("Copy, save")
        self._more.setToolTip(said)
        self._more.setAccessibleName(said)
        self._more.clicked.connect(self._open_menu)
        self.everything.toggled.connect(self._on_everything)
        self.table.opened.connect(self._open)
        self.table.copied.connect(self.copy)
        self.table.horizontalHeader().sectionClicked.connect(self._mean)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sentence)
        head.addStretch(1)
        head.addWidget(self.everything)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.noise)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)


def effect_words(effect: SettingEffect) -> str:
    """What a setting does, translated: "Learning rate 0.01 → 0.001: 0.3 % better: within the spread of seeds …"."""
    first, second = effect.first.spec, effect.second.spec
    return tr(
        "{setting} {first} → {second}: {sentence}",
        setting=title_of(second, effect.path),
        first=shown(first, effect.path),
        second=shown(second, effect.path),
        sentence=seed_sentence(effect.compared),
    )
