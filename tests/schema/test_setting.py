"""What the form and the command line read from a declared setting."""

from typing import Literal

import pytest
from pydantic import BaseModel

from fmstudio.schema.setting import Setting, setting, settings_of


class Bun(BaseModel):
    """A row of a table."""

    size: int = setting(2, "Size")


class Oven(BaseModel):
    """A model with a setting of each type; ``made`` is a field that is no setting."""

    made: int = 3
    eps: float = setting(1e-8, "Epsilon", gt=0, scale="log", level="rare")
    fan: bool = setting(True, "Fan", "Blow.")
    heat: float = setting(180.0, "Heat", "How hot.", ge=50, lt=300, level="basic", unit="°C")
    trays: tuple[int, ...] = setting((1, 2), "Trays", length=(1, 4))
    tilt: tuple[float, float] = setting((0.0, 1.0), "Tilt", length=(2, 2))
    mode: Literal["top", "bottom"] = setting("top", "Mode")
    timer: int | None = setting(None, "Timer")
    label: str = setting("", "Label")
    rack: int | str = setting(1, "Rack", kind="int-or-all")
    buns: tuple[Bun, ...] = setting((Bun(), Bun(size=3)), "Buns", length=(0, 4), table={"bun": Bun})


@pytest.fixture
def known() -> dict[str, Setting]:
    return {found.name: found for found in settings_of(Oven)}


def test_basic_ones_come_first_and_rare_ones_last() -> None:
    assert [found.name for found in settings_of(Oven)] == [
        "heat", "fan", "trays", "tilt", "mode", "timer", "label", "rack", "buns", "eps",
    ]  # fmt: skip


def test_a_plain_field_is_no_setting(known: dict[str, Setting]) -> None:
    assert "made" not in known


def test_words_limits_and_unit_are_read(known: dict[str, Setting]) -> None:
    heat = known["heat"]
    assert (heat.title, heat.help, heat.unit, heat.default) == ("Heat", "How hot.", "°C", 180.0)
    assert (heat.gt, heat.ge, heat.lt, heat.le) == (None, 50, 300, None)
    assert (heat.scale, known["eps"].scale) == ("linear", "log")
    assert (known["trays"].length, heat.length) == ((1, 4), None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fan", "bool"),
        ("heat", "float"),
        ("trays", "ints"),
        ("tilt", "floats"),
        ("mode", "option"),
        ("timer", "int"),
        ("label", "text"),
        ("rack", "int-or-all"),
        ("buns", "layers"),
    ],
)
def test_the_type_decides_the_editor(known: dict[str, Setting], name: str, kind: str) -> None:
    assert known[name].kind == kind


def test_options_and_none_are_read_from_the_type(known: dict[str, Setting]) -> None:
    assert known["mode"].options == ("top", "bottom")
    assert [name for name, found in known.items() if found.optional] == ["timer"]


def test_a_list_of_rows_has_its_table_and_a_default_of_plain_values(known: dict[str, Setting]) -> None:
    assert known["buns"].default == ({"size": 2}, {"size": 3})
    assert known["buns"].table == {"bun": Bun}
    assert known["heat"].table == {}
