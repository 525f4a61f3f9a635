import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.catalog.loss import Loss
from fmstudio.catalog.losses import LOSSES
from fmstudio.schema.choice import Facts
from fmstudio.ui import theme
from fmstudio.ui.loss_chart import LossChart, axis_words, curve_of, kindred, span_of

CLASSES = Facts(shape=(1, 28, 28), classes=10, samples=100, steps_per_epoch=10, epochs=1)
NUMBERS = Facts(shape=(1,), classes=0, samples=100, steps_per_epoch=10, epochs=1)
CASES = [
    (kind, facts) for kind, loss in LOSSES.items() for facts in (CLASSES, NUMBERS) if facts.classes or loss.numbers
]


@pytest.fixture
def chart(qapp: QApplication, qtbot: QtBot) -> LossChart:
    theme.apply(qapp, "light")
    made = LossChart()
    qtbot.addWidget(made)
    made.resize(480, 360)
    made.show()
    return made


def drawn(chart: LossChart, colour: str) -> np.ndarray:
    """Where a colour of the theme is to be seen, shape (height, width)."""
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return pixels == theme.colour(colour).rgb()


def heights(chart: LossChart) -> tuple[np.ndarray, np.ndarray]:
    """Of the loss and of the gradient: how high the chosen curve is in some columns from left to right, upwards."""
    seen = drawn(chart, "accent")
    middle = chart.height() // 2
    upper, lower = seen[30:middle], seen[middle:]
    columns = np.linspace(60, chart.width() - 20, 9).astype(int)
    return _mean_heights(upper, columns), _mean_heights(lower, columns)


def _mean_heights(part: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return np.array([-np.flatnonzero(part[:, x - 2 : x + 3].any(axis=1)).mean() for x in columns])


@pytest.mark.parametrize(("kind", "facts"), CASES)
def test_every_loss_is_drawn_in_both_parts(chart: LossChart, kind: str, facts: Facts) -> None:
    chart.show_loss(LOSSES[kind](), facts)
    loss, gradient = heights(chart)
    assert np.isfinite(loss).all()
    assert np.isfinite(gradient).all()
    assert loss.std() > 2
    assert gradient.std() > 2


def test_mse_is_a_valley_over_a_straight_line(chart: LossChart) -> None:
    chart.show_loss(LOSSES["mse"](), NUMBERS)
    loss, gradient = heights(chart)
    assert loss.argmin() == 4
    assert abs(loss[0] - loss[-1]) < 8
    assert (np.diff(gradient) > 5).all()


def test_the_gradient_of_huber_stays_where_the_error_is_large(chart: LossChart) -> None:
    chart.show_loss(LOSSES["huber"](), NUMBERS)
    _, gradient = heights(chart)
    assert abs(gradient[0] - gradient[1]) < 1.5
    assert abs(gradient[-1] - gradient[-2]) < 1.5
    assert gradient[5] - gradient[3] > 20


def test_a_setting_changes_what_is_drawn(chart: LossChart) -> None:
    chart.show_loss(LOSSES["huber"](), NUMBERS)
    before = drawn(chart, "accent")
    chart.show_loss(LOSSES["huber"](delta=0.1), NUMBERS)
    assert (drawn(chart, "accent") != before).any()


def test_the_others_stand_faintly_beside_it(chart: LossChart) -> None:
    chart.show_loss(LOSSES["mse"](), NUMBERS)
    assert chart.others == ("L1", "Smooth L1", "Huber")
    assert drawn(chart, "faint").sum() > 200


@pytest.mark.parametrize(("kind", "facts"), CASES)
def test_every_loss_is_compared_with_others_that_fit(kind: str, facts: Facts) -> None:
    loss = LOSSES[kind]()
    others = kindred(loss, facts)
    assert others
    assert type(loss) not in {type(other) for other in others}
    assert all(other.classes if facts.classes else other.numbers for other in others)


def test_every_line_has_a_style_of_its_own(chart: LossChart) -> None:
    for kind, facts in CASES:
        chart.show_loss(LOSSES[kind](), facts)
        styles = [pen.style() for _, pen in chart._lines()[1:]]
        assert len(styles) == len(chart.others) == len(set(styles))


@pytest.mark.parametrize(
    ("loss", "facts", "words"),
    [
        (LOSSES["l1"](), NUMBERS, "error: output − target"),
        (LOSSES["l1"](), CLASSES, "score of the true class, all others 0"),
        (LOSSES["poisson-nll"](), NUMBERS, "how far the output is from the best, for a count of 1"),
    ],
)
def test_the_axis_says_what_it_is(loss: Loss, facts: Facts, words: str) -> None:
    assert axis_words(loss, facts) == words


def test_zero_is_one_of_the_points() -> None:
    for facts in (CLASSES, NUMBERS):
        assert 0.0 in curve_of(LOSSES["mse"](), facts).at


def test_zero_is_always_on_the_axis() -> None:
    for values in ([1.0, 2.0], [-2.0, -1.0], [0.0, 0.0]):
        low, high = span_of(np.array(values))
        assert low < 0 < high


@pytest.mark.parametrize("width", [300, 460, 700])
def test_every_name_is_whole_and_beside_the_others(chart: LossChart, width: int) -> None:
    chart.resize(width, 360)
    chart.show_loss(LOSSES["cross-entropy"](), CLASSES)
    places = chart.name_places()
    assert len(places) == 1 + len(kindred(LOSSES["cross-entropy"](), CLASSES))
    for number, place in enumerate(places):
        assert chart.rect().toRectF().contains(place)
        assert not any(place.intersects(other) for other in places[:number])
        assert place.bottom() <= 30, "above the title of the upper part"
