"""Starting the window."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from fmstudio.errors import UserError
from fmstudio.machine.entrance import Entrance
from fmstudio.machine.meeting import Meeting, Request
from fmstudio.ui import application
from fmstudio.ui.arrivals import Arrivals
from fmstudio.ui.crash import CrashHooks


class Session(QObject):
    """As much of a session as is connected at the start."""

    crashed = Signal(object)
    torch_ready = Signal()

    def __init__(self, library: Path) -> None:
        super().__init__()
        self.library = library


def test_where_a_window_is_open_none_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Request] = []

    def enter(meeting: Meeting | None, request: Request) -> Entrance:
        asked.append(request)
        return Entrance(handed_over=True)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token")
    monkeypatch.setattr(application, "enter", enter)
    monkeypatch.setattr(application, "make_application", lambda: pytest.fail("there is one already"))
    assert application.run([Path("cnn.json")], theme="dark") == 0
    assert asked == [Request((str(tmp_path / "cnn.json"),), theme="dark", activation="token")]


@pytest.mark.parametrize("blocked", [True, False])
def test_runs_that_can_be_kept_nowhere_are_said_at_once(qapp: QApplication, tmp_path: Path, blocked: bool) -> None:
    (tmp_path / "file").touch()
    said: list[UserError] = []
    session = Session(tmp_path / "file" / "runs" if blocked else tmp_path / "runs")
    window = SimpleNamespace(session=session, complain=said.append, speak=list, dress=list, open_paths=list)
    hooks, arrivals = CrashHooks(), Arrivals(qapp, None)
    arrivals.attend = lambda *_: None  # type: ignore[method-assign]
    application._connect(window, hooks, arrivals)  # type: ignore[arg-type]
    assert [error.message.endswith("cannot be written: no run can be kept there.") for error in said] == [
        True
    ] * blocked
    arrivals.deleteLater()
