"""A program without a console."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from fmstudio.machine import console
from fmstudio.machine.console import Unheard, say_aloud, stream_without_console


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a dialog of Windows has shown; nobody started the program from a console."""
    found: list[str] = []
    user = SimpleNamespace(MessageBoxW=lambda parent, text, title, kind: found.append(text))
    kernel = SimpleNamespace(AttachConsole=lambda process: 0, GetConsoleWindow=lambda: 0)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user, kernel32=kernel), raising=False)
    return found


def test_what_went_wrong_is_shown_in_a_dialog(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> None:
    monkeypatch.setattr(sys, "stderr", stream_without_console("stderr"))
    print("There is no display here.", file=sys.stderr)
    say_aloud(3)
    assert shown == ["There is no display here."]


def test_nothing_is_shown_where_all_went_well_or_nothing_was_said(
    monkeypatch: pytest.MonkeyPatch, shown: list[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", Unheard("a warning"))
    say_aloud(0)
    monkeypatch.setattr(sys, "stderr", Unheard())
    say_aloud(1)
    assert shown == []


def test_elsewhere_it_is_only_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Unheard("said"))
    say_aloud(1)
    with stream_without_console("stdout") as nothing:
        print("into nothing", file=nothing)
    assert isinstance(console.stream_without_console("stderr"), Unheard)
