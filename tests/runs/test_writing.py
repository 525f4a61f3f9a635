"""Files are whole: the new content or the old one, and nothing beside them."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fmstudio.errors import UserError
from fmstudio.runs import writing
from fmstudio.runs.writing import write_atomically


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("content", ["übersetzt 完\n", b"\x00\xff", ""])
def test_it_writes_texts_and_bytes(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "file"
    write_atomically(path, content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(tmp_path.iterdir()) == [path]


def test_it_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a much longer old content", encoding="utf-8")
    write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("broken", ["fsync", "replace", "open"])
def test_the_old_content_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path if broken == "open" else os, broken, full)
    with pytest.raises(UserError) as raised:
        write_atomically(path, "new")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
    assert str(path) in raised.value.message
    assert "No space left on device" in raised.value.message
    assert "space" in raised.value.hint


@pytest.mark.parametrize("make", [lambda path: None, Path.touch])
def test_a_folder_that_is_none_is_said_so(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "folder")
    with pytest.raises(UserError, match="cannot be written"):
        write_atomically(tmp_path / "folder" / "file", "new")


def test_a_file_system_that_cannot_sync_folders_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def files_only(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", files_only)
    write_atomically(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "new"


def test_content_is_on_the_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        fsync(handle)

    def noted_replace(*given: object) -> None:
        done.append("replace")
        replace(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(writing.os, "fsync", noted_fsync)
    monkeypatch.setattr(writing.os, "replace", noted_replace)
    write_atomically(tmp_path / "file", "new")
    assert done == ["file", "replace", "folder"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
def test_others_may_read_a_file_as_far_as_the_user_lets_them(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("x")
    write_atomically(tmp_path / "ours", "x")
    assert (tmp_path / "ours").stat().st_mode == plain.stat().st_mode
