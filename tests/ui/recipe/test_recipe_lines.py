from dataclasses import replace
from typing import Any

import pytest

from fmstudio import words
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.session.draft_words import readable
from fmstudio.ui.recipe.recipe_lines import data_line, lesson_line, network_line

POINTS: dict[str, Any] = {
    "dataset": {"kind": "linear"},
    "architecture": {"kind": "linear-regression"},
    "loss": {"kind": "mse"},
}


@pytest.mark.parametrize(
    ("values", "line", "short"),
    [
        ({}, "60,000 to learn from · 10,000 to test", "60,000 + 10,000"),
        (
            {"validation": 5000},
            "55,000 to learn from · 5,000 held back · 10,000 to test",
            "55,000 + 10,000",
        ),
        (POINTS, "10,000 points to learn from · 1,000 to test", "10,000 + 1,000 points"),
    ],
)
def test_how_much_there_is_to_learn_from(values: dict[str, Any], line: str, short: str) -> None:
    assert data_line(read_spec(values)) == line
    assert data_line(read_spec(values), short=True) == short


@pytest.mark.parametrize(
    ("values", "line", "short"),
    [
        ({}, "32,998 weights · input 28 × 28", "32,998 weights"),
        (POINTS, "3 weights · input 2 numbers", "3 weights"),
        ({**POINTS, "dataset": {"kind": "linear", "w": [3.0]}}, "2 weights · input 1 number", "2 weights"),
    ],
)
def test_how_large_the_network_is(values: dict[str, Any], line: str, short: str) -> None:
    assert network_line(read_spec(values)) == line
    assert network_line(read_spec(values), short=True) == short


@pytest.mark.parametrize(
    ("kind", "change", "line"),
    [
        ("fashion-mnist", ("architecture.kind", "linear-regression"), "does not fit these pictures"),
        ("linear", ("architecture.kind", "cnn"), "does not fit these points"),
        ("fashion-mnist", ("architecture.kernel_size", 20), "does not fit these pictures"),
    ],
)
def test_a_network_that_does_not_fit(kind: str, change: tuple[str, Any], line: str) -> None:
    draft = changed(to_mapping(ExperimentSpec()), [("dataset.kind", kind), change])
    assert network_line(readable(draft)) == line
    assert network_line(readable(draft), short=True) == "does not fit"


def test_what_cannot_be_read_has_no_lines() -> None:
    assert data_line(None) == ""
    assert network_line(None) == "cannot be built"


def test_a_lesson_speaks_the_language_that_is_spoken_now() -> None:
    read_in_english = lesson("first-look")
    words.set_language("zh_CN")
    assert lesson_line(read_in_english).startswith(lesson("first-look").summary)
    assert read_in_english.summary not in lesson_line(read_in_english)


def test_a_lesson_whose_file_is_gone_keeps_its_words() -> None:
    gone = replace(lesson("first-look"), id="gone", summary="A summary")
    assert lesson_line(gone).startswith("A summary · ")
