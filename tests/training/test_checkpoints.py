"""Weights on the disk: safetensors, and a sentence for whatever else lies there."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from fmstudio.errors import UserError
from fmstudio.training.checkpoints import is_finite, load_weights, snapshot, weights_bytes


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    made = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
    return made.to(memory_format=torch.channels_last)


def test_what_is_written_is_read_back_bit_for_bit(tmp_path: Path) -> None:
    weights = snapshot(network())
    path = tmp_path / "weights.safetensors"
    path.write_bytes(weights_bytes(weights))
    found = load_weights(path)
    assert found.keys() == weights.keys()
    for name, value in weights.items():
        assert found[name].dtype == value.dtype
        assert torch.equal(found[name], value)


def test_a_snapshot_is_a_copy() -> None:
    made = network()
    kept = snapshot(made)
    with torch.no_grad():
        for value in made.state_dict().values():
            value.add_(1)
    assert not any(torch.equal(value, kept[name]) for name, value in made.state_dict().items())
    assert not any(value.requires_grad for value in kept.values())


@pytest.mark.parametrize(("value", "sound"), [(1.0, True), (float("nan"), False), (float("inf"), False)])
def test_weights_are_sound_or_not(value: float, sound: bool) -> None:
    assert is_finite({"a": torch.tensor([0.0, value]), "steps": torch.tensor(3)}) == sound


def cut_off(path: Path) -> None:
    path.write_bytes(weights_bytes(snapshot(network()))[:-10])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps({"weight": [1.0]}))


def torchs_own(path: Path) -> None:
    torch.save(snapshot(network()), path)


def huge_header(path: Path) -> None:
    path.write_bytes((2**62).to_bytes(8, "little") + b"{}")


@pytest.mark.parametrize("make", [cut_off, empty, pickled, torchs_own, huge_header, Path.mkdir])
def test_what_is_no_weights_is_said_with_its_name(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "weights.safetensors"
    make(path)
    with pytest.raises(UserError) as raised:
        load_weights(path)
    assert raised.value.message.startswith("weights.safetensors cannot be read as weights: ")
    assert raised.value.hint == "The file is damaged or of another kind. Train again."


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
            return (tmp_path / "boom").touch, ()

    path = tmp_path / "weights.safetensors"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(UserError):
        load_weights(path)
    assert not (tmp_path / "boom").exists()


def test_missing_weights_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"weights\.safetensors is missing"):
        load_weights(tmp_path / "weights.safetensors")
