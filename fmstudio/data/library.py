"""The data sets that the program knows, as arrays: read once, checked, and never changed."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmstudio import paths
from fmstudio.data.idx import read_idx
from fmstudio.data.splits import Ints, take
from fmstudio.errors import UserError
from fmstudio.words import tr

FOLDERS: Mapping[str, str] = {"fashion-mnist": "datasets/fashion-mnist"}
"""Where each set that ships with the program lies under ``resources/``."""

_PIXELS = (28, 28)
_whole_sets: dict[Path, "ImageData"] = {}
_reading = threading.Lock()


@dataclass(frozen=True, eq=False)
class PictureSet:
    """The pictures of one split, or some of them.

    Attributes:
        images: Pixels 0…255, read-only, shape (n, height, width) or (n, height, width, channels).
        labels: Class of each, shape (n,).
        samples: Index of each in the whole split, shape (n,).
    """

    images: NDArray[np.uint8]
    labels: Ints
    samples: Ints

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class ImageData:
    """A data set of labelled pictures.

    Attributes:
        kind: Its name in a spec.
        title: Its name for readers.
        classes: Names of the classes, English: shown through ``tr``.
        short_classes: The same, short enough for a caption.
        train: The pictures to learn from.
        test: The pictures to test with.
    """

    kind: str
    title: str
    classes: tuple[str, ...]
    short_classes: tuple[str, ...]
    train: PictureSet
    test: PictureSet


def load_images(kind: str, *, train_size: int = 0, test_size: int = 0, seed: int = 0, test_seed: int = 0) -> ImageData:
    """A data set by its kind; its files are read at the first call only, from whichever thread.

    Args:
        kind: One of ``FOLDERS``.
        train_size: How many training pictures to take, the first of a seeded shuffle; 0 takes all.
        test_size: The same of the test pictures.
        seed: Decides which training pictures are taken.
        test_seed: Decides which test pictures are taken.

    Raises:
        UserError: For a kind that is not known, a size that is not there, or files that are missing or damaged.
    """
    whole = _whole(_folder(kind))
    train, test = _some(whole.train, train_size, seed), _some(whole.test, test_size, test_seed)
    return ImageData(whole.kind, whole.title, whole.classes, whole.short_classes, train, test)


def fingerprint(kind: str) -> str:
    """SHA-256 over the names and the SHA-256 of the set's files as they lie on the disk, 64 hexadecimal digits."""
    folder = _folder(kind)
    hashes = {name: _sha256(folder / name) for name in sorted(_read_manifest(folder).files)}
    return hashlib.sha256("".join(f"{hashes[name]}  {name}\n" for name in hashes).encode()).hexdigest()


def watched_samples(labels: Ints, per_class: int = 6, classes: int = 10) -> Ints:
    """The rows whose pictures are watched while a network learns: the first few of each class, mixed.

    Always the same for the same labels. A class with fewer pictures gives all that it has.

    Args:
        labels: Class of each picture, shape (n,).
        per_class: How many of each class.
        classes: How many classes there are.

    Returns:
        Row numbers in the order in which the wall shows them, shape (at most per_class × classes,).
    """
    rounds = _rounds(labels)
    first = np.concatenate([rounds[labels[rounds] == label][:per_class] for label in range(classes)])
    return first[np.random.default_rng(0).permutation(len(first))]


def quick_samples(labels: Ints, count: int = 1000) -> Ints:
    """The rows of the quick checks: always the same, of each class as many as of every other where there are enough.

    Args:
        labels: Class of each picture, shape (n,).
        count: How many; fewer where there are fewer.

    Returns:
        Row numbers, ascending, shape (at most count,).
    """
    shuffled = np.random.default_rng(0).permutation(len(labels))
    return np.sort(shuffled[_rounds(labels[shuffled])[:count]])


def _rounds(labels: Ints) -> Ints:
    """All rows in rounds: the first of each class, then the second of each, and so on."""
    by_class = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[by_class], labels[by_class])
    place = np.empty(len(labels), np.int64)
    place[by_class] = np.arange(len(labels)) - starts
    return np.lexsort((labels, place)).astype(np.int64, copy=False)


@dataclass(frozen=True)
class _Manifest:
    """What stands beside the files: names, and the SHA-256 of each file."""

    kind: str
    title: str
    classes: tuple[str, ...]
    short_classes: tuple[str, ...]
    files: Mapping[str, str]


def _folder(kind: str) -> Path:
    if kind not in FOLDERS:
        known = ", ".join(FOLDERS)
        raise UserError(tr("There is no data set “{kind}”.", kind=kind), tr("Choose one of: {known}.", known=known))
    return paths.resource(FOLDERS[kind])


def _whole(folder: Path) -> ImageData:
    """The set in a folder, from memory after the first time; two threads that ask at once read it once."""
    with _reading:
        if folder not in _whole_sets:
            _whole_sets[folder] = _read(folder)
        return _whole_sets[folder]


def _read(folder: Path) -> ImageData:
    manifest = _read_manifest(folder)
    try:
        train, test = (_read_split(folder, manifest, part) for part in ("train", "t10k"))
        for name, expected in manifest.files.items():
            _check_hash(folder / name, expected)
    except UserError as error:
        raise UserError(error.message, _install_again()) from error
    return ImageData(manifest.kind, manifest.title, manifest.classes, manifest.short_classes, train, test)


def _read_manifest(folder: Path) -> _Manifest:
    path = folder / "manifest.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): str(facts["sha256"]) for name, facts in found["files"].items()}
        names, short = tuple(map(str, found["classes"])), tuple(map(str, found["short_classes"]))
        manifest = _Manifest(str(found["kind"]), str(found["title"]), names, short, files)
    except OSError as error:
        text = tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror)
        raise UserError(text, _install_again()) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        text = tr("{file} is damaged: expected the data set's description, found something else.", file=path)
        raise UserError(text, _install_again()) from error
    return manifest


def _read_split(folder: Path, manifest: _Manifest, part: str) -> PictureSet:
    """Images and labels of one part, which must fit each other."""
    image_path = _find(folder, manifest, f"{part}-images-idx3-ubyte")
    label_path = _find(folder, manifest, f"{part}-labels-idx1-ubyte")
    images, labels = read_idx(image_path, dimensions=3), read_idx(label_path, dimensions=1)
    _check(image_path, images.dtype == np.uint8, "uint8", images.dtype)
    _check(label_path, labels.dtype == np.uint8, "uint8", labels.dtype)
    _check(image_path, images.shape[1:] == _PIXELS, _times(_PIXELS), _times(images.shape[1:]))
    _check(label_path, len(labels) == len(images), f"{len(images):,}", f"{len(labels):,}")
    _check(image_path, len(images) > 0, tr("pictures"), tr("none"))
    most = len(manifest.classes) - 1
    _check(label_path, int(labels.max()) <= most, tr("labels 0…{most}", most=most), int(labels.max()))
    return _frozen(images.astype(np.uint8, copy=False), labels.astype(np.int64), np.arange(len(labels)))


def _find(folder: Path, manifest: _Manifest, name: str) -> Path:
    """A file of the set under its usual name, packed or not."""
    return folder / next((known for known in manifest.files if known in (name, f"{name}.gz")), name)


def _check(path: Path, fits: bool, expected: object, found: object) -> None:
    if not fits:
        text = tr("{file} does not fit: expected {expected}, found {found}.", file=path, expected=expected, found=found)
        raise UserError(text)


def _check_hash(path: Path, expected: str) -> None:
    found = _sha256(path)
    _check(path, found == expected, f"SHA-256 {expected[:12]}…", f"{found[:12]}…")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        text = tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror)
        raise UserError(text, _install_again()) from error


def _some(pictures: PictureSet, size: int, seed: int) -> PictureSet:
    if size == 0:
        return pictures
    rows = take(len(pictures), size, seed)
    return _frozen(pictures.images[rows], pictures.labels[rows], pictures.samples[rows])


def _frozen(images: NDArray[np.uint8], labels: Ints, samples: Ints) -> PictureSet:
    for array in (images, labels, samples):
        array.flags.writeable = False
    return PictureSet(images, labels, samples)


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(str(length) for length in shape)


def _install_again() -> str:
    return tr("This file ships with the program: install fmstudio again.")
