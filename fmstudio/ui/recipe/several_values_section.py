"""One setting of the page "Try several values…": its name, how its values are said, and what is wrong with them."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.experiment.fitting import unsuited
from fmstudio.experiment.spec import TABLES
from fmstudio.experiment.sweep import SEED
from fmstudio.experiment.vary import Vary
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import Setting
from fmstudio.session.draft_words import leaves, option_text, setting_of, title_of
from fmstudio.session.recipe import Recipe
from fmstudio.ui.recipe.several_values_inputs import NumbersInput, Offer, SeedsInput, TicksInput, ValuesInput
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

_NEVER = ("text", "layers", "samples")


class ValuesSection(QWidget):
    """One setting.

    Args:
        recipe: What it is changed from.
        path: Of the setting.
        removable: Whether it can be taken away again.

    Attributes:
        path: Of the setting.
        input: Where its values are said.
    """

    changed = Signal()
    """It says something else."""
    removed = Signal(str)
    """The user wants it away: its path."""

    def __init__(self, recipe: Recipe, path: str, *, removable: bool = False) -> None:
        super().__init__()
        self.setObjectName(f"severalSection:{path}")
        self.path = path
        self.input: ValuesInput = input_for(recipe, path)
        self.input.changed.connect(self.changed)
        self._problem = label("", "problem")
        self._problem.setWordWrap(True)
        self._problem.hide()
        head = QHBoxLayout()
        head.addWidget(label(title_of(recipe.draft, path), "title"))
        head.addStretch(1)
        if isinstance(self.input, NumbersInput):
            head.addWidget(self.input.tabs)
        if removable:
            away = button(tr("Remove"), "link", f"severalRemove:{path}")
            away.clicked.connect(lambda: self.removed.emit(path))
            head.addWidget(away)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        note = _note(recipe, path)
        if note:
            words = label(note, "small")
            words.setWordWrap(True)
            column.addWidget(words)
        column.addWidget(self.input)
        column.addWidget(self._problem)

    def vary(self) -> Vary | None:
        """The setting with its values; None where they cannot be read: then it says why."""
        try:
            found, message = self.input.vary(), ""
        except InvalidSpecError as error:
            found, message = None, error.problems[0].message
        self._problem.setText(message)
        self._problem.setVisible(bool(message))
        return found


def input_for(recipe: Recipe, path: str) -> ValuesInput:
    """Where the values of a setting are said, the right one for its kind."""
    key, _, name = path.rpartition(".")
    value = recipe.get(path)
    if path == SEED:
        return SeedsInput(value)
    if key in TABLES and name == "kind":
        return TicksInput(path, fitting_kinds(recipe, key), value)
    setting = recipe.setting_of(path)
    if setting is None:
        return TicksInput(path, [(str(value), value)], value)
    offers = _offers(recipe, setting)
    return TicksInput(path, offers, value) if offers else NumbersInput(setting, path, value)


def fitting_kinds(recipe: Recipe, key: str) -> list[Offer]:
    """The kinds of a table that fit the rest of a recipe, and the chosen one."""
    spec, chosen = recipe.readable, recipe.get(f"{key}.kind")
    fits = [kind for kind in TABLES[key] if kind == chosen or spec is None or not unsuited(key, kind, spec)]
    return [(tr(TABLES[key][kind].title), kind) for kind in fits]


def settings_to_vary(recipe: Recipe) -> Mapping[str, str]:
    """The settings that can be tried with several values: their titles by path, what is seen first at the top."""
    levels = ("basic", "more", "rare")
    found: dict[str, tuple[int, str]] = {}
    for path, _ in leaves(recipe.draft):
        setting = setting_of(recipe.draft, path)
        key, _, name = path.rpartition(".")
        if name == "kind" and len(fitting_kinds(recipe, key)) > 1:
            found[path] = (0 if key in ("architecture", "loss", "optimizer") else 1, title_of(recipe.draft, path))
        elif setting is not None and setting.kind not in _NEVER and _has_choice(recipe, setting):
            found[path] = (levels.index(setting.level), title_of(recipe.draft, path))
    return {path: title for path, (_, title) in sorted(found.items(), key=lambda pair: pair[1][0])}


def _has_choice(recipe: Recipe, setting: Setting) -> bool:
    offers = _offers(recipe, setting)
    return len(offers) != 1


def _offers(recipe: Recipe, setting: Setting) -> list[Offer]:
    """What can be ticked of a setting; nothing of numbers."""
    offers: list[Offer] = []
    if setting.kind == "option":
        offers = [(option_text(option), option) for option in setting.options]
    elif setting.kind == "bool":
        offers = [(tr("on"), True), (tr("off"), False)]
    elif setting.kind == "device":
        offers = [(tr(option.label), option.id) for option in recipe.devices]
    if offers and setting.optional:
        offers.insert(0, (tr("automatic"), None))
    return offers


def _note(recipe: Recipe, path: str) -> str:
    """What is to be known of a choice: each kind begins with its usual settings."""
    key, _, name = path.rpartition(".")
    if key in TABLES and name == "kind" and len(fitting_kinds(recipe, key)) > 1:
        return tr("Each begins with its own usual settings.")
    return ""
