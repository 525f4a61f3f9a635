"""Figures that are saved from the window carry where they come from."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.export.figures import read_all_facts, read_facts, shows_no_run
from fmstudio.runs.run import Run
from fmstudio.ui import theme
from fmstudio.ui.plots.figure_saver import FigureSaver, WidgetsFigure


@pytest.fixture
def host(qtbot: QtBot, qapp: QApplication) -> QWidget:
    theme.apply(qapp, "light")
    made = QWidget()
    qtbot.addWidget(made)
    return made


def parts(qtbot: QtBot) -> tuple[QLabel, QLabel]:
    made = QLabel("the chart"), QLabel("its key")
    for number, one in enumerate(made):
        qtbot.addWidget(one)
        one.resize(200, 60 + 20 * number)
        one.show()
    return made


def saver(host: QWidget, qtbot: QtBot, runs: list[Run]) -> FigureSaver:
    figure = WidgetsFigure(parts(qtbot), "Calibration · First look")
    return FigureSaver(host, lambda: "Calibration", figure.written, lambda: runs)


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_a_figure_carries_its_run(host: QWidget, qtbot: QtBot, tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "environment.json").write_text(json.dumps({"fmstudio": "0.1.0", "data": {"fashion-mnist": "ab"}}))
    made = saver(host, qtbot, [Run(spec={"name": "First look", "seed": 7}, id="a")])
    made.library = tmp_path
    path = tmp_path / f"figure{ending}"
    with qtbot.waitSignal(made.saved) as caught:
        made.save(path)
    assert caught.args == [path]
    facts = read_facts(path)
    assert facts is not None
    assert (facts.run, facts.seed, facts.version, facts.data) == ("a", 7, "0.1.0", "ab")


def test_a_figure_shows_heading_and_widgets(host: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    made = saver(host, qtbot, [])
    made.save(tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    for words in ("Calibration · First look", "the chart", "its key", "sans-serif"):
        assert words in text
    assert QSvgRenderer(str(tmp_path / "figure.svg")).isValid()
    made.save(tmp_path / "figure.png")
    image = QImage(str(tmp_path / "figure.png"))
    assert (image.width(), image.height()) == (2 * 228, 2 * (28 + 28 + 64 + 84))
    assert image.pixelColor(2, 2).name() == theme.LIGHT.card
    for ending in (".png", ".svg"):
        assert read_facts(tmp_path / f"figure{ending}") is None
        assert shows_no_run(tmp_path / f"figure{ending}")  # no photo, whoever opens it


def test_several_runs_are_all_carried(host: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    saver(host, qtbot, [Run(id="a"), Run(id="b")]).save(tmp_path / "figure.png")
    assert [facts.run for facts in read_all_facts(tmp_path / "figure.png")] == ["a", "b"]


def test_the_menu_asks_where_to(host: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, menu = saver(host, qtbot, []), QMenu(host)
    made.add_to(menu)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    for action in menu.actions():
        action.trigger()
    assert sorted(path.name for path in tmp_path.glob("mine*")) == ["mine.png", "mine.svg"]


@pytest.mark.parametrize(
    ("name", "sentence"), [("a.gif", "cannot be saved as a.gif"), ("no/a.png", "cannot be written")]
)
def test_what_cannot_be_saved_is_a_sentence(
    host: QWidget, qtbot: QtBot, tmp_path: Path, name: str, sentence: str
) -> None:
    made = saver(host, qtbot, [])
    with qtbot.waitSignal(made.failed) as caught:
        made.save(tmp_path / name)
    error = caught.args[0]
    assert isinstance(error, UserError)
    assert sentence in str(error)
