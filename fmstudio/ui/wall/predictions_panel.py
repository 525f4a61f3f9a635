"""The wall of pictures on the page Results: what each really is over what it was taken for."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.library import PictureSet
from fmstudio.errors import UserError
from fmstudio.session.named_selections import NamedSelection, NamedSelections
from fmstudio.session.picture_list import Picture, PictureListModel, Roles
from fmstudio.session.selection import Picked, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import Ints, Predictions
from fmstudio.ui.looking import can_step_back
from fmstudio.ui.pictures.picture_delegate import SMALL
from fmstudio.ui.pictures.picture_view import PictureView
from fmstudio.ui.wall.selection_bar import SelectionBar
from fmstudio.ui.wall.selection_menu import everything
from fmstudio.ui.wall.selection_words import Shown
from fmstudio.ui.wall.wall_foot import WallFoot
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr, tr_n

_NO_ROWS = np.empty(0, np.int64)


class PredictionsPanel(QWidget):
    """Shows the pictures of a selection, with the sentence that says which they are.

    Attributes:
        selection_changed: The user wants to see other pictures: a ``Selection``.
        opened: The user opened the picture in a row.
        moved: The picture in a row became the current one.
        back_asked: The user wants to see the pictures before; ``forward_asked``: those after.
        game_asked: The user wants to guess against the network; ``try_asked``: has a picture of their own.
        export_asked: A folder (``Path``) and the ``PictureRows`` that shall be written there.
        size_chosen: Pictures have another edge now, in pixels: to be remembered.
        failed: A ``UserError``.
        view: The wall.
    """

    selection_changed = Signal(object)
    opened = Signal(int)
    moved = Signal(int)
    back_asked = Signal()
    forward_asked = Signal()
    game_asked = Signal()
    try_asked = Signal()
    export_asked = Signal(object, object)
    size_chosen = Signal(int)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictionsPanel")
        self._selection = Selection()
        self._sight: Sight | None = None
        self._known_rows: tuple[PictureSet | None, Predictions | None, Selection, Ints] = (
            None, None, Selection(), _NO_ROWS,
        )  # fmt: skip
        self._names: tuple[str, ...] = ()
        self._lines, self._edge = 2, SMALL
        self._model = PictureListModel(self)
        self._bar, self._foot = SelectionBar(), WallFoot()
        self.view = PictureView(self._model, several=True)
        self.view.setObjectName("predictionsView")
        self.view.setAccessibleName(tr("Pictures"))
        self._nothing = label(role="secondary")
        self._build()
        self._connect()

    def show_sight(self, sight: Sight) -> None:
        """Show the pictures of a sight; the same ones keep their places, and the current one stays current."""
        pictures = sight.pictures
        if sight is self._sight or pictures is None:
            return
        self._sight, selection = sight, sight.selection
        rows = self._rows_of(sight, pictures)
        fresh = selection != self._selection
        sample, picked = (None, _NO_ROWS) if fresh else self._kept()
        self._selection, self._names = selection, sight.short_classes
        self._lines = 2 if selection.watched or sight.wall is None else 3
        self.view.clearable = can_step_back(selection)
        self._style()
        self._model.show(pictures, sight.classes, sight.wall, rows)
        self._show_groups(sight)
        if fresh:
            self.view.begin()
        else:
            self._keep(sample, picked)
        self._bar.show_selection(_shown(sight, rows))
        self._nothing.setText(_nothing(selection, sight.short_classes))
        self._stack.setCurrentIndex(0 if len(rows) else 1)

    def show_travel(self, can_back: bool, can_forward: bool) -> None:
        """Show whether there are pictures to go back to, and forward."""
        self._bar.show_travel(can_back, can_forward)

    def show_size(self, edge: int) -> None:
        """Show the pictures in another size: their edge in pixels."""
        self._foot.show_size(edge)
        self._edge = edge
        self._style()

    def picture(self, row: int) -> Picture:
        """All that is known of the picture in a row."""
        return self._model.picture(row)

    @property
    def count(self) -> int:
        """How many pictures are shown."""
        return self._model.rowCount()

    @property
    def current_row(self) -> int:
        """The row of the current picture, -1 where there is none."""
        return self.view.currentIndex().row()

    def go(self, row: int) -> None:
        """Make the picture in a row the current one; a row that is not there changes nothing."""
        self.view.go(row)

    def _build(self) -> None:
        empty = QWidget()
        column = QVBoxLayout(empty)
        instead = button(tr("Show all"), "link", "showAllInstead")
        instead.clicked.connect(lambda: self.selection_changed.emit(everything(self._selection)))
        column.addStretch(1)
        column.addWidget(self._nothing, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(instead, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.view)
        self._stack.addWidget(empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self._bar)
        whole.addLayout(self._stack, 1)
        whole.addSpacing(4)
        whole.addWidget(self._foot)

    def _connect(self) -> None:
        self._bar.selection_changed.connect(self.selection_changed)
        self._bar.back_asked.connect(self.back_asked)
        self._bar.forward_asked.connect(self.forward_asked)
        self._bar.picks_asked.connect(self._show_picked)
        self._bar.name_asked.connect(self._ask_name)
        self._bar.export_asked.connect(self._ask_folder)
        self._bar.failed.connect(self.failed)
        self._foot.game_asked.connect(self.game_asked)
        self._foot.try_asked.connect(self.try_asked)
        self._foot.picks_asked.connect(self._show_picked)
        self._foot.size_chosen.connect(self._resize_pictures)
        self.view.opened.connect(self.opened)
        self.view.moved.connect(self.moved)
        self.view.escaped.connect(self._leave)
        self.view.picks_changed.connect(self._bar.show_picks)
        self.view.picks_changed.connect(self._foot.show_picks)

    def _rows_of(self, sight: Sight, pictures: PictureSet) -> Ints:
        """Which rows are shown; found again only for other answers or another selection."""
        known = self._known_rows
        if known[0] is not pictures or known[1] is not sight.wall or known[2] != sight.selection:
            self._known_rows = (pictures, sight.wall, sight.selection, _rows(sight, pictures))
        return self._known_rows[3]

    def _kept(self) -> tuple[int | None, Ints]:
        """The sample that is current, and those that are picked."""
        current = self.view.currentIndex()
        sample = int(current.data(Roles.SAMPLE)) if current.isValid() else None
        return sample, self._model.samples_of(self.view.picked_rows())

    def _keep(self, sample: int | None, picked: Ints) -> None:
        """Find them again, if the wall was filled anew."""
        if sample is not None and not self.view.currentIndex().isValid():
            self.view.keep(self._model.find(sample))
        if len(picked) and not len(self.view.picked_rows()):
            self.view.pick(self._model.rows_of(picked))

    def _show_groups(self, sight: Sight) -> None:
        groups = self._model.groups() if sight.selection.grouped else ()
        titles = tuple(f"{tr(sight.classes[number])} · {count:,}" for _, number, count in groups)
        self.view.show_groups(tuple(start for start, _, _ in groups), titles)

    def _resize_pictures(self, edge: int) -> None:
        self.show_size(edge)
        self.size_chosen.emit(edge)

    def _style(self) -> None:
        self.view.style_pictures(self._names, lines=self._lines, edge=self._edge)

    def _leave(self) -> None:
        """Esc: one step back."""
        before = self._selection.stepped_back()
        if before != self._selection:
            self.selection_changed.emit(before)

    def _show_picked(self) -> None:
        samples = self._model.samples_of(self.view.picked_rows())
        if len(samples):
            name = tr_n("{count:,} picked", "{count:,} picked", len(samples))
            self.selection_changed.emit(self._selection.at(Picked(name, samples)))

    def _ask_name(self) -> None:
        """Ask under which name this selection shall be kept."""
        dialog = QInputDialog(self)
        dialog.setObjectName("selectionName")
        dialog.setWindowTitle(tr("Give this selection a name"))
        dialog.setLabelText(tr("Name"))
        dialog.setOkButtonText(tr("Keep it"))
        dialog.setCancelButtonText(tr("Cancel"))
        dialog.textValueSelected.connect(self._save_named)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_named(self, name: str) -> None:
        data = self._sight.data if self._sight else None
        try:
            NamedSelections().add(NamedSelection(name.strip(), data.kind if data else "", self._selection))
        except UserError as error:
            self.failed.emit(error)

    def _ask_folder(self) -> None:
        """Ask into which new folder the pictures shall be written."""
        dialog = QFileDialog(self, tr("Export these pictures to a new folder"))
        dialog.setObjectName("exportFolder")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setLabelText(QFileDialog.DialogLabel.FileName, tr("Name of the folder"))
        dialog.selectFile(tr("pictures"))
        dialog.fileSelected.connect(self._export)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _export(self, folder: str) -> None:
        shown = self._model.to_write(self._selection.split)
        if shown is not None:
            self.export_asked.emit(Path(folder), shown)


def _rows(sight: Sight, pictures: PictureSet) -> Ints:
    """Which rows are shown, in order; before there are answers only the true class can be asked for."""
    selection = sight.selection
    if sight.wall is not None:
        by_history = selection.order in ("learned", "forgotten")
        return selection.rows(sight.wall, sight.history if by_history else None)
    wanted = selection.find(TrueIs)
    rows = np.arange(len(pictures), dtype=np.int64)
    if wanted is not None:
        rows = np.flatnonzero(pictures.labels == wanted)
    return rows[np.argsort(pictures.labels[rows], kind="stable")] if selection.grouped else rows


def _shown(sight: Sight, rows: Ints) -> Shown:
    """What the sentence says of a sight."""
    right = None if sight.wall is None else int(sight.wall.right[rows].sum())
    recalled = sight.selection.split == "test" and bool(sight.run.epochs)
    kind = sight.data.kind if sight.data else ""
    return Shown(sight.selection, sight.short_classes, len(rows), right, sight.note, recalled, kind)


def _nothing(selection: Selection, names: tuple[str, ...]) -> str:
    """What is said where no picture fits."""
    true, predicted = selection.find(TrueIs), selection.find(PredictedIs)
    if len(selection.conditions) == 1 and predicted is not None:
        return tr("No picture was taken for {predicted} here.", predicted=tr(names[predicted]))
    if len(selection.conditions) == 2 and true is not None and predicted is not None:
        values = {"true": tr(names[true]), "predicted": tr(names[predicted])}
        return tr("No {true} was taken for {predicted} here.", **values)
    return tr("No picture is like that here.")
