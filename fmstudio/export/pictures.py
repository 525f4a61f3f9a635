"""A folder of pictures: one PNG each, and a table of what a network said of them."""

import csv
import io
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from fmstudio.errors import UserError
from fmstudio.export.figures import FigureFacts, stamped_png
from fmstudio.export.picture_rows import COLUMNS, PictureRows
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.words import tr

TABLE = "pictures.csv"


def write_pictures(
    folder: Path,
    shown: PictureRows,
    stopped: Callable[[], bool] = lambda: False,
    facts: FigureFacts | None = None,
) -> Path:
    """Write pictures and table into a folder, all of it or nothing.

    Args:
        folder: It may be there already, but not with such files in it.
        shown: The pictures.
        stopped: Asked before each picture: whether nobody waits for them any more.
        facts: Of the run that was asked about them; every picture carries them. None: of none.

    Returns:
        The folder.

    Raises:
        UserError: Where there are no pictures, such files already, it cannot be written, or was stopped.
    """
    if not len(shown):
        raise UserError(tr("There are no pictures to export."), tr("Take a condition away first."))
    _refuse_full(folder, shown)
    aside = folder.parent / f".{folder.name}.{secrets.token_hex(6)}"
    try:
        aside.mkdir(parents=True)
        for number in range(len(shown)):
            if stopped():
                raise UserError(tr("The export was stopped: nothing was written."))
            (aside / shown.file(number)).write_bytes(_png(shown, number, facts))
        write_atomically(aside / TABLE, _table(shown))
        _put_in_place(aside, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _png(shown: PictureRows, number: int, facts: FigureFacts | None) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(shown.image(number)).save(buffer, "PNG")
    return stamped_png(buffer.getvalue(), facts) if facts else buffer.getvalue()


def _refuse_full(folder: Path, shown: PictureRows) -> None:
    """Nothing that is there already is written over."""
    choose = tr("Choose a new folder.")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UserError(tr("{path} is a file, not a folder.", path=str(folder)), choose)
    try:
        there = {entry.name for entry in folder.iterdir()}
    except OSError as error:
        raise cannot_write(folder, error) from error
    wanted = {TABLE, *(shown.file(number) for number in range(len(shown)))}
    found = sorted(there & wanted, key=lambda name: (name != TABLE, name))
    if found:
        text = tr("{path} has exported pictures in it already: {file}.", path=str(folder), file=found[0])
        raise UserError(text, choose)


def _table(shown: PictureRows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(shown.table())
    return text.getvalue()


def _put_in_place(aside: Path, folder: Path) -> None:
    """All files at once where the folder is new; else one by one, the table last."""
    if not folder.exists():
        aside.rename(folder)
        return
    for file in sorted(aside.iterdir(), key=lambda entry: (entry.name == TABLE, entry.name)):
        file.rename(folder / file.name)
