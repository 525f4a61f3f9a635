"""The IDX reader: every type, and every way in which a file can lie."""

import gzip
import os
import struct
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from fmstudio import paths
from fmstudio.data.idx import read_idx
from fmstudio.errors import UserError

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array: np.ndarray, code: int | None = None, sizes: tuple[int, ...] | None = None) -> bytes:
    """A file as the format wants it, or with another type or other sizes in its head."""
    sizes = array.shape if sizes is None else sizes
    code = CODES[array.dtype.str[1:]] if code is None else code
    head = bytes([0, 0, code, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write(folder: Path, content: bytes, name: str = "numbers-idx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path, **arguments: int) -> UserError:
    """The error that reading the file gives; it always names the file and says what to do."""
    with pytest.raises(UserError) as caught:
        read_idx(path, **arguments)
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("packed", [False, True])
def test_every_type_comes_back_in_the_machines_byte_order(tmp_path: Path, kind: str, packed: bool) -> None:
    array = np.arange(-12, 12).reshape(2, 3, 4).astype(kind)
    content = idx_bytes(array)
    found = read_idx(write(tmp_path, gzip.compress(content) if packed else content))
    assert found.dtype == np.dtype(kind)
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, array)


def test_packed_is_told_from_the_content_and_not_from_the_name(tmp_path: Path) -> None:
    array = np.arange(5, dtype="u1")
    np.testing.assert_array_equal(read_idx(write(tmp_path, gzip.compress(idx_bytes(array)), "no-suffix")), array)
    np.testing.assert_array_equal(read_idx(write(tmp_path, idx_bytes(array), "plain.gz")), array)


def test_several_packed_parts_are_one_file(tmp_path: Path) -> None:
    content = idx_bytes(np.arange(9, dtype="u1"))
    path = write(tmp_path, gzip.compress(content[:7]) + gzip.compress(content[7:]))
    assert read_idx(path).tolist() == list(range(9))


def test_no_pictures_at_all_is_a_valid_file(tmp_path: Path) -> None:
    assert read_idx(write(tmp_path, idx_bytes(np.empty((0, 28, 28), "i4")))).shape == (0, 28, 28)


def test_the_shipped_pictures_are_the_published_ones_and_are_read_fast() -> None:
    path = paths.resource("datasets/fashion-mnist/train-images-idx3-ubyte.gz")
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        images = read_idx(path, dimensions=3)
        best = min(best, time.perf_counter() - begin)
    assert images.shape == (60000, 28, 28)
    assert images.dtype == np.uint8
    assert round(float(images.mean()) / 255, 4) == 0.2860  # the published mean of the training pictures
    assert best < 5  # usually 0.2 s: catches only what reads number by number


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("missing", [1, 5, 24])
def test_a_file_that_is_cut_short_says_how_much_is_there(tmp_path: Path, packed: bool, missing: int) -> None:
    content = idx_bytes(np.arange(24, dtype="u1").reshape(2, 3, 4))[:-missing]
    error = refusal(write(tmp_path, gzip.compress(content) if packed else content))
    assert "cut short" in error.message
    assert "2 × 3 × 4" in error.message
    assert "expected 24 bytes" in error.message
    assert f"found {24 - missing}." in error.message


@pytest.mark.parametrize("packed", [False, True])
def test_one_byte_too_many_is_refused(tmp_path: Path, packed: bool) -> None:
    content = idx_bytes(np.arange(24, dtype="u1")) + b"\0"
    error = refusal(write(tmp_path, gzip.compress(content) if packed else content))
    assert "too long: expected 24 bytes" in error.message


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\0\x08"])
def test_a_file_without_a_whole_head_is_no_idx_file(tmp_path: Path, content: bytes) -> None:
    error = refusal(write(tmp_path, content))
    assert "not an IDX file" in error.message
    assert f"found {content.hex(' ').upper() or 'nothing'}." in error.message


@pytest.mark.parametrize("first", [b"\x89PNG", b"\0\1\x08\1", b"\0\0\x0a\1", b"\0\0\x07\1", b"<htm"])
def test_other_kinds_of_files_are_told_by_their_first_bytes(tmp_path: Path, first: bytes) -> None:
    error = refusal(write(tmp_path, first + struct.pack(">I", 4) + b"1234"))
    assert "not an IDX file" in error.message
    assert first.hex(" ").upper() in error.message


def test_sizes_that_are_cut_short_are_refused(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, b"\0\0\x08\3" + struct.pack(">I", 10) + b"\0"))
    assert "expected 12 bytes of sizes, found 5" in error.message


@pytest.mark.parametrize("count", [0, 9, 255])
def test_an_impossible_number_of_dimensions_is_refused(tmp_path: Path, count: int) -> None:
    error = refusal(write(tmp_path, bytes([0, 0, 8, count]) + b"\0\0\0\1" * count + b"\7"))
    assert f"expected 1…8, found {count}" in error.message


def test_labels_where_pictures_are_wanted_are_refused(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, idx_bytes(np.zeros(4, "u1"))), dimensions=3)
    assert "expected 3, found 1" in error.message


@pytest.mark.parametrize("packed", [False, True])
def test_announced_sizes_are_checked_before_anything_is_allocated(tmp_path: Path, packed: bool) -> None:
    content = idx_bytes(np.zeros(10, "u1"), sizes=(2**32 - 1, 2**32 - 1, 2**32 - 1))
    path = write(tmp_path, gzip.compress(content) if packed else content)
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert f"announces {(2**32 - 1) ** 3:,} bytes; expected 2,147,483,648 at most" in error.message
    assert peak < 2**20


def test_sizes_hidden_behind_a_zero_are_checked_too(tmp_path: Path) -> None:
    assert "announces" in refusal(write(tmp_path, idx_bytes(np.zeros(0, "u1"), sizes=(0, 2**31, 2**31)))).message


def test_the_cap_is_counted_in_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, idx_bytes(np.zeros(10, "f8")))
    assert len(read_idx(path, cap=80)) == 10
    assert "announces 80 bytes; expected 79 at most" in refusal(path, cap=79).message


def test_a_small_file_that_announces_much_takes_little_memory(tmp_path: Path) -> None:
    path = write(tmp_path, idx_bytes(np.zeros(10, "u1"), sizes=(2**30,)))
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "found 10." in error.message
    assert peak < 4 * 2**20


def test_a_bomb_never_expands_past_what_it_announces(tmp_path: Path) -> None:
    content = idx_bytes(np.zeros(100, "u1")) + bytes(256 * 2**20)
    path = write(tmp_path, gzip.compress(content))
    del content
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "too long" in error.message
    assert peak < 4 * 2**20


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-9],
        lambda packed: packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:],
        lambda packed: packed[:20] + bytes([packed[20] ^ 255]) + packed[21:],
        lambda packed: packed[:5],
        lambda packed: packed + b"more",
    ],
    ids=["cut", "checksum", "body", "head", "something after it"],
)
def test_damaged_packing_is_refused(tmp_path: Path, damage: object) -> None:
    packed = gzip.compress(idx_bytes(np.random.default_rng(0).integers(0, 256, 3000).astype("u1")))
    error = refusal(write(tmp_path, damage(packed)))  # type: ignore[operator]
    assert "damaged" in error.message or "cut short" in error.message


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert "is missing" in refusal(tmp_path / "nothing").message
    assert "is a folder" in refusal(tmp_path).message
    assert "cannot be read" in refusal(write(tmp_path, b"x") / "below a file").message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert "is a device" in refusal(path).message


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (PermissionError(13, "Permission denied"), "may not be read"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_what_the_system_refuses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: OSError, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise failure

    path = write(tmp_path, b"")
    monkeypatch.setattr(Path, "open", refuse)
    assert words in refusal(path).message
