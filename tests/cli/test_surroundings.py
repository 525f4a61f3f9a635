"""What a window needs around it."""

import ctypes
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fmstudio.cli import surroundings
from fmstudio.cli.surroundings import QT_LIBRARIES, X11_LIBRARIES, LackingError, load, require_window, window_findings

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux has displays that may be absent")


def all_there(library: str) -> object:
    return library


def all_but(*absent: str) -> Callable[[str], object]:
    """Loads every library but some."""

    def load_library(library: str) -> object:
        if library in absent:
            raise OSError(f"{library}: cannot open shared object file: No such file or directory")
        return library

    return load_library


@linux_only
class TestDisplay:
    def test_without_one_there_is_a_sentence_and_a_remedy(self) -> None:
        (finding,) = window_findings({}, all_there)
        assert finding.message == "There is no display here to open a window on."
        assert "xvfb-run" in finding.remedy
        assert "fmstudio train first-look" in finding.remedy
        assert not finding.grave

    def test_one_that_does_not_answer_is_named(self) -> None:
        (finding,) = window_findings({"DISPLAY": ":987"}, all_there)
        assert finding.message == "The display “:987” does not answer."

    @pytest.mark.x11
    def test_one_that_answers_is_enough(self, xvfb: str) -> None:
        assert window_findings({"DISPLAY": xvfb}, all_there) == ()

    @pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc", "linuxfb:fb=/dev/fb0", "xcb;offscreen"])
    def test_some_platforms_need_none(self, platform: str) -> None:
        assert window_findings({"QT_QPA_PLATFORM": platform}, all_there) == ()

    @pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland;xcb"])
    def test_others_need_one_though_they_are_asked_for(self, platform: str) -> None:
        assert len(window_findings({"QT_QPA_PLATFORM": platform}, all_there)) == 1

    def test_a_wayland_compositor_that_left_does_not_count(self, tmp_path: Path) -> None:
        environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert len(window_findings(environment, all_there)) == 1

    def test_a_wayland_compositor_needs_no_library_of_x11(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Path, "is_socket", lambda path: path == Path("/run/user/1/wayland-0"))
        environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1"}
        assert window_findings(environment, all_but(*X11_LIBRARIES)) == ()
        (finding,) = window_findings(environment | {"QT_QPA_PLATFORM": "xcb"}, all_there)
        assert "no display" in finding.message


@linux_only
class TestLibraries:
    def test_all_that_are_missing_are_named_with_their_packages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(surroundings, "x11_answers", lambda display: True)
        (finding,) = window_findings({"DISPLAY": ":0"}, all_but("libxcb-cursor.so.0", "libEGL.so.1"))
        assert finding.message == "The system lacks libEGL.so.1, libxcb-cursor.so.0."
        assert finding.remedy.endswith("sudo apt-get install libegl1 libxcb-cursor0")
        assert finding.grave

    def test_without_a_screen_only_those_of_every_window_count(self) -> None:
        offscreen = {"QT_QPA_PLATFORM": "offscreen"}
        assert window_findings(offscreen, all_but(*X11_LIBRARIES)) == ()
        assert len(window_findings(offscreen, all_but(*QT_LIBRARIES))) == 1

    def test_a_window_is_refused_before_qt_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ctypes, "CDLL", all_there)
        with pytest.raises(LackingError, match="no display"):
            require_window({})

    def test_what_a_library_needs_is_named_in_its_place(self) -> None:
        def load_library(library: str) -> object:
            if library in ("libGL.so.1", "libEGL.so.1"):
                raise OSError("libX11.so.6: cannot open shared object file: No such file or directory")
            return library

        (finding,) = window_findings({"QT_QPA_PLATFORM": "offscreen"}, load_library)
        assert finding.message == "The system lacks libX11.so.6."

    def test_it_is_named_in_the_installed_program_too_where_another_error_stands_in_front(self) -> None:
        def load_library(library: str) -> object:
            if library != "libGL.so.1":
                return library
            try:
                raise OSError("libX11.so.6: cannot open shared object file: No such file or directory")
            except OSError as error:
                raise OSError(f"Failed to load dynlib/dll '{library}'.") from error

        (finding,) = window_findings({"QT_QPA_PLATFORM": "offscreen"}, load_library)
        assert finding.message == "The system lacks libX11.so.6."

    def test_what_only_the_plug_in_for_the_screen_lacks_is_named_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def load_library(library: str) -> object:
            if library.endswith("libqxcb.so"):
                raise OSError("libX11.so.6: cannot open shared object file: No such file or directory")
            return library

        monkeypatch.setattr(surroundings, "x11_answers", lambda display: True)
        (finding,) = window_findings({"DISPLAY": ":0"}, load_library)
        assert finding.message == "The system lacks libX11.so.6."
        assert finding.remedy.endswith("libx11-6")
        assert window_findings({"QT_QPA_PLATFORM": "offscreen"}, load_library) == ()

    def test_here_they_are_all_there(self) -> None:
        assert window_findings({"QT_QPA_PLATFORM": "offscreen"}) == ()


class TestPackages:
    def test_a_window_needs_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        findings = window_findings({})
        assert [finding.message for finding in findings] == [
            "The Python package PySide6-Essentials is not installed.",
            "The Python package pyqtgraph is not installed.",
        ]

    def test_what_is_there_is_loaded(self) -> None:
        assert load("fmstudio.cli.surroundings.load") is load

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (
                ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn"),
                "The Python package torch is not installed. Install it: pip install torch",
            ),
            (
                ImportError("libGL.so.1: cannot open shared object file: No such file or directory"),
                "The system lacks libGL.so.1. On Debian and Ubuntu type: sudo apt-get install libgl1",
            ),
            (
                ImportError("libodd-thing.so.7: cannot open shared object file: No such file or directory"),
                "The system lacks libodd-thing.so.7. Install the system package that holds it.",
            ),
            (
                OSError("[WinError 1114] A routine failed. Error loading c10.dll\nmore"),
                "A library cannot be loaded: [WinError 1114] A routine failed. Error loading c10.dll. "
                "Install fmstudio again into a new environment.",
            ),
        ],
    )
    def test_what_cannot_be_loaded_is_named_with_its_remedy(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
    ) -> None:
        def refuse(name: str) -> object:
            raise error

        monkeypatch.setattr(importlib, "import_module", refuse)
        with pytest.raises(LackingError) as lacking:
            load("fmstudio.training.loop.Training")
        assert str(lacking.value) == sentence

    def test_a_fault_in_our_own_modules_is_not_called_a_lack(self) -> None:
        with pytest.raises(ModuleNotFoundError):
            load("fmstudio.not_there.thing")
