from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.session.named_selections import NamedSelection, NamedSelections
from fmstudio.session.selection import (
    AllOf,
    AnyOf,
    Condition,
    ConfidenceIn,
    IsRight,
    Not,
    Picked,
    PredictedIs,
    Selection,
    TrueIs,
)
from fmstudio.ui import theme
from fmstudio.ui.wall.selection_bar import SelectionBar
from fmstudio.ui.wall.selection_words import Shown

SHORT = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
SIGNS = {"←", "→", "⇅", "⋯"}
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
    menu.aboutToShow.emit()
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
    assert sentence(bar) == "Showing 10,000 test pictures · epoch 2 Show the watched ones ✓ 8,790   ✗ 1,210"
    bar.show_selection(Shown(CELL, SHORT, 83, 0, "epoch 2"))
    assert sentence(bar) == "Showing 83 test pictures: true Shirt × predicted T-shirt × · epoch 2 Show all Only these"
    bar.show_selection(Shown(Selection(conditions=(IsRight(False), TrueIs(6))), SHORT, 1, 0))
    assert sentence(bar) == "Showing 1 test picture: true Shirt × wrong × Show all Only these"


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


def test_from_all_pictures_a_word_leads_back_to_the_watched_ones(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(replace(CELL, order="loss"), SHORT, 20, 3))
    assert "watched ones" not in sentence(bar), "one way at a time: first Show all"
    everything = pressed(bar, qtbot, "Show all")
    bar.show_selection(Shown(everything, SHORT, 10_000, 8_000))
    watched = pressed(bar, qtbot, "Show the watched ones")
    assert watched == Selection("test", watched=True, order="loss")
    bar.show_selection(Shown(watched, SHORT, 60, 46))
    assert "watched ones" not in sentence(bar)


def test_words_of_the_last_sentence_are_gone(bar: SelectionBar) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    bar.show_selection(Shown(Selection(conditions=(TrueIs(8),)), SHORT, 7, 3))
    assert sentence(bar) == "Showing 7 test pictures: true Bag × Show all Only these ✓ 3   ✗ 4"
    bar.show_selection(Shown(Selection(), SHORT, 7, 3))
    assert sentence(bar) == "Showing 7 test pictures Show the watched ones ✓ 3   ✗ 4"


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


def test_only_these_counts_what_is_looked_at_alone(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    wanted = pressed(bar, qtbot, "Only these")
    assert set(wanted.only) == set(CELL.conditions)
    assert wanted.conditions == ()
    bar.show_selection(Shown(wanted, SHORT, 83, 0))
    assert sentence(bar) == "Showing 83 test pictures ✓ 0   ✗ 83"
    again = asked(bar, qtbot, bar.choices(), "Count all again")
    assert again == Selection("test", CELL.conditions)


@pytest.mark.parametrize("shown", [Shown(CELL, SHORT, 0, 0), Shown(CELL, SHORT, 83, None)])
def test_nothing_cannot_be_counted_alone(bar: SelectionBar, shown: Shown) -> None:
    bar.show_selection(shown)
    assert "Only these" not in sentence(bar)
    assert not entries(bar.choices())["Only these"].isEnabled()


MIXED = (AnyOf((AllOf((TrueIs(6), PredictedIs(0))), AllOf((TrueIs(0), PredictedIs(6))))), ConfidenceIn(0.9, 1))


def test_joined_conditions_are_one_word_each(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(Selection("test", (*MIXED, TrueIs(8), Picked("lasso", np.arange(3)))), SHORT, 5, 0))
    chips = [chip for chip in bar.findChildren(QPushButton, "condition") if chip.isVisible()]
    assert [chip.text() for chip in chips][::3] == ["Bag ×", "lasso ×"]
    assert "(true Shirt and predicted T-shirt) or (true T-shirt and predicted Shirt)" in chips[1].toolTip()
    assert chips[1].text().endswith("… ×")
    assert chips[2].text() == "90–100 % sure ×"
    assert MIXED[0] not in pressed(bar, qtbot, chips[1].text()).conditions


@pytest.mark.parametrize("width", [402, 480, 612])
@pytest.mark.parametrize("split", ["test", "train"])
@pytest.mark.parametrize("conditions", [(), CELL.conditions, (IsRight(False),), MIXED])
def test_the_sentence_fits_at_the_widths_of_its_place(
    bar: SelectionBar, qtbot: QtBot, width: int, split: str, conditions: tuple[Condition, ...]
) -> None:
    bar.resize(width, 28)
    bar.show_travel(True, True)
    selection = Selection("train" if split == "train" else "test", conditions)
    bar.show_selection(Shown(selection, SHORT, 60_000, 52_000, "run 3 · epoch 2"))
    layout = bar.layout()
    assert layout is not None
    layout.activate()
    parts: list[QWidget] = [*bar.findChildren(QLabel), *bar.findChildren(QPushButton)]
    parts = [part for part in parts if part.isVisible() and part.text()]  # type: ignore[attr-defined]
    for part in parts:
        left = part.mapTo(bar, part.rect().topLeft()).x()
        assert left >= 0
        assert left + part.width() <= width
        assert has_room(part) if isinstance(part, QPushButton) else part.width() >= part.sizeHint().width()
    assert "60,000" in sentence(bar)
    assert ("seen" in sentence(bar)) == (split == "train")
    if conditions == CELL.conditions:
        assert "Shirt ×" in sentence(bar)
        assert "T-shirt ×" in sentence(bar)
    assert "run 3 · epoch 2" in bar.accessibleName()


def test_what_was_left_out_stands_in_the_tooltip(bar: SelectionBar) -> None:
    shown = Shown(CELL, SHORT, 83, 0, "run 3 · epoch 2")
    bar.show_selection(shown)
    title = next(part for part in bar.findChildren(QLabel) if "83" in part.text())
    assert title.toolTip() == ""
    bar.resize(402, 28)
    assert title.toolTip() == "Showing 83 test pictures: true Shirt, predicted T-shirt · run 3 · epoch 2"


def test_back_and_forward(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    back, forward = (next(button for button in bar.findChildren(QPushButton) if button.text() == sign) for sign in "←→")
    assert not back.isVisible()
    bar.show_travel(True, False)
    assert back.isVisible()
    assert (back.isEnabled(), forward.isEnabled()) == (True, False)
    with qtbot.waitSignal(bar.back_asked, timeout=0):
        back.click()
    bar.show_travel(True, True)
    with qtbot.waitSignal(bar.forward_asked, timeout=0):
        forward.click()


def test_the_menu_joins_conditions(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(Selection("test", (TrueIs(6),)), SHORT, 1000, 700))
    assert asked(bar, qtbot, bar.choices(), "And … / Was taken for / Coat").conditions == (TrueIs(6), PredictedIs(4))
    assert asked(bar, qtbot, bar.choices(), "Or … / Really is / T-shirt").conditions == (AnyOf((TrueIs(6), TrueIs(0))),)
    assert asked(bar, qtbot, bar.choices(), "Or … / wrong").conditions == (AnyOf((TrueIs(6), IsRight(False))),)
    assert asked(bar, qtbot, bar.choices(), "But not … / right").conditions == (TrueIs(6), Not(IsRight(True)))
    assert asked(bar, qtbot, bar.choices(), "All but these").conditions == (Not(TrueIs(6)),)
    assert asked(bar, qtbot, bar.choices(), "Show all").conditions == ()
    bar.show_selection(Shown(Selection(), SHORT, 1000, 700))
    able = {text for text, action in entries(bar.choices()).items() if action.isEnabled()}
    assert not {"And …", "Or …", "But not …", "All but these", "Show all", "Only these", "Count all again"} & able


def test_pictures_picked_one_by_one_do_not_change_the_split(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(Selection("test", (TrueIs(6), Not(Picked("lasso", np.arange(3))))), SHORT, 5, 0))
    assert asked(bar, qtbot, bar.choices(), "Training pictures") == Selection("train", (TrueIs(6),))


def test_the_menu_groups(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    wanted = asked(bar, qtbot, bar.choices(), "Group by class")
    assert wanted == replace(CELL, grouped=True)
    bar.show_selection(Shown(wanted, SHORT, 83, 0))
    assert "Group by class" in ticked(bar.choices())
    assert asked(bar, qtbot, bar.choices(), "Group by class") == CELL


def test_the_menu_offers_what_is_picked(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    assert not [text for text in entries(bar.choices()) if "picked" in text]
    bar.show_picks(5)
    with qtbot.waitSignal(bar.picks_asked, timeout=0):
        entries(bar.choices())["The 5 picked ones"].trigger()


def test_orders_that_need_the_epochs_say_why_they_cannot_be_had(bar: SelectionBar, qtbot: QtBot) -> None:
    late = ("Last learned first", "Forgotten most often first")
    bar.show_selection(Shown(Selection("train"), SHORT, 60_000, 700))
    for text in late:
        assert not entries(bar.orders())[text].isEnabled()
        assert "training pictures" in entries(bar.orders())[text].toolTip()
    bar.show_selection(Shown(Selection("test"), SHORT, 10_000, 700))
    assert not entries(bar.orders())[late[0]].isEnabled()
    assert "epoch" in entries(bar.orders())[late[0]].toolTip()
    bar.show_selection(Shown(Selection("test"), SHORT, 10_000, 700, recalled=True))
    assert [asked(bar, qtbot, bar.orders(), text).order for text in late] == ["learned", "forgotten"]
    assert asked(bar, qtbot, bar.orders(), "Closest second class first").order == "margin"


def test_named_selections_of_this_data_set_are_offered(bar: SelectionBar, qtbot: QtBot) -> None:
    store = NamedSelections()
    bar.show_selection(Shown(Selection(), SHORT, 10_000, 700, dataset="garments"))
    assert "Named selections / Delete" not in entries(bar.choices())
    store.add(NamedSelection("R & D", "garments", CELL))
    store.add(NamedSelection("other data", "digits", CELL))
    store.add(NamedSelection("more classes", "garments", Selection("test", (TrueIs(10),))))
    offered = [text for text in entries(bar.choices()) if text.startswith("Named selections / ")]
    assert [text.split(" / ")[1] for text in offered] == ["Give this one a name …", "R && D", "Delete", "Delete"]
    assert asked(bar, qtbot, bar.choices(), "Named selections / R && D") == CELL
    entries(bar.choices())["Named selections / Delete / R && D"].trigger()
    assert [one.name for one in store.read()] == ["other data", "more classes"]


def test_a_damaged_file_of_named_selections_is_a_sentence(bar: SelectionBar, qtbot: QtBot, studio_home: Path) -> None:
    store = NamedSelections()
    store.add(NamedSelection("mine", "garments", CELL))
    bar.show_selection(Shown(Selection(), SHORT, 10_000, 700, dataset="garments"))
    opened = entries(bar.choices())
    store.path.write_text("{", encoding="utf-8")
    with qtbot.waitSignal(bar.failed, timeout=0) as failed:
        opened["Named selections / Delete / mine"].trigger()
    assert failed.args is not None
    assert isinstance(failed.args[0], UserError)
    said = [text for text, action in entries(bar.choices()).items() if "damaged" in text and not action.isEnabled()]
    assert len(said) == 1
    assert store.path.read_text(encoding="utf-8") == "{"


def test_export_is_asked(bar: SelectionBar, qtbot: QtBot) -> None:
    bar.show_selection(Shown(CELL, SHORT, 83, 0))
    with qtbot.waitSignal(bar.export_asked, timeout=0):
        entries(bar.choices())["Export …"].trigger()
    bar.show_selection(Shown(CELL, SHORT, 0, 0))
    assert not entries(bar.choices())["Export …"].isEnabled()


def test_a_menu_of_a_thousand_classes_is_filled_when_it_opens(bar: SelectionBar) -> None:
    names = tuple(f"class {number}" for number in range(1000))
    bar.show_selection(Shown(Selection("test", (TrueIs(3),)), names, 83, 0))
    menu = bar.choices()
    inner = next(action.menu() for action in menu.actions() if action.text() == "Was taken for")
    assert isinstance(inner, QMenu)
    assert inner.actions() == []
    inner.aboutToShow.emit()
    assert len(inner.actions()) == 1001


def test_signs_have_names_for_readers(bar: SelectionBar) -> None:
    signs = [button for button in bar.findChildren(QPushButton) if button.text() in SIGNS]
    assert len(signs) == 4
    assert all(button.accessibleName() and button.toolTip() for button in signs)
