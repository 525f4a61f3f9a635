from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fmstudio.experiment.fitting import unsuited
from fmstudio.experiment.lessons import lesson, lessons
from fmstudio.experiment.spec import TABLES, ExperimentSpec
from fmstudio.schema.setting import settings_of
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import DeviceOption, Recipe
from fmstudio.session.session import TrainingSession
from fmstudio.ui import theme
from fmstudio.ui.recipe.experiment_panel import ExperimentPanel
from fmstudio.ui.recipe.settings_search import HELP, NAME, TITLE, rank
from fmstudio.ui.shell import Shell
from fmstudio.ui.train_controls import Controls, TrainControls

INPUTS = (QLineEdit, QComboBox, QAbstractSpinBox, QCheckBox, QSlider)
SMALL, LARGE = (250, 610), (300, 790)
"""The column in a window of 1280 × 720, and of 1440 × 900."""


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(lesson("first-look"))


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot, recipe: Recipe) -> ExperimentPanel:
    theme.apply(qapp, "light")
    made = ExperimentPanel(recipe, lessons(), TrainControls())
    qtbot.addWidget(made)
    made.resize(*LARGE)
    made.show()
    made.setFocus()
    return made


def combo(panel: ExperimentPanel, name: str) -> QComboBox:
    found = panel.findChild(QComboBox, name)
    assert found is not None
    return found


def line(panel: ExperimentPanel, name: str) -> QLineEdit:
    found = panel.findChild(QLineEdit, name)
    assert found is not None
    return found


def press(panel: ExperimentPanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, name)
    assert found is not None
    return found


def choose(field: QComboBox, value: object) -> None:
    field.setCurrentIndex(field.findData(value))


def seen_inputs(panel: ExperimentPanel) -> list[str]:
    """What can be typed in or chosen, as far as it is visible; the line of an editable list belongs to it."""
    found = {field for kind in INPUTS for field in panel.findChildren(kind) if field.isVisible()}
    return sorted(field.objectName() for field in found if not isinstance(field.parent(), QComboBox))


def seen_texts(panel: QWidget) -> list[str]:
    return [made.text() for made in panel.findChildren(QLabel) if made.isVisible() and made.text()]


def folded_settings(recipe: Recipe) -> int:
    """Settings of what is chosen that are folded but not rare, with the two choices among them."""
    models = [ExperimentSpec, *(table[recipe.get(f"{key}.kind")] for key, table in TABLES.items())]
    settings = [setting for model in models for setting in settings_of(model)]
    return 2 + sum(setting.level == "more" and setting.kind != "layers" for setting in settings)


def scroll_range(panel: ExperimentPanel) -> int:
    area = panel.findChild(QScrollArea, "recipeScroll")
    assert area is not None
    QApplication.sendPostedEvents()
    return area.verticalScrollBar().maximum()


def test_the_first_sight_is_the_lesson_and_eight_settings(panel: ExperimentPanel) -> None:
    assert seen_inputs(panel) == sorted(
        ["lesson", "dataset", "architecture", "loss", "optimizer", "optimizer.lr", "epochs", "batch_size", "device"]
    )


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_nothing_scrolls_at_first_sight(panel: ExperimentPanel, size: tuple[int, int]) -> None:
    panel.resize(*size)
    assert scroll_range(panel) == 0
    assert sum(field.isVisible() for kind in INPUTS for field in panel.findChildren(kind)) <= 10


def test_the_lines_say_what_the_choices_come_to(panel: ExperimentPanel) -> None:
    texts = seen_texts(panel)
    assert "60,000 to learn from · 10,000 to test" in texts
    assert "32,998 weights · input 28 × 28" in texts


def test_a_small_column_says_it_in_short_and_pairs_its_rows(panel: ExperimentPanel) -> None:
    panel.resize(*SMALL)
    QApplication.sendPostedEvents()
    assert {"60,000 + 10,000", "32,998 weights"} <= set(seen_texts(panel))
    assert line(panel, "optimizer.lr").mapTo(panel, QPoint()).y() == line(panel, "epochs").mapTo(panel, QPoint()).y()


def test_every_setting_of_what_is_chosen_is_there(panel: ExperimentPanel, recipe: Recipe) -> None:
    names = [setting.name for setting in settings_of(ExperimentSpec)]
    for key, table in TABLES.items():
        names.append(key)
        names += [f"{key}.{setting.name}" for setting in settings_of(table[recipe.get(f"{key}.kind")])]
    for name in names:
        assert len(panel.findChildren(QWidget, name)) == 1, name


@pytest.mark.parametrize("key", TABLES)
def test_every_choice_of_a_table_can_be_made(panel: ExperimentPanel, recipe: Recipe, key: str) -> None:
    field = combo(panel, key)
    offered = [field.itemData(place) for place in range(field.count())]
    assert sorted(filter(None, offered)) == sorted(TABLES[key])
    for kind, model in TABLES[key].items():
        start = recipe.readable
        assert start is not None
        choose(field, kind)
        assert recipe.get(f"{key}.kind") == kind
        reason = unsuited(key, kind, start)
        assert [problem.message for problem in recipe.problems] == ([reason] if reason else [])
        assert (field.currentIndex() > offered.index(None)) == bool(reason) if None in offered else not reason
        for setting in settings_of(model):
            assert len(panel.findChildren(QWidget, f"{key}.{setting.name}")) == 1
        recipe.undo()


def test_points_swap_everything_that_does_not_fit_in_one_step(panel: ExperimentPanel, recipe: Recipe) -> None:
    before = recipe.draft
    choose(combo(panel, "dataset"), "linear")
    assert recipe.problems == ()
    said = [combo(panel, key).currentText() for key in ("architecture", "loss", "optimizer", "schedule")]
    assert said == ["Linear regression", "MSE", "SGD", "Constant"]
    assert (line(panel, "optimizer.lr").text(), line(panel, "epochs").text()) == ("0.03", "3")
    note = panel.findChild(QLabel, "recipeNote")
    assert note is not None
    assert note.isVisible()
    assert note.text().startswith("Changed with it: Network Linear regression, Loss MSE")
    whole = (
        "Changed with it: Network Linear regression, Loss MSE, Optimizer SGD, Learning rate 0.03, "
        "Schedule Constant, Epochs 3, Batch size 10"
    )
    assert whole in (note.text(), note.toolTip())
    texts = seen_texts(panel)
    assert "10,000 points to learn from · 1,000 to test" in texts
    assert "3 weights · input 2 numbers" in texts
    recipe.undo()
    assert recipe.draft == before
    assert combo(panel, "loss").currentData() == "cross-entropy"


def test_what_does_not_fit_stands_below_a_heading_with_its_reason(panel: ExperimentPanel, recipe: Recipe) -> None:
    choose(combo(panel, "dataset"), "linear")
    field = combo(panel, "loss")
    kinds = [field.itemData(place) for place in range(field.count())]
    heading = kinds.index(None)
    assert set(kinds[:heading]) == {"mse", "l1", "smooth-l1", "huber"}
    assert field.itemText(heading) == "Other losses"
    item = field.model().index(heading, 0)
    assert not field.model().flags(item) & Qt.ItemFlag.ItemIsSelectable
    tip = field.itemData(kinds.index("cross-entropy"), Qt.ItemDataRole.ToolTipRole)
    assert "needs classes: these points have numbers to predict" in tip
    before = recipe.draft
    choose(field, "cross-entropy")
    assert recipe.draft != before
    assert "needs classes: these points have numbers to predict" in seen_texts(panel)
    press(panel, "mend:loss.kind").click()
    assert field.currentData() == "mse"
    assert recipe.spec is not None


def test_another_order_of_a_list_is_no_edit(panel: ExperimentPanel, recipe: Recipe) -> None:
    said: list[int] = []
    for key in ("architecture", "loss", "optimizer"):
        combo(panel, key).currentIndexChanged.connect(said.append)
    recipe.set("dataset.kind", "linear")
    assert said == []
    recipe.undo()
    assert said == []
    assert not recipe.can_undo


def test_sparse_adam_says_what_it_needs_and_a_click_gives_it(panel: ExperimentPanel, recipe: Recipe) -> None:
    choose(combo(panel, "optimizer"), "sparse-adam")
    assert any("sparse gradients" in text for text in seen_texts(panel))
    press(panel, "mend:optimizer.kind").click()
    assert recipe.problems == ()
    assert recipe.get("architecture.kind") == "softmax-regression-sparse"
    assert recipe.get("optimizer.kind") == "sparse-adam"


def test_a_schedule_that_watches_holds_pictures_back_and_says_so(panel: ExperimentPanel, recipe: Recipe) -> None:
    choose(combo(panel, "schedule"), "plateau")
    assert recipe.get("validation") == 1 / 12
    assert "Changed with it: Validation 0.0833" in seen_texts(panel)
    panel.show_more()
    assert line(panel, "validation").text() == "0.0833"
    line(panel, "validation").setFocus()
    combo(panel, "lesson").setFocus()
    assert recipe.get("validation") == 1 / 12
    recipe.undo()
    assert recipe.get("validation") == 0


def test_a_list_of_layers_is_counted_and_edited_on_its_page(
    panel: ExperimentPanel, recipe: Recipe, qtbot: QtBot
) -> None:
    choose(combo(panel, "architecture"), "layers")
    count = len(recipe.get("architecture.layers"))
    assert f"{count} layers" in seen_texts(panel)
    with qtbot.waitSignal(panel.page_asked) as asked:
        press(panel, "architecture.layers").click()
    assert asked.args == ["network"]


def test_a_problem_in_a_layer_names_it(panel: ExperimentPanel, recipe: Recipe) -> None:
    recipe.set("architecture.kind", "layers")
    recipe.set("architecture.layers", [{"kind": "flatten"}, {"kind": "linear", "features": -1}])
    assert any(text.startswith("layer 2: ") for text in seen_texts(panel))


class TestLesson:
    """A lesson that says what it shows."""

    @pytest.fixture
    def recipe(self) -> Recipe:
        shows = ("loss", "optimizer.lr", "dataset.normalise")
        return Recipe(replace(lesson("first-look"), shows=shows))

    def test_the_rest_is_folded_away(self, panel: ExperimentPanel) -> None:
        assert seen_inputs(panel) == ["dataset.normalise", "lesson", "loss", "optimizer.lr"]
        texts = seen_texts(panel)
        assert {"This lesson keeps the rest fixed", "Fashion-MNIST", "Small CNN"} <= set(texts)
        assert not press(panel, "moreSettings").isVisible()

    def test_a_click_shows_all_and_another_folds_again(self, panel: ExperimentPanel) -> None:
        press(panel, "showAll").click()
        assert {"dataset", "architecture", "loss", "epochs", "optimizer.lr"} <= set(seen_inputs(panel))
        assert press(panel, "moreSettings").isVisible()
        assert "This lesson keeps the rest fixed" not in seen_texts(panel)
        press(panel, "showAll").click()
        assert seen_inputs(panel) == ["dataset.normalise", "lesson", "loss", "optimizer.lr"]

    def test_what_is_not_as_in_the_lesson_is_seen(self, panel: ExperimentPanel, recipe: Recipe) -> None:
        recipe.set("validation", 0.5)
        recipe.set("epochs", 0)
        assert {"validation", "epochs"} <= set(seen_inputs(panel))
        assert "must be at least 1" in seen_texts(panel)
        recipe.undo()
        recipe.undo()
        assert "validation" not in seen_inputs(panel)

    def test_a_field_does_not_vanish_while_one_types_in_it(self, panel: ExperimentPanel, recipe: Recipe) -> None:
        recipe.set("epochs", 20)
        panel.activateWindow()
        line(panel, "epochs").setFocus()
        line(panel, "epochs").setText("2")
        assert line(panel, "epochs").isVisible()

    def test_a_setting_that_is_asked_for_unfolds_the_rest(self, panel: ExperimentPanel) -> None:
        panel.show_setting("threads")
        assert line(panel, "threads").isVisible()

    def test_another_lesson_that_shows_all_hides_nothing(self, panel: ExperimentPanel, recipe: Recipe) -> None:
        recipe.take_lesson(replace(lesson("cnn"), shows=()))
        assert {"dataset", "architecture", "epochs", "device"} <= set(seen_inputs(panel))
        assert not press(panel, "showAll").isVisible()

    @pytest.mark.parametrize("size", [SMALL, LARGE])
    def test_rows_stand_without_holes(self, panel: ExperimentPanel, size: tuple[int, int]) -> None:
        panel.resize(*size)
        assert seen_inputs(panel) == ["dataset.normalise", "lesson", "loss", "optimizer.lr"]
        assert scroll_range(panel) == 0


def test_choosing_changes_the_recipe_and_says_what_came_with_it(panel: ExperimentPanel, recipe: Recipe) -> None:
    choose(combo(panel, "optimizer"), "sgd")
    assert recipe.spec is not None
    assert line(panel, "optimizer.lr").text() == "0.1"
    assert "Changed with it: Learning rate 0.1" in seen_texts(panel)
    line(panel, "epochs").setText("3")
    assert "Changed with it: Learning rate 0.1" not in seen_texts(panel)


def test_typing_changes_the_recipe_and_is_one_step_of_undo(panel: ExperimentPanel, recipe: Recipe) -> None:
    field = line(panel, "optimizer.lr")
    field.selectAll()
    QTest.keyClicks(field, "0.0005")
    assert recipe.get("optimizer.lr") == 0.0005
    recipe.undo()
    assert field.text() == "0.01"
    assert not recipe.can_undo


def test_a_step_in_a_list_is_one_step_of_undo_each(panel: ExperimentPanel, recipe: Recipe) -> None:
    for kind in ("mlp", "softmax-regression"):
        choose(combo(panel, "architecture"), kind)
    recipe.undo()
    assert combo(panel, "architecture").currentData() == "mlp"


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_rate_too_large_is_said_at_its_field_and_mended(
    panel: ExperimentPanel, recipe: Recipe, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    line(panel, "optimizer.lr").setText("10")
    assert recipe.spec is None
    assert "must be at most 1" in seen_texts(panel)
    assert line(panel, "optimizer.lr").property("problem") is True
    mend = press(panel, "mend:optimizer.lr")
    assert mend.isVisible()
    assert mend.text() == "Use learning rate 0.01"
    mend.click()
    assert line(panel, "optimizer.lr").text() == "0.01"
    assert recipe.spec is not None
    assert "must be at most 1" not in seen_texts(panel)


def test_a_number_with_a_comma_is_said_while_it_is_typed(panel: ExperimentPanel) -> None:
    line(panel, "optimizer.lr").setText("0,001")
    assert "must be a number, with a point: 0.001" in seen_texts(panel)
    assert line(panel, "optimizer.lr").text() == "0,001"


def test_a_problem_of_a_folded_setting_unfolds_it(panel: ExperimentPanel, recipe: Recipe) -> None:
    assert not line(panel, "architecture.kernel_size").isVisible()
    recipe.set("architecture.kernel_size", 20)
    assert line(panel, "architecture.kernel_size").isVisible()
    assert "does not fit these pictures" in seen_texts(panel)
    press(panel, "mend:architecture.kernel_size").click()
    assert not line(panel, "architecture.kernel_size").isVisible()


def test_a_problem_of_no_field_is_said_at_its_choice(panel: ExperimentPanel, recipe: Recipe) -> None:
    recipe.take_draft({"optimizer": {"kind": "adam", "nonsense": 1}})
    assert any(text.startswith("there is no such setting") for text in seen_texts(panel))


def test_more_settings_unfold_and_fold(panel: ExperimentPanel, recipe: Recipe) -> None:
    more, count = press(panel, "moreSettings"), folded_settings(recipe)
    assert more.text() == f"▸ More settings ({count})"
    more.click()
    assert more.text() == f"▾ More settings ({count})"
    assert {"schedule", "seed", "shuffle", "architecture.channels"} <= set(seen_inputs(panel))
    assert "optimizer.eps" not in seen_inputs(panel)
    more.click()
    assert "seed" not in seen_inputs(panel)


def test_the_number_follows_what_is_chosen(panel: ExperimentPanel, recipe: Recipe) -> None:
    before = folded_settings(recipe)
    choose(combo(panel, "architecture"), "softmax-regression")
    assert folded_settings(recipe) < before
    assert press(panel, "moreSettings").text() == f"▸ More settings ({folded_settings(recipe)})"


def test_what_is_folded_and_not_as_usual_is_said(panel: ExperimentPanel, recipe: Recipe) -> None:
    differing = panel.findChild(QLabel, "differingSettings")
    assert differing is not None
    assert differing.isVisible()
    assert "Normalise pixels" in differing.text()
    assert "One cycle" in differing.text()
    recipe.set("optimizer.eps", 1e-6)
    assert "Epsilon <b>1e-6</b>" in differing.text()
    recipe.change([("optimizer.eps", 1e-8), ("dataset.normalise", False), ("schedule.kind", "constant")])
    assert not differing.isVisible()


def test_a_click_on_what_is_not_as_usual_leads_to_it(panel: ExperimentPanel, recipe: Recipe, qtbot: QtBot) -> None:
    recipe.set("optimizer.eps", 1e-6)
    differing = panel.findChild(QLabel, "differingSettings")
    assert differing is not None
    panel.activateWindow()
    differing.linkActivated.emit("optimizer.eps")
    assert line(panel, "optimizer.eps").isVisible()
    qtbot.waitUntil(line(panel, "optimizer.eps").hasFocus)


def test_rare_settings_are_found_by_search(panel: ExperimentPanel) -> None:
    press(panel, "moreSettings").click()
    line(panel, "settingsSearch").setText("divided by zero")
    found = set(seen_inputs(panel))
    assert "optimizer.eps" in found
    assert "seed" not in found
    line(panel, "settingsSearch").setText("nothing like it")
    assert "No setting is called “nothing like it”." in seen_texts(panel)
    QTest.keyClick(line(panel, "settingsSearch"), Qt.Key.Key_Escape)
    assert "seed" in seen_inputs(panel)


def test_a_setting_can_be_brought_before_the_eyes(panel: ExperimentPanel) -> None:
    panel.show_setting("threads")
    assert line(panel, "threads").isVisible()
    panel.show_setting("no.such")


def test_search_looks_into_title_path_group_options_and_help() -> None:
    anneal = next(s for s in settings_of(TABLES["schedule"]["one-cycle"]) if s.name == "anneal_strategy")
    found = {
        "shape": TITLE,
        "anneal": NAME,
        "SCHEDULE": NAME,
        "linear": NAME,
        "rate moves": HELP,
        "shape schedule": NAME,
    }
    for query, place in found.items():
        assert rank(query, anneal, "schedule.anneal_strategy", "Schedule") == place, query
    for query in ("", "  ", "shape zebra"):
        assert rank(query, anneal, "schedule.anneal_strategy", "Schedule") is None, query


def test_choosing_a_lesson_fills_the_recipe(panel: ExperimentPanel, recipe: Recipe) -> None:
    choose(combo(panel, "lesson"), "cnn")
    assert recipe.spec == lesson("cnn").spec
    assert combo(panel, "batch_size").currentText() == "100"


def test_choosing_the_same_lesson_again_takes_the_changes_back(panel: ExperimentPanel, recipe: Recipe) -> None:
    recipe.set("epochs", 9)
    field = combo(panel, "lesson")
    field.activated.emit(field.currentIndex())
    assert recipe.changed_paths() == ()


def test_undo_of_a_lesson_shows_the_former_one(panel: ExperimentPanel, recipe: Recipe) -> None:
    choose(combo(panel, "lesson"), "cnn")
    recipe.undo()
    assert combo(panel, "lesson").currentData() == "first-look"


def test_the_devices_that_exist_are_offered_and_others_are_a_problem(panel: ExperimentPanel, recipe: Recipe) -> None:
    panel.show_devices(
        [DeviceOption("auto", "Automatic"), DeviceOption("cpu", "CPU"), DeviceOption("mps", "Apple GPU")]
    )
    field = combo(panel, "device")
    assert [field.itemText(place) for place in range(field.count())] == ["Automatic", "CPU", "Apple GPU"]
    choose(field, "mps")
    assert recipe.get("device") == "mps"
    recipe.set("device", "cuda:0")
    assert any("cuda:0" in text for text in seen_texts(panel))


@pytest.mark.parametrize("page", ["data", "network", "learning"])
def test_a_heading_asks_for_its_page(panel: ExperimentPanel, qtbot: QtBot, page: str) -> None:
    heading = panel.findChild(QWidget, f"{page}Heading")
    assert heading is not None
    with qtbot.waitSignal(panel.page_asked) as asked:
        QTest.mouseClick(heading, Qt.MouseButton.LeftButton)
    assert asked.args == [page]


def test_help_on_a_choice_is_its_explanation_and_on_a_setting_its_text(panel: ExperimentPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.help_asked) as asked:
        QTest.keyClick(combo(panel, "optimizer"), Qt.Key.Key_F1)
    assert asked.args[0].startswith("# Adam\n")
    assert "Kingma" in asked.args[0]
    with qtbot.waitSignal(panel.help_asked) as asked:
        QTest.keyClick(line(panel, "optimizer.lr"), Qt.Key.Key_F1)
    assert asked.args[0].startswith("# Learning rate\n\nHow far each step goes")


def test_the_wheel_above_a_field_without_the_focus_changes_nothing(panel: ExperimentPanel, recipe: Recipe) -> None:
    for name in ("lesson", "optimizer", "epochs", "batch_size", "device"):
        field = panel.findChild(QWidget, name)
        assert field is not None
        assert not field.hasFocus()
        at = QPointF(5, 5)
        event = QWheelEvent(
            at, field.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, event)
        assert not event.isAccepted(), name
    assert not recipe.can_undo


def test_the_controls_stand_at_the_foot_and_stay_there(panel: ExperimentPanel, recipe: Recipe) -> None:
    controls = panel.findChild(TrainControls)
    assert controls is not None
    QApplication.sendPostedEvents()
    before = controls.mapTo(panel, QPoint())
    recipe.set("optimizer.kind", "sgd")
    press(panel, "moreSettings").click()
    QApplication.sendPostedEvents()
    assert controls.mapTo(panel, QPoint()) == before


def test_no_field_moves_sideways_when_the_scroll_bar_comes(qtbot: QtBot, panel: ExperimentPanel) -> None:
    QApplication.sendPostedEvents()
    before = line(panel, "epochs").width()
    panel.show_more()
    assert scroll_range(panel) > 0
    qtbot.waitUntil(lambda: line(panel, "epochs").width() == before)


@pytest.mark.parametrize("height", range(560, 760, 9))
def test_the_column_comes_to_rest_at_any_height(qtbot: QtBot, panel: ExperimentPanel, height: int) -> None:
    """The margin gives way to the scroll bar, and the bar's need of it depends on the margin."""
    panel.resize(250, height)
    line(panel, "optimizer.lr").setText("10")
    qtbot.wait(1)
    widths = set()
    for _ in range(5):
        qtbot.wait(1)
        widths.add(line(panel, "epochs").width())
    assert len(widths) == 1


def tab_stops(panel: ExperimentPanel, qtbot: QtBot, first: QWidget, count: int) -> list[str]:
    """Where the Tab key goes from a field."""
    panel.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    stops: list[str] = []
    for _ in range(count):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        stops.append(focused.objectName())
    return stops


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_tab_key_goes_from_above_to_below(panel: ExperimentPanel, qtbot: QtBot, size: tuple[int, int]) -> None:
    panel.resize(*size)
    line(panel, "optimizer.lr").setText("0,05")
    assert tab_stops(panel, qtbot, combo(panel, "lesson"), 13) == [
        "dataHeading", "dataset", "networkHeading", "architecture", "learningHeading", "loss", "optimizer",
        "optimizer.lr", "mend:optimizer.lr", "epochs", "batch_size", "device", "moreSettings",
    ]  # fmt: skip


def test_from_the_search_the_tab_key_goes_to_what_was_found_and_then_to_train(
    panel: ExperimentPanel, qtbot: QtBot
) -> None:
    choose(combo(panel, "schedule"), "cosine")
    press(panel, "moreSettings").click()
    search = line(panel, "settingsSearch")
    search.setText("early")
    assert tab_stops(panel, qtbot, search, 3) == ["early_stopping", "schedule.warm_up", "trainButton"]
    choose(combo(panel, "schedule"), "constant")
    assert tab_stops(panel, qtbot, search, 3) == ["early_stopping", "schedule.warm_up", "trainButton"]


def test_what_is_called_so_stands_before_what_only_speaks_of_it(panel: ExperimentPanel, qtbot: QtBot) -> None:
    choose(combo(panel, "schedule"), "cosine")
    press(panel, "moreSettings").click()
    line(panel, "settingsSearch").setText("early")
    first, second = line(panel, "early_stopping"), line(panel, "schedule.warm_up")

    def before(one: QWidget, other: QWidget) -> bool:
        return one.mapTo(panel, QPoint()).y() < other.mapTo(panel, QPoint()).y()

    qtbot.waitUntil(lambda: before(first, second))
    area = panel.findChild(QScrollArea, "recipeScroll")
    assert area is not None
    qtbot.waitUntil(lambda: first.mapTo(area, QPoint(0, first.height())).y() <= area.height())
    line(panel, "settingsSearch").clear()
    qtbot.waitUntil(lambda: before(second, first))


def test_after_a_mending_the_keyboard_is_at_the_field(panel: ExperimentPanel, qtbot: QtBot) -> None:
    line(panel, "optimizer.lr").setText("0,05")
    panel.activateWindow()
    mend = press(panel, "mend:optimizer.lr")
    mend.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(mend.hasFocus)
    assert mend.text() == "Use learning rate 0.05"
    QTest.keyClick(mend, Qt.Key.Key_Space)
    assert line(panel, "optimizer.lr").hasFocus()
    assert line(panel, "optimizer.lr").text() == "0.05"


def test_after_a_mending_at_the_foot_the_keyboard_is_at_train(panel: ExperimentPanel, qtbot: QtBot) -> None:
    controls = panel.findChild(TrainControls)
    assert controls is not None
    controls.show_controls(Controls("problem", problem="Epochs: must be at least 1", mending_label="Use epochs 2"))
    panel.activateWindow()
    press(panel, "mendButton").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(press(panel, "mendButton").hasFocus)
    controls.show_controls(Controls("ready"))
    assert press(panel, "trainButton").hasFocus()


def test_after_an_undo_that_takes_the_field_away_the_keyboard_is_at_its_choice(
    panel: ExperimentPanel, recipe: Recipe, qtbot: QtBot
) -> None:
    recipe.set("architecture.kernel_size", 20)
    field = line(panel, "architecture.kernel_size")
    panel.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    recipe.undo()
    assert not field.isVisible()
    assert combo(panel, "architecture").hasFocus()


def test_a_layer_that_does_not_fit_is_told_in_short(panel: ExperimentPanel, recipe: Recipe) -> None:
    recipe.set("architecture.kind", "layers")
    recipe.set("architecture.layers", [{"kind": "conv2d"}, {"kind": "conv2d", "kernel_size": 31}])
    assert "layer 2 does not fit" in seen_texts(panel)
    assert press(panel, "mend:architecture.layers").text() == "Use kernel size 26"


def test_in_a_pair_the_problem_of_the_right_one_names_it(panel: ExperimentPanel) -> None:
    panel.resize(*SMALL)
    QApplication.sendPostedEvents()
    line(panel, "epochs").setText("1000000")
    assert "Epochs: must be at most 100,000" in seen_texts(panel)
    panel.resize(*LARGE)
    QApplication.sendPostedEvents()
    assert "must be at most 100,000" in seen_texts(panel)


def test_the_mark_stands_beside_its_row_after_every_layout(qapp: QApplication, qtbot: QtBot, recipe: Recipe) -> None:
    theme.apply(qapp, "light")
    inspection = Inspection(recipe)
    window = Shell(recipe, inspection, Examiner(TrainingSession(parent=recipe), inspection, recipe))
    qtbot.addWidget(window)
    panel = window.recipe_panel
    window.resize(1440, 900)
    window.show()
    qtbot.waitUntil(lambda: window.screen().grabWindow(window.winId()).height() == window.height())

    def marked_at() -> bool:
        seen = window.screen().grabWindow(window.winId()).toImage()
        field = line(panel, "optimizer.lr")
        at = field.mapTo(window, QPoint(0, field.height() // 2)).y()
        return [seen.pixelColor(9, y) == theme.colour("accent") for y in (at - 17, at, at + 17)] == [0, 1, 0]

    qtbot.waitUntil(marked_at)
    said = next(made for made in panel.findChildren(QLabel) if made.text().startswith("60,000 to learn"))
    row = line(panel, "optimizer.lr")
    before = row.mapTo(window, QPoint()).y()
    said.setText("one two three four five six seven eight nine ten eleven twelve")
    qtbot.waitUntil(lambda: row.mapTo(window, QPoint()).y() != before)
    qtbot.waitUntil(marked_at, timeout=2000)


@pytest.mark.parametrize("name", ["lesson", "optimizer", "optimizer.lr", "batch_size", "device"])
def test_escape_is_left_to_the_window(panel: ExperimentPanel, qtbot: QtBot, name: str) -> None:
    field = panel.findChild(QWidget, name)
    assert field is not None
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "\x1b")
    event.ignore()
    QApplication.sendEvent(field, event)
    assert not event.isAccepted()


def test_sparse_softmax_leaves_the_pixels_as_they_are(panel: ExperimentPanel, recipe: Recipe) -> None:
    assert recipe.get("dataset.normalise") is True
    choose(combo(panel, "architecture"), "softmax-regression-sparse")
    assert recipe.get("dataset.normalise") is False


def test_weights_to_begin_with_are_said_and_can_be_taken_away(panel: ExperimentPanel, recipe: Recipe) -> None:
    differing = panel.findChild(QLabel, "differingSettings")
    assert differing is not None
    recipe.change([("dataset.normalise", False), ("schedule.kind", "constant")])
    assert not differing.isVisible()
    recipe.set("start_from", "/home/me/my <b>weights.safetensors")
    assert differing.isVisible()
    assert "Begins with <b>my &lt;b&gt;weights.safetensors</b>" in differing.text()
    press(panel, "moreSettings").click()
    assert differing.isVisible(), "there is no row that says it"
    differing.linkActivated.emit("start_from")
    assert recipe.get("start_from") == ""
    assert not differing.isVisible()
