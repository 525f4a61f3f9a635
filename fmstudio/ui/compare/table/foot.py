"""The line below the table of runs: what is chosen, and what is done with it most often."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.cells import name_text
from fmstudio.session.run_rows.table import safe_tip
from fmstudio.ui.compare.table.actions import TITLES, Action, why_not
from fmstudio.ui.widgets import ElidedLabel, button
from fmstudio.words import tr, tr_n

_OFTEN: tuple[Action, ...] = ("results", "resume", "more", "settings")
_HEIGHT = 34


class RunFoot(QWidget):
    """Says what is chosen, with a button for each thing that is often done; it always has the same height.

    Attributes:
        asked: Something shall be done with the chosen runs: an ``Action``.
        menu_asked: All that can be done shall be offered.
    """

    asked = Signal(str)
    menu_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self._said = ElidedLabel("", "small")
        self._said.setObjectName("chosenRuns")
        self._buttons = {action: button(tr(TITLES[action]), "", f"run.{action}") for action in (*_OFTEN, "restore")}
        self.more = button("⋯", "quiet", "runMenu")
        self.more.setAccessibleName(tr("More to do with the chosen runs"))
        self.more.setToolTip(self.more.accessibleName())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._said, 1)
        row.addStretch(0)
        for action, made in self._buttons.items():
            made.clicked.connect(lambda checked=False, action=action: self.asked.emit(action))
            row.addWidget(made)
        self.more.clicked.connect(self.menu_asked)
        row.addWidget(self.more)

    def show_rows(self, rows: Sequence[RunSummary], *, trashed: bool) -> None:
        """Say what is chosen.

        Args:
            rows: The chosen runs, the oldest first.
            trashed: Whether they lie in the trash.
        """
        self._said.setText(_words(rows, trashed=trashed))
        for action, made in self._buttons.items():
            fits = action == "restore" if trashed else action in _OFTEN and len(rows) == 1
            made.setVisible(bool(rows) and fits)
            reason = why_not(action, rows)
            made.setEnabled(not reason)
            made.setToolTip(safe_tip(reason))
        self.more.setVisible(bool(rows))


def _words(rows: Sequence[RunSummary], *, trashed: bool) -> str:
    if not rows:
        return "" if trashed else tr("A double click shows a run's results. A click on a title sorts.")
    if len(rows) == 1:
        row = rows[0]
        return f"{name_text(row)} · {row.problem or row.message}" if row.problem or row.message else name_text(row)
    if len(rows) == 2:
        return tr("A: {a} · B: {b}", a=name_text(rows[0]), b=name_text(rows[1]))
    return tr_n("{count} run is chosen", "{count} runs are chosen", len(rows))
