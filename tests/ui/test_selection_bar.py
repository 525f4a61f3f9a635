import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.session.selection import Condition, IsRight, PredictedIs, Selection, TrueIs
from fmstudio.ui import theme
from fmstudio.ui.picture_delegate import LARGE, SMALL
from fmstudio.ui.selection_bar import SelectionBar, Shown

SHORT = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
SIGNS = {"▫", "▪", "⇅", "⋯"}
CELL = Selection("test", (PredictedIs(0), TrueIs(6)))


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> SelectionBar:
    theme.apply(qapp, "light")
    made = SelectionBar()
    qtbot.addWidget(made)
    made.resize(900, 28)
    made.show()
    qtbot.waitExposed(made)
    return made


def sentence(bar: SelectionBar) -> str:
    """What can be read from left to right."""
    parts: list[QWidget] = [*bar.findChildren(QLabel), *bar.findChildren(QPushButton)]
    seen = [part for part in parts if part.isVisible() and part.text() and part.text() not in SIGNS]  # type: ignore[attr-defined]
    seen.sort(key=lambda part: part.mapTo(bar, part.rect().topLeft()).x())
    return " ".join(part.text() for part in seen).replace("\u2007", "")  # type: ignore[attr-defined]


def pressed(bar: SelectionBar, qtbot: QtBot, text: str) -> Selection:
    """What the user asks for by pressing a word."""
    word = next(button for button in bar.findChildren(QPushButton) if button.isVisible() and button.text() == text)
    with qtbot.waitSignal(bar.selection_changed, timeout=0) as changed:
        word.click()
    assert changed.args is not None
    wanted: Selection = changed.args[0]
    return wanted


def has_room(part: QPushButton) -> bool:
    return part.text() in SIGNS or bool(part.width() >= part.sizeHint().width())


def entries(menu: QMenu) -> dict[str, QAction]:
    """The actions of a menu and its submenus, by what they say."""
    found = {action.text(): action for action in menu.actions() if not action.isSeparator()}
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found |= {f"{action.text()} / {text}": made for text, made in entries(inner).items()}
    return found


def asked(bar: SelectionBar, qtbot: QtBot, menu: QMenu, text: str) -> Selection:
    with qtbot.waitSignal(bar.selection_changed, timeout=0) as changed:
        entries(menu)[text].trigger()
    assert changed.args is not None
    wanted: Selection = changed.args[0]
    return wanted


def ticked(menu: QMenu) -> set[str]:
    return {text for text, action in entries(menu).items() if action.isChecked()}


def test_says_which_pictures_are_shown(bar: SelectionBar) -> None:
    bar.show_selection(Shown(Selection(watched=True), SHORT, 60, 52))
    assert sentence(bar) == "Showing 60 watched test pictures ✓ 52   ✗ 8"
    bar.show_selection(Shown(Selection(), SHORT, 10_000, 8_790, "epoch 2"))
    assert sentence(bar) == "Showing 10,000 test pictures · epoch 2 ✓ 8,790   ✗ 1,210"
    bar.show_selection(Shown(CELL, SHORT, 83, 0, "epoch 2"))
    assert sentence(bar) == "Showing 83 test pictures: true Shirt × predicted T-shirt × · epoch 2 Show all"
    bar.show_selection(Shown(Selection(conditions=(IsRight(False), TrueIs(6))), SHORT, 1, 0))
    assert sentence(bar) == "Showing 1 test picture: true Shirt × wrong × Show all"


def test_before_any_answer_nothing_is_counted(bar: SelectionBar) -> None:
    bar.show_selection(Shown(Selection(watched=True), SHORT, 60, None))
    assert sentence(bar) == "Showing 60 watched test pictures"


def test_changing_counts_stand_still(bar: SelectionBar, qtbot: QtBot) -> None:
    def places(right: int) -> tuple[int, int]:
        bar.show_selection(Shown(Selection(watched=True), SHORT, 60, right))
        counts = bar.findChild(QLabel, "pictureCounts")
        assert isinstance(counts, QLabel)
        layout = bar.layout()
        assert layout is not None
        layout.activate()
        return counts.x(), counts.width()

    assert places(52) == places(30) == places(60)


def test_training_pictures_carry_a_mark(bar: SelectionBar) -> None:
    bar.show_selection(Shown(Selection("train"), SHORT, 60_000, 51_000))
    assert sentence(bar) == "Showing 60,000 training pictures The network has seen these ✓ 51,000   ✗ 9,000"
    bar.show_selection(Shown(Selection("test"), SHORT, 10_000, 8_000))
    assert "seen" not in sentence(bar)


def test_a_word_can_be_taken_away(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    assert pressed(bar, qtbot, "T-shirt ×") == Selection("test", (TrueIs(6),))
    assert pressed(bar, qtbot, "Shirt ×") == Selection("test", (PredictedIs(0),))


def test_show_all_keeps_split_and_order(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(Selection("train", (TrueIs(6),), "loss"), SHORT, 6_000, 1))
    assert pressed(bar, qtbot, "Show all") == Selection("train", (), "loss")


def test_words_of_the_last_sentence_are_gone(bar: SelectionBar) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    bar.show_selection(Shown(Selection(conditions=(TrueIs(8),)), SHORT, 7, 3))
    assert sentence(bar) == "Showing 7 test pictures: true Bag × Show all ✓ 3   ✗ 4"
    bar.show_selection(Shown(Selection(), SHORT, 7, 3))
    assert sentence(bar) == "Showing 7 test pictures ✓ 3   ✗ 4"


@pytest.mark.parametrize("conditions", [(TrueIs(6), PredictedIs(2)), (TrueIs(6), PredictedIs(2), IsRight(False))])
def test_what_has_no_room_is_left_out_and_nothing_is_cut(
    bar: SelectionBar, qtbot: QtBot, conditions: tuple[Condition, ...]
) -> None:
    bar.resize(560, 28)
    bar.show_selection(Shown(Selection("test", conditions), SHORT, 1_210, 0, "epoch 2 of 10, on 1,000 pictures so far"))
    qtbot.waitUntil(lambda: all(has_room(part) for part in bar.findChildren(QPushButton) if part.isVisible()))
    assert "Shirt ×" in sentence(bar)
    assert "epoch" not in sentence(bar)
    bar.resize(1200, 28)
    assert "epoch 2" in sentence(bar)
    assert sentence(bar).startswith("Showing")


def test_the_menu_sorts(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    menu = bar.orders()
    assert ticked(menu) == {"In the order of the data set"}
    wanted = asked(bar, qtbot, menu, "Greatest loss first")
    assert wanted == Selection("test", CELL.conditions, "loss")
    bar.show_selection(Shown(wanted, SHORT, 83, 0))
    assert ticked(bar.orders()) == {"Greatest loss first"}
    assert asked(bar, qtbot, bar.orders(), "Most sure first").order == "confidence"
    assert asked(bar, qtbot, bar.orders(), "Least sure first").order == "unsure"


def test_the_menu_chooses_right_or_wrong(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(Selection(watched=True), SHORT, 60, 52))
    wrong = asked(bar, qtbot, bar.choices(), "Only wrong ones")
    assert wrong == Selection(conditions=(IsRight(False),))
    bar.show_selection(Shown(wrong, SHORT, 8, 0))
    assert {"Only wrong ones", "Test pictures"} <= ticked(bar.choices())
    assert asked(bar, qtbot, bar.choices(), "Only right ones").conditions == (IsRight(True),)
    assert asked(bar, qtbot, bar.choices(), "Right and wrong").conditions == ()


def test_the_menu_chooses_classes(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    assert {"Really is / Shirt", "Was taken for / T-shirt"} <= ticked(bar.choices())
    assert asked(bar, qtbot, bar.choices(), "Really is / Coat").find(TrueIs) == 4
    assert asked(bar, qtbot, bar.choices(), "Was taken for / any class").conditions == (TrueIs(6),)


def test_the_menu_chooses_the_split(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    assert asked(bar, qtbot, bar.choices(), "Training pictures") == Selection("train", CELL.conditions)
    assert asked(bar, qtbot, bar.choices(), "Watched pictures") == Selection(watched=True)
    bar.show_selection(Shown(Selection(watched=True), SHORT, 60, 2))
    assert "Watched pictures" in ticked(bar.choices())
    assert asked(bar, qtbot, bar.choices(), "Test pictures") == Selection("test")


def test_before_any_answer_only_what_is_known_can_be_chosen(bar: SelectionBar) -> None:
    bar.show_selection(Shown(Selection(watched=True), SHORT, 60, None))
    able = {text for text, action in entries(bar.choices()).items() if action.isEnabled()}
    assert {"Test pictures", "Really is", "Right and wrong"} <= able
    assert not {"Only wrong ones", "Was taken for"} & able
    assert not entries(bar.orders())["Greatest loss first"].isEnabled()


def test_the_size_is_switched(bar: SelectionBar, qtbot: QtBot) -> None:
    small, large = (bar.findChild(QPushButton, name) for name in ("smallPictures", "largePictures"))
    assert isinstance(small, QPushButton)
    assert isinstance(large, QPushButton)
    assert small.isChecked()
    with qtbot.waitSignal(bar.size_chosen, timeout=0) as chosen:
        large.click()
    assert chosen.args == [LARGE]
    assert (small.isChecked(), large.isChecked()) == (False, True)
    with qtbot.waitSignal(bar.size_chosen, timeout=0) as chosen:
        small.click()
    assert chosen.args == [SMALL]


def test_signs_have_names_for_readers(bar: SelectionBar) -> None:
    signs = [button for button in bar.findChildren(QPushButton) if button.text() in SIGNS]
    assert len(signs) == 4
    assert all(button.accessibleName() and button.toolTip() for button in signs)
