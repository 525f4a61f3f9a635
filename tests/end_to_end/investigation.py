"""A whole investigation in the real window, with clicks and keys only; a process of its own, in an X server.

It trains the CNN, opens the shirts that were taken for T-shirts, sorts them by loss, asks why the worst one was, draws
one, goes back two epochs, trains softmax regression and compares the two. Each stage leaves a picture, and all of them
``story.json``: what was seen, which the test asserts.

Usage: ``python -m tests.end_to_end.investigation OUT [LANGUAGE [THEME]]``.
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSlider,
    QTableView,
    QWidget,
)

from fmstudio.session.picture_list import Roles
from fmstudio.session.session import State
from fmstudio.ui.application import make_application, make_window, prefer
from fmstudio.ui.main_window import MainWindow

PATIENCE = 240.0
SHIRT, T_SHIRT = 6, 0
EPOCHS = 3
W = TypeVar("W", bound=QWidget)


class Investigation:
    """What a person does, and what they see."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self._window, self._out = window, out
        self.story: dict[str, Any] = {}

    def perform(self) -> None:
        """All stages."""
        stages = (
            self.train, self.shirts_for_t_shirts, self.worst_first, self.why, self.rub_out, self.draw,
            self.back_in_time, self.train_another, self.compare, self.what_was_broken,
        )  # fmt: skip
        for number, stage in enumerate(stages, start=1):
            stage()
            self._live(400)
            self._window.grab().save(str(self._out / f"{number:02}-{stage.__name__.replace('_', '-')}.png"))

    def train(self) -> None:
        """Train the CNN of the first lesson for three epochs."""
        window = self._window
        self._until(lambda: window.inspection.data is not None and window.session.ready)
        self._type("epochs", str(EPOCHS))
        self._train()

    def shirts_for_t_shirts(self) -> None:
        """Click the square: true Shirt, predicted T-shirt."""
        matrix = self._find(QTableView, "confusionView")
        cell = matrix.model().index(SHIRT, T_SHIRT)
        self.story["cell"] = int(cell.data())
        self._click_item(matrix, cell)
        self._until(lambda: self._pictures.rowCount() == self.story["cell"])
        seen = range(self._pictures.rowCount())
        pairs = {(self._at(row, Roles.TRUE), self._at(row, Roles.PREDICTED)) for row in seen}
        self.story["pairs"] = sorted(pairs)

    def worst_first(self) -> None:
        """Sort by loss, in the menu."""
        self._click(self._find(QPushButton, "sortPictures"))
        self._choose("Greatest loss first")
        losses = [self._at(row, Roles.LOSS) for row in range(self._pictures.rowCount())]
        self.story["sorted"] = losses == sorted(losses, reverse=True)

    def why(self) -> None:
        """Open the worst one, and ask why."""
        view = self._find(QAbstractItemView, "predictionsView")
        self._click_item(view, view.model().index(0, 0))
        self._until(lambda: self._find(QWidget, "drawer").isVisible())
        self._click(self._find(QPushButton, "tab.why"))
        self._settle()
        self.story["verdict"] = self._find(QLabel, "pictureVerdict").text()
        self.story["explained"] = [self._find(QLabel, f"line.{key}").text() for key in ("gradient", "occlusion")]

    def rub_out(self) -> None:
        """Rub a sleeve out of it."""
        self._click(self._find(QPushButton, "tab.answers"))
        self._settle()
        picture = self._find(QWidget, "paintPicture")
        self._drag(picture, [(0.12, 0.2), (0.12, 0.55), (0.2, 0.3), (0.2, 0.6)])
        self._settle()
        self.story["rubbed_out"] = self._find(QLabel, "paintingSentence").text()

    def draw(self) -> None:
        """Close it, and draw one by hand."""
        QTest.keyClick(self._find(QWidget, "drawer"), Qt.Key.Key_Escape)
        self._click(self._find(QPushButton, "tryButton"))
        self._until(lambda: self._sees("tryPage"))
        self._click(self._find(QPushButton, "tab.draw"))
        pad = self._find(QWidget, "sketchPad")
        outline = [
            (0.3, 0.2),
            (0.7, 0.2),
            (0.9, 0.35),
            (0.7, 0.4),
            (0.7, 0.85),
            (0.3, 0.85),
            (0.3, 0.4),
            (0.1, 0.35),
            (0.3, 0.2),
        ]
        self._drag(pad, outline)
        self._drag(pad, [(0.35, 0.5), (0.65, 0.5), (0.35, 0.6), (0.65, 0.6), (0.35, 0.7), (0.65, 0.7)])
        self._settle()
        self.story["drawn"] = self._find(QLabel, "ownVerdict").text()

    def back_in_time(self) -> None:
        """Close it, and go two epochs back with the arrow keys."""
        QTest.keyClick(self._find(QWidget, "drawer"), Qt.Key.Key_Escape)
        slider = self._find(QSlider, "epochSlider")
        before = self._find(QWidget, "scoreBig").text  # type: ignore[attr-defined]
        for _ in range(3):  # from the present to the last epoch, and two more
            QTest.keyClick(slider, Qt.Key.Key_Left)
        self._settle()
        self.story["epoch"] = self._window.inspection.epoch
        self.story["scores"] = [before, self._find(QWidget, "scoreBig").text]  # type: ignore[attr-defined]
        self.story["cell_then"] = int(self._find(QTableView, "confusionView").model().index(SHIRT, T_SHIRT).data())

    def train_another(self) -> None:
        """Back to now; then train softmax regression."""
        self._click(self._find(QPushButton, "backToNow"))
        architecture = self._find(QComboBox, "architecture")
        architecture.setFocus()
        while architecture.currentData() != "softmax-regression":
            before = architecture.currentIndex()
            QTest.keyClick(architecture, Qt.Key.Key_Up)
            if architecture.currentIndex() == before:
                break
        self.story["architecture"] = architecture.currentData()
        self._train()

    def compare(self) -> None:
        """Put the two runs side by side."""
        self._click(self._find(QPushButton, "page.compare"))
        runs = self._find(QTableView, "runsView")
        self._until(lambda: runs.model().rowCount() == 2)
        for row, modifier in ((1, Qt.KeyboardModifier.NoModifier), (0, Qt.KeyboardModifier.ControlModifier)):
            self._click_item(runs, runs.model().index(row, 0), modifier)
        self._click(self._find(QPushButton, "compareTwo"))
        self._until(lambda: self._sees("twoRunsVerdict"))
        self.story["mcnemar"] = self._find(QLabel, "twoRunsVerdict").text()

    def what_was_broken(self) -> None:
        """Look at what only the first one had right."""
        self._click(self._find(QPushButton, "part.broken"))
        self._settle()
        view = self._find(QAbstractItemView, "partView")
        self.story["broken"] = view.model().rowCount()

    # ── Hands and eyes

    def _train(self) -> None:
        self._until(lambda: self._find(QPushButton, "trainButton").isEnabled())
        number = len(self._window.session.run.id)
        self._click(self._find(QPushButton, "trainButton"))
        session = self._window.session
        self._until(lambda: session.state is not State.IDLE or number < 0)
        self._until(lambda: session.state is State.IDLE)
        self._settle()

    @property
    def _pictures(self) -> Any:
        return self._find(QAbstractItemView, "predictionsView").model()

    def _at(self, row: int, role: Roles) -> Any:
        return self._pictures.index(row, 0).data(role)

    def _find(self, kind: type[W], name: str) -> W:
        found = [widget for widget in self._window.findChildren(kind, name) if widget.isVisible()]
        everywhere = found or self._window.findChildren(kind, name)
        assert everywhere, f"the window has no {name}"
        return everywhere[0]

    def _sees(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self._window.findChildren(QWidget, name))

    def _click(self, widget: QWidget) -> None:
        assert widget.isVisible(), widget.objectName()
        assert widget.isEnabled(), widget.objectName()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def _click_item(
        self,
        view: QAbstractItemView,
        index: QModelIndex,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, view.visualRect(index).center())

    def _choose(self, text: str) -> None:
        """Click a line of the menu that is open."""
        self._until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(action for action in menu.actions() if action.text() == text)
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        self._live(50)

    def _drag(self, widget: QWidget, places: list[tuple[float, float]]) -> None:
        """Press, move through places (shares of the widget), and let go."""
        points = [QPoint(int(x * widget.width()), int(y * widget.height())) for x, y in places]
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=points[0])
        for start, end in pairwise(points):
            for part in range(1, 6):
                QTest.mouseMove(widget, start + (end - start) * (part / 5))
                self._live(5)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=points[-1])

    def _type(self, name: str, text: str) -> None:
        field = self._find(QWidget, name)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        assert line is not None, name
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Tab)

    def _settle(self) -> None:
        """Wait until nothing is asked in the background any more."""
        self._live(60)
        self._until(lambda: not self._window.session._tasks)
        self._live(60)

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, "waited too long"
            self._live(20)

    def _live(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def main(out: Path, language: str = "en", theme: str = "light") -> None:
    """Perform it, and write down what was seen."""
    out.mkdir(parents=True, exist_ok=True)
    make_application()
    prefer(language, theme)
    window = make_window()
    window.resize(QSize(1440, 900))
    window.show()
    failures: list[str] = []
    window.session.crashed.connect(lambda error: failures.append(repr(error)))
    made = Investigation(window, out)
    try:
        made.perform()
    finally:
        made.story["crashed"] = failures
        (out / "story.json").write_text(json.dumps(made.story, indent=2, default=int), encoding="utf-8")
        window.session.finish(5000)
        window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
