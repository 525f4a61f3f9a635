import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.widgets import Card, ElidedLabel, FewLines, TabRow, button, icon_button, label


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


def test_roles_give_a_label_its_letters(qtbot: QtBot) -> None:
    sizes = {}
    for role in ("big", "title", "", "small", "head"):
        made = label("Words", role)
        qtbot.addWidget(made)
        made.ensurePolished()
        sizes[role] = (made.font().pixelSize(), made.font().weight())
    assert sizes == {"big": (44, 600), "title": (13, 600), "": (13, 400), "small": (12, 400), "head": (11, 600)}


def test_a_label_never_reads_html(qtbot: QtBot) -> None:
    made = label("<b>a</b>")
    qtbot.addWidget(made)
    assert made.textFormat() is Qt.TextFormat.PlainText


def test_a_card_keeps_what_is_in_it_from_its_line(qtbot: QtBot) -> None:
    card, inner = Card(), QWidget()
    qtbot.addWidget(card)
    card.body.addWidget(inner)
    card.resize(200, 100)
    card.show()
    assert inner.geometry().getRect() == (15, 15, 170, 70)


def test_a_click_chooses_a_tab_and_says_so_once(qtbot: QtBot) -> None:
    row = TabRow({"a": "Accuracy", "l": "Loss"})
    qtbot.addWidget(row)
    chosen: list[str] = []
    row.chosen.connect(chosen.append)
    qtbot.mouseClick(row.buttons["l"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(row.buttons["l"], Qt.MouseButton.LeftButton)
    assert chosen == ["l"]
    assert row.key == "l"
    assert [tab.isChecked() for tab in row.buttons.values()] == [False, True]


def test_choosing_by_program_is_silent(qtbot: QtBot) -> None:
    row = TabRow({"a": "Accuracy", "l": "Loss"})
    qtbot.addWidget(row)
    assert row.key == "a"
    with qtbot.assertNotEmitted(row.chosen):
        row.choose("l")
        row.choose("nowhere")
    assert row.key == "l"


def test_arrow_keys_choose_the_next_tab(qtbot: QtBot) -> None:
    row = TabRow({"a": "Accuracy", "l": "Loss"})
    qtbot.addWidget(row)
    row.show()
    qtbot.waitUntil(row.isActiveWindow)
    row.buttons["a"].setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(row.chosen) as caught:
        qtbot.keyClick(row.buttons["a"], Qt.Key.Key_Right)
    assert caught.args == ["l"]


def test_tabs_stand_still_whichever_is_chosen(qtbot: QtBot) -> None:
    row = TabRow({"a": "Accuracy", "l": "Loss", "r": "Rate"})
    qtbot.addWidget(row)
    row.show()
    places = []
    for key in row.buttons:
        row.choose(key)
        QApplication.processEvents()
        places.append([tab.geometry().getRect() for tab in row.buttons.values()])
    assert places[0] == places[1] == places[2]


def test_a_line_without_room_ends_in_an_ellipsis_and_tells_all_in_its_tooltip(qtbot: QtBot) -> None:
    text = ElidedLabel("Press Train and watch the pictures turn right.")
    qtbot.addWidget(text)
    text.resize(90, 20)
    text.show()
    assert text.shown().endswith("…")
    assert text.toolTip() == text.text()
    text.resize(600, 20)
    assert text.shown() == text.text()
    assert text.toolTip() == ""


def test_an_elided_line_asks_for_the_room_of_its_text(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    row = QHBoxLayout(around)
    text = ElidedLabel("A short text")
    row.addWidget(text)
    row.addStretch(1)
    around.resize(500, 40)
    around.show()
    assert text.shown() == "A short text"
    assert text.width() < 200


def test_few_lines_are_never_more(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    column = QVBoxLayout(around)
    text = FewLines("small", 2)
    column.addWidget(text)
    around.resize(200, 300)
    around.show()
    text.show_text("one two three " * 20)
    assert text.text().endswith("…")
    assert text.toolTip() == "one two three " * 20
    assert text.sizeHint().height() > 0
    assert text.heightForWidth(text.width()) <= 2 * text.fontMetrics().lineSpacing()
    text.show_text("short")
    assert (text.text(), text.toolTip()) == ("short", "")


def test_few_lines_hold_as_many_chinese_ones(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    text = FewLines("title", 2)
    qtbot.addWidget(text)
    text.resize(400, 60)
    said = "把握至少 80% 才作答：\n答对 96.4%，不作答 24.2%"
    text.show_text(said)
    assert text.text() == said
    text.show_text(f"{said}\n第三行")
    assert text.text().endswith("…")


def test_the_ring_is_for_the_keyboard(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    row = QHBoxLayout(around)
    first, second = button("First"), button("Second", "link")
    row.addWidget(first)
    row.addWidget(second)
    around.show()
    qtbot.waitUntil(around.isActiveWindow)
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert not second.ring
    second.setFocus(Qt.FocusReason.OtherFocusReason)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert first.ring
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert (first.ring, second.ring) == (False, True)
    plain = theme.colour("accent").name()
    assert second.grab().toImage().pixelColor(second.width() // 2, second.height() - 1).name() == plain


def test_a_button_has_its_name_and_role(qtbot: QtBot) -> None:
    made = button("Train", "primary", "trainButton")
    qtbot.addWidget(made)
    assert (made.text(), made.objectName(), made.property("role")) == ("Train", "trainButton", "primary")


def test_a_tab_button_can_be_checked(qtbot: QtBot) -> None:
    made = button("log", "tab")
    qtbot.addWidget(made)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.isChecked()


def test_a_button_with_a_picture_says_what_it_does(qtbot: QtBot) -> None:
    made = icon_button("close", "Put away", "x")
    qtbot.addWidget(made)
    assert not made.icon().isNull()
    assert made.toolTip() == made.accessibleName() == "Put away"
