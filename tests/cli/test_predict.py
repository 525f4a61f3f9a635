"""``fmstudio predict`` with pictures as people have them: the same preparation as in the window."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from fmstudio.cli import app as cli
from fmstudio.data.library import load_images

SMALL = ["dataset.train_size=2000", "dataset.test_size=100", "architecture.kind=softmax-regression", "epochs=1"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run."""
    library = tmp_path_factory.mktemp("library")
    settings = [part for text in SMALL for part in ("--set", text)]
    result = run("train", "first-look", *settings, "--library", library, "--json")
    assert result.exit_code == 0, result.output
    return library / str(json.loads(result.stdout.splitlines()[0])["run"])


def predicted(folder: Path, *files: Path) -> list[dict[str, Any]]:
    result = run("predict", folder, *files, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    values: list[dict[str, Any]] = json.loads(result.stdout)
    return values


def test_a_photograph_on_white_gets_the_answer_of_the_picture_itself(folder: Path, tmp_path: Path) -> None:
    picture = load_images("fashion-mnist").test.images[1]
    large = np.pad(255 - np.kron(picture, np.ones((12, 12), np.uint8)), ((40, 90), (10, 70)), constant_values=255)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture).save(tmp_path / "itself.png")
    Image.fromarray(large).save(tmp_path / "photo.png")
    Image.fromarray(np.rot90(large)).save(tmp_path / "turned.png", exif=exif)
    Image.fromarray(large).save(tmp_path / "film.gif", save_all=True, append_images=[Image.new("L", (9, 9))])
    names = ("itself.png", "photo.png", "turned.png", "film.gif")
    itself, *others = predicted(folder, *(tmp_path / name for name in names))
    assert itself["prepared"] == ["the size fits already"]
    for one in others:
        expected = pytest.approx(list(itself["probabilities"].values()), abs=0.02)
        assert list(one["probabilities"].values()) == expected, one["image"]
        assert "light and dark exchanged" in one["prepared"]
    assert others[1]["prepared"][0] == "turned upright as the camera says"
    assert others[2]["prepared"][0] == "the first of its pictures"


def test_each_file_that_is_no_picture_is_a_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture")
    result = run("predict", folder, tmp_path / "empty.png", tmp_path / "notes.txt", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    first, second, third = result.stderr.splitlines()
    assert "empty.png is empty" in first
    assert "notes.txt is not a picture that can be read. PNG, JPEG" in second
    assert "is a folder, not a picture" in third
