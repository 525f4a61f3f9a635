"""What runs are called when they lie over one another."""

import pytest
from PySide6.QtWidgets import QApplication

from fmstudio.runs.about import About
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.ui.compare.overlay.words import names_of, titles_of
from tests.ui.compare.overlay_runs import begin, summary

SGD = ("optimizer.kind", "sgd")


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    return qapp


def rows(*runs: Run) -> list[RunSummary]:
    return [summary(run) for run in runs]


def test_only_settings_that_differ_are_named() -> None:
    runs = rows(
        begin(1, ("optimizer.lr", 0.01), ("batch_size", 64)), begin(2, ("optimizer.lr", 0.1), ("batch_size", 64))
    )
    assert titles_of(runs) == ["lr 0.01", "lr 0.1"]


def test_a_choice_is_named_by_itself_without_the_defaults_that_come_with_it() -> None:
    runs = rows(
        begin(1, ("optimizer.lr", 0.01)), begin(2, SGD, ("optimizer.lr", 0.1)), begin(3, SGD, ("optimizer.lr", 1))
    )
    assert titles_of(runs) == ["Adam · lr 0.01", "SGD · lr 0.1", "SGD · lr 1"]


def test_what_differs_among_runs_with_the_same_choice_is_named() -> None:
    momentum = ("optimizer.momentum", 0.9)
    runs = rows(
        begin(1, ("optimizer.lr", 0.1)),
        begin(2, SGD, ("optimizer.lr", 0.1)),
        begin(3, SGD, ("optimizer.lr", 0.1), momentum),
    )
    assert titles_of(runs) == ["Adam", "SGD · Momentum 0", "SGD · Momentum 0.9"]


def test_names_are_said_where_no_setting_differs_and_times_where_names_are_alike() -> None:
    one, other = begin(1), begin(2)
    named = [summary(one, about=About(name="First")), summary(other, about=About(name="Second"))]
    assert titles_of(named) == ["First", "Second"]
    timed = titles_of(rows(one, other))
    assert timed[0] != timed[1]
    assert all(title.startswith("First look · ") for title in timed)


def test_the_seed_of_bands_is_not_named() -> None:
    runs = rows(begin(1, ("seed", 1), ("epochs", 3)), begin(2, ("seed", 5), ("epochs", 9)))
    assert "Seed" not in "".join(titles_of(runs, without=("seed",)))
    assert titles_of(rows(begin(1, ("seed", 1)), begin(2, ("seed", 5)))) == ["Seed 1", "Seed 5"]


def test_no_two_titles_and_no_two_names_are_alike() -> None:
    runs = [summary(begin(1)) for _ in range(3)]
    assert len(set(titles_of(runs))) == 3
    assert len(set(names_of(runs))) == 3
    assert titles_of([]) == []


def test_very_many_differences_are_cut() -> None:
    changes = [
        ("epochs", 9),
        ("batch_size", 7),
        ("optimizer.lr", 0.5),
        ("seed", 4),
        ("shuffle", False),
        ("validation", 0.5),
    ]
    assert titles_of(rows(begin(1), begin(2, *changes)))[1].endswith(" …")
