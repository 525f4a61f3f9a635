import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.ui import notice_bar, theme
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


def test_that_something_was_saved_is_said_for_a_while_only(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_bar, "SAVED_MS", 50)
    theme.apply(qapp, "light")
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.add(Notice("Saved: there", kind="saved"))
    assert texts(bar) == ["Saved: there"]
    qtbot.waitUntil(bar.isHidden)
    assert bar.notices == ()


def test_each_saved_notice_has_its_own_time_and_others_stay(qtbot: QtBot, bar: NoticeBar) -> None:
    clock = bar.findChild(QTimer)
    assert clock is not None
    bar.add(PROBLEM)
    assert not clock.isActive(), "a problem stays until it is put away"
    bar.add(Notice("Saved: there", kind="saved"))
    assert not clock.isActive(), "it is not seen yet"
    assert "1 of 2" in texts(bar)
    qtbot.mouseClick(child(bar, "noticeClose"), Qt.MouseButton.LeftButton)
    assert (texts(bar), clock.isActive()) == (["Saved: there"], True)
    left = clock.remainingTime()
    bar.add(NEWS)
    assert 0 < clock.remainingTime() <= left, "what comes behind it does not make it last longer"
    clock.timeout.emit()
    assert texts(bar) == ["The run was saved.", "You find it under Compare."]
    assert not clock.isActive()
