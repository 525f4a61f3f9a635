"""What answers a question at once, or when the test says so."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from fmstudio.errors import UserError
from fmstudio.ui import theme


class Answers:
    """Stands in for the session: holds the newest question until the test answers it."""

    def __init__(self) -> None:
        self.open = True
        self.asked = 0
        self.stop: Callable[[], object] = lambda: None
        self.then: Callable[[Any], object] = lambda _: None
        self.otherwise: Callable[[UserError], object] = lambda _: None

    def __call__(self, work: Any, stop: Any, then: Any, otherwise: Any) -> bool:
        self.asked += 1
        self.stop, self.then, self.otherwise = stop, then, otherwise
        return self.open


@pytest.fixture
def answers(qapp: QApplication) -> Answers:
    theme.apply(qapp, "light")
    return Answers()
