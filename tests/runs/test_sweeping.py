"""What a program that was killed has left is swept up; what is whole, young, locked or not ours stays."""

import os
from pathlib import Path

import pytest

from fmstudio.runs import sweeping
from fmstudio.runs.about import About
from fmstudio.runs.library import Library
from fmstudio.runs.lock import FolderLock
from tests.runs.run_folders import MakeRun

ONE = "20260101-100000-a"
HALF = "0123456789ab"


def leave(folder: Path, name: str = "last.safetensors") -> Path:
    """A temporary file that is an hour old."""
    folder.mkdir(exist_ok=True)
    path = folder / f".{name}.{HALF}"
    path.write_bytes(b"half")
    age(path)
    return path


def age(path: Path) -> None:
    os.utime(path, (path.stat().st_mtime - 3600,) * 2)


@pytest.mark.parametrize("room", ["", "predictions", "epochs", "state", "labels"])
def test_halves_are_swept_up(library: Path, make_run: MakeRun, room: str) -> None:
    folder = make_run(ONE, end="")
    left = leave(folder / room)
    whole = [folder / room / name for name in ("last.safetensors", ".hidden", f".x.{HALF}0", f"x.{HALF}", f".{HALF}")]
    for path in whole:
        path.write_bytes(b"whole")
        age(path)
    assert Library(library).sweep() == 1
    assert not left.exists()
    assert all(path.exists() for path in whole)
    assert Library(library).sweep() == 0


def test_what_is_young_stays_unless_it_is_asked_for(library: Path, make_run: MakeRun) -> None:
    left = leave(make_run(ONE, end=""))
    os.utime(left)
    assert Library(library).sweep() == 0
    assert Library(library).sweep(age_seconds=0) == 1
    assert not left.exists()


def test_a_run_that_is_written_is_left_alone(library: Path, make_run: MakeRun) -> None:
    folder = make_run(ONE, end="")
    left = leave(folder)
    with FolderLock(folder):
        assert Library(library).sweep(age_seconds=0) == 0
    assert left.exists()


def test_a_run_at_its_end_is_not_looked_into_until_it_is_written(library: Path, make_run: MakeRun) -> None:
    left = leave(make_run(ONE), "about.json")
    assert Library(library).sweep() == 0
    Library(library).describe(ONE, About(), About(star=True))
    assert not left.exists()


def test_the_library_itself_is_swept(library: Path) -> None:
    left = leave(library, "queue.json")
    copy = library / f"{sweeping.ADOPTING}{HALF}"
    copy.mkdir()
    (copy / "spec.json").write_text("{}", encoding="utf-8")
    age(copy)
    with FolderLock(copy):
        age(copy)
        assert Library(library).sweep() == 1
    assert not left.exists()
    age(copy)
    assert Library(library).sweep() == 1
    assert not copy.exists()


def test_a_run_that_never_began_is_taken_away(library: Path) -> None:
    shell, foreign, notes = library / ONE, library / "folder", library / "20260102-100000-b"
    for folder in (shell, foreign, notes):
        (folder / "predictions").mkdir(parents=True)
    leave(shell, "spec.json")
    (notes / "notes.txt").write_text("mine", encoding="utf-8")
    for folder in (shell, foreign, notes):
        age(folder)
    Library(library).sweep(age_seconds=0)
    assert not shell.exists()
    assert (foreign / "predictions").is_dir()
    assert (notes / "notes.txt").is_file()


def test_links_lead_nowhere(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    kept = [leave(outside), leave(make_run("away", end="", root=tmp_path))]
    folder = make_run(ONE, end="")
    (folder / "state").symlink_to(outside)
    (folder / f".weights.{HALF}").symlink_to(kept[0])
    (library / "link").symlink_to(tmp_path / "away")
    (library / f"{sweeping.ADOPTING}x").symlink_to(outside)
    assert Library(library).sweep(age_seconds=0) == 0
    assert all(path.exists() for path in kept)
