"""What is missing, in words."""

import sys

import pytest

from fmstudio.machine.findings import libraries_missing, not_installed, not_loaded


def test_the_installed_program_is_never_mended_with_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    finding = not_installed("torch")
    assert finding.message == "This copy of fmstudio is not complete: torch is missing."
    assert finding.remedy == "Install fmstudio again."
    assert not_loaded(ImportError("odd")).remedy == "Install fmstudio again."


def test_a_library_that_others_need_has_its_package_too() -> None:
    assert libraries_missing(["libX11.so.6", "libgomp.so.1"]).remedy.endswith("apt-get install libx11-6 libgomp1")
