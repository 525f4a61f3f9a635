"""The rows of the recipe: one for every choice and for every setting of what is chosen, made from the tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fmstudio.experiment.fitting import unsuited
from fmstudio.experiment.spec import TABLES, ExperimentSpec, kind_of
from fmstudio.schema.choice import Choice
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import Level, Setting, settings_of
from fmstudio.session.draft_words import TITLES
from fmstudio.session.recipe import Recipe
from fmstudio.ui.recipe.choice_editor import ChoiceEditor
from fmstudio.ui.recipe.editors import DeviceEditor, Editor, LayersEditor, editor_for
from fmstudio.ui.recipe.entry import Entry
from fmstudio.ui.recipe.first_sight import FirstSight
from fmstudio.ui.recipe.form import SettingRow
from fmstudio.ui.recipe.setting_text import facts_of
from fmstudio.ui.recipe.settings_search import TITLE, rank
from fmstudio.words import marked, tr

RUN = "run"
"""The group of the settings that belong to no choice."""
_GROUPS = {"initial_weights": "architecture"}
"""The tables whose rows stand in the group of another one."""
GROUPS = (*(key for key in TABLES if key not in _GROUPS), RUN)
"""In the order of the form."""
_FOLDED_CHOICES = ("schedule", "initial_weights")
_UNDER_HEADINGS = ("dataset", "architecture")
_OTHERS = {
    "architecture": marked("Other networks"),
    "loss": marked("Other losses"),
    "optimizer": marked("Other optimizers"),
}
"""What stands above the kinds of a table that do not fit."""


class RecipeRows(QObject):
    """Keeps the rows in step with a recipe: makes them anew for another kind, else shows the values."""

    help_asked = Signal(str)
    """The user asks what something is: Markdown."""
    page_asked = Signal(str)
    """The user wants to edit something on its page: "network"."""
    several_asked = Signal(str)
    """The user wants to try several values of a setting: its path."""
    finder_asked = Signal()
    """The user wants to find a learning rate."""
    repeat_asked = Signal()
    """The user wants to repeat the run with several seeds."""

    def __init__(self, recipe: Recipe, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self.sight = FirstSight(recipe)
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
        key, _, name = path.partition(".")
        around = f"{key}.{name.partition('.')[0]}"
        return by_path.get(path) or by_path.get(around) or by_path.get(f"{key}.kind")

    @property
    def seen(self) -> list[Entry]:
        """What is seen at first sight, in order."""
        return [entry for entry in self if self.sight.holds(entry)]

    @property
    def folded(self) -> list[Entry]:
        """What is not seen at first sight."""
        return [entry for entry in self if not self.sight.holds(entry)]

    def holding(self, widget: QWidget | None) -> Entry | None:
        """The row that a widget is in, with its problem."""
        if widget is None:
            return None
        parts = ((entry, part) for entry in self for part in (entry.row, entry.row.problem_line))
        return next((entry for entry, part in parts if part is widget or part.isAncestorOf(widget)), None)

    def found(self, query: str) -> Mapping[str, int]:
        """How well a search finds each setting by its path, and the choices by their titles: the least is best."""
        ranks: dict[str, int] = {}
        for entry in self:
            title = group_title(entry.group)
            if entry.setting is not None:
                place = rank(query, entry.setting, entry.path, title)
                if place is not None:
                    ranks[entry.path] = place
            elif query.strip().casefold() in f"{title} {entry.group}".casefold():
                ranks[entry.path] = TITLE
        return ranks

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
        self._show_fitting()
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
                found.setdefault(entry.path, self._of_layer(problem, entry))
        return found

    def _of_layer(self, problem: Problem, entry: Entry) -> Problem:
        """A problem in a list of layers says which one it is about; why it does not fit stands at the layer."""
        place = problem.path.removeprefix(f"{entry.path}.").partition(".")[0]
        if entry.setting is None or entry.setting.kind != "layers" or not place.isdecimal():
            return problem
        number = int(place) + 1
        if self._recipe.readable is not None:
            return replace(problem, message=tr("layer {number} does not fit", number=number))
        return replace(problem, message=tr("layer {number}: {problem}", number=number, problem=problem.message))

    def _show_fitting(self) -> None:
        """Sort the lists by what fits the rest."""
        spec = self._recipe.readable
        if spec is None:
            return
        for key, entry in self._choices.items():
            if key in _OTHERS and isinstance(entry.row.editor, ChoiceEditor):
                entry.row.editor.show_fitting({kind: unsuited(key, kind, spec) for kind in TABLES[key]})

    def _choice_entry(self, key: str, table: Mapping[str, type[Choice]]) -> Entry:
        default = kind_of(getattr(ExperimentSpec(), key))
        editor = ChoiceEditor(key, tr(TITLES[key]), default, table, tr(_OTHERS.get(key, "")))
        row = self._row(editor, titled=key not in _UNDER_HEADINGS)
        row.help_asked.connect(lambda: self._explain_choice(key))
        group = _GROUPS.get(key, key)
        return Entry(f"{key}.kind", group, "more" if key in _FOLDED_CHOICES else "basic", None, row)

    def _entries(self, group: str, prefix: str, settings: Iterable[Setting]) -> list[Entry]:
        made: list[Entry] = []
        for setting in settings:
            row = self._row(editor_for(setting, prefix + setting.name), titled=setting.kind != "layers")
            row.help_asked.connect(lambda setting=setting: self._explain_setting(setting))
            made.append(Entry(prefix + setting.name, _GROUPS.get(group, group), _level(group, setting), setting, row))
        return made

    def _row(self, editor: Editor, *, titled: bool = True) -> SettingRow:
        row = SettingRow(editor, titled=titled)
        editor.value_changed.connect(lambda value: self._recipe.set(editor.path, value))
        editor.settled.connect(self._recipe.settle)
        editor.several_asked.connect(lambda: self.several_asked.emit(editor.path))
        editor.finder_asked.connect(self.finder_asked)
        editor.repeat_asked.connect(self.repeat_asked)
        if isinstance(editor, LayersEditor):
            editor.page_asked.connect(lambda: self.page_asked.emit("network"))
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


def _level(key: str, setting: Setting) -> Level:
    """Where a setting is seen: with a choice that is folded it is folded too; a list of layers is the choice itself."""
    if setting.kind == "layers":
        return "basic"
    return "more" if key in _FOLDED_CHOICES and setting.level == "basic" else setting.level


def group_title(group: str) -> str:
    """The title of a group of settings, translated."""
    return tr(TITLES[group]) if group in TITLES else tr("Run")
