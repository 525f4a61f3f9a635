"""The lessons that ship, in both languages, and lesson files that a teacher got wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fmstudio import paths, words
from fmstudio.catalog.architectures import Cnn
from fmstudio.catalog.optimizers import Adam
from fmstudio.catalog.schedules import Constant, OneCycle
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import FIRST, lesson, lessons
from fmstudio.experiment.spec import read_spec

GOOD: dict[str, Any] = {
    "order": 2,
    "minutes": 3,
    "spec": {"version": 1, "epochs": 3},
    "texts": {"en": {"title": "T", "summary": "Short.", "story": "S", "steps": ["one", "two"]}},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of lessons that takes the place of those that ship."""
    made = tmp_path / "shipped" / "lessons"
    made.mkdir(parents=True)
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / "shipped" / name)
    return made


def test_first_look_is_what_the_contract_says() -> None:
    spec = lesson(FIRST).spec
    assert (spec.architecture, spec.optimizer, spec.schedule) == (Cnn(), Adam(lr=0.01), OneCycle())
    assert (spec.dataset.normalise, spec.batch_size, spec.shuffle, spec.epochs) == (True, 128, True, 2)


def test_the_cnn_lesson_is_that_of_the_course() -> None:
    spec = lesson("cnn").spec
    assert (spec.architecture, spec.optimizer, spec.schedule) == (Cnn(), Adam(lr=0.01), Constant())
    assert (spec.dataset.normalise, spec.batch_size, spec.shuffle, spec.epochs) == (False, 100, False, 2)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_all_load_in_the_order_of_the_course(language: str) -> None:
    words.set_language(language)
    found = lessons()
    assert [one.id for one in found][:1] == [FIRST]
    assert [one.order for one in found] == sorted(one.order for one in found)
    for one in found:
        assert one.title
        assert one.summary
        assert len(one.story) > 100
        assert len(one.steps) >= 2
        assert 1 <= one.minutes <= 60
        assert read_spec(one.draft) == one.spec


def test_each_is_told_in_both_languages() -> None:
    english = {one.id: one for one in lessons()}
    words.set_language("zh_CN")
    for one in lessons():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one.title + one.story)
        assert one.story != english[one.id].story
        assert len(one.steps) == len(english[one.id].steps)
        assert one.spec == english[one.id].spec


def test_a_lesson_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UserError) as raised:
        lesson("first-lok")
    assert raised.value.message == "There is no lesson “first-lok”. Did you mean “first-look”?"
    assert "first-look, cnn" in raised.value.hint


def test_a_lesson_file_is_read(folder: Path) -> None:
    (folder / "mine.json").write_text(json.dumps(GOOD), encoding="utf-8")
    words.set_language("zh_CN")
    (found,) = lessons()
    assert (found.id, found.title, found.steps, found.minutes, found.spec.epochs) == ("mine", "T", ("one", "two"), 3, 3)


def without(key: str) -> str:
    return json.dumps({name: value for name, value in GOOD.items() if name != key})


def with_(**values: Any) -> str:
    return json.dumps({**GOOD, **values})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe not utf-8",
        b'{"order": 1',
        b"[]",
        b"null",
        *(without(key) for key in GOOD),
        with_(order="first"),
        with_(minutes=None),
        with_(texts=[]),
        with_(texts={}),
        with_(texts={"en": []}),
        with_(texts={"en": {"title": "T", "summary": "S", "steps": []}}),
        with_(texts={"en": {"title": "T", "summary": "S", "story": "S", "steps": 3}}),
        with_(spec=[]),
        with_(spec={"version": 2}),
        with_(spec={"epochs": 0}),
    ],
)
def test_a_malformed_file_is_named_with_a_remedy(folder: Path, content: bytes | str) -> None:
    data = content.encode() if isinstance(content, str) else content
    (folder / "broken.json").write_bytes(data)
    with pytest.raises(UserError) as raised:
        lessons()
    assert "broken.json" in raised.value.message
    assert raised.value.hint == "Correct the file, or remove it."


def test_the_problem_of_an_invalid_spec_is_named(folder: Path) -> None:
    (folder / "broken.json").write_text(with_(spec={"optimizer": {"kind": "sgd", "lr": 0}}), encoding="utf-8")
    with pytest.raises(UserError, match=r"optimizer\.lr: must be greater than 0"):
        lessons()


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_a_file_that_cannot_be_opened_is_named(folder: Path, make: Callable[[Path], None]) -> None:
    make(folder / "broken.json")
    with pytest.raises(UserError, match=r"broken\.json"):
        lessons()
