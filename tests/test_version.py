"""Which build this is: stamped, in a checkout, or unknown."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fmstudio import __version__, paths, version
from fmstudio.version import Build, about_build, checkout_commit, read_stamp

COMMIT = "3f2a91c0d4e5" + "0" * 28
OTHER = "a" * 40


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing is remembered from another test, nor for the next one."""
    about_build.cache_clear()
    yield
    about_build.cache_clear()


def checkout(folder: Path, files: dict[str, str]) -> Path:
    """A checkout whose git folder holds these files."""
    for name, text in {"../pyproject.toml": "", **files}.items():
        path = folder / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def stamped(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the resources be in a folder, with that stamp."""
    (folder / "build.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(paths, "resource", lambda name: folder / name)


def test_a_packed_program_says_what_it_was_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamped(tmp_path, monkeypatch, json.dumps({"version": __version__, "commit": COMMIT, "built": "2026-11-21"}))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert about_build() == Build(__version__, COMMIT, "2026-11-21", frozen=True)
    assert about_build().text == f"{__version__} (3f2a91c0d4e5)"


def test_a_stamp_of_another_version_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamped(tmp_path, monkeypatch, json.dumps({"version": "9.9", "commit": COMMIT}))
    monkeypatch.setattr(version, "__file__", str(tmp_path / "site-packages" / "fmstudio" / "version.py"))
    assert about_build() == Build(__version__)
    assert about_build().text == __version__


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 3, "commit": "x"}', "[" * 100_000])
def test_a_broken_stamp_says_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "build.json"
    path.write_text(text, encoding="utf-8")
    assert read_stamp(path) == {}
    assert read_stamp(tmp_path / "none") == {}


def test_changed_files_are_told() -> None:
    assert Build("1.0", f"{COMMIT}-dirty").text == "1.0 (3f2a91c0d4e5-dirty)"


@pytest.mark.parametrize(
    "files",
    [
        {"HEAD": f"{COMMIT}\n"},
        {"HEAD": "ref: refs/heads/main\n", "refs/heads/main": f"{COMMIT}\n"},
        {"HEAD": "ref: refs/heads/a/b\n", "packed-refs": f"# x\n{OTHER} refs/a\n{COMMIT} refs/heads/a/b\n^{OTHER}"},
    ],
    ids=["detached", "branch", "packed"],
)  # fmt: skip
def test_a_checkout_is_read_without_git(tmp_path: Path, files: dict[str, str]) -> None:
    assert checkout_commit(checkout(tmp_path, files)) == COMMIT


def test_a_second_work_tree_is_read_too(tmp_path: Path) -> None:
    checkout(tmp_path / "one", {"worktrees/two/HEAD": "ref: refs/heads/x", "refs/heads/x": COMMIT})
    (tmp_path / "one/.git/worktrees/two/commondir").write_text("../..\n", encoding="utf-8")
    two = tmp_path / "two"
    two.mkdir()
    (two / "pyproject.toml").touch()
    (two / ".git").write_text(f"gitdir: {tmp_path}/one/.git/worktrees/two\n", encoding="utf-8")
    assert checkout_commit(two) == COMMIT


@pytest.mark.parametrize("head", ["", "ref: refs/heads/none", "ref: ../../secret", "not a commit"])
def test_what_is_no_commit_is_none(tmp_path: Path, head: str) -> None:
    assert checkout_commit(checkout(tmp_path, {"HEAD": head})) == ""


def test_another_programs_repository_is_not_ours(tmp_path: Path) -> None:
    checkout(tmp_path, {"HEAD": COMMIT})
    (tmp_path / "pyproject.toml").unlink()
    assert checkout_commit(tmp_path) == ""


def test_it_agrees_with_git() -> None:
    root = Path(version.__file__).resolve().parents[1]
    asked = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        pytest.skip("this is no checkout of git")
    assert checkout_commit(root) == asked.stdout.strip()
