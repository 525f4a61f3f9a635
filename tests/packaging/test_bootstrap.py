"""The set-up on a fresh machine, with installers and libraries of our own making."""

import ast
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from bootstrapping import checks, commands, environment, installer, screen, system
from bootstrapping.environment import Checkout
from bootstrapping.words import SetupError

from fmstudio.cli import surroundings

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "bootstrap.py"
OFFLINE = "error: Request failed after 3 retries\n  Caused by: dns error: failed to lookup address information"
FULL = "error: failed to write to file: No space left on device (os error 28)"


class Installer:
    """Stands for uv and pip: remembers what it was asked, and answers in turn; the last answer stays."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self.answers = list(answers) or [(0, "")]
        self.asked: list[list[str]] = []

    def __call__(self, command: Sequence[str], _environment: Mapping[str, str]) -> tuple[int, str]:
        self.asked.append(list(command))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A small checkout whose virtual environment is there, and empty."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "constraints.txt").write_text("torch==2.15.0\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "fmstudio"\ndependencies = ["torch"]\n[dependency-groups]\ndev = ["pytest"]\n[tool.ruff]\n'
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    return Checkout(tmp_path)


@pytest.fixture(autouse=True)
def uv(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has uv and no package index of its own."""
    monkeypatch.setattr(installer, "find_uv", lambda _python, _run: "uv")
    monkeypatch.setattr(installer, "can_install", lambda _python: True)
    monkeypatch.setattr(installer, "user_index", lambda _environment: "")


def install(answers: Installer, checkout: Checkout) -> list[float]:
    """Install with those answers; how long it waited in between."""
    pauses: list[float] = []
    installer.install(checkout.python, ["torch"], checkout.constraints, run=answers, pause=pauses.append)
    return pauses


def test_an_old_python_can_parse_the_script() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_gets_one_sentence_and_the_remedy() -> None:
    code = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code, "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "needs Python 3.11 or newer, and this is Python 3.9" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_newer_python_that_is_there_is_named(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text("#!/bin/sh\n")
    newer.chmod(0o755)
    code = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, "test", "-x"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Type: python3.12 packaging/bootstrap.py test -x" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["open"]])
def test_wrong_usage_is_answered_with_the_right_one(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python3 packaging/bootstrap.py run")


def test_the_first_call_installs_and_the_second_changes_nothing(checkout: Checkout) -> None:
    answers = Installer()
    environment.prepare(checkout, dev=False, run=answers)
    stamp = checkout.stamp.stat().st_mtime_ns
    environment.prepare(checkout, dev=False, run=answers)
    assert [command[-2:] for command in answers.asked] == [["--editable", str(checkout.root)]]
    assert checkout.stamp.stat().st_mtime_ns == stamp


def test_the_tests_tools_are_added_once_and_stay(checkout: Checkout) -> None:
    answers = Installer()
    environment.prepare(checkout, dev=False, run=answers)
    environment.prepare(checkout, dev=True, run=answers)
    environment.prepare(checkout, dev=False, run=answers)
    assert [command[-1] for command in answers.asked] == [str(checkout.root), "pytest"]


def test_changed_requirements_are_installed_and_changed_tool_settings_are_not(checkout: Checkout) -> None:
    environment.prepare(checkout, dev=False, run=Installer())
    project = checkout.root / "pyproject.toml"
    answers = Installer()
    project.write_text(project.read_text() + "line-length = 100\n")
    environment.prepare(checkout, dev=False, run=answers)
    assert answers.asked == []
    project.write_text(project.read_text().replace('"torch"', '"torch", "numpy"'))
    environment.prepare(checkout, dev=False, run=answers)
    assert len(answers.asked) == 1


def test_an_interrupted_installation_goes_on_in_the_same_environment(checkout: Checkout) -> None:
    packages = environment.packages_folder(checkout)
    for name, record in {"whole": "whole.py,,3\n", "cut": "cut.py,,3000\n", "half": None}.items():
        (packages / f"{name}-1.dist-info").mkdir()
        (packages / f"{name}.py").write_text("1\n\n")
        if record:
            (packages / f"{name}-1.dist-info" / "RECORD").write_text(record)
    environment.prepare(checkout, dev=False, run=Installer())
    assert [folder.name for folder in packages.glob("*.dist-info")] == ["whole-1.dist-info"]
    assert checkout.stamp.exists()


def test_an_environment_without_an_installer_is_made_anew(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "can_install", lambda _python: False)
    monkeypatch.setattr(environment, "can_make_venv", lambda: True)
    (checkout.venv / "old").touch()
    with pytest.raises(SetupError, match="could not be made"):
        environment.prepare(checkout, dev=False, run=Installer())
    assert not (checkout.venv / "old").exists()


def test_a_failed_installation_leaves_no_stamp(checkout: Checkout) -> None:
    with pytest.raises(SetupError):
        environment.prepare(checkout, dev=False, run=Installer((1, FULL)))
    assert environment.read_stamp(checkout) is None


def test_an_environment_that_does_not_run_is_made_anew(checkout: Checkout) -> None:
    def run(command: Sequence[str], _environment: Mapping[str, str]) -> tuple[int, str]:
        return subprocess.run([*command, "--without-pip"], check=False).returncode, ""

    checkout.python.unlink()
    environment.create(checkout, run)
    assert environment.python_version(checkout.python)


def test_a_python_without_venv_is_completed_by_uv_or_by_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "can_make_venv", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert environment.venv_command(Path("new"))[:2] == ["/usr/bin/uv", "venv"]
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "uv" else f"/usr/bin/{name}")
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(SetupError, match=r"sudo apt-get .* python3\.\d+-venv"):
        environment.venv_command(Path("new"))


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "thesis.txt").write_text("mine")
    with pytest.raises(SetupError, match="no virtual environment"):
        environment.create(Checkout(tmp_path), Installer())
    assert (tmp_path / ".venv" / "thesis.txt").exists()


def test_a_faltering_network_is_tried_again(checkout: Checkout) -> None:
    answers = Installer((1, OFFLINE), (1, OFFLINE), (0, ""))
    assert install(answers, checkout) == [2, 4]
    assert len(answers.asked) == 3


def test_a_lost_network_is_one_sentence(checkout: Checkout) -> None:
    with pytest.raises(SetupError) as caught:
        install(Installer((2, OFFLINE)), checkout)
    assert caught.value.message == "The network was lost while packages were downloaded."
    assert "Run the same command again; what has been downloaded is kept." in caught.value.remedy


def test_a_full_disk_is_not_tried_again(checkout: Checkout) -> None:
    answers = Installer((1, FULL))
    with pytest.raises(SetupError, match="no space left on the disk"):
        install(answers, checkout)
    assert len(answers.asked) == 1


def test_pip_stands_in_for_uv(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "has_pip", lambda _python: True)
    answers = Installer(
        (1, "error: unexpected argument"), (1, "ERROR: No matching distribution for pytest-timeout"), (0, "")
    )
    install(answers, checkout)
    assert [command[2] for command in answers.asked] == ["install", "pip", "pip"]
    assert ["--constraint" in command for command in answers.asked] == [True, True, False]


def test_without_a_network_nobody_settles_for_other_versions(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "has_pip", lambda _python: True)
    answers = Installer((1, OFFLINE))
    with pytest.raises(SetupError, match="network was lost"):
        install(answers, checkout)
    assert [command[2] for command in answers.asked] == ["install"] * 3 + ["pip"]


def test_what_cannot_be_installed_names_the_pythons_that_can(checkout: Checkout) -> None:
    with pytest.raises(SetupError, match=r"Python 3\.11 to 3\.14"):
        install(Installer((1, "error: No solution found when resolving dependencies")), checkout)


def test_too_little_space_is_said_beforehand(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(checkout.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=500_000_000))
    answers = Installer()
    with pytest.raises(SetupError, match=r"has 0\.5 GB free, and the set-up needs"):
        environment.prepare(checkout, dev=False, run=answers)
    assert answers.asked == []


def test_an_unreadable_stamp_counts_as_none(checkout: Checkout) -> None:
    checkout.stamp.write_text(json.dumps({"python": "3.11.1"}))
    assert environment.read_stamp(checkout) is None


def absent(library: str) -> object:
    """Loads all but one library."""
    if library == "libxcb-cursor.so.0":
        raise OSError(library)
    return object()


def test_missing_libraries_are_found_by_loading_them() -> None:
    assert system.missing_libraries(system.X11, absent) == ["libxcb-cursor.so.0"]


def test_the_program_asks_for_the_same_libraries() -> None:
    assert system.WINDOW == surroundings.QT_LIBRARIES
    assert system.X11 == surroundings.X11_LIBRARIES


def test_who_may_not_install_is_told_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system, "is_root", lambda: False)
    answers = Installer()
    with pytest.raises(SetupError) as caught:
        system.install(["libxcb-cursor0", "xvfb"], ["libxcb-cursor.so.0", "Xvfb"], answers)
    assert "libxcb-cursor.so.0, Xvfb" in caught.value.message
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libxcb-cursor0 xvfb"
    assert line in caught.value.remedy
    assert answers.asked == []


def test_root_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system, "is_root", lambda: True)
    answers = Installer()
    system.install(["libxcb-cursor0"], ["libxcb-cursor.so.0"], answers)
    assert [command[1] for command in answers.asked] == ["update", "install"]
    with pytest.raises(SetupError, match="apt-get could not install libxcb-cursor0"):
        system.install(["libxcb-cursor0"], ["libxcb-cursor.so.0"], Installer((100, "E: Unable to fetch")))


def test_a_system_without_apt_is_told_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SetupError, match=r"libEGL\.so\.1"):
        system.install(["libegl1"], ["libEGL.so.1"], Installer())


def test_a_display_is_one_that_answers(tmp_path: Path) -> None:
    assert not screen.display_answers({}, "linux")
    assert not screen.display_answers({"DISPLAY": ":9999"}, "linux")
    assert screen.display_answers({}, "darwin")
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        assert screen.display_answers({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}, "linux")


@pytest.mark.x11
@pytest.mark.usefixtures("xvfb")
def test_a_virtual_screen_answers_until_it_is_left() -> None:
    with screen.virtual_screen() as display:
        assert screen.x11_answers(display)
    assert not screen.x11_answers(display)


@pytest.mark.parametrize(
    ("arguments", "opens"),
    [([], True), (["--demo"], True), (["--help"], False), (["train", "spec.json"], False), (["doctor"], False)],
)
def test_what_needs_a_display(arguments: list[str], opens: bool) -> None:
    assert commands.opens_first_run(arguments) is opens


def test_every_check_is_run_and_pytest_is_last(capsys: pytest.CaptureFixture[str]) -> None:
    started: list[str] = []

    def start(command: Sequence[str], _environment: Mapping[str, str], _folder: Path) -> int:
        started.append(command[2])
        return 1 if command[2] == "mypy" else 0

    assert checks.run_all(Path("python"), ROOT, ["-k", "idx"], start) == 1
    assert len(started) == 5
    assert started[-1] == "pytest"
    assert capsys.readouterr().out.splitlines()[-1] == "fmstudio: failed besides the tests: mypy"


def test_all_well_is_zero() -> None:
    assert checks.run_all(Path("python"), ROOT, [], lambda _command, _environment, _folder: 0) == 0


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (SetupError("It is dark.", "Light a lamp."), 3, "fmstudio: It is dark. Light a lamp."),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/disk"), 3, "fmstudio: /disk: No space left on device."),
        (KeyboardInterrupt(), 130, "fmstudio: stopped; run the same command again"),
    ],
)
def test_whatever_goes_wrong_is_a_sentence(
    error: BaseException, status: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(system, "ensure_libraries", fail)
    assert commands.main(["test"]) == status
    assert words in capsys.readouterr().err
