"""Corrections: what they change, what they leave alone, and the table of what a person decided."""

import json
from typing import Any

import numpy as np
import pytest

from fmstudio.catalog.datasets import FashionMnist
from fmstudio.data.corrections import (
    Decision,
    corrected,
    fingerprint_of,
    from_csv,
    merged,
    pictures_dataset,
    pictures_of,
    to_csv,
)
from fmstudio.data.library import fingerprint, load_images
from fmstudio.data.splits import take, take_but
from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.schema.problem import InvalidSpecError, Problem

WHOLE = load_images("fashion-mnist")


def spec(**dataset: Any) -> ExperimentSpec:
    return read_spec({"dataset": dataset})


def problems(**dataset: Any) -> list[Problem]:
    with pytest.raises(InvalidSpecError) as raised:
        spec(**dataset)
    return list(raised.value.problems)


def pictures(**dataset: Any) -> FashionMnist:
    made = spec(**dataset).dataset
    assert isinstance(made, FashionMnist)
    return made


class TestSpec:
    def test_survives_json(self) -> None:
        made = spec(corrections=[["train", 3, 9], ["test", 9_999, 0]], exclude=[["train", 59_999]])
        values = json.loads(json.dumps(to_mapping(made)))
        assert values["dataset"]["corrections"] == [["train", 3, 9], ["test", 9_999, 0]]
        assert values["dataset"]["exclude"] == [["train", 59_999]]
        assert read_spec(values) == made

    def test_says_how_many_are_left(self) -> None:
        made = spec(exclude=[["train", 5], ["train", 6], ["test", 1]])
        assert (made.dataset.train_used, made.dataset.test_used) == (59_998, 9_999)
        assert spec(train_size=100, exclude=[["train", 5]]).dataset.train_used == 100
        assert spec(train_size=60_000, exclude=[["train", 5]]).dataset.train_used == 59_999
        made = read_spec({"dataset": {"exclude": [["train", n] for n in range(101)]}, "batch_size": 100})
        assert (made.steps_per_epoch, made.train_samples) == (599, 59_899)

    @pytest.mark.parametrize(
        ("dataset", "path", "words"),
        [
            ({"corrections": "all"}, "dataset.corrections", 'must be a list of samples: [["train", 1234, 6]]'),
            ({"corrections": [["train", 1, 2], 7]}, "dataset.corrections.1", 'like ["train", 1234, 6]'),
            ({"corrections": [["train", 1]]}, "dataset.corrections.0", 'like ["train", 1234, 6]'),
            ({"corrections": [["train", True, 2]]}, "dataset.corrections.0", 'like ["train", 1234, 6]'),
            ({"corrections": [["validation", 1, 2]]}, "dataset.corrections.0", "“train” or “test”"),
            ({"exclude": [["train", 1, 2]]}, "dataset.exclude.0", 'like ["train", 1234]'),
            ({"exclude": [["test", 10_000]]}, "dataset.exclude.0", "the test pictures are 0 to 9,999"),
            ({"corrections": [["train", -1, 2]]}, "dataset.corrections.0", "the train pictures are 0 to 59,999"),
            ({"corrections": [["train", 1, 10]]}, "dataset.corrections.0", "the classes are 0 to 9"),
            ({"corrections": [["train", 1, 2], ["train", 1, 3]]}, "dataset.corrections.1", "stands here twice"),
            ({"exclude": [["test", 1], ["test", 1]]}, "dataset.exclude.1", "stands here twice"),
            ({"corrections": [["train", 1, 2]], "exclude": [["train", 1]]}, "dataset.exclude.0", "and left out"),
            ({"exclude": [["test", n] for n in range(10_000)]}, "dataset.exclude", "leaves no test picture"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_place_and_can_be_mended(
        self, dataset: dict[str, Any], path: str, words: str
    ) -> None:
        (problem,) = problems(**dataset)
        assert problem.path == path
        assert words in problem.message
        assert problem.mending is not None
        ((setting, value),) = problem.mending.changes
        spec(**{**dataset, setting.removeprefix("dataset."): value})


class TestPictures:
    def test_without_corrections_they_are_the_files(self) -> None:
        assert pictures_of(FashionMnist(), 0).train is WHOLE.train
        assert corrected(WHOLE, FashionMnist()) is WHOLE

    def test_labels_are_changed_and_pictures_left_out_but_the_files_stay(self) -> None:
        before = WHOLE.train.labels.copy()
        label = (int(before[4]) + 1) % 10
        data = pictures_of(pictures(corrections=[["train", 4, label]], exclude=[["train", 2], ["test", 0]]), 0)
        assert (len(data.train), len(data.test)) == (59_999, 9_999)
        assert data.train.samples[:4].tolist() == [0, 1, 3, 4]
        assert data.train.labels[3] == label
        np.testing.assert_array_equal(data.train.images[3], WHOLE.train.images[4])
        assert data.test.samples[0] == 1
        np.testing.assert_array_equal(WHOLE.train.labels, before)
        with pytest.raises(ValueError, match="read-only"):
            data.train.labels[0] = 0

    def test_a_part_is_the_same_but_for_those_left_out(self) -> None:
        first = pictures_of(pictures(train_size=100), 3).train.samples
        out = int(first[50])
        second = pictures_of(pictures(train_size=100, exclude=[["train", out]]), 3).train.samples
        assert len(second) == 100
        assert set(first) - set(second) == {out}

    @pytest.mark.parametrize("exclude", [[], [["test", 5]]])
    def test_every_seed_is_tested_on_the_same_pictures(self, exclude: list[object]) -> None:
        first, second = (pictures_of(pictures(train_size=50, test_size=20, exclude=exclude), seed) for seed in (0, 1))
        assert first.test.samples.tolist() == second.test.samples.tolist()
        assert first.train.samples.tolist() != second.train.samples.tolist()
        other = pictures_of(pictures(test_size=20, test_seed=1, exclude=exclude), 0)
        assert first.test.samples.tolist() != other.test.samples.tolist()

    def test_pictures_that_were_taken_already_are_corrected_by_their_index(self) -> None:
        some = load_images("fashion-mnist", train_size=50, test_size=20)
        first, last = (int(some.train.samples[place]) for place in (0, -1))
        made = corrected(
            some, pictures(corrections=[["train", last, 3], ["train", 59_998, 1]], exclude=[["train", first]])
        )
        assert made.train.samples.tolist() == some.train.samples[1:].tolist()
        assert made.train.labels[-1] == 3
        np.testing.assert_array_equal(made.test.labels, some.test.labels)

    def test_a_class_without_pictures_is_told(self) -> None:
        out = [["train", int(index)] for index in np.flatnonzero(WHOLE.train.labels == 6)]
        with pytest.raises(UserError, match="No training picture of the class Shirt is left"):
            pictures_of(pictures(exclude=out), 0)

    def test_what_is_learned_from_has_a_hash_of_its_own(self) -> None:
        assert fingerprint_of(FashionMnist()) == fingerprint("fashion-mnist")
        made = [
            fingerprint_of(pictures(**values))
            for values in (
                {},
                {"corrections": [["train", 1, 2]]},
                {"exclude": [["train", 1]]},
                {"exclude": [["test", 1]]},
            )
        ]
        assert len(set(made)) == 4
        both = [["train", 1], ["train", 2]]
        assert fingerprint_of(pictures(exclude=both)) == fingerprint_of(pictures(exclude=both[::-1]))


def test_the_data_set_of_a_run_is_read_from_its_spec() -> None:
    values = {"kind": "fashion-mnist", "train_size": 9, "corrections": [["train", 1, 2]], "of_tomorrow": 1}
    assert pictures_dataset({"dataset": values}) == pictures(train_size=9, corrections=[["train", 1, 2]])
    assert pictures_dataset({}) is None
    assert pictures_dataset({"dataset": {"kind": "linear"}}) is None
    with pytest.raises(UserError, match="no data set “mine”"):
        pictures_dataset({"dataset": {"kind": "mine"}})
    with pytest.raises(UserError, match="cannot be read"):
        pictures_dataset({"dataset": {"kind": "fashion-mnist", "exclude": [["train", -5]]}})


def test_taking_without_leaving_out_is_taking() -> None:
    none = np.empty(0, np.int64)
    np.testing.assert_array_equal(take_but(50, 20, 4, none), take(50, 20, 4))
    np.testing.assert_array_equal(take_but(50, 0, 4, none), take(50, 0, 4))
    assert take_but(5, 4, 0, np.array([1, 3])).tolist() == [0, 2, 4]


class TestDecisions:
    def test_they_survive_the_table(self) -> None:
        labels = WHOLE.train.labels
        made = [
            Decision("train", 7, int(labels[7]), int(labels[7])),
            Decision("train", 8, int(labels[8]), (int(labels[8]) + 1) % 10),
            Decision("test", 9, int(WHOLE.test.labels[9]), None),
        ]
        text = to_csv(made)
        assert text.splitlines()[0] == "split,index,label,corrected,decision"
        assert [line.rsplit(",", 1)[1] for line in text.splitlines()[1:]] == ["right", "relabel", "exclude"]
        assert from_csv(text, WHOLE) == {one.key: one for one in made}

    def test_the_last_line_about_a_picture_counts(self) -> None:
        text = to_csv([Decision("train", 7, 2, None)]) + "train,7,2,5,relabel\n"
        assert from_csv(text, WHOLE)["train", 7].corrected == 5

    @pytest.mark.parametrize(
        "line",
        ["train,7", "dev,7,2,5,relabel", "train,60000,2,5,relabel", "train,7,2,10,relabel", "train,7,2,5,maybe",
         "train,x,2,5,relabel", "train,7,2,,relabel"],
    )  # fmt: skip
    def test_a_line_that_cannot_be_read_is_named(self, line: str) -> None:
        with pytest.raises(UserError, match="Line 3 of the table"):
            from_csv(to_csv([Decision("train", 1, 2, None)]) + line + "\n", WHOLE)

    def test_a_table_of_something_else_is_refused(self) -> None:
        for text in ("", "a,b\n1,2\n"):
            with pytest.raises(UserError, match="other columns"):
                from_csv(text, WHOLE)

    def test_they_change_what_a_spec_says_already(self) -> None:
        dataset = pictures(corrections=[["train", 1, 2], ["train", 5, 6], ["test", 3, 3]], exclude=[["train", 9]])
        decided = [
            Decision("train", 1, 0, 0),
            Decision("train", 5, 0, None),
            Decision("train", 9, 4, 7),
            Decision("test", 3, 1, 3),
            Decision("test", 4, 1, 1),
        ]
        corrections, exclude = merged(dataset, decided)
        assert corrections == (("test", 3, 3), ("train", 9, 7))
        assert exclude == (("train", 5),)


class TestTableEditedByHand:
    def test_empty_lines_are_passed_over(self) -> None:
        made = Decision("train", 1, int(WHOLE.train.labels[1]), None)
        text = to_csv([made]).replace("\n", "\r\n") + "\r\n\r\n"
        assert from_csv(text, WHOLE) == {made.key: made}

    def test_what_is_no_table_gets_a_sentence(self) -> None:
        with pytest.raises(UserError, match="cannot be read"):
            from_csv('split,index\n"' + "x" * 200_000, WHOLE)
