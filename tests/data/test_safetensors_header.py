"""The head of a file of weights, also of one that a stranger wrote to do harm."""

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from fmstudio.data.safetensors_header import TensorFacts, read_header, shown_name
from fmstudio.errors import UserError

ONE: dict[str, Any] = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def written(path: Path, header: object, data: bytes = bytes(8), length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + data)
    return path


def test_names_shapes_and_kinds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    arrays = {"0.weight": np.zeros((3, 2), np.float32), "0.count": np.array(4, np.int64)}
    path.write_bytes(save(arrays, {"spec": "{}"}))
    header = read_header(path)
    assert dict(header.tensors) == {"0.weight": TensorFacts((3, 2), "F32"), "0.count": TensorFacts((), "I64")}
    assert header.metadata == {"spec": "{}"}


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"a": {**ONE, "data_offsets": [-8, 0]}}, "cannot be"),
        ({"a": {**ONE, "data_offsets": [8, 0]}}, "not as large"),
        ({"a": {**ONE, "shape": [2**47, 2**47]}}, "not as large"),
        ({"a": {**ONE, "shape": [-2]}}, "cannot be"),
        ({"a": {**ONE, "shape": [True, 2]}}, "cannot be"),
        ({"a": {**ONE, "shape": [1] * 100}}, "cannot be"),
        ({"a": {**ONE, "shape": "x"}}, "cannot be"),
        ({"a": {**ONE, "dtype": "PICKLE"}}, "unknown kind"),
        ({"a": ONE, "b": ONE}, "overlap"),
        ({"a": {**ONE, "shape": [1], "data_offsets": [4, 8]}}, "overlap"),
        ({"a": {**ONE, "shape": [4], "data_offsets": [0, 16]}}, "cut off"),
        ({"a": {**ONE, "shape": [1], "data_offsets": [0, 4]}}, "more behind"),
        ({"../../evil": ONE}, "a name"),
        ({"a\x1b[31m": ONE}, "a name"),
        ({"a" * 1000: ONE}, "a name"),
        ({"": ONE}, "a name"),
        ({"a": 3}, "does not say"),
        ({}, "no weights"),
        ({"__metadata__": {"x": "y"}}, "no weights"),
        ({"__metadata__": {"x": [1]}, "a": ONE}, "list of tensors"),
        ([1, 2], "list of tensors"),
        (b"not json at all", "list of tensors"),
        (b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "list of tensors"),
        (b'{"a": {}, "a": {}}', "list of tensors"),
        (b'{"a": {"dtype": "F32", "shape": [' + b"9" * 5000 + b"]}}", "list of tensors"),
        (b"\xff\xfe{}", "list of tensors"),
    ],
)
def test_a_head_that_lies_is_refused_with_a_sentence(tmp_path: Path, header: object, reason: str) -> None:
    with pytest.raises(UserError) as caught:
        read_header(written(tmp_path / "w.safetensors", header))
    assert reason in caught.value.message
    assert caught.value.hint
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(("length", "reason"), [(2**63, "larger than"), (1000, "larger than"), (0, "size of")])
def test_a_head_of_an_impossible_size_is_refused(tmp_path: Path, length: int, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_header(written(tmp_path / "w.safetensors", {"a": ONE}, length=length))


def test_a_head_beyond_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fmstudio.data.safetensors_header.MOST_HEADER", 10)
    with pytest.raises(UserError, match="size of its head"):
        read_header(written(tmp_path / "w.safetensors", {"a": ONE}))


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch executed",)


@pytest.mark.parametrize("content", [b"", b"abc", pickle.dumps(Evil()), bytes(100)])
def test_what_is_something_else_is_refused(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.safetensors").write_bytes(content)
    with pytest.raises(UserError):
        read_header(tmp_path / "w.safetensors")
    assert not (tmp_path / "executed").exists()


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.safetensors")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "pipe.safetensors"):
        with pytest.raises(UserError):
            read_header(path)


def test_a_name_is_shown_on_one_line_and_not_too_long() -> None:
    assert shown_name(Path("a\nb\x1b\u202ec.png")) == "a?b??c.png"
    assert len(shown_name(Path("x" * 200))) < 80
