"""An animated picture from single ones."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from fmstudio.errors import UserError
from fmstudio.runs.writing import write_atomically
from fmstudio.words import tr

FRAME_MS = 600
"""How long each picture is shown."""
_LAST_MS = 2000
_FORMATS = {".gif": "GIF", ".webp": "WEBP", ".png": "PNG"}


def write_film(path: Path, frames: Sequence[tuple[int, int, bytes]]) -> Path:
    """Write an animated picture.

    Args:
        path: Ends in ``.gif``, ``.webp`` or ``.png``.
        frames: Width, height and RGB bytes of each picture, in order.

    Returns:
        The path.

    Raises:
        UserError: For another ending, no picture at all, or a file that cannot be written.
    """
    kind = format_of(path)
    if not frames:
        raise UserError(tr("There is no epoch to film yet."), tr("Train first."))
    images = [Image.frombytes("RGB", (width, height), content) for width, height, content in frames]
    durations = [FRAME_MS] * (len(images) - 1) + [_LAST_MS]
    buffer = io.BytesIO()
    images[0].save(buffer, kind, save_all=True, append_images=images[1:], duration=durations, loop=0, **_options(kind))
    write_atomically(path, buffer.getvalue())
    return path


def format_of(path: Path) -> str:
    """The format that the ending of a film's name asks for.

    Raises:
        UserError: For an ending that stands for none.
    """
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        endings = ", ".join(_FORMATS)
        raise UserError(
            tr("A film cannot be saved as “{name}”.", name=path.name), tr("End its name in {endings}.", endings=endings)
        )
    return kind


def _options(kind: str) -> dict[str, object]:
    return {"lossless": False, "quality": 85} if kind == "WEBP" else {}
