"""The map: what the network has made of every picture just before its last layer, in the plane."""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.session.conditions import Condition, Picked
from fmstudio.session.examiner import Examiner
from fmstudio.session.map_points import Layout, MapPoints, Way
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import Ints
from fmstudio.ui.looking import Verb, can_step_back, looked
from fmstudio.ui.map.card import Glance
from fmstudio.ui.map.colours import Colouring, dress, rows_of
from fmstudio.ui.map.foot import MapFoot
from fmstudio.ui.map.key import MapKey
from fmstudio.ui.map.view import MapView
from fmstudio.ui.map.words import glance, sentence, stale_sentence
from fmstudio.ui.widgets import TabRow
from fmstudio.words import tr, tr_n

_SHORT = 190
"""Where it is less high than this, the map has the room of its key."""


class MapPanel(QWidget):
    """Each picture a point; near ones look alike to the network.

    Attributes:
        selection_changed: The user looks at other pictures: the new ``Selection``.
        opened_sample: A picture was clicked: its index in the split.
        colours: What the colours say: ``"true"``, ``"predicted"``, ``"right"`` or ``"loss"``.
        ways: ``"pca"`` or ``"tsne"``.

    Args:
        examiner: Asks the network that is looked at.
    """

    selection_changed = Signal(object)
    opened_sample = Signal(int)

    def __init__(self, examiner: Examiner) -> None:
        super().__init__()
        self.setObjectName("mapPanel")
        self._sight: Sight | None = None
        self._layout: Layout | None = None
        self._known: object = None
        self._rows: Ints = np.empty(0, np.int64)
        self._worn: tuple[object, ...] = ()
        self._alone = False
        self._points = MapPoints(examiner, self)
        self.colours = _switch(
            {"true": tr("True"), "predicted": tr("Predicted"), "right": tr("Right"), "loss": tr("Loss")}
        )
        self.ways = _switch({"pca": "PCA", "tsne": "t-SNE"})
        self.view, self.key, self.foot = MapView(self._glance), MapKey(), MapFoot()
        self._explain()
        self._lay_out()
        self._connect()

    def show_sight(self, sight: Sight) -> None:
        """Show what is looked at strong over the rest, of the network that is looked at."""
        if sight is self._sight:
            return
        before, self._sight = self._sight, sight
        if before is None or before.selection.only != sight.selection.only or before.run is not sight.run:
            self._alone = False
        self._ask()
        self._draw()

    @property
    def figure(self) -> tuple[str, tuple[QWidget, ...]]:
        """What a saved figure says of it, and what it is made of; of nothing while there are no points."""
        if self._layout is None:
            return "", ()
        way = self.ways.buttons[self.ways.key].text()
        return f"{tr('Map of the pictures')} · {way}", (self.view, self.key)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what was not asked while nobody looked."""
        super().showEvent(event)
        self._points.wake()
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room it is the map's."""
        super().resizeEvent(event)
        self.key.setVisible(self.height() >= _SHORT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing while nobody looks."""
        super().hideEvent(event)
        self._points.sleep()

    # ── What is shown

    def _ask(self) -> None:
        sight = self._sight
        if sight is not None:
            counted = sight.counted if self._alone else None
            part = None if counted is None or counted is sight.answers else counted.samples
            self._points.show(sight.run, sight.selection.split, part)

    def _draw(self) -> None:
        """Show the newest points, colours and words."""
        if self._sight is None or not self.isVisible():
            return
        points, layout = self._points, self._points.layout
        if layout is not self._layout:
            self._take(layout, smooth=points.way == "pca")
        self.view.clearable = self.key.clearable = can_step_back(self._sight.selection)
        self._dress(self._sight)
        self._say(self._sight)
        self.ways.choose(points.way)
        self.foot.show_progress(points.share if points.way == "tsne" and points.computing else None)
        again = points.way == "tsne" and points.stale and not points.computing
        self.foot.offer(again=again, part=bool(self._sight.selection.only), alone=self._alone)

    def _take(self, layout: Layout | None, *, smooth: bool) -> None:
        before, self._layout = self._layout, layout
        if layout is None:
            self.view.show_points(np.empty((0, 2), np.float32), np.empty(0, np.int64))
            self._known, self._worn = None, ()
            return
        if before is None or before.samples is not layout.samples:
            self._known, self._worn = None, ()
        self.view.show_points(layout.points, layout.samples, smooth=smooth)

    def _dress(self, sight: Sight) -> None:
        """Colours and shapes, where any of what they depend on has changed."""
        layout, answers = self._layout, sight.answers
        if layout is None:
            self.key.show_entries(())
            return
        if self._known is None or self._known is not answers:
            self._known, self._rows = answers, rows_of(layout.samples, answers)
        worn = (layout.samples, answers, sight.counted, sight.strong, self.colours.key)
        if len(worn) == len(self._worn) and all(one is other for one, other in zip(worn, self._worn, strict=True)):
            return
        self._worn = worn
        colouring = cast(Colouring, self.colours.key)
        made = dress(colouring, layout.labels, answers, self._rows, sight.short_classes)
        self.view.show_dress(made, _strong(sight, layout.samples))
        self.key.show_entries(made.entries)

    def _say(self, sight: Sight) -> None:
        points = self._points
        problem = points.problem.message if points.problem else ""
        remedy = points.problem.hint if points.problem else ""
        self.view.say(problem or tr("computing …"))
        self.view.setAccessibleDescription("" if self._layout is None else self.foot.text)
        if self._layout is None:
            self.foot.show_text(remedy)
        elif problem:
            self.foot.show_text(f"{problem} {remedy}".strip())
        elif points.computing and points.way == "tsne":
            share = f"{100 * points.share:.0f}"
            self.foot.show_text(tr("t-SNE of {count} pictures: {share} %", count=self._count(), share=share))
        elif points.stale:
            self.foot.show_text(stale_sentence(self._layout, sight.selection.split))
        else:
            hint = "" if sight.selection.conditions else tr("drag around points to look at them")
            if sight.answers is None and self.colours.key != "true":
                hint = tr("the answers are not known yet")
            self.foot.show_text(sentence(self._layout, sight.selection.split, sight.note, hint))

    def _count(self) -> str:
        return f"{len(self._layout.samples):,}" if self._layout and self._layout.way == "tsne" else "…"

    def _glance(self, row: int) -> Glance:
        layout, sight = self._layout, self._sight
        if layout is None or sight is None or row >= len(layout.samples):
            return Glance(None, "")
        known = sight.answers if self._known is sight.answers and len(self._rows) == len(layout.samples) else None
        at = int(self._rows[row]) if known is not None else -1
        return glance(sight, int(layout.samples[row]), int(layout.labels[row]), known, at)

    # ── What the user does

    def _pick(self, row: int, added: bool) -> None:
        """Look at one picture, and open it."""
        if self._layout is not None:
            sample = int(self._layout.samples[row])
            self._look_at(self._layout.samples[[row]], tr("picture {number}", number=sample), added)
            if not added:
                self.opened_sample.emit(sample)

    def _surround(self, rows: Ints, added: bool) -> None:
        if self._layout is not None:
            self._look_at(self._layout.samples[rows], tr("lasso"), added)

    def _toggle(self, row: int) -> None:
        """Take one picture in, or out again."""
        if self._layout is None or self._sight is None:
            return
        selection, sample = self._sight.selection, self._layout.samples[[row]]
        before = _only_picked(selection)
        picked = sample if before is None else np.setxor1d(before.samples, sample)
        name = tr_n("{count} picked", "{count} picked", len(picked))
        self._select(selection.at(Picked(name, picked)) if len(picked) else selection.at())

    def _look_at(self, samples: Ints, name: str, added: bool) -> None:
        if self._sight is None:
            return
        selection, samples = self._sight.selection, np.sort(samples)
        before = _only_picked(selection) if added else None
        if before is not None:
            joined = np.union1d(before.samples, samples)
            self._select(selection.at(Picked(tr_n("{count} picked", "{count} picked", len(joined)), joined)))
        else:
            self._select((selection.added if added else selection.at)(Picked(name, samples)))

    def _choose_entry(self, number: int, verb: Verb) -> None:
        """Look at what an entry of the key names, too, or count it alone."""
        entry = self.key.entries[number]
        if self._sight is not None and entry.condition is not None:
            self._select(looked(self._sight.selection, entry.condition, verb))

    def _count_alone(self, row: int) -> None:
        """Count nothing but one picture."""
        if self._layout is not None and self._sight is not None:
            sample = self._layout.samples[[row]]
            one = Picked(tr("picture {number}", number=int(sample[0])), sample)
            self._select(looked(self._sight.selection, one, Verb.ALONE))

    def _leave(self, by_key: bool) -> None:
        if self._sight is not None and (by_key or self._sight.selection.conditions):
            self._select(self._sight.selection.stepped_back())

    def _select(self, selection: Selection) -> None:
        self.selection_changed.emit(selection)

    def _show_alone(self, alone: bool) -> None:
        self._alone = alone
        self._ask()
        self._draw()

    # ── What it is made of

    def _explain(self) -> None:
        tips = {
            "true": tr("Coloured by what each picture really is"),
            "predicted": tr("Coloured by what each picture was taken for"),
            "right": tr("Right answers are dots, wrong ones crosses"),
            "loss": tr("The stronger the colour, the greater the loss"),
        }
        for key, tip in tips.items():
            self.colours.buttons[key].setToolTip(tip)
        self.ways.buttons["pca"].setToolTip(tr("The plane in which the pictures spread most: at once"))
        self.ways.buttons["tsne"].setToolTip(tr("Neighbours stay together: about ten seconds, for 3,000 pictures"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.colours)
        head.addStretch(1)
        head.addWidget(self.ways)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.key)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self._points.changed.connect(self._draw)
        self.colours.chosen.connect(lambda _: self._draw())
        self.ways.chosen.connect(lambda way: self._points.choose(cast(Way, way)))
        self.view.picked.connect(self._pick)
        self.view.surrounded.connect(self._surround)
        self.view.toggled.connect(self._toggle)
        self.view.alone.connect(self._count_alone)
        self.view.left.connect(self._leave)
        self.key.cleared.connect(lambda: self._leave(by_key=True))
        self.key.pointed.connect(self._point_out)
        self.key.chosen.connect(self._choose_entry)
        self.foot.cancelled.connect(self._points.cancel)
        self.foot.again.connect(lambda: self._points.choose("tsne"))
        self.foot.alone.connect(self._show_alone)

    def _point_out(self, number: int) -> None:
        has_groups = self.colours.key != "loss"
        self.view.point_out(number if has_groups else -1)


def _strong(sight: Sight, samples: Ints) -> NDArray[np.bool_] | None:
    """Which of some pictures are counted and looked at; None: all of them."""
    counted, strong = sight.counted, sight.strong
    if counted is None or (strong is None and counted is sight.answers):
        return None
    return np.isin(samples, counted.samples if strong is None else counted.samples[strong])


def _only_picked(selection: Selection) -> Picked | None:
    """The pictures that were picked one by one, where nothing else is looked at."""
    conditions: tuple[Condition, ...] = selection.conditions
    return conditions[0] if len(conditions) == 1 and isinstance(conditions[0], Picked) else None


def _switch(names: dict[str, str]) -> TabRow:
    """A row of small words of which one is chosen."""
    row = TabRow(names, role="quiet")
    row.setStyleSheet(
        "QPushButton { font-size: 12px; padding: 2px 4px; } QPushButton:checked { font-weight: 600; }"
        "QPushButton:focus { padding: 2px 4px; }"
    )
    return row
