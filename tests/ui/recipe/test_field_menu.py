"""The menu of every field of the recipe."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHoverEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.experiment.lessons import lesson, lessons
from fmstudio.session.recipe import Recipe
from fmstudio.ui import theme
from fmstudio.ui.recipe.editor import Editor
from fmstudio.ui.recipe.experiment_panel import ExperimentPanel
from fmstudio.ui.recipe.form import SettingRow
from fmstudio.ui.recipe.menu_mark import MenuMark
from fmstudio.ui.train_controls import TrainControls


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot) -> ExperimentPanel:
    theme.apply(qapp, "light")
    made = ExperimentPanel(Recipe(lesson("first-look")), lessons(), TrainControls())
    qtbot.addWidget(made)
    made.resize(300, 790)
    made.show()
    return made


def editor(panel: ExperimentPanel, path: str) -> Editor:
    return next(one for one in panel.findChildren(Editor) if one.path == path)


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def trigger(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def row_of(panel: ExperimentPanel, path: str) -> SettingRow:
    return next(row for row in panel.findChildren(SettingRow) if row.editor.path == path)


def mark_of(row: SettingRow) -> MenuMark:
    found = row.findChild(MenuMark)
    assert found is not None
    return found


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[], QMenu]:
    """The menu that was opened last; none pops up, since without a screen nothing can."""
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, place: menus.append(menu))
    return lambda: menus[-1]


def test_the_learning_rate_offers_all(panel: ExperimentPanel) -> None:
    assert texts(editor(panel, "optimizer.lr").menu(typing=False)) == [
        "Find a learning rate…", "Try several values…", "Copy the path (optimizer.lr)", "Back to the default (0.001)",
        "What is this?",
    ]  # fmt: skip


def test_the_seed_offers_to_repeat(panel: ExperimentPanel) -> None:
    assert "Repeat with 5 seeds…" in texts(editor(panel, "seed").menu())
    assert "Repeat with 5 seeds…" not in texts(editor(panel, "epochs").menu())


@pytest.mark.parametrize("path", ["optimizer.kind", "dataset.kind", "epochs", "batch_size", "shuffle", "device"])
def test_every_field_offers_to_try_several_values(panel: ExperimentPanel, path: str) -> None:
    found = texts(editor(panel, path).menu(typing=False))
    assert found[0] == "Try several values…"
    assert f"Copy the path ({path})" in found
    assert found[-1] == "What is this?"


@pytest.mark.parametrize("path", ["precision", "dataset.corrections"])
def test_what_has_no_other_value_does_not(panel: ExperimentPanel, path: str) -> None:
    assert "Try several values…" not in texts(editor(panel, path).menu())


def test_what_is_chosen_is_passed_on(panel: ExperimentPanel, qtbot: QtBot) -> None:
    menu = editor(panel, "optimizer.lr").menu()
    with qtbot.waitSignal(panel.several_asked) as asked:
        trigger(menu, "Try several values…")
    assert asked.args == ["optimizer.lr"]
    with qtbot.waitSignal(panel.finder_asked):
        trigger(menu, "Find a learning rate…")
    with qtbot.waitSignal(panel.repeat_asked):
        trigger(editor(panel, "seed").menu(), "Repeat with 5 seeds…")
    trigger(menu, "Copy the path (optimizer.lr)")
    assert QApplication.clipboard().text() == "optimizer.lr"


def test_settings_of_another_kind_have_it_too(panel: ExperimentPanel, qtbot: QtBot) -> None:
    field = panel.findChild(QWidget, "optimizer")
    assert field is not None
    field.setCurrentIndex(field.findData("sgd"))  # type: ignore[attr-defined]
    with qtbot.waitSignal(panel.several_asked) as asked:
        trigger(editor(panel, "optimizer.momentum").menu(), "Try several values…")
    assert asked.args == ["optimizer.momentum"]


def test_the_key_of_the_menu_opens_it(panel: ExperimentPanel, opened: Callable[[], QMenu]) -> None:
    field = editor(panel, "optimizer.lr").field
    field.setFocus()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(4, 4), field.mapToGlobal(QPoint(4, 4)))
    QApplication.sendEvent(field, event)
    assert "Try several values…" in texts(opened())


@pytest.mark.parametrize(
    ("path", "key", "modifier"),
    [
        ("optimizer.lr", Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
        ("optimizer.lr", Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier),
        ("optimizer.lr", Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier),
        ("optimizer.kind", Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
        ("batch_size", Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
        ("shuffle", Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_keys_open_it(
    panel: ExperimentPanel, opened: Callable[[], QMenu], path: str, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    panel.show_setting(path)
    field = editor(panel, path).field
    before = panel.findChild(QWidget, "optimizer.lr").text()  # type: ignore[union-attr]
    QTest.keyClick(field, key, modifier)
    assert "Try several values…" in texts(opened())
    assert panel.findChild(QWidget, "optimizer.lr").text() == before  # type: ignore[union-attr]


def test_a_mark_shows_while_the_keyboard_is_in_the_field(panel: ExperimentPanel, qtbot: QtBot) -> None:
    row = row_of(panel, "optimizer.lr")
    assert not mark_of(row).isVisible()
    panel.activateWindow()
    row.editor.field.setFocus()
    qtbot.waitUntil(mark_of(row).isVisible)
    assert mark_of(row).focusPolicy() == Qt.FocusPolicy.NoFocus
    row_of(panel, "epochs").editor.field.setFocus()
    assert not mark_of(row).isVisible()


def test_a_mark_shows_while_the_mouse_is_on_the_row_and_opens_the_menu(
    panel: ExperimentPanel, opened: Callable[[], QMenu]
) -> None:
    row = row_of(panel, "optimizer.kind")
    middle = QPointF(row.rect().center())
    QApplication.sendEvent(row, QHoverEvent(QEvent.Type.HoverEnter, middle, middle, QPointF(-1, -1)))
    assert mark_of(row).isVisible()
    assert row.rect().contains(mark_of(row).geometry())
    QTest.mouseClick(mark_of(row), Qt.MouseButton.LeftButton)
    assert texts(opened())[0] == "Try several values…"
    QApplication.sendEvent(row, QHoverEvent(QEvent.Type.HoverLeave, QPointF(-1, -1), QPointF(-1, -1), middle))
    assert not mark_of(row).isVisible()
