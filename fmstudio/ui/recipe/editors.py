"""The editor of one setting, the right one for its kind. What cannot be read is passed on as it was typed.

So ``read_spec`` reports the problem, at its path, and there is one place that says what is wrong.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox

from fmstudio.schema.setting import Setting
from fmstudio.session.draft_words import option_text, plain, text_of, value_text
from fmstudio.session.recipe import DeviceOption, device_options
from fmstudio.ui.recipe.editor import Editor as Editor
from fmstudio.ui.recipe.fields import EditableListField, LineField, ListField, SwitchField
from fmstudio.ui.recipe.list_editors import LayersEditor as LayersEditor
from fmstudio.ui.recipe.list_editors import SamplesEditor
from fmstudio.ui.recipe.setting_text import explained, read_text
from fmstudio.ui.steps import stepped
from fmstudio.words import tr

BATCH_SIZES = (1, 16, 32, 64, 128, 256, 512, 1024)
"""Offered in the list of a batch size; any other number can be typed."""


class LineEditor(Editor):
    """Numbers, lists of numbers, and texts."""

    field: LineField

    def __init__(self, setting: Setting, path: str) -> None:
        field = LineField(path)
        super().__init__(path, tr(setting.title), setting.default, field, tr(setting.unit), tr(setting.zero))
        self._setting = setting
        if setting.optional:
            self.field.setPlaceholderText(tr("automatic"))
        self.field.textChanged.connect(self._typed)
        self.field.editingFinished.connect(self._tidy)
        self.field.stepped.connect(self._step)

    @property
    def varies(self) -> bool:
        """Not of a plain text."""
        return self._setting.kind != "text"

    def value(self) -> object:
        """What stands there: a JSON value, or the text itself where it cannot be read."""
        text = self.field.text().strip()
        if not text and self._setting.optional:
            return None
        return read_text(self._setting.kind, text)

    def show_value(self, value: object) -> None:
        """Show it, unless what stands there already says the same."""
        self.say_zero(value)
        if self.value() == plain(value):
            return
        with QSignalBlocker(self.field):
            self.field.setText(text_of(value))

    def _typed(self) -> None:
        self.say_zero(self.value())
        self.value_changed.emit(self.value())

    def _tidy(self) -> None:
        value = self.value()
        if not isinstance(value, str) and value not in (math.inf, -math.inf):
            with QSignalBlocker(self.field):
                self.field.setText(text_of(value))
        self.settled.emit()

    def _step(self, direction: int) -> None:
        value = self.value()
        if isinstance(value, int | float):
            self.field.setText(text_of(stepped(self._setting, value, direction)))
            self.field.selectAll()


class AllEditor(Editor):
    """A whole number, or "all"."""

    field: EditableListField

    def __init__(self, setting: Setting, path: str) -> None:
        super().__init__(path, tr(setting.title), setting.default, EditableListField(path), tr(setting.unit))
        self._setting = setting
        for size in BATCH_SIZES:
            self.field.addItem(str(size), size)
        self.field.addItem(tr("all"), "all")
        line = self.field.line
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        line.editingFinished.connect(self.settled)
        self.field.currentTextChanged.connect(lambda: self.value_changed.emit(self.value()))
        self.field.activated.connect(self.settled)
        self.field.stepped.connect(self._step)

    def value(self) -> object:
        """What stands there: a number, "all", or the text itself where it cannot be read."""
        text = self.field.currentText().strip()
        return "all" if text.lower() in ("all", tr("all")) else read_text("int", text)

    def show_value(self, value: object) -> None:
        """Show it, unless what stands there already says the same."""
        if self.value() == value:
            return
        with QSignalBlocker(self.field):
            self.field.setEditText(value_text(value))

    def _step(self, direction: int) -> None:
        value = self.value()
        if isinstance(value, int):
            self.field.setEditText(text_of(stepped(self._setting, value, direction)))


class OptionEditor(Editor):
    """One of some values."""

    field: ListField

    def __init__(self, path: str, title: str, default: object, options: Sequence[tuple[str, object]]) -> None:
        super().__init__(path, title, default, ListField(path))
        self._show_options(options)
        self.field.currentIndexChanged.connect(self._chosen)

    @property
    def varies(self) -> bool:
        """Where there is more than one option."""
        return self.field.count() > 1

    def show_value(self, value: object) -> None:
        """Show it; one that is not among the options stands there as it is."""
        with QSignalBlocker(self.field):
            place = _find(self.field, value)
            if place < 0:
                self.field.addItem(str(value), value)
                place = self.field.count() - 1
            self.field.setCurrentIndex(place)

    def _show_options(self, options: Sequence[tuple[str, object]]) -> None:
        for text, value in options:
            self.field.addItem(text, value)

    def _default_text(self) -> str:
        return self.field.itemText(max(0, _find(self.field, self._default)))

    def _chosen(self) -> None:
        self.choose(self.field.currentData())


class SwitchEditor(Editor):
    """On or off."""

    field: SwitchField

    def __init__(self, setting: Setting, path: str) -> None:
        super().__init__(path, tr(setting.title), setting.default, SwitchField(path))
        self.field.toggled.connect(self.choose)

    def show_value(self, value: object) -> None:
        """Show it; anything but true is off."""
        with QSignalBlocker(self.field):
            self.field.setChecked(value is True)


class DeviceEditor(OptionEditor):
    """One of the devices that exist."""

    def __init__(self, setting: Setting, path: str) -> None:
        super().__init__(path, tr(setting.title), setting.default, [])
        self._devices: tuple[DeviceOption, ...] = ()
        self.show_devices(device_options())

    def show_devices(self, options: Sequence[DeviceOption]) -> None:
        """Offer other devices; the chosen one stays."""
        if tuple(options) == self._devices:
            return
        chosen, self._devices = self.field.currentData(), tuple(options)
        with QSignalBlocker(self.field):
            self.field.clear()
            self._show_options([(tr(option.label), option.id) for option in options])
        if chosen is not None:
            self.show_value(chosen)


def editor_for(setting: Setting, path: str) -> Editor:
    """The right editor for a setting, with its tooltip."""
    made = _make(setting, path)
    made.explain(explained(setting))
    made.show_value(setting.default)
    return made


def _make(setting: Setting, path: str) -> Editor:
    if setting.kind == "device":
        return DeviceEditor(setting, path)
    if setting.kind == "int-or-all":
        return AllEditor(setting, path)
    if setting.kind == "layers":
        return LayersEditor(setting, path)
    if setting.kind == "samples":
        return SamplesEditor(setting, path)
    if setting.kind == "bool" and not setting.optional:
        return SwitchEditor(setting, path)
    if setting.kind not in ("bool", "option"):
        return LineEditor(setting, path)
    options: list[tuple[str, object]] = [(option_text(option), option) for option in setting.options]
    if setting.kind == "bool":
        options = [(tr("on"), True), (tr("off"), False)]
    if setting.optional:
        options.insert(0, (tr("automatic"), None))
    return OptionEditor(path, tr(setting.title), setting.default, options)


def _find(field: QComboBox, value: object) -> int:
    """Where a value stands in a list; compared in Python, since Qt takes 1 for true."""
    places = (place for place in range(field.count()) if field.itemData(place) == value)
    return next((place for place in places if isinstance(field.itemData(place), bool) == isinstance(value, bool)), -1)
