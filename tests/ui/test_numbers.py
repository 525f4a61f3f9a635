"""What a person sees of a run that learns numbers, in the four places of Results and on the page Data."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.catalog.datasets import FashionMnist, Linear
from fmstudio.data.library import load_images
from fmstudio.insight.verdict import Verdict
from fmstudio.runs.run import Run
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.session import TrainingSession
from fmstudio.training.events import ParametersMoved, StepsTaken
from fmstudio.ui import theme
from fmstudio.ui.curves_panel import CurvesPanel
from fmstudio.ui.data_page import DataPage
from fmstudio.ui.parameter_table import ParameterTable
from fmstudio.ui.points_page import rule_text
from fmstudio.ui.results_page import ResultsPage
from fmstudio.ui.widgets import TabRow

LINE = Linear(w=(3.0,), b=0.8, noise=0.0, n=50, test_n=40, distribution="uniform")
PLANE = Linear(n=3000, test_n=50)
MANY = Linear(w=(1.0, -2.0, 3.0, 0.5, 0.0, 1.5, 2.5), b=1.0, n=100, test_n=50)

NumberRun = Callable[..., Run]


@pytest.fixture
def inspection(qapp: QApplication) -> Inspection:
    theme.apply(qapp, "light")
    return Inspection()


@pytest.fixture
def page(qtbot: QtBot, inspection: Inspection) -> ResultsPage:
    made = ResultsPage(inspection, Examiner(TrainingSession(parent=inspection), inspection, inspection))
    made.place_curves(CurvesPanel())
    made.resize(1080, 750)
    qtbot.addWidget(made)
    inspection.changed.connect(made.refresh)
    with qtbot.waitExposed(made):
        made.show()
    return made


def offered(tabs: TabRow) -> list[str]:
    return [key for key, tab in tabs.buttons.items() if not tab.isHidden()]


def named(page: QWidget, name: str) -> QWidget:
    found = page.findChild(QWidget, name)
    assert found is not None
    return found


def button(page: QWidget) -> QPushButton:
    found = page.findChild(QPushButton, "scoreButton")
    assert found is not None
    return found


def learned_line(page: ResultsPage) -> tuple[float, float]:
    """Slope and height at zero of the line that is drawn as learned."""
    assert page.scatter.chart.scene is not None
    stroke = page.scatter.chart.scene.strokes[-1]
    slope = (stroke.y[-1] - stroke.y[0]) / (stroke.x[-1] - stroke.x[0])
    return float(slope), float(stroke.y[0] - slope * stroke.x[0])


def test_before_training_the_places_of_numbers_stand_there_asleep(page: ResultsPage) -> None:
    page.show_recipe_data(LINE, {"kind": "mse"})
    assert page.scatter.isVisible()
    assert page.valley.isVisible()
    assert not page.pictures.isVisible()
    scene = page.scatter.chart.scene
    assert scene is not None
    assert len(scene.clouds[0].x) == 50
    assert scene.strokes == ()
    assert page.scatter.note == "50 training points"
    assert len(page.valley.valley.path) == 0
    assert [line.learned for line in page.findChildren(ParameterTable)[0].lines] == ["–", "–"]


def test_another_recipe_brings_the_pictures_back(page: ResultsPage) -> None:
    page.show_recipe_data(LINE)
    page.show_recipe_data(None)
    assert page.scatter.isVisible(), "a recipe that cannot be read changes nothing"
    page.show_recipe_data(FashionMnist())
    assert page.pictures.isVisible()
    assert not page.scatter.isVisible()


def test_a_run_that_is_looked_at_counts_more_than_the_recipe(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    page.show_recipe_data(LINE)
    inspection.show_data(load_images("fashion-mnist", train_size=20, test_size=20))
    inspection.show_run(Run({"dataset": {"kind": "fashion-mnist", "train_size": 20, "test_size": 20}}))
    assert page.pictures.isVisible()
    inspection.show_run(number_run(PLANE))
    page.show_recipe_data(FashionMnist())
    assert page.scatter.isVisible()


def test_the_card_says_how_far_off_and_compares_the_parameters(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    inspection.show_run(number_run(LINE, epochs=400, lr=0.3))
    assert named(page, "scoreBig").accessibleName() == "R² 1.000"
    below = named(page, "scoreBelow")
    assert isinstance(below, QLabel)
    assert "on average · epoch 400 of 400" in below.text()
    lines = page.findChildren(ParameterTable)[0].lines
    assert [(line.name, line.true, line.learned) for line in lines] == [("w", "3", "3.000"), ("b", "0.8", "0.800")]
    assert all(line.near for line in lines)
    assert not named(page, "scoreNote").isVisible()


def test_the_button_of_the_card_shows_the_residuals(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun, qtbot: QtBot
) -> None:
    inspection.show_run(number_run(LINE, epochs=400, lr=0.3))
    assert page.valley.tabs.key == "valley"
    qtbot.mouseClick(button(page), Qt.MouseButton.LeftButton)
    assert page.valley.tabs.key == "residuals"
    assert page.valley.chart.isVisible()


def test_a_mending_is_passed_on(page: ResultsPage, inspection: Inspection, number_run: NumberRun, qtbot: QtBot) -> None:
    inspection.show_run(number_run(LINE, epochs=60, lr=0.001))
    pressed: list[Verdict] = []
    page.verdict_pressed.connect(pressed.append)
    qtbot.mouseClick(button(page), Qt.MouseButton.LeftButton)
    assert pressed[0].changes == (("optimizer.lr", 0.01),)


def test_the_line_moves_with_every_update_and_the_points_stand_still(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    run = number_run(LINE, epochs=2, end="")
    inspection.show_run(run)
    before = page.scatter.chart.scene
    run.apply(StepsTaken(step=3, epoch=3, losses=np.ones(1, np.float32), rates=np.ones(1, np.float32), seconds=1.0))
    run.apply(ParametersMoved(steps=np.array([3]), values=np.array([[1.5, 0.25]], np.float32)))
    inspection.show_run(run)
    assert learned_line(page) == pytest.approx((1.5, 0.25))
    after = page.scatter.chart.scene
    assert before is not None
    assert after is not None
    assert after.clouds[0].x is before.clouds[0].x
    assert after.clouds[0].y is before.clouds[0].y
    assert page.valley.valley.path[-1] == pytest.approx([1.5, 0.25])


def test_points_that_stand_still_are_drawn_once(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun, qapp: QApplication
) -> None:
    run = number_run(LINE, epochs=2, end="")
    inspection.show_run(run)
    chart = page.scatter.chart
    chart.grab()
    first = chart._still
    run.apply(ParametersMoved(steps=np.array([3]), values=np.array([[1.5, 0.25]], np.float32)))
    inspection.show_run(run)
    chart.grab()
    assert chart._still is first
    surface = page.valley.surface
    inspection.show_run(run)
    assert page.valley.surface is surface


def test_a_network_that_bends_is_drawn_through_its_answers(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    run = number_run(LINE, epochs=400, lr=0.3, path=False)
    inspection.show_run(run)
    assert learned_line(page) == pytest.approx((3.0, 0.8), abs=0.01)
    scene = page.scatter.chart.scene
    assert scene is not None
    assert len(scene.strokes[-1].x) == 40
    assert offered(page.valley.tabs) == ["residuals"]


@pytest.mark.parametrize(
    ("dataset", "left", "right"),
    [
        (LINE, ["line", "predicted"], ["valley", "residuals"]),
        (PLANE, ["predicted", "plane", "x1", "x2"], ["valley", "residuals"]),
        (MANY, ["predicted", "x1", "x2", "x3", "x4", "x5", "x6"], ["weights", "residuals"]),
    ],
)
def test_every_view_that_fits_is_offered_and_can_be_seen(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun, dataset: Linear, left: list[str], right: list[str]
) -> None:
    inspection.show_run(number_run(dataset, epochs=30))
    assert offered(page.scatter.tabs) == left
    assert offered(page.valley.tabs) == right
    for panel in (page.scatter, page.valley):
        for key in offered(panel.tabs):
            panel.tabs.buttons[key].click()
            drawn = panel.grab().toImage()
            used = {drawn.pixelColor(x, y).name() for x in range(0, drawn.width(), 7) for y in range(60, 200, 5)}
            assert len(used) > 3, key


def test_of_many_points_only_so_many_are_drawn_and_it_says_so(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    inspection.show_run(number_run(PLANE, epochs=5))
    page.scatter.tabs.buttons["x1"].click()
    assert page.scatter.note == "2,000 of 3,000 training points"
    scene = page.scatter.chart.scene
    assert scene is not None
    assert len(scene.clouds[0].x) == 2000


def test_the_true_place_is_marked_in_the_valley(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    inspection.show_run(number_run(LINE, epochs=3))
    chart, surface = page.valley.valley, page.valley.surface
    assert surface is not None
    assert surface.across[0] < 3.0 < surface.across[1]
    picture = chart.grab().toImage()
    green = QColor(theme.current().right)
    found = [
        QPoint(x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y) == green
    ]
    middle = sum(place.x() for place in found) / len(found)
    expected = 46 + (picture.width() - 54) * (3.0 - surface.across[0]) / (surface.across[1] - surface.across[0])
    assert middle == pytest.approx(expected, abs=2)


def test_the_valley_grows_when_the_path_leaves_it(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    run = number_run(LINE, epochs=1, end="")
    inspection.show_run(run)
    before = page.valley.surface
    run.apply(ParametersMoved(steps=np.array([2]), values=np.array([[6.0, 0.5]], np.float32)))
    inspection.show_run(run)
    after = page.valley.surface
    assert before is not None
    assert after is not None
    assert before.across[1] < 6.0 < after.across[1]


def test_the_valley_of_a_run_is_the_same_however_it_came_to_be_shown(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun, qtbot: QtBot
) -> None:
    page.show_recipe_data(LINE, {"kind": "mse"})
    asleep = page.valley.surface
    run = number_run(LINE, epochs=1, end="")
    inspection.show_run(run)
    begun = page.valley.surface
    assert asleep is not None
    assert begun is not None
    assert (begun.across, begun.up) == (asleep.across, asleep.up)
    for step, value in ((2, [4.5, 1.5]), (3, [6.0, 0.5]), (4, [3.0, 0.8])):
        run.apply(ParametersMoved(steps=np.array([step]), values=np.array([value], np.float32)))
        inspection.show_run(run)
    live = page.valley.surface
    again = ResultsPage(inspection, Examiner(TrainingSession(parent=inspection), inspection, inspection))
    qtbot.addWidget(again)
    again.resize(500, 420)
    with qtbot.waitExposed(again):
        again.show()
    rebuilt = again.valley.surface
    assert live is not None
    assert rebuilt is not None
    assert (rebuilt.across, rebuilt.up) == (live.across, live.up)


def test_what_ran_away_does_not_break_a_view(page: ResultsPage, inspection: Inspection, number_run: NumberRun) -> None:
    run = number_run(LINE, epochs=14, lr=2.5)
    assert abs(run.parameters[0]) > 1e6
    inspection.show_run(run)
    for panel in (page.scatter, page.valley):
        for key in offered(panel.tabs):
            panel.tabs.buttons[key].click()
            panel.grab()
    assert page.valley.surface is not None
    assert page.valley.surface.across[1] < 1000


def test_rates_have_no_true_parameters_to_compare_with(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    counts = Linear(w=(1.0,), b=5.0, noise=0.0, n=50, test_n=40, distribution="uniform")
    inspection.show_run(number_run(counts, epochs=3, lr=0.01, loss="poisson-nll"))
    assert [line.difference for line in page.findChildren(ParameterTable)[0].lines] == ["–", "–"]
    page.valley.grab()
    curves = page.findChild(CurvesPanel)
    assert curves is not None
    assert not curves.page.logarithmic


def test_curves_of_numbers_show_the_loss_and_no_accuracy(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    curves = page.findChild(CurvesPanel)
    assert curves is not None
    assert curves.tabs.key == "accuracy"
    inspection.show_run(number_run(LINE, epochs=30))
    assert curves.tabs.key == "loss"
    assert curves.page.logarithmic
    assert curves.log_switch.isChecked()
    assert curves.tabs.buttons["accuracy"].isHidden()
    assert len(curves.page.curves["test"].points[0]) == 31
    curves.choose("rate")
    inspection.show_run(number_run(LINE, epochs=3))
    assert curves.tabs.key == "rate", "what the user chose stays"
    page.show_recipe_data(FashionMnist())
    inspection.show_run(Run())
    assert curves.tabs.key == "accuracy"
    assert not curves.tabs.buttons["accuracy"].isHidden()


def test_a_hidden_page_draws_when_it_is_shown(page: ResultsPage, inspection: Inspection, number_run: NumberRun) -> None:
    page.hide()
    inspection.show_run(number_run(LINE, epochs=400, lr=0.3))
    assert page.scatter.chart.scene is None
    page.show()
    assert learned_line(page) == pytest.approx((3.0, 0.8), abs=0.01)


def test_the_card_speaks_of_numbers_again_after_pictures(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun
) -> None:
    run = number_run(LINE, epochs=400, lr=0.3)
    inspection.show_run(run)
    inspection.show_run(Run())
    inspection.show_run(run)
    assert named(page, "scoreBig").accessibleName() == "R² 1.000"


def test_the_plane_is_turned_by_hand_and_by_key(
    page: ResultsPage, inspection: Inspection, number_run: NumberRun, qtbot: QtBot
) -> None:
    inspection.show_run(number_run(PLANE, epochs=3))
    page.scatter.tabs.buttons["plane"].click()
    plane = page.scatter.plane
    turn = plane.turn
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_Right)
    assert plane.turn == pytest.approx((turn + 6) % 360)
    qtbot.mouseDClick(plane, Qt.MouseButton.LeftButton)
    assert plane.turn == pytest.approx(turn)


class TestDataPage:
    @pytest.fixture
    def data(self, qtbot: QtBot, qapp: QApplication) -> DataPage:
        theme.apply(qapp, "light")
        made = DataPage()
        made.resize(1100, 760)
        qtbot.addWidget(made)
        made.show()
        return made

    def test_it_says_the_rule_and_shows_the_points(self, data: DataPage) -> None:
        data.show_points(PLANE)
        rule = named(data, "rule")
        assert isinstance(rule, QLabel)
        assert rule.text() == "y = 2 · x1 − 3.4 · x2 + 4.2 + noise"
        assert data.points.isVisible()
        assert {"3,000", "50"} <= {label.text() for label in data.points.findChildren(QLabel)}
        assert data.points.table.rowCount() == 200
        scene = data.points.chart.scene
        assert scene is not None
        assert len(scene.clouds[0].x) == 2000

    def test_each_input_has_a_tab(self, data: DataPage) -> None:
        data.show_points(PLANE)
        assert offered(data.points.tabs) == ["x1", "x2"]
        data.points.tabs.buttons["x2"].click()
        scene = data.points.chart.scene
        assert scene is not None
        assert scene.names == ("x2", "y")
        data.show_points(LINE)
        scene = data.points.chart.scene
        assert scene is not None
        assert scene.names == ("x", "y")
        assert not data.points.tabs.isVisible()

    def test_it_turns_back_to_the_pictures(self, data: DataPage) -> None:
        data.show_points(LINE)
        data.show_pictures()
        assert not data.points.isVisible()


@pytest.mark.parametrize(
    ("dataset", "text"),
    [
        (LINE, "y = 3 · x + 0.8"),
        (Linear(w=(-1.0,), b=-2.0), "y = −1 · x − 2 + noise"),
        (MANY, "y = 1 · x1 − 2 · x2 + 3 · x3 + … + 1 + noise"),
    ],
)
def test_a_rule_is_a_formula(dataset: Linear, text: str) -> None:
    assert rule_text(dataset) == text
