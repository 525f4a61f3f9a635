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


@pytest.mark.parametrize("name", ["cnn.json", "./runs", "/data/run-1", "C:\\runs", "my run/spec.json"])
def test_a_path_alone_is_opened(name: str) -> None:
    assert entry.spelled_out([name, "b.json"]) == ["open", name, "b.json"]


@pytest.mark.parametrize("arguments", [[], ["runs"], ["--version"], ["train", "cnn.json"], ["--theme", "dark"]])
def test_everything_else_is_left_as_it_was_typed(arguments: list[str]) -> None:
    assert entry.spelled_out(arguments) == arguments


def test_a_library_of_torch_that_is_broken_is_no_reason_to_fail_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> object:
        raise OSError("[WinError 126]")

    library = tmp_path / "torch" / "lib" / "c10.dll"
    library.parent.mkdir(parents=True)
    library.touch()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "add_dll_directory", lambda name: None, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setattr(entry, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / name / "__init__.py")))
    entry.load_torch_libraries_before_qt()


def test_wrong_usage_ends_with_its_status(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["fmstudio", "--nonsense"])
    assert entry.main() == 2
    assert "--nonsense" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, "C.UTF-8"), ({"LANG": "C"}, "C.UTF-8"), ({"LANG": "POSIX"}, "C.UTF-8"), ({"LANG": "de_DE.UTF-8"}, None),
     ({"LC_ALL": "C"}, None), ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, "en_US.UTF-8")],
)  # fmt: skip
def test_where_no_language_is_set_letters_are_utf_8(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    entry.prepare_locale(environment)
    assert environment.get("LC_CTYPE") == expected
