"""One picture in the drawer, in step with the wall and with what is looked at."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.one_picture import OnePicture
from fmstudio.session.picture_list import Picture
from fmstudio.session.selection import Selection, Split
from fmstudio.session.sight import Sight
from fmstudio.ui.drawer import Drawer
from fmstudio.ui.wall.predictions_panel import PredictionsPanel
from fmstudio.words import tr

if TYPE_CHECKING:
    from fmstudio.ui.one_picture.picture_detail import PictureDetail

_LEAST = 1e-12
"""Below this the probability of the true class is not told from nothing."""


@dataclass(frozen=True)
class PicturePlace:
    """Which picture the drawer shows, and how.

    Attributes:
        split: Training or test pictures.
        sample: Its index in the split.
        row: Of the wall; -1 where it is not there.
        tab: What is shown of it.
    """

    split: Split
    sample: int
    row: int
    tab: str


class PictureDrawer(QObject):
    """Shows the current picture of the wall, or one of another place, and follows every change.

    Signals:
        selection_changed(Selection): Other pictures shall be looked at.
        epoch_asked(int): Another epoch shall be looked at.
    """

    selection_changed = Signal(object)
    epoch_asked = Signal(int)

    def __init__(
        self, drawer: Drawer, pictures: PredictionsPanel, inspection: Inspection, examiner: Examiner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._drawer, self._pictures, self._inspection, self._examiner = drawer, pictures, inspection, examiner
        self._detail: PictureDetail | None = None
        self._tab = "answers"
        self._row = 0
        self._elsewhere: tuple[Split, int] | None = None
        self._probabilities: NDArray[np.float32] | None = None
        self._shown: tuple[Run, Selection, int] | None = None
        drawer.closed.connect(self._forget)
        pictures.moved.connect(self._follow)
        examiner.changed.connect(self._ask_again)

    @property
    def place(self) -> PicturePlace | None:
        """Which picture is in the drawer, for ``show_place`` of another one; None without any."""
        if self._detail is None or self._drawer.content is not self._detail:
            return None
        tab = self._detail.tab
        if self._elsewhere is not None:
            return PicturePlace(*self._elsewhere, -1, tab)
        if self._shown is None:
            return None
        return PicturePlace(self._shown[1].split, self._shown[2], self._row, tab)

    def show_place(self, place: PicturePlace) -> None:
        """Show a picture as it was shown before: on the wall, if it is still there."""
        self._tab, row = place.tab, place.row
        if 0 <= row < self._pictures.count and self._pictures.picture(row).sample == place.sample:
            self._pictures.go(row)
            self.show_row(row)
        else:
            self.show_sample(place.split, place.sample)

    def show_row(self, row: int) -> None:
        """Show a picture of the wall."""
        self._open()
        self._row, self._elsewhere, self._shown = row, None, None
        self.refresh()

    def show_sample(self, split: Split, sample: int) -> None:
        """Show a picture that need not be on the wall."""
        self._open()
        self._elsewhere, self._probabilities = (split, sample), None
        self.refresh()
        self._ask()

    def refresh(self) -> None:
        """Show what the network answers now for the picture in the drawer."""
        sight = self._inspection.sight
        if self._detail is None or self._drawer.content is not self._detail:
            return
        if sight.data is None:  # numbers are learned now: there are no pictures
            self._drawer.close()
            return
        self._tab = self._detail.tab
        if self._elsewhere is None and self._is_off_the_wall(sight):
            self._show_elsewhere(sight.selection.split, self._shown[2] if self._shown else -1)
        elif self._elsewhere is not None:
            self._show_elsewhere(*self._elsewhere)
        elif 0 <= self._row < self._pictures.count:
            count = f"{self._pictures.count:,}"
            text = tr("{position} of {count}", position=f"{self._row + 1:,}", count=count)
            picture = self._pictures.picture(self._row)
            self._shown = (sight.run, sight.selection, picture.sample)
            self._detail.show_picture(OnePicture(picture, sight.selection.split, sight), text)

    def _is_off_the_wall(self, sight: Sight) -> bool:
        """Whether the picture in the drawer is no longer among those asked for: another epoch answered otherwise."""
        if self._shown is None or self._shown[0] is not sight.run or self._shown[1] != sight.selection:
            return False
        rows = self._pictures.count
        return not (self._row < rows and self._pictures.picture(self._row).sample == self._shown[2])

    def _open(self) -> None:
        if self._detail is not None and self._drawer.content is self._detail:
            return
        self._detail = load("fmstudio.ui.one_picture.picture_detail.PictureDetail")(self._examiner, self._tab)
        self._detail.previous_asked.connect(lambda: self._go(-1))
        self._detail.next_asked.connect(lambda: self._go(1))
        self._detail.selection_changed.connect(self.selection_changed)
        self._detail.picture_asked.connect(self.show_sample)
        self._detail.epoch_asked.connect(self.epoch_asked)
        self._drawer.show_content(tr("Picture"), self._detail)

    def _show_elsewhere(self, split: Split, sample: int) -> None:
        sight = self._inspection.sight
        if self._detail is None or sight.data is None:
            return
        pictures = sight.data.train if split == "train" else sight.data.test
        found = np.flatnonzero(pictures.samples == sample)
        if not len(found):
            return
        at = int(found[0])
        image, label = pictures.images[at], int(pictures.labels[at])
        picture = _known(sight, split, image, sample) or _answered(image, sample, label, self._probabilities)
        number = f"{sample:,}"
        training = split == "train"
        name = (
            tr("Training picture {number}", number=number) if training else tr("Test picture {number}", number=number)
        )
        self._detail.show_picture(OnePicture(picture, split, sight), name)

    def _ask_again(self) -> None:
        """Another network: what the one before said does not count."""
        self._probabilities = None
        self._ask()

    def _ask(self) -> None:
        """Ask about a picture whose answers are not on the wall."""
        if self._elsewhere is None or self._detail is None or self._inspection.data is None:
            return
        split, sample = self._elsewhere
        data = self._inspection.data
        pictures = data.train if split == "train" else data.test
        images = pictures.images[pictures.samples == sample]

        def show(answer: NDArray[np.float32]) -> None:
            if isValid(self) and self._elsewhere == (split, sample) and len(answer):
                self._probabilities = answer[0]
                self.refresh()

        self._examiner.ask("elsewhere", "fmstudio.insight.network.subject.probabilities", show, images)

    def _go(self, steps: int) -> None:
        off = self._elsewhere is not None or self._is_off_the_wall(self._inspection.sight)
        if off and self._pictures.count:  # back to where one came from
            self.show_row(min(self._row, self._pictures.count - 1))
            return
        row = self._row + steps
        if 0 <= row < self._pictures.count:
            self._pictures.go(row)
            self.show_row(row)

    def _follow(self, row: int) -> None:
        if self._detail is not None:
            self._row, self._elsewhere, self._shown = row, None, None
            self.refresh()

    def _forget(self) -> None:
        self._detail = None


def _known(sight: Sight, split: Split, image: NDArray[np.uint8], sample: int) -> Picture | None:
    """What was answered for a picture of the split that is looked at; None where that is not known."""
    answers = sight.answers
    if answers is None or split != sight.selection.split:
        return None
    found = np.flatnonzero(answers.samples == sample)
    if not len(found):
        return None
    row = int(found[0])
    predicted, probabilities = int(answers.predicted[row]), answers.probabilities[row]
    sure, loss = float(probabilities[predicted]), float(answers.loss[row])
    return Picture(image, sample, int(answers.labels[row]), predicted, sure, loss, probabilities)


def _answered(image: NDArray[np.uint8], sample: int, label: int, probabilities: NDArray[np.float32] | None) -> Picture:
    if probabilities is None:
        return Picture(image, sample, label)
    predicted = int(probabilities.argmax())
    loss = -math.log(max(_LEAST, float(probabilities[label])))
    given = probabilities.astype(np.float16)
    return Picture(image, sample, label, predicted, float(probabilities[predicted]), loss, given)
