"""The window as a person uses it, on a small part of the data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.session.picture_list import Roles
from fmstudio.session.session import State
from fmstudio.ui import leaving
from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow

SMALL = (("dataset.train_size", 600), ("dataset.test_size", 300))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.recipe.change(SMALL)
    qtbot.waitUntil(lambda: made.inspection.data is not None and made.session.ready, timeout=60_000)
    yield made
    assert made.session.finish(10_000)


def find(window: QWidget, kind: type, name: str):
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    qtbot.mouseClick(find(window, QPushButton, name), Qt.MouseButton.LeftButton)


def train(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.run_ended, timeout=60_000):
        press(qtbot, window, "trainButton")
    qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=5_000)


def click(qtbot: QtBot, view: QAbstractItemView, index: QModelIndex) -> None:
    where: QPoint = view.visualRect(index).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def samples(view: QAbstractItemView) -> list[tuple[int, int, int]]:
    model = view.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    return [(row.data(Roles.SAMPLE), row.data(Roles.TRUE), row.data(Roles.PREDICTED)) for row in rows]


def test_before_the_first_run_sixty_pictures_wait_without_an_answer(window: MainWindow) -> None:
    pictures = find(window, QAbstractItemView, "predictionsView").model()
    assert pictures.rowCount() == 60
    assert pictures.index(0, 0).data(Roles.PREDICTED) is None
    assert "→" not in pictures.index(0, 0).data(Qt.ItemDataRole.DisplayRole)


def test_train_turns_to_results_and_every_place_is_filled(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("data")
    train(qtbot, window)
    assert window.shell.page == "results"
    matrix = find(window, QAbstractItemView, "confusionView").model()
    cells = [int(matrix.index(r, c).data()) for r in range(10) for c in range(10)]
    assert sum(cells) == 300
    right = sum(int(matrix.index(k, k).data()) for k in range(10))
    assert window.session.run.epochs[-1].test_accuracy == pytest.approx(right / 300)
    wall = find(window, QAbstractItemView, "predictionsView").model()
    assert wall.rowCount() == 60
    assert all(wall.index(row, 0).data(Roles.PREDICTED) is not None for row in range(60))
    assert f"{100 * right / 300:.0f} % right" in find(window, QWidget, "scoreBig").accessibleName()


def test_a_click_on_a_cell_shows_exactly_those_pictures(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    matrix = find(window, QAbstractItemView, "confusionView")
    pictures = find(window, QAbstractItemView, "predictionsView")
    answers = window.session.run.epochs[-1].predictions
    for true, predicted in ((0, 0), (6, 0), (9, 9)):
        click(qtbot, matrix, matrix.model().index(true, predicted))
        mask = (answers.labels == true) & (answers.predicted == predicted)
        expected = [(int(sample), true, predicted) for sample in answers.samples[mask]]
        assert sorted(samples(pictures)) == sorted(expected)


def test_the_score_cards_button_shows_the_worst_pair(qtbot: QtBot, window: MainWindow) -> None:
    window.recipe.change([("dataset.train_size", 6000), ("dataset.test_size", 2000), ("epochs", 1)])
    train(qtbot, window)
    card = find(window, QWidget, "scoreCard")
    button = next(b for b in card.findChildren(QPushButton) if b.isVisible())
    assert button.text() == "See those pictures"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    shown = samples(find(window, QAbstractItemView, "predictionsView"))
    assert shown
    assert len({(true, predicted) for _, true, predicted in shown}) == 1
    assert shown[0][1] != shown[0][2]


def test_a_learning_rate_of_10_is_a_problem_and_the_button_mends_it(qtbot: QtBot, window: MainWindow) -> None:
    rate = find(window, QLineEdit, "optimizer.lr")
    rate.setFocus()
    rate.selectAll()
    qtbot.keyClicks(rate, "10")
    assert not find(window, QPushButton, "trainButton").isEnabled()
    assert "at most 1" in find(window, QLabel, "problemText").text()
    mend = find(window, QPushButton, "mendButton")
    assert mend.isVisible()
    assert "0.01" in mend.text()
    qtbot.mouseClick(mend, Qt.MouseButton.LeftButton)
    assert rate.text() == "0.01"
    assert find(window, QPushButton, "trainButton").isEnabled()


def test_a_run_that_diverges_says_so_and_offers_a_rate(qtbot: QtBot, window: MainWindow) -> None:
    window.recipe.change([("optimizer.kind", "sgd"), ("optimizer.lr", 10.0), ("schedule.kind", "constant")])
    train(qtbot, window)
    assert window.session.run.ended is not None
    assert window.session.run.ended.status == "failed"
    assert "the loss became infinite" in find(window, QLabel, "problemText").text()
    qtbot.mouseClick(find(window, QPushButton, "mendButton"), Qt.MouseButton.LeftButton)
    assert window.recipe.get("optimizer.lr") == pytest.approx(0.1)


def test_pause_continue_and_stop_keep_the_network(qtbot: QtBot, window: MainWindow) -> None:
    window.recipe.change([("epochs", 500)])
    press(qtbot, window, "trainButton")
    qtbot.waitUntil(lambda: window.session.run.step > 3, timeout=30_000)
    press(qtbot, window, "pauseButton")
    assert window.session.state is State.PAUSED
    assert find(window, QPushButton, "pauseButton").text() == "Continue"
    press(qtbot, window, "pauseButton")
    assert window.session.state is State.RUNNING
    with qtbot.waitSignal(window.session.run_ended, timeout=30_000):
        press(qtbot, window, "stopButton")
    run = window.session.run
    assert run.ended is not None
    assert run.ended.status == "stopped"
    assert (window.session.library / run.id / "weights.safetensors").is_file()
    assert "the network was kept" in find(window, QLabel, "statusText").text()


def test_training_pictures_can_be_counted_too(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    press(qtbot, find(window, QWidget, "confusionPanel"), "tab.train")  # type: ignore[arg-type]
    matrix = find(window, QAbstractItemView, "confusionView").model()

    def counted() -> int:
        return sum(int(matrix.index(r, c).data() or 0) for r in range(10) for c in range(10))

    qtbot.waitUntil(lambda: counted() == 600, timeout=30_000)
    click(qtbot, find(window, QAbstractItemView, "confusionView"), matrix.index(1, 1))
    expected = int(matrix.index(1, 1).data())
    assert len(samples(find(window, QAbstractItemView, "predictionsView"))) == expected


def test_language_and_theme_change_the_whole_window_and_keep_its_state(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    before = len(samples(find(window, QAbstractItemView, "predictionsView")))
    window.speak("zh_CN")
    assert find(window, QPushButton, "trainButton").text() != "Train again"
    window.dress("dark")
    window.speak("en")
    assert find(window, QPushButton, "trainButton").text() == "Train again"
    assert len(samples(find(window, QAbstractItemView, "predictionsView"))) == before
    assert window.session.run.ended is not None


def test_what_the_drawer_holds_is_open_again_in_another_language(window: MainWindow) -> None:
    window.guide.show_code()
    window.speak("zh_CN")
    content = window.shell.drawer.content
    assert content is not None
    assert content.objectName() == "codePage"
    assert not window.shell.drawer.isHidden()
    window.speak("en")


def test_choosing_a_lesson_fills_the_recipe_and_undo_brings_it_back(window: MainWindow) -> None:
    lesson = find(window, QComboBox, "lesson")
    lesson.setCurrentIndex(lesson.findData("cnn"))
    assert window.recipe.get("batch_size") == 100
    assert find(window, QComboBox, "schedule").currentData() == "constant"
    window.recipe.undo()
    assert window.recipe.get("batch_size") == 128


def test_closing_during_a_run_asks_once_and_keeps_the_run(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.recipe.change([("epochs", 500)])
    press(qtbot, window, "trainButton")
    qtbot.waitUntil(lambda: len(window.session.run.epochs) > 2, timeout=30_000)
    asked: list[bool] = []

    def answer(leave: bool) -> None:
        monkeypatch.setattr("fmstudio.ui.main_window.may_leave", lambda *_: asked.append(leave) or leave)

    answer(False)
    assert not window.close()
    assert window.session.state is State.RUNNING
    answer(True)
    assert window.close()
    assert asked == [False, True]
    assert (window.session.library / window.session.run.id / "weights.safetensors").is_file()


def test_the_question_names_what_happens_and_only_a_run_asks(qtbot: QtBot, window: MainWindow) -> None:
    assert leaving.may_leave(window, window.session, window.queue)


def test_a_run_of_an_unknown_data_set_is_a_sentence(qtbot: QtBot, window: MainWindow) -> None:
    folder = window.session.library / "foreign"
    folder.mkdir(parents=True)
    (folder / "spec.json").write_text('{"name": "Odd", "dataset": {"kind": "moon-rocks"}}')
    window.show_saved_run("foreign")
    notice = find(window, QLabel, "noticeText")
    qtbot.waitUntil(lambda: "moon-rocks" in notice.text(), timeout=10_000)
    assert window.session.state is State.IDLE
