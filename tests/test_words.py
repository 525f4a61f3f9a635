"""Words in the user's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from fmstudio import paths, words
from fmstudio.words import exact_time, marked, rough_time, tr, tr_n


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small Chinese catalogue takes the place of the one that ships; it is spoken."""
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Train", "训练")
    catalogue.add("{count} of {total} right", "{total} 个中对了 {count} 个")
    catalogue.add(("{count} run", "{count} runs"), ("{count} 次运行",))
    folder = tmp_path / "shipped" / "translations" / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "fmstudio.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / "shipped" / name)
    words.set_language("zh_CN")
    yield
    monkeypatch.undo()


def test_english_needs_no_catalogue() -> None:
    assert words.language() == "en"
    assert tr("Train") == "Train"
    assert tr("{count} of {total} right", count=3, total="many") == "3 of many right"
    assert tr("{share:.1f} %", share=12.345) == "12.3 %"


def test_braces_are_places_only_where_values_are_given() -> None:
    assert tr('{"epochs": 2}') == '{"epochs": 2}'
    assert tr("{example}", example='{"epochs": 2}') == '{"epochs": 2}'


@pytest.mark.parametrize(("count", "text"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs")])
def test_numbers_choose_the_form(count: int, text: str) -> None:
    assert tr_n("{count} run", "{count} runs", count) == text


def test_a_number_comes_with_other_values() -> None:
    assert tr_n("{count} run of {name}", "{count} runs of {name}", 2, name="Ada") == "2 runs of Ada"


@pytest.mark.usefixtures("chinese")
def test_another_language_is_spoken_from_then_on() -> None:
    assert words.language() == "zh_CN"
    assert tr("Train") == "训练"
    assert tr("{count} of {total} right", count=3, total=9) == "9 个中对了 3 个"
    assert [tr_n("{count} run", "{count} runs", count) for count in (1, 2)] == ["1 次运行", "2 次运行"]
    words.set_language("en")
    assert tr("Train") == "Train"


@pytest.mark.usefixtures("chinese")
def test_what_has_no_translation_stays_english() -> None:
    assert tr("Never seen before") == "Never seen before"


@pytest.mark.usefixtures("chinese")
def test_nothing_is_nothing() -> None:
    """The empty message of a catalogue holds its own description."""
    assert tr("") == ""


@pytest.mark.usefixtures("chinese")
def test_a_marked_text_is_translated_when_it_is_shown() -> None:
    text = marked("Train")
    assert text == "Train"
    assert tr(text) == "训练"


@pytest.mark.parametrize("code", ["xx", "", "zh", "de_DE"])
def test_a_language_that_does_not_ship_is_english(code: str) -> None:
    words.set_language(code)
    assert words.language() == "en"


def test_all_languages_name_themselves() -> None:
    assert words.LANGUAGES == {"en": "English", "zh_CN": "中文"}


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANGUAGE": "zh_CN:en"}, "zh_CN"),
        ({"LANGUAGE": "en:zh_CN", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_machines_language(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert words.system_language() == language


@pytest.mark.parametrize(("name", "language"), [("Chinese (Simplified)_China", "zh_CN"), ("en_GB", "en"), (None, "en")])
def test_where_no_variable_says_it_the_locale_does(
    monkeypatch: pytest.MonkeyPatch, name: str | None, language: str
) -> None:
    for variable in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(words.locale, "getlocale", lambda: (name, None))
    assert words.system_language() == language


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.62, "0.6 s"), (59.4, "59.4 s"), (125.2, "2 min 5 s"), (4000, "1 h 6 min")]
)
def test_a_time_that_was_measured(seconds: float, said: str) -> None:
    assert exact_time(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 s"),
        (9.4, "9 s"),
        (59.6, "1 min"),
        (61, "1 min"),
        (150, "2 min"),
        (3599, "1 h"),
        (4800, "1 h 20 min"),
    ],
)
def test_a_time_that_is_to_come(seconds: float, said: str) -> None:
    assert rough_time(seconds) == said
