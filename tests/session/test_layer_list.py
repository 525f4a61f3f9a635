from PySide6.QtCore import QMimeData, QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fmstudio.catalog.layer_list import LayerList
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Problem
from fmstudio.session.layer_list import FIRST, LayerListModel, ListColumns, ListRoles

FACTS = Facts(shape=(1, 28, 28), classes=10, samples=60_000, steps_per_epoch=469, epochs=2)
NUMBERS = Facts(shape=(2,), classes=0, samples=1000, steps_per_epoch=10, epochs=2)
USUAL: list[dict[str, object]] = [
    {"kind": "conv2d", "channels": 6, "kernel_size": 5},
    {"kind": "relu"},
    {"kind": "max-pool"},
    {"kind": "flatten"},
    {"kind": "linear", "features": 60},
]


def shown(value: object = USUAL, facts: Facts = FACTS, *problems: Problem) -> LayerListModel:
    model = LayerListModel()
    model.show(value, facts, problems)
    return model


def column(model: LayerListModel, place: ListColumns) -> list[str]:
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def sentences(model: LayerListModel) -> list[str]:
    return [str(model.index(row, 0).data(ListRoles.PROBLEM)) for row in range(model.rowCount())]


def kinds(value: object) -> list[object]:
    assert isinstance(value, list)
    return [item["kind"] for item in value]


def edits(model: LayerListModel) -> list[object]:
    found: list[object] = []
    model.edited.connect(found.append)
    return found


def test_it_is_a_right_model(qtmodeltester: ModelTester) -> None:
    model = shown()
    qtmodeltester.check(model)
    model.move(0, 3)
    model.insert(2, "dropout")
    model.remove(0)
    model.show([{"kind": "relu"}], FACTS)
    model.show(USUAL, FACTS)
    qtmodeltester.check(model)


def test_the_layers_stand_between_input_and_output() -> None:
    model = shown()
    assert column(model, ListColumns.LAYER) == [
        "Input", "Convolution", "ReLU", "Max pooling", "Flatten", "Linear layer", "Linear layer",
    ]  # fmt: skip
    assert column(model, ListColumns.SETTINGS)[1] == "channels 6 · kernel size 5 px"
    assert column(model, ListColumns.OUTPUT) == [
        "1 × 28 × 28", "6 × 24 × 24", "6 × 24 × 24", "6 × 12 × 12", "864", "60", "10",
    ]  # fmt: skip
    assert column(model, ListColumns.WEIGHTS) == ["", "156", "", "", "", "51,900", "610"]
    assert [model.index(row, 0).data(ListRoles.FIXED) for row in range(7)] == [True, *[False] * 5, True]


def test_it_counts_what_the_network_counts() -> None:
    network = LayerList()
    model = shown(network.model_dump(mode="json")["layers"])
    counted = sum(int(text.replace(",", "")) for text in column(model, ListColumns.WEIGHTS) if text)
    assert counted == network.weights(FACTS)


def test_rows_of_numbers_become_one_number() -> None:
    model = shown([{"kind": "linear", "features": 8}, {"kind": "relu"}], NUMBERS)
    assert column(model, ListColumns.OUTPUT) == ["2", "8", "8", "1"]
    assert column(model, ListColumns.SETTINGS)[-1] == "the number that is predicted"


def test_a_layer_that_does_not_fit_says_why_and_nothing_is_known_below() -> None:
    model = shown([USUAL[0], {"kind": "linear", "features": 60}, {"kind": "relu"}])
    assert sentences(model)[2] == "needs a row of numbers, but gets 6 × 24 × 24: flatten it first"
    assert column(model, ListColumns.OUTPUT) == ["1 × 28 × 28", "6 × 24 × 24", "–", "–", "–"]
    assert sentences(model)[3:] == ["", ""]


def test_a_wrong_value_says_why_at_its_setting() -> None:
    model = shown([{"kind": "conv2d", "channels": 0}, {"kind": "relu"}])
    assert sentences(model) == ["", "Channels: must be at least 1", "", ""]
    assert column(model, ListColumns.OUTPUT)[2:] == ["–", "–"]


def test_what_is_no_layer_is_said() -> None:
    model = shown([{"kind": "spoon"}, 7])
    assert column(model, ListColumns.LAYER) == ["Input", "spoon", "7", "Linear layer"]
    assert sentences(model)[1] == "there is no such layer"
    assert shown("nonsense").rowCount() == 2


def test_problems_of_the_recipe_stand_at_their_rows() -> None:
    problem = Problem("architecture.layers.1", "batch normalisation needs more than one sample in every batch")
    model = shown(USUAL, FACTS, problem, Problem("architecture.layers.30.p", "far away"))
    assert sentences(model)[2] == problem.message
    assert column(model, ListColumns.OUTPUT)[2] == "6 × 24 × 24"


def test_a_new_layer_has_its_default_settings() -> None:
    model = shown()
    found = edits(model)
    model.insert(1, "dropout")
    assert found[-1] == [USUAL[0], {"kind": "dropout", "p": 0.5}, *USUAL[1:]]


def test_layers_are_duplicated_removed_and_moved() -> None:
    model = shown()
    found = edits(model)
    model.duplicate(0)
    assert kinds(found[-1]) == ["conv2d", "conv2d", "relu", "max-pool", "flatten", "linear"]
    model.remove(0)
    assert found[-1] == USUAL
    assert model.move(0, 2)
    assert kinds(found[-1]) == ["relu", "max-pool", "conv2d", "flatten", "linear"]
    assert not model.move(0, -1)
    assert not model.move(4, 5)
    assert len(found) == 3


def test_another_kind_keeps_what_was_set_and_it_has_too() -> None:
    model = shown([{"kind": "conv2d", "channels": 7, "kernel_size": 4, "stride": 1, "padding": 1}])
    model.change_kind(0, "max-pool")
    assert model.value == [{"kind": "max-pool", "kernel_size": 4, "stride": None, "padding": 1}]
    model.change_kind(0, "relu")
    assert model.value == [{"kind": "relu"}]


def test_the_same_list_again_changes_nothing(qtbot: QtBot) -> None:
    model = shown()
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.edited):
        assert model.show([dict(item) for item in USUAL], FACTS) == -1


def test_an_undone_removal_comes_back_at_its_row(qtbot: QtBot) -> None:
    model = shown()
    model.remove(2)
    with qtbot.waitSignal(model.rowsInserted) as inserted:
        assert model.show(USUAL, FACTS) == FIRST + 2
    assert inserted.args is not None
    assert inserted.args[1:] == [FIRST + 2, FIRST + 2]
    assert model.value == USUAL


def test_a_layer_is_dropped_before_a_row() -> None:
    model = shown()
    found = edits(model)
    data = model.mimeData([model.index(FIRST, 0), model.index(FIRST, 1)])
    assert model.dropMimeData(data, Qt.DropAction.MoveAction, FIRST + 3, 0, QModelIndex())
    assert kinds(found[-1]) == ["relu", "max-pool", "conv2d", "flatten", "linear"]
    data = model.mimeData([model.index(FIRST + 4, 0)])
    assert model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert kinds(found[-1]) == ["linear", "relu", "max-pool", "conv2d", "flatten"]
    data = model.mimeData([model.index(FIRST, 0)])
    assert model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert kinds(found[-1]) == ["relu", "max-pool", "conv2d", "flatten", "linear"]


def test_only_its_own_layers_can_be_dropped() -> None:
    model, other = shown(), shown()
    foreign = other.mimeData([other.index(FIRST, 0)])
    text = QMimeData()
    text.setText("conv2d")
    fixed = model.mimeData([model.index(0, 0)])
    for data in (foreign, text, fixed):
        assert not model.canDropMimeData(data, Qt.DropAction.MoveAction, 1, 0, QModelIndex())
        assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 1, 0, QModelIndex())
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert model.flags(model.index(FIRST, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert not model.flags(model.index(FIRST + 5, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_nothing_is_an_empty_table() -> None:
    model = shown()
    model.show(None, None)
    assert model.rowCount() == 0
