"""Where everything is: the top bar, the recipe at the left, the pages, the drawer over them, the bar at the foot."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.experiment.lessons import lessons
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import Recipe
from fmstudio.ui.drawer import Drawer
from fmstudio.ui.lesson_line import LessonLine
from fmstudio.ui.lesson_strip import LessonStrip
from fmstudio.ui.notice_bar import NoticeBar
from fmstudio.ui.recipe.experiment_panel import ExperimentPanel
from fmstudio.ui.results_page import ResultsPage
from fmstudio.ui.spotlight import Spotlight
from fmstudio.ui.status_bar import StatusBar
from fmstudio.ui.top_bar import TopBar
from fmstudio.ui.train_controls import TrainControls

if TYPE_CHECKING:
    from fmstudio.ui.compare.compare_page import ComparePage
    from fmstudio.ui.data_page import DataPage
    from fmstudio.ui.learning_page import LearningPage
    from fmstudio.ui.network_page import NetworkPage

ROOMY = QSize(1360, 800)
"""From this size on the lesson has a strip of its own and the recipe a row for each setting."""


class Shell(QWidget):
    """All widgets of the window in their places. It connects nothing: that is the main window's part.

    Only the lesson line, which is the strip folded up, asks by the strip's signals. The page Results is there from the
    beginning, the other pages come with ``place_pages``.
    """

    data_page: "DataPage"
    network_page: "NetworkPage"
    learning_page: "LearningPage"
    compare_page: "ComparePage"

    def __init__(
        self, recipe: Recipe, inspection: Inspection, examiner: Examiner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.top_bar = TopBar()
        self.controls = TrainControls()
        self.lesson_line = LessonLine()
        self.recipe_panel = ExperimentPanel(recipe, lessons(), self.controls, self.lesson_line)
        self.notices = NoticeBar()
        self.strip = LessonStrip()
        self.strip_wanted = True
        self.lesson_line.read_asked.connect(self.strip.read_asked)
        self.lesson_line.next_asked.connect(self.strip.next_asked)
        self.status = StatusBar()
        self.results_page = ResultsPage(inspection, examiner)
        self.pages: dict[str, QWidget] = {"results": self.results_page}
        self._stack = QStackedWidget()
        self._stack.addWidget(self.results_page)
        self._content = QWidget()
        self._lay_out()
        self.drawer = Drawer(self._content)

    def place_pages(
        self, data: "DataPage", network: "NetworkPage", learning: "LearningPage", compare: "ComparePage"
    ) -> None:
        """Take in the pages that are not seen at the start."""
        self.data_page, self.network_page, self.learning_page, self.compare_page = data, network, learning, compare
        for key, page in (("data", data), ("network", network), ("learning", learning), ("compare", compare)):
            self.pages[key] = page
            self._stack.addWidget(page)

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        return next(key for key, page in self.pages.items() if page is self._stack.currentWidget())

    def show_page(self, key: str) -> None:
        """Turn to a page."""
        self._stack.setCurrentWidget(self.pages[key])
        self.top_bar.show_page(key)
        self.fold()

    def show_place(self, place: str) -> None:
        """Turn to a page, or to the widget of a name, and light it up for a moment.

        Args:
            place: The key of a page, a widget's name, or the path of a setting.
        """
        if place in self.pages:
            self.show_page(place)
            return
        self.recipe_panel.show_setting(place)
        found = self.findChild(QWidget, place)
        if found is None:
            return
        page = next((key for key, page in self.pages.items() if page.isAncestorOf(found)), self.page)
        if page != self.page:
            self.show_page(page)
        if self.drawer.isVisible() and self._global(found).intersects(self._global(self.drawer)):
            self.drawer.close()
        found.setFocus(Qt.FocusReason.ShortcutFocusReason)
        Spotlight(found, self)

    def _global(self, widget: QWidget) -> QRect:
        return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())

    def present(self, presenting: bool) -> None:
        """Leave out the recipe, for a projector."""
        self.recipe_panel.setVisible(not presenting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold what a small window has no room for."""
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """Show the bars that the page and the size have room for: one at a time."""
        roomy = self.width() >= ROOMY.width() and self.height() >= ROOMY.height()
        self.recipe_panel.setFixedWidth(300 if roomy else 250)
        results, part = self.page == "results", self.results_page.amber.wanted
        self.results_page.amber.setVisible(results and part)
        self.strip.setVisible(self.strip_wanted and roomy and results and not part)

    def _lay_out(self) -> None:
        content = QVBoxLayout(self._content)
        content.setContentsMargins(14, 12, 14, 12)
        content.setSpacing(10)
        content.addWidget(self.notices)
        content.addWidget(self.strip)
        content.addWidget(self.results_page.amber)
        content.addWidget(self._stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.recipe_panel)
        middle.addWidget(self._content, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
