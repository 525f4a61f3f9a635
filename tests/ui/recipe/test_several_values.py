"""Try several values: the page in the drawer."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.spec import TABLES, kind_of
from fmstudio.session.planned import Planned
from fmstudio.session.recipe import Recipe
from fmstudio.ui import theme
from fmstudio.ui.recipe.several_values_page import SeveralValuesPage
from fmstudio.ui.recipe.several_values_section import input_for, settings_to_vary

Make = Callable[..., SeveralValuesPage]


@pytest.fixture
def recipe(qapp: QApplication) -> Recipe:
    theme.apply(qapp, "light")
    return Recipe(lesson("first-look"))


@pytest.fixture
def make(qtbot: QtBot, recipe: Recipe) -> Make:
    def made(*paths: str) -> SeveralValuesPage:
        page = SeveralValuesPage(recipe, paths)
        qtbot.addWidget(page)
        page.resize(408, 600)
        page.show()
        return page

    return made


def line(page: SeveralValuesPage, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, name)
    assert found is not None
    return found


def press(page: SeveralValuesPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def words(page: SeveralValuesPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text()


def rows(page: SeveralValuesPage) -> list[str]:
    return [page.runs.item(row).text().replace("\u2007", "") for row in range(page.runs.count())]


def queue_text(page: SeveralValuesPage) -> str:
    found = page.findChild(QPushButton, "queueSeveral")
    assert found is not None
    return found.text()


def queued(qtbot: QtBot, page: SeveralValuesPage) -> list[Planned]:
    with qtbot.waitSignal(page.queue_asked) as asked:
        press(page, "queueSeveral")
    found: list[Planned] = asked.args[0]
    return found


def cross(page: SeveralValuesPage, path: str) -> None:
    field = page.findChild(QComboBox, "severalAnother")
    assert field is not None
    place = field.findData(path)
    assert place > 0
    field.setCurrentIndex(place)
    field.activated.emit(place)


def test_it_begins_with_values_about_the_present_one(make: Make) -> None:
    page = make("optimizer.lr")
    assert line(page, "severalList:optimizer.lr").text() == "0.001, 0.01, 0.1"
    assert rows(page) == ["1   Learning rate 0.001", "2   Learning rate 0.01", "3   Learning rate 0.1"]
    assert words(page, "severalHead") == "3 runs"


def test_the_runs_follow_what_is_typed(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    line(page, "severalList:optimizer.lr").setText("0.02, 0.03")
    assert rows(page) == ["1   Learning rate 0.02", "2   Learning rate 0.03"]
    found = queued(qtbot, page)
    assert [one.spec.optimizer.lr for one in found] == [0.02, 0.03]
    assert {(one.about.group_name, one.about.varied) for one in found} == {
        ("Learning rate: 2 values", ("optimizer.lr",))
    }
    assert len({one.about.group for one in found}) == 1


def test_how_long_it_takes_is_said_once_it_is_known(make: Make) -> None:
    page = make("optimizer.lr")
    page.show_seconds(40)
    assert words(page, "severalHead") == "3 runs · about 2 min"
    page.show_seconds(None)
    assert words(page, "severalHead") == "3 runs"


def test_more_epochs_take_longer(make: Make) -> None:
    page = make("epochs")
    line(page, "severalList:epochs").setText("2, 4, 6")
    page.show_seconds(10)
    assert words(page, "severalHead") == "3 runs · about 1 min"


def test_that_pictures_are_held_back_is_said(make: Make, recipe: Recipe) -> None:
    page = make("optimizer.lr")
    assert "5,000 training pictures that are held back" in words(page, "severalNote")
    recipe.set("validation", 0.1)
    assert words(page, "severalNote") == ""


def test_a_range_has_equal_factors_and_says_its_values(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    press(page, "tab.range")
    line(page, "severalLow:optimizer.lr").setText("0.001")
    line(page, "severalHigh:optimizer.lr").setText("0.1")
    line(page, "severalCount:optimizer.lr").setText("3")
    assert [one.spec.optimizer.lr for one in queued(qtbot, page)] == [0.001, 0.01, 0.1]
    assert any(text.text() == "0.001, 0.01, 0.1" for text in page.findChildren(QLabel))
    factors = page.findChild(QCheckBox)
    assert factors is not None
    factors.click()
    assert [one.spec.optimizer.lr for one in queued(qtbot, page)] == [0.001, 0.0505, 0.1]


@pytest.mark.parametrize("text", ["", "abc..", " , "])
def test_values_that_cannot_be_read_are_a_sentence_or_marked(make: Make, text: str) -> None:
    page = make("optimizer.lr")
    line(page, "severalList:optimizer.lr").setText(text)
    assert queue_text(page) == "Queue 0 runs"
    button = page.findChild(QPushButton, "queueSeveral")
    assert button is not None
    assert not button.isEnabled()


def test_what_cannot_be_run_is_marked_with_its_reason_and_left_out(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    line(page, "severalList:optimizer.lr").setText("0.1, 5")
    assert rows(page)[1] == "✗   Learning rate 5 — Learning rate: must be at most 1"
    assert words(page, "severalNote").startswith("1 cannot be run and is left out.")
    assert [one.spec.optimizer.lr for one in queued(qtbot, page)] == [0.1]


def test_a_second_setting_is_crossed_and_taken_away_again(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    cross(page, "batch_size")
    line(page, "severalList:batch_size").setText("32, 64")
    assert queue_text(page) == "Queue 6 runs"
    found = queued(qtbot, page)
    assert found[0].about.group_name == "Learning rate × Batch size: 6 runs"
    press(page, "severalRemove:batch_size")
    assert queue_text(page) == "Queue 3 runs"


def test_random_ones_are_as_many_as_asked_for(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    press(page, "tab.range")
    press(page, "tab.random")
    line(page, "severalDraws").setText("7")
    rates = [one.spec.optimizer.lr for one in queued(qtbot, page)]
    assert len(set(rates)) == 7
    assert all(0.001 <= rate <= 0.1 for rate in rates)


def test_each_can_be_repeated_with_several_seeds(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    line(page, "severalRepeats").setText("2")
    found = queued(qtbot, page)
    assert [(one.spec.optimizer.lr, one.spec.seed) for one in found][:2] == [(0.001, 0), (0.001, 1)]
    assert found[0].about.varied == ("optimizer.lr", "seed")


def test_kinds_are_ticked_only_those_that_fit(make: Make, qtbot: QtBot, recipe: Recipe) -> None:
    page = make("optimizer.kind")
    boxes = {box.text(): box for box in page.findChildren(QCheckBox)}
    assert "SparseAdam" not in boxes
    assert [text for text, box in boxes.items() if box.isChecked()] == ["Adam"]
    boxes["SGD"].click()
    assert {kind_of(one.spec.optimizer) for one in queued(qtbot, page)} == {"adam", "sgd"}
    boxes["SGD"].click()
    boxes["Adam"].click()
    assert queue_text(page) == "Queue 0 runs"


def test_a_switch_is_tried_both_ways(make: Make, qtbot: QtBot) -> None:
    found = queued(qtbot, make("shuffle"))
    assert [one.spec.shuffle for one in found] == [True, False]


def test_repeating_asks_only_how_many_seeds(make: Make, qtbot: QtBot, recipe: Recipe) -> None:
    recipe.set("seed", 7)
    page = make("seed")
    assert queue_text(page) == "Queue 5 runs"
    found = queued(qtbot, page)
    assert [one.spec.seed for one in found] == [7, 8, 9, 10, 11]
    assert {one.spec.validation for one in found} == {0.0}
    assert found[0].about.group_name == "5 seeds"
    another = page.findChild(QComboBox, "severalAnother")
    assert another is not None
    assert not another.isVisible()
    QTest.keyClick(line(page, "severalSeeds"), Qt.Key.Key_Up)
    assert queue_text(page) == "Queue 6 runs"
    line(page, "severalSeeds").setText("0")
    assert queue_text(page) == "Queue 0 runs"


def test_too_many_are_a_sentence(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    line(page, "severalRepeats").setText("1000")
    qtbot.waitUntil(lambda: "3,000 runs" in words(page, "severalNote"))
    assert "At most 1,000 at once" in words(page, "severalNote")
    assert queue_text(page) == "Queue 0 runs"


def test_many_are_counted_after_a_moment(make: Make, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    line(page, "severalRepeats").setText("40")
    qtbot.waitUntil(lambda: queue_text(page) == "Queue 120 runs")
    assert len(rows(page)) == 120


class Later:
    """Does in the background what the test says, when it says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Any, Any]] = []

    def __call__(self, work: Any, then: Any, otherwise: Any) -> None:
        self.waiting.append((work, then, otherwise))

    def deliver(self, place: int = 0) -> None:
        work, then, otherwise = self.waiting.pop(place)
        try:
            then(work())
        except UserError as error:
            otherwise(error)


def test_many_are_found_out_apart_from_the_window(qtbot: QtBot, recipe: Recipe) -> None:
    later = Later()
    page = SeveralValuesPage(recipe, ("optimizer.lr",), later)
    qtbot.addWidget(page)
    assert queue_text(page) == "Queue 3 runs"
    assert not later.waiting
    line(page, "severalRepeats").setText("40")
    assert (queue_text(page), page.sweep) == ("Queue 0 runs", None)
    qtbot.waitUntil(lambda: len(later.waiting) == 1)
    assert words(page, "severalHead") == "Finding out which runs these are …"
    line(page, "severalRepeats").setText("50")
    qtbot.waitUntil(lambda: len(later.waiting) == 2)
    later.deliver()
    assert page.sweep is None
    later.deliver()
    assert (queue_text(page), len(rows(page))) == ("Queue 150 runs", 150)
    line(page, "severalRepeats").setText("1000")
    qtbot.waitUntil(lambda: len(later.waiting) == 1)
    later.deliver()
    assert "3,000 runs" in words(page, "severalNote")
    line(page, "severalRepeats").setText("60")
    qtbot.waitUntil(lambda: len(later.waiting) == 1)
    line(page, "severalRepeats").setText("2")
    assert queue_text(page) == "Queue 6 runs"
    later.deliver()
    assert queue_text(page) == "Queue 6 runs"


def test_what_comes_after_the_page_is_gone_does_no_harm(qtbot: QtBot, recipe: Recipe) -> None:
    later = Later()
    page = SeveralValuesPage(recipe, ("optimizer.lr",), later)
    line(page, "severalRepeats").setText("40")
    qtbot.waitUntil(lambda: len(later.waiting) == 1)
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    later.deliver()
    assert not isValid(page)


def test_the_recipe_is_followed(make: Make, recipe: Recipe, qtbot: QtBot) -> None:
    page = make("optimizer.lr")
    recipe.set("epochs", 9)
    assert {one.spec.epochs for one in queued(qtbot, page)} == {9}


@pytest.mark.parametrize("name", ["first-look", "line", "softmax-scratch"])
def test_every_setting_that_is_offered_can_be_asked_for(qtbot: QtBot, name: str) -> None:
    recipe = Recipe(lesson(name))
    offered = settings_to_vary(recipe)
    assert {"optimizer.kind", "epochs", "batch_size", "seed"} <= set(offered)
    for path in offered:
        made = input_for(recipe, path)
        qtbot.addWidget(made)
        found = made.vary()
        assert found.path == path
        assert found.values


def test_every_setting_of_every_kind_has_an_input(qtbot: QtBot) -> None:
    base = Recipe(lesson("first-look"))
    for key, table in TABLES.items():
        for kind in table:
            base.set(f"{key}.kind", kind)
            for path in settings_to_vary(base):
                if path.startswith(f"{key}."):
                    made: Any = input_for(base, path)
                    qtbot.addWidget(made)
                    assert made.vary().values, path
            base.undo()
