import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fmstudio.catalog.schedules import SCHEDULES
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.spec import ExperimentSpec, read_spec
from fmstudio.ui import theme
from fmstudio.ui.explanation import explanation_html
from fmstudio.ui.learning_page import LearningPage, rate_words, step_words
from fmstudio.ui.rate_chart import RateChart, rates, ticks

NEARLY_DONE = 1e-9


def spec_of(kind: str, **values: object) -> ExperimentSpec:
    return read_spec(
        {
            "dataset": {"kind": "fashion-mnist", "train_size": 1000},
            "optimizer": {"kind": "adam", "lr": 0.01},
            "schedule": {"kind": kind, **values},
            "epochs": 3,
            "batch_size": 64,
        }
    )


def torch_rates(spec: ExperimentSpec) -> list[float]:
    """What torch's own scheduler gives to each step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=spec.optimizer.lr)
    call = spec.schedule.scheduler(spec.facts, spec.optimizer.lr)
    scheduler = call.make(optimizer) if call else None
    seen = []
    for _ in range(spec.facts.total_steps):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return seen


@pytest.mark.parametrize(
    "spec",
    [
        spec_of("constant"),
        spec_of("one-cycle"),
        spec_of("one-cycle", anneal_strategy="linear"),
        spec_of("one-cycle", pct_start=0.9, div_factor=2.0, final_div_factor=10.0),
        spec_of("one-cycle", pct_start=0.01),
    ],
    ids=["constant", "cosine", "linear", "late", "rising part shorter than a step"],
)
def test_the_rate_is_torchs_own_at_every_step(spec: ExperimentSpec) -> None:
    curve = rates(spec, 10_000)
    assert curve is not None
    steps, values = curve
    assert steps.tolist() == list(range(spec.facts.total_steps))
    np.testing.assert_allclose(values, torch_rates(spec), rtol=1e-9, atol=1e-15)


def test_a_long_run_is_drawn_with_few_points_from_its_first_step_to_its_last() -> None:
    spec = spec_of("one-cycle")
    curve = rates(spec, 10)
    assert curve is not None
    assert len(curve[0]) == 10
    assert (curve[0][0], curve[0][-1]) == (0, spec.facts.total_steps - 1)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_has_a_curve(kind: str) -> None:
    assert rates(spec_of(kind)) is not None


@pytest.mark.parametrize(
    ("value", "marks"),
    [(0.01, [0, 0.005, 0.01, 0.015]), (1.0, [0, 0.5, 1, 1.5]), (3e-5, [0, 1e-5, 2e-5, 3e-5, 4e-5]), (0, [0, 1])],
)
def test_the_axis_has_round_numbers_a_little_above_the_curve(value: float, marks: list[float]) -> None:
    assert ticks(value) == pytest.approx(marks, rel=NEARLY_DONE)


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


def test_it_explains_what_was_chosen(page: LearningPage) -> None:
    page.show_spec(lesson("first-look").spec)
    shown = texts(page)
    assert {"Adam", "Cross-entropy", "One cycle"} <= set(shown)
    assert any("Kingma" in text for text in shown)
    assert "Starts at 0.0004, rises to 0.01, ends at 4e-8" in shown
    assert "938 steps: 2 × 469, each after 128 pictures" in shown


def test_a_constant_rate_is_said_in_one_number(page: LearningPage) -> None:
    page.show_spec(lesson("cnn").spec)
    assert "0.01 in every step" in texts(page)


def test_the_curve_is_seen(page: LearningPage) -> None:
    page.show_spec(lesson("first-look").spec)
    chart = page.findChild(RateChart)
    assert chart is not None
    image = chart.grab().toImage()
    accent = theme.colour("accent").rgb()
    columns = [x for x in range(image.width()) if any(image.pixel(x, y) == accent for y in range(image.height()))]
    assert len(columns) > image.width() / 2


def test_nothing_to_show_is_a_sentence(page: LearningPage) -> None:
    page.show_spec(None)
    assert texts(page) == ["The recipe cannot be read while something is wrong in it."]


def test_one_step_is_one_rate() -> None:
    spec = read_spec({"epochs": 1, "batch_size": "all", "schedule": {"kind": "constant"}})
    assert rate_words(spec) == "0.001 in every step"
    assert step_words(spec) == ""


def test_an_explanation_is_text_and_its_source_stands_back() -> None:
    html = explanation_html("First <line>.\n\nSecond\nline.\n\nSource: a book.")
    assert "First &lt;line&gt;." in html
    assert "Second line." in html
    assert html.index("font-size") > html.index("Second line.")
