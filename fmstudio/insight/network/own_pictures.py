"""Pictures from outside, prepared as a network wants them."""

from collections.abc import Sequence
from pathlib import Path

from fmstudio.data.picture_files import ReadPicture, read_picture
from fmstudio.data.prepared import Prepared, Wishes, prepared
from fmstudio.errors import UserError
from fmstudio.experiment.spec import kind_of
from fmstudio.insight.network.subject import Subject


def opened(
    subject: Subject, paths: Sequence[Path], wishes: Wishes
) -> tuple[tuple[ReadPicture, Prepared] | UserError, ...]:
    """Read picture files and prepare them, which may take a while: apart from the window.

    Args:
        subject: The network that will be asked; its data set says how the pictures have to be.
        paths: The files.
        wishes: How they shall be prepared.

    Returns:
        For each the picture, as it is and prepared; or why it cannot be read.
    """
    return tuple(_opened(subject, path, wishes) for path in paths)


def _opened(subject: Subject, path: Path, wishes: Wishes) -> tuple[ReadPicture, Prepared] | UserError:
    try:
        picture = read_picture(path, path.name)
    except UserError as error:
        return error
    return picture, prepared(picture, subject.dataset.picture, kind_of(subject.dataset), wishes)
