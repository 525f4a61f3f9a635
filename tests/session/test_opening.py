"""What a path is, told by what is in it; what a stranger wrote to do harm is refused with a sentence."""

import io
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save

from fmstudio.experiment.lessons import FIRST
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export.figures import FigureFacts, stamped_png, stamped_svg
from fmstudio.paths import resource
from fmstudio.runs.store import RunFolder
from fmstudio.session import opening
from fmstudio.session.opened import (
    Figure,
    Figures,
    LessonFile,
    Pictures,
    RunFolders,
    Several,
    SpecFile,
    Unknown,
    WeightsFile,
)
from fmstudio.session.opening import what_are, what_is

SPEC = to_mapping(ExperimentSpec())
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


def png(facts: FigureFacts | None = None) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    return made.getvalue() if facts is None else stamped_png(made.getvalue(), facts)


def put(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def run_folder(path: Path) -> Path:
    put(path / "spec.json", json.dumps(SPEC))
    put(path / "events.jsonl", "")
    return path


def refused(path: Path) -> str:
    found = what_is(path)
    assert isinstance(found, Unknown)
    assert found.hint
    assert found.message.isprintable()
    return found.message


def test_a_run_is_known_by_its_folder_or_any_of_its_own_files(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    for path in (folder, folder / "spec.json", folder / "events.jsonl"):
        assert what_is(path) == RunFolder(folder)


def test_many_runs_are_found_in_a_folder_and_those_in_it(tmp_path: Path) -> None:
    runs = [run_folder(tmp_path / name) for name in ("ada/run-1", "ben/run-2", "run-3")]
    run_folder(tmp_path / ".trash" / "gone")
    run_folder(tmp_path / "a/b/c/too-deep")
    assert what_is(tmp_path) == RunFolders(tuple(map(RunFolder, runs)))


def test_a_recipe_is_known_by_its_content(tmp_path: Path) -> None:
    path = put(tmp_path / "homework.txt", "\ufeff " + json.dumps({"epochs": 3, "optimizer": {"kind": "sgd"}}))
    assert what_is(path) == SpecFile(path, {"epochs": 3, "optimizer": {"kind": "sgd"}})
    beside = put(tmp_path / "weights.json", json.dumps({"format": 1, "name": "x", "version": "9", "spec": SPEC}))
    assert what_is(beside) == SpecFile(beside, SPEC)


def test_a_lesson_is_read_and_a_wrong_one_says_where(tmp_path: Path) -> None:
    values = json.loads((resource("lessons") / f"{FIRST}.json").read_text("utf-8"))
    found = what_is(put(tmp_path / "mine.json", json.dumps(values)))
    assert isinstance(found, LessonFile)
    assert (found.lesson.id, found.lesson.title) == ("mine", "First look")
    assert "minutes" in refused(put(tmp_path / "bad.json", json.dumps(values | {"minutes": "ten"})))


def test_weights_come_with_what_is_known_of_their_experiment(tmp_path: Path) -> None:
    content = {"0.weight": np.zeros(2, np.float32)}
    said = put(tmp_path / "a.bin", save(content, {"fmstudio": json.dumps({"spec": {"epochs": 4}})}))
    found = what_is(said)
    assert isinstance(found, WeightsFile)
    assert found.spec == {"epochs": 4}
    beside = put(run_folder(tmp_path / "run") / "weights.safetensors", save(content))
    found = what_is(beside)
    assert isinstance(found, WeightsFile)
    assert found.spec == SPEC
    state = put(tmp_path / "state.safetensors", save(content, {"fmstudio": json.dumps({"version": 1, "tree": {}})}))
    assert "go on" in refused(state)


def test_figures_are_told_from_pictures(tmp_path: Path) -> None:
    facts = FigureFacts(run="20250101-120000-ab", spec=SPEC)
    one = put(tmp_path / "curves.dat", png(facts))
    drawn = put(tmp_path / "curves.svg", stamped_svg(SVG, facts))
    plain, photo = put(tmp_path / "plain.png", png()), put(tmp_path / "photo.jpg", b"\xff\xd8\xff\xe0 no more")
    for path in (one, drawn):
        found = what_is(path)
        assert isinstance(found, Figure)
        assert found.facts.run == facts.run
    assert what_is(plain) == Pictures((plain,))
    assert "drawing" in refused(put(tmp_path / "alone.svg", SVG))
    assert what_are([one, plain, drawn]) == Figures((one, plain, drawn))
    assert what_are([plain, photo]) == Pictures((plain, photo))
    assert what_are([one, photo]) == Pictures((one, photo))


@pytest.mark.parametrize(("name", "content"), [("curves.png", png()), ("curves.svg", SVG)])
def test_a_figure_without_runs_is_no_photo_to_be_tried(tmp_path: Path, name: str, content: bytes) -> None:
    stamped = stamped_svg(content, []) if name.endswith(".svg") else stamped_png(content, [])
    empty = put(tmp_path / name, stamped)
    assert f"{name} is a figure that fmstudio drew, and it shows no run" in refused(empty)
    photo = put(tmp_path / "photo.png", png())
    found = what_are([photo, empty])
    assert isinstance(found, Several)
    assert found.parts[0] == Pictures((photo,))
    assert isinstance(found.parts[1], Unknown)
    other = put(tmp_path / "other.png", stamped_png(png(), []))
    together = what_are([empty, other])
    assert isinstance(together, Unknown)
    assert "they show no run" in together.message


def test_a_folder_of_figures_or_of_pictures_is_what_is_in_it(tmp_path: Path) -> None:
    figures = [put(tmp_path / "class" / name / "f.png", png(FigureFacts(run=name))) for name in ("ada", "ben")]
    assert what_is(tmp_path / "class") == Figures(tuple(figures))
    pictures = [put(tmp_path / "photos" / name, png()) for name in ("a.png", "b.png")]
    assert what_is(tmp_path / "photos") == Pictures(tuple(pictures))
    put(tmp_path / "texts" / "a.txt", "hello")
    assert "nothing that can be opened" in refused(tmp_path / "texts")


def test_things_of_different_kinds_are_opened_one_after_the_other(tmp_path: Path) -> None:
    recipe = put(tmp_path / "r.json", json.dumps({"epochs": 3}))
    runs = [run_folder(tmp_path / name) for name in ("one", "two")]
    assert what_are([recipe, *runs]) == Several(
        (SpecFile(recipe, {"epochs": 3}), RunFolders(tuple(map(RunFolder, runs))))
    )


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch executed",)


def zipped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("name", ["w.safetensors", "w.json", "w.png", "spec.json", "w"])
def test_a_pickle_is_never_read_whatever_it_is_called(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for content in (pickle.dumps(Evil()), zipped("archive/data.pkl", pickle.dumps(Evil()))):
        assert "pickle" in refused(put(tmp_path / name, content))
    assert "pickle" in refused(put(tmp_path / "old.pth", pickle.dumps(Evil(), protocol=0)))
    assert not (tmp_path / "executed").exists()


def test_an_archive_is_not_unpacked(tmp_path: Path) -> None:
    bomb = put(tmp_path / "bomb.npz", zipped("../../evil.npy", bytes(10_000_000)))
    assert "archive" in refused(bomb)
    assert [path.name for path in tmp_path.iterdir()] == ["bomb.npz"]


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"architecture":' * 900 + b"1" + b"}" * 900,
        b'{"epochs": ' + b"9" * 10_000 + b"}",
        b'{"epochs": NaN}',
        b'{"epochs": 2',
        b'{"colour": "blue"}',
        b'{"name": "x"}',
        b"[1, 2, 3]",
        b"\xff\xfe\x00",
        b"\x7fELF\x02\x01\x01",
        b"",
        b"MZ\x90",
    ],
)
def test_what_makes_no_sense_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    for name in ("x.json", "x", "x\x1b[31m\n.json"):
        refused(put(tmp_path / name, content))


def test_a_file_beyond_all_measure_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_JSON", 100)
    assert "too large" in refused(put(tmp_path / "x.json", json.dumps({"epochs": 2, "name": "y" * 200})))


def test_what_is_no_file_gets_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("missing", "pipe", "loop", "n" * 5000, "nul\0byte"):
        refused(tmp_path / name)


def test_a_folder_is_looked_through_only_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        put(tmp_path / f"{number}.png", png())
    (tmp_path / "again").symlink_to(tmp_path)
    monkeypatch.setattr(opening, "MOST_ENTRIES", 5)
    found = what_is(tmp_path)
    assert isinstance(found, Pictures)
    assert len(found.paths) <= 5


def test_a_figure_whose_settings_are_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"x": deep}
    assert "nested" in refused(put(tmp_path / "f.png", png(FigureFacts(run="a", spec=deep))))
