"""The learning-rate finder: the plot while it goes on, what it suggests, and taking a rate over."""

import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.finder_task import RATES, FinderTask
from fmstudio.training.rate_points import LOWEST, STEPS, RatePoint, RateRange
from fmstudio.ui import theme
from fmstudio.ui.before.finder_page import FinderPage
from fmstudio.ui.before.rate_finder_chart import RateFinderChart

SPEC = lesson("softmax").spec


def spec_with(*changes: tuple[str, Any]) -> ExperimentSpec:
    return read_spec(changed(lesson("softmax").draft, list(changes)))


def usual() -> RateRange:
    """The loss falls round 0.01 and leaps from 0.9 on."""
    rates = np.geomspace(LOWEST, 10, STEPS)[:92]
    losses = 0.5 + 2 / (1 + (rates / 0.01))
    losses = np.where(rates > 0.9, losses + 6 * np.log10(rates / 0.9), losses)
    pairs = zip(rates.tolist(), losses.tolist(), strict=True)
    return RateRange(tuple(RatePoint(n, r, x, x) for n, (r, x) in enumerate(pairs, 1)), LOWEST, 10, "exploded")


@pytest.fixture
def page(qtbot: QtBot, answers: Any) -> FinderPage:
    made = FinderPage(FinderTask(answers, RATES))
    qtbot.addWidget(made)
    made.resize(408, 700)
    made.show_spec(SPEC)
    made.show()
    return made


def text(page: FinderPage, name: str) -> str:
    QApplication.sendPostedEvents()
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def chart_of(page: FinderPage) -> RateFinderChart:
    found = page.findChild(RateFinderChart)
    assert found is not None
    return found


def buttons(page: FinderPage) -> dict[str, str]:
    QApplication.sendPostedEvents()
    return {one.objectName(): one.text() for one in page.findChildren(QPushButton) if one.isVisible()}


def press(page: FinderPage, qtbot: QtBot, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def accent_columns(page: FinderPage) -> int:
    """How many columns of the plot hold the colour of the line."""
    image = chart_of(page).grab().toImage()
    accent = theme.colour("accent").rgb()
    return sum(any(image.pixel(x, y) == accent for y in range(image.height())) for x in range(image.width()))


def test_before_it_says_what_it_does(page: FinderPage) -> None:
    assert "a network that is thrown away" in text(page, "finderSentence")
    assert buttons(page) == {"finderAgain": "Search"}


def test_while_it_goes_on_the_line_grows(page: FinderPage, qtbot: QtBot) -> None:
    page.begin()
    assert set(buttons(page)) == {"finderCancel"}
    points = usual().points
    for point in points[:20]:
        page._task.progressed.emit(point)
    few = accent_columns(page)
    for point in points[20:60]:
        page._task.progressed.emit(point)
    assert accent_columns(page) > 2 * few
    assert text(page, "finderState") == "Step 60 of 100"


def test_what_was_found_can_be_taken_over(page: FinderPage, qtbot: QtBot, answers: Any) -> None:
    page.begin()
    answers.then(usual())
    assert text(page, "finderSentence").startswith("A learning rate of 0.03 looks good.")
    shown = buttons(page)
    assert shown == {"finderAgain": "Again", "use.middle": "Use 0.03", "use.steepest": "Use 0.01",
                     "use.tenth": "Use 0.09", "use.valley": "Use 0.0008"}  # fmt: skip
    names = {mark.name: mark.rate for mark in chart_of(page).marks}
    assert names["Our suggestion"] == pytest.approx(0.03)
    assert names["Recipe"] == SPEC.optimizer.lr
    with qtbot.waitSignal(page.rate_chosen) as chosen:
        press(page, qtbot, "use.middle")
    assert chosen.args == [0.03]


def test_a_click_in_the_plot_proposes_that_rate(page: FinderPage, qtbot: QtBot, answers: Any) -> None:
    page.begin()
    answers.then(usual())
    chart = chart_of(page)
    places = [QPoint(x, chart.height() // 2) for x in range(chart.width()) if chart.rate_at(x) == 0.02]
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=places[0])
    assert buttons(page)["usePicked"] == "Use 0.02"
    assert "Yours" in [mark.name for mark in chart.marks]
    with qtbot.waitSignal(page.rate_chosen) as chosen:
        press(page, qtbot, "usePicked")
    assert chosen.args == [0.02]


def test_the_keyboard_proposes_a_rate_too(page: FinderPage, qtbot: QtBot, answers: Any) -> None:
    page.begin()
    answers.then(usual())
    chart = chart_of(page)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(chart, key)
    assert buttons(page)["usePicked"] == "Use 0.04"


def test_what_is_beside_the_axes_is_no_rate(page: FinderPage, answers: Any) -> None:
    chart = chart_of(page)
    assert chart.rate_at(chart.width() / 2) is None, "nothing was tried yet"
    page.begin()
    answers.then(usual())
    assert chart.rate_at(2.0) is None
    rates = [rate for x in range(chart.width()) if (rate := chart.rate_at(x)) is not None]
    assert (min(rates), max(rates)) == (pytest.approx(1e-7), 10)
    assert rates == sorted(rates)


def test_giving_up(page: FinderPage, qtbot: QtBot) -> None:
    page.begin()
    press(page, qtbot, "finderCancel")
    assert text(page, "finderSentence") == "The search was given up."
    assert "finderAgain" in buttons(page)


def test_a_run_that_begins_ends_it(page: FinderPage, answers: Any) -> None:
    page.begin()
    answers.then(RateRange(usual().points[:9], end="stopped"))
    assert text(page, "finderSentence") == "The search was given up."
    assert buttons(page) == {"finderAgain": "Again"}


def test_beside_a_run_it_says_so(page: FinderPage, answers: Any) -> None:
    answers.open = False
    page.begin()
    assert "while nothing trains" in text(page, "finderSentence")
    assert "finderAgain" in buttons(page)


def test_a_failure_is_its_sentence(page: FinderPage, answers: Any) -> None:
    page.begin()
    answers.otherwise(UserError("The device has not enough memory for this run.", "Try 64."))
    assert text(page, "finderSentence") == "The device has not enough memory for this run. Try 64."


def test_where_it_makes_no_sense_nothing_begins(page: FinderPage, answers: Any) -> None:
    page.show_spec(spec_with(("optimizer.kind", "rprop")))
    page.begin()
    assert answers.asked == 0
    assert "Rprop" in text(page, "finderSentence")
    assert not chart_of(page).isVisible()
    page.show_spec(None)
    assert "Mend the recipe" in text(page, "finderSentence")
    page.show_spec(SPEC)
    assert "thrown away" in text(page, "finderSentence")


def test_what_the_test_leaves_out_is_said(page: FinderPage) -> None:
    page.show_spec(spec_with(("schedule.kind", "one-cycle")))
    assert "this is the highest rate" in text(page, "finderRemarks")


def test_a_changed_recipe_is_said_but_not_the_rate_that_was_taken(page: FinderPage, answers: Any) -> None:
    page.begin()
    answers.then(usual())
    page.show_spec(spec_with(("optimizer.lr", 0.03)))
    assert "has been changed" not in text(page, "finderRemarks")
    assert math.isclose(next(mark.rate for mark in chart_of(page).marks if mark.name == "Recipe"), 0.03)
    page.show_spec(spec_with(("batch_size", 7)))
    assert "has been changed" in text(page, "finderRemarks")
