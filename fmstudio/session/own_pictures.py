"""Pictures from outside: read, prepared as the data set's are, and what the network says of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from fmstudio.data.library import ImageData
from fmstudio.data.picture_files import WORK_EDGE, ReadPicture, picture_of
from fmstudio.data.prepared import AS_USUAL, Prepared, Wishes, prepared
from fmstudio.errors import UserError
from fmstudio.session.examiner import Examiner
from fmstudio.words import tr

MOST_FILES = 200
"""Of more files the first are taken."""

_SMALLER = (Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)

Found = tuple[ReadPicture, Prepared] | UserError


@dataclass(frozen=True, eq=False)
class OwnPicture:
    """One picture from outside.

    Attributes:
        name: Of its file, or "pasted"; empty of a drawing.
        picture: As it was read.
        prepared: As the network gets it.
        probabilities: What the network said of it, shape (classes,); None: not yet.
    """

    name: str
    picture: ReadPicture
    prepared: Prepared
    probabilities: NDArray[np.float32] | None = None


class OwnPictures(QObject):
    """The pictures that the user gives the network.

    Signals:
        changed(): Other pictures, or other answers.

    Args:
        examiner: Asks the network that is looked at.

    Attributes:
        data: Whose pictures they are made like.
        wishes: How they are prepared.
        paths: The files that they come from; none of a drawing, and of what was pasted.
        pictures: What could be read.
        problems: Why the other files could not.
        reading: Whether files are still being read.
        trouble: Why the network could not be asked; may be empty.
    """

    changed = Signal()

    def __init__(self, examiner: Examiner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._examiner = examiner
        self.data: ImageData | None = None
        self.wishes = AS_USUAL
        self.paths: tuple[Path, ...] = ()
        self.pictures: list[OwnPicture] = []
        self.problems: list[UserError] = []
        self.reading = False
        self.trouble = ""
        self._left_out = 0
        examiner.changed.connect(self._ask_anew)

    def show_data(self, data: ImageData) -> None:
        """Make the pictures like those of another data set."""
        if data is not self.data:
            self.data = data
            self.prepare(self.wishes)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Read picture files, and ask about them."""
        self._begin(tuple(paths[:MOST_FILES]))
        self._left_out = len(paths) - len(self.paths)
        self.reading = bool(paths)
        self._read()
        self.changed.emit()

    def take_picture(self, name: str, picture: ReadPicture) -> None:
        """Ask about one picture that is in memory; until the answer is there, that of the one before stands."""
        before = self.pictures[0].probabilities if not self.paths and self.pictures else None
        self._begin(())
        if self.data is not None:
            self.pictures = [OwnPicture(name, picture, self._prepared(picture, self.data), before)]
        self._ask()
        self.changed.emit()

    def forget(self) -> None:
        """There are no pictures any more."""
        self._begin(())
        self.changed.emit()

    def prepare(self, wishes: Wishes) -> None:
        """Prepare the pictures otherwise, and ask again."""
        self.wishes = wishes
        if self.data is not None:
            data = self.data
            self.pictures = [replace(own, prepared=self._prepared(own.picture, data)) for own in self.pictures]
        self._ask()
        self.changed.emit()

    def _begin(self, paths: tuple[Path, ...]) -> None:
        self.paths, self.pictures, self.problems = paths, [], []
        self.reading, self.trouble, self._left_out = False, "", 0

    def _prepared(self, picture: ReadPicture, data: ImageData) -> Prepared:
        return prepared(picture, shape_of(data), data.kind, self.wishes)

    def _ask_anew(self) -> None:
        """Another network is looked at: what the one before was asked is not answered any more."""
        self._read()
        self._ask()
        self.changed.emit()

    def _read(self) -> None:
        if self.reading:
            self._examiner.ask(
                "own.files", "fmstudio.insight.network.own_pictures.opened", self._were_read, self.paths, self.wishes,
                otherwise=self._refused,
            )  # fmt: skip

    def _were_read(self, found: Sequence[Found]) -> None:
        if not self.reading or len(found) != len(self.paths):
            return
        self.reading = False
        pairs = list(zip(self.paths, found, strict=True))
        self.pictures = [OwnPicture(path.name, *one) for path, one in pairs if not isinstance(one, UserError)]
        self.problems = [one for one in found if isinstance(one, UserError)]
        if self._left_out:
            self.problems.insert(0, UserError(tr("Only the first {count} files were taken.", count=MOST_FILES)))
        self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        if self.pictures and self._examiner.available:
            images = np.stack([own.prepared.pixels for own in self.pictures])
            self._examiner.ask(
                "own",
                "fmstudio.insight.network.subject.probabilities",
                self._answered,
                images,
                otherwise=self._refused,
            )

    def _answered(self, answers: NDArray[np.float32]) -> None:
        if len(answers) == len(self.pictures):
            pairs = zip(self.pictures, answers, strict=True)
            self.pictures = [replace(own, probabilities=row) for own, row in pairs]
            self.trouble = ""
            self.changed.emit()

    def _refused(self, error: UserError) -> None:
        self.trouble = str(error)
        self.changed.emit()


def from_image(image: QImage) -> ReadPicture:
    """A picture that was pasted."""
    width, height = image.width(), image.height()
    if max(width, height) > 4 * WORK_EDGE:
        image = image.scaled(4 * WORK_EDGE, 4 * WORK_EDGE, *_SMALLER)
    colours = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(colours.constBits(), np.uint8).reshape(colours.height(), colours.bytesPerLine())
    pixels = lines[:, : 4 * colours.width()].reshape(colours.height(), colours.width(), 4).copy()
    return replace(picture_of(pixels), width=width, height=height)


def shape_of(data: ImageData) -> tuple[int, int, int]:
    """Channels, height and width of a data set's pictures."""
    images = data.test.images
    return (1 if images.ndim == 3 else int(images.shape[3])), int(images.shape[1]), int(images.shape[2])
