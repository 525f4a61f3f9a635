import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fmstudio.data.library import PictureSet
from fmstudio.session.picture_list import PictureListModel, Roles
from fmstudio.training.events import Predictions

CLASSES = ("T-shirt/top", "Trouser", "Shirt")


def pictures(samples: list[int], seed: int = 0) -> PictureSet:
    """Pictures whose first pixel is their sample, whose class is their sample modulo three."""
    images = np.random.default_rng(seed).integers(0, 256, (len(samples), 4, 4), dtype=np.uint8)
    images[:, 0, 0] = samples
    return PictureSet(images, np.array(samples) % 3, np.array(samples))


def answers(samples: list[int], predicted: list[int], sure: float = 0.75) -> Predictions:
    labels = np.array(samples) % 3
    probabilities = np.full((len(samples), 3), (1 - sure) / 2, np.float16)
    probabilities[np.arange(len(samples)), predicted] = sure
    losses = np.array([sample / 2 for sample in samples], np.float32)
    return Predictions(np.array(samples), labels, np.array(predicted), losses, probabilities)


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


def column(model: PictureListModel, role: int) -> list[object]:
    return [model.index(row).data(role) for row in range(model.rowCount())]


@pytest.fixture
def model(qapp: object) -> PictureListModel:
    return PictureListModel()


def test_each_row_answers_for_its_picture(model: PictureListModel) -> None:
    model.show(pictures([0, 1, 2, 3]), CLASSES, answers([0, 1, 2, 3], [0, 1, 1, 2]), rows(3, 2))
    assert column(model, Roles.SAMPLE) == [3, 2]
    assert column(model, Roles.TRUE) == [0, 2]
    assert column(model, Roles.PREDICTED) == [2, 1]
    assert column(model, Roles.RIGHT) == [False, False]
    assert column(model, Roles.CONFIDENCE) == [0.75, 0.75]
    assert column(model, Roles.LOSS) == [1.5, 1.0]
    assert np.argmax(model.index(0).data(Roles.PROBABILITIES)) == 2


@pytest.mark.parametrize("samples", [[0, 1, 2, 3, 4, 5], [5, 0, 4, 2, 1, 3], [40, 7, 99, 3, 11, 20]])
def test_predictions_of_some_pictures_find_their_images(model: PictureListModel, samples: list[int]) -> None:
    """The watched sixty, the quick check, and a seeded part of the set: all are mapped by the sample."""
    asked = [samples[4], samples[1], samples[2]]
    model.show(pictures(samples), CLASSES, answers(asked, [0, 0, 0]), rows(0, 2))
    assert column(model, Roles.SAMPLE) == [asked[0], asked[2]]
    assert [model.index(row).data(Roles.IMAGE)[0, 0] for row in range(2)] == [asked[0], asked[2]]


def test_a_prediction_for_a_picture_that_is_not_there_is_refused(model: PictureListModel) -> None:
    with pytest.raises(ValueError, match="not in this split"):
        model.show(pictures([0, 1, 2]), CLASSES, answers([0, 7], [0, 0]), rows(0, 1))
    with pytest.raises(ValueError, match="not in this split"):
        model.show(pictures([]), CLASSES, answers([0], [0]), rows(0))


def test_before_any_prediction_only_the_picture_is_known(model: PictureListModel) -> None:
    model.show(pictures([0, 1, 2]), CLASSES, None, rows(2, 1))
    assert column(model, Roles.TRUE) == [2, 1]
    for role in (Roles.PREDICTED, Roles.RIGHT, Roles.CONFIDENCE, Roles.LOSS, Roles.PROBABILITIES):
        assert column(model, role) == [None, None]
    assert column(model, Qt.ItemDataRole.DisplayRole) == ["Shirt", "Trouser"]
    assert column(model, Qt.ItemDataRole.AccessibleTextRole)[0] == "Picture 2: Shirt"


def test_a_picture_says_what_it_was_taken_for(model: PictureListModel) -> None:
    model.show(pictures([2, 5]), CLASSES, answers([2, 5], [0, 2], sure=0.83), rows(0, 1))
    assert column(model, Qt.ItemDataRole.DisplayRole) == ["Shirt → T-shirt/top", "Shirt → Shirt"]
    assert column(model, Qt.ItemDataRole.AccessibleTextRole) == [
        "Picture 2: really Shirt, taken for T-shirt/top, 83 % sure, wrong",
        "Picture 5: Shirt, taken for Shirt, 83 % sure, right",
    ]
    assert column(model, Qt.ItemDataRole.ToolTipRole) == column(model, Qt.ItemDataRole.AccessibleTextRole)


def test_the_same_pictures_with_other_answers_keep_their_rows(model: PictureListModel, qtbot: QtBot) -> None:
    shown = pictures([0, 1, 2, 3])
    model.show(shown, CLASSES, answers([3, 1, 2], [0, 1, 1]), rows(0, 2))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged, timeout=0) as changed:
        model.show(shown, CLASSES, answers([0, 2, 3], [0, 2, 1]), rows(2, 1))
    assert changed.args is not None
    assert [changed.args[0].row(), changed.args[1].row()] == [0, 1]
    assert column(model, Roles.PREDICTED) == [1, 2]


def test_the_first_answers_keep_the_rows_too(model: PictureListModel, qtbot: QtBot) -> None:
    shown = pictures([0, 1, 2])
    model.show(shown, CLASSES, None, rows(0, 1, 2))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(shown, CLASSES, answers([0, 1, 2], [0, 0, 0]), rows(0, 1, 2))
    assert column(model, Roles.RIGHT) == [True, False, False]


def test_other_pictures_reset_the_list(model: PictureListModel, qtbot: QtBot) -> None:
    train, test = pictures([0, 1, 2], seed=1), pictures([0, 1, 2], seed=2)
    model.show(train, CLASSES, None, rows(0, 1))
    with qtbot.waitSignal(model.modelReset, timeout=0):
        model.show(train, CLASSES, None, rows(1, 0))
    with qtbot.waitSignal(model.modelReset, timeout=0):
        model.show(test, CLASSES, None, rows(1, 0))
    assert np.array_equal(model.index(0).data(Roles.IMAGE), test.images[1])


def test_several_splits_can_be_one_list(model: PictureListModel) -> None:
    first, second = pictures([0, 1, 2]), pictures([0, 1], seed=5)
    model.show_in_sequence((first, second), CLASSES, rows(2, 3, 4))
    assert column(model, Roles.SAMPLE) == [2, 0, 1]
    assert column(model, Roles.TRUE) == [2, 0, 1]
    expected = [first.images[2], second.images[0], second.images[1]]
    assert all(np.array_equal(model.picture(row).image, image) for row, image in enumerate(expected))


def test_a_picture_is_found_by_its_sample(model: PictureListModel) -> None:
    model.show(pictures([4, 8, 6]), CLASSES, answers([8, 6], [0, 0]), rows(1, 0))
    assert [model.find(sample) for sample in (6, 8, 4)] == [0, 1, -1]


def test_one_picture_as_a_whole(model: PictureListModel) -> None:
    model.show(pictures([4, 8, 6]), CLASSES, answers([8, 6], [0, 2], sure=0.5), rows(1, 0))
    first, second = model.picture(0), model.picture(1)
    assert (first.sample, first.label, first.predicted, first.right, first.confidence) == (6, 0, 2, False, 0.5)
    assert (second.sample, second.right, second.loss) == (8, False, 4.0)
    model.show(pictures([4, 8, 6]), CLASSES, None, rows(0))
    assert (model.picture(0).predicted, model.picture(0).right) == (None, None)


def test_outside_the_list_there_is_nothing(model: PictureListModel) -> None:
    model.show(pictures([0, 1]), CLASSES, None, rows(0, 1))
    assert model.data(QModelIndex(), Roles.TRUE) is None
    assert model.rowCount(model.index(0)) == 0


def test_keeps_the_rules_of_item_models(model: PictureListModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    model.show(pictures([0, 1, 2]), CLASSES, None, rows(0, 1, 2))
    model.show(pictures([0, 1, 2]), CLASSES, answers([0, 1, 2], [0, 1, 0]), rows(0, 2))
    qtmodeltester.check(model)


def test_groups_of_neighbours_of_one_class(model: PictureListModel) -> None:
    assert model.groups() == ()
    model.show(pictures([0, 3, 1, 2, 5, 8, 6]), CLASSES, None, rows(0, 1, 2, 3, 4, 5, 6))
    assert model.groups() == ((0, 0, 2), (2, 1, 1), (3, 2, 3), (6, 0, 1))


def test_rows_and_samples_find_one_another(model: PictureListModel) -> None:
    model.show(pictures([4, 8, 6, 40]), CLASSES, None, rows(3, 1, 2))
    assert model.samples_of(rows(0, 2)).tolist() == [40, 6]
    assert model.rows_of(rows(6, 40, 4)).tolist() == [0, 2]


def test_what_is_shown_can_be_written(model: PictureListModel) -> None:
    assert model.to_write("test") is None
    model.show(pictures([4, 8, 6]), CLASSES, answers([8, 6], [0, 2], sure=0.5), rows(1, 0))
    written = model.to_write("test")
    assert written is not None
    assert [(line[1], line[3], line[5]) for line in written.table()] == [("6", "0", "2"), ("8", "2", "0")]
    assert [int(written.image(number)[0, 0]) for number in range(2)] == [6, 8]
    model.show_in_sequence((pictures([0]), pictures([1])), CLASSES, rows(0, 1))
    assert model.to_write("test") is None
