"""The answers of a cross-validation on the disk: read back exactly, and only for their own spec."""

from pathlib import Path

import numpy as np
import pytest

from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.runs.held_out import HeldOut
from fmstudio.training.events import Predictions


def answers(samples: list[int]) -> Predictions:
    n = len(samples)
    generator = np.random.default_rng(n)
    return Predictions(
        samples=np.array(samples), labels=generator.integers(0, 10, n), predicted=generator.integers(0, 10, n),
        loss=generator.random(n).astype(np.float32), probabilities=generator.random((n, 10)).astype(np.float16),
    )  # fmt: skip


def kept(folder: Path, folds: int = 2, **spec: object) -> HeldOut:
    return HeldOut(folder / "labels", read_spec(spec), folds)


def test_all_folds_together_are_read_back_in_the_order_of_the_pictures(tmp_path: Path) -> None:
    held_out = kept(tmp_path)
    first, second = answers([1, 5, 7]), answers([0, 6])
    held_out.write(0, first)
    assert held_out.whole() is None
    held_out.write(1, second)
    whole = kept(tmp_path).whole()
    assert whole is not None
    assert whole.samples.tolist() == [0, 1, 5, 6, 7]
    np.testing.assert_array_equal(whole.probabilities[[1, 2, 4]], first.probabilities)
    np.testing.assert_array_equal(whole.loss[[0, 3]], second.loss)


@pytest.mark.parametrize(
    "change",
    [{"epochs": 3}, {"dataset": {"train_size": 500}}, {"dataset": {"corrections": [["train", 1, 2]]}}, {"seed": 1}],
    ids=str,
)
def test_a_changed_spec_does_not_reuse_them(tmp_path: Path, change: dict[str, object]) -> None:
    kept(tmp_path).write(0, answers([1, 2]))
    assert kept(tmp_path).read(0) is not None
    assert kept(tmp_path, **change).read(0) is None
    assert kept(tmp_path, folds=3).read(0) is None


def test_another_name_changes_nothing(tmp_path: Path) -> None:
    kept(tmp_path).write(0, answers([1, 2]))
    assert kept(tmp_path, name="Night run").read(0) is not None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", b"\x93NUMPY"])
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    held_out = kept(tmp_path)
    held_out.write(0, answers([1]))
    whole = held_out.path(0).read_bytes()
    for damaged in (content, whole[: len(whole) // 2], whole[:-1]):
        held_out.path(0).write_bytes(damaged)
        assert held_out.read(0) is None


def test_where_it_cannot_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        kept(tmp_path).write(0, answers([1]))
