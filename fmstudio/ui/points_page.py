"""The page Data for points whose rule is known: how many, the rule, where they lie, and the first of them."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from fmstudio.catalog.datasets import Linear
from fmstudio.insight.number_score import number_text
from fmstudio.insight.regression import NumberPoints, number_points, thinned
from fmstudio.session.point_table import INPUTS, PointTableModel
from fmstudio.ui import theme
from fmstudio.ui.chart import Chart, Cloud, Scene, Stroke
from fmstudio.ui.chart_axes import LEFT, padded
from fmstudio.ui.chart_key import ChartKey, Entry
from fmstudio.ui.one_picture.picture_detail import Facts
from fmstudio.ui.quiet_table import QuietTable
from fmstudio.ui.widgets import Card, TabRow, label
from fmstudio.words import tr, tr_n

_GAP = 10
_LEFT = 330
_TERMS = 4
_LISTED = 12


class PointsPage(QWidget):
    """Shows points: their figures and their rule, a chart over each input, and a table of the first ones.

    Attributes:
        tabs: Which input the chart is over: "x1", "x2", …
        chart: The points.
        table: The model of the table.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pointsPage")
        self._points: NumberPoints | None = None
        self._title = label(role="title")
        self._train, self._test = label(), label()
        self._rule = label()
        self._rule.setWordWrap(True)
        self._rule.setObjectName("rule")
        self._facts = Facts()
        self.tabs = TabRow({f"x{number}": f"x{number}" for number in range(1, INPUTS + 1)})
        self.tabs.chosen.connect(lambda _: self._draw())
        self.chart, self._key = Chart("pointsChart"), ChartKey(LEFT)
        self._chart_title = label(role="title")
        self.table = PointTableModel(self)
        self._view = QuietTable(self.table, "pointsView", 0)
        self._view.setAccessibleName(tr("The first points"))
        self._build()

    def show_points(self, dataset: Linear) -> None:
        """Show the points of a data set."""
        if self._points is not None and self._points.dataset == dataset:
            return
        points = self._points = number_points(dataset)
        self._title.setText(tr(dataset.title))
        self._train.setText(f"{dataset.n:,}")
        self._test.setText(f"{dataset.test_n:,}")
        self._rule.setText(rule_text(dataset))
        self._facts.show_facts(_facts(dataset))
        for number, tab in enumerate(self.tabs.buttons.values(), 1):
            tab.setVisible(number <= points.inputs)
        self.tabs.setVisible(points.inputs > 1)
        if int(self.tabs.key[1:]) > points.inputs:
            self.tabs.choose("x1")
        self.table.show(points)
        head = self._view.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._draw()

    def _draw(self) -> None:
        points = self._points
        if points is None:
            return
        column = int(self.tabs.key[1:]) - 1
        rows = thinned(len(points.train_y))
        x, y = points.train_x[rows, column], points.train_y[rows]
        across, up = padded(float(x.min()), float(x.max())), padded(float(y.min()), float(y.max()), 0.08)
        size = 6.0 if len(rows) <= 400 else 4.5
        cloud = Cloud(x, y, "accent", 0.6 if len(rows) <= 400 else 0.35, size)
        ends, one = np.array(across), points.inputs == 1
        line = Stroke(ends, ends * points.dataset.w[0] + points.dataset.b, "secondary", 1.5, Qt.PenStyle.DashLine)
        name = "x" if one else self.tabs.key
        self.chart.show_scene(Scene(across, up, (name, "y"), (cloud,), (line,) if one else ()))
        self._chart_title.setText(tr("y over {name}", name=name))
        values = {"shown": f"{len(rows):,}", "count": f"{points.dataset.n:,}"}
        note = tr("{shown} of {count} training points", **values)
        if len(rows) == points.dataset.n:
            note = tr("{count} training points", count=values["count"])
        self._key.show_entries((Entry(tr("the rule"), "secondary", Qt.PenStyle.DashLine),) if one else (), note)

    def _build(self) -> None:
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(_GAP)
        left, right = QWidget(), QVBoxLayout()
        left.setFixedWidth(_LEFT)
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(_GAP)
        rows.addWidget(self._figures_card())
        rows.addWidget(self._rule_card())
        rows.addStretch(1)
        right.setSpacing(_GAP)
        right.addWidget(self._chart_card(), 3)
        right.addWidget(self._table_card(), 2)
        columns.addWidget(left)
        columns.addLayout(right, 1)

    def _figures_card(self) -> Card:
        card = Card()
        card.body.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(24)
        for number, words in ((self._train, tr("to learn from")), (self._test, tr("to test"))):
            number.setFont(theme.font(26, weight=600))
            pair = QVBoxLayout()
            pair.setSpacing(0)
            pair.addWidget(number)
            pair.addWidget(label(words, "secondary"))
            row.addLayout(pair)
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _rule_card(self) -> Card:
        card = Card()
        self._rule.setFont(theme.font(16, weight=500))
        hint = label(tr("The rule is known: training should find it again."), "small")
        hint.setWordWrap(True)
        for part in (label(tr("The rule behind the points"), "title"), self._rule, self._facts, hint):
            card.body.addWidget(part)
        return card

    def _chart_card(self) -> Card:
        card, head = Card(), QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._chart_title)
        head.addStretch(1)
        head.addWidget(self.tabs)
        card.body.addLayout(head)
        card.body.addWidget(self.chart, 1)
        card.body.addWidget(self._key)
        return card

    def _table_card(self) -> Card:
        card = Card()
        card.body.addWidget(label(tr("The first points"), "title"))
        card.body.addWidget(self._view, 1)
        return card


def rule_text(dataset: Linear) -> str:
    """The rule as a formula: "y = 2 · x1 − 3.4 · x2 + 4.2 + noise"."""
    inputs = len(dataset.w)
    shown = dataset.w if inputs <= _TERMS else dataset.w[: _TERMS - 1]
    names = ["x"] if inputs == 1 else [f"x{number + 1}" for number in range(len(shown))]
    text = "".join(_term(value, f" · {name}") for value, name in zip(shown, names, strict=True))
    text += " + …" if inputs > _TERMS else ""
    text += _term(dataset.b, "")
    text = text.removeprefix(" + ")
    text = f"−{text[3:]}" if text.startswith(" − ") else text
    return f"y = {text} + {tr('noise')}" if dataset.noise else f"y = {text}"


def _term(value: float, rest: str) -> str:
    return f" {'−' if value < 0 else '+'} {number_text(abs(value), 6)}{rest}"


def _facts(dataset: Linear) -> list[tuple[str, str]]:
    """What else is known of the points."""
    uniform = dataset.distribution == "uniform"
    spread = number_text(dataset.spread)
    drawn = (
        tr("uniform, −{spread} … {spread}", spread=spread)
        if uniform
        else tr("normal, deviation {spread}", spread=spread)
    )
    weights = ", ".join(number_text(value, 6) for value in dataset.w[:_LISTED])
    facts = [
        (tr("Inputs"), tr_n("{count} number", "{count} numbers", len(dataset.w))),
        (tr("True weights"), weights + (" …" if len(dataset.w) > _LISTED else "")),
        (tr("True bias"), number_text(dataset.b, 6)),
        (tr("Noise"), tr("deviation {noise}", noise=number_text(dataset.noise)) if dataset.noise else tr("none")),
        (tr("Inputs are"), drawn),
    ]
    if dataset.outliers:
        values = {"share": f"{100 * dataset.outliers:.3g}", "size": number_text(dataset.outlier_size)}
        facts.append((tr("Outliers"), tr("{share} % of the training points, {size} too large", **values)))
    return facts
