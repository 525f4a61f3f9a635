"""One picture with what is looked at around it: what the pages of the drawer show."""

from dataclasses import dataclass

from fmstudio.session.picture_list import Picture
from fmstudio.session.selection import Split
from fmstudio.session.sight import Sight


@dataclass(frozen=True, eq=False)
class OnePicture:
    """A picture of a split, and the sight that it was opened in.

    Attributes:
        picture: Pixels, index, true class, and the answers of the epoch that is looked at.
        split: Which split its index counts in.
        sight: Run, epoch, classes, and all other answers.
    """

    picture: Picture
    split: Split
    sight: Sight
