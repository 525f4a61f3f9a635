"""Reports: one file that needs nothing else, says what the run's files say, and runs nothing that anybody wrote."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from fmstudio import words
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.export.report.charts import Axis, Line, axis_of, chart, round_values
from fmstudio.export.report.page import report_of, write_report
from fmstudio.export.report.pictures import data_uri, worst
from fmstudio.export.report.settings import settings, worded
from fmstudio.insight.confusion import confusion_matrix
from fmstudio.insight.intervals import interval_words, wilson
from fmstudio.runs.about import About, write_about
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.events import Predictions

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Reader(HTMLParser):
    """Notes elements, attributes and text, and that every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture
def copied(pictures_run: Path, tmp_path: Path) -> Path:
    """A run that may be changed."""
    return Path(shutil.copytree(pictures_run, tmp_path / "run"))


def harmless(text: str) -> Reader:
    """The report, read; there is nothing in it that runs or asks for anything."""
    found = Reader(text)
    assert found.open == []
    assert not {"script", "iframe", "object", "embed", "link", "a", "form", "base"} & set(found.tags)
    for name, value in found.attributes:
        assert not name.startswith("on")
        if name in ("src", "href", "action", "background"):
            assert (value or "").startswith("data:image/png;base64,")
    assert not re.search(r"https?://|//\w|url\(|@import", re.sub(r"base64,[\w+/=]*", "", text))
    return found


def test_a_report_has_everything_that_the_run_has(pictures_run: Path, tmp_path: Path) -> None:
    done = write_report(pictures_run, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    found, run = harmless(text), load_run(RunFolder(pictures_run))
    kept = run.best_epoch
    assert kept is not None
    assert isinstance(kept.predictions, Predictions)
    for heading in ("Curves", "Confusion matrix", "Per class", "How sure", "Settings", "Environment", "Repeat it"):
        assert heading in found.text
    assert f"of {len(kept.predictions)} test pictures" in found.text
    assert found.tags.count("img") == 24
    assert done.bytes == len(text.encode()) < 2_000_000
    recorded = json.loads((pictures_run / "environment.json").read_text())
    assert recorded["data"]["fashion-mnist"] in found.text
    assert '"architecture": {' in found.text


def test_the_matrix_and_the_classes_are_those_of_the_answers(pictures_run: Path) -> None:
    text, run = report_of(pictures_run), load_run(RunFolder(pictures_run))
    kept = run.best_epoch
    assert kept is not None
    assert isinstance(kept.predictions, Predictions)
    counts = confusion_matrix(kept.predictions.labels, kept.predictions.predicted, 10)
    table = re.search(r'<table class="matrix">.*?</table>', text, re.DOTALL)
    assert table is not None
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", table[0])
    assert [int(cell or 0) for cell in cells] == counts.flatten().tolist()
    assert re.findall(r'<td class="hit', table[0]).__len__() == int((counts.diagonal() > 0).sum())
    shirt = wilson(int(counts[6, 6]), int(counts[6].sum()))
    assert shirt is not None
    assert interval_words(shirt) in text


def test_the_spec_in_it_is_the_spec_of_the_run(pictures_run: Path) -> None:
    blocks = re.findall(r"<pre>(.*?)</pre>", report_of(pictures_run), re.DOTALL)
    assert blocks[0] == "fmstudio train spec.json"
    assert json.loads(blocks[1].replace("&quot;", '"')) == json.loads((pictures_run / "spec.json").read_text())


def test_whatever_people_write_is_plain_text(copied: Path) -> None:
    write_about(copied, About(name=EVIL, note=f"{EVIL}\nsecond line", tags=(EVIL, "homework")))
    spec = json.loads((copied / "spec.json").read_text())
    (copied / "spec.json").write_text(json.dumps({**spec, "name": EVIL, EVIL: EVIL, "device": EVIL}))
    environment = json.loads((copied / "environment.json").read_text())
    evil = {**environment, "device": EVIL, "platform": EVIL, "versions": {EVIL: EVIL}, "data": {EVIL: EVIL}}
    (copied / "environment.json").write_text(json.dumps(evil))
    text = report_of(copied)
    found = harmless(text)
    assert "<script>alert(1)</script>" in found.text
    assert "second line" in found.text
    assert found.tags.count("img") == 24


def test_an_event_cannot_bring_html_along(copied: Path) -> None:
    lines = (copied / "events.jsonl").read_text(encoding="utf-8").splitlines()
    ended = {**json.loads(lines[-1]), "status": "failed", "message": EVIL, "hint": EVIL}
    (copied / "events.jsonl").write_text("\n".join([*lines[:-1], json.dumps(ended)]) + "\n", encoding="utf-8")
    assert "<script>alert(1)</script>" in harmless(report_of(copied)).text


def test_numbers_have_their_own_charts(numbers_run: Path) -> None:
    found = harmless(report_of(numbers_run))
    for part in ("R²", "Predicted against true", "What is left over", "The rule", "w1", "Mean absolute error"):
        assert part in found.text
    assert "Confusion matrix" not in found.text
    assert found.tags.count("circle") >= 300


@pytest.mark.parametrize("lost", ["predictions", "environment.json", "events.jsonl"])
def test_what_is_missing_is_left_out(copied: Path, lost: str) -> None:
    path = copied / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    found = harmless(report_of(copied))
    assert "Settings" in found.text
    assert ("Confusion matrix" in found.text) == (lost == "environment.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_pipes_hold_nobody_up(copied: Path) -> None:
    paths = [copied / "about.json", copied / "environment.json", *(copied / "predictions").iterdir()]
    for path in paths:
        path.unlink(missing_ok=True)
        os.mkfifo(path)
    assert "Settings" in harmless(report_of(copied)).text


def test_damaged_answers_are_left_out(copied: Path) -> None:
    for path in (copied / "predictions").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert "Confusion matrix" not in harmless(report_of(copied)).text


@pytest.mark.parametrize("change", [{"labels": 10}, {"predicted": 200}, {"loss": None}])
def test_answers_that_cannot_be_are_left_out(copied: Path, change: dict[str, int | None]) -> None:
    for path in (copied / "predictions").iterdir():
        with np.load(path) as arrays:
            values = dict(arrays)
        for name, value in change.items():
            values[name] = values[name][:3] if value is None else np.full_like(values[name], value)
        np.savez(path, **values)
    assert "Confusion matrix" not in harmless(report_of(copied)).text


def test_of_unknown_data_the_figures_stay(copied: Path) -> None:
    spec = json.loads((copied / "spec.json").read_text())
    (copied / "spec.json").write_text(json.dumps({**spec, "dataset": {"kind": "of tomorrow"}}))
    found = harmless(report_of(copied))
    assert "of 120 test pictures" in found.text
    assert "Loss" in found.text
    assert "Confusion matrix" not in found.text


def test_what_is_no_run_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a run"):
        report_of(tmp_path)


def test_it_speaks_the_language_of_the_user(pictures_run: Path) -> None:
    words.set_language("zh_CN")
    text = report_of(pictures_run)
    assert '<html lang="zh-CN">' in text
    assert "混淆矩阵" in text


def test_it_needs_no_torch_and_no_window(pictures_run: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from fmstudio.export.report.page import report_of;"
        f"report_of(Path({str(pictures_run)!r})); print([n for n in ('torch', 'PySide6') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False,
                          cwd=Path(__file__).parents[3])  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


# ── Its parts


def test_the_worst_come_first_and_no_number_before_all() -> None:
    losses = np.array([0.5, np.nan, 3.0, np.inf, 2.0], np.float32)
    answers = Predictions(np.arange(5), np.zeros(5, np.int64), np.ones(5, np.int64), losses,
                          np.full((5, 2), 0.5, np.float16))  # fmt: skip
    assert set(worst(answers, 3).tolist()) == {1, 3, 2}
    assert worst(answers, 3).tolist()[2] == 2


def test_large_pictures_are_made_smaller() -> None:
    assert len(data_uri(np.random.default_rng(0).integers(0, 255, (900, 700, 3), np.uint8))) < 40_000
    small = load_images("fashion-mnist").test.images[0]
    assert data_uri(small).startswith("data:image/png;base64,iVBOR")


def test_settings_that_are_not_usual_are_marked() -> None:
    rows = re.findall(r"<tr.*?</tr>", settings({"optimizer": {"kind": "adam", "lr": 0.5}, "epochs": 2}))
    marked = [row for row in rows if "changed" in row]
    assert len(marked) == 1
    assert "● Learning rate" in marked[0]
    assert "usually 0.001" in marked[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "on"), (0.5, "0.5"), (2.0, "2"), ([], "none"), ([1, 2.5], "1, 2.5"), ([[1]], "1 entry"), ("all", "all"),
     (list(range(500)), "500 entries"), (None, "automatic")],
)  # fmt: skip
def test_values_are_words(value: object, text: str) -> None:
    assert worded(value) == text


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 7), (0, 0.012), (1e5, 3e6), (-1e-6, 1e-6)])
def test_ticks_are_round_and_few(low: float, high: float) -> None:
    found = round_values(low, high)
    assert 3 <= len(found) <= 8
    assert all(low - 1e-9 <= value <= high + 1e-9 * abs(high) + 1e-12 for value in found)


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, 1.0], [0.0, 0.0], [5.0], [1e-38, 1e38], [-1.0, 1e30]])
def test_a_chart_of_odd_numbers_is_still_a_chart(values: list[float]) -> None:
    y = np.array(values, np.float64)
    x = np.arange(len(y), dtype=np.float64)
    for logarithmic in (False, True):
        axis = axis_of("loss", [y], logarithmic=logarithmic)
        drawn = chart("<b>", axis_of("", [x]), axis, [Line("a", x, y), Line("b", x, y, style="dots")])
        assert "nan" not in drawn
        assert "inf" not in drawn
        assert "<b>" not in drawn


def test_a_gap_breaks_the_line() -> None:
    y = np.array([1.0, 2.0, np.nan, 3.0, 4.0])
    drawn = chart("", Axis("", 0, 4), Axis("", 0, 4), [Line("", np.arange(5.0), y)])
    path = re.search(r' d="(M[^"]*)"', drawn)
    assert path is not None
    assert path[1].count("M") == 2
