"""The recipe column: what will be done. It shows a recipe, changes it, and holds the buttons at its foot."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from fmstudio.experiment.lesson import Lesson
from fmstudio.session.draft_words import shown
from fmstudio.session.recipe import DeviceOption, Recipe
from fmstudio.ui import theme
from fmstudio.ui.lesson_line import LessonLine
from fmstudio.ui.recipe.entry import Entry
from fmstudio.ui.recipe.fields import ListField
from fmstudio.ui.recipe.form import RING, ROW_TOP, Heading, SettingsForm
from fmstudio.ui.recipe.lesson_fold import LessonFold
from fmstudio.ui.recipe.more_settings import MoreSettings
from fmstudio.ui.recipe.recipe_lines import data_line, lesson_line, network_line
from fmstudio.ui.recipe.recipe_rows import RUN, RecipeRows
from fmstudio.ui.widgets import Button, FewLines, label
from fmstudio.words import tr

_WIDE, _SMALL = 16, 12
"""Margins at the sides of a large column and of a small one."""
_LOW = 740
_NARROW = 280
"""In a column that is lower or narrower than these, the rows stand in pairs."""
_AIRY, _TIGHT, _BELOW = 15, 6, 6
_DATA, _NETWORK, _LEARNING = ("dataset",), ("architecture",), ("loss", "optimizer", "schedule", RUN)
_CHOICES = {"data": "dataset", "network": "architecture"}
"""The choice under a heading."""


class ExperimentPanel(QWidget):
    """The recipe column.

    Args:
        recipe: What it shows and changes.
        lessons: What one can start from.
        controls: The buttons that train; they stand at the foot.
        lesson_line: The lesson in a line, seen where the column is narrow.
    """

    page_asked = Signal(str)
    """A heading was clicked: "data", "network" or "learning"."""
    help_asked = Signal(str)
    """The user asks what something is: Markdown."""
    several_asked = Signal(str)
    """The user wants to try several values of a setting: its path."""
    finder_asked = Signal()
    """The user wants to find a learning rate."""
    repeat_asked = Signal()
    """The user wants to repeat the run with several seeds."""

    def __init__(
        self, recipe: Recipe, lessons: Sequence[Lesson], controls: QWidget, lesson_line: LessonLine | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("experimentPanel")
        self.setProperty("role", "column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._recipe, self._controls = recipe, controls
        self._lessons = {lesson.id: lesson for lesson in lessons}
        self._rows = RecipeRows(recipe, self)
        self._rows.help_asked.connect(self.help_asked)
        self._rows.page_asked.connect(self.page_asked)
        self._rows.several_asked.connect(self.several_asked)
        self._rows.finder_asked.connect(self.finder_asked)
        self._rows.repeat_asked.connect(self.repeat_asked)
        self._lesson_line = lesson_line or LessonLine()
        self._seen: list[Entry] = []
        self._pairs = False
        self._lesson = self._lesson_field(lessons)
        self._headings = self._make_headings()
        self._lines = {name: _line() for name in ("lesson", "data", "network")}
        self._data, self._network, self._learning = SettingsForm(), SettingsForm(), SettingsForm()
        self._more = MoreSettings(recipe, self._rows)
        self._more.setting_asked.connect(self.show_setting)
        self._more.placed.connect(self._order_tabs)
        self._fold = LessonFold()
        self._fold.all_asked.connect(self.show_all)
        self._note = FewLines("small", 2)
        self._note.setObjectName("recipeNote")
        self._column = _Column(self._rows)
        self._scroll = _scrolling(self._column)
        self._lay_out(controls)
        recipe.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the recipe as it is now."""
        held = self._rows.holding(QApplication.focusWidget())
        made = self._rows.sync_kinds()
        self._rows.show_values()
        problems = self._rows.problems()
        sight = self._rows.sight
        sight.follow(self._rows, problems)
        if made or self._rows.seen != self._seen:
            self._place_rows()
        for entry in self._seen:
            entry.row.setVisible(True)
            entry.row.show_problem(problems.get(entry.path))
        self._more.refresh()
        self._more.setVisible(not sight.folds)
        self._fold.show_state(there=sight.has_lesson, folds=sight.folds)
        with QSignalBlocker(self._lesson):
            self._lesson.setCurrentIndex(self._lesson.findData(self._recipe.lesson.id))
        self._show_lines()
        self._note.show_text(self._recipe.note)
        self._note.setVisible(bool(self._recipe.note))
        self._column.update()
        if held is not None:
            self._keep_focus(held)

    def show_more(self, unfolded: bool = True) -> None:
        """Unfold the settings that are not seen at first sight, or fold them."""
        self._more.unfold(unfolded)

    def show_setting(self, path: str) -> None:
        """Bring the editor of a path before the user's eyes, and the keyboard to it."""
        entry = self._rows.find(path)
        if entry is None:
            return
        if self._rows.sight.folds and entry not in self._seen:
            self.show_all(True)
        if entry.row.isHidden():
            self._more.unfold(True)
        if entry.row.isHidden():
            self._more.unfold(True, path)
        self._column.adjustSize()
        self._scroll.ensureWidgetVisible(entry.row)
        entry.row.editor.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_devices(self, options: Sequence[DeviceOption]) -> None:
        """Offer the devices that exist."""
        self._recipe.know_devices(options)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the rows in pairs where the column is small."""
        super().resizeEvent(event)
        self._lesson_line.setVisible(self.width() < _NARROW)
        pairs = self.width() < _NARROW or self.height() < _LOW
        if pairs != self._pairs:
            self._pairs = pairs
            self._content.setSpacing(_TIGHT if pairs else _AIRY)
            self._keep_width()
            self._place_rows()
            self._show_lines()

    def _show_lines(self) -> None:
        """Say what the choices come to: below them, or in short beside the headings."""
        spec, lesson = self._recipe.readable, self._recipe.lesson
        texts = {
            "lesson": (lesson_line(lesson), lesson_line(lesson, short=True)),
            "data": (data_line(spec), data_line(spec, short=True)),
            "network": (network_line(spec), network_line(spec, short=True)),
        }
        seen = {entry.path for entry in self._seen}
        for name, (whole, short) in texts.items():
            key = _CHOICES.get(name)
            fixed = "" if key is None or f"{key}.kind" in seen else shown(self._recipe.draft, f"{key}.kind")
            self._lines[name].setText(whole)
            self._lines[name].setVisible(not self._pairs)
            self._headings[name].show_words(fixed or (short if self._pairs else ""))

    def _place_rows(self) -> None:
        self._seen = self._rows.seen
        for form, groups in ((self._data, _DATA), (self._network, _NETWORK), (self._learning, _LEARNING)):
            rows = [entry.row for entry in self._seen if entry.group in groups]
            form.show_rows(rows, pairs=self._pairs and form is self._learning)
            form.setVisible(bool(rows))
        self._more.place_rows()

    @property
    def shows_all(self) -> bool:
        """Whether what the lesson keeps fixed was asked for."""
        return self._rows.sight.all_asked

    def show_all(self, wanted: bool) -> None:
        """Show what the lesson keeps fixed as well, or fold it away."""
        self._rows.sight.show_all(wanted)
        self.refresh()

    def _keep_focus(self, entry: Entry) -> None:
        """Leave the keyboard at a row whose field, or whose mending, has just gone; else at its choice."""
        if self._rows.holding(QApplication.focusWidget()) is entry and not entry.row.isHidden():
            return
        key = entry.path.partition(".")[0]
        places = (self._rows.find(entry.path), self._rows.find(f"{key}.kind"))
        row = next((found.row for found in places if found is not None and found.row.isVisibleTo(self)), None)
        more = self._more.fields[0]
        goal = row.editor.field if row else more if more.isVisibleTo(self) else self._lesson
        goal.setFocus(Qt.FocusReason.TabFocusReason)

    def _order_tabs(self) -> None:
        """Let the Tab key go from above to below, and last to the buttons at the foot."""
        order: list[QWidget] = [self._lesson]
        for name, form in (("data", self._data), ("network", self._network), ("learning", self._learning)):
            order += [self._headings[name], *(part for row in form.rows for part in row.fields)]
        order += [*self._fold.findChildren(Button), *self._more.fields, *self._controls.findChildren(Button)]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _choose_lesson(self) -> None:
        chosen = self._lessons.get(str(self._lesson.currentData()))
        if chosen is not None:
            self._recipe.take_lesson(chosen)

    def _lesson_field(self, lessons: Sequence[Lesson]) -> ListField:
        made = ListField("lesson")
        made.setAccessibleName(tr("Start from"))
        for place, lesson in enumerate(lessons):
            made.addItem(lesson.title, lesson.id)
            made.setItemData(place, lesson_line(lesson), Qt.ItemDataRole.ToolTipRole)
        made.setToolTip(tr("Fill the recipe with that of a lesson; choosing it again takes your changes back"))
        made.currentIndexChanged.connect(self._choose_lesson)
        made.activated.connect(self._choose_lesson)
        return made

    def _make_headings(self) -> dict[str, Heading]:
        made = {
            "lesson": Heading(tr("Start from"), "lessonHeading", tr("Read the lesson")),
            "data": Heading(tr("Data"), "dataHeading", tr("Open the page of the data")),
            "network": Heading(tr("Network"), "networkHeading", tr("Open the page of the network")),
            "learning": Heading(tr("Learning"), "learningHeading", tr("Open the page of learning")),
        }
        for page, heading in made.items():
            if page != "lesson":
                heading.clicked.connect(lambda checked=False, page=page: self.page_asked.emit(page))
        made["lesson"].clicked.connect(self._lesson_line.read_asked)
        return made

    def _lay_out(self, controls: QWidget) -> None:
        fields = {"lesson": self._lesson, "data": self._data, "network": self._network, "learning": self._learning}
        self._content = QVBoxLayout(self._column)
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(_AIRY)
        for name, field in fields.items():
            section = QVBoxLayout()
            section.setSpacing(0)
            section.addSpacing(2 - RING)
            section.addLayout(_between_margins(self._headings[name]))
            section.addSpacing((_BELOW if field is self._lesson else _BELOW - ROW_TOP) + 2 - RING)
            section.addWidget(field)
            if field is self._lesson:
                section.addWidget(self._lesson_line)
            if name in self._lines:
                section.addWidget(self._lines[name])
            self._content.addLayout(section)
        self._content.addWidget(self._fold)
        self._content.addWidget(self._more)
        self._content.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addWidget(self._note)
        self._foot.addWidget(controls)
        outer.addLayout(self._foot)
        self._keep_width()
        self._more.unfolded.connect(lambda: QTimer.singleShot(0, self, self._scroll_to_more))
        self._width_timer = QTimer(self, singleShot=True, interval=0)
        self._width_timer.timeout.connect(self._keep_width)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._width_timer.start)

    def _keep_width(self) -> None:
        """Let the scroll bar stand in the margin, so that no field moves.

        Done once the bar itself stands: within its own change of range the two would chase one another for ever.
        """
        side = _SMALL if self._pairs else _WIDE
        bar = self._scroll.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._column.setContentsMargins(side, side - 3, side - 1 - taken, 2)
        self._foot.setContentsMargins(side, 6, side - 1, 12)

    def _scroll_to_more(self) -> None:
        """Bring what was unfolded before the user's eyes."""
        self._scroll.verticalScrollBar().setValue(self._more.y() - 8)


class _Column(QWidget):
    """What scrolls; marks the rows that differ from their default by a dot beside them."""

    def __init__(self, rows: RecipeRows) -> None:
        super().__init__()
        self._rows = rows

    def event(self, event: QEvent) -> bool:
        """Draw the dots anew where rows have come to stand elsewhere."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        for entry in self._rows:
            if entry.row.differs and entry.row.isVisible():
                painter.drawEllipse(QPointF(entry.row.mapTo(self, entry.row.mark)), 2.5, 2.5)


def _between_margins(heading: Heading) -> QHBoxLayout:
    """A row in which a heading's words, not its ring, stand in line with the fields."""
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addSpacing(-RING)
    row.addWidget(heading)
    return row


def _line() -> QLabel:
    made = label("", "small")
    made.setWordWrap(True)
    made.setContentsMargins(0, _BELOW, 0, 0)
    return made


def _scrolling(column: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setObjectName("recipeScroll")
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidgetResizable(True)
    made.setWidget(column)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.viewport().setAutoFillBackground(False)
    column.setAutoFillBackground(False)
    return made
