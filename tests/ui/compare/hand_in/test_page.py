"""What a class hands in: read in the background, shown as a table and as dots."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.figures import FigureFacts, stamped_png
from fmstudio.session.hand_in_reading import CHUNK
from fmstudio.session.session import TrainingSession
from fmstudio.ui import theme
from fmstudio.ui.chart_key import ChartKey
from fmstudio.ui.compare.hand_in.page import HandInPage
from fmstudio.ui.compare.hand_in.plot import HandInPlot


class Session:
    """Computes when ``step`` is called."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def in_background(self, work: Callable[[], Any], then: Callable[[Any], object], *_: object) -> None:
        self.waiting.append(lambda: then(work()))

    def step(self) -> None:
        self.waiting.pop(0)()

    def finish(self) -> None:
        while self.waiting:
            self.step()


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, session: Session) -> HandInPage:
    theme.apply(qapp, "light")
    made = HandInPage(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1000, 700)
    return made


def figure(path: Path, accuracy: float, **changes: Any) -> Path:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    spec = changed(to_mapping(ExperimentSpec()), [(name.replace("__", "."), value) for name, value in changes.items()])
    facts = FigureFacts(run=f"run-{path.stem}", name="Homework", spec=spec, seed=0, version="1", data="a",
                        figures={"test_accuracy": accuracy})  # fmt: skip
    path.write_bytes(stamped_png(content.getvalue(), facts))
    return path


@pytest.fixture
def sixty(tmp_path: Path) -> list[Path]:
    kinds = ["sgd", "adam", "rmsprop"]
    return [figure(tmp_path / f"{n:02d}.png", 0.5 + n / 200, optimizer__kind=kinds[n % 3]) for n in range(60)]


def table(page: HandInPage) -> QTableView:
    found = page.findChild(QTableView, "handInTable")
    assert isinstance(found, QTableView)
    return found


def text(page: HandInPage) -> str:
    found = page.findChild(QLabel, "handInSentence")
    assert isinstance(found, QLabel)
    return found.text()


def button(page: HandInPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def plot(page: HandInPage) -> HandInPlot:
    found = page.findChild(HandInPlot, "handInPlot")
    assert isinstance(found, HandInPlot)
    return found


def cell(page: HandInPage, row: int, title: str) -> str:
    model = table(page).model()
    titles = [str(model.headerData(place, Qt.Orientation.Horizontal)) for place in range(model.columnCount())]
    return str(model.index(row, titles.index(title)).data())


def test_sixty_are_read_some_at_a_time_and_what_is_known_is_shown(
    page: HandInPage, session: Session, sixty: list[Path]
) -> None:
    page.show_files(sixty)
    assert table(page).model().rowCount() == 0
    session.step()
    assert table(page).model().rowCount() == CHUNK
    assert text(page) == "Reading: 16 of 60 …"
    session.finish()
    assert table(page).model().rowCount() == 60
    assert text(page) == "All as the figures say: nobody has checked it here."
    assert len(plot(page).dots) == 60


def test_other_files_take_the_place_of_those_that_are_still_being_read(
    page: HandInPage, session: Session, sixty: list[Path]
) -> None:
    page.show_files(sixty)
    page.show_files(sixty[:2])
    session.finish()
    assert [cell(page, row, "File") for row in range(table(page).model().rowCount())] == ["00.png", "01.png"]


def test_what_says_nothing_is_listed_with_its_reason(
    page: HandInPage, session: Session, sixty: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "plain.svg").write_text("<svg></svg>")
    page.show_files([tmp_path / "missing.png", tmp_path / "empty.png", tmp_path / "plain.svg", *sixty[:2]])
    session.finish()
    assert "3 files say nothing of a run." in text(page)
    remarks = [cell(page, row, "Remarks") for row in range(5)]
    assert remarks[:2] == ["", ""]
    assert remarks[2].startswith("✗ cannot be read")
    assert remarks[3:] == ["✗ is empty", "✗ does not say which run it shows"]
    table(page).setCurrentIndex(table(page).model().index(3, 0))
    assert not button(page, "useSettings").isEnabled()


def test_the_chosen_row_gives_its_settings_when_it_is_asked_and_not_before(
    page: HandInPage, session: Session, sixty: list[Path], qtbot: QtBot
) -> None:
    asked: list[dict[str, Any]] = []
    runs: list[str] = []
    page.settings_asked.connect(asked.append)
    page.run_asked.connect(runs.append)
    page.show_known({"run-01"})
    page.show_files(sixty)
    session.finish()
    table(page).setCurrentIndex(table(page).model().index(0, 0))
    assert button(page, "lookAtRun").isHidden()
    table(page).setCurrentIndex(table(page).model().index(1, 0))
    assert not button(page, "lookAtRun").isHidden()
    assert (asked, runs) == ([], [])
    button(page, "useSettings").click()
    button(page, "lookAtRun").click()
    assert asked[0]["optimizer"]["kind"] == "adam"
    assert runs == ["run-01"]


def test_the_plot_names_a_dot_and_a_click_chooses_its_row(
    page: HandInPage, session: Session, sixty: list[Path], qtbot: QtBot
) -> None:
    page.show_files(sixty)
    session.finish()
    page.show()
    drawn = plot(page)
    item = drawn.dots[10].item
    place = drawn.place_of(item).toPoint()
    qtbot.mouseMove(drawn, place + QPoint(40, 60))
    assert drawn.said == ""
    qtbot.mouseMove(drawn, place)
    assert drawn.said == "10.png · 55.00 %"
    qtbot.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=place)
    assert page.current is item
    drawn.grab()
    page.hide()


def test_results_stand_side_by_side_for_each_value_of_a_setting(
    page: HandInPage, session: Session, sixty: list[Path]
) -> None:
    page.show_files(sixty)
    session.finish()
    group = page._group
    assert [group.itemText(place) for place in range(group.count())] == ["All in one row", "Optimizer", "Learning rate"]
    group.setCurrentIndex(1)
    assert plot(page).groups == ("Adam", "RMSprop", "SGD")
    assert {round(dot.x) for dot in plot(page).dots} == {0, 1, 2}
    page.grab()


def test_the_table_is_saved_and_copied_as_it_is_sorted(
    page: HandInPage, session: Session, sixty: list[Path], tmp_path: Path
) -> None:
    saved: list[Path] = []
    failed: list[UserError] = []
    page.saved.connect(saved.append)
    page.failed.connect(failed.append)
    page.show_files(sixty[:3])
    session.finish()
    table(page).sortByColumn(1, Qt.SortOrder.DescendingOrder)
    page.save_csv(tmp_path / "t.csv")
    page.save_csv(tmp_path / "no" / "such" / "t.csv")
    lines = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [["02.png", "0.51"], ["01.png", "0.505"], ["00.png", "0.5"]]
    assert (saved, len(failed)) == ([tmp_path / "t.csv"], 1)
    page.copy_table()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("02.png\t0.51\t")


@pytest.fixture
def real(tmp_path: Path, qtbot: QtBot) -> Iterator[TrainingSession]:
    made = TrainingSession(tmp_path / "runs")
    yield made
    assert made.finish(5000)


def test_with_a_real_session_the_window_goes_on_while_it_reads(
    qtbot: QtBot, qapp: QApplication, real: TrainingSession, sixty: list[Path]
) -> None:
    page = HandInPage(real)
    qtbot.addWidget(page)
    page.show_files(sixty)
    qtbot.waitUntil(lambda: table(page).model().rowCount() == 60, timeout=10_000)


def test_what_rings_and_lines_of_the_plot_mean_is_said(page: HandInPage, session: Session, tmp_path: Path) -> None:
    def said() -> list[str]:
        key = page.findChild(ChartKey)
        assert key is not None
        return [entry.words for entry in key.entries]

    kinds = ["sgd", "adam"]
    files = [figure(tmp_path / f"{n}.png", 0.5 + n / 20, optimizer__kind=kinds[n % 2]) for n in range(4)]
    page.show_files(files)
    session.finish()
    assert said() == []
    page._group.setCurrentIndex(1)
    assert said() == ["mean"]

    (tmp_path / "twice.png").write_bytes((tmp_path / "1.png").read_bytes())
    page.show_files([*tmp_path.glob("*.png")])
    session.finish()
    assert "with a remark" in said()


def test_the_name_of_a_dot_covers_as_few_others_as_it_can(
    page: HandInPage, session: Session, sixty: list[Path]
) -> None:
    page.show_files(sixty)
    session.finish()
    drawn = plot(page)
    drawn.resize(600, 200)
    axes = drawn._axes()
    spots = [drawn.place_of(dot.item) for dot in drawn.dots]
    for number in (5, 30, 55):
        place = spots[number]
        chip = drawn._chip_place(axes, place, QRectF(place.x() - 40, 0, 80, 20))
        other = chip.translated(0, 2 * (place.y() - chip.center().y()))
        covered = [sum(one.contains(spot) for spot in spots) for one in (chip, other)]
        assert covered[0] <= covered[1] or other.top() < 0 or other.bottom() > drawn.height()
