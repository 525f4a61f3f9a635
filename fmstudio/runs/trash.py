"""The trash of a library: a hidden folder in it, into which runs are moved and out of which they come again."""

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

from fmstudio.errors import UserError
from fmstudio.runs.legible import plain_line
from fmstudio.runs.lock import is_locked
from fmstudio.runs.writing import cannot_write, sync_folder
from fmstudio.words import tr, tr_n

FOLDER = ".trash"
GONE = ".gone-"
"""How a folder in the trash begins that is being deleted: nobody brings it back, not even in part."""
_MOST = 10_000


class NotAllMovedError(UserError):
    """Some runs could not be moved; all others were.

    Args:
        message: Of the first that could not be moved.
        hint: What can be done about it.
        moved: Those that were moved.
    """

    def __init__(self, message: str, hint: str, moved: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.moved = moved


def folder_of(root: Path) -> Path:
    """The trash of a library."""
    return root / FOLDER


def move_all(run_ids: Iterable[str], move: Callable[[str], object]) -> tuple[str, ...]:
    """Move each of some runs; one that cannot be moved keeps no other back.

    Raises:
        NotAllMovedError: Of the first that could not be moved; how many others could not stands in it.
    """
    moved: list[str] = []
    errors: list[UserError] = []
    for run_id in dict.fromkeys(run_ids):
        try:
            move(run_id)
            moved.append(run_id)
        except UserError as error:
            errors.append(error)
    if not errors:
        return tuple(moved)
    message, others = errors[0].message, len(errors) - 1
    if others:
        rest = tr_n("{count} other could not be moved either.", "{count} others could not be moved either.", others)
        message = f"{message} {rest}"
    raise NotAllMovedError(message, errors[0].hint, tuple(moved))


def discard(folder: Path) -> None:
    """Move a run into the trash; one of the same name that lies there makes way for it under another name.

    Raises:
        UserError: Where it is being written, or cannot be moved.
    """
    _refuse_written(folder)
    target = _made(folder.parent) / folder.name
    if os.path.lexists(target):
        _move(target, _free(target))
    _move(folder, target)


def bring_back(root: Path, name: str) -> None:
    """Move a run out of the trash, never over another.

    Raises:
        UserError: Where it is not there, its place is taken, or it cannot be moved.
    """
    source, target = folder_of(root) / name, root / name
    if folder_of(root).is_symlink() or not os.path.lexists(source):
        raise UserError(tr("Run {run} is not in the trash.", run=plain_line(name)))
    if os.path.lexists(target):
        message = tr(
            "There is a run {run} in the library already; the one in the trash stays there.", run=plain_line(name)
        )
        raise UserError(message, tr("Move the other one away first."))
    _move(source, target)


def empty(root: Path, only: Collection[str] | None = None, hurried: Callable[[], bool] = lambda: False) -> int:
    """Delete what lies in the trash; nothing that a link leads to.

    First all of it gets other names: whoever wants a run back meanwhile gets it whole, or not at all.

    Args:
        root: The library.
        only: Names of what is deleted; None: everything.
        hurried: Whether to leave the rest to ``sweep_gone``.

    Returns:
        How many runs nobody can bring back any more.

    Raises:
        UserError: Of the first that could not be deleted, once all others are.
    """
    count, errors, gone = 0, list[UserError](), list[tuple[Path, Path]]()
    for path in _lying(root):
        if path.name.startswith(GONE):
            gone.append((path, path))
        elif only is None or path.name in only:
            try:
                if put_away := _put_away(path):
                    gone.append((put_away, path))
                    count += put_away.is_dir() and not put_away.is_symlink()
            except UserError as error:
                errors.append(error)
    for put_away, path in gone:
        if hurried():
            break
        try:
            _delete(put_away)
        except OSError as error:
            errors.append(_cannot_delete(path, error))
    if errors:
        raise errors[0]
    return count


def sweep_gone(root: Path) -> int:
    """Delete what ``empty`` did not come to because the program ended.

    Returns:
        How many folders that were.
    """
    left = [path for path in _lying(root) if path.name.startswith(GONE)]
    for path in left:
        with suppress(OSError):
            _delete(path)
    return len(left)


def _lying(root: Path) -> list[Path]:
    """What lies in the trash; nothing where that is a link, or cannot be read."""
    trash = folder_of(root)
    with suppress(OSError):
        return [] if trash.is_symlink() else sorted(trash.iterdir())
    return []


def _put_away(path: Path) -> Path | None:
    """Give what is to be deleted a name under which nobody finds it; None where somebody else was faster."""
    _refuse_written(path)
    target = path.with_name(f"{GONE}{secrets.token_hex(6)}")
    try:
        path.rename(target)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot_delete(path, error) from error
    return target


def _delete(path: Path) -> None:
    """Delete a folder or a file; somebody else may just be deleting it, too."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        shutil.rmtree(path, ignore_errors=True)


def _refuse_written(folder: Path) -> None:
    if is_locked(folder):
        message = tr("Run {run} is being written; it cannot be moved now.", run=plain_line(folder.name))
        raise UserError(message, tr("Stop it first."))


def _made(root: Path) -> Path:
    """The folder of the trash; a link in its place would lead out of the library."""
    trash = folder_of(root)
    try:
        trash.mkdir(exist_ok=True)
        if trash.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, tr("it is a link"))
    except OSError as error:
        raise cannot_write(trash, error) from error
    return trash


def _free(target: Path) -> Path:
    for number in range(2, _MOST):
        path = target.with_name(f"{target.name}.{number}")
        if not os.path.lexists(path):
            return path
    raise cannot_write(target, FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)))


def _move(source: Path, target: Path) -> None:
    """Give a folder another place in the library; it is there whole, or not at all."""
    try:
        source.rename(target)
    except OSError as error:
        raise _cannot_move(source, error) from error
    sync_folder(source.parent)
    sync_folder(target.parent)


def _cannot_move(path: Path, error: OSError) -> UserError:
    reason = error.strerror or str(error)
    message = tr("Run {run} cannot be moved: {reason}.", run=plain_line(path.name), reason=reason)
    return UserError(message, tr("Close what has it open, and look whether you may write in the library."))


def _cannot_delete(path: Path, error: OSError) -> UserError:
    reason = error.strerror or str(error)
    message = tr("Run {run} cannot be deleted: {reason}.", run=plain_line(path.name), reason=reason)
    return UserError(message, tr("Close what has it open, and look whether you may write in the library."))
