from pathlib import Path

import pytest

from fmstudio.runs.album import Album
from fmstudio.runs.store import RunFolder


def kept(folder: RunFolder) -> dict[int, bytes]:
    files = sorted((folder.path / "epochs").glob("*.safetensors"))
    return {int(file.stem.split("-")[1]): file.read_bytes() for file in files}


def fill(album: Album, folder: RunFolder, epochs: range, size: int = 100) -> None:
    for epoch in epochs:
        content = bytes([epoch]) * size
        folder.last.unlink(missing_ok=True)
        folder.last.write_bytes(content)
        album.keep(epoch, content)


def test_every_epoch_is_kept_with_its_own_weights(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    fill(Album(folder, 1000), folder, range(5))
    assert kept(folder) == {epoch: bytes([epoch]) * 100 for epoch in range(5)}


def test_a_long_run_keeps_every_second_then_every_fourth(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    fill(Album(folder, 400), folder, range(10))
    assert list(kept(folder)) == [0, 4, 8]
    assert sum(len(content) for content in kept(folder).values()) <= 400


@pytest.mark.parametrize("limit", [0, 99])
def test_weights_larger_than_the_limit_are_not_kept(tmp_path: Path, limit: int) -> None:
    folder = RunFolder(tmp_path)
    fill(Album(folder, limit), folder, range(3))
    assert kept(folder) == {}


def test_where_a_file_cannot_have_two_names_it_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "not permitted")

    monkeypatch.setattr("os.link", refuse)
    folder = RunFolder(tmp_path)
    fill(Album(folder, 1000), folder, range(2))
    assert kept(folder) == {0: bytes(100), 1: bytes([1]) * 100}
