import numpy as np
import pytest
import torch
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.catalog.schedules import SCHEDULES
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.ui import theme
from fmstudio.ui.rate_chart import RateChart, rate_words, rates, ticks

NEARLY_DONE = 1e-9


def spec_of(kind: str, **values: object) -> ExperimentSpec:
    return read_spec(
        {
            "dataset": {"kind": "fashion-mnist", "train_size": 1000},
            "optimizer": {"kind": "adam", "lr": 0.01},
            "schedule": {"kind": kind, **values},
            "epochs": 3,
            "batch_size": 64,
            "validation": 0.1 if kind == "plateau" else 0,
        }
    )


def torch_rates(spec: ExperimentSpec) -> list[float]:
    """What torch's own schedulers give to each step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=spec.optimizer.lr)
    calls = spec.schedule.warm_up_call(spec.facts), spec.schedule.scheduler(spec.facts, spec.optimizer.lr)
    schedulers = [call.make(optimizer) for call in calls if call is not None]
    seen = []
    for step in range(1, spec.facts.total_steps + 1):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < spec.facts.total_steps:
            for scheduler in schedulers:
                scheduler.step()
    return seen


@pytest.mark.parametrize(
    "spec",
    [
        spec_of("constant"),
        spec_of("constant", warm_up=1.0),
        spec_of("one-cycle"),
        spec_of("one-cycle", anneal_strategy="linear"),
        spec_of("one-cycle", pct_start=0.9, div_factor=2.0, final_div_factor=10.0),
        spec_of("one-cycle", pct_start=0.01),
        spec_of("cosine", warm_up=0.5, eta_min=1e-4),
        spec_of("step", step_size=1, gamma=0.1),
    ],
    ids=["constant", "warm-up", "cycle", "linear", "late", "rising part shorter than a step", "cosine", "step"],
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
def test_every_schedule_that_can_be_known_beforehand_has_a_curve(kind: str) -> None:
    assert (rates(spec_of(kind)) is None) == SCHEDULES[kind].watches


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (spec_of("constant"), "0.01 in every step"),
        (spec_of("constant", warm_up=1), "Starts at 0.000588, rises to 0.01 and stays there"),
        (spec_of("step"), "Starts at 0.01, ends at 0.0025"),
        (spec_of("one-cycle", pct_start=0.25), "Starts at 0.0004, rises to 0.01, ends at 4e-8"),
        (spec_of("plateau"), "The learning rate depends on how the run goes."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_is_said_in_words(spec: ExperimentSpec, words: str) -> None:
    assert rate_words(spec) == words


@pytest.mark.parametrize(
    ("value", "marks"),
    [(0.01, [0, 0.005, 0.01, 0.015]), (1.0, [0, 0.5, 1, 1.5]), (3e-5, [0, 1e-5, 2e-5, 3e-5, 4e-5]), (0, [0, 1])],
)
def test_the_axis_has_round_numbers_a_little_above_the_curve(value: float, marks: list[float]) -> None:
    assert ticks(value) == pytest.approx(marks, rel=NEARLY_DONE)


@pytest.fixture
def chart(qapp: QApplication, qtbot: QtBot) -> RateChart:
    theme.apply(qapp, "light")
    made = RateChart()
    qtbot.addWidget(made)
    made.resize(480, 260)
    made.show()
    return made


def blue(chart: RateChart) -> list[tuple[int, int]]:
    """The places that have the colour of the curve, left to right."""
    image: QImage = chart.grab().toImage()
    accent = theme.colour("accent").rgb()
    return [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == accent]


@pytest.mark.parametrize("kind", [kind for kind, made in SCHEDULES.items() if not made.watches])
def test_the_curve_is_seen_from_end_to_end(chart: RateChart, kind: str) -> None:
    chart.show_spec(spec_of(kind))
    assert chart.drawn
    columns = {x for x, _ in blue(chart)}
    assert len(columns) > chart.width() / 2


def test_a_falling_rate_is_drawn_falling(chart: RateChart) -> None:
    chart.show_spec(spec_of("cosine"))
    places = blue(chart)
    assert places[0][1] < places[len(places) // 2][1] < places[-1][1]


def test_what_depends_on_the_run_is_not_drawn(chart: RateChart) -> None:
    chart.show_spec(spec_of("cosine"))
    chart.show_spec(spec_of("plateau"))
    assert not chart.drawn
    assert blue(chart) == []
