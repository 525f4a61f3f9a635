"""Reads a lesson out of JSON values, strictly: all that is wrong is told at once, each with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lesson import FIGURES, STATUSES, Condition, Lesson, Question, Try
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, ExperimentSpec, to_mapping
from fmstudio.experiment.strict import StrictReader, Values
from fmstudio.schema.choice import joined
from fmstudio.schema.problem import InvalidSpecError, Problem, near_miss
from fmstudio.schema.setting import settings_of
from fmstudio.words import language, tr

_NEEDED = ("order", "minutes", "spec", "texts")
_ALLOWED = ("shows", "goal", "tries")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
_PLACE = re.compile(r"[A-Za-z][\w.:-]{0,59}")
_TITLE, _SUMMARY, _SENTENCE, _PARAGRAPHS = 80, 160, 300, 12_000
"""How many letters a text may have at most."""
V = TypeVar("V")


@dataclass(frozen=True)
class _Told:
    """The texts of a lesson in one language."""

    title: str
    summary: str
    story: str
    steps: tuple[str, ...]
    places: tuple[str, ...]
    questions: tuple[Question, ...]


def read_lesson(name: str, values: object) -> Lesson:
    """Make a lesson of JSON values.

    Args:
        name: Its id.
        values: What the file holds.

    Raises:
        InvalidSpecError: With every problem, each at its place: ``texts.en.steps[2]``.
    """
    reader = StrictReader()
    parts = reader.parts(values, "", _NEEDED, _ALLOWED)
    order = reader.whole(parts["order"], "order", -100_000, 100_000) if "order" in parts else 0
    minutes = reader.whole(parts["minutes"], "minutes", 1, 600) if "minutes" in parts else 1
    told = _all_told(reader, parts["texts"]) if "texts" in parts else {}
    spec = _spec(reader, parts["spec"]) if "spec" in parts else None
    shows = tuple(_path(reader, one, place) for one, place in reader.items(parts.get("shows"), "shows"))
    goal = tuple(_condition(reader, one, place) for one, place in reader.items(parts.get("goal"), "goal"))
    tries = tuple(_try(reader, one, place, spec) for one, place in reader.items(parts.get("tries"), "tries"))
    reader.finish()
    if spec is None:
        raise InvalidSpecError([Problem("spec", tr("is missing"))])
    chosen = _spoken(told)
    return Lesson(
        id=name,
        title=chosen.title,
        summary=chosen.summary,
        story=chosen.story,
        steps=chosen.steps,
        minutes=minutes,
        order=order,
        spec=spec,
        places=chosen.places,
        questions=chosen.questions,
        shows=shows,
        goal=goal,
        tries=tries,
    )


def setting_paths() -> tuple[str, ...]:
    """The path of every setting that there is, whatever is chosen."""
    paths = dict.fromkeys(setting.name for setting in settings_of(ExperimentSpec))
    for key, table in TABLES.items():
        paths[f"{key}.kind"] = None
        paths.update((f"{key}.{setting.name}", None) for choice in table.values() for setting in settings_of(choice))
    return tuple(paths)


def _spoken(by_language: Mapping[str, V]) -> V:
    """The user's language where it is there, else English, else the first one."""
    wanted = (language(), "en", *by_language)
    return next(by_language[code] for code in wanted if code in by_language)


def _all_told(reader: StrictReader, value: object) -> Mapping[str, _Told]:
    return {code: _told(reader, texts, f"texts.{code}") for code, texts in _by_language(reader, value, "texts").items()}


def _by_language(reader: StrictReader, value: object, place: str) -> Values:
    if not isinstance(value, Mapping) or not value:
        reader.wrong(place, tr("must be an object in braces, with a language: {example}", example='{"en": …}'))
        return {}
    for code in value:
        if not _LANGUAGE.fullmatch(code):
            reader.wrong(joined(place, code), tr("must be the name of a language: en, zh_CN"))
    return value


def _told(reader: StrictReader, value: object, place: str) -> _Told:
    parts = reader.parts(value, place, ("title", "summary", "story", "steps"), ("questions",))
    texts = {
        name: reader.text(parts[name], f"{place}.{name}", most) if name in parts else ""
        for name, most in (("title", _TITLE), ("summary", _SUMMARY))
    }
    if "steps" in parts and parts["steps"] in (None, []):
        reader.wrong(f"{place}.steps", tr("must be a list with at least one sentence"))
    steps = [_step(reader, one, at) for one, at in reader.items(parts.get("steps"), f"{place}.steps")]
    asked = reader.items(parts.get("questions"), f"{place}.questions")
    return _Told(
        title=texts["title"],
        summary=texts["summary"],
        story=_paragraphs(reader, parts["story"], f"{place}.story") if "story" in parts else "",
        steps=tuple(text for text, _ in steps),
        places=tuple(spot for _, spot in steps),
        questions=tuple(_question(reader, one, at) for one, at in asked),
    )


def _paragraphs(reader: StrictReader, value: object, place: str) -> str:
    """A text, or a list of its paragraphs, which is easier to write."""
    if not isinstance(value, list):
        return reader.text(value, place, _PARAGRAPHS, lines=True)
    if not value:
        reader.wrong(place, tr("must not be empty"))
    return "\n\n".join(reader.text(one, at, _PARAGRAPHS, lines=True) for one, at in reader.items(value, place))


def _step(reader: StrictReader, value: object, place: str) -> tuple[str, str]:
    """The sentence of a step, and the spot in the window that it speaks of."""
    if not isinstance(value, Mapping):
        return reader.text(value, place, _SENTENCE), ""
    parts = reader.parts(value, place, ("text", "place"))
    spot = parts.get("place", "results")
    if not isinstance(spot, str) or not _PLACE.fullmatch(spot):
        reader.wrong(f"{place}.place", tr("must be a page or the name of a widget: results, trainButton"))
        spot = ""
    return reader.text(parts["text"], f"{place}.text", _SENTENCE) if "text" in parts else "", spot


def _question(reader: StrictReader, value: object, place: str) -> Question:
    parts = reader.parts(value, place, ("question", "answer"))
    question = reader.text(parts["question"], f"{place}.question", _SENTENCE) if "question" in parts else ""
    return Question(question, _paragraphs(reader, parts["answer"], f"{place}.answer") if "answer" in parts else "")


def _spec(reader: StrictReader, value: object) -> ExperimentSpec | None:
    if not isinstance(value, Mapping):
        reader.wrong("spec", tr("must be an object with settings: {example}", example='{"epochs": 2}'))
        return None
    try:
        return read_spec(value)
    except InvalidSpecError as error:
        reader.problems += [Problem(joined("spec", one.path), one.message) for one in error.problems]
        return None


def _path(reader: StrictReader, value: object, place: str) -> str:
    """The path of a setting; the name of a table stands for its kind."""
    if isinstance(value, str) and value in TABLES:
        return f"{value}.kind"
    if not isinstance(value, str) or value not in setting_paths():
        hint = near_miss(value, setting_paths()) if isinstance(value, str) else ""
        reader.wrong(place, tr("must be the path of a setting: optimizer.lr") + (f".{hint}" if hint else ""))
        return ""
    return value


def _condition(reader: StrictReader, value: object, place: str) -> Condition:
    parts = reader.parts(value, place, ("figure",), ("at_least", "at_most", "is"))
    figure = reader.option(parts["figure"], f"{place}.figure", FIGURES) if "figure" in parts else ""
    limits = {name: reader.number(parts[name], f"{place}.{name}") for name in ("at_least", "at_most") if name in parts}
    status = reader.option(parts["is"], f"{place}.is", STATUSES) if "is" in parts else ""
    if figure == "status" and (limits or "is" not in parts):
        reader.wrong(place, tr("needs “is” and no limits: {example}", example='{"figure": "status", "is": "finished"}'))
    elif figure and figure != "status" and ("is" in parts or not limits):
        example = f'{{"figure": "{figure}", "at_least": 0.7}}'
        reader.wrong(place, tr("needs “at_least” or “at_most”: {example}", example=example))
    return Condition(figure, limits.get("at_least"), limits.get("at_most"), status)


def _try(reader: StrictReader, value: object, place: str, spec: ExperimentSpec | None) -> Try:
    parts = reader.parts(value, place, ("title", "changes"))
    title = _title(reader, parts["title"], f"{place}.title") if "title" in parts else ""
    changes = parts.get("changes", {})
    at = f"{place}.changes"
    if not isinstance(changes, Mapping) or ("changes" in parts and not changes):
        reader.wrong(at, tr("must be an object with settings: {example}", example='{"optimizer.lr": 0.1}'))
        return Try(title, ())
    pairs = [(_path(reader, path, joined(at, path)), setting) for path, setting in changes.items()]
    if spec is not None and all(path for path, _ in pairs):
        _fit(reader, to_mapping(spec), pairs, at)
    return Try(title, tuple(pairs))


def _fit(reader: StrictReader, draft: Mapping[str, Any], pairs: list[tuple[str, Any]], place: str) -> None:
    """Note what cannot be run after the changes."""
    try:
        read_spec(changed(draft, pairs))
    except InvalidSpecError as error:
        reader.problems += [Problem(joined(place, one.path), one.message) for one in error.problems]


def _title(reader: StrictReader, value: object, place: str) -> str:
    """A title, or one for each language."""
    if isinstance(value, str):
        return reader.text(value, place, _TITLE)
    told = _by_language(reader, value, place)
    titles = {code: reader.text(text, joined(place, code), _TITLE) for code, text in told.items()}
    return _spoken(titles) if titles else ""
