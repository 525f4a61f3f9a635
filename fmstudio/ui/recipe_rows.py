"""The rows of the recipe: one for every choice and for every setting of what is chosen, made from the tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from fmstudio.experiment.spec import TABLES, ExperimentSpec, kind_of
from fmstudio.schema.choice import Choice
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import Level, Setting, settings_of
from fmstudio.session.draft_words import TITLES
from fmstudio.session.recipe import Recipe
from fmstudio.ui.editors import ChoiceEditor, DeviceEditor, Editor, editor_for
from fmstudio.ui.form import SettingRow
from fmstudio.ui.setting_text import facts_of
from fmstudio.ui.settings_search import matches
from fmstudio.words import tr

RUN = "run"
"""The group of the settings that belong to no choice."""
GROUPS = (*TABLES, RUN)
"""In the order of the form."""
_FOLDED_CHOICES = ("schedule",)
_UNDER_HEADINGS = ("dataset", "architecture")


@dataclass(frozen=True)
class Entry:
    """One row and what it is about.

    Attributes:
        path: In a spec: "optimizer.lr", "optimizer.kind".
        group: A key of ``TABLES``, or ``RUN``.
        level: Whether it is seen at first sight.
        setting: None for a choice.
        row: Title, editor and problem.
    """

    path: str
    group: str
    level: Level
    setting: Setting | None
    row: SettingRow


class RecipeRows(QObject):
    """Keeps the rows in step with a recipe: makes them anew for another kind, else shows the values."""

    help_asked = Signal(str)
    """The user asks what something is: Markdown."""

    def __init__(self, recipe: Recipe, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self._kinds: dict[str, object] = {}
        self._groups: dict[str, list[Entry]] = {}
        self._choices = {key: self._choice_entry(key, table) for key, table in TABLES.items()}
        self._groups[RUN] = self._entries(RUN, "", settings_of(ExperimentSpec))

    def __iter__(self) -> Iterator[Entry]:
        """Every row, in the order of the groups."""
        for key in TABLES:
            yield self._choices[key]
            yield from self._groups.get(key, ())
        yield from self._groups[RUN]

    def find(self, path: str) -> Entry | None:
        """The row at a path; of a path without a row, that of the choice it belongs to."""
        by_path = {entry.path: entry for entry in self}
        return by_path.get(path) or by_path.get(f"{path.partition('.')[0]}.kind")

    def basic(self, groups: Iterable[str]) -> list[SettingRow]:
        """The rows of some groups that are seen at first sight, in order."""
        wanted = set(groups)
        return [entry.row for entry in self if entry.level == "basic" and entry.group in wanted]

    def folded(self, group: str) -> list[SettingRow]:
        """The rows of a group that are not seen at first sight."""
        return [entry.row for entry in self if entry.level != "basic" and entry.group == group]

    def found(self, query: str) -> set[str]:
        """The paths of the settings that a search finds, and of the choices by their titles."""
        paths: set[str] = set()
        for entry in self:
            title = group_title(entry.group)
            if entry.setting is not None and matches(query, entry.setting, entry.path, title):
                paths.add(entry.path)
            if entry.setting is None and query.strip().casefold() in f"{title} {entry.group}".casefold():
                paths.add(entry.path)
        return paths

    def sync_kinds(self) -> bool:
        """Make the rows of what is chosen now; whether any had to be made."""
        made = False
        for key, table in TABLES.items():
            kind = self._recipe.get(f"{key}.kind")
            if key not in self._groups or kind != self._kinds[key]:
                model = table.get(str(kind))
                self._drop(self._groups.get(key, []))
                self._groups[key] = self._entries(key, f"{key}.", settings_of(model) if model else ())
                self._kinds[key] = kind
                made = True
        return made

    def show_values(self) -> None:
        """Show the values, without their problems."""
        for entry in self:
            value = self._recipe.get(entry.path)
            if isinstance(entry.row.editor, DeviceEditor):
                entry.row.editor.show_devices(self._recipe.devices)
            entry.row.show_value(value, differs=value != self._recipe.default_of(entry.path))

    def problems(self) -> Mapping[str, Problem]:
        """The first problem of each row, by the row's path."""
        found: dict[str, Problem] = {}
        for problem in self._recipe.problems:
            entry = self.find(problem.path)
            if entry is not None:
                found.setdefault(entry.path, problem)
        return found

    def _choice_entry(self, key: str, table: Mapping[str, type[Choice]]) -> Entry:
        default = kind_of(getattr(ExperimentSpec(), key))
        row = self._row(ChoiceEditor(key, tr(TITLES[key]), default, table), titled=key not in _UNDER_HEADINGS)
        row.help_asked.connect(lambda: self._explain_choice(key))
        return Entry(f"{key}.kind", key, "more" if key in _FOLDED_CHOICES else "basic", None, row)

    def _entries(self, group: str, prefix: str, settings: Iterable[Setting]) -> list[Entry]:
        made: list[Entry] = []
        for setting in settings:
            row = self._row(editor_for(setting, prefix + setting.name))
            row.help_asked.connect(lambda setting=setting: self._explain_setting(setting))
            made.append(Entry(prefix + setting.name, group, setting.level, setting, row))
        return made

    def _row(self, editor: Editor, *, titled: bool = True) -> SettingRow:
        row = SettingRow(editor, titled=titled)
        editor.value_changed.connect(lambda value: self._recipe.set(editor.path, value))
        editor.settled.connect(self._recipe.settle)
        row.problem_line.mend_asked.connect(self._mend)
        return row

    def _drop(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            entry.row.editor.field.setObjectName("")
            for widget in (entry.row, entry.row.problem_line):
                widget.hide()
                widget.deleteLater()

    def _mend(self, mending: Mending) -> None:
        self._recipe.change(mending.changes)

    def _explain_choice(self, key: str) -> None:
        chosen = TABLES[key].get(str(self._recipe.get(f"{key}.kind")))
        if chosen is not None:
            self.help_asked.emit(f"# {tr(chosen.title)}\n\n{tr(chosen.explanation())}")

    def _explain_setting(self, setting: Setting) -> None:
        self.help_asked.emit(f"# {tr(setting.title)}\n\n{tr(setting.help)}\n\n{facts_of(setting)}")


def group_title(group: str) -> str:
    """The title of a group of settings, translated."""
    return tr(TITLES[group]) if group in TITLES else tr("Run")
