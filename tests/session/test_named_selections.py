import json
from pathlib import Path

import numpy as np
import pytest

from fmstudio.errors import UserError
from fmstudio.session.condition_json import read, written
from fmstudio.session.named_selections import NamedSelection, NamedSelections
from fmstudio.session.selection import (
    AllOf,
    AnyOf,
    Condition,
    ConfidenceIn,
    IsRight,
    Not,
    Picked,
    PredictedIs,
    Selection,
    TrueIs,
)

CONDITIONS: tuple[Condition, ...] = (
    TrueIs(6),
    PredictedIs(0),
    IsRight(False),
    ConfidenceIn(0.25, 1.0),
    Picked("5 picked", np.array([9, 3, 59_999, 0, 4])),
    Not(TrueIs(2)),
    AllOf((TrueIs(1), Not(PredictedIs(3)))),
    AnyOf((AllOf((TrueIs(1), IsRight(True))), Picked("lasso", np.arange(3)), ConfidenceIn(0.1, 0.7))),
)


def named(name: str = "mine", selection: Selection | None = None, dataset: str = "garments") -> NamedSelection:
    return NamedSelection(name, dataset, selection or Selection("test", (TrueIs(6),)))


@pytest.fixture
def store(tmp_path: Path) -> NamedSelections:
    return NamedSelections(tmp_path / "folder" / "selections.json")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_comes_back_through_json(condition: Condition) -> None:
    assert read(json.loads(json.dumps(written(condition)))) == condition


def test_what_was_saved_is_read_again(store: NamedSelections) -> None:
    assert store.read() == ()
    kept = (
        named("Hemden, schwer", Selection("train", CONDITIONS, "margin", False, (TrueIs(6),), True)),
        named("监视", Selection(watched=True)),
    )
    for one in kept:
        store.add(one)
    assert NamedSelections(store.path).read() == kept
    assert [file.name for file in store.path.parent.iterdir()] == ["selections.json"]


def test_usual_place(studio_home: Path) -> None:
    NamedSelections().add(named())
    assert (studio_home / "selections.json").is_file()


def test_a_name_is_taken_once_in_a_data_set(store: NamedSelections) -> None:
    store.add(named("mine"))
    store.add(named("mine", dataset="digits"))
    with pytest.raises(UserError, match="“mine” already"):
        store.add(named("mine", Selection()))
    with pytest.raises(UserError, match="needs a name"):
        store.add(named("  "))
    assert store.read() == (named("mine"), named("mine", dataset="digits"))


def test_one_is_deleted(store: NamedSelections) -> None:
    for name in ("a", "b"):
        store.add(named(name))
    store.add(named("a", dataset="digits"))
    store.delete("a", "garments")
    store.delete("never", "garments")
    assert [(one.name, one.dataset) for one in store.read()] == [("b", "garments"), ("a", "digits")]


def test_fits_where_data_set_and_classes_are_the_same() -> None:
    nested = named("x", Selection("test", (Not(AnyOf((TrueIs(1), AllOf((PredictedIs(9), IsRight(True)))))),)))
    assert nested.fits("garments", 10)
    assert not nested.fits("garments", 9)
    assert not nested.fits("digits", 10)
    assert not named("y", Selection(only=(TrueIs(10),))).fits("garments", 10)


GOOD: dict[str, object] = {"name": "mine", "dataset": "garments"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "\u0000",
        '{"version": 2, "selections": []}',
        '{"version": 1, "selections": [3]}',
        '{"version": 1, "selections": [{"name": "mine"}]}',
        "[" * 100_000,
        *(
            json.dumps({"version": 1, "selections": [GOOD | other]})
            for other in (
                {"split": "validation"},
                {"order": ["loss"]},
                {"grouped": 1},
                {"conditions": {}},
                {"conditions": [7]},
                {"conditions": [{"kind": "true", "label": -1}]},
                {"conditions": [{"kind": "true", "label": True}]},
                {"conditions": [{"kind": "true", "label": 1.5}]},
                {"conditions": [{"kind": "guess"}]},
                {"conditions": [{"kind": "confidence", "low": -1, "high": 2}]},
                {"conditions": [{"kind": "picked", "name": "x", "samples": [10**30]}]},
                {"only": [{"kind": "not"}]},
            )
        ),
    ],
)
def test_a_damaged_file_is_a_sentence_and_stays_as_it_is(store: NamedSelections, content: str) -> None:
    store.path.parent.mkdir()
    store.path.write_text(content, encoding="utf-8")
    for attempt in (store.read, lambda: store.add(named()), lambda: store.delete("mine", "garments")):
        with pytest.raises(UserError, match="damaged"):
            attempt()
    assert store.path.read_text(encoding="utf-8") == content


def test_bytes_that_are_no_text_are_damaged(store: NamedSelections) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="damaged"):
        store.read()


def test_what_cannot_be_read_or_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="cannot be read"):
        NamedSelections(tmp_path / "folder").read()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"cannot be (read|written)"):
        NamedSelections(tmp_path / "file" / "selections.json").add(named())
