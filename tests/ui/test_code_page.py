from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.ui import code_page, theme
from fmstudio.ui.code_page import CodePage, CodeText

LINES = [f"line_{number} = {number}" for number in range(200)]


def program(**changed: str) -> str:
    """Two hundred lines, some of them other ones."""
    lines = [changed.get(f"line_{number}", line) for number, line in enumerate(LINES)]
    return "\n".join(lines) + "\n"


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot) -> CodePage:
    theme.apply(qapp, request.param)
    made = CodePage()
    qtbot.addWidget(made)
    made.resize(420, 600)
    made.show()
    made.show_source(program())
    QApplication.processEvents()
    return made


def text(page: CodePage) -> CodeText:
    found = page.findChild(CodeText, "codeText")
    assert found is not None
    return found


def press(page: CodePage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def sentence(page: CodePage) -> str:
    found = page.findChild(QLabel, "codeSentence")
    assert found is not None
    return found.text() if found.isVisible() else ""


def test_code_is_shown_as_it_is_and_copied_whole(qtbot: QtBot, page: CodePage) -> None:
    source = "import torch\n\nfor epoch in range(2):\n    train('<b>')\n"
    page.show_source(source)
    assert text(page).toPlainText() == source
    assert text(page).isReadOnly()
    copy = press(page, "copyCode")
    width = copy.width()
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == source
    assert copy.text() == "Copied ✓"
    QApplication.processEvents()
    assert copy.width() == width, "the button does not change its size"


def test_all_letters_are_equally_wide(page: CodePage) -> None:
    metrics = QFontMetricsF(text(page).font())
    assert metrics.horizontalAdvance("illi") == metrics.horizontalAdvance("MWMW")


def test_the_first_program_is_not_marked(page: CodePage) -> None:
    assert text(page).marked == []


def test_what_changed_is_marked_for_a_moment(qtbot: QtBot, page: CodePage, monkeypatch: pytest.MonkeyPatch) -> None:
    page._unmark.setInterval(50)
    page.show_source(program(line_3="changed = 3", line_5="changed = 5\nand_new = 6"))
    assert text(page).marked == [3, 5, 6]
    assert text(page).extraSelections()[0].format.background().color() == theme.colour("accent_soft")
    qtbot.waitUntil(lambda: text(page).marked == [], timeout=2_000)


def test_the_mark_lasts_about_two_seconds() -> None:
    assert code_page.MARKED_MS == 2000


def test_the_same_program_again_changes_nothing(page: CodePage) -> None:
    page.show_source(program(line_3="changed = 3"))
    page.show_source(program(line_3="changed = 3"))
    assert text(page).marked == [3]


def test_it_does_not_scroll_by_itself(page: CodePage) -> None:
    bar = text(page).verticalScrollBar()
    bar.setValue(100)
    page.show_source(program(line_110="changed = 110 # " + "x" * 200))
    assert text(page).top_line == 100
    text(page).horizontalScrollBar().setValue(40)
    page.show_source(program(line_110="changed = 111 # " + "x" * 200))
    assert (text(page).top_line, text(page).horizontalScrollBar().value()) == (100, 40)


@pytest.mark.parametrize(
    ("before", "after"),
    [("a\nb\nc", "a\nc"), ("a\nb\nc", "b\nc"), ("a\nb\nc", "a\nb"), ("a\nb\n", "x"), ("a\nc", "a\nb\nc"),
     ("b", "a\nb"), ("a", "a\nb"), ("a\n", "a\nb\n"), ("a\nb\nc\nd", "x\nb\ny\nz"), ("a", "a\n"), ("a\n\n", "a\n")],
)  # fmt: skip
def test_whatever_changes_the_new_program_is_shown(page: CodePage, before: str, after: str) -> None:
    for source in (before, after, before, "x\n" + after):
        page.show_source(source)
        assert text(page).toPlainText() == source


def test_lines_that_come_above_do_not_move_what_one_reads(page: CodePage) -> None:
    text(page).verticalScrollBar().setValue(100)
    page.show_source(program(line_3="a\nb\nc"))
    assert text(page).firstVisibleBlock().text() == "line_100 = 100"
    page.show_source(program())
    assert text(page).firstVisibleBlock().text() == "line_100 = 100"


def test_a_change_out_of_sight_is_told_and_shown_on_a_click(qtbot: QtBot, page: CodePage) -> None:
    assert not press(page, "showChange").isVisible()
    page.show_source(program(line_150="changed = 150"))
    told = press(page, "showChange")
    assert (told.isVisible(), told.text()) == (True, "1 line changed")
    qtbot.mouseClick(told, Qt.MouseButton.LeftButton)
    assert 150 in text(page).seen_lines
    assert text(page).marked == [150]
    assert not told.isVisible()
    page.show_source(program(line_150="changed = 151"))
    assert not told.isVisible(), "it can be seen without a click"


def test_a_problem_keeps_the_last_program_stepped_back(qtbot: QtBot, page: CodePage) -> None:
    page.show_sentence("Mend the recipe first: it has a problem.")
    assert sentence(page) == "Mend the recipe first: it has a problem."
    assert text(page).toPlainText() == program()
    assert text(page).highlighter.dimmed
    assert not press(page, "copyCode").isEnabled()
    assert not press(page, "saveCode").isEnabled()
    page.show_source(program(line_3="changed = 3"))
    assert sentence(page) == ""
    assert not text(page).highlighter.dimmed
    assert text(page).marked == [3]
    assert press(page, "copyCode").isEnabled()


def test_without_any_program_there_is_only_the_sentence(qtbot: QtBot) -> None:
    page = CodePage()
    qtbot.addWidget(page)
    page.show()
    page.show_sentence("Getting ready …")
    assert sentence(page) == "Getting ready …"
    assert not text(page).isVisible()


@pytest.mark.parametrize(("typed", "written"), [("mine.py", "mine.py"), ("mine", "mine.py"), ("mine.txt", "mine.txt")])
def test_it_is_saved_where_one_wants(
    qtbot: QtBot, page: CodePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, written: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / typed), ""))
    with qtbot.waitSignal(page.saved) as said:
        qtbot.mouseClick(press(page, "saveCode"), Qt.MouseButton.LeftButton)
    assert said.args == [tmp_path / written]
    assert (tmp_path / written).read_text(encoding="utf-8") == program()


def test_the_weights_that_it_begins_with_are_saved_beside_it(
    qtbot: QtBot, page: CodePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "last.safetensors"
    weights.write_bytes(b"the weights")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.py"), ""))
    page.show_source(program(), lambda: weights)
    assert "beside it the weights" in press(page, "saveCode").toolTip()
    with qtbot.waitSignal(page.saved):
        page.save()
    assert (tmp_path / "mine.start.safetensors").read_bytes() == b"the weights"
    page.show_source(program(line_1="drawn = 1"))
    assert "weights" not in press(page, "saveCode").toolTip()


def test_without_the_weights_that_it_begins_with_nothing_is_saved(
    qtbot: QtBot, page: CodePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.py"), ""))
    page.show_source(program(), lambda: tmp_path / "gone.safetensors")
    with qtbot.waitSignal(page.failed) as said:
        page.save()
    assert said.args[0].message.startswith("gone.safetensors cannot be read")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_saved_where_one_thinks_better_of_it(
    qtbot: QtBot, page: CodePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    with qtbot.assertNotEmitted(page.saved), qtbot.assertNotEmitted(page.failed):
        qtbot.mouseClick(press(page, "saveCode"), Qt.MouseButton.LeftButton)


def test_a_place_that_cannot_be_written_is_told(
    qtbot: QtBot, page: CodePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "nowhere" / "a.py"), ""))
    with qtbot.waitSignal(page.failed) as said:
        qtbot.mouseClick(press(page, "saveCode"), Qt.MouseButton.LeftButton)
    assert isinstance(said.args[0], UserError)
    assert "cannot be written" in said.args[0].message


def test_the_first_program_begins_at_its_first_line(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    made = CodePage()
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show_source('"""What it is."""\n\nimport torch\n\n' + program())
    made.show()
    QApplication.processEvents()
    assert text(made).top_line == 0
    made.show_source('"""Another one."""\n\nimport math\nimport torch\n\n' + program())
    assert text(made).top_line == 0, "who reads the beginning sees what comes before it"


def test_it_proposes_the_name_that_the_program_calls_itself(
    qtbot: QtBot, page: CodePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (proposed.append(args[2]) or "", ""))
    qtbot.mouseClick(press(page, "saveCode"), Qt.MouseButton.LeftButton)
    assert proposed == ["script.py"]
