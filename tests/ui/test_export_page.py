"""Take it along: what is offered, and what is said of how it went."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.export.forms import FORMS, Exported, Form
from fmstudio.runs.run import Run
from fmstudio.session.exporter import Exporter
from fmstudio.session.session import TrainingSession
from fmstudio.ui import theme
from fmstudio.ui.export_page import ExportPage

FOLDER = Path("/runs/20260101-first-look")


class QuietExporter(Exporter):
    """Notes what is asked for; the test says how it ends."""

    def __init__(self, session: TrainingSession) -> None:
        super().__init__(session)
        self.asked: list[tuple[Path, Form, Path]] = []

    def export(self, folder: Path, form: Form, out: Path) -> None:
        self.asked.append((folder, form, out))
        self.busy = (folder, form)
        self.changed.emit()

    def end(self, how: Exported | UserError) -> None:
        self._free()
        if isinstance(how, Exported):
            self._written(how)
        else:
            self._refused(how)


@pytest.fixture
def exporter(qtbot: QtBot) -> Iterator[QuietExporter]:
    session = TrainingSession()
    yield QuietExporter(session)
    assert session.finish(5000)


@pytest.fixture
def page(exporter: QuietExporter, qtbot: QtBot, qapp: QApplication) -> ExportPage:
    theme.apply(qapp, "light")
    made = ExportPage(exporter)
    qtbot.addWidget(made)
    made.resize(408, 600)
    made.show_run(Run(spec={"name": "First: look/see"}, id=FOLDER.name, saved_step=10), FOLDER)
    made.show()
    return made


def choose(monkeypatch: pytest.MonkeyPatch, path: str) -> list[str]:
    """Answer the dialog, and note what it proposed."""
    proposed: list[str] = []

    def ask(_parent: object, _title: str, name: str, kinds: str) -> tuple[str, str]:
        proposed.extend([name, kinds])
        return path, ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return proposed


def press(page: ExportPage, form: Form, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.row(form).save, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("form", "name"),
    [("script", ".py"), ("weights", ".safetensors"), ("onnx", ".onnx"), ("report", ".html")],
)
def test_each_form_asks_where_to_and_is_written_there(
    page: ExportPage, exporter: QuietExporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, form: Form, name: str
) -> None:
    proposed = choose(monkeypatch, "/there/mine")
    press(page, form, qtbot)
    assert proposed[0] == f"First look see{name}"
    assert f"(*{name})" in proposed[1]
    assert exporter.asked == [(FOLDER, form, Path(f"/there/mine{name}"))]


def test_no_place_no_file(
    page: ExportPage, exporter: QuietExporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "")
    press(page, "report", qtbot)
    assert exporter.asked == []


def test_while_one_is_written_the_others_wait(
    page: ExportPage, exporter: QuietExporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "/there/mine.onnx")
    press(page, "onnx", qtbot)
    assert not any(page.row(form).save.isEnabled() for form in FORMS)
    bars = [form for form in FORMS if page.row(form)._bar.isVisible()]
    assert bars == ["onnx"]
    exporter.end(Exported(run="r", form="onnx", file="/there/mine.onnx", bytes=9, samples=100, difference=2.1e-6))
    assert all(page.row(form).save.isEnabled() for form in FORMS)
    said = page.row("onnx").said
    assert said == "✓ Saved as mine.onnx. Largest difference 2e-06 on 100 test samples."


def test_what_lies_beside_is_named(page: ExportPage, exporter: QuietExporter, qtbot: QtBot) -> None:
    exporter.export(FOLDER, "weights", Path("/x/a.safetensors"))
    done = Exported(run="r", form="weights", file="/x/a.safetensors", bytes=9, also=("/x/a.state_dict.json",))
    with qtbot.waitSignal(page.saved) as caught:
        exporter.end(done)
    assert caught.args == [Path("/x/a.safetensors")]
    assert page.row("weights").said == "✓ Saved as a.safetensors. Beside it: a.state_dict.json."


def test_why_it_failed_stands_at_its_form(page: ExportPage, exporter: QuietExporter) -> None:
    exporter.export(FOLDER, "onnx", Path("/x/a.onnx"))
    exporter.end(UserError("ONNX is not installed here.", "Install it."))
    assert page.row("onnx").said == "✗ ONNX is not installed here. Install it."
    assert page.row("report").said == ""


def test_how_it_went_is_of_the_run_and_is_still_known_later(
    page: ExportPage, exporter: QuietExporter, qtbot: QtBot
) -> None:
    exporter.export(FOLDER, "report", Path("/x/a.html"))
    exporter.end(Exported(run="r", form="report", file="/x/a.html", bytes=9))
    page.show_run(Run(id="other"), Path("/runs/other"))
    assert page.row("report").said == ""
    again = ExportPage(exporter)
    qtbot.addWidget(again)
    again.show_run(Run(id=FOLDER.name), FOLDER)
    assert again.row("report").said == "✓ Saved as a.html."


def test_a_report_can_be_looked_at(
    page: ExportPage, exporter: QuietExporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    look = page.findChild(QPushButton, "export.report.open")
    assert look.isHidden()
    exporter.export(FOLDER, "report", Path("/x/a.html"))
    exporter.end(Exported(run="r", form="report", file="/x/a.html", bytes=9))
    qtbot.mouseClick(look, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.findChild(QPushButton, "exportFolder"), Qt.MouseButton.LeftButton)
    assert opened == ["/x/a.html", str(FOLDER)]


def test_without_a_run_there_is_nothing_to_take_along(page: ExportPage) -> None:
    page.show_run(None, None)
    assert not any(page.row(form).save.isEnabled() for form in FORMS)
    assert page.row("script").save.toolTip() == "There is no run yet: press Train first."
    page.show_run(Run(id="a"), FOLDER)
    enabled = {form: page.row(form).save.isEnabled() for form in FORMS}
    assert enabled == {"script": True, "weights": False, "onnx": False, "report": True}


def test_every_button_can_be_reached_and_says_what_it_does(page: ExportPage) -> None:
    for form in FORMS:
        save = page.row(form).save
        assert save.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert save.accessibleName().endswith(": Save…")
        assert save.accessibleDescription()


def answer(text: str) -> list[str]:
    """Press a button of the question that comes, and note what it asked."""
    asked: list[str] = []

    def press_it() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press_it)
            return
        asked.append(box.text())
        next(one for one in box.buttons() if one.text() == text).click()

    QTimer.singleShot(20, press_it)
    return asked


@pytest.mark.parametrize(("said", "written"), [("Replace it", True), ("Leave it as it is", False)])
@pytest.mark.parametrize(
    ("form", "chosen", "there"),
    [
        ("weights", "net.safetensors", "net.state_dict.json"),
        ("script", "train.py", "train.start.safetensors"),
        ("report", "mine", "mine.html"),
    ],
)
def test_what_the_file_dialog_has_not_asked_about_is_asked_for(
    page: ExportPage,
    exporter: QuietExporter,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    form: Form,
    chosen: str,
    there: str,
    said: str,
    written: bool,
) -> None:
    (tmp_path / "start.safetensors").touch()
    (tmp_path / there).touch()
    page.show_run(Run(id="a", saved_step=10), tmp_path)
    choose(monkeypatch, str(tmp_path / chosen))
    asked = answer(said)
    press(page, form, qtbot)
    assert asked == [f"{there} is there already."]
    assert bool(exporter.asked) == written


def test_where_nothing_is_in_the_way_nothing_is_asked(
    page: ExportPage, exporter: QuietExporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "net.safetensors").touch()
    choose(monkeypatch, str(tmp_path / "net.safetensors"))
    press(page, "weights", qtbot)
    assert len(exporter.asked) == 1
