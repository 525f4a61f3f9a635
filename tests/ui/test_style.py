import re
from dataclasses import asdict
from pathlib import Path

import pytest

from fmstudio import paths
from fmstudio.ui import style, theme


@pytest.mark.parametrize("shown", theme.THEMES.values(), ids=lambda shown: shown.name)
def test_every_picture_that_the_sheet_names_is_there(shown: theme.Theme) -> None:
    named = re.findall(r'url\("([^"]+)"\)', style.sheet(asdict(shown), paths.resource("icons").as_posix()))
    assert named
    assert [name for name in named if not Path(name).is_file()] == []


@pytest.mark.parametrize("shown", theme.THEMES.values(), ids=lambda shown: shown.name)
def test_the_pictures_of_the_sheet_have_colours_of_their_theme(shown: theme.Theme) -> None:
    colours = {value.lower() for value in asdict(shown).values()}
    for file in paths.resource("icons").glob(f"*-{shown.name}.svg"):
        assert set(re.findall(r"#[0-9a-f]{6}", file.read_text(encoding="utf-8"))) <= colours, file.name


def test_mixing() -> None:
    assert style.mix("#000000", "#ffffff", 0.0) == "#000000"
    assert style.mix("#000000", "#ffffff", 1.0) == "#ffffff"
    assert style.mix("#102030", "#304050", 0.5) == "#203040"
