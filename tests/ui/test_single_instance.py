"""The first window hears second starts; what comes from outside is done in it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.machine.entrance import enter
from fmstudio.machine.meeting import Meeting, Request
from fmstudio.ui import single_instance
from fmstudio.ui.arrivals import Arrivals
from fmstudio.ui.single_instance import FirstWindow

SECOND = """
import sys
from pathlib import Path
from fmstudio.machine.entrance import enter
from fmstudio.machine.meeting import Meeting, Request
entrance = enter(Meeting(Path(sys.argv[1]), unix=sys.argv[2] == "unix"), Request((sys.argv[3],)), 20)
sys.exit(0 if entrance.handed_over else 1)
"""


@pytest.fixture(params=["unix", "network"])
def meeting(request: pytest.FixtureRequest, tmp_path: Path) -> Meeting:
    return Meeting(tmp_path / "fmstudio-1", unix=request.param == "unix")


@pytest.fixture
def first(qapp: QApplication, meeting: Meeting) -> Iterator[FirstWindow]:
    door = enter(meeting, Request()).door
    assert door is not None
    made = FirstWindow(door)
    yield made
    made.close()
    made.close()


def say(meeting: Meeting, text: bytes) -> socket.socket:
    connection, _ = meeting.connect(5)
    connection.sendall(text)
    return connection


def test_a_start_in_another_process_is_heard(qtbot: QtBot, meeting: Meeting, first: FirstWindow) -> None:
    command = [sys.executable, "-c", SECOND, str(meeting.stem), "unix" if meeting.unix else "network", "/data/cnn.json"]
    with qtbot.waitSignal(first.asked, timeout=30_000) as asked:
        process = subprocess.Popen(command, env=os.environ)
    assert process.wait(30) == 0
    assert asked.args == [Request(("/data/cnn.json",))]


@pytest.mark.parametrize("text", [b"hello\n", b"[1]\n", b"{\n", b'{"secret": "guessed"}\n', b"\xff\n"])
def test_what_is_not_understood_is_not_answered(qtbot: QtBot, tmp_path: Path, qapp: QApplication, text: bytes) -> None:
    meeting = Meeting(tmp_path / "fmstudio-2", unix=False)
    door = enter(meeting, Request()).door
    assert door is not None
    window = FirstWindow(door)
    asked: list[object] = []
    window.asked.connect(asked.append)
    with say(meeting, text) as connection:
        connection.setblocking(False)
        qtbot.waitUntil(lambda: gone(connection), timeout=5_000)
    assert asked == []
    window.close()


def gone(connection: socket.socket) -> bool:
    """Whether the other side has hung up, without a word."""
    try:
        return connection.recv(10) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_a_request_without_end_is_cut_off(
    qtbot: QtBot, meeting: Meeting, first: FirstWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "MOST_BYTES", 1000)
    with say(meeting, b"x" * 2000) as connection:
        connection.setblocking(False)
        qtbot.waitUntil(lambda: gone(connection), timeout=5_000)


def test_a_request_may_come_in_parts(qtbot: QtBot, meeting: Meeting, first: FirstWindow) -> None:
    connection, secret = meeting.connect(5)
    text = json.dumps({"paths": ["/a"], "secret": secret}).encode() + b"\n"
    connection.sendall(text[:7])
    qtbot.waitUntil(lambda: len(first.findChildren(single_instance.QSocketNotifier)) == 2)
    with connection, qtbot.waitSignal(first.asked, timeout=5_000) as asked:
        connection.sendall(text[7:])
    assert asked.args == [Request(("/a",))]


@pytest.mark.qt_log_ignore(r"does not support raise\(\)")
class TestArrivals:
    @pytest.fixture
    def window(self, qtbot: QtBot) -> QWidget:
        made = QWidget()
        qtbot.addWidget(made)
        return made

    def test_what_came_before_the_window_waits_for_it(
        self, qapp: QApplication, first: FirstWindow, window: QWidget
    ) -> None:
        done: list[object] = []
        arrivals = Arrivals(qapp, first)
        first.asked.emit(Request(("/a",), language="zh_CN", theme="dark", activation="token"))
        QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile("/b.json")))
        assert done == []
        arrivals.attend(window, done.append, done.append, done.append)
        assert done == ["zh_CN", "dark", [Path("/a")], [Path("/b.json")]]
        assert window.isVisible()
        assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "token"
        arrivals.deleteLater()

    def test_a_window_that_was_put_away_comes_back(
        self, qapp: QApplication, first: FirstWindow, window: QWidget
    ) -> None:
        arrivals = Arrivals(qapp, first)
        arrivals.attend(window, list, list, list)
        window.showMinimized()
        first.asked.emit(Request())
        assert not window.isMinimized()
        arrivals.deleteLater()
