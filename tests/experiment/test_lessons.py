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
from fmstudio.experiment.draft import changed, get
from fmstudio.experiment.lesson_file import MOST_BYTES
from fmstudio.experiment.lesson_reader import setting_paths
from fmstudio.experiment.lessons import FIRST, Condition, Lesson, lesson, lesson_problems, lessons, next_lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import to_mapping

COURSE = (
    "first-look",
    "untrained",
    "line",
    "learning-rate",
    "linear-regression-scratch",
    "linear-regression",
    "batches",
    "outliers",
    "softmax-scratch",
    "softmax",
    "cnn",
    "overfitting",
)
TEXTS: dict[str, Any] = {"title": "T", "summary": "Short.", "story": "S", "steps": ["one", "two"]}
GOOD: dict[str, Any] = {"order": 2, "minutes": 3, "spec": {"version": 1, "epochs": 3}, "texts": {"en": TEXTS}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of lessons that takes the place of those that ship."""
    made = tmp_path / "shipped" / "lessons"
    made.mkdir(parents=True)
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / "shipped" / name)
    return made


@pytest.fixture
def own() -> Path:
    """The folder of the user's own lessons."""
    made = paths.lessons_folder()
    made.mkdir(parents=True)
    return made


class TestShipped:
    def test_they_are_the_course_and_none_is_broken(self) -> None:
        assert tuple(one.id for one in lessons()) == COURSE
        assert lesson_problems() == ()

    def test_first_look_is_what_the_contract_says(self) -> None:
        spec = lesson(FIRST).spec
        assert (spec.architecture, spec.optimizer, spec.schedule) == (Cnn(), Adam(lr=0.01), OneCycle())
        assert (spec.dataset.normalise, spec.batch_size, spec.shuffle, spec.epochs) == (True, 128, True, 2)  # type: ignore[attr-defined]

    def test_the_cnn_lesson_is_that_of_the_course(self) -> None:
        spec = lesson("cnn").spec
        assert (spec.architecture, spec.optimizer, spec.schedule) == (Cnn(), Adam(lr=0.01), Constant())
        assert (spec.dataset.normalise, spec.batch_size, spec.shuffle, spec.epochs) == (False, 100, False, 2)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            (
                "linear-regression-scratch",
                {
                    "dataset.w": [2, -3.4],
                    "dataset.b": 4.2,
                    "dataset.noise": 0.1,
                    "dataset.n": 10_000,
                    "architecture.kind": "linear-regression-scratch",
                    "loss.half": True,
                    "loss.reduction": "sum",
                    "optimizer.kind": "sgd-scratch",
                    "optimizer.lr": 0.03,
                    "batch_size": 10,
                    "epochs": 10,
                },
            ),
            ("linear-regression", {"loss.kind": "mse", "optimizer.kind": "sgd", "optimizer.lr": 0.03, "epochs": 3}),
            (
                "line",
                {"dataset.n": 50, "dataset.noise": 0, "optimizer.lr": 1e-3, "batch_size": "all", "epochs": 30_000},
            ),
            ("softmax-scratch", {"optimizer.kind": "sgd-scratch", "batch_size": 256, "epochs": 10}),
            ("softmax", {"optimizer.lr": 0.1, "batch_size": 256, "epochs": 10, "initial_weights.deviation": 0.01}),
        ],
    )
    def test_the_lessons_of_the_textbook_have_its_settings(self, name: str, wanted: dict[str, Any]) -> None:
        draft = lesson(name).draft
        assert {path: get(draft, path) for path in wanted} == wanted

    @pytest.mark.parametrize("language", ["en", "zh_CN"])
    def test_all_have_what_a_lesson_needs(self, language: str) -> None:
        words.set_language(language)
        for one in lessons():
            assert one.title
            assert one.summary
            assert 100 < len(one.story) < 3000
            assert len(one.steps) == len(one.places) == 3
            assert 1 <= one.minutes <= 10
            assert one.goal
            assert len(one.questions) >= 2
            assert one.spec.name
            assert read_spec(one.draft) == one.spec

    def test_each_is_told_in_both_languages(self) -> None:
        english = {one.id: one for one in lessons()}
        words.set_language("zh_CN")
        for one in lessons():
            other = english[one.id]
            assert one.spec == other.spec
            assert (one.places, one.goal, one.shows) == (other.places, other.goal, other.shows)
            assert len(one.questions) == len(other.questions)
            assert [one.trial(index) for index in range(len(one.tries))] == [
                other.trial(index) for index in range(len(other.tries))
            ]
            told = [one.title, one.story, *one.steps, *(each.title for each in one.tries[:1])]
            told += [text for each in one.questions for text in (each.question, each.answer)]
            assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in told)

    def test_every_try_can_be_run_and_changes_something_or_starts_the_lesson(self) -> None:
        for one in lessons():
            drafts = [changed(one.draft, one.trial(index)) for index in range(len(one.tries))]
            assert len({str(read_spec(draft)) for draft in drafts}) == len(one.tries)

    def test_the_runs_of_different_lessons_have_different_names(self) -> None:
        assert len({one.spec.name for one in lessons()}) == len(lessons())


class TestTries:
    def test_one_takes_back_what_another_changed(self) -> None:
        batches = lesson("batches")
        draft = changed(batches.draft, batches.trial(3))
        assert get(draft, "epochs") == 200
        draft = changed(draft, batches.trial(1))
        assert (get(draft, "batch_size"), get(draft, "epochs")) == (1, 3)

    def test_the_lesson_can_be_had_back_with_all_settings_of_a_kind(self) -> None:
        outliers = lesson("outliers")
        draft = changed(changed(outliers.draft, outliers.trial(2)), [("device", "cpu")])
        assert get(draft, "loss.kind") == "huber"
        assert changed(draft, outliers.untried) == {**to_mapping(outliers.spec), "device": "cpu"}


class TestChoosing:
    def test_a_lesson_that_is_not_there_is_named_with_those_that_are(self) -> None:
        with pytest.raises(UserError) as raised:
            lesson("first-lok")
        assert raised.value.message == "There is no lesson “first-lok”. Did you mean “first-look”?"
        assert "first-look, untrained" in raised.value.hint

    def test_each_leads_to_the_next(self) -> None:
        followers = [next_lesson(name) for name in COURSE]
        assert tuple(one.id for one in followers if one) == COURSE[1:]
        assert followers[-1] is None
        assert next_lesson("no-such-lesson") is None

    def test_what_is_shown(self) -> None:
        line = lesson("line")
        assert line.shows_setting("optimizer.lr")
        assert not line.shows_setting("optimizer")
        assert lesson("outliers").shows_setting("loss")
        assert lesson("outliers").shows_setting("loss.kind")
        assert lesson(FIRST).shows_setting("anything")


def put(folder: Path, content: bytes | str, name: str = "mine.json") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def with_(**values: Any) -> str:
    return json.dumps({**GOOD, **values})


def told(**values: Any) -> str:
    """A lesson with other English texts."""
    return with_(texts={"en": {**TEXTS, **values}})


def without(key: str) -> str:
    return json.dumps({name: value for name, value in GOOD.items() if name != key})


class TestReading:
    def test_the_least_that_a_lesson_needs(self, folder: Path) -> None:
        put(folder, json.dumps(GOOD))
        words.set_language("zh_CN")
        (found,) = lessons()
        assert (found.id, found.title, found.steps, found.minutes) == ("mine", "T", ("one", "two"), 3)
        assert found.spec.epochs == 3
        assert (found.places, found.place(1), found.place(9)) == (("", ""), "", "")
        assert (found.questions, found.goal, found.tries, found.shows, found.untried) == ((), (), (), (), ())

    def test_everything_that_a_lesson_can_have(self, folder: Path) -> None:
        told = {
            **TEXTS,
            "story": ["One.", "Two."],
            "steps": ["one", {"text": "two", "place": "optimizer.lr"}],
            "questions": [{"question": "Why?", "answer": "So."}],
        }
        content = with_(
            texts={"en": told},
            shows=["optimizer.lr", "loss"],
            goal=[
                {"figure": "test_accuracy", "at_least": 0.7, "at_most": 1},
                {"figure": "status", "is": "finished"},
            ],
            tries=[
                {"title": {"en": "Larger", "de": "Größer"}, "changes": {"optimizer.lr": 0.1}},
                {"title": "SGD", "changes": {"optimizer.kind": "sgd", "optimizer.momentum": 0.9}},
            ],
        )
        put(folder, "\ufeff" + content)
        (found,) = lessons()
        assert found.story == "One.\n\nTwo."
        assert (found.steps, found.places, found.place(2)) == (("one", "two"), ("", "optimizer.lr"), "optimizer.lr")
        assert [(each.question, each.answer) for each in found.questions] == [("Why?", "So.")]
        assert found.shows == ("optimizer.lr", "loss.kind")
        assert found.goal == (
            Condition("test_accuracy", at_least=0.7, at_most=1),
            Condition("status", status="finished"),
        )
        assert [each.title for each in found.tries] == ["Larger", "SGD"]
        assert found.tries[1].changes == (("optimizer.kind", "sgd"), ("optimizer.momentum", 0.9))

    def test_told_in_one_other_language_it_is_read_in_all(self, folder: Path) -> None:
        put(folder, with_(texts={"de": {**TEXTS, "title": "Titel"}}))
        assert lessons()[0].title == "Titel"
        words.set_language("zh_CN")
        assert lessons()[0].title == "Titel"

    def test_a_file_that_was_changed_is_read_again(self, folder: Path) -> None:
        put(folder, told(title="First"))
        assert lessons()[0].title == "First"
        put(folder, told(title="The second"))
        assert lessons()[0].title == "The second"

    def test_files_that_are_none_of_ours_are_left_alone(self, folder: Path) -> None:
        for name in (".mine.json", "._mine.json", "mine.json~", "notes.txt"):
            put(folder, "{", name)
        assert (lessons(), lesson_problems()) == ((), ())

    def test_every_setting_can_be_shown(self) -> None:
        known = setting_paths()
        assert {"epochs", "optimizer.kind", "optimizer.lr", "dataset.w", "loss.half", "batch_size"} <= set(known)
        assert "version" not in known


class TestOwn:
    def test_they_stand_beside_those_that_ship(self, own: Path) -> None:
        put(own, with_(order=5))
        assert [one.id for one in lessons()][:3] == ["first-look", "mine", "untrained"]
        assert next_lesson("first-look") == lesson("mine")

    def test_the_shipped_one_of_the_same_name_counts(self, own: Path) -> None:
        path = put(own, json.dumps(GOOD), "cnn.json")
        assert lesson("cnn").minutes == 3
        assert lesson("cnn").title == "A convolutional network"
        (problem,) = lesson_problems()
        assert "cnn.json" in problem.message
        assert "give the file another name" in problem.message
        assert str(path) in problem.hint


def problem_of(folder: Path, content: bytes | str) -> str:
    """What is said of the only lesson file."""
    path = put(folder, content, "broken.json")
    put(folder, json.dumps(GOOD), "good.json")
    assert [one.id for one in lessons()] == ["good"]
    (problem,) = lesson_problems()
    assert problem.message.startswith("The lesson broken.json cannot be used:")
    assert problem.hint == f"Correct the file, or remove it: {path}"
    return problem.message.removeprefix("The lesson broken.json cannot be used:").strip()


MISTAKES: list[tuple[bytes | str, str]] = [
    (b"", "line 1, column 1: a value is missing"),
    (b'{\n"a": 1,\n"b": \xff}', "line 3: must be saved as UTF-8 text"),
    ("{}".encode("utf-16"), "line 1: must be saved as UTF-8 text"),
    (b'{"order": 1', "line 1, column 12: a comma or a closing bracket is missing"),
    (b'{\n  "order": 1\n  "minutes": 2}', "line 3, column 3: a comma or a closing bracket is missing"),
    (b'{"order" 1}', "line 1, column 10: a colon is missing"),
    (b'{"order: 1}', "line 1, column 2: the text that begins here has no closing quote"),
    (b'{"order": "a\nb"}', "line 1, column 13: a text must stand on one line: write \\n for a new one"),
    (b"{order: 1}", "a name in double quotes is missing"),
    (b'{"order": "\\d"}', "a backslash in a text must be written twice"),
    (b"{} {}", "line 1, column 4: there is more after the end of the lesson"),
    (b'{"order": 1, "order": 2}', "order: stands twice in the same object"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"order": ' + b"1" * 5000 + b"}", "a number that is too long"),
    (b"[]", "must be an object in braces"),
    (b"null", "must be an object in braces"),
    (without("order"), "order: is missing"),
    (without("minutes"), "minutes: is missing"),
    (without("spec"), "spec: is missing"),
    (without("texts"), "texts: is missing"),
    (with_(minuts=3), "minuts: there is no such part. Did you mean “minutes”?"),
    (with_(order="first"), "order: must be a whole number from"),
    (with_(order=1.5), "order: must be a whole number"),
    (with_(minutes=True), "minutes: must be a whole number from 1 to 600"),
    (with_(minutes=0), "minutes: must be a whole number from 1 to 600"),
    (with_(texts=[]), "texts: must be an object in braces, with a language"),
    (with_(texts={}), "texts: must be an object in braces, with a language"),
    (with_(texts={"English": TEXTS}), "texts.English: must be the name of a language: en, zh_CN"),
    (with_(texts={"en": []}), "texts.en: must be an object in braces, with “title”, “summary”"),
    (with_(texts={"en": TEXTS, "zh_CN": {**TEXTS, "title": 3}}), "texts.zh_CN.title: must be a text in quotes"),
    (with_(texts={"en": {"title": "T", "summary": "S", "steps": ["s"]}}), "texts.en.story: is missing"),
    (told(titel="T"), "texts.en.titel: there is no such part. Did you mean “title”?"),
    (told(title="T\nT"), "texts.en.title: must be a single line"),
    (told(title=" "), "texts.en.title: must not be empty"),
    (told(title="T" * 81), "texts.en.title: is too long: 81 letters, at most 80"),
    (told(title="\ud800"), "texts.en.title: has a character that cannot be shown"),
    (told(story=["a", 3]), "texts.en.story[1]: must be a text in quotes"),
    (told(story=[]), "texts.en.story: must not be empty"),
    (told(steps=3), "texts.en.steps: must be a list in square brackets"),
    (told(steps=[]), "texts.en.steps: must be a list with at least one sentence"),
    (told(steps=["a", "b", None]), "texts.en.steps[2]: must be a text in quotes"),
    (told(steps=[{"text": "a"}]), "texts.en.steps[0].place: is missing"),
    (told(steps=[{"text": "a", "place": "over there"}]), "texts.en.steps[0].place: must be a page or the name of"),
    (told(questions=[{"question": "Q"}]), "texts.en.questions[0].answer: is missing"),
    (with_(spec=[]), "spec: must be an object with settings"),
    (with_(spec={"version": 2}), "spec.version: this program reads version 1"),
    (with_(spec={"epochs": 0}), "spec.epochs: must be at least 1"),
    (with_(spec={"epoch": 1}), "spec.epoch: there is no such setting. Did you mean “epochs”?"),
    (with_(spec={"optimizer": {"kind": "adamm"}}), "spec.optimizer.kind: must be one of: sgd"),
    (with_(spec={"optimizer": {"kind": "sgd", "lr": 0}}), "spec.optimizer.lr: must be greater than 0"),
    (with_(shows="epochs"), "shows: must be a list in square brackets"),
    (with_(shows=["epochs", "optimizer.rl"]), "shows[1]: must be the path of a setting: optimizer.lr. Did you mean"),
    (with_(shows=[3]), "shows[0]: must be the path of a setting: optimizer.lr"),
    (with_(goal={}), "goal: must be a list in square brackets"),
    (with_(goal=[{"figure": "accuracy", "at_least": 1}]), "goal[0].figure: must be one of: test_accuracy"),
    (with_(goal=[{"figure": "test_loss"}]), "goal[0]: needs “at_least” or “at_most”"),
    (with_(goal=[{"figure": "gap", "at_least": "x"}]), "goal[0].at_least: must be a number, with a point"),
    (with_(goal=[{"figure": "gap", "at_least": float("nan")}]), "goal[0].at_least: must be a number, with a point"),
    (with_(goal=[{"figure": "gap", "atleast": 1}]), "goal[0].atleast: there is no such part. Did you mean “at_least”?"),
    (with_(goal=[{"figure": "status", "at_least": 1}]), "goal[0]: needs “is” and no limits"),
    (with_(goal=[{"figure": "status", "is": "done"}]), "goal[0].is: must be one of: finished, stopped, failed"),
    (with_(tries=[{"title": "T"}]), "tries[0].changes: is missing"),
    (with_(tries=[{"title": "T", "changes": {}}]), "tries[0].changes: must be an object with settings"),
    (
        with_(tries=[{"title": {}, "changes": {"epochs": 1}}]),
        "tries[0].title: must be an object in braces, with a lang",
    ),
    (with_(tries=[{"title": "T", "changes": {"optimizer.lr": -1}}]), "tries[0].changes.optimizer.lr: must be greater"),
    (with_(tries=[{"title": "T", "changes": {"optimizer.x": 1}}]), "tries[0].changes.optimizer.x: must be the path of"),
]


class TestMistakes:
    @pytest.mark.parametrize(("content", "said"), MISTAKES)
    def test_each_is_named_with_its_place_and_hides_nothing_else(
        self, folder: Path, content: bytes | str, said: str
    ) -> None:
        assert said in problem_of(folder, content)

    def test_all_are_told_at_once(self, folder: Path) -> None:
        content = json.dumps(
            {"minutes": 0, "spec": {"epochs": 0, "seed": -1}, "texts": {"en": {**TEXTS, "steps": [1]}}}
        )
        lines = problem_of(folder, content).splitlines()
        places = [line.partition(":")[0] for line in lines]
        assert sorted(places) == ["minutes", "order", "spec.epochs", "spec.seed", "texts.en.steps[0]"]

    def test_of_very_many_some_are_told(self, folder: Path) -> None:
        lines = problem_of(folder, told(steps=[0] * 500)).splitlines()
        assert len(lines) == 21
        assert lines[-1] == "… and 480 more"

    def test_a_file_of_ten_megabytes_is_not_even_read(self, folder: Path) -> None:
        said = problem_of(folder, told(story="x" * 10_000_000))
        assert said.startswith("is too large: 10,000,")
        assert f"at most {MOST_BYTES:,}" in said

    @pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
    def test_a_file_that_cannot_be_opened_is_named(self, folder: Path, make: Callable[[Path], None]) -> None:
        make(folder / "broken.json")
        (problem,) = lesson_problems()
        assert "broken.json" in problem.message
        assert lessons() == ()

    def test_who_asks_for_a_broken_lesson_is_told_why(self, own: Path) -> None:
        put(own, with_(minutes=0), "broken.json")
        with pytest.raises(UserError, match=r"minutes: must be a whole number from 1 to 600"):
            lesson("broken")

    def test_a_lesson_is_a_value(self) -> None:
        first = lesson(FIRST)
        assert isinstance(first, Lesson)
        assert first == lesson(FIRST)
        assert first.draft == to_mapping(first.spec)
