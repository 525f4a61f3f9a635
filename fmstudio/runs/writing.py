"""Writing files so that a reader finds the old or the new content, never a part."""

import contextlib
import os
import secrets
from pathlib import Path

from fmstudio.errors import UserError
from fmstudio.words import tr


def write_atomically(path: Path, content: bytes | str) -> None:
    """Replace a file's content: temporary file in the same folder, flush, fsync, replace, fsync the folder.

    Raises:
        UserError: Where it cannot be written; the old content stays.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.parent / f".{path.name}.{secrets.token_hex(6)}"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise cannot_write(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make a folder's entries last, where the system can: Windows and some network file systems cannot."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def cannot_write(path: Path, error: OSError) -> UserError:
    """The sentence for a file or folder that cannot be written."""
    message = tr("{path} cannot be written: {reason}.", path=str(path), reason=error.strerror or str(error))
    return UserError(message, tr("Free some space or choose another folder, then try again."))
