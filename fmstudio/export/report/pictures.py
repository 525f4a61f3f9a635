"""The worst mistakes of a run as pictures within the report."""

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np
from PIL import Image

from fmstudio.data.library import PictureSet
from fmstudio.insight.score import percent
from fmstudio.training.events import Ints, Predictions
from fmstudio.words import tr

MOST = 24
_LARGEST = 96
"""Pixels of a side; larger pictures are made smaller, so that the report stays small."""


def worst(answers: Predictions, most: int = MOST) -> Ints:
    """The rows of the answers with the greatest loss, the greatest first; a loss that is no number comes first."""
    order = np.argsort(-np.nan_to_num(answers.loss.astype(np.float64), nan=np.inf), kind="stable")
    return order[:most].astype(np.int64)


def mistakes(answers: Predictions, pictures: PictureSet, classes: Sequence[str]) -> str:
    """The test pictures on which the network was most wrong, each with what it is and what it was taken for.

    Args:
        answers: Of the test pictures.
        pictures: Of the test split; those that are not among them are left out.
        classes: Names of the classes, translated.
    """
    places = {int(sample): place for place, sample in enumerate(pictures.samples)}
    figures = []
    for row in worst(answers).tolist():
        place = places.get(int(answers.samples[row]))
        if place is not None:
            figures.append(_figure(answers, row, pictures.images[place], classes))
    return f'<div class="pictures">{"".join(figures)}</div>'


def _figure(answers: Predictions, row: int, pixels: np.ndarray, classes: Sequence[str]) -> str:
    true, taken = int(answers.labels[row]), int(answers.predicted[row])
    sure = float(answers.probabilities[row, taken])
    right = true == taken
    answer = f"{'✓' if right else '✗'} {classes[taken]}"
    number = tr("picture {number}", number=int(answers.samples[row]))
    said = f"{percent(sure, 1) if np.isfinite(sure) else '–'} · {tr('loss')} {float(answers.loss[row]):.2f}"
    return (
        f'<figure><img src="{data_uri(pixels)}" alt="{escape(number)}" title="{escape(number)}">'
        f"<figcaption>{escape(classes[true])}<br>"
        f'<span class="{"right" if right else "wrong"}">{escape(answer)}</span><br>'
        f'<span class="small">{escape(said)}</span></figcaption></figure>'
    )


def data_uri(pixels: np.ndarray) -> str:
    """A picture within the text: PNG in base 64."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.thumbnail((_LARGEST, _LARGEST))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
