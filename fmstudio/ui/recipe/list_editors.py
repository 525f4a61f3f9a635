"""Editors of settings that are lists too long for a field: they say how many there are."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from fmstudio.schema.setting import Setting
from fmstudio.session.draft_words import layers_text, samples_text, value_text
from fmstudio.ui.recipe.editor import Editor
from fmstudio.ui.widgets import ElidedLabel, button
from fmstudio.words import tr


class _CountEditor(Editor):
    """A list that is too long for a field: how many there are, and a word to press."""

    def __init__(self, setting: Setting, path: str, word: str, tip: str = "") -> None:
        link = button(word, "link", path)
        link.setToolTip(tip)
        super().__init__(path, tr(setting.title), setting.default, link)
        self._count = ElidedLabel()
        self._count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(0, self._count)
        row.setStretchFactor(link, 0)
        row.setStretchFactor(self._count, 1)
        link.clicked.connect(self._press)

    @property
    def varies(self) -> bool:
        """There are no others to try."""
        return False

    def _press(self) -> None:
        raise NotImplementedError


class LayersEditor(_CountEditor):
    """The user's own list of layers; a whole page is needed to edit them."""

    page_asked = Signal()
    """The user wants to edit them."""

    def __init__(self, setting: Setting, path: str) -> None:
        super().__init__(setting, path, tr("Edit on the Network page"))

    def show_value(self, value: object) -> None:
        """Say how many there are."""
        self._count.setText(layers_text(len(value)) if isinstance(value, list | tuple) else value_text(value))

    def _press(self) -> None:
        self.page_asked.emit()


class SamplesEditor(_CountEditor):
    """A list of pictures, which are chosen where their labels are checked: a click takes all of them back."""

    def __init__(self, setting: Setting, path: str) -> None:
        super().__init__(setting, path, tr("Reset"), tr("Take them back"))

    def show_value(self, value: object) -> None:
        """Say how many there are."""
        self._count.setText(samples_text(len(value)) if isinstance(value, list | tuple) else value_text(value))
        self.field.setEnabled(value not in ([], ()))

    def _press(self) -> None:
        self.reset()
