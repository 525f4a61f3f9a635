"""Several experiments in words, and as runs that are planned."""

from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.sweep import repeated, sweep
from fmstudio.experiment.vary import Vary
from fmstudio.session.sweep_words import group_name, held_back_words, planned, settings_words

DRAFT = lesson("first-look").draft


def test_runs_are_called_by_what_makes_them_differ() -> None:
    found = planned(DRAFT, sweep(DRAFT, [Vary("optimizer.kind", ("adam", "sgd")), Vary("shuffle", (True, False))]))
    assert [one.about.name for one in found] == [
        "Optimizer Adam · Shuffle on", "Optimizer Adam · Shuffle off",
        "Optimizer SGD · Shuffle on", "Optimizer SGD · Shuffle off",
    ]  # fmt: skip


def test_they_belong_together_and_say_what_was_varied() -> None:
    first, second = (planned(DRAFT, sweep(DRAFT, [Vary("optimizer.lr", (0.1, 0.01))])) for _ in range(2))
    assert len({one.about.group for one in first}) == 1
    assert first[0].about.group != second[0].about.group
    assert len(first[0].about.group) == 32
    assert {(one.about.group_name, one.about.varied) for one in first} == {
        ("Learning rate: 2 values", ("optimizer.lr",))
    }


def test_only_what_can_be_run_is_planned() -> None:
    found = sweep(DRAFT, [Vary("optimizer.lr", (0.1, 7.0))])
    assert [one.spec.optimizer.lr for one in planned(DRAFT, found)] == [0.1]
    assert group_name(DRAFT, found) == "Learning rate: 1 value"


def test_groups_are_called_by_what_they_are() -> None:
    assert group_name(DRAFT, repeated(DRAFT, 5)) == "5 seeds"
    crossed = sweep(DRAFT, [Vary("optimizer.lr", (0.1, 0.01)), Vary("batch_size", (32, 64, 128))])
    assert group_name(DRAFT, crossed) == "Learning rate × Batch size: 6 runs"


def test_a_setting_of_another_kind_has_its_title() -> None:
    assert settings_words(DRAFT, (("optimizer.momentum", 0.5), ("optimizer.kind", "sgd"))) == (
        "Momentum 0.5 · Optimizer SGD"
    )


def test_what_is_held_back_is_said() -> None:
    spec = planned(DRAFT, sweep(DRAFT, [Vary("optimizer.lr", (0.1, 0.01))]))[0].spec
    assert "5,000 training pictures" in held_back_words(spec)
