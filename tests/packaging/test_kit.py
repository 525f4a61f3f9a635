"""The folder for a USB stick, its pages and drawings."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from building import drawings, kit, lesson_pages, pages
from building.checksums import faults
from building.version import version
from building.words import BuildError

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "resources" / "lessons"
VERSION = version()


class Links(HTMLParser):
    """What a page refers to, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself stays open nowhere."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def links(text: str) -> list[str]:
    """What a page refers to."""
    parser = Links()
    parser.feed(text)
    assert parser.open == []
    return parser.targets


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """Two installers of this version, and things that are none."""
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in (
        f"fmstudio_{VERSION}_amd64.deb",
        f"fmstudio-{VERSION}-py3-none-any.whl",
        f"fmstudio-{VERSION}.tar.gz",
        f"fmstudio-{VERSION}9-windows-x64.exe",
        "fmstudio-0.0.9-macos-arm64.dmg",
    ):
        (folder / name).write_bytes(name.encode() * 100_000)
    return folder


def test_the_kit_holds_what_there_is_and_says_what_there_is_not(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kit.main(["--dist", str(dist)]) == 0
    folder = dist / f"fmstudio-{VERSION}-class-kit"
    top = {path.name for path in folder.iterdir()}
    deb = f"fmstudio-{VERSION}-for-Debian-and-Ubuntu.deb"
    assert top == {deb, "for-Python", "lessons", "SHA256SUMS", "START.html"}
    assert (folder / "for-Python" / f"fmstudio-{VERSION}-py3-none-any.whl").is_file()
    assert faults(folder) == []
    said = capsys.readouterr().out
    for system in ("Windows", "Macs (Apple silicon)", "any Linux"):
        assert f"the file for {system}" in said


def test_every_link_of_every_page_leads_to_a_file_in_the_kit(dist: Path) -> None:
    kit.make_kit(dist, dist / "kit", LESSONS)
    pages_ = list((dist / "kit").rglob("*.html"))
    assert len(pages_) == 2 + len(list(LESSONS.glob("*.json")))
    for path in pages_:
        for target in links(path.read_text(encoding="utf-8")):
            assert (path.parent / target).is_file(), (path, target)


def test_the_start_page_offers_what_is_there(dist: Path) -> None:
    kit.make_kit(dist, dist / "kit", LESSONS)
    text = (dist / "kit" / "START.html").read_text(encoding="utf-8")
    assert f"sudo apt install ./fmstudio-{VERSION}-for-Debian-and-Ubuntu.deb" in text
    assert "The file for Windows is not in this kit." in text
    assert "本套件中没有适用于 Windows 的文件。" in text
    assert "More info" not in text  # how to install what is not there
    assert not re.search(r"@[a-z]+:[a-z]+", text)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_with_all_installers_the_drawings_are_in_the_page() -> None:
    packed = [kit.Packed(one, f"x{one.endings[0]}", 10**8, "0" * 64) for one in kit.INSTALLERS]
    text = kit.start_page(packed, 12)
    assert links(text)
    for name in drawings.DIALOGS:
        for language in drawings.LANGUAGES:
            assert drawings.svg(name, language).strip() in text
    assert "12 lessons" in text
    assert "not in this kit" not in text


def test_a_second_kit_takes_the_place_of_the_first_but_of_nothing_else(dist: Path, tmp_path: Path) -> None:
    kit.make_kit(dist, tmp_path / "kit", LESSONS)
    (tmp_path / "kit" / "old.deb").touch()
    kit.make_kit(dist, tmp_path / "kit", LESSONS)
    assert not (tmp_path / "kit" / "old.deb").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(BuildError, match="is no kit"):
        kit.make_kit(dist, tmp_path / "mine", LESSONS)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_without_any_installer_there_is_no_kit(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=f"There is no installer of fmstudio {re.escape(VERSION)}"):
        kit.make_kit(tmp_path, tmp_path / "kit", LESSONS)
    assert not (tmp_path / "kit").exists()


def test_lessons_are_shown_in_both_languages_with_all_their_texts() -> None:
    for lesson in lesson_pages.read_lessons(LESSONS):
        text = lesson_pages.lesson_page(lesson)
        links(text)
        for told in lesson.texts.values():
            assert told["title"] in text
            assert text.count("<li>") >= len(told["steps"])
            assert text.count("<details>") >= len(told["questions"])
        assert "**" not in text


def test_the_lessons_stand_in_the_order_of_the_course() -> None:
    found = lesson_pages.read_lessons(LESSONS)
    orders = [json.loads((LESSONS / f"{one.id}.json").read_text(encoding="utf-8"))["order"] for one in found]
    assert orders == sorted(orders)
    listed = [link for link in links(lesson_pages.index_page(found)) if not link.startswith("..")]
    assert listed == [f"{one.id}.html" for one in found] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** *c*", "<p>a <b>b</b> <i>c</i></p>"),
        ("2 * 3 * 4 < 5 & `x*y*`", "<p>2 * 3 * 4 &lt; 5 &amp; <code>x*y*</code></p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("one\n\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("<script>", "<p>&lt;script&gt;</p>"),
    ],
)
def test_the_stories_become_html(text: str, expected: str) -> None:
    assert pages.paragraphs(text) == expected


def test_the_drawings_are_as_they_are_drawn_and_say_what_they_are() -> None:
    names = {path.name for path in drawings.FOLDER.iterdir()}
    assert names == {drawings.file_name(name, code) for name in drawings.DIALOGS for code in drawings.LANGUAGES}
    for name in drawings.DIALOGS:
        for code in drawings.LANGUAGES:
            text = drawings.svg(name, code)
            assert (drawings.FOLDER / drawings.file_name(name, code)).read_text(encoding="utf-8") == text
            assert ElementTree.fromstring(text).tag.endswith("svg")
            assert ("not a screenshot" if code == "en" else "并非屏幕截图") in text
