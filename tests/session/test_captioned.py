"""Captioned pictures as a Qt model."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from fmstudio.session.captioned import Captioned, CaptionedModel, Line, Roles


@pytest.fixture
def model() -> CaptionedModel:
    made = CaptionedModel()
    image = np.zeros((28, 28), np.uint8)
    made.show(3, lambda row: Captioned(image, (Line("Shirt"), Line(f"number {row}")), f"Shirt, number {row}"))
    return made


def test_it_is_a_right_model(model: CaptionedModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)


def test_a_row_says_its_lines_and_its_sentence(model: CaptionedModel) -> None:
    index = model.index(2, 0)
    assert index.data() == "Shirt · number 2"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Shirt, number 2"
    assert index.data(Roles.CAPTIONED).lines[1].text == "number 2"
    assert model.index(3, 0).data() is None


def test_only_what_is_looked_at_is_made() -> None:
    made: list[int] = []

    def make(row: int) -> Captioned:
        made.append(row)
        return Captioned(np.zeros((2, 2), np.uint8), (), "")

    model = CaptionedModel()
    model.show(60_000, make)
    assert (model.rowCount(), made) == (60_000, [])
    model.index(59_999, 0).data()
    assert made == [59_999]
