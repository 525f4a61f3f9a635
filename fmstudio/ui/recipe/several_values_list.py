"""The runs that will be made, one a line; those that cannot be run with the reason."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy

from fmstudio.experiment.draft import Draft
from fmstudio.experiment.sweep import Sweep, Variant
from fmstudio.session.sweep_words import problem_words, settings_words
from fmstudio.ui import theme
from fmstudio.words import tr

_ROW = 22
_FIGURE_SPACE = "\u2007"
"""As wide as a figure: numbers stand below one another."""


class VariantsList(QListWidget):
    """As high as it has lines: what is round it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("severalRuns")
        self.setAccessibleName(tr("The runs that will be made"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(tabular=True))
        self._digits = 1

    def show_sweep(self, draft: Draft, sweep: Sweep) -> None:
        """Show other runs.

        Args:
            draft: What they have in common.
            sweep: The runs.
        """
        self.clear()
        self._digits = len(str(len(sweep.variants)))
        for number, variant in enumerate(sweep.variants, 1):
            self._add(draft, variant, number)
        self.setFixedHeight(self.count() * _ROW + 2)

    def _add(self, draft: Draft, variant: Variant, number: int) -> None:
        words = settings_words(draft, variant.settings)
        mark = f"{number}" if variant.spec is not None else "✗"
        item = QListWidgetItem(f"{mark.rjust(self._digits, _FIGURE_SPACE)}   {words}")
        item.setSizeHint(QSize(0, _ROW))
        item.setToolTip(words)
        if variant.spec is None:
            reasons = "\n".join(problem_words(draft, variant.settings, problem) for problem in variant.problems)
            first = reasons.partition("\n")[0]
            item.setText(f"{mark.rjust(self._digits, _FIGURE_SPACE)}   {words} — {first}")
            item.setToolTip(f"{words}\n{reasons}")
            item.setForeground(QBrush(theme.colour("wrong")))
        self.addItem(item)
