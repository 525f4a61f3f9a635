"""The figures of each class and of all together; every one leads to its pictures."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from fmstudio.insight.intervals import interval_words, shown_interval
from fmstudio.insight.metrics import Metrics, metrics
from fmstudio.insight.score import percent
from fmstudio.session.class_table import ClassTableModel
from fmstudio.session.confusion_table import UNDEFINED
from fmstudio.session.selection import Condition, Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.looking import Verb, can_step_back, faint_classes, looked, predicted_classes, true_classes
from fmstudio.ui.sureness.class_table_view import ClassTableView
from fmstudio.ui.widgets import ElidedLabel, label
from fmstudio.words import tr, tr_n

_TOPS = (2, 3)


class ClassFiguresPage(QWidget):
    """Precision, recall and F1 of each class in a table that sorts, and below it the figures of all classes.

    Attributes:
        selection_changed: The user wants to look at other pictures, or to count others: the new ``Selection``.
    """

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classFiguresPage")
        self._sight: Sight | None = None
        self._shown: Sight | None = None
        self._counted: Predictions | None = None
        self._model = ClassTableModel(self)
        self._view, self._summary = ClassTableView(self._model), ClassSummary()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._view, 1)
        column.addWidget(self._summary)
        self._view.asked.connect(self._look)
        self._view.cleared.connect(self._step_back)

    def show_sight(self, sight: Sight) -> None:
        """Show what is looked at now; while it is hidden, when it is seen again."""
        self._sight = sight
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what is looked at now."""
        self._refresh()
        super().showEvent(event)

    def _refresh(self) -> None:
        sight = self._sight
        if sight is None or sight is self._shown:
            return
        if self._shown is None or sight.counted is not self._counted or sight.classes != self._shown.classes:
            self._counted = sight.counted
            figures = metrics(sight.counted, len(sight.classes)) if sight.counted is not None else None
            self._model.show(None if figures is None else figures.confusion, sight.classes)
            self._summary.show_metrics(figures)
        self._shown = sight
        self._view.clearable = can_step_back(sight.selection)
        self._view.mark(true_classes(sight.selection), predicted_classes(sight.selection), faint_classes(sight))

    def _look(self, condition: Condition, verb: Verb) -> None:
        if self._sight is not None:
            self.selection_changed.emit(looked(self._sight.selection, condition, verb))

    def _step_back(self) -> None:
        selection = Selection() if self._sight is None else self._sight.selection
        if can_step_back(selection):
            self.selection_changed.emit(selection.stepped_back())


class ClassSummary(QWidget):
    """Accuracy, averages over the classes and top-k in one row, and below it over how many pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("classSummary")
        self._names: list[QLabel] = []
        self._values: list[QLabel] = []
        self._foot = ElidedLabel(role="small")
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 0, 8, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        names = (tr("Accuracy"), tr("Macro F1"), tr("Weighted F1"), *(tr("Top {k}", k=k) for k in _TOPS))
        for column, name in enumerate(names):
            self._names.append(label(name, "small"))
            self._values.append(label(UNDEFINED, "title"))
            self._values[-1].setFont(theme.font(theme.TEXT, weight=600, tabular=True))
            grid.addWidget(self._names[-1], 0, column)
            grid.addWidget(self._values[-1], 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self._foot, 2, 0, 1, len(names))
        self.show_metrics(None)

    def show_metrics(self, figures: Metrics | None) -> None:
        """Show other figures; None: nothing is known yet."""
        if figures is None or not figures.counted:
            texts, tips = [UNDEFINED] * len(self._values), [""] * len(self._values)
            self._foot.setText(
                tr("Filled once the network answers") if figures is None else tr("No picture is counted")
            )
        else:
            texts, tips = _texts(figures), _tips(figures)
            self._foot.setText(counted_words(figures))
        for name, value, text, tip in zip(self._names, self._values, texts, tips, strict=True):
            value.setText(text)
            value.setAccessibleName(f"{name.text()}: {text}")
            value.setToolTip(tip)
            name.setToolTip(tip)


def counted_words(figures: Metrics) -> str:
    """Over how many pictures, and where they are few how sure the accuracy is."""
    text = tr_n("of {count:,} picture", "of {count:,} pictures", figures.counted)
    interval = shown_interval(figures.right, figures.counted)
    if interval is not None:
        text += " · " + tr("95 % interval of the accuracy: {interval}", interval=interval_words(interval))
    if figures.judged < len(figures.classes):
        total = len(figures.classes)
        text += " · " + tr("averages over {count} of {total} classes", count=figures.judged, total=total)
    return text


def _texts(figures: Metrics) -> list[str]:
    shares = [figures.accuracy, figures.macro.f1, figures.weighted.f1]
    shares += [figures.top_k[k - 1] if k < len(figures.classes) else None for k in _TOPS]
    return [UNDEFINED if share is None else percent(share, figures.counted) for share in shares]


def _tips(figures: Metrics) -> list[str]:
    """What each of them is, in a sentence, with its numbers."""
    right, counted = f"{figures.right:,}", f"{figures.counted:,}"
    interval = "" if figures.interval is None else interval_words(figures.interval)
    tips = [
        tr("{right} of {count} pictures are right; 95 % interval {interval}", right=right, count=counted,
           interval=interval),
        tr("Mean of the classes' F1: each class counts the same, however rare it is"),
        tr("Mean of the classes' F1: each class counts by its number of pictures"),
    ]  # fmt: skip
    for k in _TOPS:
        known = k < len(figures.classes)
        found = f"{round(figures.top_k[k - 1] * figures.counted):,}" if known else ""
        sentence = tr("In {found} of {count} pictures the true class is among the first {k}", found=found,
                      count=counted, k=k)  # fmt: skip
        tips.append(
            sentence if known else tr("With so few classes every picture has its class among the first {k}", k=k)
        )
    return tips
