"""The entry point."""

import ctypes
import importlib
import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from fmstudio import __main__ as entry


def test_on_windows_the_library_of_torch_is_loaded_but_not_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "torch" / "lib" / "c10.dll"
    library.parent.mkdir(parents=True)
    library.touch()
    loaded: list[str] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "add_dll_directory", loaded.append, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", loaded.append)
    monkeypatch.setattr(entry, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / name / "__init__.py")))
    entry.load_torch_libraries_before_qt()
    assert loaded == [str(library.parent), str(library)]
    library.unlink()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail("there is nothing to load"))
    entry.load_torch_libraries_before_qt()
    monkeypatch.setattr(entry, "find_spec", lambda name: None)
    entry.load_torch_libraries_before_qt()


def test_elsewhere_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(entry, "find_spec", lambda name: pytest.fail("not even looked for"))
    entry.load_torch_libraries_before_qt()


def test_what_another_program_reads_is_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    entry.prepare_streams()
    print("训练 → \ud800", end="", flush=True)
    assert written.getvalue() == "训练 → ?".encode()


def test_a_program_without_a_console_can_speak_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    entry.prepare_streams()
    with sys.stdout:
        print("into nothing", flush=True)


def test_a_broken_installation_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(name: str) -> object:
        raise ModuleNotFoundError("No module named 'pydantic'")

    monkeypatch.setattr(importlib, "import_module", refuse)
    assert entry.main() == 3
    assert capsys.readouterr() == (
        "",
        "fmstudio is not completely installed: No module named 'pydantic'. Install it again.\n",
    )


def test_threads_that_wait_leave_the_core_to_others_and_the_user_may_say_otherwise() -> None:
    code = "import os, fmstudio; print(os.environ['GOMP_SPINCOUNT'])"
    for asked, expected in ((None, "1000"), ("7", "7")):
        environment = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
        environment |= {"GOMP_SPINCOUNT": asked} if asked else {}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
        )  # fmt: skip
        assert done.stdout.strip() == expected
