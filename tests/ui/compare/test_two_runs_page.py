"""Two runs side by side: parts, matrix, pictures, by mouse and by keyboard."""

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, PictureSet, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.insight.two_runs import Cell
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.session.captioned import Roles
from fmstudio.session.conditions import Picked
from fmstudio.session.selection import Selection
from fmstudio.training.events import EpochEnded, Predictions, RunEnded, RunStarted
from fmstudio.ui import theme
from fmstudio.ui.compare.differences.grid import DifferenceGrid
from fmstudio.ui.compare.parts_view import PartButton
from fmstudio.ui.compare.two_runs_page import TwoRunsPage, names_of
from fmstudio.ui.pictures.caption_wall import CaptionWall
from fmstudio.ui.pictures.share_bars import ShareBars
from fmstudio.ui.widgets import FewLines

COUNT = 400


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", test_size=COUNT)


def run_of(data: ImageData, name: str, wrong: dict[int, int], **changes: object) -> Run:
    """A run that answers everything rightly but some rows of the test pictures."""
    labels = data.test.labels
    predicted = labels.copy()
    predicted[list(wrong)] = list(wrong.values())
    probabilities = np.full((len(labels), 10), 0.01, np.float16)
    probabilities[np.arange(len(labels)), predicted] = 0.9
    loss = np.where(predicted == labels, 0.1, 4.0).astype(np.float32)
    answers = Predictions(data.test.samples, labels, predicted, loss, probabilities)
    made = Run(changed(lesson("first-look").draft, [("name", name), *changes.items()]), id=f"run-{name}")
    made.apply(RunStarted(run=made.id, epochs=1, steps_per_epoch=1, train_size=1, test_size=len(labels)))
    made.apply(
        EpochEnded(epoch=1, step=1, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, seconds=1.0,
                   test_accuracy=answers.accuracy, evaluation_seconds=0.1, predictions=answers)
    )  # fmt: skip
    made.apply(RunEnded(status="finished", run=made.id, epoch=1, step=1))
    return made


def rows_of(data: ImageData, label: int, count: int) -> list[int]:
    return np.flatnonzero(data.test.labels == label)[:count].tolist()


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, data: ImageData) -> TwoRunsPage:
    """A takes 12 shirts for T-shirts; B takes 2 of them and 3 coats for pullovers."""
    theme.apply(qapp, "light")
    shirts, coats = rows_of(data, 6, 12), rows_of(data, 4, 3)
    made = TwoRunsPage()
    qtbot.addWidget(made)
    a = run_of(data, "First", dict.fromkeys(shirts, 0))
    b = run_of(data, "Second", dict.fromkeys(shirts[:2] + coats, 2), **{"optimizer.lr": 0.1})
    made.show_two(a, b, data)
    made.resize(1000, 700)
    made.show()
    return made


def part(page: TwoRunsPage, name: str) -> PartButton:
    made = page.findChild(PartButton, f"part.{name}")
    assert made is not None
    return made


def wall(page: TwoRunsPage) -> CaptionWall:
    made = page.findChild(CaptionWall, "partView")
    assert made is not None
    return made


def captions(page: TwoRunsPage) -> list[str]:
    model = wall(page).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def words(page: TwoRunsPage) -> str:
    return "\n".join(made.text() for made in page.findChildren(QLabel) if made.isVisibleTo(page))


def test_it_says_what_differs_and_what_the_test_finds(page: TwoRunsPage) -> None:
    assert "A: First · 97 % right" in words(page)
    assert "B: Second · 99 % right" in words(page)
    assert "Learning rate: 0.01 → 0.1" in words(page)
    assert "B fixes 10 and breaks 3: no evidence of a difference, p = 0.09" in words(page)
    counts = {name: part(page, name).count for name in ("fixed", "broken", "right", "wrong")}
    assert counts == {"fixed": "10", "broken": "3", "right": "385", "wrong": "2"}


def test_a_click_on_a_part_shows_its_pictures(page: TwoRunsPage) -> None:
    assert captions(page) == ["Shirt · A ✗ T-shirt · B ✓ Shirt"] * 10  # where B is better: what it fixes
    QTest.mouseClick(part(page, "broken"), Qt.MouseButton.LeftButton)
    assert captions(page) == ["Coat · A ✓ Coat · B ✗ Pullover"] * 3
    QTest.mouseClick(part(page, "wrong"), Qt.MouseButton.LeftButton)
    assert captions(page) == ["Shirt · A ✗ T-shirt · B ✗ Pullover"] * 2
    QTest.mouseClick(part(page, "right"), Qt.MouseButton.LeftButton)
    assert wall(page).model().rowCount() == 385
    assert "385 pictures both right" in words(page)


def test_the_parts_are_reached_by_keyboard(page: TwoRunsPage) -> None:
    part(page, "broken").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part(page, "broken"), Qt.Key.Key_Space)
    assert len(captions(page)) == 3
    assert part(page, "broken").accessibleName() == "3 of 400 pictures broken by B"


def test_a_cell_shows_what_came_into_it_or_left_it(page: TwoRunsPage) -> None:
    grid = page.findChild(DifferenceGrid)
    assert grid is not None
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(Cell(4, 2)).center())
    assert "3 × really Coat, taken for Pullover by B but not by A" in words(page)
    assert captions(page) == ["Coat · A ✓ Coat · B ✗ Pullover"] * 3
    assert not part(page, "fixed").isChecked()
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(Cell(6, 0)).center())
    assert "12 × really Shirt, taken for T-shirt/top by A but not by B" in words(page)
    assert len(captions(page)) == 12


def test_the_matrix_is_walked_and_says_itself(page: TwoRunsPage) -> None:
    grid = page.findChild(DifferenceGrid)
    assert grid is not None
    grid.setFocus()
    for key in [Qt.Key.Key_Down] * 6:
        QTest.keyClick(grid, key)
    assert grid.accessibleDescription() == "Shirt was taken for T-shirt/top 12 times less by B than by A"
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert len(captions(page)) == 12


def test_a_click_shows_one_large_with_both_answers(page: TwoRunsPage) -> None:
    view = wall(page)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    bars = page.findChild(ShareBars)
    assert bars is not None
    assert "Shirt 1.0 %, ✓ 90.0 %" in bars.accessibleDescription()
    assert "T-shirt/top ✗ 90.0 %, 1.0 %" in bars.accessibleDescription()
    assert "Loss: A 4.000, B 0.100" in words(page)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert "Loss: A" not in words(page)


def test_esc_with_nothing_large_goes_back_to_the_runs(page: TwoRunsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.back_asked):
        QTest.keyClick(wall(page), Qt.Key.Key_Escape)


def test_the_pictures_can_be_looked_at_on_results(page: TwoRunsPage, qtbot: QtBot, data: ImageData) -> None:
    button = page.findChild(QPushButton, "showInResults")
    assert button is not None
    with qtbot.waitSignal(page.selection_asked) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    run, selection = asked.args
    assert run == "run-Second"
    assert isinstance(selection, Selection)
    (picked,) = selection.conditions
    assert isinstance(picked, Picked)
    assert picked.name == "fixed by B (A: First, B: Second)"
    assert picked.samples.tolist() == data.test.samples[rows_of(data, 6, 12)[2:]].tolist()


def test_swapping_turns_everything_around(page: TwoRunsPage) -> None:
    button = page.findChild(QPushButton, "swapRuns")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "A: Second · 99 % right" in words(page)
    assert (part(page, "fixed").count, part(page, "broken").count) == ("3", "10")
    assert "Learning rate: 0.1 → 0.01" in words(page)


def test_the_greatest_change_of_the_loss_stands_first(page: TwoRunsPage) -> None:
    assert "Largest change of the loss first" in words(page)
    first = wall(page).model().index(0, 0).data(Roles.CAPTIONED)
    assert first.frame == "right"


def test_pictures_that_do_not_lie_ready_are_read(page: TwoRunsPage, data: ImageData) -> None:
    whole = load_images("fashion-mnist", test_size=50)
    a, b = run_of(data, "A", {}), run_of(data, "B", {3: 0})
    page.show_two(a, b, whole)
    assert len(captions(page)) == 1


def test_what_cannot_be_compared_is_refused(page: TwoRunsPage, data: ImageData) -> None:
    with pytest.raises(UserError, match="no answers"):
        page.show_two(Run({"dataset": {"kind": "fashion-mnist"}}, id="bare"), run_of(data, "B", {}), data)
    assert part(page, "fixed").count == "10"  # what was shown stays


def test_the_same_recipe_twice_says_so(page: TwoRunsPage, data: ImageData) -> None:
    page.show_two(run_of(data, "A", {}), run_of(data, "A", {}), data)
    assert "A: run-A · " in words(page)
    assert "The same recipe twice." in words(page)
    assert "Both have the very same pictures right." in words(page)
    assert captions(page) == []


def test_runs_of_one_name_are_told_apart(page: TwoRunsPage, data: ImageData) -> None:
    page.show_two(run_of(data, "Same", {}), run_of(data, "Same", {}, **{"architecture.kind": "mlp"}), data)
    assert "A: Same (Small CNN)" in words(page)
    assert "B: Same (" in words(page)


def test_a_setting_that_one_run_has_not_is_a_dash_on_either_side(page: TwoRunsPage, data: ImageData) -> None:
    plain = run_of(data, "Plain", {})
    mended = run_of(data, "Mended", {}, **{"dataset.corrections": [["train", 1, 5]]})
    page.show_two(plain, mended, data)
    assert "Corrected labels: – → 1 picture" in words(page)
    page.swap()
    assert "Corrected labels: 1 picture → –" in words(page)


def test_the_labels_are_those_that_the_runs_were_tested_with(page: TwoRunsPage, data: ImageData) -> None:
    sample, label = int(data.test.samples[3]), int(data.test.labels[3])
    labels = data.test.labels.copy()
    labels[3] = (label + 1) % 10
    mended = ImageData(
        data.kind, data.title, data.classes, data.short_classes, data.train,
        PictureSet(data.test.images, labels, data.test.samples),
    )  # fmt: skip
    changes = {"dataset.corrections": [["test", sample, int(labels[3])]], "dataset.test_size": COUNT}
    page.show_two(run_of(mended, "A", {}, **changes), run_of(mended, "B", {3: label}, **changes), data)
    assert len(captions(page)) == 1
    assert captions(page)[0].startswith(data.short_classes[int(labels[3])])
    assert f"B ✗ {data.short_classes[label]}" in captions(page)[0]


def test_runs_of_one_recipe_are_told_apart_by_their_time() -> None:
    spec = {"name": "First look", "architecture": {"kind": "cnn"}}
    earlier, later = (Run(spec, id=f"20261121-{clock}-first-look") for clock in ("115213", "120001"))
    names = names_of(earlier, later)
    assert all(re.fullmatch(r"First look · \d\d:\d\d:\d\d", name) for name in names)
    assert names[0] != names[1]
    assert names_of(Run(spec, id="mine"), Run(spec, id="yours")) == ("mine", "yours")


def row_of(run: Run, seed: int, accuracy: float) -> RunSummary:
    """A run of the library, as a repetition of another one or itself."""
    known = run.id if seed == run.spec["seed"] else f"{run.id}-{seed}"
    spec = changed(run.spec, [("seed", seed)])
    return RunSummary(id=known, folder="", spec=spec, state="finished", best={"test_accuracy": accuracy})


def test_two_runs_that_were_repeated_are_judged_by_all_seeds(page: TwoRunsPage, data: ImageData) -> None:
    a, b = page._runs or ()
    assert "One training each" not in words(page)
    seed = a.spec["seed"]
    rows = [row_of(a, seed + number, 0.80 + 0.01 * number) for number in range(3)]
    rows += [row_of(b, seed + number, 0.803 + 0.01 * number) for number in range(3)]
    page.show_two(a, b, data, rows)
    within = "over all their seeds: 0.3 % better: within the spread of seeds (± 2.3 %)"
    assert within in figures(page)
    page.swap()
    assert "0.3 % worse: within the spread of seeds" in figures(page)
    page.show_two(a, b, data, rows[:4])
    assert "seeds" not in figures(page)


def figures(page: TwoRunsPage) -> str:
    """The lines below the verdict, all of them."""
    found = page.findChild(FewLines, "twoRunsFigures")
    assert found is not None
    return found.whole
