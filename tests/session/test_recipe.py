import pytest
from pytestqt.qtbot import QtBot

from fmstudio.experiment.lessons import Lesson, lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.draft_words import (
    completed,
    default_of,
    differences,
    readable,
    shown,
    text_of,
    title_of,
    value_text,
)
from fmstudio.session.recipe import DeviceOption, Recipe, device_options
from fmstudio.training.devices import Device


@pytest.fixture
def first_look() -> Lesson:
    return lesson("first-look")


@pytest.fixture
def recipe(first_look: Lesson) -> Recipe:
    return Recipe(first_look)


def test_it_starts_as_its_lesson(recipe: Recipe, first_look: Lesson) -> None:
    assert recipe.spec == first_look.spec
    assert recipe.problems == ()
    assert recipe.changed_paths() == ()
    assert not recipe.can_undo
    assert not recipe.can_redo


def test_an_edit_makes_another_spec_and_says_so(recipe: Recipe, qtbot: QtBot) -> None:
    with qtbot.waitSignal(recipe.changed):
        recipe.set("epochs", 5)
    assert recipe.spec is not None
    assert recipe.spec.epochs == 5
    assert recipe.changed_paths() == ("epochs",)


def test_setting_the_same_value_is_no_edit(recipe: Recipe, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(recipe.changed):
        recipe.set("optimizer.lr", 0.01)
        recipe.change([("epochs", 2)])
    assert not recipe.can_undo


def test_what_cannot_be_read_is_a_problem_at_its_path(recipe: Recipe) -> None:
    recipe.set("optimizer.lr", "0,001")
    assert recipe.spec is None
    assert [problem.path for problem in recipe.problems] == ["optimizer.lr"]
    assert recipe.problems[0].message == "must be a number, with a point: 0.001"


def test_a_mending_makes_it_valid_in_one_step_that_can_be_taken_back(recipe: Recipe) -> None:
    recipe.set("optimizer.lr", 10.0)
    mending = recipe.problems[0].mending
    assert mending is not None
    recipe.change(mending.changes)
    assert recipe.spec is not None
    assert recipe.get("optimizer.lr") == 0.01
    recipe.undo()
    assert recipe.get("optimizer.lr") == 10.0


def test_typing_in_one_field_is_one_step(recipe: Recipe) -> None:
    for text in ("", "0.", 0.5):
        recipe.set("optimizer.lr", text)
    recipe.undo()
    assert recipe.get("optimizer.lr") == 0.01
    assert not recipe.can_undo
    recipe.redo()
    assert recipe.get("optimizer.lr") == 0.5


def test_after_settling_or_in_another_field_typing_is_another_step(recipe: Recipe) -> None:
    recipe.set("epochs", 3)
    recipe.settle()
    recipe.set("epochs", 4)
    recipe.set("seed", 1)
    recipe.set("epochs", 5)
    seen = []
    while recipe.can_undo:
        recipe.undo()
        seen.append((recipe.get("epochs"), recipe.get("seed")))
    assert seen == [(4, 1), (4, 0), (3, 0), (2, 0)]


def test_typing_back_to_what_was_leaves_no_step(recipe: Recipe) -> None:
    recipe.set("epochs", 22)
    recipe.set("epochs", 2)
    assert not recipe.can_undo
    recipe.set("epochs", 3)
    assert recipe.can_undo


def test_a_new_edit_forgets_what_was_taken_back(recipe: Recipe) -> None:
    recipe.set("epochs", 3)
    recipe.undo()
    assert recipe.can_redo
    recipe.set("seed", 4)
    assert not recipe.can_redo
    recipe.redo()
    assert recipe.get("epochs") == 2


def test_another_kind_says_what_it_changed_with_it_until_the_next_edit(recipe: Recipe) -> None:
    recipe.set("optimizer.kind", "sgd")
    assert recipe.get("optimizer.lr") == 0.1
    assert recipe.note == "Changed with it: Learning rate 0.1"
    assert recipe.changed_paths() == ("optimizer.kind",)
    recipe.set("epochs", 3)
    assert recipe.note == ""


def test_another_data_set_swaps_what_does_not_fit_in_one_step(recipe: Recipe, first_look: Lesson) -> None:
    recipe.set("dataset.kind", "linear")
    assert recipe.problems == ()
    assert recipe.note == (
        "Changed with it: Network Linear regression, Loss MSE, Optimizer SGD, Learning rate 0.03, "
        "Schedule Constant, Epochs 3, Batch size 10"
    )
    recipe.undo()
    assert recipe.spec == first_look.spec
    assert not recipe.can_undo
    recipe.redo()
    assert recipe.get("architecture.kind") == "linear-regression"


def test_what_goes_with_a_value_goes_with_it_again_while_it_is_typed(recipe: Recipe) -> None:
    recipe.set("early_stopping", 5)
    assert recipe.get("validation") == 1 / 12
    assert recipe.note == "Changed with it: Validation 0.0833"
    recipe.set("early_stopping", 50)
    assert recipe.note == "Changed with it: Validation 0.0833"
    recipe.set("early_stopping", 0)
    assert recipe.get("validation") == 0
    assert not recipe.can_undo


def test_a_network_brings_its_recipe_and_says_so_unless_it_was_touched(recipe: Recipe) -> None:
    recipe.set("architecture.kind", "softmax-regression")
    assert "Optimizer SGD, Learning rate 0.1, Schedule Constant, Batch size 256" in recipe.note
    recipe.set("optimizer.lr", 0.2)
    recipe.set("architecture.kind", "mlp")
    assert recipe.note == ""
    assert recipe.get("optimizer.lr") == 0.2


def test_undo_of_another_kind_brings_its_settings_back(recipe: Recipe) -> None:
    recipe.set("optimizer.weight_decay", 0.1)
    recipe.set("optimizer.kind", "sgd")
    recipe.undo()
    assert (recipe.get("optimizer.kind"), recipe.get("optimizer.weight_decay")) == ("adam", 0.1)


def test_a_lesson_fills_everything_and_can_be_taken_back(recipe: Recipe, first_look: Lesson) -> None:
    recipe.set("epochs", 7)
    recipe.take_lesson(lesson("cnn"))
    assert recipe.lesson.id == "cnn"
    assert recipe.spec == lesson("cnn").spec
    recipe.undo()
    assert recipe.lesson == first_look
    assert recipe.get("epochs") == 7


def test_a_draft_that_leaves_things_out_is_completed(recipe: Recipe) -> None:
    recipe.take_draft({"architecture": {"kind": "mlp"}, "epochs": 4})
    assert recipe.spec == read_spec({"architecture": {"kind": "mlp"}, "epochs": 4})
    assert recipe.get("architecture.hidden") == [256, 128]


def test_a_draft_with_unknown_things_is_kept_with_its_problems(recipe: Recipe) -> None:
    recipe.take_draft({"optimizer": {"kind": "adamm"}, "epoch": 3})
    assert {problem.path for problem in recipe.problems} == {"optimizer.kind", "epoch"}


def test_a_device_that_is_not_here_is_a_problem_once_it_is_known_what_is(recipe: Recipe) -> None:
    recipe.set("device", "cuda:1")
    assert recipe.spec is not None
    recipe.know_devices([DeviceOption("auto", "Automatic"), DeviceOption("cpu", "CPU")])
    assert [problem.path for problem in recipe.problems] == ["device"]
    assert recipe.spec is None
    mending = recipe.problems[0].mending
    assert mending is not None
    recipe.change(mending.changes)
    assert recipe.spec is not None


def test_devices_are_offered_with_their_memory_behind_automatic() -> None:
    found = [Device("cpu", "CPU"), Device("cuda:0", "Fast GPU", 24_000_000_000)]
    assert [(option.id, option.label) for option in device_options(found)] == [
        ("auto", "Automatic"),
        ("cpu", "CPU"),
        ("cuda:0", "Fast GPU · 24 GB"),
    ]
    assert [option.id for option in device_options()] == ["auto", "cpu"]


@pytest.mark.parametrize(
    ("path", "default"),
    [
        ("optimizer.lr", 0.001),
        ("optimizer.betas", [0.9, 0.999]),
        ("schedule.kind", "constant"),
        ("epochs", 2),
        ("no.such", None),
    ],
)
def test_defaults_come_from_the_table(recipe: Recipe, path: str, default: object) -> None:
    assert recipe.default_of(path) == default


def test_what_does_not_fit_can_still_be_looked_at(recipe: Recipe) -> None:
    recipe.set("architecture.kernel_size", 20)
    recipe.set("optimizer.lr", "x")
    assert recipe.spec is None
    found = recipe.readable
    assert found is not None
    assert found.architecture.unfit(found.facts) is not None
    assert found.optimizer.lr == 0.001


def test_a_network_that_cannot_be_read_cannot_be_looked_at(recipe: Recipe) -> None:
    recipe.set("architecture.kernel_size", "five")
    assert recipe.readable is None


def test_readable_keeps_what_is_right_beside_what_is_wrong(recipe: Recipe) -> None:
    recipe.change([("epochs", "many"), ("batch_size", 64), ("optimizer.betas", "x"), ("optimizer.lr", 0.02)])
    found = readable(recipe.draft)
    assert found is not None
    assert (found.epochs, found.batch, found.optimizer.lr) == (ExperimentSpec().epochs, 64, 0.02)


@pytest.mark.parametrize(
    ("path", "title", "value"),
    [
        ("optimizer.lr", "Learning rate", "0.01"),
        ("optimizer.kind", "Optimizer", "Adam"),
        ("schedule.kind", "Schedule", "One cycle"),
        ("dataset.normalise", "Normalise pixels", "on"),
        ("architecture.channels", "Channels", "6, 12"),
        ("batch_size", "Batch size", "128"),
        ("initial_weights.kind", "Initial weights", "Library default"),
        ("unknown", "unknown", ""),
    ],
)
def test_paths_and_values_in_words(recipe: Recipe, path: str, title: str, value: str) -> None:
    assert title_of(recipe.draft, path) == title
    assert shown(recipe.draft, path) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001, "0.001"), (1e-8, "1e-8"), (2.5e-7, "2.5e-7"), (1e22, "1e22"), (25.0, "25"), (128, "128"),
     ([0.9, 0.999], "0.9, 0.999"), (None, ""), ("0,1", "0,1"), (1 / 12, "0.0833"), (2 / 3, "0.667"),
     (3.141592653589793, "3.141592653589793")],
)  # fmt: skip
def test_numbers_have_a_point_and_no_needless_digit(value: object, text: str) -> None:
    assert text_of(value) == text


def test_words_for_values_that_are_no_numbers() -> None:
    assert [value_text(value) for value in (True, False, "all", 3)] == ["on", "off", "all", "3"]
    assert value_text([{"kind": "flatten"}]) == "1 layer"
    assert value_text(({"kind": "flatten"}, {"kind": "relu"})) == "2 layers"


def test_differences_are_seen_against_another_draft_or_another_kinds_defaults(recipe: Recipe) -> None:
    other = completed({"optimizer": {"kind": "sgd", "lr": 0.5}})
    assert "optimizer.lr" not in differences(completed({"optimizer": {"kind": "adam"}}), other)
    assert differences(completed({"optimizer": {"kind": "adam", "lr": 0.5}}), other) == (
        "optimizer.kind",
        "optimizer.lr",
    )
    assert default_of(other, "optimizer.lr") == 0.1
