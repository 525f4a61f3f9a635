"""Weights from a file: begun with only where every one of them fits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from safetensors.torch import save_file

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.session.opened import WeightsFile
from fmstudio.session.opening import what_is
from fmstudio.session.recipe import Recipe
from fmstudio.session.weights_import import WeightsImport
from fmstudio.ui import theme
from fmstudio.ui.weights_import_page import WeightsImportPage


class Session:
    """Computes at once."""

    def in_background(
        self, work: Callable[[], Any], then: Callable[[Any], object], otherwise: Callable[[UserError], object]
    ) -> None:
        try:
            found = work()
        except UserError as error:
            otherwise(error)
        else:
            then(found)


@pytest.fixture
def recipe(qtbot: QtBot) -> Recipe:
    return Recipe(lesson(FIRST))


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication, recipe: Recipe, tmp_path: Path) -> Callable[..., WeightsImportPage]:
    """Makes the page for the weights of a network, those of some names being others."""

    def make(*changes: tuple[str, Any], said: bool = False, **others: torch.Tensor) -> WeightsImportPage:
        theme.apply(qapp, "light")
        spec = read_spec(changed(lesson(FIRST).draft, changes))
        state = dict(spec.architecture.call(spec.facts).make().state_dict())
        state |= {name.replace("_", "."): value for name, value in others.items()}
        metadata = {"fmstudio": json.dumps({"spec": spec.model_dump(mode="json") | {
            "architecture": dict(changed(lesson(FIRST).draft, changes)["architecture"])}})}  # fmt: skip
        path = tmp_path / "w.safetensors"
        save_file(state, path, metadata if said else None)
        found = what_is(path)
        assert isinstance(found, WeightsFile)
        page = WeightsImportPage(WeightsImport(found, Session(), recipe))  # type: ignore[arg-type]
        page.changes_asked.connect(recipe.change)
        qtbot.addWidget(page)
        return page

    return make


def sentence(page: WeightsImportPage) -> str:
    found = page.findChild(QLabel, "weightsSentence")
    assert isinstance(found, QLabel)
    return found.text()


def buttons(page: WeightsImportPage) -> dict[str, QPushButton]:
    return {one.objectName(): one for one in page.findChildren(QPushButton) if not one.isHidden()}


def cells(page: WeightsImportPage) -> list[list[str]]:
    found = page.findChild(QTableView, "weightsTable")
    assert isinstance(found, QTableView)
    model = found.model()
    return [[str(model.index(row, column).data()) for column in range(4)] for row in range(model.rowCount())]


def test_where_all_fits_the_recipe_can_begin_with_it_and_go_back(
    show: Callable[..., WeightsImportPage], recipe: Recipe, tmp_path: Path
) -> None:
    page = show()
    assert "All 10 tensors fit" in sentence(page)
    assert {row[3] for row in cells(page)} == {"✓ fits"}
    buttons(page)["beginWithWeights"].click()
    assert recipe.get("start_from") == str(tmp_path / "w.safetensors")
    assert "press Train" in sentence(page)
    assert set(buttons(page)) == {"beginAtRandom"}
    buttons(page)["beginAtRandom"].click()
    assert recipe.get("start_from") == ""
    assert set(buttons(page)) == {"beginWithWeights"}


def test_another_network_is_offered_and_after_it_all_fits(
    show: Callable[..., WeightsImportPage], recipe: Recipe
) -> None:
    page = show(("architecture.kind", "lenet"))
    assert set(buttons(page)) == {"useThatNetwork"}
    assert "do not fit" in sentence(page)
    assert cells(page)[0][3] == "✗ other shape"
    buttons(page)["useThatNetwork"].click()
    assert recipe.get("architecture.kind") == "lenet"
    assert set(buttons(page)) == {"beginWithWeights"}


def test_what_the_file_says_of_itself_is_offered(show: Callable[..., WeightsImportPage], recipe: Recipe) -> None:
    page = show(("architecture.kind", "mlp"), ("architecture.hidden", [48, 24]), said=True)
    buttons(page)["useThatNetwork"].click()
    assert recipe.get("architecture.hidden") == [48, 24]
    assert "All 6 tensors fit" in sentence(page)


def test_nothing_is_taken_over_in_part(show: Callable[..., WeightsImportPage]) -> None:
    page = show(bonus=torch.zeros(2))
    assert buttons(page) == {}
    assert cells(page)[0] == ["bonus", "2", "–", "✗ too many"]
    assert "Nothing is taken over in part" in sentence(page)


def test_weights_that_are_no_numbers_cannot_be_begun_with(show: Callable[..., WeightsImportPage]) -> None:
    page = show(**{"11_bias": torch.full((10,), float("inf"))})
    assert buttons(page) == {}
    assert "no numbers" in sentence(page)


def test_a_recipe_that_changed_is_compared_anew(show: Callable[..., WeightsImportPage], recipe: Recipe) -> None:
    page = show()
    recipe.change([("architecture.kind", "mlp")])
    assert "beginWithWeights" not in buttons(page)
    recipe.set("epochs", 7)
    recipe.undo()
    recipe.undo()
    assert set(buttons(page)) == {"beginWithWeights"}


def test_the_table_keeps_qts_rules(show: Callable[..., WeightsImportPage], qtmodeltester: ModelTester) -> None:
    page = show(bonus=torch.zeros(2))
    qtmodeltester.check(page._model)
    page.grab()
