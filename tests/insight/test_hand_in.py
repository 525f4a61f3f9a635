"""What a class handed in: what differs, and what is odd."""

from pathlib import Path
from typing import Any

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.hand_in import HandIn, handed_in


def item(name: str, *, accuracy: float | None = 0.9, **said: Any) -> HandIn:
    changes = said.pop("changes", ())
    figures = said.pop("figures", {} if accuracy is None else {"test_accuracy": accuracy})
    usual = {
        "run": name,
        "spec": changed(to_mapping(ExperimentSpec()), changes),
        "seed": 0,
        "version": "1",
        "data": "a",
    }
    return HandIn(path=Path(name), file=name, figures=figures, **(usual | said))


def test_settings_that_differ_are_found_and_those_that_say_nothing_are_not() -> None:
    handed = handed_in(
        [
            item("a"),
            item("b", changes=[("optimizer.kind", "sgd"), ("seed", 4), ("device", "cpu")]),
            item("c", changes=[("epochs", 5), ("architecture.kind", "mlp")]),
        ]
    )
    assert set(handed.varied) == {"optimizer.kind", "optimizer.lr", "epochs"}


def test_those_of_other_data_version_or_seed_are_marked_beside_most_of_the_others() -> None:
    items = [item(name) for name in "abc"]
    items += [item("d", data="other"), item("e", version="0"), item("f", seed=7)]
    items += [item("g", data="mnist", changes=[("dataset.kind", "mnist")]), item("h", data="", version="", seed=None)]
    marks = dict(zip("abcdefgh", handed_in(items).marks, strict=True))
    assert {name: set(found) for name, found in marks.items() if found} == {
        "d": {"data"},
        "e": {"version"},
        "f": {"seed"},
    }


def test_where_all_have_their_own_seed_none_is_odd() -> None:
    assert handed_in([item(name, seed=seed) for seed, name in enumerate("abcd")]).count("seed") == 0


def test_the_same_run_twice_is_marked_on_both() -> None:
    handed = handed_in([item("a", run="x"), item("b"), item("c", run="x"), item("d", run=""), item("e", run="")])
    assert [index for index, marks in enumerate(handed.marks) if "double" in marks] == [0, 2]
    assert [one.file for one in handed.same_run(handed.items[0])] == ["c"]


def test_an_impossible_result_counts_as_none() -> None:
    handed = handed_in([item("a", accuracy=37.0), item("b", accuracy=0.5), item("c", accuracy=None)])
    assert [handed.result_of(one) for one in handed.items] == [None, 0.5, None]


def test_where_numbers_are_learned_another_figure_is_compared() -> None:
    handed = handed_in([item("a", accuracy=None), item("b", figures={"test_mae": 0.3, "test_loss": 1.0})])
    assert handed.result == "test_mae"
    assert [handed.result_of(one) for one in handed.items] == [None, 0.3]


def test_files_that_say_nothing_are_kept_and_not_compared() -> None:
    handed = handed_in([item("a"), HandIn(path=Path("b"), file="b", problem="is empty")])
    assert len(handed.items) == 2
    assert [one.file for one in handed.read] == ["a"]
    assert handed_in([]).items == ()


def test_words_of_a_stranger_are_no_danger() -> None:
    odd: list[Any] = [{"optimizer": 3}, {"dataset": [1]}, {"": {"": 2}}, {"epochs": 10**400}, {"a": {"b": [[1]]}}]
    handed = handed_in([item(str(number), spec=spec) for number, spec in enumerate(odd)])
    assert len(handed.read) == len(odd)
