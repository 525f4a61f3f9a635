"""The wheel and the sdist, of a small project: what is refused, and that both are the same."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from building import version, wheel
from building.words import BuildError

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "fmstudio"
version = "1.2"
[tool.hatch.build.targets.wheel]
only-include = ["fmstudio", "resources"]
[tool.hatch.build.targets.wheel.sources]
"resources" = "fmstudio/resources"
[tool.hatch.build.targets.sdist]
include = ["/fmstudio", "/resources", "/pyproject.toml"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout of git, with an ignored file and a new one."""
    files = {
        "fmstudio/__init__.py": '__version__ = "1.2"\n',
        "fmstudio/__pycache__/x.pyc": "",
        "resources/lessons/one.json": "{}",
        "pyproject.toml": PROJECT,
        ".gitignore": "__pycache__/\n",
        "other/notes.txt": "",
    }
    for name, text in files.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "first"]):
        identity = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "a") | dict.fromkeys(
            ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.org"
        )
        subprocess.run(["git", *command], cwd=tmp_path / "root", env=os.environ | identity, check=True)
    (tmp_path / "root" / "fmstudio" / "new.py").touch()
    return tmp_path / "root"


def test_the_source_is_what_git_knows_and_would_take_in(root: Path) -> None:
    expected = ["fmstudio/__init__.py", "fmstudio/new.py", "pyproject.toml", "resources/lessons/one.json"]
    assert [name for name in wheel.source_files(root) if name != ".gitignore"] == expected


def test_without_git_it_is_all_but_what_python_leaves_behind(root: Path) -> None:
    for path in sorted((root / ".git").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (root / ".git").rmdir()
    assert "fmstudio/new.py" in wheel.source_files(root)
    assert not [name for name in wheel.source_files(root) if "pycache" in name or name.startswith("other")]


def test_wheel_and_sdist_hold_the_stamp_and_are_the_same(root: Path, tmp_path: Path) -> None:
    source = wheel.stage(root, tmp_path / "source")
    stamp = json.loads((source / "resources" / "build.json").read_text(encoding="utf-8"))
    assert stamp["version"] == "1.2"
    assert len(stamp["commit"]) == 40
    python, date = Path(sys.executable), version.source_date(root)
    sdist = wheel.build(python, source, "sdist", tmp_path / "sdist", date)
    made = wheel.build(python, source, "wheel", tmp_path / "wheel", date)
    again = wheel.build(python, wheel.unpack(sdist, tmp_path / "unpacked"), "wheel", tmp_path / "again", date)
    wheel.check_same(made, again)
    assert "fmstudio/resources/build.json" in wheel.hashes(made)
    with pytest.raises(BuildError, match=r"The wheel lacks fmstudio/__main__\.py"):
        wheel.check_contents(made)


def zipped(path: Path, files: dict[str, str]) -> Path:
    """A wheel with these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


def test_a_wheel_that_differs_is_refused_by_name(tmp_path: Path) -> None:
    first = zipped(tmp_path / "1.whl", {"a": "1", "b": "2"})
    with pytest.raises(BuildError, match=r"another wheel: b, c\."):
        wheel.check_same(first, zipped(tmp_path / "2.whl", {"a": "1", "b": "3", "c": ""}))
    wheel.check_same(first, zipped(tmp_path / "3.whl", {"a": "1", "b": "2"}))


def test_a_wheel_with_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    whole = dict.fromkeys(wheel.IN_THE_WHEEL, "")
    wheel.check_contents(zipped(tmp_path / "1.whl", whole | {"fmstudio-1.dist-info/METADATA": ""}))
    with pytest.raises(BuildError, match=r"holds tests/x\.py"):
        wheel.check_contents(zipped(tmp_path / "2.whl", whole | {"tests/x.py": ""}))


def answering(tmp_path: Path, code: str) -> list[str]:
    """A program that answers as the code says."""
    path = tmp_path / "program.py"
    path.write_text(f"import sys\n{code}\n", encoding="utf-8")
    return [sys.executable, str(path)]


def test_an_installed_program_must_know_which_it_is(tmp_path: Path) -> None:
    said = json.loads(version.stamp())
    line = f"fmstudio {said['version']} ({said['commit'][:12]})"
    good = answering(tmp_path, f"print('{line}' if '--version' in sys.argv else '{{\"architecture\": 1}}')")
    wheel.check_answers(good, tmp_path, tmp_path)
    with pytest.raises(BuildError, match="says that it is 'fmstudio 9'"):
        wheel.check_answers(answering(tmp_path, "print('fmstudio 9')"), tmp_path, tmp_path)


def test_an_installed_program_that_fails_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BuildError, match="does not start"):
        wheel.check_answers(answering(tmp_path, "sys.exit('no lesson')"), tmp_path, tmp_path)
    assert "no lesson" in capsys.readouterr().err


def test_an_environment_without_torch_is_a_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "python"
    empty.write_text(f"#!/bin/sh\necho {tmp_path}\n", encoding="utf-8")
    empty.chmod(0o755)
    if sys.platform == "win32":
        pytest.skip("a script stands for Python here")
    with pytest.raises(BuildError, match="no environment here"):
        wheel.packages_beside(empty, tmp_path)
    (tmp_path / "torch").mkdir()
    assert wheel.packages_beside(empty, tmp_path) == tmp_path.resolve()
