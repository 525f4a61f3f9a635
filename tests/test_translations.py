"""Every text that a user reads is there in every language, and the command that keeps it so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import translations
from babel.messages.catalog import Catalog
from extraction import TextId, UnreadableTextError, found_texts, texts_of_calls

from fmstudio import words
from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.data.library import load_images
from fmstudio.experiment.lessons import Lesson, lessons
from fmstudio.words import LANGUAGES, tr, tr_n

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def extracted(source: str) -> list[TextId]:
    return list(texts_of_calls(source, "example.py"))


def catalogue(*texts: tuple[TextId, str | tuple[str, ...]]) -> Catalog:
    made = Catalog(locale="zh_CN", charset="utf-8")
    for text, translated in texts:
        made.add(text, translated)
    return made


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return translations.read(translations.po_file(translations.FOLDER, "zh_CN"), "zh_CN")


class TestShipped:
    def test_nothing_is_missing_stale_or_doubtful(self, capsys: pytest.CaptureFixture[str]) -> None:
        status = translations.check(translations.FOLDER)
        assert capsys.readouterr().out == "complete\n"
        assert status == 0

    def test_every_language_but_english_is_there(self) -> None:
        folders = {path.name for path in translations.FOLDER.iterdir() if path.is_dir()}
        assert folders == set(LANGUAGES) - {"en"}

    def test_the_files_hold_no_date_and_no_line_number(self) -> None:
        text = translations.po_file(translations.FOLDER, "zh_CN").read_text(encoding="utf-8")
        assert "Date" not in text
        assert "Generated-By" not in text
        assert not re.search(r"^#: .*\.py:\d", text, re.MULTILINE)

    def test_the_texts_are_sorted_and_written_as_update_writes_them(self, shipped: Catalog) -> None:
        written = translations.po_file(translations.FOLDER, "zh_CN").read_bytes()
        assert translations.po_bytes(shipped, "zh_CN") == written

    def test_a_translation_can_be_filled_in(self, shipped: Catalog) -> None:
        for message in shipped:
            for text in translations.strings(message) if message.id else ():
                names = {place.partition(":")[0] for place in translations.places(text)}
                assert not translations.places(text.format(**dict.fromkeys(names, 7)))

    def test_sentences_end_as_chinese_sentences_do(self, shipped: Catalog) -> None:
        wrong = [
            text
            for message in shipped
            for text in translations.strings(message)
            if message.id and re.search(r"[\u4e00-\u9fff][.,:;?!]", text)
        ]
        assert not wrong

    def test_every_choice_is_explained_in_chinese(self, shipped: Catalog) -> None:
        for choice in OPTIMIZERS.values():
            assert CHINESE.search(str(shipped[choice.explanation()].string))


class TestSpeaking:
    @pytest.fixture(autouse=True)
    def chinese(self) -> Iterator[None]:
        words.set_language("zh_CN")
        yield
        words.set_language("en")

    def test_a_known_text(self) -> None:
        assert tr("Train") == "训练"
        assert tr("Stop and keep") == "停止并保留"

    def test_its_places_are_filled_in(self) -> None:
        assert tr("Run {number}", number=3) == "运行 3"

    def test_one_and_many_are_the_same_in_chinese(self) -> None:
        texts = [tr_n("{count} run", "{count} runs", count) for count in (0, 1, 2)]
        assert texts == ["0 次运行", "1 次运行", "2 次运行"]

    def test_the_names_of_the_classes(self) -> None:
        names = " ".join(map(tr, load_images("fashion-mnist").classes))
        assert names == "T恤/上衣 裤子 套衫 连衣裙 外套 凉鞋 衬衫 运动鞋 包 短靴"

    def test_a_text_that_nobody_translated_stays_english(self) -> None:
        assert tr("No such text.") == "No such text."

    def test_an_unknown_language_is_english(self) -> None:
        words.set_language("tlh")
        assert words.language() == "en"
        assert tr("Train") == "Train"

    def test_english_again(self) -> None:
        words.set_language("en")
        assert tr("Train") == "Train"
        assert tr_n("{count} run", "{count} runs", 1) == "1 run"


@pytest.fixture
def told() -> Iterator[dict[str, tuple[Lesson, ...]]]:
    """The lessons in each language."""
    found = {}
    for code in LANGUAGES:
        words.set_language(code)
        found[code] = lessons()
    yield found
    words.set_language("en")


def texts_of(lesson: Lesson) -> tuple[str, ...]:
    return lesson.title, lesson.summary, lesson.story, *lesson.steps


class TestLessons:
    def test_each_is_told_in_both_languages(self, told: dict[str, tuple[Lesson, ...]]) -> None:
        assert len(told["en"]) >= 2
        for english, chinese in zip(told["en"], told["zh_CN"], strict=True):
            assert all(CHINESE.search(text) for text in texts_of(chinese))
            assert not any(CHINESE.search(text) or not text for text in texts_of(english))

    def test_with_the_same_steps_and_paragraphs(self, told: dict[str, tuple[Lesson, ...]]) -> None:
        for english, chinese in zip(told["en"], told["zh_CN"], strict=True):
            assert len(english.steps) == len(chinese.steps)
            assert english.story.count("\n\n") == chinese.story.count("\n\n")

    def test_with_the_same_numbers(self, told: dict[str, tuple[Lesson, ...]]) -> None:
        def numbers(text: str) -> set[str]:
            return set(re.findall(r"\d[\d,.]*\d{2}", text))

        for english, chinese in zip(told["en"], told["zh_CN"], strict=True):
            assert numbers(english.story) == numbers(chinese.story)


class TestExtraction:
    def test_literals_of_all_three_functions(self) -> None:
        source = 'tr("One {x}", x=1)\nmarked("Two")\ntr_n("{count} cat", "{count} cats", n)'
        assert extracted(source) == ["One {x}", "Two", ("{count} cat", "{count} cats")]

    def test_a_literal_in_pieces_is_one_text(self) -> None:
        assert extracted('tr(\n    "One "\n    "text"\n)') == ["One text"]

    def test_strings_that_are_no_text_stay_away(self) -> None:
        assert extracted('tr(values["true"]["short"])\ntr(name, x="y")\nother("text")') == []

    def test_both_of_a_choice_between_two(self) -> None:
        assert extracted('tr("Pause" if going else "Continue")') == ["Pause", "Continue"]

    def test_a_call_within_an_f_string(self) -> None:
        assert extracted("f\"<b>{tr('Loss')}</b>\"") == ["Loss"]

    @pytest.mark.parametrize("source", ['tr(f"Run {n}")', 'tr("Run " + name)', 'tr_n(f"{n}", "many", n)'])
    def test_what_no_catalogue_can_hold_is_refused(self, source: str) -> None:
        with pytest.raises(UnreadableTextError, match=r"example\.py:1"):
            extracted(source)

    def test_the_tables_data_sets_and_lessons_are_read(self) -> None:
        texts = {found.id for found in found_texts(ROOT)}
        sgd = OPTIMIZERS["sgd"]
        assert {sgd.title, sgd.summary(), sgd.explanation(), "Ankle boot", "Boot", "First look"} <= texts


class TestFaults:
    def test_none(self) -> None:
        assert translations.faults(catalogue(("{a} of {b}", "{b} 之 {a}")), catalogue(("{a} of {b}", ""))) == []

    @pytest.mark.parametrize(
        ("done", "wanted", "fault"),
        [
            (catalogue(), catalogue(("Train", "")), "missing: 'Train'"),
            (catalogue(("Train", "")), catalogue(("Train", "")), "missing: 'Train'"),
            (catalogue(("Old", "旧")), catalogue(), "stale: 'Old'"),
            (catalogue(("{a} of", "{b} 之")), catalogue(("{a} of", "")), "places differ: '{a} of'"),
            (catalogue(("{a:,} of", "{a} 之")), catalogue(("{a:,} of", "")), "places differ: '{a:,} of'"),
            (catalogue((("{n} cat", "{n} cats"), ("猫",))), catalogue((("{n} cat", "{n} cats"), ())), "places differ"),
            (catalogue((("a cat", "cats"), ("猫", "猫"))), catalogue((("a cat", "cats"), ())), "plural forms: 'a cat'"),
            (catalogue(("a cat", "猫")), catalogue((("a cat", "cats"), ())), "missing: 'a cat'"),
        ],
    )
    def test_each_is_named(self, done: Catalog, wanted: Catalog, fault: str) -> None:
        assert any(line.startswith(fault) for line in translations.faults(done, wanted))

    def test_a_doubtful_translation(self) -> None:
        done = catalogue(("Train", "火车"))
        done["Train"].flags = {"fuzzy"}
        assert translations.faults(done, catalogue(("Train", ""))) == ["fuzzy: 'Train'"]


class TestCommand:
    def test_update_then_translate_then_check(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert translations.main(["update", "--folder", str(tmp_path)]) == 0
        assert translations.main(["check", "--folder", str(tmp_path)]) == 1
        assert "zh_CN: missing: 'Train'\n" in capsys.readouterr().out
        path = translations.po_file(tmp_path, "zh_CN")
        shipped = translations.po_file(translations.FOLDER, "zh_CN")
        path.write_bytes(shipped.read_bytes())
        assert translations.main(["check", "--folder", str(tmp_path)]) == 1
        assert capsys.readouterr().out.endswith(
            "zh_CN: the .mo file is not what the .po file compiles to: run compile\n"
        )
        assert translations.main(["compile", "--folder", str(tmp_path)]) == 0
        translations.main(["check", "--folder", str(tmp_path)])
        assert "compiles to" not in capsys.readouterr().out
        assert path.with_suffix(".mo").read_bytes() == shipped.with_suffix(".mo").read_bytes()

    def test_update_keeps_what_is_translated_and_drops_what_is_unused(self, tmp_path: Path) -> None:
        path = translations.po_file(tmp_path, "zh_CN")
        path.parent.mkdir(parents=True)
        old = catalogue(("Train", "训练"), ("Nobody says this any more, not at all", "没人这么说"))
        path.write_bytes(translations.po_bytes(old, "zh_CN"))
        translations.main(["update", "--folder", str(tmp_path)])
        new = translations.read(path, "zh_CN")
        assert new["Train"].string == "训练"
        assert "没人这么说" not in path.read_text(encoding="utf-8")

    def test_a_text_that_was_reworded_keeps_its_translation_in_doubt(self, tmp_path: Path) -> None:
        path = translations.po_file(tmp_path, "zh_CN")
        path.parent.mkdir(parents=True)
        path.write_bytes(translations.po_bytes(catalogue(("Pictures of each clas", "各类别的图片数")), "zh_CN"))
        translations.main(["update", "--folder", str(tmp_path)])
        reworded = translations.read(path, "zh_CN")["Pictures of each class"]
        assert reworded.fuzzy
        assert reworded.string == "各类别的图片数"

    def test_update_twice_changes_nothing(self, tmp_path: Path) -> None:
        translations.main(["update", "--folder", str(tmp_path)])
        path = translations.po_file(tmp_path, "zh_CN")
        once = path.read_bytes(), path.with_suffix(".mo").read_bytes()
        translations.main(["update", "--folder", str(tmp_path)])
        assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == once
