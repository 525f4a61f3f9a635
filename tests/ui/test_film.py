"""Films that cannot become one: of very many epochs, of a run that is left, or given up."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from fmstudio.runs.run import Run
from fmstudio.session.inspection import Inspection
from fmstudio.ui.film import MOST_FRAMES, Film


@pytest.fixture
def page(qtbot: QtBot) -> QLabel:
    made = QLabel()
    made.resize(8, 6)
    qtbot.addWidget(made)
    return made


def test_of_very_many_epochs_some_are_filmed(page: QLabel) -> None:
    film = Film(page, Inspection(), range(301), page)
    assert len(film._left) == len(set(film._left)) == MOST_FRAMES
    assert film._left == sorted(film._left)
    assert (film._left[0], film._left[-1]) == (0, 300)


def test_another_run_ends_a_film_without_turning_that_run_back(page: QLabel, qtbot: QtBot) -> None:
    inspection = Inspection()
    film = Film(page, inspection, [0, 1, 2], page)
    taken: list[object] = []
    film.taken.connect(taken.append)
    film.start()
    with qtbot.waitSignal(film.given_up):
        inspection.show_run(Run(id="another"))
    assert taken == []
    assert inspection.epoch is None


def test_the_user_turning_to_another_epoch_does_not_spoil_it(page: QLabel, qtbot: QtBot) -> None:
    inspection = Inspection()
    inspection.changed.connect(lambda: page.setStyleSheet(f"background: #{(inspection.epoch or 0) * 80:02x}0000"))
    film = Film(page, inspection, [1, 2], page)
    with qtbot.waitSignal(film.taken) as taken:
        film.start()
        inspection.show_epoch(0)
    assert [image.pixelColor(2, 2).red() for image in taken.args[0]] == [80, 160]


def test_a_film_that_is_stopped_leaves_everything_as_it_was(page: QLabel, qtbot: QtBot) -> None:
    inspection = Inspection()
    inspection.show_epoch(5)
    film = Film(page, inspection, [0, 1], page)
    film.start()
    assert inspection.epoch == 0
    with qtbot.assertNotEmitted(film.taken, wait=120):
        film.stop()
    assert inspection.epoch == 5


def test_a_film_without_epochs_ends_too(page: QLabel, qtbot: QtBot) -> None:
    film = Film(page, Inspection(), [], page)
    with qtbot.waitSignal(film.taken) as taken:
        film.start()
    assert taken.args == [[]]
