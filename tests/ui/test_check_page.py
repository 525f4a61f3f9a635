"""Check this computer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from fmstudio import paths
from fmstudio.machine.examination import Examination
from fmstudio.machine.findings import Finding
from fmstudio.ui import check_page, files, gpu_notice, theme
from fmstudio.ui.check_page import CheckPage
from fmstudio.ui.notice_bar import NoticeBar

WHOLE = Examination(
    system={"fmstudio": "0.1.0", "commit": "", "python": "3.12.1", "platform": "Linux"},
    packages={"torch": "2.9.0"},
    devices=(("cpu", "CPU", 0), ("cuda:0", "NVIDIA T4", 16 * 10**9)),
    cores=4,
    data={"fashion-mnist": (60_000, 10_000)},
    folders={"runs": "/home/eva/runs", "logs": "/home/eva/logs", "resources": "/opt/fmstudio"},
    runs=3,
    free_bytes=50 * 10**9,
    window=True,
)
BROKEN = Finding("The runs cannot be written.", "Choose another folder.")
IDLE = Finding("The GPU here is not used.", "Type this.", grave=False)


class Session(QObject):
    """Keeps what is to be done in the background until it is told to go on."""

    torch_ready = Signal()
    library = None

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], object]]] = []

    def in_background(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        self.waiting.append((work, then))

    def go_on(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work, then in waiting:
            then(work())


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(check_page, "examine", lambda load, library: WHOLE)
    return Session()


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, session: Session) -> CheckPage:
    theme.apply(qapp, "light")
    made = CheckPage(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    return made


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def press(page: CheckPage, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button is not None
    button.click()


def test_while_it_looks_nothing_can_be_copied(page: CheckPage, session: Session) -> None:
    assert texts(page) == ["Looking at everything …"]
    assert page.report() == ""
    assert not any(button.isEnabled() for button in page.findChildren(QPushButton))
    session.go_on()
    assert all(button.isEnabled() for button in page.findChildren(QPushButton))


def test_what_is_well_has_a_tick(page: CheckPage, session: Session) -> None:
    session.go_on()
    found = texts(page)
    assert found[0] == "Everything is there."
    assert found.count("✓") == 4
    assert "Networks can be trained on: CPU, NVIDIA T4." in found
    assert "cuda:0 · NVIDIA T4 · 16.0 GB" in found
    assert "commit" not in found


def test_what_is_missing_comes_first_with_its_remedy(page: CheckPage) -> None:
    page.show_found(replace(WHOLE, findings=(BROKEN, IDLE), free_bytes=0))
    found = texts(page)
    assert found[0] == "2 things are worth a look."
    assert found[1:7] == ["✗", BROKEN.message, BROKEN.remedy, "!", IDLE.message, IDLE.remedy]


def test_copy_takes_everything_along(page: CheckPage, session: Session) -> None:
    session.go_on()
    page.show_found(replace(WHOLE, findings=(BROKEN,)))
    press(page, "checkCopy")
    copied = QApplication.clipboard().text()
    assert copied == page.report()
    assert "python: 3.12.1\n" in copied
    assert copied.endswith("\nThe runs cannot be written. Choose another folder.\n")


def test_check_again_looks_again(page: CheckPage, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.go_on()
    monkeypatch.setattr(check_page, "examine", lambda load, library: replace(WHOLE, findings=(BROKEN,)))
    press(page, "checkAgain")
    assert page.found is None
    session.go_on()
    assert "1 thing is worth a look." in texts(page)


def test_an_answer_for_a_page_that_is_gone_is_dropped(qapp: QApplication, session: Session) -> None:
    page = CheckPage(session)  # type: ignore[arg-type]
    Shiboken.delete(page)
    session.go_on()


class Window:
    """What the notice needs of the main window."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shell = self
        self.notices = NoticeBar()


def test_an_idle_card_is_named_once(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_notice, "gpu_finding", lambda load, root: IDLE)
    checked: list[object] = []
    monkeypatch.setattr(files, "check_computer", checked.append)
    window = Window(session)
    qtbot.addWidget(window.notices)
    gpu_notice.attach(window)  # type: ignore[arg-type]
    for _ in range(2):
        session.torch_ready.emit()
        session.go_on()
    (notice,) = window.notices.notices
    assert notice.text == IDLE.message
    assert callable(notice.action)
    notice.action()
    assert checked == [window]
    window.notices.clear()
    gpu_notice.attach(window)  # type: ignore[arg-type]
    session.torch_ready.emit()
    session.go_on()
    assert window.notices.notices == ()
    kept = QSettings(str(paths.settings_file()), QSettings.Format.IniFormat)
    assert kept.value(gpu_notice.SAID) == IDLE.message


def test_where_all_is_well_nothing_is_said(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_notice, "gpu_finding", lambda load, root: None)
    window = Window(session)
    qtbot.addWidget(window.notices)
    gpu_notice.attach(window)  # type: ignore[arg-type]
    session.torch_ready.emit()
    session.go_on()
    assert window.notices.notices == ()
