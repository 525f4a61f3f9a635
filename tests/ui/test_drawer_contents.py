"""The drawer's code and its seven steps; the picture and the lesson are tested with the window."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.forms import START
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.session import TrainingSession
from fmstudio.training.events import RunStarted, StepShown
from fmstudio.ui import drawer_contents, theme
from fmstudio.ui.code_page import CodePage, CodeText
from fmstudio.ui.drawer import WIDE, Drawer
from fmstudio.ui.drawer_contents import DrawerContents
from fmstudio.ui.step_page import StepPage
from fmstudio.ui.wall.predictions_panel import PredictionsPanel


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.resize(1440, 850)
        self.drawer = Drawer(self)
        self.pictures = PredictionsPanel(self)
        self.pictures.hide()
        inspection = Inspection(self)
        examiner = Examiner(TrainingSession(parent=self), inspection, self)
        self.contents = DrawerContents(self.drawer, self.pictures, inspection, examiner)


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Window:
    theme.apply(qapp, "light")
    made = Window()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[ExperimentSpec]:
    """The specs for which a program was written, which here is a line with the learning rate."""
    specs: list[ExperimentSpec] = []

    def write(spec: ExperimentSpec) -> str:
        specs.append(spec)
        return f"rate = {spec.optimizer.lr}\n"

    monkeypatch.setattr(drawer_contents, "load", lambda name: {"fmstudio.export.script.script": write}[name])
    return specs


def spec(*changes: tuple[str, Any]) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), changes))


def code(window: Window) -> CodePage:
    page = window.drawer.content
    assert isinstance(page, CodePage)
    return page


def sentence(window: Window) -> str:
    found = code(window).findChild(QLabel, "codeSentence")
    assert found is not None
    return found.text() if found.isVisible() else ""


def test_the_saved_code_of_a_recipe_that_begins_with_a_run_has_its_weights_beside_it(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunFolder(tmp_path / "runs" / "20250101-120000-ab")
    run.path.mkdir(parents=True)
    run.spec.write_text(json.dumps(to_mapping(ExperimentSpec())), encoding="utf-8")
    run.last.write_bytes(b"the weights")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.py"), ""))
    window.contents.show_code(spec(("start_from", run.path.name)), True, tmp_path / "runs")
    code(window).save()
    beside = tmp_path / "mine.start.safetensors"
    assert beside.read_bytes() == b"the weights"
    assert f'with_suffix("{START}")' in (tmp_path / "mine.py").read_text(encoding="utf-8")
    beside.unlink()
    window.contents.refresh_code(spec(), True, tmp_path / "runs")
    code(window).save()
    assert not beside.exists()


def test_the_code_changes_with_the_recipe_while_it_is_open(window: Window, written: list[ExperimentSpec]) -> None:
    window.contents.show_code(spec(), True)
    page = code(window)
    assert (page.source, sentence(window)) == ("rate = 0.001\n", "")
    window.contents.refresh_code(spec(("optimizer.lr", 0.5)), True)
    assert code(window) is page
    assert page.source == "rate = 0.5\n"
    text = page.findChild(CodeText, "codeText")
    assert text is not None
    assert text.marked == [0]
    assert window.drawer.width() >= WIDE, "long lines have room"


def test_the_real_program_is_written(window: Window) -> None:
    window.contents.show_code(spec(("optimizer.lr", 0.25)), True)
    assert "torch.optim.Adam(network.parameters(), lr=0.25" in code(window).source


def test_no_code_is_written_where_none_is_looked_at(window: Window, written: list[ExperimentSpec]) -> None:
    window.contents.refresh_code(spec(), True)
    window.contents.show_code(spec(), True)
    window.contents.show_help("# Help")
    window.contents.refresh_code(spec(), True)
    window.contents.show_code(spec(), True)
    window.drawer.close()
    window.contents.refresh_code(spec(), True)
    assert len(written) == 2
    assert window.drawer.isHidden()


def test_a_recipe_with_a_problem_keeps_the_last_program(window: Window, written: list[ExperimentSpec]) -> None:
    window.contents.show_code(spec(), True)
    window.contents.refresh_code(None, True)
    assert sentence(window) == "Mend the recipe first: it has a problem."
    assert code(window).source == "rate = 0.001\n"
    window.contents.refresh_code(spec(), True)
    assert sentence(window) == ""


def test_before_torch_is_there_it_is_getting_ready(window: Window, written: list[ExperimentSpec]) -> None:
    window.contents.show_code(spec(), False)
    assert (sentence(window), written) == ("Getting ready …", [])
    window.contents.refresh_code(spec(), True)
    assert (sentence(window), code(window).source) == ("", "rate = 0.001\n")


@pytest.mark.parametrize(
    "error", [UserError("Not here.", "Go there."), InvalidSpecError([Problem("device", "is away")])]
)
def test_what_cannot_be_written_is_said(window: Window, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: object) -> str:
        raise error

    monkeypatch.setattr(drawer_contents, "load", lambda _: fail)
    window.contents.show_code(spec(), True)
    assert sentence(window) == str(error)


def test_where_it_was_saved_is_passed_on(qtbot: QtBot, window: Window, written: list[ExperimentSpec]) -> None:
    window.contents.show_code(spec(), True)
    with qtbot.waitSignal(window.contents.code_saved):
        code(window).saved.emit("there")
    with qtbot.waitSignal(window.contents.failed):
        code(window).failed.emit(UserError("No."))


def stepped(number: int) -> Run:
    made = Run(spec=to_mapping(spec()))
    made.apply(RunStarted(epochs=2, steps_per_epoch=10, train_size=20, test_size=20))
    outputs = np.zeros((2, 10), np.float32)
    shown = StepShown(
        step=number, epoch=1, size=2, samples=np.arange(2), targets=np.zeros(2, np.float32), outputs=outputs,
        loss=2.0, right=1, rate=0.1, tensors=(),
    )  # fmt: skip
    made.apply(shown)
    return made


def steps(window: Window) -> StepPage:
    page = window.drawer.content
    assert isinstance(page, StepPage)
    return page


def test_the_seven_steps_follow_the_run_while_they_are_open(window: Window) -> None:
    window.contents.show_step(Run(), None, ())
    page = steps(window)
    window.contents.show_pace(True, 20)
    for number in (3, 4):
        window.contents.refresh_step(stepped(number), None, ("Shirt",) * 10)
        assert steps(window) is page
        assert page.sections[5].words == f"step {number} of 10"
    window.contents.show_step(stepped(5), None, ("Shirt",) * 10)
    assert steps(window) is page


def test_the_steps_come_only_where_they_were_asked_for(window: Window) -> None:
    window.contents.refresh_step(stepped(3), None, ())
    window.contents.show_pace(True, 1)
    assert window.drawer.isHidden()
    window.contents.show_step(Run(), None, ())
    window.contents.show_help("# Help")
    window.contents.refresh_step(stepped(3), None, ())
    assert window.drawer.content is not None
    assert not isinstance(window.drawer.content, StepPage)


def test_what_is_asked_for_in_the_steps_is_passed_on(qtbot: QtBot, window: Window) -> None:
    window.contents.show_step(Run(), None, ())
    once, pace = (steps(window).findChild(QPushButton, name) for name in ("oneStep", "tab.5"))
    assert once is not None
    assert pace is not None
    with qtbot.waitSignal(window.contents.step_asked):
        qtbot.mouseClick(once, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.contents.speed_chosen) as said:
        qtbot.mouseClick(pace, Qt.MouseButton.LeftButton)
    assert said.args == [5.0]


def test_that_nobody_looks_at_the_steps_any_more_is_told(qtbot: QtBot, window: Window) -> None:
    window.contents.show_help("# Help")
    with qtbot.assertNotEmitted(window.contents.steps_closed):
        window.drawer.close()
    window.contents.show_step(Run(), None, ())
    with qtbot.waitSignal(window.contents.steps_closed):
        window.drawer.close()
