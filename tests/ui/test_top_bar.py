import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio import words
from fmstudio.ui import theme
from fmstudio.ui.top_bar import TopBar
from fmstudio.ui.widgets import ElidedLabel

PAGES = ("data", "network", "learning", "results", "compare")


def child(bar: TopBar, name: str) -> QPushButton:
    found = bar.findChild(QPushButton, name)
    assert found is not None
    return found


@pytest.fixture
def bar(qapp: QApplication, qtbot: QtBot) -> TopBar:
    theme.apply(qapp, "light")
    made = TopBar()
    qtbot.addWidget(made)
    made.resize(1280, made.height())
    made.show()
    return made


def test_the_five_pages_in_their_order(bar: TopBar) -> None:
    row = bar.findChild(QWidget, "pageBar")
    assert row is not None
    tabs = sorted(row.findChildren(QPushButton), key=lambda tab: tab.x())
    assert [tab.text() for tab in tabs] == ["Data", "Network", "Learning", "Results", "Compare"]


@pytest.mark.parametrize(("number", "page"), [*enumerate(PAGES, 1)])
def test_ctrl_and_a_number_turn_to_a_page(qtbot: QtBot, bar: TopBar, number: int, page: str) -> None:
    bar.show_page("compare" if page == "data" else "data")
    qtbot.waitUntil(bar.isActiveWindow)
    with qtbot.waitSignal(bar.page_chosen) as caught:
        QTest.keySequence(bar, QKeySequence(f"Ctrl+{number}"))
    assert caught.args == [page]


def test_a_click_turns_to_a_page(qtbot: QtBot, bar: TopBar) -> None:
    with qtbot.waitSignal(bar.page_chosen) as caught:
        qtbot.mouseClick(child(bar, "page.network"), Qt.MouseButton.LeftButton)
    assert caught.args == ["network"]


def test_showing_a_page_marks_it_without_a_signal(qtbot: QtBot, bar: TopBar) -> None:
    with qtbot.assertNotEmitted(bar.page_chosen):
        bar.show_page("results")
    assert [page for page in PAGES if child(bar, f"page.{page}").isChecked()] == ["results"]


def accent_pixels(widget: QWidget) -> int:
    image = widget.grab().toImage()
    accent = theme.colour("accent")
    return sum(image.pixelColor(x, y) == accent for x in range(image.width()) for y in range(image.height()))


def test_a_dot_says_that_results_go_on_while_another_page_is_open(bar: TopBar) -> None:
    tab = child(bar, "page.results")
    bar.show_page("data")
    assert accent_pixels(tab) == 0
    before = tab.geometry().getRect()
    bar.show_busy(True)
    assert accent_pixels(tab) > 10
    assert tab.geometry().getRect() == before
    bar.show_page("results")
    with_dot = accent_pixels(tab)
    bar.show_busy(False)
    assert accent_pixels(tab) == with_dot, "on the page itself there is no dot, only the line below its name"


def test_the_chip_names_the_run(bar: TopBar) -> None:
    chip = bar.findChild(ElidedLabel, "runChip")
    assert chip is not None
    bar.show_run("Run 1 · First look · training", "running")
    assert chip.text() == "Run 1 · First look · training"
    QApplication.processEvents()
    assert chip.shown() == chip.text()


def test_a_long_name_of_a_run_gives_way(bar: TopBar) -> None:
    bar.show_run("Run 1 · " + "a very long name " * 20, "finished")
    QApplication.processEvents()
    chip, last = bar.findChild(ElidedLabel, "runChip"), child(bar, "themeButton")
    assert chip is not None
    assert chip.shown().endswith("…")
    assert last.geometry().right() < bar.width() == 1280


def test_code_and_present(qtbot: QtBot, bar: TopBar) -> None:
    with qtbot.waitSignal(bar.code_asked):
        qtbot.mouseClick(child(bar, "codeButton"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(bar.present_asked):
        qtbot.mouseClick(child(bar, "presentButton"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("speaking", "offered", "code"), [("en", "中文", "zh_CN"), ("zh_CN", "English", "en")])
def test_the_other_language_is_offered(qtbot: QtBot, speaking: str, offered: str, code: str) -> None:
    words.set_language(speaking)
    bar = TopBar()
    qtbot.addWidget(bar)
    switch = child(bar, "languageButton")
    assert switch.text() == offered
    with qtbot.waitSignal(bar.language_chosen) as caught:
        switch.click()
    assert caught.args == [code]


@pytest.mark.parametrize(("shown", "offered"), [("light", "dark"), ("dark", "light")])
def test_the_other_theme_is_offered(qapp: QApplication, qtbot: QtBot, shown: str, offered: str) -> None:
    theme.apply(qapp, shown)
    bar = TopBar()
    qtbot.addWidget(bar)
    with qtbot.waitSignal(bar.theme_chosen) as caught:
        child(bar, "themeButton").click()
    assert caught.args == [offered]
