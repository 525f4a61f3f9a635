"""Frozen models: strict values, limits, and all problems at once, each at its place."""

import math
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from fmstudio.schema.choice import Choice, Facts, Frozen, read
from fmstudio.schema.problem import InvalidSpecError, Mending, Problem
from fmstudio.schema.setting import setting


class Kettle(Choice):
    """Boils water.

    For tea. Source: a shop.
    """

    power: float = setting(2.0, "Power", gt=0, le=3)
    cups: int = setting(4, "Cups", ge=1, le=10_000_000)
    whistle: bool = setting(False, "Whistle")
    colour: Literal["red", "blue"] = setting("red", "Colour")
    stages: tuple[int, ...] = setting((60, 100), "Stages", ge=1, le=100, length=(1, 3))
    share: tuple[float, float] = setting((0.1, 0.9), "Share", ge=0, lt=1, length=(2, 2))
    minutes: float | None = setting(None, "Minutes", ge=0)

    def problems(self) -> tuple[Problem, ...]:
        """A whistle needs steam."""
        if self.whistle and self.cups == 1:
            return (Problem("whistle", "needs two cups", Mending("Use two", (("cups", 2), ("power", 1.0)))),)
        return ()


def problems_of(**values: Any) -> list[Problem]:
    with pytest.raises(InvalidSpecError) as raised:
        read(Kettle, values, "kettle")
    return list(raised.value.problems)


def test_left_out_settings_take_their_defaults() -> None:
    assert read(Kettle, {}) == Kettle()
    assert read(Kettle, {"cups": 2}).cups == 2


def test_whole_numbers_are_taken_where_numbers_are_wanted() -> None:
    made = read(Kettle, {"power": 1, "stages": [7], "share": [0, 0.5], "minutes": None})
    assert isinstance(made.power, float)
    assert (made.stages, made.share, made.minutes) == ((7,), (0.0, 0.5), None)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("power", 0, "must be greater than 0"),
        ("power", -1, "must be greater than 0"),
        ("power", 3.001, "must be at most 3"),
        ("power", math.nan, "must be a finite number"),
        ("power", math.inf, "must be a finite number"),
        ("power", 1e400, "must be a finite number"),
        ("power", 10**400, "must be a finite number"),
        ("power", "0,001", "must be a number, with a point: 0.001"),
        ("power", "0.001", "must be a number, with a point: 0.001"),
        ("power", True, "must be a number, with a point: 0.001"),
        ("power", None, "must be a number, with a point: 0.001"),
        ("cups", 0, "must be at least 1"),
        ("cups", 10_000_001, "must be at most 10,000,000"),
        ("cups", 2.5, "must be a whole number"),
        ("cups", "7", "must be a whole number"),
        ("cups", True, "must be a whole number"),
        ("whistle", 1, "must be true or false"),
        ("whistle", "yes", "must be true or false"),
        ("colour", "green", "must be one of: red, blue"),
        ("stages", 60, "must be a list of whole numbers: [256, 128]"),
        ("stages", [60.5], "must be a list of whole numbers: [256, 128]"),
        ("stages", [], "needs 1 to 3 numbers"),
        ("stages", [1, 2, 3, 4], "needs 1 to 3 numbers"),
        ("stages", [60, 101], "must be at most 100"),
        ("share", [0.1], "needs 2 numbers"),
        ("share", [0.1, 1.0], "must be less than 1"),
        ("share", [0.1, math.nan], "must be a finite number"),
        ("minutes", -1, "must be at least 0"),
        ("minutes", "a while", "must be a number, with a point: 0.001"),
    ],
)
def test_a_wrong_value_is_one_problem_at_its_place_and_the_default_mends_it(
    name: str, value: object, message: str
) -> None:
    (problem,) = problems_of(**{name: value})
    assert (problem.path, problem.message) == (f"kettle.{name}", message)
    assert problem.mending is not None
    assert problem.mending.changes == ((f"kettle.{name}", getattr(Kettle(), name)),)


def test_an_unknown_setting_is_a_problem_with_a_suggestion() -> None:
    (problem,) = problems_of(powr=1.0)
    assert problem.path == "kettle.powr"
    assert problem.message == "there is no such setting. Did you mean “power”?"


def test_all_problems_come_at_once_whatever_their_kind() -> None:
    found = problems_of(power="hot", cups=0, colours="red", stages=[], whistle=1, share=[0.5, 2])
    paths = [problem.path for problem in found]
    assert sorted(paths) == [
        "kettle.colours", "kettle.cups", "kettle.power", "kettle.share", "kettle.stages", "kettle.whistle",
    ]  # fmt: skip


def test_what_does_not_fit_together_shows_beside_a_wrong_value() -> None:
    found = problems_of(power=-1, cups=1, whistle=True)
    assert [problem.path for problem in found] == ["kettle.power", "kettle.whistle"]


def test_a_choices_own_problem_gets_whole_paths() -> None:
    (problem,) = problems_of(cups=1, whistle=True)
    assert problem.path == "kettle.whistle"
    assert problem.mending is not None
    assert problem.mending.changes == (("kettle.cups", 2), ("kettle.power", 1.0))


class Filling(Frozen):
    """What is inside a dumpling."""

    grams: int = setting(10, "Grams", ge=1, le=50)


class Steamer(Choice):
    """Steams dumplings, each of a kind."""

    minutes: int = setting(8, "Minutes", ge=1)
    dumplings: tuple[Filling, ...] = setting((Filling(),), "Dumplings", length=(1, 3), table={"pork": Filling})

    def problems(self) -> tuple[Problem, ...]:
        """A small one is done sooner."""
        return (Problem("minutes", "too long"),) if self.minutes > 9 and self.dumplings[0].grams == 1 else ()


def test_rows_are_read_as_strictly_as_all_else_each_at_its_place() -> None:
    rows = [{"kind": "pork", "grams": "7"}, {"kind": "prk"}, {"kind": "pork", "grams": 51}]
    with pytest.raises(InvalidSpecError) as raised:
        read(Steamer, {"minutes": 0, "dumplings": rows}, "steamer")
    assert [(problem.path, problem.message) for problem in raised.value.problems] == [
        ("steamer.dumplings.0.grams", "must be a whole number"),
        ("steamer.dumplings.1.kind", "must be one of: pork. Did you mean “pork”?"),
        ("steamer.dumplings.2.grams", "must be at most 50"),
        ("steamer.minutes", "must be at least 1"),
    ]


@pytest.mark.parametrize("rows", [[], [{"kind": "pork"}] * 4])
def test_too_few_and_too_many_rows_are_a_problem(rows: list[Any]) -> None:
    with pytest.raises(InvalidSpecError) as raised:
        read(Steamer, {"dumplings": rows}, "steamer")
    (problem,) = raised.value.problems
    assert (problem.path, problem.message) == ("steamer.dumplings", "needs 1 to 3 layers")


def test_rows_that_can_be_read_are_part_of_the_value() -> None:
    made = read(Steamer, {"dumplings": [{"kind": "pork", "grams": 3}, {"kind": "pork"}]})
    assert made == Steamer(dumplings=(Filling(grams=3), Filling()))
    with pytest.raises(InvalidSpecError) as raised:
        read(Steamer, {"dumplings": [{"kind": "pork", "grams": 1}], "minutes": 10}, "steamer")
    assert [str(problem) for problem in raised.value.problems] == ["steamer.minutes: too long"]


def test_the_mending_names_title_and_default() -> None:
    (problem,) = problems_of(power=-1)
    assert problem.mending is not None
    assert problem.mending.label == "Use power 2"
    (problem,) = problems_of(stages=[])
    assert problem.mending is not None
    assert problem.mending.label == "Use stages 60, 100"


def test_an_invalid_value_cannot_be_made_in_python_either() -> None:
    with pytest.raises(ValidationError):
        Kettle(power=-1)
    with pytest.raises(ValidationError):
        Kettle(powr=1)  # type: ignore[call-arg]


def test_a_value_never_changes() -> None:
    with pytest.raises(ValidationError):
        Kettle().power = 1.0


def test_the_docstring_is_the_help() -> None:
    assert Kettle.summary() == "Boils water."
    assert Kettle.explanation() == "Boils water.\n\nFor tea. Source: a shop."


def test_a_model_without_settings_can_be_read() -> None:
    class Bare(Frozen):
        name: str = "x"

    assert read(Bare, {"name": "y"}).name == "y"


def test_facts_count_pixels_and_steps() -> None:
    facts = Facts(shape=(3, 4, 5), classes=2, samples=90, steps_per_epoch=7, epochs=6)
    assert (facts.inputs, facts.total_steps) == (60, 42)
