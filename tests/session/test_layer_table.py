import pytest
from pytestqt.modeltest import ModelTester

from fmstudio.catalog.architectures import ARCHITECTURES, Cnn
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.layer_table import PROBLEM, Columns, LayerTableModel, printed


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
    assert cells(model, 0) == ["Input", "1 × 28 × 28", "", "", ""]
    assert cells(model, 1) == [
        "Conv2d(1, 6, 5)", "6 × 24 × 24", "(28 − 5 + 2·0) / 1 + 1 = 24", "weight 6 × 1 × 5 × 5, bias 6", "156",
    ]  # fmt: skip
    assert cells(model, model.rowCount() - 1) == ["All layers", "", "", "", "32,998"]
    assert model.unfit_row == -1


def test_it_ends_with_the_layer_that_does_not_fit() -> None:
    model = LayerTableModel()
    model.show(spec_of(20))
    last = model.rowCount() - 1
    assert model.unfit_row == last
    assert cells(model, last)[0] == "Conv2d(6, 12, 20)"
    assert "larger than the picture" in cells(model, last)[Columns.FORMULA]
    assert "larger than the picture" in model.index(last, 0).data(PROBLEM)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_the_printed_table_is_in_columns_and_complete(kind: str) -> None:
    spec = ExperimentSpec().model_copy(update={"architecture": ARCHITECTURES[kind]()})
    title, empty, *lines = printed(spec).rstrip("\n").split("\n")
    assert title == ARCHITECTURES[kind].title
    assert empty == ""
    assert len(lines) == len(spec.architecture.trace(spec.facts)) + 3
    assert len({len(line) for line in (lines[0], lines[-1])}) == 1
    assert lines[-1].endswith(f"{spec.architecture.weights(spec.facts):,}")


def test_nothing_is_an_empty_table() -> None:
    model = LayerTableModel()
    model.show(None)
    assert model.rowCount() == 0
