import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmstudio.data.library import PictureSet
from fmstudio.errors import UserError
from fmstudio.export.figures import FigureFacts, read_facts
from fmstudio.export.picture_rows import COLUMNS, PictureRows
from fmstudio.export.pictures import write_pictures
from fmstudio.training.events import Predictions

CLASSES = ("T-shirt/top", "Hose, lang", "衬衫")
RANDOM = np.random.default_rng(0)
PICTURES = PictureSet(
    RANDOM.integers(0, 256, (4, 28, 28), dtype=np.uint8), np.array([0, 1, 2, 0]), np.array([3, 7, 9, 12])
)
ANSWERS = Predictions(
    samples=np.array([7, 12]),
    labels=np.array([1, 0]),
    predicted=np.array([1, 2]),
    loss=np.array([0.25, 1.5], np.float32),
    probabilities=np.array([[0.125, 0.75, 0.125], [0.25, 0.25, 0.5]], np.float16),
)
SHOWN = PictureRows("test", CLASSES, PICTURES, np.array([3, 1]), ANSWERS, np.array([1, 0]))


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "pictures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_new_folder_holds_the_table_and_the_very_pixels(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pictures"
    assert write_pictures(folder, SHOWN) == folder
    assert names(folder) == {"pictures.csv", "test-00007.png", "test-00012.png"}
    assert names(folder.parent) == {"pictures"}
    first, second = table(folder)
    assert tuple(first) == COLUMNS
    assert first == {
        "split": "test", "index": "12", "file": "test-00012.png", "true": "0", "true_name": "T-shirt/top",
        "predicted": "2", "predicted_name": "衬衫", "confidence": "0.5", "loss": "1.5", "correct": "false",
    }  # fmt: skip
    assert (second["true_name"], second["confidence"], second["correct"]) == ("Hose, lang", "0.75", "true")
    with Image.open(folder / "test-00012.png") as image:
        assert np.array_equal(np.asarray(image), PICTURES.images[3])


def test_every_picture_knows_the_run_that_was_asked(tmp_path: Path) -> None:
    facts = FigureFacts(run="20260101-first-look", seed=3, figures={"test_accuracy": 0.5})
    write_pictures(tmp_path / "x", SHOWN, facts=facts)
    for name in ("test-00007.png", "test-00012.png"):
        assert read_facts(tmp_path / "x" / name) == facts
    with Image.open(tmp_path / "x" / "test-00012.png") as image:
        assert np.array_equal(np.asarray(image), PICTURES.images[3])


def test_coloured_pictures_and_no_answers(tmp_path: Path) -> None:
    colour = PictureSet(RANDOM.integers(0, 256, (2, 5, 6, 3), dtype=np.uint8), np.array([0, 1]), np.array([0, 1]))
    write_pictures(tmp_path / "x", PictureRows("train", CLASSES, colour, np.array([1]), None, np.array([1])))
    (line,) = table(tmp_path / "x")
    assert (line["file"], line["predicted"], line["confidence"], line["correct"]) == ("train-00001.png", "", "", "")
    with Image.open(tmp_path / "x" / "train-00001.png") as image:
        assert np.array_equal(np.asarray(image), colour.images[1])


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_pictures(tmp_path, SHOWN)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert len(table(tmp_path)) == 2


@pytest.mark.parametrize("name", ["pictures.csv", "test-00007.png"])
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="exported pictures in it already") as refused:
        write_pictures(tmp_path, SHOWN)
    assert name in refused.value.message
    assert refused.value.hint
    assert names(tmp_path) == {name}
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_a_folder_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="is a file"):
        write_pictures(file, SHOWN)
    with pytest.raises(UserError, match="cannot be written"):
        write_pictures(file / "inside", SHOWN)
    assert names(tmp_path) == {"file"}


def test_no_pictures_are_no_folder(tmp_path: Path) -> None:
    nothing = PictureRows("test", CLASSES, PICTURES, np.empty(0, np.int64), None, np.empty(0, np.int64))
    with pytest.raises(UserError, match="no pictures"):
        write_pictures(tmp_path / "x", nothing)
    assert names(tmp_path) == set()


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(UserError, match="No space left"):
        write_pictures(tmp_path / "x", SHOWN)
    assert names(tmp_path) == set()


def test_a_stopped_export_leaves_nothing(tmp_path: Path) -> None:
    answers = iter([False, True])
    with pytest.raises(UserError, match="stopped"):
        write_pictures(tmp_path / "x", SHOWN, lambda: next(answers))
    assert names(tmp_path) == set()


def test_a_class_of_ones_own_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    own = PictureRows("test", ('=HYPERLINK("x")', "-boots", "+coat"), PICTURES, np.array([3, 1]), ANSWERS, SHOWN.rows)
    write_pictures(tmp_path / "x", own)
    first, second = table(tmp_path / "x")
    assert (first["true_name"], first["predicted_name"]) == ('\'=HYPERLINK("x")', "'+coat")
    assert second["true_name"] == "'-boots"
