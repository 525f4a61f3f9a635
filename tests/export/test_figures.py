"""Facts inside figures: put in and read back, and what hostile files can do: nothing."""

import io
import json
import math
import os
import struct
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from fmstudio import __version__
from fmstudio.export.drawings import KEYWORD, MOST_TEXT
from fmstudio.export.figures import (
    FigureFacts,
    facts_of,
    folder_of,
    read_all_facts,
    read_facts,
    stamped_png,
    stamped_svg,
    text_of,
)
from fmstudio.runs.about import About, write_about
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run

FACTS = FigureFacts(
    run="20260101-run",
    name="<script>&amp;]]> 运行",
    spec={"optimizer": {"lr": 0.1}, "name": "</metadata><x>"},
    seed=3,
    version="0.1.0",
    data="ab" * 32,
    figures={"test_accuracy": 0.875},
)
DRAWING = b'<?xml version="1.0"?>\n<svg width="3" aria-label="a>b">\n<title>Curves</title>\n<desc>d</desc><g/></svg>'


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (5, 4), (9, 8, 7)).save(buffer, "PNG")
    return buffer.getvalue()


def chunk(kind: bytes, body: bytes, check: int | None = None) -> bytes:
    found = zlib.crc32(kind + body) if check is None else check
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", found)


def png_with(*chunks: bytes) -> bytes:
    content = picture()
    return content[:33] + b"".join(chunks) + content[33:]


def itxt(text: bytes, keyword: bytes = KEYWORD.encode(), flags: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


def read(tmp_path: Path, content: bytes, name: str = "figure.png") -> FigureFacts | None:
    path = tmp_path / name
    path.write_bytes(content)
    return read_facts(path)


def test_a_picture_carries_its_facts_and_shows_the_same(tmp_path: Path) -> None:
    stamped = stamped_png(picture(), FACTS)
    assert read(tmp_path, stamped) == FACTS
    with Image.open(io.BytesIO(stamped)) as image:
        image.load()
        assert image.getpixel((2, 2)) == (9, 8, 7)
        said = image.text  # type: ignore[attr-defined]
    assert said["Software"] == f"fmstudio {__version__}"
    assert said["Title"] == FACTS.name
    assert json.loads(said[KEYWORD])["runs"][0]["seed"] == 3


def test_a_drawing_carries_its_facts_and_is_sound(tmp_path: Path) -> None:
    stamped = stamped_svg(DRAWING, FACTS)
    assert read(tmp_path, stamped, "figure.svg") == FACTS
    root = ElementTree.fromstring(stamped)
    assert [child.tag for child in root] == ["title", "metadata", "desc", "g"]
    assert root.findtext("title") == "Curves"
    assert json.loads(root.findtext("metadata") or "")["runs"][0]["name"] == FACTS.name


def test_a_drawing_without_a_title_gets_one(tmp_path: Path) -> None:
    root = ElementTree.fromstring(stamped_svg(b'<svg width="1"><g/></svg>', FACTS))
    assert root.findtext("title") == FACTS.name


def test_a_figure_of_several_runs_carries_all(tmp_path: Path) -> None:
    others = [FigureFacts(run=f"run-{number}", seed=number) for number in range(5)]
    path = tmp_path / "overlay.png"
    path.write_bytes(stamped_png(picture(), others))
    assert read_all_facts(path) == tuple(others)
    assert read_facts(path) == others[0]


def test_a_spec_that_is_too_long_is_left_out_and_the_rest_stays(tmp_path: Path) -> None:
    long = FigureFacts(run="r", seed=1, spec={"dataset": {"exclude": [["train", n] for n in range(80_000)]}})
    assert len(text_of(long)) < MOST_TEXT
    assert read(tmp_path, stamped_png(picture(), long)) == FigureFacts(run="r", seed=1)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"plain", picture(), DRAWING])
def test_what_carries_nothing_gives_nothing(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) is None


def test_what_is_no_picture_is_given_back_as_it_is() -> None:
    assert stamped_png(b"nothing", FACTS) == b"nothing"
    assert stamped_svg(b"nothing", FACTS) == b"nothing"


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"null", b"{", b'{"runs": 3}', b'{"runs": []}', b'{"runs": ["x"]}', b'{"runs": [{"seed": NaN}]}',
        b'{"runs": [{"a": Infinity}]}', b"\xff\xfe", b"[" * 200_000, b'{"runs": [{"seed": ' + b"9" * 10_000 + b"}]}",
    ],
)  # fmt: skip
def test_json_that_is_wrong_gives_nothing(tmp_path: Path, text: bytes) -> None:
    assert read(tmp_path, png_with(itxt(text))) is None
    svg = b'<svg><metadata id="fmstudio">' + text + b"</metadata></svg>"
    assert read(tmp_path, svg, "figure.svg") is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"run": 3, "name": ["x"], "spec": "s", "seed": "1", "version": None, "data": {}, "figures": []}, {}),
        ({"seed": True}, {}),
        ({"seed": -1}, {}),
        ({"seed": 1.5}, {}),
        ({"name": "a\x00b\n\u202ec" + "x" * 1000}, {"name": ("a b  c" + "x" * 1000)[:300]}),
        ({"figures": {"a": True, "b": "1", "c": 10**400, "d": 2, "e\n": 0.5}}, {"figures": {"d": 2.0, "e": 0.5}}),
    ],
)
def test_values_of_the_wrong_kind_are_left_out(
    tmp_path: Path, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    text = json.dumps({"runs": [values]}).encode()
    assert read(tmp_path, png_with(itxt(text))) == FigureFacts(**expected)


def test_of_endless_figures_and_runs_only_some_are_taken(tmp_path: Path) -> None:
    many = {"runs": [{"figures": {f"f{n}": n for n in range(1000)}}] * 3000}
    path = tmp_path / "figure.png"
    path.write_bytes(png_with(itxt(json.dumps({"runs": many["runs"][:50]}).encode())))
    assert all(len(one.figures) == 64 for one in read_all_facts(path))
    path.write_bytes(png_with(itxt(json.dumps({"runs": [{}] * 3000}).encode())))
    assert len(read_all_facts(path)) == 200


@pytest.mark.parametrize(
    "chunks",
    [
        itxt(text_of(FACTS).encode(), b"fmstudi0"),
        itxt(zlib.compress(text_of(FACTS).encode()), flags=b"\1\0"),
        chunk(b"tEXt", b"fmstudio\0" + text_of(FACTS).encode()),
        chunk(b"iTXt", b"fmstudio\0\0\0\0\0" + text_of(FACTS).encode(), check=1),
        itxt(b"x" * (MOST_TEXT + 100)),
        struct.pack(">I", 2**32 - 1) + b"iTXt" + b"short",
        b"".join(chunk(b"tEXt", b"") for _ in range(20_000)) + itxt(text_of(FACTS).encode()),
    ],
    ids=["keyword", "compressed", "latin", "torn", "long", "lying", "many"],
)
def test_other_chunks_give_nothing(tmp_path: Path, chunks: bytes) -> None:
    assert read(tmp_path, png_with(chunks)) is None


def test_no_entity_of_a_drawing_is_ever_replaced(tmp_path: Path) -> None:
    bomb = (
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b'<svg><metadata id="fmstudio">{"runs": [{"name": "&b;&f;"}]}</metadata></svg>'
    )
    assert read(tmp_path, bomb, "figure.svg") == FigureFacts(name="&b;&f;")


def test_a_drawing_that_another_program_laid_out_anew_still_tells(tmp_path: Path) -> None:
    moved = b'<svg xmlns:x="y"><g/><metadata\n   x:label="m"\n   id="fmstudio">' + text_of(FACTS).encode()
    assert read(tmp_path, moved + b"</metadata></svg>", "figure.svg") == FACTS


def test_places_that_are_no_plain_files_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    for name in ("pipe.png", "folder.png", "nowhere.png", "nul\0l.png"):
        assert read_facts(tmp_path / name) is None


def test_a_file_that_is_too_large_is_not_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(stamped_png(picture(), FACTS))
    os.truncate(path, 100_000_001)
    assert read_facts(path) is None


# ── Of a run


def test_a_run_says_seed_version_data_and_figures(pictures_run: Path) -> None:
    run, recorded = load_run(RunFolder(pictures_run)), json.loads((pictures_run / "environment.json").read_text())
    facts = facts_of(run)
    kept = run.best_epoch
    assert kept is not None
    assert (facts.run, facts.name, facts.seed, facts.version) == (run.id, "First look", 0, __version__)
    assert facts.data == recorded["data"]["fashion-mnist"]
    assert facts.spec == run.spec
    assert facts.figures["test_accuracy"] == kept.test_accuracy
    assert facts.figures["validation_accuracy"] == kept.validation_accuracy
    assert all(math.isfinite(value) for value in facts.figures.values())
    assert "test_r2" not in facts.figures


def test_a_run_of_numbers_says_r2_and_no_accuracy(numbers_run: Path) -> None:
    figures = facts_of(load_run(RunFolder(numbers_run))).figures
    assert figures["test_r2"] > 0
    assert not {"test_accuracy", "train_accuracy"} & set(figures)


def test_what_the_user_calls_it_comes_first(tmp_path: Path) -> None:
    write_about(tmp_path, About(name="Mine"))
    assert facts_of(Run(spec={"name": "First look"}, folder=str(tmp_path))).name == "Mine"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"data": 3, "fmstudio": 4}', '{"data": {}}'])
def test_a_broken_environment_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "environment.json").write_text(content)
    facts = facts_of(Run(spec={"seed": 1}), tmp_path)
    assert (facts.version, facts.data, facts.seed) == ("", "", 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_in_a_run_holds_nobody_up(tmp_path: Path) -> None:
    for name in ("about.json", "environment.json"):
        os.mkfifo(tmp_path / name)
    facts = facts_of(Run(spec={"name": "First look"}), tmp_path)
    assert (facts.name, facts.version) == ("First look", "")


def test_a_run_that_goes_on_lies_where_the_runs_lie(tmp_path: Path, studio_home: Path) -> None:
    assert folder_of(Run()) is None
    assert folder_of(Run(id="a")) == studio_home / "runs" / "a"
    assert folder_of(Run(id="a"), tmp_path) == tmp_path / "a"
    assert folder_of(Run(id="a", folder="/x/a"), tmp_path) == Path("/x/a")
