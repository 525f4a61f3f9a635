"""The page Results as a whole: what one of its places asks for, the others follow."""

from pytestqt.qtbot import QtBot

from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.session import TrainingSession
from fmstudio.ui.curves_panel import CurvesPanel
from fmstudio.ui.results_page import ResultsPage


def test_an_epoch_of_the_curve_is_looked_at_by_all(qtbot: QtBot) -> None:
    inspection = Inspection()
    page = ResultsPage(inspection, Examiner(TrainingSession(parent=inspection), inspection, inspection))
    qtbot.addWidget(page)
    curves = CurvesPanel()
    page.place_curves(curves)
    curves.epoch_chosen.emit(3)
    assert inspection.epoch == 3
