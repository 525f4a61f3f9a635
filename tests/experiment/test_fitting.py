from typing import Any

import pytest

from fmstudio.catalog.losses import LOSSES
from fmstudio.experiment.draft import changed, get
from fmstudio.experiment.fitting import LEARNING, adapted, recommended, unsuited
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, USUAL_VALIDATION, ExperimentSpec, to_mapping
from fmstudio.schema.problem import InvalidSpecError

PICTURES = {"dataset": {"kind": "fashion-mnist"}}
POINTS: dict[str, Any] = {
    "dataset": {"kind": "linear"},
    "architecture": {"kind": "linear-regression"},
    "loss": {"kind": "mse"},
    "optimizer": {"kind": "sgd", "lr": 0.03},
    "batch_size": 10,
}
LESSON = lesson("first-look").draft


def after(draft: dict[str, Any], *asked: tuple[str, Any]) -> dict[str, Any]:
    """A draft after a change and what goes with it."""
    return dict(changed(draft, adapted(draft, asked, LESSON)))


def kinds(draft: dict[str, Any]) -> list[str]:
    return [get(draft, f"{key}.kind") for key in ("dataset", "architecture", "loss", "optimizer", "schedule")]


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize("values", [PICTURES, POINTS], ids=["pictures", "points"])
def test_what_is_chosen_in_a_valid_spec_fits(key: str, values: dict[str, Any]) -> None:
    spec = read_spec(values)
    assert unsuited(key, to_mapping(spec)[key]["kind"], spec) == ""


@pytest.mark.parametrize("values", [PICTURES, POINTS], ids=["pictures", "points"])
@pytest.mark.parametrize("key", ["architecture", "loss", "optimizer"])
def test_what_fits_is_no_problem_and_what_does_not_is_one(key: str, values: dict[str, Any]) -> None:
    """Each row of a table, chosen beside valid others, is a problem at the choice where it is said not to fit."""
    spec = read_spec(values)
    draft = to_mapping(spec)
    for kind in TABLES[key]:
        reason = unsuited(key, kind, spec)
        try:
            read_spec(changed(draft, [(f"{key}.kind", kind)]))
            problems = {}
        except InvalidSpecError as error:
            problems = {problem.path: problem for problem in error.problems}
        assert (f"{key}.kind" in problems) == bool(reason), (kind, reason, problems)
        if reason:
            assert problems[f"{key}.kind"].message == reason
            assert problems[f"{key}.kind"].mending is not None


def test_losses_for_classes_do_not_fit_points_and_say_why() -> None:
    spec = read_spec(POINTS)
    assert unsuited("loss", "cross-entropy", spec) == "needs classes: these points have numbers to predict"
    fitting = {kind for kind in LOSSES if not unsuited("loss", kind, spec)}
    assert fitting == {"mse", "l1", "smooth-l1", "huber"}
    assert "smallest y" in unsuited("loss", "poisson-nll", spec)


def test_counts_fit_where_no_point_is_negative() -> None:
    spec = read_spec({**POINTS, "dataset": {"kind": "linear", "w": [1.0], "b": 100.0}})
    assert unsuited("loss", "poisson-nll", spec) == ""


def test_every_loss_fits_pictures() -> None:
    assert all(unsuited("loss", kind, ExperimentSpec()) == "" for kind in LOSSES)


def test_an_optimizer_for_sparse_gradients_fits_one_network() -> None:
    assert "sparse gradients" in unsuited("optimizer", "sparse-adam", ExperimentSpec())
    sparse = read_spec({"architecture": {"kind": "softmax-regression-sparse"}})
    assert unsuited("optimizer", "sparse-adam", sparse) == ""
    assert unsuited("optimizer", "sgd", sparse) == ""


def test_what_is_not_in_a_table_is_not_judged() -> None:
    assert unsuited("loss", "no-such", ExperimentSpec()) == ""
    assert unsuited("dataset", "linear", ExperimentSpec()) == ""


def test_points_swap_network_loss_and_how_it_learns() -> None:
    draft = after(LESSON, ("dataset.kind", "linear"))
    assert kinds(draft) == ["linear", "linear-regression", "mse", "sgd", "constant"]
    assert (get(draft, "optimizer.lr"), draft["batch_size"], draft["epochs"]) == (0.03, 10, 3)
    assert read_spec(draft)


def test_pictures_swap_back_to_the_usual_network_and_a_short_run() -> None:
    points = {**to_mapping(read_spec(POINTS)), "epochs": 30_000}
    draft = after(points, ("dataset.kind", "fashion-mnist"))
    assert kinds(draft)[:3] == ["fashion-mnist", "cnn", "cross-entropy"]
    assert draft["epochs"] == 2
    for path, value in recommended("cnn").items():
        assert get(draft, path) == value
    assert read_spec(draft)


def test_a_network_that_takes_both_stays() -> None:
    draft = after(after(LESSON, ("architecture.kind", "mlp")), ("dataset.kind", "linear"))
    assert kinds(draft)[:3] == ["linear", "mlp", "mse"]
    assert read_spec(draft)


def test_what_is_asked_for_is_not_overruled() -> None:
    draft = after(LESSON, ("dataset.kind", "linear"), ("optimizer.kind", "adam"), ("epochs", 7), ("loss.kind", "huber"))
    assert kinds(draft)[:4] == ["linear", "linear-regression", "huber", "adam"]
    assert (get(draft, "optimizer.lr"), draft["epochs"]) == (0.001, 7)


@pytest.mark.parametrize("kind", [kind for kind in TABLES["architecture"] if recommended(kind)])
def test_every_recommended_recipe_can_be_run(kind: str) -> None:
    numbers = unsuited("architecture", kind, ExperimentSpec())
    start = to_mapping(read_spec(POINTS if numbers else PICTURES))
    assert read_spec(changed(start, [("architecture.kind", kind), *recommended(kind).items()]))


def test_a_network_brings_its_recipe_where_the_lessons_is_untouched() -> None:
    draft = after(LESSON, ("architecture.kind", "softmax-regression"))
    for path, value in recommended("softmax-regression").items():
        assert get(draft, path) == value
    draft = after({**LESSON, "epochs": 9}, ("architecture.kind", "mlp"))
    for path, value in recommended("mlp").items():
        assert get(draft, path) == value


def test_a_network_brings_its_recipe_where_that_of_the_network_before_is_untouched() -> None:
    draft = after(after(LESSON, ("architecture.kind", "softmax-regression")), ("architecture.kind", "lenet"))
    for path, value in recommended("lenet").items():
        assert get(draft, path) == value


@pytest.mark.parametrize("touch", [("optimizer.lr", 0.02), ("batch_size", 64), ("schedule.kind", "cosine")])
def test_a_recipe_that_was_touched_stays(touch: tuple[str, Any]) -> None:
    touched = after(LESSON, touch)
    draft = after(touched, ("architecture.kind", "softmax-regression"))
    assert [draft[key] for key in LEARNING] == [touched[key] for key in LEARNING]


def test_a_network_that_does_not_fit_brings_nothing() -> None:
    assert adapted(LESSON, [("architecture.kind", "linear-regression")], LESSON) == (
        ("architecture.kind", "linear-regression"),
    )


@pytest.mark.parametrize("asked", [("schedule.kind", "plateau"), ("early_stopping", 5)])
def test_what_chooses_between_networks_gets_something_to_choose_by(asked: tuple[str, Any]) -> None:
    assert adapted(LESSON, [asked], LESSON) == (asked, ("validation", USUAL_VALIDATION))
    held = {**LESSON, "validation": 5000.0}
    assert adapted(held, [asked], LESSON) == (asked,)
    assert adapted(LESSON, [asked, ("validation", 0.0)], LESSON) == (asked, ("validation", 0.0))


@pytest.mark.parametrize("value", [0, "five", -1, None, True])
def test_a_patience_that_is_none_holds_nothing_back(value: object) -> None:
    assert adapted(LESSON, [("early_stopping", value)], LESSON) == (("early_stopping", value),)


def test_an_optimizer_changes_nothing_else() -> None:
    assert adapted(LESSON, [("optimizer.kind", "lbfgs")], LESSON) == (("optimizer.kind", "lbfgs"),)


@pytest.mark.parametrize("kind", ["no-such", 7, None])
def test_nonsense_brings_nothing(kind: object) -> None:
    for key in ("dataset", "architecture", "schedule"):
        assert adapted(LESSON, [(f"{key}.kind", kind)], LESSON) == ((f"{key}.kind", kind),)
