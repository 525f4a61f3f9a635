"""What is said about a run that learns numbers: its figures, and each rule with a run that it fits."""

import math
from dataclasses import replace

import pytest

from fmstudio.catalog.datasets import Linear
from fmstudio.insight.number_score import (
    Parameter,
    difference_text,
    measured_text,
    number_headline,
    number_score,
    number_text,
    off_words,
    parameters,
    r2_text,
)
from fmstudio.insight.number_verdict import tolerance
from fmstudio.insight.score import counted_answers, final_sentence, score
from fmstudio.insight.verdict import verdict
from fmstudio.runs.journal import NO_PREDICTIONS
from fmstudio.runs.run import Run
from fmstudio.training.events import RunEnded, RunStarted

LINE = Linear(w=(3.0,), b=0.8, noise=0.0, n=50, test_n=40, distribution="uniform")
NOISY = LINE.model_copy(update={"noise": 0.3, "n": 200})
PULLED = NOISY.model_copy(update={"outliers": 0.1})


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (-3.4, "−3.4"), (0.07979, "0.0798"), (1234567.0, "1.23e6"), (-1.2e-6, "−1.2e−6"), (0.0, "0"),
     (math.nan, "–"), (None, "–"), (-math.inf, "−∞")],
)  # fmt: skip
def test_numbers_have_the_digits_that_matter(value: float | None, text: str) -> None:
    assert number_text(value) == text


def test_what_is_measured_keeps_its_width() -> None:
    assert measured_text(0.2) == "0.200"
    assert [difference_text(value) for value in (0.0005, -0.2, 0.0, None)] == ["+0.00050", "−0.20", "0", "–"]


@pytest.mark.parametrize(
    ("r2", "text"),
    [(0.5, "0.500"), (0.9994, "0.999"), (0.99968, "0.9997"), (0.999999, "1.000"), (-0.5, "−0.500"), (-1e9, "−1e9"),
     (math.nan, "–")],
)  # fmt: skip
def test_r2_is_one_only_where_it_nearly_is(r2: float, text: str) -> None:
    assert r2_text(r2) == text


def test_the_figures_of_a_run(number_run) -> None:
    run = number_run(NOISY, epochs=300)
    figures = number_score(run, run.epochs[-1].predictions)
    assert figures == number_score(run), "the recorded figures are the same"
    assert (figures.counted, figures.epoch, figures.epochs) == (40, 300, 300)
    assert number_headline(figures) == f"R² {r2_text(run.epochs[-1].test_r2)}"
    assert off_words(figures) == f"off by {measured_text(run.epochs[-1].test_mae)} on average · epoch 300 of 300"
    assert final_sentence(run, ()).startswith("R² 0.9")
    assert final_sentence(run, ()).endswith("on average on 40 test points.")


def test_before_the_first_step_it_says_so(number_run) -> None:
    run = number_run(LINE, epochs=0, end="")
    assert off_words(number_score(run)).endswith("before training")
    assert number_headline(number_score(Run(run.spec))) == "–"
    assert off_words(number_score(Run(run.spec))) == ""
    assert final_sentence(Run(run.spec), ()) == "Nothing was counted yet."


def test_nothing_of_pictures_is_counted_over_numbers(number_run) -> None:
    run = number_run(LINE)
    assert counted_answers(run) is None
    assert score(run, ()).right_share is None


def test_true_and_learned_stand_beside_each_other(number_run) -> None:
    names = parameters(number_run(Linear(n=100), epochs=300), Linear(n=100))
    assert [(line.name, line.true) for line in names] == [("w1", 2.0), ("w2", -3.4), ("b", 4.2)]
    assert all(abs(line.difference or 9) < 0.1 for line in names)
    assert parameters(number_run(LINE, path=False), LINE)[0] == Parameter("w", 3.0, None), (
        "a single weight has no number"
    )
    assert Parameter("w", 3.0).difference is None


def test_more_noise_and_fewer_points_make_more_uncertain() -> None:
    assert tolerance(Linear()) == 0.01
    assert tolerance(NOISY) > 0.08


def said(run: Run) -> tuple[str, str, tuple[tuple[str, object], ...]]:
    found = verdict(run, ())
    return found.kind, found.action_kind, found.changes


def test_while_it_goes_on_nothing_is_said(number_run) -> None:
    assert said(number_run(LINE, end=""))[0] == "waiting"


def test_it_found_the_rule(number_run) -> None:
    run = number_run(LINE, epochs=400, lr=0.3)
    assert said(run) == ("found", "residuals", ())
    assert verdict(run, ()).sentence.startswith("It found w and b: nothing is off by more than ")
    assert said(number_run(NOISY, epochs=400, lr=0.3))[0] == "found"


def test_stopped_before_the_first_step(number_run) -> None:
    assert said(number_run(LINE, epochs=0, end="stopped"))[0] == "untrained"


def test_a_failure_says_why_and_offers_what_mends_it(number_run) -> None:
    run = number_run(LINE, end="")
    changes = (("optimizer.lr", 0.01),)
    run.apply(RunEnded(status="failed", epoch=1, step=3, message="It failed.", hint="Too large.", mending=changes))
    assert said(run) == ("failed", "mend", changes)


def test_too_small_a_rate_hardly_moves(number_run) -> None:
    assert said(number_run(LINE, epochs=60, lr=0.001)) == ("slow", "mend", (("optimizer.lr", 0.01),))


def test_after_a_few_steps_these_are_blamed_and_not_the_rate(number_run) -> None:
    run = number_run(LINE, epochs=3, lr=0.03)
    assert verdict(run, ()).sentence == "It has hardly moved. Only 3 steps were taken."
    assert said(run) == ("slow", "mend", (("epochs", 200),))
    many = LINE.model_copy(update={"n": 1000})
    assert said(number_run(many, epochs=3, lr=0.03)) == ("slow", "mend", (("batch_size", 10),))


@pytest.mark.parametrize(("epochs", "lr"), [(40, 0.1), (60, 0.001)])
def test_what_was_stopped_on_its_way_is_not_told_to_be_longer(number_run, epochs: int, lr: float) -> None:
    run = number_run(LINE, epochs=epochs, lr=lr, end="stopped")
    found = verdict(run, ())
    assert (found.kind, found.action_kind, found.changes) == ("stopped", "residuals", ())
    assert found.sentence.startswith(f"Stopped on the way, at epoch {epochs} of {epochs}: still off by ")


def test_a_run_that_stopped_early_says_so_and_judges_the_network_that_was_kept(number_run) -> None:
    run = number_run(LINE, epochs=60, lr=0.01, end="", path=False)
    figures = [-1.0 if epoch.epoch == 50 else -2.0 for epoch in run.epochs]
    run.epochs[:] = [replace(e, validation_loss=-f, stale=0) for e, f in zip(run.epochs, figures, strict=True)]
    run.apply(RunEnded(status="finished", epoch=60, step=60, message="Stopped early after epoch 60."))
    found = verdict(run, ())
    assert (found.kind, found.sentence) == ("early", "Stopped early after epoch 60. Epoch 50 was kept.")
    assert off_words(number_score(run)).endswith("kept: epoch 50 of 60")


def test_on_its_way_it_wants_more_epochs(number_run) -> None:
    run = number_run(LINE, epochs=40, lr=0.1)
    assert said(run) == ("rising", "mend", (("epochs", 80),))
    assert verdict(run, ()).action == "Use twice as many epochs"


def test_too_large_a_rate_makes_it_worse(number_run) -> None:
    assert said(number_run(LINE, epochs=10, lr=1.4)) == ("worse", "mend", (("optimizer.lr", 0.1),))


def test_outliers_pull_the_squared_error(number_run) -> None:
    assert said(number_run(PULLED, epochs=300, lr=0.3)) == ("outliers", "mend", (("loss.kind", "huber"),))
    assert said(number_run(PULLED, epochs=300, lr=0.3, loss="l1"))[0] != "outliers"


def test_a_network_without_weights_to_tell_ends_with_how_far_off_it_is(number_run) -> None:
    run = number_run(NOISY, epochs=400, lr=0.3, path=False)
    assert said(run) == ("well", "residuals", ())
    assert "the noise alone makes 0.24" in verdict(run, ()).sentence


def test_a_run_whose_answers_were_not_kept_is_judged_by_its_figures(number_run) -> None:
    run = number_run(LINE, epochs=400, lr=0.3)
    for epoch in run.epochs:
        object.__setattr__(epoch, "predictions", NO_PREDICTIONS)
    assert said(run)[0] == "found"
    assert final_sentence(run, ()).startswith("R² 1.000")


def test_a_spec_that_is_not_valid_here_is_no_reason_to_fail() -> None:
    run = Run({"dataset": {"kind": "linear", "n": -1}})
    run.apply(RunStarted(epochs=1, steps_per_epoch=1, train_size=1, test_size=1))
    run.apply(RunEnded(status="stopped", epoch=0, step=0))
    assert verdict(run, ()).kind == "waiting"
