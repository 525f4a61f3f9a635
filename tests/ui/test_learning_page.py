import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.catalog.losses import LOSSES
from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.catalog.schedules import SCHEDULES
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, ExperimentSpec
from fmstudio.ui import theme
from fmstudio.ui.explanation import explanation_html
from fmstudio.ui.learning_page import LearningPage, optimistic_words, step_words
from fmstudio.ui.loss_chart import LossChart
from fmstudio.ui.rate_chart import RateChart
from fmstudio.words import tr

FIRST_LOOK = lesson("first-look").spec


def with_choice(key: str, kind: str, **values: object) -> ExperimentSpec:
    """The first lesson with another choice, whether it fits the rest or not."""
    return FIRST_LOOK.model_copy(update={key: TABLES[key][kind](**values)})


def on_numbers(loss: str) -> ExperimentSpec:
    return with_choice("dataset", "linear").model_copy(update={"loss": LOSSES[loss]()})


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot) -> LearningPage:
    theme.apply(qapp, "light")
    made = LearningPage()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def texts(page: LearningPage) -> list[str]:
    return [made.text() for made in page.findChildren(QLabel) if made.isVisible()]


def text(page: LearningPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def test_it_explains_what_was_chosen(page: LearningPage) -> None:
    page.show_spec(FIRST_LOOK)
    shown = texts(page)
    assert {"Adam", "Cross-entropy", "One cycle"} <= set(shown)
    assert any("Kingma" in text for text in shown)
    assert "Starts at 0.0004, rises to 0.01, ends at 4e-8" in shown
    assert "938 steps: 2 × 469, each after 128 pictures" in shown


@pytest.mark.parametrize(
    ("key", "kind"),
    [(key, kind) for key, table in (("loss", LOSSES), ("optimizer", OPTIMIZERS)) for kind in table],
)
def test_every_loss_and_optimizer_has_its_paragraph(page: LearningPage, key: str, kind: str) -> None:
    page.show_spec(with_choice(key, kind))
    assert text(page, f"{key}Title") == tr(TABLES[key][kind].title)
    assert TABLES[key][kind].summary().partition("’")[0].partition("'")[0].partition("<")[0] in text(
        page, f"{key}Explanation"
    )


@pytest.mark.parametrize("kind", [kind for kind, loss in LOSSES.items() if loss.numbers])
def test_a_loss_on_numbers_says_how_it_behaves(page: LearningPage, kind: str) -> None:
    page.show_spec(on_numbers(kind))
    assert text(page, "lossBehaviour") == LOSSES[kind].on_numbers
    assert "true number" in text(page, "lossForms")


@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_on_classes_says_how_it_behaves_and_which_form_it_is_given(page: LearningPage, kind: str) -> None:
    page.show_spec(with_choice("loss", kind))
    assert text(page, "lossBehaviour") == LOSSES[kind].on_classes
    assert text(page, "lossForms") == LOSSES[kind].form_on_classes


def test_the_form_follows_the_settings(page: LearningPage) -> None:
    page.show_spec(with_choice("loss", "poisson-nll", log_input=False))
    assert "softplus" in text(page, "lossForms")


def test_a_constant_rate_is_said_in_one_number(page: LearningPage) -> None:
    page.show_spec(with_choice("schedule", "constant"))
    assert "0.01 in every step" in texts(page)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_is_drawn_or_said_to_depend_on_the_run(page: LearningPage, kind: str) -> None:
    page.show_spec(with_choice("schedule", kind))
    chart = page.findChild(RateChart)
    assert chart is not None
    assert chart.isVisible() != SCHEDULES[kind].watches
    assert ("depends on how the run goes" in text(page, "rateFigures")) == SCHEDULES[kind].watches


def test_both_charts_are_seen(page: LearningPage) -> None:
    page.show_spec(FIRST_LOOK)
    for chart in (page.findChild(RateChart), page.findChild(LossChart)):
        assert chart is not None
        image = chart.grab().toImage()
        accent = theme.colour("accent").rgb()
        columns = [x for x in range(image.width()) if any(image.pixel(x, y) == accent for y in range(image.height()))]
        assert len(columns) > image.width() / 2


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (FIRST_LOOK, True),
        (FIRST_LOOK.model_copy(update={"validation": 0.1}), False),
        (on_numbers("mse"), False),
    ],
    ids=["nothing held back", "some held back", "numbers"],
)
def test_choosing_by_the_test_pictures_is_said_to_be_optimistic(
    page: LearningPage, spec: ExperimentSpec, said: bool
) -> None:
    page.show_spec(spec)
    assert ("optimistic" in text(page, "optimistic")) == said
    assert bool(optimistic_words(spec)) == said


def test_steps_on_numbers_are_counted_in_points(page: LearningPage) -> None:
    page.show_spec(on_numbers("mse"))
    assert text(page, "stepFigures").endswith("each after 128 points")


def test_nothing_to_show_is_a_sentence(page: LearningPage) -> None:
    page.show_spec(None)
    assert texts(page) == ["The recipe cannot be read while something is wrong in it."]


def test_one_step_is_not_counted() -> None:
    spec = read_spec({"epochs": 1, "batch_size": "all", "schedule": {"kind": "constant"}})
    assert step_words(spec) == ""


def test_an_explanation_is_text_and_its_source_stands_back() -> None:
    html = explanation_html("First <line>.\n\nSecond\nline.\n\nSource: a book.")
    assert "First &lt;line&gt;." in html
    assert "Second line." in html
    assert html.index("font-size") > html.index("Second line.")


@pytest.mark.parametrize(("name", "signal"), [("findRate", "finder_asked"), ("howLong", "preflight_asked")])
def test_what_can_be_measured_before_a_run_is_one_click_away(
    page: LearningPage, qtbot: QtBot, name: str, signal: str
) -> None:
    page.show_spec(FIRST_LOOK)
    found = page.findChild(QPushButton, name)
    assert found is not None
    assert found.isVisible()
    with qtbot.waitSignal(getattr(page, signal)):
        qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
