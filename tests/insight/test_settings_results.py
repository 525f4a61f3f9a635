"""What settings did to results."""

import math
from typing import Any

import numpy as np
import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.settings_results import (
    SettingsTable,
    best_of,
    deciding,
    grid,
    means,
    result_of,
    results,
    results_there,
)
from fmstudio.runs.summary import RunSummary


def run(
    name: str, accuracy: float | None = None, state: Any = "finished", test: float = 0.5, **settings: Any
) -> RunSummary:
    changes = [(path.replace("__", "."), value) for path, value in settings.items()]
    best = {"test_accuracy": test} | ({"validation_accuracy": accuracy} if accuracy is not None else {})
    spec = changed(to_mapping(ExperimentSpec()), changes)
    return RunSummary(id=name, folder="", spec=spec, state=state, best=best, last={"test_accuracy": 0.1})


def test_the_best_is_chosen_by_validation_and_not_by_test() -> None:
    found = best_of([run("a", 0.8, test=0.99), run("b", 0.9, test=0.7), run("c", 0.7, test=0.8)])
    assert found is not None
    assert (found.run.id, found.key, found.optimistic) == ("b", "validation_accuracy", False)


def test_without_validation_the_test_samples_choose_and_that_is_said() -> None:
    found = best_of([run("a", test=0.7), run("b", 0.1, test=0.9)])
    assert found is not None
    assert (found.run.id, found.key, found.optimistic) == ("b", "test_accuracy", True)


def test_runs_that_did_not_finish_are_not_best_where_others_did() -> None:
    found = best_of([run("a", 0.9, "stopped"), run("b", 0.8), run("c", 0.95, "failed")])
    assert found is not None
    assert found.run.id == "b"


def test_nothing_is_best_of_nothing() -> None:
    assert best_of([]) is None
    assert best_of([RunSummary(id="x", folder="", spec={}, state="failed")]) is None


def test_of_losses_the_least_is_best() -> None:
    def numbers(name: str, loss: float) -> RunSummary:
        return RunSummary(id=name, folder="", spec={}, state="finished", best={"validation_loss": loss})

    found = best_of([numbers("a", 2.0), numbers("b", 0.5), numbers("c", 1.0)])
    assert found is not None
    assert (found.run.id, found.mean) == ("b", 0.5)


def test_losses_of_several_kinds_are_not_compared() -> None:
    def numbers(name: str, kind: str, loss: float, mae: float) -> RunSummary:
        best = {"validation_loss": loss, "test_mae": mae}
        return RunSummary(id=name, folder="", spec={"loss": {"kind": kind}}, state="finished", best=best)

    runs = [numbers("a", "mse", 0.1, 0.5), numbers("b", "l1", 0.3, 0.2)]
    assert deciding(runs) == "test_mae"
    found = best_of(runs)
    assert found is not None
    assert found.run.id == "b"


def test_with_seeds_the_mean_decides_and_not_a_lucky_run() -> None:
    lucky = [run(f"a{seed}", value, optimizer__lr=0.1, seed=seed) for seed, value in enumerate((0.95, 0.60, 0.61))]
    steady = [run(f"b{seed}", value, optimizer__lr=0.01, seed=seed) for seed, value in enumerate((0.90, 0.91, 0.92))]
    found = best_of([*lucky, *steady], ("optimizer.lr", "seed"))
    assert found is not None
    assert (found.run.id, found.count) == ("b2", 3)
    assert found.mean == pytest.approx(0.91)
    assert found.spread == pytest.approx(np.std([0.90, 0.91, 0.92], ddof=1))


def test_settings_within_the_spread_of_seeds_are_named() -> None:
    def group(rate: float, *values: float) -> list[RunSummary]:
        return [run(f"{rate}-{seed}", value, optimizer__lr=rate, seed=seed) for seed, value in enumerate(values)]

    runs = [*group(0.01, 0.90, 0.92, 0.91), *group(0.02, 0.89, 0.91, 0.915), *group(0.1, 0.5, 0.51, 0.52)]
    found = best_of(runs, ("optimizer.lr", "seed"))
    assert found is not None
    assert [one.spec["optimizer"]["lr"] for one in found.near] == [0.02]


def test_settings_that_differ_are_found() -> None:
    runs = [run("a", optimizer__lr=0.2), run("b", optimizer__kind="sgd"), run("c", batch_size=32)]
    found = SettingsTable().differing(runs)
    assert {"optimizer.kind", "optimizer.lr", "batch_size", "optimizer.momentum"} <= set(found)
    assert "name" not in found
    assert "epochs" not in found


def test_numbers_are_a_scale_and_words_are_categories() -> None:
    runs = [
        run("a", optimizer__lr=0.1),
        run("b", optimizer__lr=0.001),
        run("c", optimizer__kind="sgd", batch_size="all"),
    ]
    table = SettingsTable()
    rate = table.column(runs, "optimizer.lr")
    assert rate.numbers.tolist() == [0.1, 0.001, 0.1]
    assert not rate.categories
    assert rate.by_factors
    assert table.column(runs, "optimizer.kind").categories == ("adam", "sgd")
    assert table.column(runs, "batch_size").categories == (128, "all")
    momentum = table.column(runs, "optimizer.momentum")
    assert [math.isnan(one) for one in momentum.numbers] == [True, True, False]


def test_off_and_on_are_categories_in_this_order() -> None:
    column = SettingsTable().column([run("a", shuffle=True), run("b", shuffle=False)], "shuffle")
    assert column.categories == (False, True)
    assert column.numbers.tolist() == [1, 0]


def test_means_and_spreads_are_those_of_numpy() -> None:
    found = means(np.array([1.0, 2, 1, np.nan, 1, 2]), np.array([1.0, 5, 2, 7, 6, np.nan]))
    assert found.x.tolist() == [1, 2]
    assert found.mean.tolist() == [3.0, 5.0]
    assert found.spread[0] == pytest.approx(np.std([1, 2, 6], ddof=1))
    assert math.isnan(found.spread[1])
    assert found.count.tolist() == [3, 1]


def test_a_grid_has_a_cell_for_each_pair() -> None:
    runs = [
        run("a", 0.5, optimizer__lr=0.1, batch_size=32), run("b", 0.7, optimizer__lr=0.1, batch_size=32, seed=1),
        run("c", 0.9, optimizer__lr=0.01, batch_size=64),
    ]  # fmt: skip
    table = SettingsTable()
    columns = (table.column(runs, "optimizer.lr"), table.column(runs, "batch_size"))
    found = grid(*columns, results(runs, "validation_accuracy"))
    assert (found.rows, found.columns) == ((0.01, 0.1), (32.0, 64.0))
    assert found.mean[1, 0] == pytest.approx(0.6)
    assert found.mean[0, 1] == pytest.approx(0.9)
    assert np.isnan(found.mean[0, 0])
    assert found.members == {(1, 0): (0, 1), (0, 1): (2,)}


def test_results_are_those_of_the_kept_or_of_the_last_epoch() -> None:
    one = run("a", 0.8, test=0.7)
    assert result_of(one, "test_accuracy") == 0.7
    assert result_of(one, "test_accuracy", "last") == 0.1
    assert math.isnan(result_of(one, "seconds"))
    assert results_there([one]) == ("validation_accuracy", "test_accuracy")
