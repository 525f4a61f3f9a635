"""Macs with Intel's processors."""

import ctypes
import platform
import sys
from importlib import metadata
from typing import Any

import pytest

from fmstudio import __main__ as entry
from fmstudio.machine.unsupported import why_not_here


@pytest.fixture
def intel_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    """This is one, without PyTorch."""

    def version(package: str) -> str:
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: System(translated=0))


class System:
    """Answers as macOS does when it is asked about itself."""

    def __init__(self, translated: int) -> None:
        self.translated = translated

    def sysctlbyname(self, name: bytes, value: Any, size: Any, new: None, length: int) -> int:
        assert name == b"sysctl.proc_translated"
        value._obj.value = self.translated
        return 0


def test_other_computers_are_welcome(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not_here() == ""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert why_not_here() == ""


@pytest.mark.usefixtures("intel_mac")
def test_they_get_a_sentence_and_status_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main() == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("This Mac has an Intel processor, for which PyTorch is no longer made")


@pytest.mark.usefixtures("intel_mac")
@pytest.mark.parametrize(("version", "welcome"), [("2.2.2", False), ("2.6.0", True), ("2.10.0+cpu", True)])
def test_a_pytorch_of_ones_own_making_may_be_used(monkeypatch: pytest.MonkeyPatch, version: str, welcome: bool) -> None:
    monkeypatch.setattr(metadata, "version", lambda package: version)
    assert (why_not_here() == "") == welcome


@pytest.mark.usefixtures("intel_mac")
def test_an_apple_processor_that_imitates_one_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: System(translated=1))
    assert why_not_here().startswith("This Mac has an Apple processor")
