from html import escape

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.experiment.lessons import lesson
from fmstudio.session.layer_table import Columns, printed
from fmstudio.session.recipe import Recipe
from fmstudio.ui import theme
from fmstudio.ui.explanation import Explanation
from fmstudio.ui.layer_list_editor import LayerListEditor
from fmstudio.ui.network_page import NetworkPage


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(lesson("first-look"))


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, recipe: Recipe) -> NetworkPage:
    theme.apply(qapp, "light")
    made = NetworkPage()
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show()
    show(made, recipe)
    return made


def show(page: NetworkPage, recipe: Recipe) -> None:
    """As the window does."""
    page.show_spec(recipe.readable, recipe.problems)
    page.show_layers(recipe.get("architecture.layers"))


def read(page: NetworkPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def table(page: NetworkPage) -> QTableView:
    found = page.findChild(QTableView, "layersView")
    assert found is not None
    return found


def column(page: NetworkPage, place: int) -> list[str]:
    model = table(page).model()
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def test_it_shows_every_layer_and_their_sum(page: NetworkPage) -> None:
    assert column(page, 0)[:3] == ["Input", "Conv2d(1, 6, 5)", "ReLU()"]
    assert column(page, 4)[-1] == "32,998"
    assert read(page, "networkSum") == "32,998 weights · 132 kB"
    assert read(page, "networkProblem") == ""


def test_all_rows_are_seen_without_scrolling(page: NetworkPage) -> None:
    QApplication.sendPostedEvents()
    assert table(page).verticalScrollBar().maximum() == 0
    assert table(page).horizontalScrollBar().maximum() == 0


def test_a_layer_that_does_not_fit_is_said_in_words(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kernel_size", 20)
    show(page, recipe)
    assert column(page, 0)[-1] == "Conv2d(6, 12, 20)"
    assert read(page, "networkSum") == "does not fit these pictures"
    assert read(page, "networkProblem").startswith("Kernel size: ")
    assert "larger than the picture" in read(page, "networkProblem")


def test_other_problems_do_not_hide_the_network(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("optimizer.lr", "fast")
    show(page, recipe)
    assert column(page, 4)[-1] == "32,998"
    assert read(page, "networkProblem") == ""


def test_a_network_that_cannot_be_read_is_a_sentence(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kernel_size", "five")
    show(page, recipe)
    assert not table(page).isVisible()
    assert read(page, "networkProblem") == "Kernel size: must be a whole number"
    copy = page.findChild(QPushButton, "copyLayers")
    assert copy is not None
    assert not copy.isEnabled()
    recipe.undo()
    show(page, recipe)
    assert table(page).isVisible()


def test_the_table_can_be_copied(page: NetworkPage, recipe: Recipe, qtbot: QtBot) -> None:
    copy = page.findChild(QPushButton, "copyLayers")
    assert copy is not None
    with qtbot.waitSignal(page.copied):
        copy.click()
    assert recipe.spec is not None
    assert QGuiApplication.clipboard().text() == printed(recipe.spec)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_every_architecture_is_shown_and_explained(page: NetworkPage, recipe: Recipe, kind: str) -> None:
    recipe.change([("dataset.kind", "fashion-mnist" if ARCHITECTURES[kind].pictures else "linear")])
    recipe.set("architecture.kind", kind)
    show(page, recipe)
    texts = [made.text() for made in page.findChildren(QLabel) if made.isVisible()]
    assert ARCHITECTURES[kind].title in texts
    assert any(escape(ARCHITECTURES[kind].summary()) in text for text in texts)


def test_it_says_how_much_work_a_sample_is(page: NetworkPage, recipe: Recipe) -> None:
    assert read(page, "networkWork") == "232,440 multiply-adds per picture"
    assert read(page, "networkSlow") == ""
    recipe.set("architecture.kind", "resnet-18")
    show(page, recipe)
    assert read(page, "networkWork").endswith(" million multiply-adds per picture")
    assert read(page, "networkSlow") == "Slow on a CPU: about 12 minutes an epoch on two cores."
    recipe.set("dataset.train_size", 5000)
    show(page, recipe)
    assert read(page, "networkSlow") == ""


def test_rows_of_numbers_have_no_receptive_field(page: NetworkPage, recipe: Recipe) -> None:
    recipe.change([("dataset.kind", "linear"), ("architecture.kind", "linear-regression")])
    show(page, recipe)
    assert read(page, "networkSum") == "3 weights · 12 bytes"
    assert read(page, "networkWork") == "2 multiply-adds per row"
    assert table(page).isColumnHidden(Columns.SEES)
    assert not table(page).isColumnHidden(Columns.OPERATIONS)


def test_a_deep_network_scrolls_in_its_table_only(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kind", "resnet-18")
    show(page, recipe)
    QApplication.sendPostedEvents()
    view = table(page)
    assert view.verticalScrollBar().maximum() > 0
    assert view.horizontalScrollBar().maximum() == 0
    assert page.rect().contains(view.mapTo(page, view.rect().bottomRight()))


def editor(page: NetworkPage) -> LayerListEditor:
    found = page.findChild(LayerListEditor)
    assert found is not None
    return found


def test_the_users_own_layers_are_edited_in_place_of_the_table(page: NetworkPage, recipe: Recipe) -> None:
    assert not editor(page).isVisible()
    recipe.set("architecture.kind", "layers")
    show(page, recipe)
    assert editor(page).isVisible()
    assert not table(page).isVisible()
    assert editor(page).model.value == recipe.get("architecture.layers")
    assert read(page, "networkSum") == "32,998 weights · 132 kB"
    recipe.undo()
    show(page, recipe)
    assert not editor(page).isVisible()
    assert table(page).isVisible()


def test_an_edit_of_the_layers_is_told(page: NetworkPage, recipe: Recipe, qtbot: QtBot) -> None:
    recipe.set("architecture.kind", "layers")
    show(page, recipe)
    with qtbot.waitSignals([page.layers_settled, page.layers_changed, page.layers_settled], order="strict"):
        editor(page).view.duplicate()
    with qtbot.waitSignal(page.layers_changed) as changed:
        editor(page).view.remove()
    assert changed.args == [recipe.get("architecture.layers")]


def test_a_list_that_cannot_be_read_is_still_edited(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kind", "layers")
    layers = [*recipe.get("architecture.layers")]
    recipe.set("architecture.layers", [{**layers[0], "channels": "many"}, *layers[1:]])
    assert recipe.readable is None
    show(page, recipe)
    assert editor(page).isVisible()
    assert editor(page).model.value[0]["channels"] == "many"
    assert read(page, "networkProblem") == ""
    texts = [made.text() for made in page.findChildren(QLabel) if made.isVisible()]
    assert "Your own layers" in texts


def test_what_is_wrong_with_the_whole_list_is_said_above_it(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kind", "layers")
    recipe.set("architecture.layers", [{"kind": "relu"}] * 201)
    show(page, recipe)
    assert read(page, "networkProblem") == "Layers: needs 0 to 200 layers"


def test_a_low_page_leaves_the_explanation_to_others(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kind", "layers")
    show(page, recipe)
    about = next(made for made in page.findChildren(Explanation))
    assert about.isVisible()
    page.resize(990, 560)
    QApplication.sendPostedEvents()
    assert not about.isVisible()
