"""The slider over the epochs, and the film."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.export.film import write_film
from fmstudio.session.inspection import Inspection
from fmstudio.ui.film import Film, frames
from fmstudio.ui.time_bar import TimeBar


@pytest.fixture
def bar(qtbot: QtBot) -> TimeBar:
    made = TimeBar()
    qtbot.addWidget(made)
    made.resize(600, 28)
    made.show()
    return made


def slider(bar: TimeBar) -> QSlider:
    return bar.findChild(QSlider, "epochSlider")


def words(bar: TimeBar) -> str:
    return bar.findChild(QLabel, "epochWords").text()


def chosen(bar: TimeBar) -> list[object]:
    found: list[object] = []
    bar.epoch_chosen.connect(found.append)
    return found


def test_before_a_run_it_sleeps(bar: TimeBar) -> None:
    assert not slider(bar).isEnabled()
    assert words(bar) == ""


def test_arrow_keys_go_back_in_time(bar: TimeBar, qtbot: QtBot) -> None:
    bar.show_epochs([0, 1, 2], None, total=2, kept=2)
    found = chosen(bar)
    assert words(bar) == "epoch 2 / 2"
    for _ in range(4):
        qtbot.keyClick(slider(bar), Qt.Key.Key_Left)
    assert found == [2, 1, 0]
    assert words(bar) == "epoch 0 / 2"
    assert bar.findChild(QPushButton, "backToNow").isVisible()
    qtbot.mouseClick(bar.findChild(QPushButton, "backToNow"), Qt.MouseButton.LeftButton)
    assert found[-1] is None
    assert not bar.findChild(QPushButton, "backToNow").isVisible()


def test_new_epochs_do_not_move_what_is_looked_at(bar: TimeBar) -> None:
    bar.show_epochs([0, 1], 1, total=5)
    found = chosen(bar)
    bar.show_epochs([0, 1, 2, 3], 1, total=5)
    assert found == []
    assert words(bar) == "epoch 1 / 5"


def test_playing_goes_through_all_epochs_and_ends_now(bar: TimeBar, qtbot: QtBot) -> None:
    bar.show_epochs([0, 1, 2], None, total=2, kept=2)
    bar._timer.setInterval(1)
    found = chosen(bar)
    qtbot.mouseClick(bar.findChild(QPushButton, "playEpochs"), Qt.MouseButton.LeftButton)
    assert bar.playing
    qtbot.waitUntil(lambda: not bar.playing)
    assert found == [0, 1, 2, None]


def test_a_film_shows_one_epoch_after_the_other(qtbot: QtBot, tmp_path: Path) -> None:
    inspection = Inspection()
    page = QLabel()
    page.resize(40, 30)
    qtbot.addWidget(page)
    inspection.changed.connect(lambda: page.setStyleSheet(f"background: #{(inspection.epoch or 0) * 80:02x}0000"))
    film = Film(page, inspection, [0, 1, 2], inspection)
    with qtbot.waitSignal(film.taken) as taken:
        film.start()
    assert inspection.epoch is None
    path = write_film(tmp_path / "film.webp", frames(taken.args[0]))
    with Image.open(path) as made:
        assert (made.size, made.n_frames) == ((40, 30), 3)
        reds = []
        for number in range(3):
            made.seek(number)
            reds.append(made.convert("RGB").getpixel((20, 15))[0])
    assert reds == pytest.approx([0, 80, 160], abs=6)


@pytest.mark.parametrize("name", ["film.gif", "film.png"])
def test_a_film_in_other_formats(tmp_path: Path, name: str) -> None:
    pictures = [(2, 1, bytes([value] * 6)) for value in (0, 255)]
    with Image.open(write_film(tmp_path / name, pictures)) as made:
        assert made.n_frames == 2


def test_a_film_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    picture = [(1, 1, b"\\0\\0\\0")]
    with pytest.raises(UserError, match="cannot be saved as"):
        write_film(tmp_path / "film.mp4", picture)
    with pytest.raises(UserError, match="cannot be written"):
        write_film(tmp_path / "nowhere" / "film.gif", [(1, 1, bytes(3))])
    with pytest.raises(UserError, match="no epoch"):
        write_film(tmp_path / "film.gif", [])
