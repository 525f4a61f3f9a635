"""How long will it take? For the drawer: a row for each device, what it means, and what would pay."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.insight.outlook_words import largest, memory, offers, sentences, span
from fmstudio.session.finder_task import FinderTask
from fmstudio.training.outlook import DeviceOutlook, Preflight, PreflightStep
from fmstudio.ui.before.rows import clear, wrapped
from fmstudio.ui.before.speed_bars import SpeedBars
from fmstudio.ui.before.task_page import TaskPage
from fmstudio.ui.widgets import ElidedLabel, button, label
from fmstudio.words import tr

_PARTS = 1000


class PreflightPage(TaskPage):
    """Measures what a run would be like.

    Signals:
        changes_asked(object): Pairs of path and value, for the recipe.

    Args:
        task: Of the question ``PREFLIGHT``; the page's own from now on.
    """

    changes_asked = Signal(object)

    def __init__(self, task: FinderTask) -> None:
        super().__init__(task, "preflight", wrapped("preflightState", "small"), tr("It was given up."))
        self._found: Preflight | None = None
        self._sentence, self._more = wrapped("preflightSentence", "title"), wrapped("preflightMore", "")
        self._table, self._bars = QWidget(), SpeedBars()
        self._speed_head = label(tr("Samples a second, by batch size"), "head")
        self._progress = QProgressBar()
        self._offers = QHBoxLayout()
        self._build()
        self._refresh()

    def _forget(self) -> None:
        self._found = None
        self._progress.setValue(0)

    def _advance(self, step: PreflightStep) -> None:
        known = self._found is not None and len(self._found.devices) == len(step.so_far.devices)
        self._found = step.so_far
        self._progress.setValue(round(_PARTS * step.share))
        self._state.setText(tr("{device}: batches of {batch}", device=step.device, batch=f"{step.batch:,}"))
        if not known:
            self._refresh()
        self._show_speeds()

    def _end(self, found: Preflight) -> None:
        self._found = found
        self._conclude("" if found.complete else self._given_up)

    def _refresh(self) -> None:
        """Show all that is known now."""
        found, busy = self._found, self._task.busy
        first, *rest = self._said()
        self._sentence.setText(first)
        self._more.setText(" ".join(rest))
        self._more.setVisible(bool(rest))
        self._progress.setVisible(busy)
        self._cancel.setVisible(busy)
        self._again.setVisible(not busy)
        self._again.setEnabled(self._spec is not None)
        self._again.setText(tr("Again") if found is not None else tr("Measure"))
        if not busy:
            changed = found is not None and self._tried != self._spec
            self._state.setText(tr("The recipe has been changed since.") if changed else _how(found))
        self._state.setVisible(bool(self._state.text()))
        self._table.setVisible(found is not None and bool(found.devices))
        self._show_table()
        self._show_speeds()
        self._show_offers()

    def _said(self) -> list[str]:
        if self._spec is None:
            return [tr("Mend the recipe first: it has a problem.")]
        if self._outcome:
            return [self._outcome]
        if self._found is not None and self._found.complete:
            return list(sentences(self._found)) or [tr("Nothing could be measured.")]
        if self._task.busy:
            return [tr("Some batches are really trained, on every device, on a network that is thrown away.")]
        return [tr("It trains 20 batches on every device and says how long the whole run will take.")]

    def _show_table(self) -> None:
        grid = self._table.layout()
        if not isinstance(grid, QGridLayout):
            return
        clear(grid)
        heads = ("", tr("An epoch"), tr("Whole run"), tr("Memory"), tr("Largest batch"))
        for column, text in enumerate(heads):
            grid.addWidget(_cell(text, "small", column), 0, column)
        for row, one in enumerate(self._found.devices if self._found is not None else (), 1):
            for column, text in enumerate(self._cells(one)):
                made = _cell(text, "title" if column == 0 else "", column)
                made.setObjectName(f"device.{one.device}.{column}")
                grid.addWidget(made, row, column)

    def _cells(self, one: DeviceOutlook) -> tuple[str, ...]:
        if one.trouble or not one.batches:
            return (one.title, "–", "–", "–", "–")
        samples = self._found.samples if self._found is not None else 0
        known = bool(one.largest)
        return (
            one.title,
            span(one.epoch_seconds),
            span(one.run_seconds),
            memory(one),
            largest(one, samples) if known else "…" if self._task.busy else "–",
        )

    def _show_speeds(self) -> None:
        found = self._found
        shown = [one for one in found.devices if one.speeds] if found is not None else []
        own = next(
            (one for one in shown if found is not None and one.device == found.chosen), shown[-1] if shown else None
        )
        self._bars.setVisible(own is not None)
        self._speed_head.setVisible(own is not None)
        if own is not None and found is not None:
            self._speed_head.setText(tr("Samples a second, by batch size: {device}", device=own.title))
            self._bars.show_speeds(own.speeds, found.batch)

    def _show_offers(self) -> None:
        clear(self._offers)
        self._offers.addStretch(1)
        if self._found is None or self._task.busy or self._tried != self._spec:
            return
        for offer in offers(self._found):
            made = button(offer.label, "", f"offer.{offer.changes[0][0]}")
            made.clicked.connect(lambda _=False, changes=offer.changes: self.changes_asked.emit(changes))
            self._offers.addWidget(made)

    def _build(self) -> None:
        self._table.setObjectName("deviceTable")
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for place in range(5):
            grid.setColumnStretch(place, 1 if place else 2)
        self._progress.setObjectName("preflightProgress")
        self._progress.setRange(0, _PARTS)
        self._progress.setTextVisible(False)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        foot.addWidget(self._again)
        foot.addWidget(self._cancel)
        foot.addStretch(1)
        foot.addLayout(self._offers)
        parts = (self._sentence, self._more, self._progress, self._table, self._speed_head, self._bars, self._state)
        for part in parts:
            column.addWidget(part)
        column.addLayout(foot)
        column.addStretch(1)


def _how(found: Preflight | None) -> str:
    """What the figures rest on."""
    own = found.own if found is not None else None
    if own is None or found is None:
        return ""
    words = tr(
        "Median of {count} batches of {batch}; an epoch with its evaluation and saving.",
        count=own.batches,
        batch=f"{found.batch:,}",
    )
    return words if own.measured else words + " " + tr("The memory is an estimate.")


def _cell(text: str, role: str, column: int) -> QLabel:
    if not column:
        name = ElidedLabel(text, role)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return name
    made = label(text, role)
    made.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    return made
