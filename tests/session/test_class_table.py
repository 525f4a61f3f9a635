import numpy as np
import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from fmstudio.insight.intervals import wilson
from fmstudio.session.class_table import ClassTableModel, Columns, Roles

CLASSES = ("Shirt", "Trouser", "Bag", "Coat")
MATRIX = np.array([[60, 0, 0, 40], [0, 1000, 0, 0], [0, 0, 0, 0], [3, 0, 0, 7]])
"""Nothing is a Bag, and nothing was taken for one."""

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def model() -> ClassTableModel:
    made = ClassTableModel()
    made.show(MATRIX, CLASSES)
    return made


def column(model: ClassTableModel, which: Columns) -> list[object]:
    return [model.index(row, which).data() for row in range(model.rowCount())]


def test_figures_have_one_decimal_and_undefined_ones_are_dashes(model: ClassTableModel) -> None:
    assert column(model, Columns.NAME) == [*CLASSES]
    assert column(model, Columns.PRECISION) == ["95.2 %", "100.0 %", "–", "14.9 %"]
    assert column(model, Columns.RECALL) == ["60.0 %", "100.0 %", "–", "70.0 %"]
    assert column(model, Columns.F1) == ["73.6 %", "100.0 %", "–", "24.6 %"]
    assert column(model, Columns.NUMBER) == ["100", "1,000", "0", "10"]
    assert model.index(0, Columns.RECALL).data(Roles.VALUE) == pytest.approx(0.6)
    assert model.index(2, Columns.RECALL).data(Roles.VALUE) is None


@pytest.mark.parametrize(
    ("which", "order", "names"),
    [
        (Columns.NUMBER, UP, ["Bag", "Coat", "Shirt", "Trouser"]),
        (Columns.NUMBER, DOWN, ["Trouser", "Shirt", "Coat", "Bag"]),
        (Columns.PRECISION, UP, ["Shirt", "Trouser", "Coat", "Bag"]),
        (Columns.PRECISION, DOWN, ["Trouser", "Shirt", "Coat", "Bag"]),
        (Columns.RECALL, UP, ["Shirt", "Trouser", "Coat", "Bag"]),
        (Columns.F1, DOWN, ["Trouser", "Shirt", "Coat", "Bag"]),
        (Columns.NAME, DOWN, ["Coat", "Bag", "Trouser", "Shirt"]),
    ],
)
def test_sorts_by_number_with_what_cannot_be_judged_and_then_what_is_undefined_last(
    model: ClassTableModel, which: Columns, order: Qt.SortOrder, names: list[str]
) -> None:
    model.sort(which, order)
    assert column(model, Columns.NAME) == names


def test_stays_sorted_when_the_numbers_change(model: ClassTableModel) -> None:
    model.sort(Columns.RECALL, DOWN)
    kept = QPersistentModelIndex(model.index(2, Columns.NAME))
    assert kept.data() == "Coat"
    model.show(np.diag([10, 10, 10, 0]) + np.eye(4, k=1, dtype=np.int64) * 30, CLASSES)
    assert column(model, Columns.RECALL) == ["25.0 %", "25.0 %", "25.0 %", "–"]
    assert column(model, Columns.NAME) == [*CLASSES]
    assert (kept.data(), kept.row(), kept.data(Roles.CLASS)) == ("Coat", 3, 3)


def test_terms_and_figures_are_explained_in_a_sentence(model: ClassTableModel) -> None:
    tips = [
        str(model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
        for section in range(model.columnCount())
    ]
    assert "of all pictures that it called Shirt" in tips[Columns.PRECISION]
    sentences = [model.index(0, which).data(Qt.ItemDataRole.AccessibleTextRole) for which in Columns]
    assert sentences == [
        "Shirt",
        "Of the 63 pictures that it called Shirt, 95.2 % really are Shirt\n95 % interval: 87–98 %",
        "Of the 100 pictures that really are Shirt, it called 60.0 % Shirt\n95 % interval: 50–69 %",
        "Shirt: F1 is 73.6 % over 100 pictures, precision and recall in one number",
        "100 pictures really are Shirt",
    ]
    missing = [model.index(2, which).data(Qt.ItemDataRole.AccessibleTextRole) for which in Columns]
    assert missing == [
        "Bag",
        "It called no picture Bag",
        "There is no picture of Bag",
        "No picture is Bag, and it called none Bag",
        "0 pictures really are Bag",
    ]


def test_shares_of_fewer_than_a_thousand_have_an_interval(model: ClassTableModel) -> None:
    assert model.index(0, Columns.RECALL).data(Roles.INTERVAL) == wilson(60, 100)
    assert model.index(0, Columns.PRECISION).data(Roles.INTERVAL) == wilson(60, 63)
    assert [model.index(1, which).data(Roles.INTERVAL) for which in Columns] == [None] * 5
    assert model.index(0, Columns.F1).data(Roles.INTERVAL) is None
    assert model.index(2, Columns.RECALL).data(Roles.INTERVAL) is None


def test_a_class_with_fewer_than_twenty_pictures_is_not_judged(model: ClassTableModel) -> None:
    few = [model.index(row, Columns.NAME).data(Roles.FEW) for row in range(4)]
    assert few == [False, False, False, True]
    assert model.few_rows() == (3,)
    tip = str(model.index(3, Columns.RECALL).data(Qt.ItemDataRole.ToolTipRole))
    assert tip.splitlines()[-1] == "Too few to judge: 10 pictures"
    model.sort(Columns.NUMBER, DOWN)
    assert model.few_rows() == (2,)
    model.show(None, CLASSES)
    assert model.few_rows() == ()


def test_before_a_run_every_figure_is_a_dash() -> None:
    model = ClassTableModel()
    model.show(None, CLASSES)
    assert [model.index(0, which).data() for which in Columns] == ["Shirt", "–", "–", "–", "–"]
    assert model.index(0, Columns.NUMBER).data(Qt.ItemDataRole.ToolTipRole) == "Shirt: not counted yet"
    assert not model.counted


def test_a_matrix_of_other_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit 3 classes"):
        ClassTableModel().show(MATRIX, CLASSES[:3])


def test_the_model_keeps_the_rules_of_qt(model: ClassTableModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    model.sort(Columns.F1, UP)
    model.show(np.flip(MATRIX), CLASSES)
    model.show(MATRIX[:2, :2], CLASSES[:2])
    assert column(model, Columns.NAME) == ["Shirt", "Trouser"]
