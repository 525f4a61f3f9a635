"""What runs were computed with, read from folders that may hold anything."""

import json
from pathlib import Path

import pytest

from fmstudio.insight.environments import environment_title, read_environment


def write(folder: Path, values: object) -> Path:
    (folder / "environment.json").write_text(json.dumps(values), encoding="utf-8")
    return folder


def test_versions_device_threads_and_data_are_read(tmp_path: Path) -> None:
    found = read_environment(write(tmp_path, {
        "device": "cpu", "threads": 4, "versions": {"torch": "2.6.0"}, "data": {"mnist": "ab" * 32}, "spec": "cd" * 32,
    }))  # fmt: skip
    assert found == {"device": "cpu", "threads": "4", "versions.torch": "2.6.0", "data": "ab" * 6}
    assert environment_title("versions.torch") == "PyTorch"


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, '{"device": {"a": 1}, "threads": [], "data": 3.5e}'])
def test_a_broken_file_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "environment.json").write_text(content, encoding="utf-8")
    assert read_environment(tmp_path) == {}


def test_control_characters_become_spaces_and_long_texts_are_cut(tmp_path: Path) -> None:
    found = read_environment(write(tmp_path, {"device": "c\x1b[31mpu\n", "python": "3" * 999, "data": ["x"]}))
    assert found["device"] == "c [31mpu"
    assert len(found["python"]) == 200
    assert "data" not in found


def test_a_file_of_unreasonable_size_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "environment.json").write_text('{"device": "cpu", "x": "' + "y" * 1_000_001 + '"}', encoding="utf-8")
    assert read_environment(tmp_path) == {}
    assert read_environment(tmp_path / "nowhere") == {}
