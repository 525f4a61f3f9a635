import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.notice_bar import Notice, NoticeBar

NEWS = Notice("The run was saved.", "You find it under Compare.")
PROBLEM = Notice("The disk is full.", "Delete old runs.", "problem", "Show the runs", ("open", 7))


@pytest.fixture
def bar(qapp: QApplication, qtbot: QtBot) -> NoticeBar:
    theme.apply(qapp, "light")
    made = NoticeBar()
    qtbot.addWidget(made)
    made.resize(900, made.height())
    return made


def texts(bar: NoticeBar) -> list[str]:
    shown = [text for text in bar.findChildren(QLabel) if text.isVisibleTo(bar) and text.text()]
    return [text.text() for text in sorted(shown, key=lambda text: text.x())]


def child(bar: NoticeBar, name: str) -> QPushButton:
    found = bar.findChild(QPushButton, name)
    assert found is not None
    return found


def test_it_is_hidden_while_there_is_nothing_to_say(bar: NoticeBar) -> None:
    assert bar.isHidden()
    bar.add(NEWS)
    assert not bar.isHidden()
    bar.clear()
    assert bar.isHidden()


def test_news_have_a_sentence_and_a_hint_but_no_button(bar: NoticeBar) -> None:
    bar.add(NEWS)
    QApplication.processEvents()
    assert texts(bar) == ["The run was saved.", "You find it under Compare."]
    assert not child(bar, "noticeButton").isVisibleTo(bar)


def test_a_problem_has_a_mark_and_a_ground_of_its_own(bar: NoticeBar) -> None:
    bar.add(PROBLEM)
    assert texts(bar)[0] == "!"
    assert bar.grab().toImage().pixelColor(bar.width() // 2, 4).name() == theme.LIGHT.amber_soft


def test_its_button_says_what_was_meant_and_puts_it_away(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.add(PROBLEM)
    assert child(bar, "noticeButton").text() == "Show the runs"
    with qtbot.waitSignal(bar.action) as caught:
        qtbot.mouseClick(child(bar, "noticeButton"), Qt.MouseButton.LeftButton)
    assert caught.args == [("open", 7)]
    assert bar.isHidden()


def test_several_wait_in_their_order(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.add(NEWS)
    bar.add(PROBLEM)
    assert "The run was saved." in texts(bar)
    assert "1 of 2" in texts(bar)
    qtbot.mouseClick(child(bar, "noticeClose"), Qt.MouseButton.LeftButton)
    assert "The disk is full." in texts(bar)
    assert not any("of" in text.split() for text in texts(bar) if text != "The disk is full.")
    qtbot.mouseClick(child(bar, "noticeClose"), Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert bar.notices == ()


def test_the_same_is_not_said_twice(bar: NoticeBar) -> None:
    bar.add(NEWS)
    bar.add(Notice("The run was saved.", "You find it under Compare."))
    assert bar.notices == (NEWS,)


def test_a_notice_from_the_button_of_another_is_shown(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.action.connect(lambda _: bar.add(NEWS))
    bar.add(PROBLEM)
    child(bar, "noticeButton").click()
    assert bar.notices == (NEWS,)
    assert "The run was saved." in texts(bar)
