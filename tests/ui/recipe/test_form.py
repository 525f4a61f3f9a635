from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.experiment.spec import TABLES, ExperimentSpec
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import settings_of
from fmstudio.ui import theme
from fmstudio.ui.recipe.editors import editor_for
from fmstudio.ui.recipe.form import Heading, SettingRow, SettingsForm, TitleLabel

MENDING = Mending("Use epochs 2", (("epochs", 2),))


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


def rows(*names: str) -> list[SettingRow]:
    settings = {setting.name: setting for setting in settings_of(ExperimentSpec)}
    return [SettingRow(editor_for(settings[name], name)) for name in names]


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[SettingsForm]:
    window = QWidget()
    made = SettingsForm()
    QVBoxLayout(window).addWidget(made)
    qtbot.addWidget(window)
    made.show_rows(rows("epochs", "batch_size", "seed"))
    window.resize(300, 400)
    window.show()
    yield made
    window.close()


def place(widget: QWidget, form: SettingsForm) -> QPoint:
    QApplication.sendPostedEvents()
    return widget.mapTo(form, QPoint(0, 0))


def test_rows_stand_below_one_another(form: SettingsForm) -> None:
    places = [place(row, form) for row in form.rows]
    assert {point.x() for point in places} == {0}
    assert places[0].y() < places[1].y() < places[2].y()


def test_fields_stand_in_one_line_beside_their_titles(form: SettingsForm) -> None:
    lefts = {place(row.editor, form).x() for row in form.rows}
    assert len(lefts) == 1
    assert lefts.pop() > 80


def test_in_pairs_two_rows_stand_side_by_side_with_their_titles_above(form: SettingsForm) -> None:
    form.show_rows(form.rows, pairs=True)
    first, second, third = form.rows
    assert place(first, form).y() == place(second, form).y() < place(third, form).y()
    assert place(second, form).x() > place(first.editor, form).x() == 0
    title = first.findChild(TitleLabel)
    assert title is not None
    assert place(title, form).y() < place(first.editor, form).y()


def test_a_problem_is_said_below_its_row_with_its_mending(form: SettingsForm, qtbot: QtBot) -> None:
    row = form.rows[0]
    row.show_problem(Problem("epochs", "must be at least 1", MENDING))
    line = row.problem_line
    text, mend = line.findChild(QLabel), line.findChild(QPushButton)
    assert text is not None
    assert mend is not None
    assert line.isVisible()
    assert (text.text(), mend.text()) == ("must be at least 1", "Use epochs 2")
    assert place(row, form).y() < place(line, form).y() < place(form.rows[1], form).y()
    with qtbot.waitSignal(line.mend_asked) as asked:
        mend.click()
    assert asked.args == [MENDING]
    row.show_problem(None)
    assert not line.isVisible()
    assert row.editor.field.property("problem") is False


def test_a_problem_without_a_mending_has_no_button(form: SettingsForm) -> None:
    row = form.rows[0]
    row.show_problem(Problem("epochs", "must be at least 1"))
    mend = row.problem_line.findChild(QPushButton)
    assert mend is not None
    assert not mend.isVisible()


def test_a_problem_does_not_widen_the_column(form: SettingsForm) -> None:
    before = form.minimumSizeHint().width()
    form.rows[0].show_problem(Problem("epochs", "this network does not fit these pictures at all " * 3))
    QApplication.sendPostedEvents()
    assert form.minimumSizeHint().width() <= before + 40
    assert form.width() <= 300


def test_a_click_on_a_title_asks_what_it_is(form: SettingsForm, qtbot: QtBot) -> None:
    row = form.rows[1]
    title = row.findChild(TitleLabel)
    assert title is not None
    with qtbot.waitSignal(row.help_asked):
        QTest.mouseClick(title, Qt.MouseButton.LeftButton)


def test_a_value_that_is_not_the_default_is_marked(form: SettingsForm) -> None:
    row = form.rows[0]
    row.show_value(5, differs=True)
    assert row.differs
    row.show_value(2, differs=False)
    assert not row.differs


def test_a_long_title_does_not_widen_a_pair(form: SettingsForm) -> None:
    form.show_rows(form.rows, pairs=True)
    title = form.rows[0].findChild(TitleLabel)
    assert title is not None
    title.setText("A very long title in another language (learning rate)")
    QApplication.sendPostedEvents()
    assert form.minimumSizeHint().width() < 250


def test_a_heading_opens_its_page_by_mouse_and_keyboard(qtbot: QtBot) -> None:
    heading = Heading("Data", "dataHeading", "Open the page")
    qtbot.addWidget(heading)
    heading.show()
    with qtbot.waitSignal(heading.clicked):
        QTest.mouseClick(heading, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(heading.clicked):
        QTest.keyClick(heading, Qt.Key.Key_Return)


def test_a_heading_without_a_page_is_only_a_heading(qtbot: QtBot) -> None:
    heading = Heading("Start from", "lessonHeading")
    qtbot.addWidget(heading)
    with qtbot.assertNotEmitted(heading.clicked):
        QTest.mouseClick(heading, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("key", TABLES)
def test_every_choice_makes_a_form(key: str, qtbot: QtBot) -> None:
    for model in TABLES[key].values():
        settings = settings_of(model)
        made = SettingsForm()
        qtbot.addWidget(made)
        made.show_rows([SettingRow(editor_for(setting, f"{key}.{setting.name}")) for setting in settings])
        assert [row.editor.path for row in made.rows] == [f"{key}.{setting.name}" for setting in settings]
