"""Whatever is dropped, named or chosen is opened, or a sentence says why not."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from safetensors.numpy import save

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.figures import FigureFacts, stamped_png
from fmstudio.session.recipe import Recipe
from fmstudio.ui import files, theme
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.opener import Opener

SPEC = to_mapping(ExperimentSpec())


class Window:
    """Stands in for the main window: does everything at once, and remembers it."""

    def __init__(self, library: Path) -> None:
        self.recipe = Recipe(lesson(FIRST))
        self.said: list[Notice] = []
        self.complaints: list[UserError] = []
        self.runs: list[str] = []
        self.pages: list[str] = []
        self.tried: list[list[Path]] = []
        self.drawers: list[tuple[str, QWidget]] = []
        self.handed: list[Any] = []
        self.read: list[str] = []
        self.rebuilt = 0
        self.session = SimpleNamespace(in_background=self._work, library=library, ending=False)
        self.run_list = SimpleNamespace(rows=(), refresh=lambda: None)
        self.inspector = SimpleNamespace(try_files=self.tried.append)
        self.guide = SimpleNamespace(read_lesson=lambda: self.read.append(self.recipe.lesson.id))
        drawer = SimpleNamespace(show_content=lambda title, page, width: self.drawers.append((title, page)))
        self.chosen: list[str] = []
        compare = SimpleNamespace(
            show_hand_in=self.handed.append,
            show_table=lambda: None,
            show_panel=lambda key: None,
            choose=self.chosen.extend,
        )
        self.shell = SimpleNamespace(notices=SimpleNamespace(add=self.said.append), drawer=drawer, compare_page=compare)

    def _work(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object] | None = None,
        after: object = None,
    ) -> None:
        try:
            found = work()
        except UserError as error:
            (otherwise or self.complain)(error)
        else:
            then(found)

    def complain(self, error: UserError) -> None:
        self.complaints.append(error)

    def show_saved_run(self, run_id: str) -> None:
        self.runs.append(run_id)

    def show_page(self, key: str) -> None:
        self.pages.append(key)

    def rebuild(self) -> None:
        self.rebuilt += 1

    def open(self, *found: Path) -> None:
        Opener(self).open(list(found))  # type: ignore[arg-type]

    def press(self) -> None:
        """Press the button of the newest notice."""
        action = self.said[-1].action
        assert callable(action)
        action()


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Window:
    theme.apply(qapp, "light")
    made = Window(tmp_path / "library")
    made.session.library.mkdir()
    return made


def figure(path: Path, **facts: Any) -> Path:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    path.write_bytes(stamped_png(content.getvalue(), FigureFacts(**facts)) if facts else content.getvalue())
    return path


def run_folder(path: Path, spec: object = SPEC) -> Path:
    path.mkdir(parents=True)
    (path / "spec.json").write_text(json.dumps(spec))
    (path / "events.jsonl").write_text("")
    return path


def test_a_run_of_the_library_is_looked_at(window: Window) -> None:
    window.open(run_folder(window.session.library / "run-1"))
    assert (window.runs, window.said) == (["run-1"], [])


def test_a_run_from_elsewhere_is_looked_at_and_can_be_copied(window: Window, tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "stick" / "run-1")
    window.open(folder)
    assert window.runs == [str(folder)]
    assert window.said[0].label == "Copy it into the library"
    window.press()
    assert (window.session.library / "run-1" / "spec.json").is_file()
    assert window.said[-1].text == "1 run is in the library now."
    assert folder.is_dir()


def test_many_runs_are_copied_when_that_is_asked(window: Window, tmp_path: Path) -> None:
    for number in range(3):
        run_folder(tmp_path / "class" / f"run-{number}", {**SPEC, "epochs": number + 1})
    window.open(tmp_path / "class")
    assert window.said[0].text == "There are 3 runs in it."
    assert not list(window.session.library.iterdir())
    window.press()
    assert window.said[-1].text == "3 runs are in the library now."
    assert window.pages == ["compare"]
    window.open(window.session.library)
    assert window.pages == ["compare", "compare"]


def test_a_recipe_fills_the_recipe_and_its_problems_are_counted(window: Window, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text('{"epochs": 7}')
    bad.write_text('{"epochs": -7, "optimizer": {"kind": "magic"}}')
    window.open(good)
    assert window.recipe.get("epochs") == 7
    assert window.said[-1].text == "The recipe is that of good.json now."
    window.open(bad)
    assert window.said[-1].hint == "2 things to mend in it"
    window.recipe.undo()
    assert window.recipe.get("epochs") == 7


def test_a_recipe_that_is_built_like_none_is_a_sentence(window: Window, tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text('{"architecture": {"kind": "layers", "layers.99.channels": 1}}')
    window.open(odd)
    assert "not built as a recipe" in window.complaints[0].message


def test_a_figure_opens_its_run_where_it_is_here(window: Window, tmp_path: Path) -> None:
    run_folder(window.session.library / "run-1")
    window.open(figure(tmp_path / "f.png", run="run-1", spec=SPEC))
    assert (window.runs, window.said) == (["run-1"], [])


def test_a_figure_of_several_runs_opens_compare_with_those_that_are_here(window: Window, tmp_path: Path) -> None:
    for run in ("run-1", "run-2"):
        run_folder(window.session.library / run)
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    facts = [FigureFacts(run=f"run-{number}", spec=SPEC) for number in (1, 2, 3)]
    path = tmp_path / "curves.png"
    path.write_bytes(stamped_png(content.getvalue(), facts))
    window.open(path)
    assert (window.pages, window.chosen, window.runs) == (["compare"], ["run-1", "run-2"], [])


def test_a_figure_from_elsewhere_brings_its_settings(window: Window, tmp_path: Path) -> None:
    run_folder(window.session.library / "run-1", {**SPEC, "epochs": 9})
    window.open(figure(tmp_path / "f.png", run="run-1", spec={**SPEC, "epochs": 5, "start_from": "//evil/share"}))
    assert window.runs == []
    assert window.recipe.get("epochs") == 5
    assert window.recipe.get("start_from") == ""
    assert window.said[-1].text == "This figure's run is not here: its settings are in the recipe."
    window.open(figure(tmp_path / "g.png", run="run-7"))
    assert "does not say with which settings" in window.complaints[-1].message


def test_pictures_are_tried_as_before(window: Window, tmp_path: Path) -> None:
    pictures = [figure(tmp_path / "a.png"), figure(tmp_path / "b.png")]
    window.open(pictures[0])
    window.open(*pictures)
    assert window.tried == [[pictures[0]], pictures]


def test_figures_of_a_class_make_a_table_whose_rows_fill_the_recipe_when_asked(window: Window, tmp_path: Path) -> None:
    spec = {**SPEC, "epochs": 5}
    window.open(*(figure(tmp_path / f"{n}.png", run=f"r{n}", spec=spec) for n in range(3)))
    page = window.handed[0]
    assert len(page._model.handed_in.read) == 3
    assert window.pages == ["compare"]
    assert window.recipe.get("epochs") != 5
    page.settings_asked.emit(spec)
    assert window.recipe.get("epochs") == 5
    page.settings_asked.emit({"architecture": {"kind": "layers", "layers.99.channels": 1}})
    assert "not built as a recipe" in window.complaints[0].message
    page.deleteLater()


def test_weights_are_laid_beside_the_recipes_network(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(save({"0.weight": np.zeros(3, np.float32)}))
    window.open(path)
    title, page = window.drawers[0]
    qtbot.addWidget(page)
    assert title == "Weights from a file"
    page.changes_asked.emit((("start_from", str(path)),))  # type: ignore[attr-defined]
    assert window.recipe.get("start_from") == str(path)


def test_a_lesson_from_elsewhere_is_added_when_that_is_asked(window: Window, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_bytes((paths.resource("lessons") / "cnn.json").read_bytes())
    window.open(mine)
    assert window.said[0].label == "Add it to the lessons"
    assert window.recipe.lesson.id == FIRST
    window.press()
    assert window.recipe.lesson.id == "mine"
    assert (window.read, window.rebuilt) == (["mine"], 1)
    window.open(paths.lessons_folder() / "mine.json")
    assert window.read == ["mine", "mine"]


@pytest.mark.parametrize("content", [b"", b"\x80\x04.", b"PK\3\4...", b"hello", b"{", b"\x08" + bytes(7) + b"{}"])
def test_wrong_things_get_a_sentence_and_change_nothing(window: Window, tmp_path: Path, content: bytes) -> None:
    draft = window.recipe.draft
    path = tmp_path / "thing.safetensors"
    path.write_bytes(content)
    window.open(path, tmp_path / "missing")
    assert len(window.complaints) == 2
    assert all(one.hint for one in window.complaints)
    assert window.recipe.draft == draft
    window.open()


def test_the_dialog_opens_any_number_of_files(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def choose(parent: object, title: str, folder: str, kinds: str) -> tuple[list[str], str]:
        asked.append(kinds)
        return [str(tmp_path / "a.png"), str(tmp_path / "b.png")], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    pictures = [figure(tmp_path / "a.png"), figure(tmp_path / "b.png")]
    files.open_dialog(window)  # type: ignore[arg-type]
    assert window.tried == [pictures]
    assert "*.safetensors" in asked[0]
