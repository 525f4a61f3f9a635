"""A wall of one's own pictures with what the network takes them for, and the files that are no pictures."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.score import percent
from fmstudio.session.captioned import Captioned, CaptionedModel, Line
from fmstudio.session.own_pictures import OwnPicture
from fmstudio.ui.pictures.caption_wall import CaptionWall
from fmstudio.ui.widgets import label
from fmstudio.words import tr, tr_n

_SENTENCES = 5


class OwnWall(QWidget):
    """What several dropped files became.

    Attributes:
        opened: The user clicked on a picture: its place among those that could be read.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ownWall")
        self._pictures: list[OwnPicture] = []
        self._classes: tuple[str, ...] = ()
        self._model = CaptionedModel(self)
        self.view = CaptionWall(self._model, edge=84, lines=3, sample="0123456789012345")
        self.view.setAccessibleName(tr("Your pictures"))
        self.view.setMinimumHeight(160)
        self.view.opened.connect(self.opened)
        self._count = label(role="title")
        self._problems = label(role="problem")
        self._problems.setObjectName("ownProblems")
        self._problems.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._count)
        column.addWidget(self.view, 1)
        column.addWidget(self._problems)

    def show_pictures(
        self, pictures: Sequence[OwnPicture], classes: tuple[str, ...], problems: Sequence[UserError]
    ) -> None:
        """Show pictures, perhaps before the network has answered.

        Args:
            pictures: What could be read.
            classes: Names of the classes.
            problems: Why the others could not.
        """
        self._pictures, self._classes = list(pictures), classes
        self._count.setText(tr_n("{count} picture of yours", "{count} pictures of yours", len(pictures)))
        row = self.view.row
        self._model.show(len(pictures), self._captioned)
        self.view.go(row)
        self._problems.setText(problem_words(problems))
        self._problems.setVisible(bool(problems))

    def _captioned(self, row: int) -> Captioned:
        own = self._pictures[row]
        if own.probabilities is None:
            return Captioned(own.prepared.pixels, (Line("…", "text"), Line(""), Line(own.name)), own.name)
        label, share = int(own.probabilities.argmax()), float(own.probabilities.max())
        name, sure = tr(self._classes[label]), tr("{share} sure", share=percent(share, 100))
        lines = (Line(name, "text", bold=True), Line(sure), Line(own.name))
        return Captioned(own.prepared.pixels, lines, f"{own.name}: {name}, {sure}")


def problem_words(problems: Sequence[UserError]) -> str:
    """Why files could not be read, a sentence each; of very many the first few."""
    lines = [str(problem) for problem in problems[:_SENTENCES]]
    if len(problems) > _SENTENCES:
        left = len(problems) - _SENTENCES
        lines.append(tr_n("and {count} more file", "and {count} more files", left))
    return "\n".join(lines)
