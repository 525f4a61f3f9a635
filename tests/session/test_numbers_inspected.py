"""Runs that learn numbers are looked at, listed, and their points shown in a table."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from fmstudio.catalog.datasets import Linear
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.insight.regression import number_points
from fmstudio.runs.run import Run
from fmstudio.session.inspection import Inspection
from fmstudio.session.point_table import PointTableModel
from fmstudio.session.selection import Selection

LINE = Linear(w=(3.0,), b=0.8, noise=0.0, n=50, test_n=40, distribution="uniform")


def test_a_run_of_numbers_is_looked_at_on_its_points(number_run) -> None:
    inspection = Inspection()
    inspection.show_data(load_images("fashion-mnist", train_size=20, test_size=20))
    pictures = inspection.data
    run = number_run(LINE)
    inspection.show_run(run)
    assert inspection.points is not None
    assert inspection.points.dataset == LINE
    assert inspection.numbers is run.epochs[-1].predictions
    assert inspection.data is pictures, "the pictures are kept for others"
    assert inspection.classes == ()
    assert inspection.counted is inspection.pictures is inspection.predictions is None


def test_turning_back_to_pictures_leaves_the_points(number_run) -> None:
    inspection = Inspection()
    inspection.show_data(load_images("fashion-mnist", train_size=20, test_size=20))
    inspection.show_run(number_run(LINE))
    inspection.show_run(Run({"dataset": {"kind": "fashion-mnist", "train_size": 20, "test_size": 20}}))
    assert inspection.points is inspection.numbers is None
    assert inspection.pictures is not None
    assert len(inspection.classes) == 10


def test_points_stay_the_same_object_as_long_as_they_are_the_same(number_run) -> None:
    inspection = Inspection()
    inspection.show_run(number_run(LINE))
    points = inspection.points
    inspection.show_run(number_run(LINE, epochs=3))
    assert inspection.points is points
    inspection.show_run(number_run(LINE.model_copy(update={"seed": 1})))
    assert inspection.points is not points


def test_nobody_is_asked_about_training_pictures_of_numbers(number_run) -> None:
    inspection = Inspection()
    asked = []
    inspection.training_answers_wanted.connect(lambda: asked.append(1))
    inspection.show_run(number_run(LINE))
    inspection.select(Selection(split="train"))
    assert asked == []
    assert inspection.counted is None


def test_points_that_cannot_be_drawn_are_an_error_for_people() -> None:
    inspection = Inspection()
    before = inspection.run
    with pytest.raises(UserError, match=r"dataset\.n"):
        inspection.show_run(Run({"dataset": {"kind": "linear", "n": -1}}))
    assert inspection.run is before


class TestPointTable:
    def test_it_is_a_right_model(self, qtmodeltester: ModelTester) -> None:
        model = PointTableModel()
        model.show(number_points(Linear(n=300, test_n=5)))
        qtmodeltester.check(model)

    def test_it_lists_the_first_points(self) -> None:
        model, points = PointTableModel(), number_points(Linear(n=300, test_n=5))
        model.show(points)
        horizontal = Qt.Orientation.Horizontal
        assert [model.headerData(column, horizontal) for column in range(model.columnCount())] == ["#", "x1", "x2", "y"]
        assert model.rowCount() == 200
        shown = [str(model.index(3, column).data()).replace("−", "-") for column in range(4)]
        assert shown[0] == "3"
        assert np.array(shown[1:], float) == pytest.approx([*points.train_x[3], points.train_y[3]], rel=1e-3)

    def test_of_many_inputs_the_first_have_a_column(self) -> None:
        model = PointTableModel()
        model.show(number_points(Linear(w=(1.0,) * 20, n=10, test_n=5)))
        assert model.columnCount() == 8
        model.show(None)
        assert (model.rowCount(), model.columnCount()) == (0, 0)
