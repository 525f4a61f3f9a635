"""The data sets as arrays: the shipped one, and folders that are damaged."""

import gzip
import hashlib
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fmstudio import paths
from fmstudio.data import library
from fmstudio.data.library import fingerprint, load_images, quick_samples, watched_samples
from fmstudio.errors import UserError

FILES = {
    "train-images-idx3-ubyte.gz": np.arange(6 * 784).reshape(6, 28, 28).astype("u1"),
    "train-labels-idx1-ubyte.gz": np.array([0, 1, 2, 0, 1, 2], "u1"),
    "t10k-images-idx3-ubyte.gz": np.arange(3 * 784).reshape(3, 28, 28).astype("u1"),
    "t10k-labels-idx1-ubyte.gz": np.array([2, 1, 0], "u1"),
}


def packed(array: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    kind = {"u1": 8, "i4": 12}[array.dtype.str[1:]]
    return gzip.compress(
        bytes([0, 0, kind, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()
    )


def write_set(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    facts = {name: {"sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()}
    text = {"kind": "fashion-mnist", "title": "Tiny", "classes": ["A", "B", "C"], "short_classes": list("abc")}
    (folder / "manifest.json").write_text(json.dumps({**text, "files": facts}), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny set in the place of the shipped one."""
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path)
    write_set(tmp_path, {name: packed(array) for name, array in FILES.items()})
    return tmp_path


def refusal() -> UserError:
    with pytest.raises(UserError) as caught:
        load_images("fashion-mnist")
    assert "install fmstudio again" in caught.value.hint
    return caught.value


def test_the_whole_of_fashion_mnist_is_there() -> None:
    data = load_images("fashion-mnist")
    assert (data.kind, data.title) == ("fashion-mnist", "Fashion-MNIST")
    assert (len(data.train), len(data.test)) == (60_000, 10_000)
    assert data.train.images.shape == (60_000, 28, 28)
    assert np.bincount(data.train.labels).tolist() == [6_000] * 10
    assert np.bincount(data.test.labels).tolist() == [1_000] * 10
    assert data.classes[6] == "Shirt"
    assert data.short_classes[0] == "T-shirt"
    assert data.classes[data.test.labels[0]] == "Ankle boot"
    assert data.test.samples.tolist() == list(range(10_000))


def test_the_arrays_cannot_be_changed() -> None:
    whole, some = load_images("fashion-mnist"), load_images("fashion-mnist", train_size=5, test_size=5)
    for pictures in (whole.train, whole.test, some.train, some.test):
        for array in (pictures.images, pictures.labels, pictures.samples):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


def test_some_pictures_keep_their_place_in_the_whole_split() -> None:
    whole = load_images("fashion-mnist")
    some = load_images("fashion-mnist", train_size=1000, test_size=100, seed=3)
    assert (len(some.train), len(some.test)) == (1000, 100)
    for part, of in ((some.train, whole.train), (some.test, whole.test)):
        np.testing.assert_array_equal(part.images, of.images[part.samples])
        np.testing.assert_array_equal(part.labels, of.labels[part.samples])
    other = load_images("fashion-mnist", train_size=1000, test_size=100, seed=4)
    assert not np.array_equal(other.train.samples, some.train.samples)
    assert np.array_equal(other.test.samples, some.test.samples)  # whatever the seed
    drawn = load_images("fashion-mnist", test_size=100, test_seed=4)
    assert not np.array_equal(drawn.test.samples, some.test.samples)


def test_a_size_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match=r"60,001 of 60,000"):
        load_images("fashion-mnist", train_size=60_001)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"cifar-11.*fashion-mnist"):
        load_images("cifar-11")
    with pytest.raises(UserError, match="cifar-11"):
        fingerprint("cifar-11")


def test_two_threads_that_ask_at_once_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    inside, go_on = threading.Event(), threading.Event()
    real = library.read_idx

    def slow(path: Path, *, dimensions: int) -> np.ndarray:
        reads.append(path)
        inside.set()
        assert go_on.wait(10)
        return real(path, dimensions=dimensions)

    monkeypatch.setattr(library, "read_idx", slow)
    found: list[library.ImageData] = []
    threads = [threading.Thread(target=lambda: found.append(load_images("fashion-mnist"))) for _ in range(2)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(reads) == len(set(reads)) == 4
    assert found[0].train is found[1].train


def test_files_that_are_not_packed_do_as_well(folder: Path) -> None:
    for path in folder.glob("*.gz"):
        path.unlink()
    write_set(folder, {name.removesuffix(".gz"): gzip.decompress(packed(array)) for name, array in FILES.items()})
    assert len(load_images("fashion-mnist").train) == 6


def test_a_missing_file_is_named_and_found_after_it_was_put_back(folder: Path) -> None:
    path = folder / "t10k-labels-idx1-ubyte.gz"
    path.rename(folder / "away")
    error = refusal()
    assert str(path) in error.message
    assert "missing" in error.message
    (folder / "away").rename(path)
    assert load_images("fashion-mnist").test.labels.tolist() == [2, 1, 0]


def test_a_missing_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / "nowhere")
    assert "nowhere" in refusal().message
    with pytest.raises(UserError, match="nowhere"):
        fingerprint("fashion-mnist")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"files": []}', '{"files": {"a": 1}}', "\udc80"])
def test_a_damaged_manifest_is_named(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "manifest.json is damaged" in refusal().message


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("train-labels-idx1-ubyte.gz", np.zeros(5, "u1"), "expected 6, found 5"),
        ("train-labels-idx1-ubyte.gz", np.array([0, 1, 2, 3, 0, 0], "u1"), "expected labels 0…2, found 3"),
        ("train-labels-idx1-ubyte.gz", np.zeros(6, "i4"), "expected uint8, found int32"),
        ("train-images-idx3-ubyte.gz", np.zeros((6, 28, 28), "i4"), "expected uint8, found int32"),
        ("t10k-images-idx3-ubyte.gz", np.zeros((3, 28, 27), "u1"), "expected 28 × 28, found 28 × 27"),
        ("t10k-images-idx3-ubyte.gz", np.zeros(3, "u1"), "expected 3, found 1"),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused(folder: Path, name: str, array: np.ndarray, words: str) -> None:
    write_set(folder, {**{name: packed(array) for name, array in FILES.items()}, name: packed(array)})
    error = refusal()
    assert str(folder / name) in error.message
    assert words in error.message


def test_no_pictures_are_refused(folder: Path) -> None:
    empty = {"t10k-images-idx3-ubyte.gz": np.zeros((0, 28, 28), "u1"), "t10k-labels-idx1-ubyte.gz": np.zeros(0, "u1")}
    write_set(folder, {name: packed(array) for name, array in {**FILES, **empty}.items()})
    assert "expected pictures, found none" in refusal().message


def test_another_file_of_the_right_form_is_told_by_its_hash(folder: Path) -> None:
    path = folder / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(packed(np.array([0, 1, 2], "u1")))
    error = refusal()
    assert str(path) in error.message
    assert "SHA-256" in error.message


def test_the_fingerprint_is_of_the_bytes_on_the_disk(folder: Path) -> None:
    before = fingerprint("fashion-mnist")
    assert len(before) == 64
    assert fingerprint("fashion-mnist") == before
    shutil.copy(folder / "t10k-labels-idx1-ubyte.gz", folder / "train-labels-idx1-ubyte.gz")
    assert fingerprint("fashion-mnist") != before


def test_the_watched_pictures_are_six_of_each_class_and_mixed() -> None:
    labels = load_images("fashion-mnist").test.labels
    rows = watched_samples(labels)
    assert np.bincount(labels[rows]).tolist() == [6] * 10
    assert len(set(rows.tolist())) == 60
    assert sorted(rows[labels[rows] == 6].tolist()) == np.flatnonzero(labels == 6)[:6].tolist()
    assert len(set(labels[rows][:10].tolist())) >= 5
    assert np.array_equal(rows, watched_samples(labels))


def test_few_pictures_are_all_watched() -> None:
    labels = np.array([1, 1, 1, 0, 2], np.int64)
    assert sorted(watched_samples(labels, per_class=2, classes=4).tolist()) == [0, 1, 3, 4]
    assert len(watched_samples(np.empty(0, np.int64))) == 0


@pytest.mark.parametrize("sort", [lambda labels: labels, np.sort], ids=["mixed", "class after class"])
def test_quick_checks_are_balanced(sort: Callable[[np.ndarray], np.ndarray]) -> None:
    labels = sort(load_images("fashion-mnist").test.labels)
    rows = quick_samples(labels)
    assert np.bincount(labels[rows]).tolist() == [100] * 10
    assert (np.diff(rows) > 0).all()
    assert np.array_equal(rows, quick_samples(labels))
    assert np.flatnonzero(labels == 0).tolist().index(rows[labels[rows] == 0][-1]) > 800  # not the first of each class


def test_quick_checks_are_as_balanced_as_the_pictures_allow() -> None:
    labels = np.repeat(np.array([0, 1, 2], np.int64), [50, 3, 50])
    assert np.bincount(labels[quick_samples(labels, 23)]).tolist() == [10, 3, 10]
    assert len(quick_samples(labels, 1000)) == 103
