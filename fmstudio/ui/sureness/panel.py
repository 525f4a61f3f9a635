"""How sure the network is, and what its probabilities are worth: four views of the same answers."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.session.selection import Condition
from fmstudio.session.sight import Sight
from fmstudio.ui.looking import Verb, can_step_back, looked
from fmstudio.ui.sureness.figures import SurenessFigures
from fmstudio.ui.sureness.pages import CalibrationPage, CurvesPage, HistogramPage, SurenessPage
from fmstudio.ui.tab_order import put_after
from fmstudio.ui.widgets import TabRow
from fmstudio.words import tr

_PAGES: dict[str, Callable[[], SurenessPage]] = {
    "confidence": HistogramPage,
    "calibration": CalibrationPage,
    "roc": lambda: CurvesPage("roc"),
    "precision-recall": lambda: CurvesPage("precision-recall"),
}


class SurenessPanel(QWidget):
    """Confidence histogram with a threshold, reliability diagram, ROC and precision–recall curves.

    Attributes:
        selection_changed: The user wants to look at other pictures, or to count others: the new ``Selection``.
    """

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surenessPanel")
        self._sight: Sight | None = None
        self._shown: tuple[Sight, str] | None = None
        self._figures = SurenessFigures(None)
        self._pages: dict[str, SurenessPage] = {}
        self._tabs, self._stack = _switch(), QStackedWidget()
        self._tabs.setAccessibleName(tr("How sure"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._tabs)
        head.addStretch()
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._tabs.chosen.connect(lambda _: self._refresh())

    def show_sight(self, sight: Sight) -> None:
        """Show what is looked at now; while it is hidden, when it is seen again."""
        self._sight = sight
        if self.isVisible():
            self._refresh()

    @property
    def figure(self) -> tuple[str, tuple[QWidget, ...]]:
        """What a saved figure says of the page in sight, and what it is made of; of nothing without answers."""
        if not self._figures.answers:
            return "", ()
        words, widgets = self._page(self._tabs.key).figure
        return " · ".join(filter(None, (self._tabs.buttons[self._tabs.key].text(), words))), widgets

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what is looked at now."""
        self._refresh()
        super().showEvent(event)

    def _refresh(self) -> None:
        """Bring the page that is seen up to date; the others compute nothing."""
        tab, sight = self._tabs.key, self._sight
        self._stack.setCurrentWidget(self._page(tab))
        if sight is None or (self._shown is not None and self._shown[0] is sight and self._shown[1] == tab):
            return
        if sight.counted is not self._figures.answers:
            self._figures = SurenessFigures(sight.counted)
        self._shown = (sight, tab)
        self._page(tab).show_figures(self._figures, sight)

    def _page(self, tab: str) -> SurenessPage:
        """A page, built when it is first seen."""
        if tab not in self._pages:
            page = self._pages[tab] = _PAGES[tab]()
            self._stack.addWidget(page)
            put_after(self._tabs, page)
            page.asked.connect(self._look)
            page.cleared.connect(self._step_back)
        return self._pages[tab]

    def _look(self, condition: Condition, verb: Verb) -> None:
        if self._sight is not None:
            self.selection_changed.emit(looked(self._sight.selection, condition, verb))

    def _step_back(self) -> None:
        if self._sight is not None and can_step_back(self._sight.selection):
            self.selection_changed.emit(self._sight.selection.stepped_back())


def _switch() -> TabRow:
    """A row of small words of which one is chosen, quieter than tabs."""
    names = {
        "confidence": tr("Confidence"),
        "calibration": tr("Calibration"),
        "roc": tr("ROC"),
        "precision-recall": tr("Precision–recall"),
    }
    tips = {
        "confidence": tr("How many pictures it was how sure of, right and wrong"),
        "calibration": tr("Whether it is right as often as it says"),
        "roc": tr("How many of a class are found, against how many others are taken for it"),
        "precision-recall": tr("How many of a class are found, against how many of those taken for it are right"),
    }
    row = TabRow(names, role="quiet")
    for key, tip in tips.items():
        row.buttons[key].setToolTip(tip)
    row.setStyleSheet(
        "QPushButton { font-size: 12px; padding: 2px 4px; } QPushButton:checked { font-weight: 600; }"
        "QPushButton:focus { padding: 2px 4px; }"
    )
    return row
