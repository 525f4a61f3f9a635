import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.experiment.lessons import lesson
from fmstudio.session.layer_table import printed
from fmstudio.session.recipe import Recipe
from fmstudio.ui import theme
from fmstudio.ui.network_page import NetworkPage


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(lesson("first-look"))


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, recipe: Recipe) -> NetworkPage:
    theme.apply(qapp, "light")
    made = NetworkPage()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.show_spec(recipe.readable, recipe.problems)
    return made


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
    page.show_spec(recipe.readable, recipe.problems)
    assert column(page, 0)[-1] == "Conv2d(6, 12, 20)"
    assert read(page, "networkSum") == "does not fit these pictures"
    assert read(page, "networkProblem").startswith("Kernel size: ")
    assert "larger than the picture" in read(page, "networkProblem")


def test_other_problems_do_not_hide_the_network(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("optimizer.lr", "fast")
    page.show_spec(recipe.readable, recipe.problems)
    assert column(page, 4)[-1] == "32,998"
    assert read(page, "networkProblem") == ""


def test_a_network_that_cannot_be_read_is_a_sentence(page: NetworkPage, recipe: Recipe) -> None:
    recipe.set("architecture.kernel_size", "five")
    page.show_spec(recipe.readable, recipe.problems)
    assert not table(page).isVisible()
    assert read(page, "networkProblem") == "Kernel size: must be a whole number"
    copy = page.findChild(QPushButton, "copyLayers")
    assert copy is not None
    assert not copy.isEnabled()
    recipe.undo()
    page.show_spec(recipe.readable, recipe.problems)
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
    recipe.set("architecture.kind", kind)
    page.show_spec(recipe.readable, recipe.problems)
    texts = [made.text() for made in page.findChildren(QLabel) if made.isVisible()]
    assert ARCHITECTURES[kind].title in texts
    assert any(ARCHITECTURES[kind].summary() in text for text in texts)
