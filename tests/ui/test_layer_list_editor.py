import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.experiment.lessons import lesson
from fmstudio.session.layer_list import FIRST, ListColumns
from fmstudio.session.recipe import Recipe
from fmstudio.ui import theme
from fmstudio.ui.layer_list_editor import LayerListEditor

PATH = "architecture.layers"


@pytest.fixture
def recipe() -> Recipe:
    made = Recipe(lesson("first-look"))
    made.set("architecture.kind", "layers")
    made.set(PATH, [
        {"kind": "conv2d", "channels": 6, "kernel_size": 5},
        {"kind": "relu"},
        {"kind": "max-pool", "kernel_size": 2},
        {"kind": "flatten"},
        {"kind": "linear", "features": 60},
    ])  # fmt: skip
    made.settle()
    return made


@pytest.fixture
def editor(qapp: QApplication, qtbot: QtBot, recipe: Recipe) -> LayerListEditor:
    """Connected to a recipe as in the window."""
    theme.apply(qapp, "light")
    facts = recipe.spec.facts if recipe.spec else None
    assert facts is not None
    made = LayerListEditor()
    made.changed.connect(lambda value: recipe.set(PATH, value))
    made.settled.connect(recipe.settle)
    made.mend_asked.connect(lambda mending: recipe.change(mending.changes))
    recipe.changed.connect(lambda: made.show_layers(recipe.get(PATH), facts, recipe.problems))
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.show_layers(recipe.get(PATH), facts, recipe.problems)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.view.setFocus()
    return made


def kinds(recipe: Recipe) -> list[str]:
    return [layer["kind"] for layer in recipe.get(PATH)]


def outputs(editor: LayerListEditor) -> list[str]:
    model = editor.model
    return [str(model.index(row, ListColumns.OUTPUT).data()) for row in range(model.rowCount())]


def field(editor: LayerListEditor, name: str) -> QLineEdit:
    found = editor.findChild(QLineEdit, name)
    assert found is not None
    return found


def press(editor: LayerListEditor, name: str) -> None:
    found = editor.findChild(QPushButton, name)
    assert found is not None
    found.click()


def said(editor: LayerListEditor, name: str) -> str:
    found = editor.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def add(editor: LayerListEditor, kind: str) -> None:
    """Choose in the menu of kinds."""
    menu = editor.findChild(QMenu, "layerKinds")
    assert menu is not None
    next(action for action in menu.actions() if action.objectName() == f"add.{kind}").trigger()


def test_the_first_layer_is_current_with_its_settings(editor: LayerListEditor) -> None:
    assert editor.view.place == 0
    assert field(editor, f"{PATH}.0.channels").text() == "6"
    assert "weight 6 × 1 × 5 × 5, bias 6" in said(editor, "layerFacts")
    assert "sees 5 × 5 pixels" in said(editor, "layerFacts")


def test_typing_a_setting_changes_the_shapes_in_one_step_of_undo(
    editor: LayerListEditor, recipe: Recipe, qtbot: QtBot
) -> None:
    line = field(editor, f"{PATH}.0.channels")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "12")
    assert recipe.get(PATH)[0]["channels"] == 12
    assert outputs(editor)[1] == "12 × 24 × 24"
    assert line is field(editor, f"{PATH}.0.channels")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    recipe.undo()
    assert recipe.get(PATH)[0]["channels"] == 6
    assert line.text() == "6"
    assert outputs(editor)[1] == "6 × 24 × 24"


def test_a_wrong_value_stands_at_its_field_and_its_row_and_can_be_mended(
    editor: LayerListEditor, recipe: Recipe, qtbot: QtBot
) -> None:
    line = field(editor, f"{PATH}.0.kernel_size")
    line.selectAll()
    qtbot.keyClicks(line, "99")
    assert "larger than the picture" in said(editor, f"problem:{PATH}.0.kernel_size")
    assert outputs(editor)[1:] == ["–"] * 6
    assert editor.view.rowHeight(FIRST) > editor.view.rowHeight(FIRST + 1)
    press(editor, f"mend:{PATH}.0.kernel_size")
    assert recipe.problems == ()
    assert outputs(editor)[-1] == "10"


def test_after_a_mending_the_keyboard_is_at_the_setting(editor: LayerListEditor, recipe: Recipe, qtbot: QtBot) -> None:
    line = field(editor, f"{PATH}.0.kernel_size")
    line.setText("99")
    mend = editor.findChild(QPushButton, f"mend:{PATH}.0.kernel_size")
    assert mend is not None
    editor.activateWindow()
    mend.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(mend.hasFocus)
    qtbot.keyClick(mend, Qt.Key.Key_Space)
    assert recipe.problems == ()
    assert line.hasFocus()


def test_the_default_mends_a_value_beside_its_limits(editor: LayerListEditor, qtbot: QtBot) -> None:
    line = field(editor, f"{PATH}.0.channels")
    line.selectAll()
    qtbot.keyClicks(line, "0")
    assert said(editor, f"problem:{PATH}.0.channels") == "must be at least 1"
    with qtbot.waitSignal(editor.mend_asked) as asked:
        press(editor, f"mend:{PATH}.0.channels")
    assert asked.args is not None
    assert asked.args[0].changes == ((f"{PATH}.0.channels", 16),)


def test_a_missing_flatten_can_be_put_in(editor: LayerListEditor, recipe: Recipe) -> None:
    editor.view.choose(FIRST + 3)
    press(editor, "removeLayer")
    assert editor.view.place == 3
    assert "flatten it first" in said(editor, f"problem:{PATH}")
    press(editor, f"mend:{PATH}")
    assert kinds(recipe)[3] == "flatten"
    assert recipe.problems == ()


def test_a_layer_is_added_below_the_current_one(editor: LayerListEditor, recipe: Recipe) -> None:
    add(editor, "dropout")
    assert kinds(recipe)[:2] == ["conv2d", "dropout"]
    assert editor.view.place == 1
    assert field(editor, f"{PATH}.1.p").text() == "0.5"
    editor.view.choose(0)
    add(editor, "relu")
    assert kinds(recipe)[0] == "relu"
    editor.view.choose(editor.model.rowCount() - 1)
    add(editor, "tanh")
    assert kinds(recipe)[-1] == "tanh"


@pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing the keyboard", extend=True)
def test_the_keyboard_opens_the_menu_of_kinds(editor: LayerListEditor, qtbot: QtBot) -> None:
    menu = editor.findChild(QMenu, "layerKinds")
    assert menu is not None
    qtbot.keyClick(editor.view, Qt.Key.Key_Insert)
    assert menu.isVisible()
    menu.close()
    press(editor, "addLayer")
    assert menu.isVisible()
    menu.close()


def test_the_keyboard_duplicates_removes_and_moves(editor: LayerListEditor, recipe: Recipe, qtbot: QtBot) -> None:
    view = editor.view
    qtbot.keyClick(view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert kinds(recipe)[:3] == ["conv2d", "conv2d", "relu"]
    assert view.place == 1
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert kinds(recipe)[:2] == ["conv2d", "relu"]
    view.choose(FIRST)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(recipe)[:2] == ["relu", "conv2d"]
    assert view.place == 1
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert kinds(recipe)[:2] == ["conv2d", "relu"]
    assert view.place == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.place == 1


def test_every_edit_is_a_step_of_undo(editor: LayerListEditor, recipe: Recipe) -> None:
    before = recipe.get(PATH)
    add(editor, "dropout")
    press(editor, "duplicateLayer")
    press(editor, "layerDown")
    after = recipe.get(PATH)
    for _ in range(3):
        recipe.undo()
    assert recipe.get(PATH) == before
    assert editor.model.value == before
    for _ in range(3):
        recipe.redo()
    assert recipe.get(PATH) == after
    assert editor.model.value == after


def test_what_was_undone_becomes_the_current_row(editor: LayerListEditor, recipe: Recipe) -> None:
    editor.view.choose(FIRST + 2)
    press(editor, "removeLayer")
    editor.view.choose(FIRST)
    recipe.undo()
    assert editor.view.place == 2


def test_enter_goes_to_the_settings_and_escape_back(editor: LayerListEditor, qtbot: QtBot) -> None:
    qtbot.keyClick(editor.view, Qt.Key.Key_Return)
    line = field(editor, f"{PATH}.0.channels")
    assert line.hasFocus()
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert editor.view.hasFocus()


def test_the_delete_key_in_a_field_removes_no_layer(editor: LayerListEditor, recipe: Recipe, qtbot: QtBot) -> None:
    line = field(editor, f"{PATH}.0.channels")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert len(recipe.get(PATH)) == 5


def test_a_layer_becomes_one_of_another_kind(editor: LayerListEditor, recipe: Recipe) -> None:
    kind = editor.findChild(QComboBox, "layerKind")
    assert kind is not None
    assert kind.currentData() == "conv2d"
    editor.view.choose(FIRST + 2)
    kind.setCurrentIndex(kind.findData("avg-pool"))
    assert kinds(recipe)[2] == "avg-pool"
    assert field(editor, f"{PATH}.2.kernel_size").text() == "2"
    recipe.undo()
    assert kind.currentData() == "max-pool"


def test_input_and_output_cannot_be_changed(editor: LayerListEditor, recipe: Recipe, qtbot: QtBot) -> None:
    last = editor.model.rowCount() - 1
    for row, words in ((0, "follows from the data"), (last, "The program adds this layer")):
        editor.view.choose(row)
        assert words in said(editor, "layerAbout")
        for name in ("duplicateLayer", "removeLayer", "layerUp", "layerDown"):
            tool = editor.findChild(QPushButton, name)
            assert tool is not None
            assert not tool.isEnabled()
        qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
        qtbot.keyClick(editor.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(recipe.get(PATH)) == 5


def test_the_last_layer_can_be_removed(editor: LayerListEditor, recipe: Recipe) -> None:
    for _ in range(5):
        editor.view.choose(FIRST)
        press(editor, "removeLayer")
    assert recipe.get(PATH) == []
    assert outputs(editor) == ["1 × 28 × 28", "10"]
    add(editor, "flatten")
    assert kinds(recipe) == ["flatten"]


def test_a_layer_is_dragged_below_another(editor: LayerListEditor, recipe: Recipe) -> None:
    view, model = editor.view, editor.model
    data = model.mimeData([model.index(FIRST, 0)])
    target = view.visualRect(model.index(FIRST + 2, 1))
    spot = QPoint(target.center().x(), target.bottom() - 3)
    move, button, no_keys = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(spot, move, data, button, no_keys)
    QApplication.sendEvent(view.viewport(), enter)
    assert enter.isAccepted()
    over = QDragMoveEvent(spot, move, data, button, no_keys)
    QApplication.sendEvent(view.viewport(), over)
    assert over.isAccepted()
    line = view.viewport().grab().toImage().pixelColor(spot.x(), target.bottom() + 1)
    assert line == theme.colour("accent")
    drop = QDropEvent(QPointF(spot), move, data, button, no_keys, QEvent.Type.Drop)
    QApplication.sendEvent(view.viewport(), drop)
    assert kinds(recipe) == ["relu", "max-pool", "conv2d", "flatten", "linear"]
    assert view.place == 2
    recipe.undo()
    assert kinds(recipe)[0] == "conv2d"


def test_a_long_list_scrolls_in_the_table_only(editor: LayerListEditor, recipe: Recipe) -> None:
    recipe.set(PATH, [{"kind": "relu"}] * 40)
    QApplication.sendPostedEvents()
    assert editor.view.verticalScrollBar().maximum() > 0
    assert editor.view.horizontalScrollBar().maximum() == 0
    editor.view.choose(40)
    assert editor.view.viewport().rect().contains(editor.view.visualRect(editor.view.currentIndex()).center())


def test_help_is_asked_for_the_kind_and_its_settings(editor: LayerListEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.help_asked) as asked:
        qtbot.keyClick(field(editor, f"{PATH}.0.channels"), Qt.Key.Key_F1)
    assert asked.args is not None
    assert asked.args[0].startswith("# Channels")
    kind = editor.findChild(QComboBox, "layerKind")
    assert kind is not None
    with qtbot.waitSignal(editor.help_asked) as asked:
        qtbot.keyClick(kind, Qt.Key.Key_F1)
    assert asked.args is not None
    assert asked.args[0].startswith("# Convolution")


def test_everything_has_a_name_for_screen_readers(editor: LayerListEditor) -> None:
    assert editor.view.accessibleName()
    assert field(editor, f"{PATH}.0.channels").accessibleName() == "Channels"
    for name in ("layerUp", "layerDown"):
        tool = editor.findChild(QPushButton, name)
        assert tool is not None
        assert tool.accessibleName()
