"""Taking runs along in the background: one at a time, and remembered whether anybody looks or not."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.export.forms import Exported
from fmstudio.session import exporter as module
from fmstudio.session.exporter import Exporter
from fmstudio.session.session import TrainingSession


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    made = TrainingSession()
    yield made
    assert made.finish(5000)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Writers write nothing before it is opened."""
    opened = threading.Event()

    def write(folder: Path, out: Path, *, accept: bool = False) -> Exported:
        assert opened.wait(5)
        if out.name == "bad":
            raise UserError("No.", "Do something.")
        return Exported(run=folder.name, form="report", file=str(out), bytes=1)

    monkeypatch.setattr(module, "load", lambda _name: write)
    yield opened
    opened.set()


def heard(signal: SignalInstance) -> list[object]:
    found: list[object] = []
    signal.connect(found.append)
    return found


def test_it_is_written_in_the_background_and_remembered(
    session: TrainingSession, gate: threading.Event, qtbot: QtBot
) -> None:
    exporter, folder = Exporter(session), Path("/runs/a")
    with qtbot.waitSignal(exporter.saved, timeout=5000) as caught:
        exporter.export(folder, "report", Path("/x/out"))
        assert exporter.busy == (folder, "report")
        assert exporter.ended(folder, "report") is None
        gate.set()
    assert caught.args == [Path("/x/out")]
    assert exporter.busy is None
    done = exporter.ended(folder, "report")
    assert isinstance(done, Exported)
    assert exporter.ended(Path("/runs/b"), "report") is None


def test_one_at_a_time(session: TrainingSession, gate: threading.Event, qtbot: QtBot) -> None:
    exporter = Exporter(session)
    saved = heard(exporter.saved)
    exporter.export(Path("a"), "report", Path("first"))
    exporter.export(Path("b"), "report", Path("second"))
    gate.set()
    qtbot.waitUntil(lambda: exporter.busy is None, timeout=5000)
    assert saved == [Path("first")]


def test_what_goes_wrong_is_remembered_and_it_can_be_tried_again(
    session: TrainingSession, gate: threading.Event, qtbot: QtBot
) -> None:
    exporter = Exporter(session)
    gate.set()
    exporter.export(Path("a"), "report", Path("bad"))
    qtbot.waitUntil(lambda: exporter.busy is None, timeout=5000)
    error = exporter.ended(Path("a"), "report")
    assert isinstance(error, UserError)
    assert str(error) == "No. Do something."
    exporter.export(Path("a"), "report", Path("good"))
    assert exporter.ended(Path("a"), "report") is None
    qtbot.waitUntil(lambda: isinstance(exporter.ended(Path("a"), "report"), Exported), timeout=5000)
