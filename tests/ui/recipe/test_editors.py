from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QStyleOptionViewItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.catalog.datasets import FashionMnist
from fmstudio.catalog.optimizers import OPTIMIZERS, Adam
from fmstudio.experiment.draft import changed
from fmstudio.experiment.fitting import adapted, unsuited
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, ExperimentSpec, to_mapping
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.session.draft_words import plain
from fmstudio.session.recipe import DeviceOption
from fmstudio.ui import theme
from fmstudio.ui.recipe.choice_editor import ChoiceEditor
from fmstudio.ui.recipe.editors import AllEditor, DeviceEditor, Editor, LineEditor, OptionEditor, editor_for
from fmstudio.ui.recipe.setting_text import explained, limits_of

SPEC = settings_of(ExperimentSpec)


def every_setting() -> Iterator[tuple[str, str, Setting]]:
    """Path of the choice, kind, setting: of the whole catalogue and of the spec itself."""
    for key, table in TABLES.items():
        for kind, model in table.items():
            for setting in settings_of(model):
                yield f"{key}.{setting.name}", kind, setting
    for setting in SPEC:
        yield setting.name, "", setting


EVERY = list(every_setting())


def find(settings: tuple[Setting, ...], name: str) -> Setting:
    return next(setting for setting in settings if setting.name == name)


class Host:
    """An editor in a window that has another field, with what it said."""

    def __init__(self, qtbot: QtBot, editor: Editor) -> None:
        self.editor = editor
        self.values: list[object] = []
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        self.other = QLineEdit()
        column.addWidget(self.other)
        column.addWidget(editor)
        editor.value_changed.connect(self.values.append)
        self.window.show()
        self.window.activateWindow()
        self.other.setFocus()
        qtbot.waitUntil(self.other.hasFocus)

    def type(self, text: str) -> None:
        line = self.editor.findChild(QLineEdit)
        assert line is not None
        line.selectAll()
        QTest.keyClicks(self.editor.field, text)

    def turn(self, notches: int) -> None:
        field = self.editor.field
        at = QPointF(field.rect().center())
        event = QWheelEvent(
            at, field.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, event)


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


def test_every_kind_of_setting_is_tried() -> None:
    assert {setting.kind for _, _, setting in EVERY} == {
        "bool", "int", "float", "option", "ints", "floats", "int-or-all", "device", "layers", "samples",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "kind", "setting"), EVERY, ids=[f"{kind}-{path}" for path, kind, _ in EVERY])
def test_every_setting_has_an_editor_that_shows_and_gives_its_default(
    qtbot: QtBot, path: str, kind: str, setting: Setting
) -> None:
    editor = editor_for(setting, path)
    qtbot.addWidget(editor)
    assert editor.field.objectName() == path
    assert setting.help[:20] in editor.field.toolTip() or "&" in editor.field.toolTip()
    said: list[object] = []
    editor.value_changed.connect(said.append)
    editor.show_value(plain(setting.default))
    assert said == [], "showing a value must not change it"
    editor.reset()
    assert said == [plain(setting.default)]
    asked = [(f"{path.partition('.')[0]}.kind", kind)] if kind else []
    if kind == "sparse-adam":
        asked.insert(0, ("architecture.kind", "softmax-regression-sparse"))
    draft = to_mapping(ExperimentSpec())
    made = changed(draft, [*adapted(draft, asked), (path, said[0])])
    assert read_spec(made) or unsuited(path.partition(".")[0], kind, ExperimentSpec())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("lr", "0.002", 0.002),
        ("lr", "1e-3", 0.001),
        ("lr", " 1 ", 1.0),
        ("lr", "0,001", "0,001"),
        ("lr", "", ""),
        ("lr", "1_0", "1_0"),
        ("lr", "fast", "fast"),
        ("betas", "0.8, 0.9", [0.8, 0.9]),
        ("betas", "[0.8 0.9]", [0.8, 0.9]),
        ("betas", "0.8, x", "0.8, x"),
    ],
)
def test_what_is_typed_is_given_on_as_it_is_meant(qtbot: QtBot, name: str, text: str, value: object) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), name), f"optimizer.{name}"))
    line = host.editor.field
    assert isinstance(line, QLineEdit)
    line.setText("7")
    line.setText(text)
    assert host.values[-1] == value
    assert type(host.values[-1]) is type(value)


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("1e3", 1000), ("2.5", 2.5), ("2.0", 2), ("two", "two")])
def test_whole_numbers(qtbot: QtBot, text: str, value: object) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "epochs"), "epochs"))
    host.type(text)
    assert host.values[-1] == value
    assert type(host.values[-1]) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("lr", "0,001", "must be a number, with a point: 0.001"),
        ("lr", "1e400", "must be a finite number"),
        ("lr", "nan", "must be a finite number"),
        ("lr", "-1", "must be greater than 0"),
        ("lr", "0", "must be greater than 0"),
        ("lr", "", "must be a number, with a point: 0.001"),
        ("betas", "0.9, nan", "must be a finite number"),
        ("betas", "0.9; 0.99", "must be a list of numbers: [0.9, 0.999]"),
        ("betas", "", "must be a list of numbers: [0.9, 0.999]"),
    ],
)
def test_what_is_wrong_with_a_number_is_a_sentence(qtbot: QtBot, name: str, text: str, message: str) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), name), f"optimizer.{name}"))
    line = host.editor.field
    assert isinstance(line, QLineEdit)
    line.setText("7")
    line.setText(text)
    with pytest.raises(InvalidSpecError) as caught:
        read_spec({"optimizer": {"kind": "adam", name: host.values[-1]}})
    assert [(problem.path, problem.message) for problem in caught.value.problems] == [(f"optimizer.{name}", message)]


@pytest.mark.parametrize("text", ["1e400", "--5", "9" * 5000, "9" * 40, "-1", "", "1.5", "nan", "٣٫"])
def test_no_text_for_a_whole_number_fails_otherwise_than_in_a_sentence(qtbot: QtBot, text: str) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "epochs"), "epochs"))
    line = host.editor.field
    assert isinstance(line, QLineEdit)
    line.setText("7")
    line.setText(text)
    with pytest.raises(InvalidSpecError) as caught:
        read_spec({"epochs": host.values[-1]})
    assert [problem.path for problem in caught.value.problems] == ["epochs"]


def test_a_seed_keeps_all_its_digits(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "seed"), "seed"))
    host.type("9007199254740993")
    assert host.values[-1] == 9007199254740993


def test_a_comma_gives_the_problem_that_names_the_point(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), "lr"), "optimizer.lr"))
    host.type("0,001")
    with pytest.raises(InvalidSpecError, match=r"must be a number, with a point: 0\.001"):
        read_spec({"optimizer": {"kind": "adam", "lr": host.values[-1]}})


def test_a_value_keeps_the_form_in_which_it_is_being_typed(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), "lr"), "optimizer.lr"))
    line = host.editor.field
    assert isinstance(line, QLineEdit)
    line.setFocus()
    host.type("0.0100")
    host.editor.show_value(0.01)
    assert line.text() == "0.0100"
    host.other.setFocus()
    assert line.text() == "0.01"


def test_a_value_from_elsewhere_is_shown(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), "lr"), "optimizer.lr"))
    line = host.editor.field
    assert isinstance(line, QLineEdit)
    for value, text in ((1e-5, "1e-5"), ("0,1", "0,1"), (0.5, "0.5")):
        host.editor.show_value(value)
        assert line.text() == text


def test_arrow_keys_step(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), "lr"), "optimizer.lr"))
    QTest.keyClick(host.editor.field, Qt.Key.Key_Up)
    QTest.keyClick(host.editor.field, Qt.Key.Key_Up)
    QTest.keyClick(host.editor.field, Qt.Key.Key_Down)
    assert host.values == [0.002, 0.005, 0.002]


@pytest.mark.parametrize("name", ["epochs", "batch_size", "device"])
def test_the_wheel_changes_only_what_has_the_focus(qtbot: QtBot, name: str) -> None:
    host = Host(qtbot, editor_for(find(SPEC, name), name))
    host.turn(-1)
    assert host.values == []
    host.editor.field.setFocus()
    host.turn(-1)
    assert host.values == [{"epochs": 1, "batch_size": 64, "device": "cpu"}[name]]


def test_half_notches_of_a_fine_wheel_add_up(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "epochs"), "epochs"))
    host.editor.field.setFocus()
    for _ in range(2):
        field, at = host.editor.field, QPointF(4, 4)
        event = QWheelEvent(
            at, field.mapToGlobal(at), QPoint(), QPoint(0, 60), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, event)
    assert host.values == [3]


def test_undo_in_a_field_is_left_to_the_window(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "epochs"), "epochs"))
    line = host.editor.field
    assert isinstance(line, QLineEdit)
    line.setFocus()
    host.type("34")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "34"


def test_a_batch_size_is_a_number_or_all(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "batch_size"), "batch_size"))
    assert isinstance(host.editor, AllEditor)
    field = host.editor.field
    assert "all" in [field.itemText(place) for place in range(field.count())]
    for text in ("100", "all", "ALL", "many"):
        field.setEditText(text)
    assert host.values == [100, "all", "all", "many"]
    host.editor.show_value("all")
    assert field.currentText() == "all"
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.currentText() == "all"
    field.setEditText("100")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.currentText() == "200"
    field.setCurrentIndex(field.findText("32"))
    assert host.values[-1] == 32


def test_a_device_can_only_be_one_that_exists(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "device"), "device"))
    assert isinstance(host.editor, DeviceEditor)
    field = host.editor.field
    assert [field.itemData(place) for place in range(field.count())] == ["auto", "cpu"]
    host.editor.show_value("cpu")
    host.editor.show_devices([DeviceOption("auto", "Automatic"), DeviceOption("cpu", "CPU · 2 threads")])
    assert field.currentText() == "CPU · 2 threads"
    assert not field.isEditable()
    host.editor.show_value("cuda:3")
    assert field.currentText() == "cuda:3"
    assert host.values == []


def test_a_choice_gives_its_kind_and_says_what_it_is(qtbot: QtBot) -> None:
    host = Host(qtbot, ChoiceEditor("optimizer", "Optimizer", "adam", OPTIMIZERS))
    field = host.editor.field
    assert isinstance(field, QComboBox)
    assert field.objectName() == "optimizer"
    host.editor.show_value("adam")
    assert Adam.summary() in field.toolTip()
    field.setCurrentIndex(field.findData("sgd"))
    assert host.values == ["sgd"]
    assert OPTIMIZERS["sgd"].summary() in str(field.itemData(0, Qt.ItemDataRole.ToolTipRole))


def test_what_does_not_fit_stands_below_a_heading(qtbot: QtBot) -> None:
    host = Host(qtbot, ChoiceEditor("optimizer", "Optimizer", "adam", OPTIMIZERS, "Other optimizers"))
    field = host.editor.field
    assert isinstance(host.editor, ChoiceEditor)
    assert isinstance(field, QComboBox)
    host.editor.show_value("sgd")
    host.editor.show_fitting({"sgd": "needs <rest>", "adam": ""})
    kinds = [field.itemData(place) for place in range(field.count())]
    assert kinds[-2:] == [None, "sgd"]
    assert field.itemText(field.count() - 2) == "Other optimizers"
    assert field.currentData() == "sgd"
    assert "needs &lt;rest&gt;" in field.toolTip()
    host.editor.show_value("adam")
    field.setFocus()
    field.setCurrentIndex(field.count() - 3)
    host.turn(-1)
    assert field.currentData() == "sgd", "the wheel passes the heading over"
    host.editor.show_fitting({})
    assert [field.itemData(place) for place in range(field.count())] == list(OPTIMIZERS)
    assert field.currentData() == "sgd"
    assert None not in host.values


def test_an_open_list_draws_its_heading_and_its_reasons(qtbot: QtBot) -> None:
    host = Host(qtbot, ChoiceEditor("optimizer", "Optimizer", "adam", OPTIMIZERS, "Other optimizers"))
    assert isinstance(host.editor, ChoiceEditor)
    field = host.editor.field
    host.editor.show_fitting({"sgd": "needs rest"})
    view = field.view()
    heights = [view.sizeHintForRow(place) for place in range(field.count())]
    assert heights[-1] > heights[-2] > heights[0]
    assert view.minimumWidth() >= view.sizeHintForColumn(0)
    for place in range(field.count()):
        drawn = QImage(view.minimumWidth(), heights[place], QImage.Format.Format_RGB32)
        drawn.fill(theme.colour("card"))
        blank = drawn.copy()
        option = QStyleOptionViewItem()
        option.initFrom(view)
        option.widget, option.rect = view, drawn.rect()
        painter = QPainter(drawn)
        field.itemDelegate().paint(painter, option, field.model().index(place, 0))
        painter.end()
        assert drawn != blank, field.itemText(place)


def test_true_and_one_are_different_options(qtbot: QtBot) -> None:
    editor = OptionEditor("x", "X", 1, [("on", True), ("one", 1), ("none", None)])
    qtbot.addWidget(editor)
    for value, text in ((1, "one"), (True, "on"), (None, "none")):
        editor.show_value(value)
        assert editor.field.currentText() == text


def test_a_problem_frames_the_field_and_is_read_aloud(qtbot: QtBot) -> None:
    editor = editor_for(find(SPEC, "epochs"), "epochs")
    qtbot.addWidget(editor)
    editor.show_problem("must be at least 1")
    assert editor.field.property("problem") is True
    assert editor.field.accessibleDescription() == "must be at least 1"
    editor.show_problem("")
    assert editor.field.property("problem") is False


def test_the_menu_goes_back_to_the_default_and_explains(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(settings_of(Adam), "lr"), "optimizer.lr"))
    host.type("0.5")
    menu = host.editor.menu()
    back, about = menu.actions()[-2:]
    assert back.text() == "Back to the default (0.001)"
    back.trigger()
    assert host.values[-1] == 0.001
    with qtbot.waitSignal(host.editor.help_asked):
        about.trigger()
    with qtbot.waitSignal(host.editor.help_asked):
        QTest.keyClick(host.editor.field, Qt.Key.Key_F1)
    menu.deleteLater()


def test_leaving_a_field_ends_the_typing(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(SPEC, "epochs"), "epochs"))
    host.editor.field.setFocus()
    host.type("5")
    with qtbot.waitSignal(host.editor.settled):
        QTest.keyClick(host.editor.field, Qt.Key.Key_Return)


def test_a_tooltip_says_what_it_does_its_limits_and_its_default() -> None:
    text = explained(find(settings_of(Adam), "lr"))
    assert "How far each step goes" in text
    assert "Greater than 0, at most 1. Default: 0.001." in text
    assert limits_of(find(settings_of(Adam), "betas")) == ["at least 0", "less than 1"]


def test_a_zero_that_means_something_says_what(qtbot: QtBot) -> None:
    def made(name: str) -> LineEditor:
        editor = editor_for(next(setting for setting in SPEC if setting.name == name), name)
        qtbot.addWidget(editor)
        assert isinstance(editor, LineEditor)
        return editor

    clipping = made("gradient_clipping")
    assert clipping.field.word == "off"
    clipping.field.setText("0.5")
    assert clipping.field.word == ""
    clipping.show_value(0)
    assert clipping.field.word == "off"
    stopping = made("early_stopping")
    assert [text.text() for text in stopping.findChildren(QLabel)] == ["off"]
    stopping.field.setText("3")
    assert [text.text() for text in stopping.findChildren(QLabel)] == ["epochs"]
    seed = made("seed")
    assert (seed.field.text(), seed.field.word) == ("0", "")


def test_every_zero_with_a_word_may_be_zero() -> None:
    models = [ExperimentSpec, *(model for table in TABLES.values() for model in table.values())]
    named = [setting for model in models for setting in settings_of(model) if setting.zero]
    assert {"validation", "threads", "train_size", "warm_up"} <= {setting.name for setting in named}
    assert all(setting.ge == 0 and setting.kind in ("int", "float") for setting in named)


def test_what_was_typed_stays_even_where_it_is_too_large_for_any_number(qtbot: QtBot) -> None:
    editor = editor_for(next(setting for setting in settings_of(Adam) if setting.name == "lr"), "optimizer.lr")
    qtbot.addWidget(editor)
    assert isinstance(editor, LineEditor)
    editor.field.setText("1e400")
    editor.field.editingFinished.emit()
    assert editor.field.text() == "1e400"


def test_options_are_spelled_as_usual(qtbot: QtBot) -> None:
    setting = next(one for one in settings_of(TABLES["architecture"]["mlp"]) if one.name == "activation")
    editor = editor_for(setting, "architecture.activation")
    qtbot.addWidget(editor)
    assert isinstance(editor, OptionEditor)
    said = [editor.field.itemText(place) for place in range(editor.field.count())]
    assert said == ["ReLU", "Leaky ReLU", "ELU", "GELU", "SiLU", "tanh", "sigmoid"]
    assert "Default: ReLU." in explained(setting)


def test_corrections_are_counted_and_taken_back(qtbot: QtBot) -> None:
    host = Host(qtbot, editor_for(find(settings_of(FashionMnist), "corrections"), "dataset.corrections"))
    assert [text.text() for text in host.editor.findChildren(QLabel)] == ["none"]
    assert not host.editor.field.isEnabled()
    host.editor.show_value([["train", 5, 1], ["test", 7, 0]])
    assert [text.text() for text in host.editor.findChildren(QLabel)] == ["2 pictures"]
    QTest.mouseClick(host.editor.field, Qt.MouseButton.LeftButton)
    assert host.values == [[]]
