"""What is said of an entry that was taken out is said of the run that comes of it."""

from typing import Any

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.experiment.sweep import sweep
from fmstudio.experiment.vary import Vary
from fmstudio.runs.about import About
from fmstudio.session.queue.taken import about_again
from fmstudio.session.sweep_words import planned

TAKEN = planned(to_mapping(ExperimentSpec(name="Try")), sweep(to_mapping(ExperimentSpec(name="Try")), [
    Vary("optimizer.lr", (0.1, 0.2))]))[0]  # fmt: skip


def edited(*changes: tuple[str, Any]) -> ExperimentSpec:
    return read_spec(changed(to_mapping(TAKEN.spec), changes))


def test_it_stays_in_its_group() -> None:
    assert TAKEN.about.name == "Learning rate 0.1"
    assert about_again(TAKEN, edited(("epochs", 9))) == TAKEN.about


def test_its_name_says_what_was_changed() -> None:
    about = about_again(TAKEN, edited(("optimizer.lr", 0.3)))
    assert (about.name, about.group) == ("Learning rate 0.3", TAKEN.about.group)


def test_another_recipe_has_nothing_of_it() -> None:
    assert about_again(TAKEN, edited(("name", "Mine"))) == About()
    assert about_again(None, TAKEN.spec) == About()
