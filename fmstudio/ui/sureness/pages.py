"""The pages of the panel on sureness: each a chart and, below it, what it says in words."""

from abc import abstractmethod

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.insight.calibration_words import answer_words, answered_words, area_words, calibration_words, error_words
from fmstudio.insight.curves import mean_area
from fmstudio.insight.intervals import FEW
from fmstudio.session.selection import Condition, ConfidenceIn, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.ui.chart_axes import LEFT
from fmstudio.ui.chart_key import ChartKey, Entry
from fmstudio.ui.looking import Verb, can_step_back, predicted_classes, true_classes
from fmstudio.ui.sureness.calibration import CalibrationChart, calibration_bins
from fmstudio.ui.sureness.curves import MOST, Axis, CurvesChart
from fmstudio.ui.sureness.figures import Curves, SurenessFigures
from fmstudio.ui.sureness.histogram import HistogramChart, histogram_bins
from fmstudio.ui.widgets import ElidedLabel, FewLines, button, line_height
from fmstudio.words import tr

_POINT = Qt.PenStyle.NoPen

_SHORT, _VERY_SHORT = 190, 150
"""Pages less high than this keep their chart and leave out the key; then the line below the sentence, too."""


class SurenessPage(QWidget):
    """What the pages have in common.

    Attributes:
        asked: Something was clicked: what its pictures are, and a ``Verb``.
        cleared: Esc was pressed.
    """

    asked = Signal(object, object)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._less: list[tuple[int, QWidget]] = []

    @abstractmethod
    def show_figures(self, figures: SurenessFigures, sight: Sight) -> None:
        """Show other figures, or other pictures that are looked at."""

    @property
    @abstractmethod
    def figure(self) -> tuple[str, tuple[QWidget, ...]]:
        """What a saved figure says of it, and of which widgets it is made."""

    def ask(self, condition: Condition, verb: Verb) -> None:
        """Ask for some pictures."""
        self.asked.emit(condition, verb)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for: the chart comes first."""
        super().resizeEvent(event)
        for least, part in self._less:
            part.setVisible(self.height() >= least)

    def _leave_out(self, key: QWidget, *foot: QWidget) -> None:
        """Say what is left out where there is little room."""
        self._less = [(_SHORT, key), *((_VERY_SHORT, part) for part in foot)]

    def _lay_out(self, *rows: QWidget | QHBoxLayout) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for place, row in enumerate(rows):
            if isinstance(row, QWidget):
                column.addWidget(row, 0 if place else 1)
            else:
                column.addLayout(row)


class HistogramPage(SurenessPage):
    """The confidence histogram and the threshold, with what answering only above it brings."""

    def __init__(self) -> None:
        super().__init__()
        self._chart, self._key, self._says = HistogramChart(), ChartKey(LEFT), _sentence()
        self._numbers = ElidedLabel(role="small")
        self._withheld = button(tr("Show the withheld"), "link", "showWithheld")
        self._figures = SurenessFigures(None)
        self._lay_out(self._chart, self._key, self._says, _foot(self._numbers, self._withheld))
        self._leave_out(self._key, self._numbers, self._withheld)
        self._chart.asked.connect(self.asked)
        self._chart.cleared.connect(self.cleared)
        self._chart.moved.connect(self._tell)
        self._withheld.clicked.connect(self._ask_for_withheld)

    def show_figures(self, figures: SurenessFigures, sight: Sight) -> None:
        """Show other figures, or other pictures that are looked at."""
        self._figures = figures
        self._chart.clearable = can_step_back(sight.selection)
        part = histogram_bins(figures.part(sight.strong))
        self._chart.show_bins(figures.histogram, part)
        self._tell()

    @property
    def figure(self) -> tuple[str, tuple[QWidget, ...]]:
        """The chart with its key and both sentences."""
        return "", (self._chart, self._key, self._says, self._numbers)

    def _tell(self) -> None:
        fine = self._figures.fine
        entries: tuple[Entry, ...] = ()
        note = ""
        coverage = None if fine is None else fine.above(self._chart.threshold)
        if fine is not None and fine.counted:
            right = int(fine.right.sum())
            entries = (
                Entry(tr("✓ right {count}", count=f"{right:,}"), "right", _POINT),
                Entry(tr("✗ wrong {count}", count=f"{fine.counted - right:,}"), "wrong", _POINT),
            )
            note = tr("withheld | answered")
        self._key.show_entries(entries, note)
        known = coverage is not None and coverage.counted > 0
        self._says.show_text(answer_words(coverage) if coverage is not None and known else asleep_words(self._figures))
        self._numbers.setText(answered_words(coverage) if coverage is not None and known else "")
        self._withheld.setEnabled(coverage is not None and coverage.withheld > 0)

    def _ask_for_withheld(self) -> None:
        self.ask(ConfidenceIn(0.0, self._chart.threshold / 100), Verb.LOOK)


class CalibrationPage(SurenessPage):
    """The reliability diagram, and how far what it says is from what is right."""

    def __init__(self) -> None:
        super().__init__()
        self._chart, self._key, self._says = CalibrationChart(), ChartKey(LEFT), _sentence()
        self._errors = ElidedLabel(role="small")
        self._lay_out(self._chart, self._key, self._says, self._errors)
        self._leave_out(self._key, self._errors)
        self._chart.asked.connect(self.asked)
        self._chart.cleared.connect(self.cleared)

    def show_figures(self, figures: SurenessFigures, sight: Sight) -> None:
        """Show other figures, or other pictures that are looked at."""
        bins = figures.calibration
        self._chart.clearable = can_step_back(sight.selection)
        self._chart.show_bins(bins, calibration_bins(figures.part(sight.strong)))
        known = bins is not None and bins.counted > 0
        entries = (
            Entry(tr("how many are right"), "accent", _POINT),
            Entry(tr("how far off"), "amber"),
            Entry(tr("under {few} pictures", few=FEW), "accent", _POINT, hollow=True),
        )
        self._key.show_entries(entries if known else ())
        self._says.show_text(calibration_words(bins) if bins is not None and known else asleep_words(figures))
        self._errors.setText(error_words(bins) if bins is not None and known else "")

    @property
    def figure(self) -> tuple[str, tuple[QWidget, ...]]:
        """The chart with its key and both sentences."""
        return "", (self._chart, self._key, self._says, self._errors)


class CurvesPage(SurenessPage):
    """A curve for each class, one of them strong, and the area under it.

    Args:
        kind: ``"roc"`` or ``"precision-recall"``.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self._chart, self._classes = _curves_chart(kind), _class_box()
        self._area, self._mean = ElidedLabel(role="title"), ElidedLabel(role="small")
        self._names: tuple[str, ...] = ()
        self._curves: Curves = ()
        self._named: frozenset[int] = frozenset()
        self._lay_out(self._chart, _foot(self._classes, self._area, stretched=1), self._mean)
        self._chart.picked.connect(self._choose)
        self._chart.asked.connect(lambda label, verb: self.ask(TrueIs(label), verb))
        self._chart.cleared.connect(self.cleared)
        self._classes.activated.connect(self._choose)

    def show_figures(self, figures: SurenessFigures, sight: Sight) -> None:
        """Show other figures; a class that is looked at is chosen."""
        names = tuple(tr(name) for name in sight.classes)
        self._chart.clearable = can_step_back(sight.selection)
        if names != self._names:
            self._names = names
            self._classes.clear()
            self._classes.addItems(names)
            self._chart.chosen = -1
        self._curves = figures.roc if self._kind == "roc" else figures.precision_recall
        named = true_classes(sight.selection) or predicted_classes(sight.selection)
        chosen = min(named) if named and named != self._named else self._chart.chosen
        self._named = named
        self._choose(chosen if 0 <= chosen < len(names) else self._worst())
        self._mean.setText(self._mean_words() if self._curves else asleep_words(figures))

    @property
    def figure(self) -> tuple[str, tuple[QWidget, ...]]:
        """The chart, named after the class whose curve is strong."""
        chosen = self._chart.chosen
        name = self._names[chosen] if 0 <= chosen < len(self._names) else ""
        return " · ".join(filter(None, (name, self._area.text()))), (self._chart, self._mean)

    def _choose(self, label: int) -> None:
        self._chart.show_curves(self._curves, self._names, label)
        self._classes.setEnabled(bool(self._curves))
        self._classes.setCurrentIndex(label)
        self._area.setText(self._area_words(label) if 0 <= label < len(self._curves) else "")

    def _worst(self) -> int:
        known = [(curve.area, label) for label, curve in enumerate(self._curves) if curve is not None]
        return min(known)[1] if known else -1

    def _area_words(self, label: int) -> str:
        curve = self._curves[label]
        if curve is None:
            return tr("undefined: no picture of it") if self._kind != "roc" else tr("undefined: needs it and others")
        name = tr("AUC") if self._kind == "roc" else tr("AP")
        if curve.positives < FEW:
            return tr("{area}: too few to judge", area=area_words(name, curve.area))
        counts = {"of_it": f"{curve.positives:,}", "count": f"{curve.counted:,}"}
        return tr("{area} · {of_it} of {count} pictures", area=area_words(name, curve.area), **counts)

    def _mean_words(self) -> str:
        area, over = mean_area(self._curves)
        name = tr("Mean AUC") if self._kind == "roc" else tr("Mean AP")
        total = len(self._curves)
        text = tr("{area} over {over} of {total} classes", area=area_words(name, area), over=over, total=total)
        drawn = len(self._chart.drawn)
        return text if drawn >= over else text + " · " + tr("the {count} worst are drawn", count=MOST)


def asleep_words(figures: SurenessFigures) -> str:
    """Why there is nothing to see."""
    if figures.answers is None:
        return tr("Filled once the network answers")
    if not len(figures.answers):
        return tr("No picture is counted")
    return tr("The network's probabilities are no numbers any more: it has diverged")


def _sentence() -> FewLines:
    """Two lines that keep their place."""
    made = FewLines("title", 2)
    made.setFixedHeight(2 * line_height(made.fontMetrics(), tr("Filled once the network answers")) + 2)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return made


def _foot(*widgets: QWidget, stretched: int = 0) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, widget in enumerate(widgets):
        row.addWidget(widget)
        if place == stretched:
            row.addStretch(1)
    return row


def _class_box() -> QComboBox:
    made = QComboBox()
    made.setObjectName("curveClass")
    made.setAccessibleName(tr("The class whose curve is strong"))
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(10)
    made.setMaximumSize(QSize(170, 32))
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


def _curves_chart(kind: str) -> CurvesChart:
    if kind == "roc":
        names = (tr("of the others taken for it"), tr("found, %"))
        return CurvesChart("rocChart", tr("ROC curve of each class"), Axis(names, stepped=False))
    names = (tr("found (recall)"), tr("precision, %"))
    return CurvesChart("precisionRecallChart", tr("Precision–recall curve of each class"), Axis(names, stepped=True))
