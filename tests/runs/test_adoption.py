"""Runs from elsewhere: copied as plain files, whole or not at all, and never over another."""

import os
from pathlib import Path

import pytest

from fmstudio.errors import UserError
from fmstudio.runs import adoption
from fmstudio.runs.about import About, write_about
from fmstudio.runs.library import Library
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.sweeping import ADOPTING
from tests.runs.run_folders import MakeRun

ONE = "20260101-100000-a"


@pytest.fixture
def elsewhere(make_run: MakeRun, tmp_path: Path) -> Path:
    """A run in a folder that is not of this library, with files of all kinds."""
    folder = make_run(ONE, root=tmp_path / "elsewhere")
    for name in ("weights.safetensors", "predictions/epoch-00001.npz", "state/step-000000008.safetensors"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_is_copied_whole(library: Path, elsewhere: Path) -> None:
    found = Library(library)
    assert found.adopt(elsewhere) == ONE
    assert contents(library / ONE) == contents(elsewhere)
    assert found.summary(ONE).best["test_accuracy"] == 0.7
    assert not [path for path in library.iterdir() if path.name.startswith(ADOPTING)]


def test_a_library_is_made_where_there_is_none(tmp_path: Path, elsewhere: Path) -> None:
    assert Library(tmp_path / "new").adopt(elsewhere) == ONE


def test_the_same_run_again_is_that_run(library: Path, elsewhere: Path) -> None:
    found = Library(library)
    found.adopt(elsewhere)
    found.describe(ONE, About(), About(name="Mine"))
    write_about(elsewhere, About(name="Theirs"))
    assert found.adopt(elsewhere) == ONE
    assert found.adopt(library / ONE) == ONE
    assert found.summary(ONE).name == "Mine"


def test_another_run_of_that_name_gets_one_of_its_own(library: Path, elsewhere: Path, make_run: MakeRun) -> None:
    mine = make_run(ONE, end="stopped")
    before = contents(mine)
    found = Library(library)
    assert [found.adopt(elsewhere), found.adopt(elsewhere)] == [f"{ONE}-2", f"{ONE}-2"]
    assert contents(mine) == before
    (elsewhere / "weights.safetensors").write_bytes(b"others")
    assert found.adopt(elsewhere) == f"{ONE}-3"


def test_links_and_what_is_hidden_are_left_out(library: Path, elsewhere: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("secret", encoding="utf-8")
    (elsewhere / "last.safetensors").symlink_to(secret / "key")
    (elsewhere / "epochs").symlink_to(secret)
    (elsewhere / "predictions" / "circle").symlink_to(elsewhere)
    (elsewhere / ".hidden").write_text("x", encoding="utf-8")
    (elsewhere / "a\nb").write_text("x", encoding="utf-8")
    if hasattr(os, "mkfifo"):
        os.mkfifo(elsewhere / "pipe")
    Library(library).adopt(elsewhere)
    names = {"spec.json", "events.jsonl", "weights.safetensors", "predictions/epoch-00001.npz"}
    assert set(contents(library / ONE)) == names | {"state/step-000000008.safetensors"}


def test_a_spec_that_is_a_link_is_no_run(library: Path, elsewhere: Path) -> None:
    (elsewhere / "spec.json").rename(elsewhere / "other.json")
    (elsewhere / "spec.json").symlink_to(elsewhere / "other.json")
    with pytest.raises(UserError, match="is not a run"):
        Library(library).adopt(elsewhere)


@pytest.mark.parametrize("spec", [None, "[]", "{"])
def test_what_is_no_run_is_refused(library: Path, elsewhere: Path, spec: str | None) -> None:
    (elsewhere / "spec.json").unlink()
    if spec is not None:
        (elsewhere / "spec.json").write_text(spec, encoding="utf-8")
    with pytest.raises(UserError, match="is not a run"):
        Library(library).adopt(elsewhere)
    assert list(library.iterdir()) == []


def test_a_run_that_is_written_is_refused(library: Path, elsewhere: Path) -> None:
    with FolderLock(elsewhere), pytest.raises(UserError, match="is being written"):
        Library(library).adopt(elsewhere)


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_BYTES"])
def test_what_is_too_large_is_refused(
    library: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(adoption, limit, 3)
    with pytest.raises(UserError, match="too large to be a run"):
        Library(library).adopt(elsewhere)
    assert list(library.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize(("name", "given"), [(".hidden", "hidden"), ("<b>x", "-b-x"), ("a\x1b[2J", "a--2J"),
                                             ("...", "run"), ("x" * 200, "x" * 120)])  # fmt: skip
def test_a_name_that_is_none_of_ours(library: Path, elsewhere: Path, name: str, given: str) -> None:
    assert Library(library).adopt(elsewhere.rename(elsewhere.with_name(name))) == given
    assert [row.id for row in Library(library).summaries()] == [given]


def test_a_full_disk_leaves_nothing_behind(library: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[object] = []
    copy = adoption._copy_file

    def fill(file: adoption._File, target: Path) -> None:
        copied.append(file)
        if len(copied) == 3:
            raise OSError(28, "No space left on device")
        copy(file, target)

    monkeypatch.setattr(adoption, "_copy_file", fill)
    with pytest.raises(UserError, match="No space left on device"):
        Library(library).adopt(elsewhere)
    assert list(library.iterdir()) == []
