import pytest

from fmstudio.experiment.lessons import lesson
from fmstudio.session.recipe import Recipe


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(lesson("first-look"))


def offered(recipe: Recipe) -> tuple[str, object]:
    (problem,) = recipe.problems
    assert problem.mending is not None
    ((path, value),) = problem.mending.changes
    assert path == problem.path
    return problem.mending.label, value


@pytest.mark.parametrize(
    ("path", "typed", "label", "value"),
    [
        ("optimizer.lr", "0,05", "Use learning rate 0.05", 0.05),
        ("optimizer.lr", "，05", "Use learning rate 0.05", 0.05),
        ("optimizer.lr", "1,5e-3", "Use learning rate 0.0015", 0.0015),
        ("epochs", "1,000", "Use epochs 1000", 1000),
        ("batch_size", "1,024", "Use batch size 1024", 1024),
    ],
)
def test_a_comma_is_taken_for_what_it_was_meant(
    recipe: Recipe, path: str, typed: str, label: str, value: object
) -> None:
    recipe.set(path, typed)
    assert offered(recipe) == (label, value)


@pytest.mark.parametrize("typed", ["5,0", "0,0", "1,2,3", ",", "fast", "", 10.0, True])
def test_what_cannot_be_meant_goes_back_to_what_was_there(recipe: Recipe, typed: object) -> None:
    recipe.set("optimizer.lr", 0.02)
    recipe.settle()
    recipe.set("optimizer.lr", typed)
    assert offered(recipe) == ("Use learning rate 0.02", 0.02)


def test_from_a_file_it_goes_back_to_the_lesson(recipe: Recipe) -> None:
    draft = {**recipe.draft, "epochs": 0}
    for _ in range(4):
        recipe.take_draft({**draft, "seed": recipe.get("seed") + 1})
    assert offered(recipe) == ("Use epochs 2", 2)


def test_of_another_kind_it_goes_back_to_the_default(recipe: Recipe) -> None:
    recipe.set("optimizer.kind", "sgd")
    recipe.set("optimizer.momentum", 7)
    label, value = offered(recipe)
    assert value == recipe.default_of("optimizer.momentum")
    assert label.startswith("Use momentum ")


def test_a_mending_that_is_not_the_default_stays(recipe: Recipe) -> None:
    recipe.set("dataset.train_size", 100_000)
    assert offered(recipe) == ("Take all", 0)


def test_mending_a_layer_says_nothing_of_the_list(recipe: Recipe) -> None:
    recipe.set("architecture.kind", "layers")
    recipe.set("architecture.layers", [{"kind": "conv2d", "kernel_size": 31}])
    (problem,) = recipe.problems
    assert problem.message.startswith("Convolution: ")
    assert problem.mending is not None
    assert problem.mending.label == "Use kernel size 28"
    recipe.change(problem.mending.changes)
    assert recipe.problems == ()
    assert recipe.note == ""
