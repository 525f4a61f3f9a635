"""What a Linux desktop is told of the program: menu, file types, software centre, manual, completion, icons."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from building import icons
from building.command_tree import Command, command_tree, walk
from building.completion import completions
from building.desktop import LINUX, Release, component
from building.manual import escaped, manual_page

from fmstudio.__main__ import spelled_out

ROOT = Path(__file__).resolve().parents[2]
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
LESSONS = ("first-look", "line")


@pytest.fixture(scope="module")
def program() -> Command:
    """The command line."""
    return command_tree()


@pytest.fixture(scope="module")
def entry() -> configparser.SectionProxy:
    """The menu entry."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read(LINUX / "fmstudio.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_menu_entry_starts_with_and_without_files(entry: configparser.SectionProxy) -> None:
    assert entry["Exec"] == "fmstudio %F"
    assert spelled_out([]) == []
    assert spelled_out(["/home/me/mine.fmspec"]) == ["open", "/home/me/mine.fmspec"]


def test_the_menu_entry_belongs_to_the_window(entry: configparser.SectionProxy) -> None:
    source = (ROOT / "fmstudio" / "ui" / "application.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("fmstudio")' in source
    assert entry["StartupWMClass"] == "fmstudio"


def test_menu_and_software_centre_claim_the_types_that_are_defined(entry: configparser.SectionProxy) -> None:
    root = ElementTree.parse(LINUX / "fmstudio-mime.xml").getroot()
    defined = {one.get("type") for one in root}
    told = ElementTree.fromstring(component(Release("1.2.3", "2026-01-31")))
    assert set(entry["MimeType"].rstrip(";").split(";")) == defined
    assert {one.text for one in told.iter("mediatype")} == defined
    assert {one.get("name") for one in root.iter(f"{MIME}icon")} == {icons.DOCUMENT}


def test_pictures_of_the_software_centre_exist_in_the_size_that_is_said() -> None:
    told = ElementTree.fromstring(component(Release("1.2.3", "2026-01-31", "https://page.example")))
    images = list(told.iter("image"))
    assert len(images) >= 4
    for image in images:
        address = image.text or ""
        assert address.startswith("https://page.example/raw/HEAD/packaging/screenshots/")
        header = (ROOT / "packaging" / "screenshots" / address.rpartition("/")[2]).read_bytes()[16:24]
        size = [int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")]
        assert size == [int(image.get("width", 0)), int(image.get("height", 0))]


def test_everything_that_people_read_is_there_in_chinese(entry: configparser.SectionProxy) -> None:
    assert all(re.search("[一-鿿]", entry[f"{key}[zh_CN]"]) for key in ("GenericName", "Comment", "Keywords"))
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    texts = [ElementTree.fromstring(component(Release("1.2.3", "2026-01-31")))]
    texts.append(ElementTree.parse(LINUX / "fmstudio-mime.xml").getroot())
    for kind in ("summary", "p", "li", "caption", f"{MIME}comment"):
        found = [one for text in texts for one in text.iter(kind)]
        assert found
        assert len([one for one in found if one.get(language) == "zh_CN"]) == len(found) / 2


TYPES = """
import sys
from PySide6.QtCore import QCoreApplication, QMimeDatabase
app = QCoreApplication([])
for path in sys.argv[1:]:
    print(QMimeDatabase().mimeTypeForFile(path).name())
"""


def test_file_managers_tell_recipes_lessons_and_runs_from_other_files(tmp_path: Path) -> None:
    (tmp_path / "mime" / "packages").mkdir(parents=True)
    shutil.copy(LINUX / "fmstudio-mime.xml", tmp_path / "mime" / "packages" / "fmstudio.xml")
    started = '{"event": "RunStarted", "run": "20260131-first-look", "name": "First look"}\n'
    files = {
        "mine.fmspec": ("{}", "application/x-fmstudio-recipe+json"),
        "mine.fmspec.json": ("{}", "application/x-fmstudio-recipe+json"),
        "mine.fmlesson": ("{}", "application/x-fmstudio-lesson+json"),
        "events.jsonl": (started, "application/x-fmstudio-run"),
        "other.json": ('{"event": "RunStarted"}', "application/json"),
        "words": ("events and runs", "text/plain"),
    }
    for name, (text, _) in files.items():
        (tmp_path / name).write_text(text)
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path / "none")}
    asked = subprocess.run(
        [sys.executable, "-c", TYPES, *(tmp_path / name for name in files)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(zip(files, asked.stdout.split(), strict=True)) == {name: kind for name, (_, kind) in files.items()}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("desktop-file-validate", [LINUX / "fmstudio.desktop"]), ("xmllint", ["--noout", LINUX / "fmstudio-mime.xml"])],
)
def test_the_desktops_own_tools_are_content(tool: str, arguments: list[object]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    asked = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout + asked.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstreamcli is not installed")
def test_the_software_centres_own_tool_is_content(tmp_path: Path) -> None:
    path = tmp_path / "org.fmstudio.fmstudio.metainfo.xml"
    path.write_text(component(Release("1.2.3", "2026-01-31")), encoding="utf-8")
    asked = subprocess.run(["appstreamcli", "validate", "--no-net", path], capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout


def test_the_manual_names_every_command_and_every_option(program: Command) -> None:
    page = manual_page(program, "1.2.3", "2026-01-31")
    for one in walk(program):
        if one.path:
            assert f".SS fmstudio {escaped(' '.join(one.path))}" in page
        assert all(escaped(name) in page for option in one.options for name in option.names)
    assert '"fmstudio 1.2.3"' in page
    assert not [line for line in page.splitlines() if line.startswith("'")]


def test_no_text_is_taken_for_a_request() -> None:
    assert escaped(".hidden\\file 'a' --b") == r"\&.hidden\efile \(aqa\(aq \-\-b"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_can_read_its_completion(shell: str, program: Command, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / shell
    path.write_text(completions(program, LESSONS)[shell], encoding="utf-8")
    asked = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fmstudio tr", {"train"}),
        ("fmstudio --lan", {"--language"}),
        ("fmstudio --language ", {"en", "zh_CN"}),
        ("fmstudio --theme dark l", {"lessons", "labels"}),
        ("fmstudio train fi", {"first-look"}),
        ("fmstudio train --set a=train l", {"line"}),
        ("fmstudio export RUN --as on", {"onnx"}),
        ("fmstudio runs sh", {"show"}),
        ("fmstudio runs show 2026", {"20260131-first-look", "20260201-line"}),
        ("fmstudio evaluate --split te", {"test"}),
        ("fmstudio runs show --j", {"--json"}),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_tab_offers_what_fits(shell: str, typed: str, offered: set[str], program: Command, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    for run in ("20260131-first-look", "20260201-line"):
        (tmp_path / "home" / "runs" / run).mkdir(parents=True)
    (tmp_path / "script").write_text(completions(program, LESSONS)[shell], encoding="utf-8")
    code = {
        "bash": 'source ./script; read -ra COMP_WORDS <<<"$1"; [[ $1 == *" " ]] && COMP_WORDS+=(""); '
        "compopt() { :; }; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
        "COMPREPLY=(); _fmstudio; printf '%s\\n' \"${COMPREPLY[@]}\"",
        "fish": "source ./script; complete -C $argv[2]",
    }[shell]
    environment = os.environ | {"FMSTUDIO_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    asked = subprocess.run(
        [shell, "-c", code, "fmstudio", typed],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {line.partition("\t")[0] for line in asked.stdout.splitlines()} == offered


def test_the_icon_is_sharp_where_it_is_small() -> None:
    image = icons.picture(icons.PROGRAM, 16)
    cells = {(x, y): {image.pixelColor(x + a, y + b).name() for a in (1, 2) for b in (1, 2)}
             for x in (1, 6, 11) for y in (1, 6, 11)}  # fmt: skip
    assert all(len(colours) == 1 for colours in cells.values())
    assert cells[1, 1] == cells[6, 6] == cells[11, 11] != cells[1, 11]
    assert image.pixelColor(0, 0).alpha() < 128


@pytest.mark.parametrize("name", [icons.PROGRAM, icons.DOCUMENT])
@pytest.mark.parametrize("size", icons.SIZES)
def test_icons_fill_their_size(name: str, size: int) -> None:
    image = icons.picture(name, size)
    assert (image.width(), image.height()) == (size, size)
    assert image.pixelColor(size // 2, size // 2).alpha() == 255
