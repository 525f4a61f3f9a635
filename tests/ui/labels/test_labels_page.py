"""Checking labels in the window: what is found, and decisions with the keyboard alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QListView, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.data.library import load_images
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.session.label_check import LabelCheck, LabelSubject
from fmstudio.session.session import TrainingSession
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.data_page import DataPage
from fmstudio.ui.labels.labels_page import LabelsPage
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.widgets import FewLines

WHOLE = load_images("fashion-mnist")
QUICK: list[tuple[str, Any]] = [
    ("dataset.train_size", 300), ("dataset.test_size", 50), ("architecture.kind", "softmax-regression"),
    ("epochs", 2), ("batch_size", 32), ("threads", 1),
]  # fmt: skip


def answers() -> Predictions:
    """Of fifty test pictures: of the first five another class is said."""
    labels = WHOLE.test.labels[:50]
    predicted = labels.copy()
    predicted[:5] = (labels[:5] + 1) % 10
    probabilities = np.full((50, 10), 0.01, np.float16)
    probabilities[np.arange(50), predicted] = np.where(np.arange(50) < 5, 0.97 - 0.01 * np.arange(50), 0.9)
    return Predictions(np.arange(50), labels, predicted, np.zeros(50, np.float32), probabilities)


@pytest.fixture
def subject(tmp_path: Path) -> LabelSubject:
    spec = read_spec(changed(to_mapping(ExperimentSpec()), QUICK))
    return LabelSubject(spec, tmp_path / "corrections.csv", tmp_path / "labels", "run", answers(), 20.0)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, subject: LabelSubject) -> Iterator[DataPage]:
    """The page Data with the labels open."""
    theme.apply(qapp, "light")
    session = TrainingSession()
    check = LabelCheck(session)
    made = DataPage()
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show_data(WHOLE)
    made.check_asked.connect(lambda: made.show_labels(check, subject))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    press(made, "checkLabels")
    qtbot.waitUntil(lambda: check.report is not None, timeout=20_000)
    yield made
    assert check.finish(3000)
    assert session.finish(5000)


def labels(page: DataPage) -> LabelsPage:
    assert page.labels is not None
    return page.labels


def button(page: DataPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def press(page: DataPage, name: str) -> None:
    assert button(page, name).isVisible()
    button(page, name).click()


def text(page: DataPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text()


def said(page: DataPage) -> list[str]:
    return [made.text() for made in page.findChildren(QLabel) if made.isVisible() and made.text()]


def keys(page: DataPage, qtbot: QtBot, *pressed: Qt.Key) -> None:
    for key in pressed:
        qtbot.keyClick(labels(page), key)


def table(subject: LabelSubject) -> list[str]:
    return subject.table.read_text(encoding="utf-8").splitlines()[1:]


def listed(page: DataPage) -> list[str]:
    view = page.findChild(QListView, "reviewView")
    assert view is not None
    return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]


def test_the_page_says_what_is_checked(page: DataPage, subject: LabelSubject) -> None:
    about = page.findChild(FewLines, "labelsAbout")
    assert about is not None
    assert about.isVisible()
    assert about.whole == subject.words


def test_it_opens_with_what_the_run_doubts(page: DataPage) -> None:
    assert button(page, "check.labels").accessibleName() == "Labels worth a look: 5"
    assert button(page, "check.duplicates").accessibleName() == "Duplicates: …"
    assert button(page, "check.empty").accessibleName() == "Empty pictures: 0"
    assert text(page, "reviewCount") == "0 of 5 reviewed"
    assert text(page, "reviewLabel") == "Ankle boot"
    assert text(page, "reviewSuggestion") == "T-shirt/top"
    assert any("Test picture 0 · network disagrees" in one for one in said(page))
    assert any(one.startswith("Compares all pictures, and trains 3 networks") and "40 s" in one for one in said(page))
    assert "Nearest training pictures labelled Ankle boot" in said(page)
    assert "Nearest training pictures labelled T-shirt/top" in said(page)


def test_one_hand_on_the_keyboard_is_enough(page: DataPage, subject: LabelSubject, qtbot: QtBot) -> None:
    assert labels(page).hasFocus()
    original = [int(label) for label in WHOLE.test.labels[:5]]
    keys(page, qtbot, Qt.Key.Key_Right, Qt.Key.Key_S, Qt.Key.Key_4, Qt.Key.Key_X, Qt.Key.Key_0)
    assert table(subject) == [
        f"test,0,{original[0]},{original[0]},right",
        f"test,1,{original[1]},{(original[1] + 1) % 10},relabel",
        f"test,2,{original[2]},3,relabel",
        f"test,3,{original[3]},,exclude",
        f"test,4,{original[4]},9,relabel",
    ]
    assert text(page, "reviewCount") == "5 of 5 reviewed"
    assert text(page, "reviewSum") == "3 labels corrected · 1 left out"
    assert text(page, "reviewDecision") == "→ Ankle boot"
    keys(page, qtbot, Qt.Key.Key_U)
    assert len(table(subject)) == 4
    keys(page, qtbot, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left)
    assert text(page, "reviewDecision") == f"→ {WHOLE.classes[(original[1] + 1) % 10]}"
    keys(page, qtbot, Qt.Key.Key_R)
    assert table(subject)[-1] == f"test,1,{original[1]},{original[1]},right"


def test_undo_belongs_to_the_review_not_to_the_recipe(page: DataPage, subject: LabelSubject, qtbot: QtBot) -> None:
    shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), page)
    recipe: list[str] = []
    shortcut.activated.connect(lambda: recipe.append("undone"))
    page.activateWindow()
    labels(page).setFocus()
    keys(page, qtbot, Qt.Key.Key_X)
    qtbot.keyClick(labels(page), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert table(subject) == []
    assert recipe == []


def test_the_buttons_do_the_same(page: DataPage, subject: LabelSubject) -> None:
    for name in ("reviewKeep", "reviewTake", "reviewLeaveOut", "relabel.6"):
        press(page, name)
    assert [line.rsplit(",", 1)[1] for line in table(subject)] == ["right", "relabel", "exclude", "relabel"]
    press(page, "reviewUndo")
    assert len(table(subject)) == 3


def test_the_decisions_go_into_the_recipe(page: DataPage, qtbot: QtBot) -> None:
    assert not button(page, "useCorrections").isEnabled()
    keys(page, qtbot, Qt.Key.Key_S, Qt.Key.Key_X)
    with qtbot.waitSignal(page.changes_asked, timeout=0) as asked:
        press(page, "useCorrections")
    assert asked.args == [(("dataset.corrections", (("test", 0, 0),)), ("dataset.exclude", (("test", 1),)))]
    draft = changed(to_mapping(ExperimentSpec()), asked.args[0])
    assert read_spec(draft).dataset.test_used == 9_999


def test_what_was_decided_is_there_again(page: DataPage, qtbot: QtBot, subject: LabelSubject) -> None:
    keys(page, qtbot, Qt.Key.Key_X, Qt.Key.Key_X)
    other = DataPage()
    qtbot.addWidget(other)
    other.show_data(WHOLE)
    other.show_labels(labels(page)._check, subject)
    qtbot.waitUntil(lambda: text(other, "reviewCount") == "2 of 5 reviewed")
    assert text(other, "reviewLabel") == WHOLE.classes[int(WHOLE.test.labels[2])]


def test_of_very_many_the_most_doubtful_come_first_and_more_when_asked(
    page: DataPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not button(page, "reviewMore").isVisible()
    monkeypatch.setattr("fmstudio.ui.labels.labels_page._AT_ONCE", 2)
    press(page, "check.duplicates")
    report = labels(page)._check.report
    assert report is not None
    labels(page)._check.reported.emit(report)
    press(page, "check.labels")
    assert text(page, "reviewCount") == "0 of 2 reviewed"
    assert [line.rsplit(" ", 1)[1] for line in listed(page)] == ["0", "1"]
    assert button(page, "check.labels").accessibleName() == "Labels worth a look: 2+"
    assert button(page, "reviewMore").text() == "First 2 of 5 · More"
    keys(page, qtbot, Qt.Key.Key_X, Qt.Key.Key_X)
    press(page, "reviewMore")
    assert text(page, "reviewCount") == "2 of 4 reviewed"
    press(page, "reviewMore")
    assert not button(page, "reviewMore").isVisible()
    assert button(page, "check.labels").accessibleName() == "Labels worth a look: 5"


def test_nobody_knows_before_a_network_was_asked(page: DataPage, subject: LabelSubject, qtbot: QtBot) -> None:
    page.show_labels(labels(page)._check, replace(subject, answers=None))
    qtbot.waitUntil(lambda: button(page, "check.labels").accessibleName() == "Labels worth a look: …")


def test_all_pictures_are_checked_with_progress(page: DataPage, qtbot: QtBot) -> None:
    press(page, "checkStart")
    assert button(page, "checkCancel").isVisible()
    assert not button(page, "checkStart").isVisible()
    bar = button(page, "checkCancel").parentWidget().findChild(QProgressBar)
    assert bar is not None
    assert bar.isVisible()
    press(page, "check.duplicates")
    assert "Looking …" in said(page)
    press(page, "check.labels")
    qtbot.waitUntil(lambda: "All pictures were checked." in said(page), timeout=60_000)
    assert not bar.isVisible()
    assert not button(page, "checkCancel").isVisible()
    assert button(page, "check.duplicates").accessibleName() == "Duplicates: 0"
    assert any("training" in line for line in listed(page))
    assert any("test" in line for line in listed(page))
    press(page, "check.duplicates")
    assert listed(page) == []
    assert "There is nothing to look at here." in said(page)
    press(page, "check.balance")
    assert any(one.startswith("The classes are out of balance: 41 training pictures of Sandal") for one in said(page))


def test_a_click_in_the_list_shows_that_picture(page: DataPage, qtbot: QtBot) -> None:
    view = page.findChild(QListView, "reviewView")
    assert view is not None
    place = view.visualRect(view.model().index(3, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert text(page, "reviewLabel") == WHOLE.classes[int(WHOLE.test.labels[3])]
    assert labels(page).hasFocus(), "the keys still decide"
    assert "Press “Check all pictures”" not in " ".join(said(page))


def test_a_change_of_the_recipe_leaves_the_labels_open_and_escape_goes_back(page: DataPage, qtbot: QtBot) -> None:
    page.show_pictures(read_spec({"dataset": {"exclude": [["test", 1]]}}).dataset, 0)
    assert page.checks_labels
    keys(page, qtbot, Qt.Key.Key_Escape)
    assert not page.checks_labels
    assert "69,999 pictures" in said(page)
    press(page, "checkLabels")
    assert page.checks_labels


@pytest.mark.parametrize("size", [(814, 526), (1000, 590), (1100, 760)])
def test_nothing_is_clipped(page: DataPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    QApplication.processEvents()
    assert (page.width(), page.height()) == size
    seen = [made for made in labels(page).findChildren(QPushButton) if made.isVisible()]
    assert len(seen) > 15
    picture = labels(page).findChild(LargePicture)
    assert picture is not None
    for made in seen:
        assert made.width() >= made.fontMetrics().horizontalAdvance(made.text()) + 4, made.text()
    bottom = picture.mapTo(page, picture.rect().bottomLeft()).y()
    title = next(made for made in labels(page).findChildren(QLabel) if made.text().startswith("Nearest training"))
    assert title.mapTo(page, title.rect().topLeft()).y() > bottom


def test_the_picture_has_room_in_the_smallest_window(page: DataPage) -> None:
    page.resize(814, 526)
    QApplication.processEvents()
    panel = labels(page).findChild(QWidget, "reviewPanel")
    assert panel is not None
    assert panel.minimumSizeHint().height() <= 506, "what the page has in a window of 1024 × 640"
    assert "The files stay as they are." in button(page, "useCorrections").toolTip()
