"""The page Data: how many pictures or points of what there are, and all of them to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.catalog.datasets import Dataset, Linear, Pictures
from fmstudio.data.corrections import corrected, pictures_of
from fmstudio.data.library import ImageData
from fmstudio.errors import UserError
from fmstudio.experiment.spec import kind_of
from fmstudio.session.door import load
from fmstudio.session.label_check import LabelCheck, LabelSubject
from fmstudio.session.picture_list import PictureListModel
from fmstudio.training.events import Ints
from fmstudio.ui import theme
from fmstudio.ui.class_bars import ClassBars
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.pictures.picture_facts import Facts, value_range
from fmstudio.ui.pictures.picture_view import PictureView
from fmstudio.ui.points_page import PointsPage
from fmstudio.ui.widgets import MARGIN, Card, TabRow, button, label
from fmstudio.words import marked, tr, tr_n

if TYPE_CHECKING:
    from fmstudio.ui.labels.labels_page import LabelsPage

_GAP = 10
_LEFT = 330
_BUTTON_ROOM = 6
"""Above and below the word of a button."""
_SOURCES: Mapping[str, tuple[str, str]] = {"fashion-mnist": (marked("Zalando Research, 2017"), marked("MIT"))}
"""Where a set comes from, and its licence."""


class DataPage(QWidget):
    """Shows a data set: its figures, its classes, a wall of all its pictures, and one of them large; or its points.

    Attributes:
        points: What is shown of a data set of points.
        class_chosen: The user looks at the pictures of one class only: its number; -1: at all.
        check_asked: The user wants to check the labels: ``show_labels`` answers.
        changes_asked: What was decided about labels is to go into the recipe: pairs of path and value.
        failed: A ``UserError`` of the labels.
    """

    class_chosen = Signal(int)
    check_asked = Signal()
    changes_asked = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataPanel")
        self._data: ImageData | None = None
        self._whole: ImageData | None = None
        self._dataset: Dataset | None = None
        self._seed = 0
        self._rows: Ints = np.empty(0, np.int64)
        self._label = -1
        self._figures, self._bars = _FiguresCard(), ClassBars()
        self._model = PictureListModel(self)
        self._view = PictureView(self._model)
        self._view.setObjectName("samplesView")
        self._view.setAccessibleName(tr("Pictures"))
        self._splits = TabRow({"all": tr("All"), "train": tr("Training pictures"), "test": tr("Test pictures")})
        self._count = label(role="secondary")
        self._chip = button("", "chip", "classFilter")
        policy = self._chip.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._chip.setSizePolicy(policy)
        self._sample = _SampleCard()
        self.points = PointsPage()
        self.labels: LabelsPage | None = None
        self._build()
        self._connect()
        self.show_waiting()

    def show_waiting(self) -> None:
        """Say that the pictures are being read."""
        self._stack.setCurrentIndex(0)

    def show_data(self, data: ImageData) -> None:
        """Show a data set."""
        self._whole, self._label = data, -1
        self._take()
        if not self.checks_labels:
            self._stack.setCurrentIndex(1)

    def _take(self) -> None:
        """Show what the recipe takes of the set."""
        whole = self._whole
        if whole is None:
            return
        data = self._data = taken(whole, self._dataset, self._seed)
        self._figures.show_figures(data, whole)
        count = len(data.classes)
        train, test = (np.bincount(part.labels, minlength=count) for part in (data.train, data.test))
        self._bars.show_counts(data.classes, train, test)
        self._view.style_pictures(data.short_classes, lines=1)
        self._filter()

    def show_points(self, dataset: Linear) -> None:
        """Show a data set of points."""
        self.points.show_points(dataset)
        self._stack.setCurrentIndex(2)

    def show_labels(self, check: LabelCheck, subject: LabelSubject) -> None:
        """Check labels, in place of the pictures, until the user goes back.

        Args:
            check: Finds out what there is to look at.
            subject: Whose labels.
        """
        if self.labels is None:
            self.labels = load("fmstudio.ui.labels.labels_page.LabelsPage")(check)
            self.labels.back_asked.connect(self._leave_labels)
            self.labels.changes_asked.connect(self.changes_asked)
            self.labels.failed.connect(self.failed)
            self._stack.addWidget(self.labels)
        self.labels.show_subject(subject)
        self._stack.setCurrentWidget(self.labels)

    @property
    def checks_labels(self) -> bool:
        """Whether the labels are looked at now."""
        return self.labels is not None and self._stack.currentWidget() is self.labels

    def _leave_labels(self) -> None:
        self._stack.setCurrentIndex(0 if self._data is None else 1)
        self._view.setFocus()

    def show_pictures(self, dataset: Dataset | None = None, seed: int = 0) -> None:
        """Turn back to pictures: those that the recipe takes of the set that was shown last.

        Args:
            dataset: Of the recipe; None for all pictures.
            seed: Of the recipe: it decides which ones are taken.
        """
        if (dataset, seed) != (self._dataset, self._seed):
            self._dataset, self._seed = dataset, seed
            self._take()
        if not self.checks_labels:
            self._stack.setCurrentIndex(0 if self._data is None else 1)

    def _build(self) -> None:
        waiting, content = QWidget(), QWidget()
        words = QVBoxLayout(waiting)
        words.addWidget(label(tr("Reading the pictures …"), "secondary"), alignment=Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(waiting)
        self._stack.addWidget(content)
        self._stack.addWidget(self.points)
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(_GAP)
        columns.addWidget(self._left_column())
        columns.addLayout(self._right_column(), 1)

    def _left_column(self) -> QWidget:
        column = QWidget()
        column.setFixedWidth(_LEFT)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(_GAP)
        classes = Card()
        classes.body.setContentsMargins(MARGIN - ClassBars.INSET, MARGIN, MARGIN - ClassBars.INSET, MARGIN)
        title = label(tr("Pictures of each class"), "title")
        hint = label(tr("Click a class to see only its pictures"), "small")
        for part, stretch in ((title, 0), (self._bars, 1), (hint, 0)):
            classes.body.addWidget(part, stretch)
        for words in (title, hint):
            words.setIndent(ClassBars.INSET)
        rows.addWidget(self._figures)
        rows.addWidget(classes, 1)
        return column

    def _right_column(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(_GAP)
        wall = Card()
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self._splits, self._chip):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self._count)
        wall.body.addLayout(head)
        wall.body.addWidget(self._view, 1)
        rows.addWidget(wall, 1)
        rows.addWidget(self._sample)
        return rows

    def _connect(self) -> None:
        self._bars.chosen.connect(self._choose_class)
        self._figures.check.clicked.connect(self.check_asked)
        self._chip.setToolTip(tr("Take this condition away"))
        self._chip.clicked.connect(lambda: self._choose_class(-1))
        self._splits.chosen.connect(lambda _: self._filter())
        self._view.moved.connect(self._show_sample)
        self._view.escaped.connect(lambda: self._choose_class(-1))

    def _choose_class(self, label: int) -> None:
        if label == self._label:
            return
        self._label = label
        self._bars.choose(label)
        self._filter()
        self.class_chosen.emit(label)

    def _filter(self) -> None:
        """Show what the switch and the chosen class ask for."""
        data = self._data
        if data is None:
            return
        labels = np.concatenate([data.train.labels, data.test.labels])
        border, whole = len(data.train), len(labels)
        first, end = {"train": (0, border), "test": (border, whole)}.get(self._splits.key, (0, whole))
        rows = np.arange(first, end, dtype=np.int64)
        self._rows = rows if self._label < 0 else rows[labels[first:end] == self._label]
        self._model.show_in_sequence((data.train, data.test), data.classes, self._rows)
        self._view.begin()
        self._chip.setVisible(self._label >= 0)
        self._chip.setText(f"{tr(data.classes[self._label])} ×")
        self._count.setText(tr_n("{count:,} picture", "{count:,} pictures", len(self._rows)))
        if len(self._rows):
            self._show_sample(0)

    def _show_sample(self, row: int) -> None:
        data = self._data
        if data is None or row >= len(self._rows):
            return
        picture = self._model.picture(row)
        training = int(self._rows[row]) < len(data.train)
        place = tr("Training picture {index:,}", index=picture.sample)
        if not training:
            place = tr("Test picture {index:,}", index=picture.sample)
        self._sample.show_sample(picture.image, tr(data.classes[picture.label]), place)


class _FiguresCard(Card):
    """The figures of the set."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role="title")
        self._train, self._test = label(), label()
        self._facts = Facts()
        self.check = button(tr("Check the labels"), "link", "checkLabels")
        self.check.setToolTip(tr("Find wrong labels, pictures that are there twice, and empty ones"))
        self.body.setContentsMargins(MARGIN, MARGIN - _BUTTON_ROOM, MARGIN, MARGIN)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.check)
        self.body.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(24)
        self._train_words, self._test_words = label(role="secondary"), label(role="secondary")
        for number, words in ((self._train, self._train_words), (self._test, self._test_words)):
            number.setFont(theme.font(26, weight=600))
            pair = QVBoxLayout()
            pair.setSpacing(0)
            pair.addWidget(number)
            pair.addWidget(words)
            row.addLayout(pair)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self._facts)

    def show_figures(self, data: ImageData, whole: ImageData) -> None:
        """Show the figures of what is taken of a whole set."""
        self._title.setText(data.title)
        self._train.setText(f"{len(data.train):,}")
        self._test.setText(f"{len(data.test):,}")
        learn, test = tr("to learn from"), tr("to test")
        if len(data.train) < len(whole.train):
            learn = tr("of {count} to learn from", count=f"{len(whole.train):,}")
        if len(data.test) < len(whole.test):
            test = tr("of {count} to test", count=f"{len(whole.test):,}")
        self._train_words.setText(learn)
        self._test_words.setText(test)
        facts = [(tr("Pictures"), _shape(data)), (tr("Classes"), f"{len(data.classes)}")]
        if data.kind in _SOURCES:
            source, licence = _SOURCES[data.kind]
            facts += [(tr("From"), tr(source)), (tr("Licence"), tr(licence))]
            facts += [(tr("Kept"), tr("with the program, no network needed"))]
        self._facts.show_facts(facts)


class _SampleCard(Card):
    """One picture large, with what its pixels are."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = LargePicture(144)
        self._name, self._place = label(role="title"), label(role="secondary")
        self._facts = Facts()
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self._name, self._place):
            words.addWidget(part)
        words.addSpacing(8)
        words.addWidget(self._facts)
        words.addStretch(1)
        words.addWidget(label(tr("Walk through the pictures with the arrow keys"), "small"))
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        self.body.addLayout(row)

    def show_sample(self, image: NDArray[np.uint8], name: str, place: str) -> None:
        """Show a picture with its label."""
        self._picture.show_image(image)
        self._picture.setAccessibleName(name)
        self._name.setText(name)
        self._place.setText(place)
        self._facts.show_facts([(tr("Pixel values"), value_range(image)), (tr("Pixels"), _size(image.shape))])


def taken(whole: ImageData, dataset: Dataset | None, seed: int) -> ImageData:
    """What a recipe takes of a set; all of it where the recipe says nothing of this set, or takes everything."""
    if not isinstance(dataset, Pictures) or kind_of(dataset) != whole.kind:
        return whole
    if dataset.train_used >= len(whole.train) and dataset.test_used >= len(whole.test):
        return corrected(whole, dataset)
    try:
        return pictures_of(dataset, seed)
    except UserError:  # a class has lost its last picture: Train says so
        return corrected(whole, dataset)


def _shape(data: ImageData) -> str:
    size = _size(data.train.images.shape[1:])
    colour = tr("in colour") if data.train.images.ndim == 4 else tr("grey")
    return tr("{size} pixels, {colour}", size=size, colour=colour)


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[0]} × {shape[1]}"
