import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from fmstudio.session import confusion_table
from fmstudio.session.confusion_cell import Mode, Other, Roles
from fmstudio.session.confusion_table import ConfusionTableModel

CLASSES = ("T-shirt/top", "Shirt", "Bag")
MATRIX = np.array([[900, 99, 1], [83, 917, 0], [0, 0, 1]])
ROWS, COLUMNS = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
TOOLTIP, ACCESSIBLE = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole


def shown(matrix: np.ndarray | None = MATRIX, mode: Mode = "count") -> ConfusionTableModel:
    model = ConfusionTableModel()
    model.show(matrix, CLASSES, mode)
    return model


def texts(model: QAbstractItemModel) -> list[list[object]]:
    size = range(model.rowCount())
    return [[model.index(row, column).data() for column in size] for row in size]


def test_counts_are_plain_numbers() -> None:
    assert texts(shown(12 * MATRIX))[0] == ["10800", "1188", "12"]
    assert texts(shown())[1] == ["83", "917", "0"]


def test_per_cent_of_true_and_of_predicted() -> None:
    assert texts(shown(mode="true")) == [["90", "10", "<1"], ["8", "92", "0"], ["0", "0", "100"]]
    assert texts(shown(mode="predicted")) == [["92", "10", "50"], ["8", "90", "0"], ["0", "0", "50"]]


@pytest.mark.parametrize(("right", "wrong", "texts_of_row"), [(999, 1, ["99", "<1"]), (995, 5, ["99", "1"])])
def test_only_all_is_a_hundred_per_cent(right: int, wrong: int, texts_of_row: list[str]) -> None:
    assert texts(shown(np.array([[right, wrong, 0], [0, 1, 0], [0, 0, 1]]), "true"))[0][:2] == texts_of_row


def test_a_class_without_pictures_has_dashes() -> None:
    matrix = np.array([[4, 1, 0], [1, 2, 0], [0, 0, 0]])
    assert texts(shown(matrix, "true"))[2] == ["–", "–", "–"]
    assert [row[2] for row in texts(shown(matrix, "predicted"))] == ["–", "–", "–"]
    assert texts(shown(matrix, "count"))[2] == ["0", "0", "0"]
    model = shown(matrix)
    assert model.index(2, 0).data(Roles.SHARE) is None


@pytest.mark.parametrize("mode", ["count", "true", "predicted"])
def test_nothing_is_drawn_where_nothing_is_counted(mode: Mode) -> None:
    model = shown(np.array([[4, 1, 0], [1, 2, 0], [0, 0, 0]]), mode)
    assert [model.look(2, column).text for column in range(3)] == ["", "", ""]
    assert [model.look(row, 2).text for row in range(3)] == ["", "", ""]
    assert model.look(0, 0).text


def test_roles_give_the_numbers_themselves() -> None:
    model = shown()
    cell = model.index(1, 0)
    assert cell.data(Roles.COUNT) == 83
    assert cell.data(Roles.SHARE) == pytest.approx(0.083)
    assert cell.data(Roles.SHARE_OF_PREDICTED) == pytest.approx(83 / 983)
    assert cell.data(Roles.SHADE) == cell.data(Roles.SHARE)
    model.show(MATRIX, CLASSES, "predicted")
    assert cell.data(Roles.SHADE) == pytest.approx(83 / 983)


def test_a_cell_says_in_a_sentence_what_it_counts() -> None:
    model = shown()
    assert model.index(1, 0).data(ACCESSIBLE) == "83 of 1,000 pictures of Shirt were taken for T-shirt/top"
    assert model.index(0, 2).data(ACCESSIBLE) == "1 of 1,000 pictures of T-shirt/top was taken for Bag"
    assert model.index(1, 1).data(ACCESSIBLE) == "917 of 1,000 pictures of Shirt were recognised"
    lines = str(model.index(1, 0).data(TOOLTIP)).splitlines()
    assert lines[1:] == ["8.3 % of all that really are Shirt", "8.4 % of all that were taken for T-shirt/top"]
    model.show(np.zeros((3, 3), np.int64), CLASSES)
    assert model.index(1, 0).data(ACCESSIBLE) == "There is no picture of Shirt"


def test_headers_name_the_classes_and_sum_them_up() -> None:
    model = shown()
    assert [model.headerData(section, side) for side in (ROWS, COLUMNS) for section in range(3)] == 2 * [*CLASSES]
    assert model.headerData(1, ROWS, TOOLTIP) == "Shirt: 1,000 pictures, 917 of them recognised"
    assert model.headerData(0, COLUMNS, TOOLTIP) == "Taken for T-shirt/top: 983 pictures, 900 of them rightly"


def test_before_a_run_there_are_headers_only() -> None:
    model = shown(None)
    assert texts(model) == 3 * [3 * [None]]
    assert model.index(0, 0).data(Roles.COUNT) is None
    assert model.headerData(0, ROWS, TOOLTIP) == "T-shirt/top"


def test_class_names_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confusion_table, "tr", lambda text: {"Shirt": "衬衫"}.get(text, text))
    assert shown().headerData(1, ROWS) == "衬衫"


def test_other_numbers_change_the_cells_and_other_classes_the_table() -> None:
    model = shown()
    heard: list[str] = []
    model.modelReset.connect(lambda: heard.append("reset"))
    model.dataChanged.connect(
        lambda first, last: heard.append(f"{first.row()},{first.column()}…{last.row()},{last.column()}")
    )
    model.show(2 * MATRIX, CLASSES, "true")
    model.show(MATRIX[:2, :2], CLASSES[:2])
    assert heard == ["0,0…2,2", "reset"]
    assert texts(model) == [["900", "99"], ["83", "917"]]


def test_a_matrix_of_other_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit 2 classes"):
        ConfusionTableModel().show(MATRIX, CLASSES[:2])


def test_the_model_keeps_the_rules_of_qt(qtmodeltester: ModelTester) -> None:
    model = ConfusionTableModel()
    qtmodeltester.check(model)
    model.show(MATRIX, CLASSES, "predicted")
    model.show_strong(MATRIX)
    model.arrange(np.array([2, 0, 1]))
    model.show(None, CLASSES)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_sums_of_probabilities_and_differences() -> None:
    model = ConfusionTableModel()
    sums = np.array([[850.4, 149.2, 0.4], [90.0, 910.0, 0.0], [0.0, 0.0, 1.0]])
    model.show(MATRIX, CLASSES, "sum", sums=sums)
    assert texts(model) == [["850", "149", "<1"], ["90", "910", "0"], ["0", "0", "1"]]
    assert model.index(0, 1).data(Roles.SHADE) == pytest.approx(0.1492)
    assert str(model.index(0, 1).data(ACCESSIBLE)).endswith("gave to Shirt, added up: 149.2")
    before = np.array([[900, 100, 0], [93, 907, 0], [0, 1, 0]])
    model.show(MATRIX, CLASSES, "change", other=Other("epoch 2", before))
    assert texts(model) == [["0", "−1", "+1"], ["−10", "+10", "0"], ["0", "−1", "+1"]]
    assert [[model.look(row, column).good for column in range(3)] for row in range(3)][1] == [True, True, False]
    assert str(model.index(0, 2).data(ACCESSIBLE)).splitlines()[1] == "1 more than in epoch 2: worse"
    assert str(model.index(0, 0).data(ACCESSIBLE)).splitlines()[1] == "As many as in epoch 2"
    for mode in ("sum", "change"):
        with pytest.raises(ValueError, match="Nothing to show"):
            model.show(MATRIX, CLASSES, mode)  # type: ignore[arg-type]


def test_in_another_order_the_cells_keep_their_classes() -> None:
    model = shown()
    kept = QPersistentModelIndex(model.cell(1, 0))
    model.arrange(np.array([2, 1, 0]))
    assert texts(model) == [["1", "0", "0"], ["0", "917", "83"], ["1", "99", "900"]]
    assert (kept.row(), kept.column()) == (1, 2)
    assert kept.data(Roles.COUNT) == 83
    assert (kept.data(Roles.TRUE), kept.data(Roles.PREDICTED)) == (1, 0)
    assert kept.data(ACCESSIBLE) == "83 of 1,000 pictures of Shirt were taken for T-shirt/top"
    assert [model.headerData(section, ROWS) for section in range(3)] == list(reversed(CLASSES))
    assert (model.place(0), model.label(0), model.label(3), model.place(-1)) == (2, 2, -1, -1)
    assert model.numbers().tolist() == MATRIX[::-1, ::-1].tolist()


def test_what_is_looked_at_is_counted_for_each_cell() -> None:
    model = shown()
    assert model.index(1, 0).data(Roles.STRONG) is None
    model.show_strong(np.array([[0, 0, 0], [12, 0, 0], [0, 0, 0]]))
    assert model.index(1, 0).data(Roles.STRONG) == 12
    assert [model.look(1, column).faint for column in range(3)] == [False, True, True]
    assert str(model.index(1, 0).data(TOOLTIP)).splitlines()[1] == "12 of them are looked at"
    model.show(2 * MATRIX, CLASSES)
    assert model.index(1, 0).data(Roles.STRONG) is None


@pytest.mark.parametrize("mode", ["count", "true", "predicted", "sum", "change"])
def test_many_cells_at_once_look_as_each_of_them(mode: Mode) -> None:
    model = ConfusionTableModel()
    model.show(MATRIX, CLASSES, mode, sums=MATRIX / 2, other=Other("run 2", MATRIX[::-1]))
    model.arrange(np.array([1, 2, 0]))
    model.show_strong(np.eye(3, dtype=np.int64))
    shades, good, faint = model.looks(slice(0, 3), slice(1, 3))
    for row, column in np.ndindex(3, 2):
        look = model.look(row, column + 1)
        assert (shades[row, column], good[row, column], faint[row, column]) == (look.shade, look.good, look.faint)
