"""Into the trash and out of it: nothing is lost, nothing is written over, nothing leaves the library."""

import shutil
from pathlib import Path

import pytest

from fmstudio.errors import UserError
from fmstudio.runs.about import About, write_about
from fmstudio.runs.library import Library
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.trash import NotAllMovedError
from tests.runs.run_folders import MakeRun

ONE, TWO = "20260101-100000-a", "20260102-100000-b"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(library: Path) -> tuple[list[str], list[str]]:
    """The ids of the runs, and of those in the trash."""
    found = Library(library)
    return [row.id for row in found.summaries()], [row.id for row in found.trashed()]


def test_there_and_back(library: Path, make_run: MakeRun) -> None:
    folder = make_run(ONE)
    make_run(TWO)
    before = contents(folder)
    found = Library(library)
    assert found.trashed() == []
    assert found.trash([ONE, ONE]) == (ONE,)
    assert listed(library) == ([TWO], [ONE])
    assert found.trashed()[0].name == "Some run"
    assert found.restore([ONE]) == (ONE,)
    assert listed(library) == ([TWO, ONE], [])
    assert contents(folder) == before


def test_a_run_that_is_written_stays_and_keeps_no_other_back(library: Path, make_run: MakeRun) -> None:
    make_run(ONE), make_run(TWO)
    with FolderLock(library / TWO), pytest.raises(NotAllMovedError, match=f"{TWO} is being written") as found:
        Library(library).trash([TWO, ONE])
    assert found.value.moved == (ONE,)
    assert listed(library) == ([TWO], [ONE])


def test_several_that_cannot_be_moved_are_counted(library: Path, make_run: MakeRun) -> None:
    make_run(ONE)
    with pytest.raises(UserError, match=r"There is no run “x”\. 2 others could not be moved either\."):
        Library(library).trash(["x", "y", ONE, "z"])
    assert listed(library) == ([], [ONE])


def test_the_newest_of_a_name_is_the_one_that_comes_back(library: Path, make_run: MakeRun) -> None:
    found = Library(library)
    for name in ("old", "middle", "new"):
        write_about(make_run(ONE), About(name=name))
        found.trash([ONE])
    assert sorted(row.name for row in found.trashed()) == ["middle", "new", "old"]
    found.restore([ONE])
    assert found.summary(ONE).name == "new"
    (other,) = [row.id for row in found.trashed() if row.name == "old"]
    found.restore([other])
    assert found.summary(other).name == "old"


def test_nothing_is_written_over(library: Path, make_run: MakeRun) -> None:
    found = Library(library)
    write_about(make_run(ONE), About(name="first"))
    found.trash([ONE])
    write_about(make_run(ONE), About(name="second"))
    with pytest.raises(UserError, match="in the library already"):
        found.restore([ONE])
    assert (found.summary(ONE).name, found.trashed()[0].name) == ("second", "first")


def test_what_is_damaged_can_be_thrown_away_too(library: Path, make_run: MakeRun) -> None:
    (make_run(ONE) / "spec.json").write_text("[]", encoding="utf-8")
    Library(library).trash([ONE])
    assert listed(library) == ([], [ONE])


def test_a_trash_that_leads_elsewhere_is_not_used(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    make_run(ONE)
    elsewhere = tmp_path / "elsewhere"
    make_run(TWO, root=elsewhere)
    (library / ".trash").symlink_to(elsewhere)
    found = Library(library)
    with pytest.raises(UserError, match="cannot be written: it is a link"):
        found.trash([ONE])
    with pytest.raises(UserError, match="not in the trash"):
        found.restore([TWO])
    assert (found.trashed(), found.empty_trash()) == ([], 0)
    assert (elsewhere / TWO / "spec.json").is_file()
    assert (library / ONE).is_dir()


def test_emptied_for_good(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    make_run(ONE), make_run(TWO)
    outside = make_run("outside", root=tmp_path)
    found = Library(library)
    assert found.empty_trash() == 0
    found.trash([ONE])
    (library / ".trash" / "link").symlink_to(outside)
    (library / ".trash" / ONE / "link").symlink_to(outside)
    assert found.empty_trash() == 1
    assert listed(library) == ([TWO], [])
    assert (outside / "spec.json").is_file()


def test_only_the_runs_that_the_user_was_asked_about_are_deleted(library: Path, make_run: MakeRun) -> None:
    make_run(ONE), make_run(TWO)
    found = Library(library)
    found.trash([ONE, TWO])
    assert found.empty_trash({ONE, "elsewhere"}) == 1
    assert listed(library) == ([], [TWO])


def test_what_is_being_deleted_cannot_be_brought_back_in_part(
    library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(ONE), make_run(TWO)
    found, other, remove = Library(library), Library(library), shutil.rmtree

    def meanwhile(path: Path) -> None:
        """Another window wants the runs back; then the program is killed."""
        (path / "spec.json").unlink()
        for name in (ONE, TWO):
            with pytest.raises(UserError, match="is not in the trash"):
                other.restore([name])
        raise KeyboardInterrupt

    found.trash([ONE, TWO])
    monkeypatch.setattr(shutil, "rmtree", meanwhile)
    with pytest.raises(KeyboardInterrupt):
        found.empty_trash()
    monkeypatch.setattr(shutil, "rmtree", remove)
    assert listed(library) == ([], [])
    assert len(list((library / ".trash").iterdir())) == 2
    assert found.sweep() == 2
    assert list((library / ".trash").iterdir()) == []


def test_a_run_that_was_brought_back_just_before_stays(
    library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(ONE)
    before = contents(folder)
    found, rename = Library(library), Path.rename
    found.trash([ONE])

    def late(path: Path, target: Path) -> Path:
        monkeypatch.undo()
        Library(library).restore([ONE])
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    assert found.empty_trash() == 0
    assert listed(library) == ([ONE], [])
    assert contents(folder) == before


def test_who_is_in_a_hurry_leaves_the_rest_to_the_next_time(library: Path, make_run: MakeRun) -> None:
    make_run(ONE), make_run(TWO)
    found = Library(library)
    found.trash([ONE, TWO])
    assert found.empty_trash(hurried=lambda: True) == 2
    assert (listed(library), len(list((library / ".trash").iterdir()))) == (([], []), 2)
    assert found.empty_trash() == 0
    assert list((library / ".trash").iterdir()) == []


def test_a_link_in_the_library_is_moved_itself(library: Path, make_run: MakeRun, tmp_path: Path) -> None:
    outside = make_run("outside", root=tmp_path)
    (library / "link").symlink_to(outside)
    Library(library).trash(["link"])
    assert (outside / "spec.json").is_file()
    assert Library(library).summaries() == []


def test_a_disk_that_refuses_is_a_sentence(library: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(ONE)

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(UserError, match=f"Run {ONE} cannot be moved: Input/output error."):
        Library(library).trash([ONE])
    monkeypatch.undo()
    assert listed(library) == ([ONE], [])
