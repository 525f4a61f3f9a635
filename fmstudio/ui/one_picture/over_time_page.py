"""How the answer for one picture went, epoch by epoch."""

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fmstudio.insight.picture_story import PictureStory, picture_story, story_words
from fmstudio.session.one_picture import OnePicture
from fmstudio.session.story_table import Columns, Index, StoryTableModel
from fmstudio.ui.chart_axes import LEFT
from fmstudio.ui.chart_key import ChartKey
from fmstudio.ui.one_picture.story_chart import StoryChart
from fmstudio.ui.quiet_table import QuietDelegate, QuietTable
from fmstudio.ui.widgets import label
from fmstudio.words import tr

_ROW = 26
_ROWS = 5
"""So many epochs are always seen without scrolling."""
_PASSED_ON = {Qt.Key.Key_Left, Qt.Key.Key_Right}


class OverTimePage(QWidget):
    """A sentence, a chart, and a line for each epoch.

    Attributes:
        epoch_asked: The user wants to look at the network after this epoch.
    """

    epoch_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overTimePage")
        self._sentence = label(role="title")
        self._sentence.setObjectName("storySentence")
        self._sentence.setWordWrap(True)
        self._model = StoryTableModel(self)
        self._chart, self._key = StoryChart(), ChartKey(LEFT)
        self._table = _StoryTable(self._model)
        self._hint = label(tr("Click an epoch to look at the network as it was then."), "small")
        self._hint.setWordWrap(True)
        self._shown: tuple[object, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._sentence, self._chart, self._key, self._table, self._hint):
            column.addWidget(part, 1 if part is self._table else 0)
        self._filler = QWidget()
        column.addWidget(self._filler, 1)
        self._chart.epoch_chosen.connect(self.epoch_asked)
        self._table.clicked.connect(lambda index: self._choose(index.row()))
        self._table.opened.connect(self._choose)

    def show_picture(self, one: OnePicture) -> None:
        """Show how a picture was answered."""
        run, sample = one.sight.run, one.picture.sample
        shown = (run, len(run.epochs), sample, one.split, one.sight.classes, one.sight.epoch)
        if shown == self._shown:
            return
        self._shown = shown
        story = picture_story(run.epochs, sample) if one.split == "test" else None
        for part in (self._chart, self._key, self._table, self._hint):
            part.setVisible(story is not None)
        self._filler.setVisible(story is None)
        if story is None:
            self._sentence.setText(_why_not(one))
        else:
            self._show_story(story, one)

    def _show_story(self, story: PictureStory, one: OnePicture) -> None:
        kept = one.sight.run.kept_epoch
        newest = int(story.epochs[-1]) if kept is None else kept.epoch
        epoch = newest if one.sight.epoch is None else one.sight.epoch
        self._sentence.setText(story_words(story))
        self._chart.show_story(story, one.sight.classes, epoch)
        self._chart.setAccessibleName(tr("How sure the network was, epoch by epoch"))
        self._chart.setAccessibleDescription(story_words(story))
        self._key.show_entries(self._chart.key)
        self._model.show(story, one.sight.classes)
        self._table.mark(self._model.row(epoch))

    def _choose(self, row: int) -> None:
        epoch = self._model.epoch(row)
        if epoch >= 0:
            self.epoch_asked.emit(epoch)


class _StoryDelegate(QuietDelegate):
    """Paints right and wrong answers in their colours."""

    def colour(self, index: Index) -> str:
        """Of the letters."""
        model = index.model()
        if index.column() == Columns.ANSWER and isinstance(model, StoryTableModel):
            return "right" if model.is_right(index.row()) else "wrong"
        return "text" if index.column() == Columns.EPOCH else "secondary"


class _StoryTable(QuietTable):
    """One line for each epoch; the arrow keys to the sides are left to the drawer."""

    def __init__(self, model: StoryTableModel) -> None:
        super().__init__(model, "storyTable", Columns.ANSWER)
        self.setItemDelegate(_StoryDelegate(self))
        self.setAccessibleName(tr("The answer of each epoch"))
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + _ROWS * _ROW)

    def mark(self, row: int) -> None:
        """Show which epoch is looked at."""
        index = self.model().index(row, 0)
        way = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, way)
        self.scrollTo(index)

    def sizeHint(self) -> QSize:
        """All rows, lower than in other tables."""
        return QSize(320, self.horizontalHeader().sizeHint().height() + self.model().rowCount() * _ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go through the epochs, Enter looks at one."""
        if Qt.Key(event.key()) in _PASSED_ON:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _why_not(one: OnePicture) -> str:
    """Why there is no story."""
    if one.split == "train":
        return tr("What was answered epoch by epoch is kept for the test pictures only. This is a training picture.")
    if not one.sight.run.epochs:
        return tr("There are no answers yet: press Train, and come back.")
    return tr("This run kept no answer for this picture.")
