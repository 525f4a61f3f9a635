"""The lessons as pages to read and to print, and as the files that the program reads."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from building.pages import inline, page, paragraphs

LANGUAGES = {"en": "en", "zh_CN": "zh-Hans"}
"""The languages of the lessons, and what browsers call them."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"steps": "Step by step", "tries": "Try", "questions": "Questions", "all": "All lessons", "time": "min"},
    "zh_CN": {"steps": "步骤", "tries": "试一试", "questions": "问题", "all": "全部课程", "time": "分钟"},
}


@dataclass(frozen=True)
class LessonText:
    """A lesson as its file says it.

    Attributes:
        id: The name of the file.
        order: Its place in the course.
        minutes: How long it takes.
        texts: By language.
        tries: What it offers to try, each title by language.
    """

    id: str
    order: int
    minutes: int
    texts: Mapping[str, Any]
    tries: Sequence[Mapping[str, str]]


def read_lessons(folder: Path) -> list[LessonText]:
    """The lessons in a folder, in the order of the course."""
    return sorted((_read(path) for path in folder.glob("*.json")), key=lambda lesson: (lesson.order, lesson.id))


def _read(path: Path) -> LessonText:
    values = json.loads(path.read_text(encoding="utf-8"))
    tries = [one["title"] for one in values.get("tries", []) if isinstance(one.get("title"), dict)]
    return LessonText(path.stem, values["order"], values["minutes"], values["texts"], tries)


def write_lessons(lessons: Path, to: Path) -> int:
    """Write an index, a page for each lesson, and the lessons' own files; returns how many lessons there are.

    Args:
        lessons: The folder of the JSON files.
        to: The folder that gets all that.
    """
    (to / "files").mkdir(parents=True, exist_ok=True)
    found = read_lessons(lessons)
    for lesson in found:
        (to / f"{lesson.id}.html").write_text(lesson_page(lesson), encoding="utf-8", newline="\n")
        shutil.copyfile(lessons / f"{lesson.id}.json", to / "files" / f"{lesson.id}.json")
    (to / "index.html").write_text(index_page(found), encoding="utf-8", newline="\n")
    return len(found)


def index_page(lessons: Sequence[LessonText]) -> str:
    """The list of all lessons."""
    parts = []
    for code, language in LANGUAGES.items():
        rows = "".join(_row(lesson, code) for lesson in lessons)
        parts.append(f'<section lang="{language}"><ol>{rows}</ol></section>')
    back = '<p><a href="../START.html">fmstudio</a></p>'
    under = {"en": "To read, to print, and in the program.", "zh-Hans": "可阅读，可打印，程序里也有。"}
    return page("Lessons · 课程", under, "\n".join([*parts, back]))


def _row(lesson: LessonText, code: str) -> str:
    told = _told(lesson, code)
    time = f'<span class="quiet">{lesson.minutes} {WORDS[code]["time"]}</span>'
    return f'<li><a href="{lesson.id}.html">{escape(told["title"])}</a> {time}<br>{escape(told["summary"])}</li>'


def lesson_page(lesson: LessonText) -> str:
    """A lesson, in both languages."""
    titles = " · ".join(dict.fromkeys(escape(_told(lesson, code)["title"]) for code in LANGUAGES))
    under = {
        language: f"{escape(_told(lesson, code)['summary'])} · {lesson.minutes} {WORDS[code]['time']}"
        for code, language in LANGUAGES.items()
    }
    parts = [f'<section lang="{language}">{_body(lesson, code)}</section>' for code, language in LANGUAGES.items()]
    links = "".join(
        f'<p lang="{language}"><a href="index.html">{WORDS[code]["all"]}</a></p>'
        for code, language in LANGUAGES.items()
    )
    return page(titles, under, "\n".join([*parts, links]))


def _told(lesson: LessonText, code: str) -> Mapping[str, Any]:
    """The lesson's texts in a language, else in English, else in any."""
    found: Mapping[str, Any] = lesson.texts.get(code) or lesson.texts.get("en") or next(iter(lesson.texts.values()))
    return found


def _body(lesson: LessonText, code: str) -> str:
    told, words = _told(lesson, code), WORDS[code]
    steps = (step["text"] if isinstance(step, dict) else step for step in told["steps"])
    parts = [paragraphs(_joined(told["story"])), f"<h3>{words['steps']}</h3>"]
    parts.append("<ol>" + "".join(f"<li>{inline(step)}</li>" for step in steps) + "</ol>")
    if lesson.tries:
        titles = "".join(f"<li>{escape(title.get(code) or title.get('en', ''))}</li>" for title in lesson.tries)
        parts.append(f"<h3>{words['tries']}</h3><ul>{titles}</ul>")
    if told.get("questions"):
        parts.append(f"<h3>{words['questions']}</h3>" + "".join(map(_question, told["questions"])))
    return "\n".join(parts)


def _question(values: Mapping[str, Any]) -> str:
    answer = paragraphs(_joined(values["answer"]))
    return f"<details><summary>{inline(values['question'])}</summary>{answer}</details>"


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "\n\n".join(text)
