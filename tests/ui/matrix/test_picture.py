"""The matrix as a file, read back by other programs' means."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.export.figures import read_facts
from fmstudio.runs.run import Run
from fmstudio.session.confusion_cell import Mode, Other
from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.ui import theme
from fmstudio.ui.matrix.delegate import cell_colour
from fmstudio.ui.matrix.menu import more_menu, thinned
from fmstudio.ui.matrix.page import MatrixPage
from fmstudio.ui.matrix.picture import MatrixFigure, export_matrix

NAMES = ("T-shirt", "Shirt", "Bag, large")
MATRIX = np.array([[900, 99, 1], [83, 917, 0], [0, 0, 0]])
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


def figure(mode: Mode = "count", matrix: np.ndarray | None = MATRIX) -> MatrixFigure:
    model = ConfusionTableModel()
    other = Other("epoch 1", np.zeros((3, 3), np.int64))
    model.show(matrix, NAMES, mode, sums=MATRIX / 3, other=other)
    return MatrixFigure(model, NAMES, "Confusion matrix · First look", "2,000 test pictures · count")


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_a_class_of_ones_own_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    model = ConfusionTableModel()
    model.show(MATRIX, ("=1+1", "@shirt", "bag"), "count")
    own = MatrixFigure(model, ("=1+1", "@shirt", "bag"), "", "2,000 test pictures")
    export_matrix(tmp_path / "m.csv", own)
    rows = table(tmp_path / "m.csv")
    assert rows[0] == ["2,000 test pictures", "'=1+1", "'@shirt", "bag"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@shirt", "bag"]


def test_csv_holds_names_and_numbers_as_they_stand(tmp_path: Path) -> None:
    path, shown = tmp_path / "matrix.csv", figure()
    export_matrix(path, shown)
    assert table(path) == [
        ["2,000 test pictures · count", *NAMES],
        ["T-shirt", "900", "99", "1"],
        ["Shirt", "83", "917", "0"],
        ["Bag, large", "0", "0", "0"],
    ]
    shown.model.arrange(np.array([1, 0, 2]))
    export_matrix(path, shown)
    assert table(path)[1] == ["Shirt", "917", "83", "0"]


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_a_saved_matrix_knows_its_run(tmp_path: Path, ending: str) -> None:
    run, path = Run(spec={"name": "First look", "seed": 5}, id="a"), tmp_path / f"matrix{ending}"
    export_matrix(path, replace(figure(), run=run, library=tmp_path))
    facts = read_facts(path)
    assert facts is not None
    assert (facts.run, facts.name, facts.seed) == ("a", "First look", 5)


@pytest.mark.parametrize(
    ("mode", "rows"),
    [
        ("true", [["90", "9.9", "0.1"], ["8.3", "91.7", "0"], ["", "", ""]]),
        ("sum", [["300", "33", "0.3333"], ["27.6667", "305.6667", "0"], ["0", "0", "0"]]),
        ("change", [["900", "99", "1"], ["83", "917", "0"], ["0", "0", "0"]]),
    ],
)
def test_csv_follows_the_mode(tmp_path: Path, mode: Mode, rows: list[list[str]]) -> None:
    export_matrix(tmp_path / "m.csv", figure(mode))
    assert [row[1:] for row in table(tmp_path / "m.csv")[1:]] == rows


def test_svg_holds_title_names_and_numbers_as_text(tmp_path: Path) -> None:
    export_matrix(tmp_path / "m.svg", figure())
    root = ElementTree.parse(tmp_path / "m.svg").getroot()
    words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"Confusion matrix · First look", "2,000 test pictures · count", *NAMES, "900", "83"} <= set(words)
    assert any("right" in text for text in words)
    assert "0" not in words  # zeros are empty, and so is the row of a class without pictures
    assert "sans-serif" in (tmp_path / "m.svg").read_text(encoding="utf-8")


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


@pytest.mark.parametrize("classes", [2, 3, 12, 70, 300])
def test_png_holds_every_square(tmp_path: Path, classes: int) -> None:
    names = tuple(f"Class {number}" for number in range(classes))
    model = ConfusionTableModel()
    model.show(9 * np.eye(classes, dtype=np.int64) + np.eye(classes, k=1, dtype=np.int64), names)
    export_matrix(tmp_path / "m.PNG", MatrixFigure(model, names, "Title", "Subtitle"))
    image = QImage(str(tmp_path / "m.PNG"))
    assert image.width() > 300
    assert image.pixelColor(2, 2) == QColor(theme.current().card)
    assert {cell_colour(0.9, right=True).name(), cell_colour(0.1, right=False).name()} <= colours(image)


def test_what_cannot_be_saved_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(UserError, match=r"cannot be saved as m\.jpg.*\.png, \.svg or \.csv"):
        export_matrix(tmp_path / "m.jpg", figure())
    with pytest.raises(UserError, match="no matrix yet"):
        export_matrix(tmp_path / "m.png", figure(matrix=None))
    page = MatrixPage()
    qtbot.addWidget(page)
    page.table.show(MATRIX, NAMES)
    with qtbot.waitSignal(page.failed) as heard:
        page.save(tmp_path / "nowhere" / "m.csv")
    assert "cannot be written" in heard.args[0].message
    assert not list(tmp_path.iterdir())


def test_the_menu_asks_where_to(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = MatrixPage()
    qtbot.addWidget(page)
    page.table.show(MATRIX, NAMES)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    menu = more_menu(page, page, [], matrix=True)
    with qtbot.waitSignal(page.saved) as heard:
        next(action for action in menu.actions() if action.text() == "Save as CSV…").trigger()
    assert heard.args == [tmp_path / "mine.csv"]
    assert table(tmp_path / "mine.csv")[1] == ["T-shirt", "900", "99", "1"]


def test_of_very_many_epochs_some_are_offered() -> None:
    assert thinned(tuple(range(7))) == tuple(range(7))
    some = thinned(tuple(range(1000)))
    assert len(some) == 100
    assert (some[0], some[-1]) == (0, 999)
