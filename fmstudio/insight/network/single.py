"""What a network makes of one picture while somebody paints on it: quick enough to follow the hand."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.insight.network.explaining import gradient
from fmstudio.insight.network.subject import Subject
from fmstudio.insight.single_look import Look


def look(subject: Subject, was: NDArray[np.uint8], image: NDArray[np.uint8], warm: bool) -> Look:
    """Ask a network about a picture as it was and as it is now.

    Args:
        subject: The network that is asked; nothing in it changes.
        was: Pixels, shape (height, width) or (height, width, channels).
        image: The same picture, painted on.
        warm: Whether the heat is wanted.
    """
    torch.set_num_threads(1)
    inputs = subject.inputs(np.stack([was, image]))
    before, now = subject.logits(inputs).softmax(1).numpy(force=True)
    found = Look(was, inputs[1].numpy(force=True), before, now)
    if not warm:
        return found
    try:
        slope = gradient(subject.network, inputs[1:], int(now.argmax()))
    except UserError as error:
        return replace(found, why_cold=error.message)
    return replace(found, heat=_share(slope))


def _share(slope: Tensor) -> NDArray[np.float32]:
    """The size of a gradient, its largest 1; black where it is flat everywhere."""
    amount = slope.abs().amax(1)[0]
    most = amount.max()
    scaled: NDArray[np.float32] = (amount / most if bool(most > 0) else torch.zeros_like(amount)).numpy(force=True)
    return scaled
