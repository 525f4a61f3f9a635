"""Why did the network answer so? Four methods beside one another, each a heat map over the picture."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.explanation import METHODS, Explanation, Method
from fmstudio.session.examiner import Examiner
from fmstudio.session.one_picture import OnePicture
from fmstudio.ui.one_picture.asking_view import AskingView
from fmstudio.ui.one_picture.heat_map import HeatKey, HeatMap
from fmstudio.ui.one_picture.method_cell import ABOUT, MethodCell
from fmstudio.ui.scrolling import scrolling
from fmstudio.ui.widgets import TabRow, label
from fmstudio.words import tr

_ANSWER, _TRUTH = -1, -2
"""Data of the chooser that stand for the predicted class and the true one, whichever they are."""


class WhyPage(AskingView):
    """One picture explained, for the drawer.

    Args:
        examiner: Who asks the network.
    """

    def __init__(self, examiner: Examiner) -> None:
        super().__init__(examiner)
        self.setObjectName("whyPage")
        self._one: OnePicture | None = None
        self._picture = HeatMap(84, "whyPicture")
        self._chooser = QComboBox()
        self._chooser.setObjectName("whyClass")
        self._chooser.setAccessibleName(tr("The class to explain"))
        self._chooser.setMinimumContentsLength(8)
        self._score = label("", "secondary")
        self._score.setObjectName("whyScore")
        self._tabs = TabRow({"amount": tr("How much it mattered"), "signed": tr("For and against")})
        self._key = HeatKey()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("whyStrength")
        self._cells = {method: MethodCell(method, examiner) for method in METHODS}
        self._help = label("", "small")
        self._help.setObjectName("whyHelp")
        self._refused = label("", "secondary")
        self._refused.setObjectName("whyNot")
        self._build()
        self._connect()

    def show_picture(self, one: OnePicture) -> None:
        """Explain a picture; asks when it can be seen, and not again for the same one."""
        before, target = self._one, self.target
        self._one = one
        same = before is not None and before.picture.image is one.picture.image
        if not same:
            self._picture.show_picture(one.picture.image)
            for cell in self._cells.values():
                cell.show_picture(one.picture.image)
            self._score.setText("")
        self._fill()
        if not same or self.target != target:
            self.refresh()

    @property
    def target(self) -> int:
        """The class that is explained, -1 before there is a picture."""
        if self._one is None:
            return -1
        picture, chosen = self._one.picture, self._chooser.currentData()
        if chosen == _ANSWER:
            return picture.label if picture.predicted is None else picture.predicted
        return picture.label if chosen in (_TRUTH, None) else int(chosen)

    def _fill(self) -> None:
        """The classes of the chooser: the answer, the truth, then all; what was chosen stays."""
        one = self._one
        if one is None:
            return
        chosen, classes, picture = self._chooser.currentData(), one.sight.classes, one.picture
        with QSignalBlocker(self._chooser):
            self._chooser.clear()
            if picture.predicted is not None:
                text = tr("{name}: the answer", name=tr(classes[picture.predicted]))
                self._chooser.addItem(text, _ANSWER)
            self._chooser.addItem(tr("{name}: the truth", name=tr(classes[picture.label])), _TRUTH)
            self._chooser.insertSeparator(self._chooser.count())
            for number, name in enumerate(classes):
                self._chooser.addItem(tr(name), number)
            self._chooser.setCurrentIndex(0 if chosen is None else max(0, self._chooser.findData(chosen)))

    def _put_questions(self) -> None:
        self._refused.hide()
        self._body.show()
        if self._one is not None:
            for cell in self._cells.values():
                cell.ask(self._one.picture.image, self.target)

    def _refuse(self, error: UserError) -> None:
        self._refused.setText(str(error))
        self._refused.show()
        self._body.hide()
        self._score.setText("")
        if self._one is not None:
            for cell in self._cells.values():
                cell.show_picture(self._one.picture.image)

    def _show_score(self, found: Explanation) -> None:
        share = tr("{share} %", share=f"{100 * found.probability:.1f}")
        self._score.setText(tr("{share} sure · score {score}", share=share, score=f"{found.score:.2f}"))

    def _repaint(self) -> None:
        signed = self._tabs.key == "signed"
        self._key.show_signed(signed)
        for cell in self._cells.values():
            cell.paint_with(self._slider.value() / 100, signed=signed)

    def _show_help(self, method: Method) -> None:
        self._help.setText(tr(ABOUT[method]))

    def _connect(self) -> None:
        self._chooser.currentIndexChanged.connect(self.refresh)
        self._tabs.chosen.connect(self._repaint)
        self._slider.valueChanged.connect(self._repaint)
        for cell in self._cells.values():
            cell.explained.connect(self._show_score)
            cell.help_asked.connect(self._show_help)

    def _build(self) -> None:
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addWidget(self._tabs, alignment=Qt.AlignmentFlag.AlignLeft)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        for number, cell in enumerate(self._cells.values()):
            grid.addWidget(cell, number // 2, number % 2)
        grid.setColumnStretch(2, 1)
        body.addLayout(grid)
        body.addLayout(self._foot())
        self._help.setText(tr("ⓘ tells what a method does. All explain the score before softmax."))
        for words in (self._help, self._refused):
            words.setWordWrap(True)
        body.addWidget(self._help)
        self._refused.hide()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._head())
        column.addWidget(self._refused)
        column.addWidget(self._body)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(content))

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(label(tr("What speaks for"), "secondary"))
        words.addWidget(self._chooser)
        words.addWidget(self._score)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        self._slider.setRange(0, 100)
        self._slider.setValue(60)
        self._slider.setMinimumWidth(48)
        self._slider.setAccessibleName(tr("Strength of the colours over the picture"))
        self._slider.setToolTip(self._slider.accessibleName())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._key)
        row.addStretch(1)
        row.addWidget(label(tr("Strength"), "small"))
        row.addWidget(self._slider, 1)
        return row
