"""What is said about a run: each rule with a run that it fits and one that it does not."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from fmstudio.insight.confusion import Pair
from fmstudio.insight.score import (
    counted_answers,
    counted_words,
    exact_percent,
    final_sentence,
    headline,
    meaning,
    percent,
    references,
    score,
)
from fmstudio.insight.verdict import Verdict, mending_label, pair_words, verdict
from fmstudio.runs.run import Run
from fmstudio.training.events import (
    EpochEnded,
    Predictions,
    QuickChecked,
    RunEnded,
    RunStarted,
    Status,
    StepsTaken,
)

CLASSES = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
SHIRT, T_SHIRT, BAG = 6, 0, 8
NAN = float("nan")


def answers(right: float = 1.0, *, count: int = 10_000, to: int | None = None) -> Predictions:
    """Answers of which a share is right; the wrong ones spread evenly, or all given ``to`` one class."""
    labels = np.arange(count) % 10
    wrong = np.arange(count) >= round(right * count)
    shift = 1 + np.arange(count) // 10 % 9
    predicted = np.where(wrong, (labels + shift) % 10 if to is None else to, labels)
    losses, probabilities = np.zeros(count, np.float32), np.eye(10, dtype=np.float16)[predicted]
    return Predictions(np.arange(count), labels, predicted, losses, probabilities)


def mixed_up(true: int, predicted: int, times: int, count: int = 10_000) -> Predictions:
    """All right but for one pair."""
    given = answers(count=count)
    given.predicted[np.flatnonzero(given.labels == true)[:times]] = predicted
    return given


NO_ANSWERS = answers(count=0)


def ended_epoch(
    epoch: int, test: Predictions, *, train: float | None = None, validation: float | None = None
) -> EpochEnded:
    return EpochEnded(
        epoch=epoch,
        step=10 * epoch,
        train_loss=0.5,
        train_accuracy=test.accuracy if train is None else train,
        test_loss=2.3,
        test_accuracy=test.accuracy,
        validation_accuracy=validation,
        seconds=1.0,
        evaluation_seconds=0.1,
        predictions=test,
    )


def run_of(
    *tests: Predictions,
    train: float | None = None,
    rates: Sequence[float] = (0.01,),
    losses: Sequence[float] = (2.3,),
    spec: dict[str, object] | None = None,
    end: RunEnded | Status | None = "finished",
    steps: int = 10,
) -> Run:
    """A run with these answers after epoch 0, 1, …; rates and losses are drawn out over all steps."""
    run = Run(spec={"optimizer": {"kind": "adam", "lr": 0.01}} if spec is None else spec)
    size = len(tests[0]) if tests else 10_000
    epochs = max(1, len(tests) - 1)
    run.apply(RunStarted(epochs=epochs, steps_per_epoch=steps, train_size=1000, test_size=size))
    for epoch, test in enumerate(tests):
        if epoch:
            place = slice(steps * (epoch - 1), steps * epoch)
            taken = [
                np.interp(np.linspace(0, 1, steps * epochs), np.linspace(0, 1, len(v)), v) for v in (losses, rates)
            ]
            taken = [values[place].astype(np.float32) for values in taken]
            run.apply(StepsTaken(step=steps * epoch, epoch=epoch, losses=taken[0], rates=taken[1], seconds=1.0))
        run.apply(ended_epoch(epoch, test, train=train if epoch else NAN))
    if end is not None:
        run.apply(end if isinstance(end, RunEnded) else RunEnded(status=end, epoch=epochs, step=run.step))
    return run


def say(run: Run) -> Verdict:
    return verdict(run, CLASSES)


# -- failed -----------------------------------------------------------------------------------------------------------


def diverged(**changes: object) -> RunEnded:
    known: dict[str, object] = {
        "message": "Failed at step 3: the loss became infinite.",
        "hint": "The learning rate 10 is probably too large.",
        "mending": (("optimizer.lr", 0.001),),
    }
    return RunEnded(status="failed", epoch=1, step=3, **{**known, **changes})  # type: ignore[arg-type]


def test_a_diverged_run_carries_its_mending() -> None:
    said = say(run_of(answers(0.1), end=diverged()))
    assert said.kind == "failed"
    assert said.sentence == "Failed at step 3: the loss became infinite. The learning rate 10 is probably too large."
    assert (said.action, said.action_kind) == ("Use learning rate 0.001", "mend")
    assert said.changes == (("optimizer.lr", 0.001),)


def test_a_failure_that_nothing_is_known_of_still_says_where() -> None:
    said = say(run_of(answers(0.1), end=diverged(message="", hint="", mending=())))
    assert said.sentence == "The run failed at step 3."
    assert (said.action, said.action_kind, said.changes) == ("", "", ())


@pytest.mark.parametrize("end", ["finished", "stopped"])
def test_a_run_that_ended_well_has_not_failed(end: Status) -> None:
    assert say(run_of(answers(0.1), answers(0.9), end=end)).kind != "failed"


# -- one class only ---------------------------------------------------------------------------------------------------


def test_one_class_after_a_jump_of_the_loss_wants_a_smaller_rate() -> None:
    spec = {"optimizer": {"kind": "adam", "lr": 0.1}}
    said = say(run_of(answers(0.1), answers(0.01, to=BAG), losses=(2.3, 207.0, 2.31), spec=spec))
    assert said.kind == "one-class"
    assert said.sentence == "It answers Bag to almost everything. The learning rate 0.1 is probably too large."
    assert (said.action, said.action_kind) == ("Use learning rate 0.001", "mend")
    assert said.changes == (("optimizer.lr", 0.001),)


def test_one_class_with_a_loss_that_never_moved_wants_a_larger_rate() -> None:
    spec = {"optimizer": {"kind": "sgd", "lr": 1e-5}}
    said = say(run_of(answers(0.1), answers(0.1, to=BAG), losses=(2.31, 2.30), spec=spec, steps=60))
    assert "The learning rate 1e-5 is probably too small." in said.sentence
    assert said.action == "Use learning rate 0.1"


def test_one_class_after_a_few_steps_blames_these_and_not_the_rate() -> None:
    spec = {"optimizer": {"kind": "sgd", "lr": 1e-5}}
    said = say(run_of(answers(0.1), answers(0.1, to=BAG), losses=(2.31, 2.30), spec=spec))
    assert said.sentence == "It answers Bag to almost everything. Only 10 steps were taken."
    assert said.changes == (("epochs", 20),)
    said = say(run_of(answers(0.1), answers(0.1, to=BAG), losses=(2.31, 2.30), spec=spec, steps=1))
    assert said.sentence.endswith("Only 1 step was taken.")
    assert (said.action, said.changes) == ("Use batch size 10", (("batch_size", 10),))
    stopped = say(run_of(answers(0.1), answers(0.1, to=BAG), losses=(2.31, 2.30), spec=spec, end="stopped"))
    assert "too small" in stopped.sentence


@pytest.mark.parametrize("kind", ["adam", "another"])
def test_the_usual_rate_and_below_is_divided_by_ten_after_a_jump(kind: str) -> None:
    spec = {"optimizer": {"kind": kind, "lr": 0.0005}}
    said = say(run_of(answers(0.1), answers(0.01, to=BAG), losses=(2.3, 50.0, 2.3), spec=spec))
    assert said.changes == (("optimizer.lr", 5e-05),)


@pytest.mark.parametrize("spec", [{}, {"optimizer": None}, {"optimizer": {"lr": "fast"}}])
def test_one_class_without_a_rate_to_mend_shows_the_wrong_ones(spec: dict[str, object]) -> None:
    said = say(run_of(answers(0.1), answers(0.01, to=BAG), spec=spec))
    assert (said.kind, said.action_kind) == ("one-class", "wrong")


def test_half_of_the_answers_in_one_class_is_not_nearly_all() -> None:
    assert say(run_of(answers(0.5), answers(0.5, to=BAG))).kind != "one-class"


def test_pictures_that_nearly_all_are_of_one_class_are_not_the_networks_fault() -> None:
    given = answers()
    given.labels[:9_500] = given.predicted[:9_500] = BAG
    assert say(run_of(given, given)).kind == "well"


# -- better on training than on test pictures -------------------------------------------------------------------------


def test_a_gap_to_the_training_pictures_says_that_more_training_will_not_help() -> None:
    said = say(run_of(answers(0.1), answers(0.8), answers(0.9), train=0.98))
    assert said.kind == "overfitting"
    assert said.sentence.startswith("More training will not help: 98 % of the training pictures are right, but 90 %")
    assert (said.action, said.action_kind) == ("See the wrong ones", "wrong")


@pytest.mark.parametrize("train", [0.94, 0.85, NAN])
def test_a_small_gap_none_or_an_unknown_one_says_nothing_of_it(train: float) -> None:
    assert say(run_of(answers(0.895), answers(0.9), train=train)).kind == "pair"


def test_a_gap_that_few_test_pictures_may_show_by_chance_says_nothing_of_it() -> None:
    few = answers(0.9, count=50)
    assert say(run_of(few, few, train=0.97)).kind != "overfitting"


def kept_first(*, message: str = "", last: float = 0.77, train: float = 0.83) -> Run:
    """A run of three epochs whose first one was the best on the pictures held back."""
    tests = (answers(0.676), answers(0.7), answers(last))
    run = run_of(answers(0.1), *tests, end=None)
    shares = (0.7, 0.6, 0.6)
    run.epochs[1:] = [
        ended_epoch(place + 1, test, train=train, validation=shares[place]) for place, test in enumerate(tests)
    ]
    run.apply(RunEnded(status="finished", epoch=3, step=30, message=message))
    return run


def test_where_an_earlier_epoch_was_kept_headline_and_sentence_say_which_epoch_they_speak_of() -> None:
    run = kept_first()
    figures = score(run, CLASSES)
    assert headline(figures) == "67.6 % right"
    assert counted_words(figures) == "of 10,000 test pictures · kept: epoch 1 of 3"
    said = say(run)
    assert said.kind == "kept"
    expected = "Epoch 1 was kept. The last one had 83 % of the training and 77 % of the test pictures right."
    assert said.sentence == expected


def test_what_rose_last_is_not_spoken_of_where_an_earlier_epoch_was_kept() -> None:
    assert say(kept_first(train=0.75)).kind == "pair"


def test_a_run_that_stopped_early_says_so_first_and_not_that_it_learned_by_heart() -> None:
    said = say(kept_first(message="Stopped early after epoch 3: no better for 2 epochs."))
    assert said.kind == "early"
    assert said.sentence == "Stopped early after epoch 3: no better for 2 epochs. Epoch 1 was kept."
    assert (said.action, said.action_kind) == ("See the wrong ones", "wrong")


# -- still rising -----------------------------------------------------------------------------------------------------


def test_a_run_that_was_still_getting_better_offers_twice_the_epochs() -> None:
    said = say(run_of(answers(0.1), answers(0.84), answers(0.86)))
    assert said.kind == "rising"
    assert said.sentence == "Still getting better: from 84.0 % to 86.0 % in the last epoch."
    assert (said.action, said.action_kind) == ("Use 4 epochs", "mend")
    assert said.changes == (("epochs", 4),)


def test_the_only_epoch_is_compared_with_the_untrained_network() -> None:
    assert say(run_of(answers(0.1), answers(0.8))).action == "Use 2 epochs"


def test_a_rate_that_was_brought_down_to_nothing_is_done() -> None:
    said = say(run_of(answers(0.1), answers(0.83), answers(0.878), rates=(0.0004, 0.01, 0.000001)))
    assert said.kind == "pair"


@pytest.mark.parametrize("last", [0.862, 0.855, 0.80])
def test_an_epoch_that_brought_little_or_nothing_is_no_rise(last: float) -> None:
    assert say(run_of(answers(0.1), answers(0.855), answers(last))).kind == "pair"


def test_a_rise_that_few_test_pictures_may_show_by_chance_is_no_rise() -> None:
    assert say(run_of(*(answers(right, count=50) for right in (0.1, 0.84, 0.88)))).kind != "rising"


def test_a_run_that_was_stopped_is_not_told_to_be_longer() -> None:
    assert say(run_of(answers(0.1), answers(0.8), end="stopped")).kind == "pair"


# -- a worst pair, and all well ---------------------------------------------------------------------------------------


def test_the_worst_pair_is_shown_on_request() -> None:
    given = mixed_up(SHIRT, T_SHIRT, 83)
    said = say(run_of(given, given))
    assert said.kind == "pair"
    assert said.sentence == "Mixed up most: Shirt → T-shirt (83)."
    assert (said.action, said.action_kind) == ("See those pictures", "select")
    assert said.pair == Pair(SHIRT, T_SHIRT, 83)


def test_while_it_runs_only_the_worst_pair_is_spoken_of() -> None:
    run = run_of(answers(0.1), answers(0.5, to=BAG), train=1.0, end=None)
    assert say(run).kind == "pair"


def test_one_single_mistake_of_a_kind_is_no_pattern() -> None:
    given = mixed_up(SHIRT, T_SHIRT, 1)
    said = say(run_of(given, given))
    assert (said.kind, said.action, said.action_kind) == ("well", "See the wrong ones", "wrong")


def test_nothing_wrong_at_all_is_said() -> None:
    said = say(run_of(answers(), answers()))
    assert (said.kind, said.sentence) == ("well", "Not one test picture is wrong.")
    assert (said.action, said.action_kind) == ("See the pictures", "all")


def test_before_the_first_step_there_is_nothing_to_say() -> None:
    assert say(Run()) == Verdict("waiting")
    assert say(run_of(answers(0.1, to=BAG), end=None)) == Verdict("waiting")


def test_stopped_before_the_first_step_it_is_untrained_and_not_one_class_only() -> None:
    said = say(run_of(answers(0.01, to=BAG), end="stopped"))
    assert said.kind == "untrained"
    assert said.action == ""


def test_a_run_whose_predictions_were_not_read_has_no_pair() -> None:
    run = run_of(answers(0.1), NO_ANSWERS, end="stopped")
    run.epochs[:] = [ended_epoch(epoch, NO_ANSWERS) for epoch in (0, 1)]
    assert say(run).kind == "waiting"


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ((("optimizer.lr", 0.00005),), "Use learning rate 5e-5"),
        ((("epochs", 1),), "Use 1 epoch"),
        ((("batch_size", 64),), "Use batch size 64"),
        ((("device", "cpu"),), "Use the device cpu"),
        ((("optimizer.momentum", 0.9),), "Use 0.9 for optimizer.momentum"),
        ((("epochs", 1), ("seed", 1)), "Use these settings"),
        ((), ""),
    ],
)
def test_every_mending_has_its_words(changes: tuple[tuple[str, object], ...], label: str) -> None:
    assert mending_label(changes) == label


def test_the_words_of_a_pair_count() -> None:
    assert pair_words(Pair(SHIRT, T_SHIRT, 21), CLASSES) == "**Shirt** taken for **T-shirt** 21 times"
    assert pair_words(Pair(SHIRT, T_SHIRT, 1), CLASSES) == "**Shirt** taken for **T-shirt** 1 time"


# -- the score --------------------------------------------------------------------------------------------------------


def check(right: float, step: int, count: int = 1000) -> QuickChecked:
    given = answers(right, count=count)
    return QuickChecked(step=step, accuracy=given.accuracy, loss=1.0, predictions=given)


def test_before_anything_was_counted_there_is_a_dash_and_what_to_compare_with() -> None:
    figures = score(Run(), CLASSES, 0.835)
    assert (figures.right_share, figures.counted, figures.worst) == (None, 0, None)
    assert headline(figures) == "–"
    assert counted_words(figures) == meaning(figures) == ""
    assert references(figures) == (("guessing", "10 %"), ("people", "83.5 %"))
    assert final_sentence(Run(), CLASSES) == "Nothing was counted yet."


def test_the_untrained_network_is_counted_too() -> None:
    figures = score(run_of(answers(0.1), end=None), CLASSES)
    assert headline(figures) == "10.0 % right"
    assert counted_words(figures) == "of 10,000 test pictures · before training"
    assert meaning(figures) == "No better than guessing."


def test_a_quick_check_is_counted_so_far() -> None:
    run = run_of(answers(0.1), end=None)
    run.started = RunStarted(epochs=2, steps_per_epoch=10, train_size=100, test_size=10_000)
    steps = np.full(13, 2.0, np.float32)
    run.apply(StepsTaken(step=13, epoch=2, losses=steps, rates=steps, seconds=1.0))
    run.apply(check(0.874, 13))
    figures = score(run, CLASSES, 0.835)
    assert figures.so_far
    assert headline(figures) == "87 % right"
    assert counted_words(figures) == "of 1,000 test pictures so far · epoch 2 of 2"
    assert figures.worst is not None


def test_after_an_epoch_all_pictures_are_counted_with_a_tenth_of_a_per_cent() -> None:
    figures = score(run_of(answers(0.1), answers(0.8786), end=None), CLASSES)
    assert not figures.so_far
    assert headline(figures) == "87.9 % right"
    assert counted_words(figures) == "of 10,000 test pictures · epoch 1 of 1"


def test_an_ended_run_counts_the_network_that_was_kept() -> None:
    run = run_of(answers(0.1), answers(0.9), answers(0.8), end=None)
    run.epochs[1:] = [ended_epoch(1, answers(0.9), validation=0.9), ended_epoch(2, answers(0.8), validation=0.7)]
    assert score(run, CLASSES).right_share == pytest.approx(0.8)
    run.apply(RunEnded(status="finished", epoch=2, step=20))
    figures = score(run, CLASSES)
    assert figures.right_share == pytest.approx(0.9)
    assert counted_words(figures) == "of 10,000 test pictures · kept: epoch 1 of 2"


def test_a_failed_run_shows_its_newest_answers() -> None:
    run = run_of(answers(0.1), answers(0.8), end=None)
    run.apply(check(0.5, 15))
    run.apply(diverged())
    assert score(run, CLASSES).counted == 1000
    assert not score(run, CLASSES).so_far


def test_answers_that_were_not_stored_are_passed_over() -> None:
    run = run_of(answers(0.1), answers(0.8), end=None)
    run.apply(QuickChecked(step=15, accuracy=0.5, loss=1.0, predictions=NO_ANSWERS))
    kept = counted_answers(run)
    assert kept is run.epochs[1].predictions


def test_figures_stand_in_for_predictions_that_were_not_read() -> None:
    run = run_of(answers(0.1), answers(0.8786))
    run.epochs[:] = [replace(epoch, predictions=NO_ANSWERS) for epoch in run.epochs]
    assert final_sentence(run, CLASSES).startswith("87.9 % of 10,000 test pictures right.")
    assert score(run, CLASSES).worst is None
    run.epochs[1] = replace(run.epochs[1], test_accuracy=NAN)
    assert score(run, CLASSES).right_share is None


def test_the_final_sentence_is_that_of_the_first_run() -> None:
    run = run_of(answers(0.1), answers(0.8786))
    expected = "87.9 % of 10,000 test pictures right. Guessing: 10 %."
    assert final_sentence(run, CLASSES) == expected
    assert final_sentence(run, CLASSES, 0.835) == f"{expected} People: 83.5 %."


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (0.11, "No better than guessing."),
        (0.6, "Better than guessing, not as good as people."),
        (0.835, "As good as people on these pictures."),
        (0.88, "Better than people on these pictures."),
    ],
)
def test_what_the_number_means(right: float, words: str) -> None:
    assert meaning(score(run_of(answers(right), answers(right)), CLASSES, 0.835)) == words


def test_without_people_it_is_set_beside_guessing() -> None:
    figures = score(run_of(answers(0.8), answers(0.8)), CLASSES)
    assert meaning(figures) == "8.0 times as many as by guessing."
    assert references(figures) == (("guessing", "10 %"),)


@pytest.mark.parametrize(
    ("share", "counted", "words"),
    [
        (0.8746, 1000, "87 %"),
        (0.8746, 10_000, "87.5 %"),
        (1.0, 10_000, "100.0 %"),
        (0.9999, 10_000, "99.9 %"),
        (0.999, 1000, "99 %"),
        (0.0001, 1000, "1 %"),
        (0.0, 1000, "0 %"),
    ],
)
def test_per_cents_have_sensible_digits_and_never_promise_all(share: float, counted: int, words: str) -> None:
    assert percent(share, counted) == words


def test_exact_per_cents_have_a_tenth_only_where_there_is_one() -> None:
    assert [exact_percent(share) for share in (0.1, 0.835, 1 / 3)] == ["10 %", "83.5 %", "33.3 %"]


def test_a_verdict_loads_no_torch() -> None:
    program = "import sys, fmstudio.insight.verdict, fmstudio.data.library; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
