"""Where one says which values a setting shall take: a list or a range of numbers, tick boxes, or a number of seeds."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.experiment.sweep import SEED, seeds_from
from fmstudio.experiment.vary import Vary, by_factors, is_number, listed, spread, suggested_values
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.schema.setting import Setting
from fmstudio.session.draft_words import text_of, value_text
from fmstudio.ui.recipe.fields import LineField
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import tr

Offer = tuple[str, object]
"""What stands beside a tick box, and the JSON value that it means."""
_COUNT_WIDTH = 56
_MOST_SEEDS = 1000
_FEW_TICKS = 3
"""So many boxes are all ticked at first."""
_COLUMNS = 2
_SAID = 12
"""Values of a range that are written below it."""


class ValuesInput(QWidget):
    """Says which values a setting shall take."""

    changed = Signal()
    """It says something else."""

    def vary(self) -> Vary:
        """The setting with its values.

        Raises:
            InvalidSpecError: Where they cannot be read.
        """
        raise NotImplementedError


class NumbersInput(ValuesInput):
    """A list of values, or of one number a range.

    Args:
        setting: What it is about; ``path`` is its path.
        path: See ``setting``.
        value: What stands in the recipe: the first suggestion is about it.
    """

    def __init__(self, setting: Setting, path: str, value: object) -> None:
        super().__init__()
        self._setting, self._path = setting, path
        self.tabs = TabRow({"list": tr("List"), "range": tr("Range")})
        self.tabs.setVisible(is_number(setting))
        self.list_field = LineField(f"severalList:{path}")
        self.list_field.setAccessibleName(tr("Values, with commas between them"))
        self.low, self.high, self.count = (LineField(f"several{name}:{path}") for name in ("Low", "High", "Count"))
        self.factors = QCheckBox(tr("by factors"))
        self.factors.setToolTip(tr("Each step is so many times the one before: 0.001, 0.01, 0.1"))
        self.factors.setChecked(by_factors(setting))
        self._said = label("", "small")
        self._said.setWordWrap(True)
        self._suggest(value)
        self._lay_out()
        for field in (self.list_field, self.low, self.high, self.count):
            field.textChanged.connect(self._change)
        self.factors.toggled.connect(self._change)
        self.tabs.chosen.connect(self._turn)
        self._change()

    def vary(self) -> Vary:
        """The values that are listed, or those of the range."""
        if self.tabs.key == "list":
            return listed(self._setting, self._path, self._understood(self.list_field.text()))
        low, high, count = (_number(field.text()) for field in (self.low, self.high, self.count))
        if low is None or high is None:
            raise InvalidSpecError([Problem(self._path, tr("a range goes from one number to another: 0.001 to 0.1"))])
        if count is None or count < 1 or count != int(count):
            raise InvalidSpecError([Problem(self._path, tr("say how many values it shall have: 5"))])
        return spread(self._setting, self._path, low, high, int(count), log=self.factors.isChecked())

    def _understood(self, text: str) -> str:
        """What is listed, its words as a spec has them."""
        if self._setting.optional:
            text = text.replace(tr("automatic"), "null")
        return text.replace(tr("all"), "all") if self._setting.kind == "int-or-all" else text

    def _suggest(self, value: object) -> None:
        values = suggested_values(self._setting, value)
        self.list_field.setText(", ".join(_written(one) for one in values))
        self.count.setText("5")
        if is_number(self._setting):
            self.low.setText(text_of(values[0]))
            self.high.setText(text_of(values[-1]))

    def _turn(self, key: str) -> None:
        self._stack.setCurrentIndex(1 if key == "range" else 0)
        self._change()

    def _change(self) -> None:
        """Say which values the range has; the list says itself."""
        try:
            values = self.vary().values if self.tabs.key == "range" else ()
        except InvalidSpecError:
            values = ()
        self._said.setText(", ".join(text_of(one) for one in values[:_SAID]) + (" …" if len(values) > _SAID else ""))
        self._said.setVisible(bool(values))
        self.changed.emit()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        for part in (self._list_part(), self._range_part()):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._stack)
        column.addWidget(self._said)

    def _list_part(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.list_field)
        return made

    def _range_part(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.count.setFixedWidth(_COUNT_WIDTH)
        names = (tr("Lowest"), tr("Highest"), tr("How many"))
        for field, name in zip((self.low, self.high, self.count), names, strict=True):
            field.setAccessibleName(name)
            field.setToolTip(name)
        row.addWidget(self.low, 1)
        row.addWidget(label(tr("to"), "secondary"))
        row.addWidget(self.high, 1)
        row.addSpacing(6)
        row.addWidget(self.count)
        row.addWidget(label(tr("values"), "secondary"))
        row.addWidget(self.factors)
        return made


class TicksInput(ValuesInput):
    """Tick boxes: kinds, options, on and off, devices.

    Args:
        path: Of the setting.
        offers: What can be ticked.
        value: What stands in the recipe; it is ticked.
    """

    def __init__(self, path: str, offers: Sequence[Offer], value: object) -> None:
        super().__init__()
        self._path = path
        self.boxes: dict[str, QCheckBox] = {}
        self._values: list[object] = [one for _, one in offers]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        rows = -(-len(offers) // _COLUMNS)
        for place, (text, one) in enumerate(offers):
            box = QCheckBox(text)
            box.setObjectName(f"several:{path}:{one}")
            box.setChecked(len(offers) <= _FEW_TICKS or one == value)
            box.toggled.connect(self.changed)
            self.boxes[text] = box
            grid.addWidget(box, place % rows, place // rows)
        if len(offers) > _FEW_TICKS:
            grid.addLayout(self._all_or_none(), rows, 0, 1, _COLUMNS)

    def vary(self) -> Vary:
        """What is ticked."""
        ticked = [value for value, box in zip(self._values, self.boxes.values(), strict=True) if box.isChecked()]
        if not ticked:
            raise InvalidSpecError([Problem(self._path, tr("tick at least one"))])
        return Vary(self._path, tuple(ticked))

    def _all_or_none(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for text, ticked in ((tr("All"), True), (tr("None"), False)):
            link = button(text, "link")
            link.clicked.connect(lambda _=False, ticked=ticked: self._tick_all(ticked))
            row.addWidget(link)
        row.addStretch(1)
        return row

    def _tick_all(self, ticked: bool) -> None:
        for box in self.boxes.values():
            with QSignalBlocker(box):
                box.setChecked(ticked)
        self.changed.emit()


class SeedsInput(ValuesInput):
    """How many seeds; the first is that of the recipe.

    Args:
        first: The first seed.
    """

    def __init__(self, first: object) -> None:
        super().__init__()
        self._first = first if isinstance(first, int) and first >= 0 else 0
        self.count = LineField("severalSeeds")
        self.count.setText("5")
        self.count.setFixedWidth(_COUNT_WIDTH)
        self.count.setAccessibleName(tr("How many seeds"))
        self.count.textChanged.connect(self.changed)
        self.count.stepped.connect(self._step)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.count)
        row.addWidget(label(tr("seeds, from {first} on", first=value_text(self._first)), "secondary"))
        row.addStretch(1)

    def vary(self) -> Vary:
        """So many seeds."""
        count = _number(self.count.text())
        if count is None or count != int(count) or not 1 <= count <= _MOST_SEEDS:
            message = tr("must be a whole number from 1 to {most}", most=f"{_MOST_SEEDS:,}")
            raise InvalidSpecError([Problem(SEED, message)])
        return Vary(SEED, seeds_from(self._first, int(count)))

    def _step(self, direction: int) -> None:
        count = _number(self.count.text()) or 1
        self.count.setText(str(max(1, min(_MOST_SEEDS, int(count) + direction))))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _written(value: object) -> str:
    """A value as it stands in a list: lists within it have brackets."""
    if value is None:
        return tr("automatic")
    return f"[{text_of(value)}]" if isinstance(value, list | tuple) else value_text(value)
