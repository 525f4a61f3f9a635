"""The settings of one layer of the user's own list, and what comes of it."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from fmstudio.catalog.layer_kinds import LAYERS
from fmstudio.schema.problem import Problem
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.session.draft_words import plain
from fmstudio.session.layer_rows import PATH, Item, ListRow, kind_of, value_of
from fmstudio.ui.recipe.choice_editor import ChoiceEditor
from fmstudio.ui.recipe.editors import Editor, editor_for
from fmstudio.ui.recipe.form import ProblemLine, SettingRow, SettingsForm
from fmstudio.ui.recipe.setting_text import facts_of
from fmstudio.ui.widgets import label
from fmstudio.words import tr

_KIND = "kind"


class LayerForm(QWidget):
    """Edits one layer: its kind and its settings; below stands what it makes of what it gets."""

    kind_chosen = Signal(str)
    """The layer is to be of another kind."""
    value_changed = Signal(str, object)
    """A setting has another value: its name, and a JSON value or what was typed."""
    settled = Signal()
    """The user is done with this value: what comes next is another edit."""
    mend_asked = Signal(object)
    """The user wants a ``Mending``."""
    help_asked = Signal(str)
    """The user asks what something is: Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[int, str] | None = None
        self._form = SettingsForm()
        self._kind = self._kind_row()
        self._rows: dict[str, SettingRow] = {}
        self._settings: dict[str, Setting] = {}
        self._title = label("", "title")
        self._problem = ProblemLine(PATH)
        self._problem.mend_asked.connect(self.mend_asked)
        self._about = _words("layerAbout")
        self._facts = _words("layerFacts")
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._title, self._form, self._problem, self._about, self._facts):
            column.addWidget(part)
        column.addStretch(1)

    def show_fixed(self, row: ListRow, about: str) -> None:
        """Show a row that is not the user's."""
        self._form.hide()
        self._problem.show_problem(None)
        self._title.setText(row.title)
        self._title.show()
        self._show_words(row, about)

    def show_layer(self, place: int, item: Item, row: ListRow, problems: Mapping[str, Problem]) -> None:
        """Show a layer.

        Args:
            place: Its place in the list.
            item: Its values.
            row: What comes of it.
            problems: Of this layer, by the setting's name.
        """
        kind, held = kind_of(item), self._held()
        self._make_rows(place, str(item.get(_KIND, "")), settings_of(kind) if kind else ())
        self._kind.show_value(item.get(_KIND, ""), differs=False)
        self._kind.show_problem(problems.get(_KIND))
        for name, setting_row in self._rows.items():
            setting = self._settings[name]
            value = value_of(item, setting)
            setting_row.show_value(value, differs=value != plain(setting.default))
            setting_row.show_problem(problems.get(name))
        self._problem.show_problem(problems.get(""))
        self._form.show()
        self._title.hide()
        self._show_words(row, tr(kind.summary()) if kind else "")
        if held is not None and self._held() != held:
            self._rows.get(held, self._kind).editor.field.setFocus(Qt.FocusReason.TabFocusReason)

    def _held(self) -> str | None:
        """The name of the setting in whose row the keyboard is, "" where it is elsewhere here; None outside."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            return None
        rows = self._rows.items()
        within = (name for name, row in rows for part in (row, row.problem_line) if part.isAncestorOf(focused))
        return next(within, "")

    def focus_first(self) -> None:
        """Bring the keyboard to the first setting, or to the kind where there is none."""
        first = next(iter(self._rows.values()), self._kind)
        if not self._form.isHidden():
            first.editor.field.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_words(self, row: ListRow, about: str) -> None:
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._facts.setText("\n".join(row.lines))
        self._facts.setVisible(bool(row.lines))

    def _make_rows(self, place: int, kind: str, settings: Iterable[Setting]) -> None:
        """Make the rows for another layer; those of the same one stay, with the keyboard in them."""
        if (place, kind) == self._shown:
            return
        self._shown = (place, kind)
        old = list(self._rows.values())
        focused = QApplication.focusWidget()
        held = focused is not None and any(row.isAncestorOf(focused) for row in old)
        self._settings = {setting.name: setting for setting in settings}
        self._rows = {name: self._row(setting, place) for name, setting in self._settings.items()}
        self._form.show_rows((self._kind, *self._rows.values()))
        if held:
            self._kind.editor.field.setFocus(Qt.FocusReason.OtherFocusReason)
        for row in old:
            row.editor.field.setObjectName("")
            for widget in (row, row.problem_line):
                widget.hide()
                widget.deleteLater()

    def _row(self, setting: Setting, place: int) -> SettingRow:
        editor = editor_for(setting, f"{PATH}.{place}.{setting.name}")
        editor.value_changed.connect(lambda value: self.value_changed.emit(setting.name, value))
        row = self._connected(editor)
        about = f"# {tr(setting.title)}\n\n{tr(setting.help)}\n\n{facts_of(setting)}"
        row.help_asked.connect(lambda: self.help_asked.emit(about))
        return row

    def _kind_row(self) -> SettingRow:
        editor = ChoiceEditor("layerKind", tr("Layer"), next(iter(LAYERS)), LAYERS)
        editor.value_changed.connect(lambda kind: self.kind_chosen.emit(str(kind)))
        row = self._connected(editor)
        row.help_asked.connect(self._explain_kind)
        return row

    def _connected(self, editor: Editor) -> SettingRow:
        row = SettingRow(editor)
        editor.settled.connect(self.settled)
        row.problem_line.mend_asked.connect(self.mend_asked)
        return row

    def _explain_kind(self) -> None:
        kind = LAYERS.get(self._shown[1]) if self._shown else None
        if kind is not None:
            self.help_asked.emit(f"# {tr(kind.title)}\n\n{tr(kind.explanation())}")


def _words(name: str) -> QLabel:
    made = label("", "small")
    made.setObjectName(name)
    made.setWordWrap(True)
    return made
