"""Several experiments out of one."""

import random
from typing import Any

import pytest

from fmstudio.experiment.draft import Draft, changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.spec import USUAL_VALIDATION, kind_of
from fmstudio.experiment.sweep import TooManyError, count_of, repeated, seeds_from, sweep
from fmstudio.experiment.vary import Span, Vary, listed, parse_vary, setting_at, spread, suggested, suggested_values
from fmstudio.schema.problem import InvalidSpecError


@pytest.fixture
def draft() -> Draft:
    return lesson("first-look").draft


def values(text: str, draft: Draft) -> tuple[Any, ...]:
    return parse_vary(text, draft).values


class TestValues:
    def test_a_list_keeps_its_order_and_each_value_once(self, draft: Draft) -> None:
        assert values("optimizer.lr=0.1, 0.01,0.1 , 1e-3", draft) == (0.1, 0.01, 0.001)

    def test_kinds_words_switches_and_all_are_values(self, draft: Draft) -> None:
        assert values("optimizer.kind=adam,sgd", draft) == ("adam", "sgd")
        assert values("shuffle=true,false", draft) == (True, False)
        assert values("batch_size=64,all", draft) == (64, "all")

    def test_lists_in_brackets_are_one_value_each(self, draft: Draft) -> None:
        assert values("architecture.channels=[16,32],[32,64]", draft) == ([16, 32], [32, 64])

    def test_a_range_of_a_setting_that_is_tried_by_factors_has_equal_factors(self, draft: Draft) -> None:
        assert values("optimizer.lr=0.001..0.1:5", draft) == (0.001, 0.00316, 0.01, 0.0316, 0.1)
        assert values("batch_size=32..256:4", draft) == (32, 64, 128, 256)

    def test_a_range_of_whole_numbers_stays_whole(self, draft: Draft) -> None:
        found = values("epochs=1..10:4", draft)
        assert found == (1, 4, 7, 10)
        assert all(type(one) is int for one in found)

    def test_a_short_range_of_whole_numbers_is_all_of_them(self, draft: Draft) -> None:
        assert values("seed=0..9", draft) == tuple(range(10))

    def test_other_ranges_have_equal_steps(self, draft: Draft) -> None:
        assert values("validation=0..0.4:5", draft) == (0.0, 0.1, 0.2, 0.3, 0.4)

    def test_a_range_goes_upwards_and_may_stand_beside_values(self, draft: Draft) -> None:
        assert values("optimizer.lr=0.5,0.1..0.001:3", draft) == (0.5, 0.001, 0.01, 0.1)

    @pytest.mark.parametrize("text", ["optimizer.lr", "=1", "optimizer.lr=", "optimizer.weight_decay=0..0.1:3",
                                      "optimizer.kind=1..3"])  # fmt: skip
    def test_what_cannot_be_read_is_a_problem(self, draft: Draft, text: str) -> None:
        with pytest.raises(InvalidSpecError):
            parse_vary(text, draft)

    def test_a_setting_is_found_in_another_row_of_its_table(self, draft: Draft) -> None:
        assert draft["optimizer"]["kind"] == "adam"
        found = setting_at(draft, "optimizer.momentum")
        assert found is not None
        assert found.name == "momentum"

    def test_suggestions_lie_about_the_present_value_and_within_the_limits(self, draft: Draft) -> None:
        rate = setting_at(draft, "optimizer.lr")
        assert rate is not None
        assert suggested(rate, 0.01) == (0.001, 0.1)
        assert suggested(rate, 0.5) == (0.05, 1.0)
        assert suggested_values(rate, 0.01) == (0.001, 0.01, 0.1)
        epochs = setting_at(draft, "epochs")
        assert epochs is not None
        assert suggested_values(epochs, 2) == (1, 2, 4)

    @pytest.mark.parametrize("path", ["epochs", "batch_size", "optimizer.lr", "optimizer.weight_decay", "averaging",
                                      "seed", "validation", "gradient_clipping", "early_stopping"])  # fmt: skip
    def test_what_is_suggested_can_be_run(self, draft: Draft, path: str) -> None:
        setting = setting_at(draft, path)
        assert setting is not None
        value: Any = draft
        for name in path.split("."):
            value = value[name]
        offered = suggested_values(setting, value)
        assert len(offered) >= 2
        assert not sweep(draft, [Vary(path, offered)]).invalid

    def test_steps_of_factors_may_be_asked_for(self, draft: Draft) -> None:
        found = spread(setting_at(draft, "epochs"), "epochs", 1, 100, 3, log=True)
        assert found.values == (1, 10, 100)

    def test_a_list_may_have_chinese_commas(self, draft: Draft) -> None:
        assert listed(setting_at(draft, "epochs"), "epochs", "1，2").values == (1, 2)


class TestCombinations:
    def test_every_combination_is_made_the_last_varies_fastest(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.lr", (0.1, 0.01)), Vary("batch_size", (32, 64))])
        assert [one.settings for one in found.valid] == [
            (("optimizer.lr", 0.1), ("batch_size", 32)),
            (("optimizer.lr", 0.1), ("batch_size", 64)),
            (("optimizer.lr", 0.01), ("batch_size", 32)),
            (("optimizer.lr", 0.01), ("batch_size", 64)),
        ]
        specs = [one.spec for one in found.valid if one.spec]
        assert [(spec.optimizer.lr, spec.batch_size) for spec in specs] == [
            (0.1, 32),
            (0.1, 64),
            (0.01, 32),
            (0.01, 64),
        ]
        assert found.varied == ("optimizer.lr", "batch_size")

    def test_another_kind_begins_with_its_usual_settings(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.kind", ("adam", "sgd"))])
        specs = [one.spec for one in found.valid if one.spec]
        assert [(kind_of(spec.optimizer), spec.optimizer.lr) for spec in specs] == [("adam", 0.001), ("sgd", 0.1)]

    def test_a_kind_comes_before_its_settings_in_whatever_order_they_are_named(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.lr", (0.05,)), Vary("optimizer.kind", ("sgd",))])
        assert [one.spec.optimizer.lr for one in found.valid if one.spec] == [0.05]

    def test_all_that_cannot_be_run_are_told_with_their_problems(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.lr", (0.1, 2, -1)), Vary("epochs", (0, 1))])
        assert len(found.valid) == 1
        assert len(found.invalid) == 5
        both = next(one for one in found.invalid if dict(one.settings) == {"optimizer.lr": -1, "epochs": 0})
        assert {problem.path for problem in both.problems} == {"optimizer.lr", "epochs"}
        assert {problem.path: count for problem, count in found.problems.items()} == {"optimizer.lr": 2, "epochs": 3}

    def test_a_setting_that_only_one_kind_has_is_a_problem_of_the_others(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.kind", ("sgd", "adam")), Vary("optimizer.momentum", (0.5,))])
        assert [dict(one.settings)["optimizer.kind"] for one in found.valid] == ["sgd"]
        assert [str(problem.path) for problem in found.problems] == ["optimizer.momentum"]

    def test_what_is_the_same_twice_is_made_once(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.lr", (0.1, 0.10, 1e-1, 1)), Vary("epochs", (2,))])
        assert len(found.valid) == 2
        assert found.doubled == 2

    def test_optimizers_with_the_same_settings_are_not_the_same(self, draft: Draft) -> None:
        assert len(sweep(draft, [Vary("optimizer.kind", ("adam", "adamw", "adamax"))]).valid) == 3

    def test_a_twelfth_is_held_back_to_choose_by(self, draft: Draft) -> None:
        assert draft["validation"] == 0
        found = sweep(draft, [Vary("optimizer.lr", (0.1, 0.01))])
        assert found.held_back == USUAL_VALIDATION
        assert {one.spec.validation_samples for one in found.valid if one.spec} == {5000}

    def test_what_the_recipe_holds_back_stays(self, draft: Draft) -> None:
        found = sweep(changed(draft, [("validation", 0.2)]), [Vary("optimizer.lr", (0.1, 0.01))])
        assert found.held_back == 0
        assert {one.spec.validation for one in found.valid if one.spec} == {0.2}

    def test_validation_that_is_varied_is_left_alone(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("validation", (0.0, 0.1))])
        assert [one.spec.validation for one in found.valid if one.spec] == [0.0, 0.1]

    def test_too_many_are_refused_before_they_are_made(self, draft: Draft) -> None:
        varied = [Vary("optimizer.lr", tuple(range(1, 1001))), Vary("seed", tuple(range(1000)))]
        assert count_of(varied) == 1_000_000
        with pytest.raises(TooManyError, match="1,000,000 runs"):
            sweep(draft, varied)

    def test_so_many_may_be_asked_for(self, draft: Draft) -> None:
        with pytest.raises(TooManyError):
            sweep(draft, [Vary("seed", (0, 1, 2))], most=2)
        assert len(sweep(draft, [Vary("seed", (0, 1, 2))], most=3).valid) == 3


class TestSeeds:
    def test_repeating_needs_no_validation(self, draft: Draft) -> None:
        found = repeated(draft, 5)
        assert [one.spec.seed for one in found.valid if one.spec] == [0, 1, 2, 3, 4]
        assert {one.spec.validation for one in found.valid if one.spec} == {0.0}
        assert (found.varied, found.held_back) == (("seed",), 0.0)

    def test_the_seeds_follow_that_of_the_recipe(self, draft: Draft) -> None:
        found = repeated(changed(draft, [("seed", 40)]), 3)
        assert [one.spec.seed for one in found.valid if one.spec] == [40, 41, 42]
        assert seeds_from(2**63 - 1, 2) == (2**63 - 1, 0)

    def test_each_of_several_can_be_repeated(self, draft: Draft) -> None:
        found = sweep(draft, [Vary("optimizer.lr", (0.1, 0.01))], seeds=2)
        assert [(dict(one.settings)["optimizer.lr"], dict(one.settings)["seed"]) for one in found.valid] == [
            (0.1, 0), (0.1, 1), (0.01, 0), (0.01, 1),
        ]  # fmt: skip
        assert found.varied == ("optimizer.lr", "seed")


class TestRandom:
    def test_so_many_are_drawn_and_the_same_again(self, draft: Draft) -> None:
        varied = [parse_vary("optimizer.lr=0.0001..0.1", draft), parse_vary("batch_size=32,64", draft)]
        first, again = (sweep(draft, varied, 12) for _ in range(2))
        assert len(first.valid) == 12
        assert first == again
        other = sweep(changed(draft, [("seed", 1)]), varied, 12)
        assert [one.settings for one in other.valid] != [one.settings for one in first.valid]

    def test_learning_rates_are_drawn_by_factors(self) -> None:
        source = random.Random(0)
        drawn = [Span(1e-4, 1e-1, log=True).draw(source) for _ in range(3000)]
        assert 1e-4 <= min(drawn) < 2e-4
        assert 5e-2 < max(drawn) <= 1e-1
        shares = [sum(low <= one < 10 * low for one in drawn) / 3000 for low in (1e-4, 1e-3, 1e-2)]
        assert all(0.3 < share < 0.37 for share in shares)

    def test_whole_numbers_are_drawn_whole(self) -> None:
        source = random.Random(0)
        assert {type(Span(1, 9, whole=True).draw(source)) for _ in range(20)} == {int}

    def test_of_few_values_none_is_drawn_twice(self, draft: Draft) -> None:
        assert len(sweep(draft, [Vary("batch_size", (32, 64, 128))], 10).valid) == 3
