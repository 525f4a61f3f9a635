"""What a network says of pictures from outside."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from fmstudio.data.picture_files import ReadPicture, read_picture
from fmstudio.data.prepared import Prepared, Wishes, prepared
from fmstudio.errors import UserError
from fmstudio.experiment.spec import kind_of
from fmstudio.insight.network.subject import Subject


def probabilities(subject: Subject, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Softmax probabilities of prepared pictures.

    Args:
        subject: The network.
        images: Shape (n, height, width) or (n, height, width, 3).

    Returns:
        0…1, shape (n, classes).
    """
    torch.set_num_threads(1)
    return subject.probabilities(images)


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
