"""How sure the network is: histogram with a threshold, reliability diagram, and the curves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sklearn import metrics as theirs

from fmstudio.data.library import ImageData
from fmstudio.insight.score import percent
from fmstudio.session.selection import AnyOf, ConfidenceIn, IsRight, Selection, TrueIs
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.sureness.calibration import CalibrationChart
from fmstudio.ui.sureness.chart import SurenessChart
from fmstudio.ui.sureness.curves import CurvesChart
from fmstudio.ui.sureness.histogram import HistogramChart
from fmstudio.ui.sureness.panel import SurenessPanel
from fmstudio.ui.widgets import FewLines

SHIRT = 6
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
Show = Callable[[int], Any]
TABS = ("Confidence", "Calibration", "ROC", "Precision–recall")


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot) -> SurenessPanel:
    theme.apply(qapp, "light")
    made = SurenessPanel()
    qtbot.addWidget(made)
    made.resize(402, 400)
    made.show()
    return made


def press(panel: SurenessPanel, text: str) -> None:
    next(one for one in panel.findChildren(QPushButton) if one.text() == text).click()


def said(panel: SurenessPanel) -> list[str]:
    """What can be read on the page that is seen."""
    return [one.text() for one in panel.findChildren(QLabel) if one.isVisible()]


def chart(panel: SurenessPanel, kind: type[QWidget]) -> Any:
    found = next(one for one in panel.findChildren(kind) if one.isVisible())
    QApplication.processEvents()
    return found


def heard(panel: SurenessPanel) -> list[Selection]:
    asked: list[Selection] = []
    panel.selection_changed.connect(asked.append)
    return asked


def middle(drawn: SurenessChart, place: int) -> QPoint:
    return drawn.bar(place).center().toPoint() + QPoint(0, 30)


def tip(qtbot: QtBot, drawn: QWidget, at: QPoint) -> str:
    qtbot.mouseMove(drawn, at)
    return drawn.toolTip()


def colours(drawn: QWidget) -> dict[str, int]:
    """How often each colour is seen."""
    image: QImage = drawn.grab().toImage()
    values = [image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())]
    names, counts = np.unique(values, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


@pytest.mark.parametrize("tab", TABS)
def test_before_the_first_answers_every_view_sleeps(panel: SurenessPanel, show: Show, tab: str, qtbot: QtBot) -> None:
    asked = heard(panel)
    press(panel, tab)
    assert panel.grab().width() == 402
    panel.show_sight(show(0).sight())
    assert "Filled once the network answers" in said(panel)
    drawn = chart(panel, SurenessChart if tab in TABS[:2] else CurvesChart)
    qtbot.mouseClick(drawn, LEFT, pos=drawn.rect().center())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        qtbot.keyClick(drawn, key)
    assert not asked


@pytest.mark.parametrize("tab", TABS)
def test_of_no_pictures_and_of_a_diverged_network_there_is_a_sentence(
    panel: SurenessPanel, show: Show, tab: str
) -> None:
    press(panel, tab)
    shown = show(300)
    panel.show_sight(shown.sight(Selection(only=(ConfidenceIn(0.0, 0.0),))))
    assert "No picture is counted" in said(panel) or tab in TABS[2:]
    whole: Predictions = shown.answers
    nothing = np.full_like(whole.probabilities, np.nan)
    shown.answers = Predictions(whole.samples, whole.labels, whole.predicted, whole.loss, nothing)
    panel.show_sight(shown.sight())
    assert panel.grab().height() == 400
    if tab in TABS[:2]:
        assert any("has diverged" in text for text in said(panel))
    else:
        assert any("undefined" in text or "–" in text for text in said(panel))


class TestConfidence:
    def test_a_bar_leads_to_its_pictures(self, panel: SurenessPanel, show: Show, qtbot: QtBot) -> None:
        asked = heard(panel)
        panel.show_sight(show(2000).sight(Selection(order="loss", watched=True)))
        drawn = chart(panel, HistogramChart)
        qtbot.mouseClick(drawn, LEFT, pos=middle(drawn, 18))
        assert asked == [Selection(order="loss", conditions=(ConfidenceIn(0.9, 0.95),))]
        qtbot.mouseDClick(drawn, LEFT, pos=middle(drawn, 19))
        assert asked[-1].only == (ConfidenceIn(0.95, 1.0),)

    def test_ctrl_adds_and_esc_leaves(self, panel: SurenessPanel, show: Show, qtbot: QtBot) -> None:
        shown, asked = show(2000), heard(panel)
        panel.selection_changed.connect(lambda selection: panel.show_sight(shown.sight(selection)))
        panel.show_sight(shown.sight())
        drawn = chart(panel, HistogramChart)
        qtbot.mouseClick(drawn, LEFT, pos=middle(drawn, 18))
        qtbot.mouseClick(drawn, LEFT, CONTROL, middle(drawn, 10))
        assert asked[-1].conditions == (AnyOf((ConfidenceIn(0.9, 0.95), ConfidenceIn(0.5, 0.55))),)
        qtbot.keyClick(drawn, Qt.Key.Key_Escape)
        assert asked[-1] == Selection()

    def test_a_bar_says_how_many_pictures_it_counts(self, panel: SurenessPanel, show: Show, qtbot: QtBot) -> None:
        shown = show(2000)
        panel.show_sight(shown.sight())
        drawn = chart(panel, HistogramChart)
        mask = ConfidenceIn(0.5, 0.55).mask(shown.answers)
        right = int(shown.answers.right[mask].sum())
        assert f"50–55 % sure: {mask.sum()} pictures, {right} right" in tip(qtbot, drawn, middle(drawn, 10))

    def test_the_line_says_what_answering_only_above_it_brings(
        self, panel: SurenessPanel, show: Show, qtbot: QtBot
    ) -> None:
        shown, asked = show(10_000), heard(panel)
        panel.show_sight(shown.sight())
        drawn = chart(panel, HistogramChart)
        sure = shown.answers.confidence >= np.float32(0.8)
        share, left = shown.answers.right[sure].mean(), (~sure).mean()
        shares = f"{percent(share, sure.sum())} right, {percent(left, 10_000)} withheld"
        words = f"Answer only when at least 80 % sure:\n{shares}"
        assert words in said(panel)
        assert f"{sure.sum():,} of 10,000 answered, {shown.answers.right[sure].sum():,} right" in said(panel)
        press(panel, "Show the withheld")
        assert asked == [Selection(conditions=(ConfidenceIn(0.0, 0.8),))]
        assert asked[0].mask(shown.answers).sum() == (~sure).sum()
        for key, threshold in ((Qt.Key.Key_Right, 81), (Qt.Key.Key_PageDown, 71), (Qt.Key.Key_Left, 70)):
            qtbot.keyClick(drawn, key)
            assert any(f"at least {threshold} % sure" in text for text in said(panel))

    def test_the_line_is_dragged_and_stays_between_its_ends(
        self, panel: SurenessPanel, show: Show, qtbot: QtBot
    ) -> None:
        asked = heard(panel)
        panel.show_sight(show(2000).sight())
        drawn = chart(panel, HistogramChart)
        room, y = drawn.axes().room, drawn.height() // 2
        at = QPoint(round(room.left() + 0.8 * room.width()), y)
        qtbot.mousePress(drawn, LEFT, pos=at)
        qtbot.mouseMove(drawn, QPoint(round(room.left() + 0.6 * room.width()), y))
        assert drawn.threshold == 60
        qtbot.mouseMove(drawn, QPoint(drawn.width() + 50, y))
        assert drawn.threshold == 99
        qtbot.mouseMove(drawn, QPoint(-50, y))
        qtbot.mouseRelease(drawn, LEFT, pos=QPoint(-50, y))
        assert drawn.threshold == 0
        assert any("nothing withheld" in text for text in said(panel))
        button = panel.findChild(QPushButton, "showWithheld")
        assert button is not None
        assert not button.isEnabled()
        assert not asked

    def test_bars_are_walked_through_with_keys(self, panel: SurenessPanel, show: Show, qtbot: QtBot) -> None:
        asked = heard(panel)
        panel.show_sight(show(2000).sight())
        drawn = chart(panel, HistogramChart)
        qtbot.keyClick(drawn, Qt.Key.Key_Down)
        assert drawn.accessibleDescription().startswith("95–100 % sure: ")
        qtbot.keyClick(drawn, Qt.Key.Key_Down)
        qtbot.keyClick(drawn, Qt.Key.Key_Space)
        assert asked[-1].conditions == (ConfidenceIn(0.9, 0.95),)

    def test_what_is_looked_at_is_strong_and_the_rest_faint(self, panel: SurenessPanel, show: Show) -> None:
        shown = show(2000)
        panel.show_sight(shown.sight())
        drawn = chart(panel, HistogramChart)
        right, wrong = theme.colour("right").name(), theme.colour("wrong").name()
        whole, before = colours(drawn), said(panel)
        panel.show_sight(shown.sight(Selection(conditions=(TrueIs(SHIRT),))))
        part = colours(drawn)
        assert 0 < part[right] < whole[right] / 3
        assert 0 < part[wrong] < whole[wrong]
        assert said(panel) == before
        panel.show_sight(shown.sight(Selection(conditions=(IsRight(False),))))
        assert right not in colours(drawn)


class TestCalibration:
    def test_a_bin_leads_to_its_pictures_and_says_its_numbers(
        self, panel: SurenessPanel, show: Show, qtbot: QtBot
    ) -> None:
        shown, asked = show(10_000), heard(panel)
        press(panel, "Calibration")
        panel.show_sight(shown.sight())
        drawn = chart(panel, CalibrationChart)
        mask = ConfidenceIn(0.5, 0.6).mask(shown.answers)
        said_share, right = shown.answers.confidence[mask].mean(), shown.answers.right[mask].mean()
        text = tip(qtbot, drawn, middle(drawn, 5))
        assert f"Says {100 * said_share:.0f} %, is right {100 * right:.0f} % · {mask.sum():,} pictures" in text
        qtbot.mouseClick(drawn, LEFT, pos=middle(drawn, 5))
        assert asked[-1].conditions == (ConfidenceIn(0.5, 0.6),)
        qtbot.keyClick(drawn, Qt.Key.Key_Left)
        qtbot.keyClick(drawn, Qt.Key.Key_Left)
        qtbot.keyClick(drawn, Qt.Key.Key_Return)
        assert asked[-1].conditions == (ConfidenceIn(0.8, 0.9),)

    def test_it_is_said_in_words(self, panel: SurenessPanel, show: Show) -> None:
        press(panel, "Calibration")
        shown = show(10_000)
        panel.show_sight(shown.sight())
        mean, right = shown.answers.confidence.mean(), shown.answers.accuracy
        assert any(f"it says {100 * mean:.1f} % and is right {100 * right:.1f} %" in text for text in said(panel))
        assert any("(ECE)" in text and text.endswith("10,000 pictures") for text in said(panel))

    def test_a_network_that_is_too_sure_shows_how_far_off_it_is(self, panel: SurenessPanel, show: Show) -> None:
        press(panel, "Calibration")
        shown = show(2000)
        whole: Predictions = shown.answers
        sharp = whole.probabilities.astype(np.float64) ** 3
        sharp /= sharp.sum(axis=1, keepdims=True)
        shown.answers = Predictions(whole.samples, whole.labels, whole.predicted, whole.loss, sharp.astype(np.float16))
        panel.show_sight(shown.sight())
        assert any(text.endswith("too sure.") for text in said(panel))
        amber = QColor(theme.colour("amber"))
        image = chart(panel, CalibrationChart).grab().toImage()
        near = [
            1 for x in range(image.width()) for y in range(image.height())
            if abs(image.pixelColor(x, y).hue() - amber.hue()) < 6 and image.pixelColor(x, y).saturation() > 120
        ]  # fmt: skip
        assert len(near) > 40


class TestCurves:
    @pytest.mark.parametrize(("tab", "name"), [("ROC", "AUC"), ("Precision–recall", "AP")])
    def test_a_class_that_is_looked_at_is_chosen_and_its_area_is_scikit_learns(
        self, panel: SurenessPanel, show: Show, tab: str, name: str
    ) -> None:
        press(panel, tab)
        shown = show(10_000)
        panel.show_sight(shown.sight(Selection(conditions=(TrueIs(SHIRT),))))
        kind = theirs.roc_auc_score if name == "AUC" else theirs.average_precision_score
        area = kind(shown.answers.labels == SHIRT, shown.answers.probabilities[:, SHIRT].astype(np.float64))
        assert f"{name} {area:.3f} · 1,000 of 10,000 pictures" in said(panel)
        box = chart(panel, QComboBox)
        assert box.currentText() == "Shirt"
        assert any(text.endswith("over 10 of 10 classes") for text in said(panel))

    def test_the_worst_class_is_chosen_first_and_another_in_the_box(
        self, panel: SurenessPanel, show: Show, data: ImageData, qtbot: QtBot
    ) -> None:
        press(panel, "ROC")
        shown = show(10_000)
        panel.show_sight(shown.sight())
        box, drawn = chart(panel, QComboBox), chart(panel, CurvesChart)
        shares, labels = shown.answers.probabilities.astype(np.float64), shown.answers.labels
        areas = [theirs.roc_auc_score(labels == label, shares[:, label]) for label in range(10)]
        assert box.currentText() == data.classes[int(np.argmin(areas))]
        qtbot.keyClick(drawn, Qt.Key.Key_Down)
        assert box.currentText() == data.classes[int(np.argmin(areas)) + 1]
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Home)
        assert drawn.chosen == 0
        assert theme.colour("accent").name() in colours(drawn)

    def test_a_curve_leads_to_the_pictures_of_its_class(self, panel: SurenessPanel, show: Show, qtbot: QtBot) -> None:
        press(panel, "ROC")
        asked = heard(panel)
        panel.show_sight(show(10_000).sight())
        drawn = chart(panel, CurvesChart)
        drawn.grab()
        line = drawn._lines[SHIRT]
        at = QPointF(*line[len(line) // 2, :2].tolist()).toPoint()
        assert tip(qtbot, drawn, at).startswith("Shirt, from ")
        qtbot.mouseClick(drawn, LEFT, pos=at)
        assert asked[-1].conditions == (TrueIs(SHIRT),)
        qtbot.keyClick(drawn, Qt.Key.Key_Return, CONTROL)
        assert asked[-1].conditions == (TrueIs(SHIRT),)
        count = len(asked)
        qtbot.mouseDClick(drawn, LEFT, pos=at)
        assert [one.only for one in asked[count:]] == [(TrueIs(SHIRT),)]

    def test_where_it_is_undefined_or_few_it_says_so(self, panel: SurenessPanel, show: Show) -> None:
        shown = show(100)
        panel.show_sight(shown.sight(Selection(only=(TrueIs(SHIRT),))))
        press(panel, "ROC")
        assert any(text == "Mean AUC – over 0 of 10 classes" for text in said(panel))
        press(panel, "Precision–recall")
        assert any(text.endswith("too few to judge") for text in said(panel))
        box = chart(panel, QComboBox)
        box.setCurrentIndex(3)
        box.activated.emit(3)
        assert "undefined: no picture of it" in said(panel)


def test_only_the_view_that_is_seen_computes(panel: SurenessPanel, show: Show) -> None:
    panel.hide()
    panel.show_sight(show(2000).sight())
    assert not vars(panel._figures).keys() & {"fine", "roc", "precision_recall"}
    panel.show()
    assert vars(panel._figures).keys() & {"fine", "roc", "precision_recall"} == {"fine"}
    press(panel, "ROC")
    assert vars(panel._figures).keys() & {"fine", "roc", "precision_recall"} == {"fine", "roc"}


def test_sentences_keep_their_place(panel: SurenessPanel, show: Show) -> None:
    panel.show_sight(show(0).sight())
    before = [one.geometry() for one in panel.findChildren(FewLines)]
    panel.show_sight(show(10_000).sight())
    QApplication.processEvents()
    assert [one.geometry() for one in panel.findChildren(FewLines)] == before
