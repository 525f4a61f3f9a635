"""The settings that are not seen at first sight: folded, unfolded, searched; what is not as usual is never hidden."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fmstudio.data.safetensors_header import shown_name
from fmstudio.session.draft_words import shown, title_of
from fmstudio.session.recipe import Recipe
from fmstudio.ui import theme
from fmstudio.ui.recipe.entry import Entry
from fmstudio.ui.recipe.fields import LineField
from fmstudio.ui.recipe.form import SettingsForm, flush_left
from fmstudio.ui.recipe.recipe_rows import GROUPS, RecipeRows, group_title
from fmstudio.ui.recipe.settings_search import HELP
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

_START = "start_from"


class MoreSettings(QWidget):
    """A button that unfolds the rest of the settings, with a search that finds the rare ones as well.

    Args:
        recipe: What is edited.
        rows: Its rows; this shows those that are not basic.
    """

    setting_asked = Signal(str)
    """The user wants to come to the editor of a path."""
    unfolded = Signal()
    """The user unfolded the settings, or searched them: they are to be seen."""
    placed = Signal()
    """The rows stand in another order."""

    def __init__(self, recipe: Recipe, rows: RecipeRows) -> None:
        super().__init__()
        self._recipe = recipe
        self._rows = rows
        self._open = False
        self._button = button("", "link", "moreSettings")
        self._button.clicked.connect(self._toggle)
        self._differing = self._differing_label()
        self._search = LineField("settingsSearch")
        self._search.setPlaceholderText(tr("Find a setting"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        self._nothing = label("", "small")
        self._nothing.setWordWrap(True)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(0)
        self._forms = {group: SettingsForm() for group in GROUPS}
        self._sections = {group: _section(group, form) for group, form in self._forms.items()}
        self._lay_out()

    @property
    def is_open(self) -> bool:
        """Whether the settings are unfolded."""
        return self._open

    def unfold(self, unfolded: bool, query: str = "") -> None:
        """Unfold the settings, or fold them.

        Args:
            unfolded: Whether they are to be seen.
            query: What the search field is to hold.
        """
        self._open = unfolded
        with QSignalBlocker(self._search):
            self._search.setText(query)
        self.place_rows()
        self.refresh()

    def place_rows(self) -> None:
        """Take in the rows, after others were made."""
        ranks = self._ranks()
        folded = sorted(self._rows.folded, key=lambda entry: ranks.get(entry.path, HELP + 1))
        best = dict.fromkeys([entry.group for entry in folded if entry.path in ranks] + [*GROUPS])
        for place, group in enumerate(best):
            self._forms[group].show_rows([entry.row for entry in folded if entry.group == group])
            self._groups.removeWidget(self._sections[group])
            self._groups.insertWidget(place, self._sections[group])
        self.placed.emit()

    @property
    def fields(self) -> list[QWidget]:
        """What the Tab key comes to, from above to below."""
        shown: list[QWidget] = [self._button, self._search]
        for place in range(self._groups.count()):
            form = next(form for group, form in self._forms.items() if self._at(place) is self._sections[group])
            shown += (part for row in form.rows for part in row.fields)
        return shown

    def refresh(self) -> None:
        """Decide which rows are seen, and say what is hidden and not as usual."""
        query, found = self._query, self._ranks()
        problems = self._rows.problems()
        folded = self._rows.folded
        for entry in folded:
            wanted = entry.path in found if query else entry.level == "more" or entry.row.differs
            entry.row.setVisible(entry.path in problems or (self._open and wanted))
            entry.row.show_problem(problems.get(entry.path))
        for group in GROUPS:
            seen = any(not entry.row.isHidden() for entry in folded if entry.group == group)
            self._sections[group].setVisible(seen)
        self._search.setVisible(self._open)
        self._nothing.setText(tr("No setting is called “{query}”.", query=query))
        self._nothing.setVisible(self._open and bool(query) and not found)
        self._show_button(sum(entry.level == "more" for entry in folded))
        self._show_differing([entry for entry in folded if entry.row.differs and entry.row.isHidden()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the search."""
        if event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
        else:
            super().keyPressEvent(event)

    @property
    def _query(self) -> str:
        return self._search.text().strip()

    def _ranks(self) -> Mapping[str, int]:
        """How well what is searched for is found, by path."""
        return self._rows.found(self._query) if self._query else {}

    def _find(self) -> None:
        self.place_rows()
        self.refresh()
        if self._query:
            self.unfolded.emit()

    def _at(self, place: int) -> QWidget | None:
        item = self._groups.itemAt(place)
        return item.widget() if item else None

    def _toggle(self) -> None:
        self.unfold(not self._open)
        if self._open:
            self.unfolded.emit()

    def _show_button(self, count: int) -> None:
        closed = tr("▸ More settings ({count})", count=count)
        self._button.setText(tr("▾ More settings ({count})", count=count) if self._open else closed)

    def _show_differing(self, entries: list[Entry]) -> None:
        colour, draft = theme.current().secondary, self._recipe.draft
        words = [
            f'<a href="{entry.path}" style="color:{colour};text-decoration:none">'
            f"{escape(title_of(draft, entry.path))} <b>{escape(shown(draft, entry.path))}</b></a>"
            for entry in entries
        ]
        if self._open:
            words = []
        if start := str(self._recipe.get(_START) or ""):  # has no row of its own: it is said always
            name = escape(shown_name(Path(start)))
            words.insert(
                0,
                f"{escape(title_of(draft, _START))} <b>{name}</b> "
                f'<a href="{_START}" style="color:{theme.current().accent};text-decoration:none">'
                f"{escape(tr('Begin at random'))}</a>",
            )
        self._differing.setText(" · ".join(words))
        self._differing.setVisible(bool(words))

    def _follow(self, path: str) -> None:
        """Lead to a setting; weights to begin with are taken away."""
        if path == _START:
            self._recipe.set(_START, "")
        else:
            self.setting_asked.emit(path)

    def _differing_label(self) -> QLabel:
        made = label("", "small")
        made.setObjectName("differingSettings")
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setWordWrap(True)
        made.setToolTip(tr("Not as usual: click to change it"))
        made.linkActivated.connect(self._follow)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(flush_left(self._button))
        column.addSpacing(2)
        self._nothing.setContentsMargins(0, 6, 0, 0)
        for part in (self._differing, self._search, self._nothing):
            column.addWidget(part)
        for section in self._sections.values():
            self._groups.addWidget(section)
        column.addLayout(self._groups)


def _section(group: str, form: SettingsForm) -> QWidget:
    """The rows of a group below its title."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    head = label(group_title(group), "head")
    head.setContentsMargins(0, 14, 0, 2)
    column.addWidget(head)
    column.addWidget(form)
    return made
