from unicodedata import east_asian_width

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from fmstudio import words
from fmstudio.catalog.architectures import ARCHITECTURES, Cnn
from fmstudio.catalog.datasets import DATASETS
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.layer_table import DEPTH, PROBLEM, Columns, LayerTableModel, printed, work_text


def spec_of(kernel_size: int = 5) -> ExperimentSpec:
    return ExperimentSpec().model_copy(update={"architecture": Cnn(kernel_size=kernel_size)})


def cells(model: LayerTableModel, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in Columns]


def test_it_is_a_right_model(qtmodeltester: ModelTester) -> None:
    model = LayerTableModel()
    model.show(spec_of())
    qtmodeltester.check(model)


def test_the_layers_stand_between_input_and_sum() -> None:
    model = LayerTableModel()
    model.show(spec_of())
    assert cells(model, 0) == ["Input", "1 × 28 × 28", "", "", "", "", ""]
    assert cells(model, 1) == [
        "Conv2d(1, 6, 5)", "6 × 24 × 24", "(28 − 5 + 2·0) / 1 + 1 = 24", "weight 6 × 1 × 5 × 5, bias 6", "156",
        "86,400", "5 × 5",
    ]  # fmt: skip
    assert cells(model, model.rowCount() - 1) == ["All layers", "", "", "", "32,998", "232,440", ""]
    assert model.unfit_row == -1


def test_it_ends_with_the_layer_that_does_not_fit() -> None:
    model = LayerTableModel()
    model.show(spec_of(20))
    last = model.rowCount() - 1
    assert model.unfit_row == last
    assert cells(model, last)[0] == "Conv2d(6, 12, 20)"
    assert "larger than the picture" in cells(model, last)[Columns.FORMULA]
    assert "larger than the picture" in model.index(last, 0).data(PROBLEM)


def test_a_block_is_followed_by_what_is_inside_it() -> None:
    model = LayerTableModel()
    model.show(ExperimentSpec().model_copy(update={"architecture": ARCHITECTURES["resnet-18"]()}))
    depths = [model.index(row, 0).data(DEPTH) for row in range(model.rowCount())]
    first = depths.index(1)
    assert cells(model, first - 1)[0] == "BasicBlock(64, 64)"
    assert cells(model, first)[0].strip().startswith("Conv2d(64, 64, 3")
    assert cells(model, first)[0].startswith(" ")
    assert model.index(first, Columns.PARAMETERS).data(Qt.ItemDataRole.ToolTipRole) == "weight 64 × 64 × 3 × 3"
    inside = [cells(model, row)[Columns.WEIGHTS] for row in range(first, depths.index(0, first))]
    counted = sum(int(text.replace(",", "")) for text in inside if text)
    assert f"{counted:,}" == cells(model, first - 1)[Columns.WEIGHTS]
    assert model.rowCount() > 60


def test_a_late_layer_sees_the_whole_picture() -> None:
    model = LayerTableModel()
    model.show(ExperimentSpec().model_copy(update={"architecture": ARCHITECTURES["resnet-18"]()}))
    seen = [cells(model, row)[Columns.SEES] for row in range(model.rowCount())]
    assert "3 × 3" in seen
    assert "all" in seen


def test_rows_of_numbers_are_one_line(qtmodeltester: ModelTester) -> None:
    spec = ExperimentSpec().model_copy(
        update={"dataset": DATASETS["linear"](), "architecture": ARCHITECTURES["linear-regression"]()}
    )
    model = LayerTableModel()
    model.show(spec)
    qtmodeltester.check(model)
    assert cells(model, 0)[:2] == ["Input", "2"]
    assert cells(model, 1) == ["Linear(2, 1)", "1", "2 → 1", "weight 1 × 2, bias 1", "3", "2", ""]


def specs(kind: str) -> ExperimentSpec:
    architecture = ARCHITECTURES[kind]
    data = {} if architecture.pictures else {"dataset": DATASETS["linear"]()}
    return ExperimentSpec().model_copy(update={**data, "architecture": architecture()})


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_the_printed_table_is_in_columns_and_complete(kind: str) -> None:
    spec = specs(kind)
    traced = spec.architecture.trace(spec.facts)
    title, empty, *lines = printed(spec).rstrip("\n").split("\n")
    assert title == ARCHITECTURES[kind].title
    assert empty == ""
    assert len(lines) == sum(1 + len(layer.inner) for layer in traced) + 3
    end = lines[0].index("Weights") + len("Weights")
    assert lines[-1][:end].endswith(f" {spec.architecture.weights(spec.facts):,}")
    assert {line[end : end + 2] for line in lines} <= {"  ", ""}


def test_chinese_letters_take_two_places_in_print() -> None:
    words.set_language("zh_CN")
    lines = printed(spec_of()).split("\n")[2:]
    ends = {_places(line[: line.rindex("156") + 3]) for line in lines if "Conv2d(1," in line}
    assert ends == {_places(line[: line.rindex("32,998") + 6]) for line in lines if "32,998" in line}


def _places(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        (0, ""),
        (600, "600 multiply-adds"),
        (1_234_567, "1.2 million multiply-adds"),
        (456e6, "456 million multiply-adds"),
    ],
)
def test_work_is_said_in_words(operations: int, words: str) -> None:
    assert work_text(operations) == words


def test_nothing_is_an_empty_table() -> None:
    model = LayerTableModel()
    model.show(None)
    assert model.rowCount() == 0
