"""The runs of a library: listed from an index beside the folders, described, put into the trash, taken in."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from threading import RLock

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.runs import adoption, trash
from fmstudio.runs.about import About, change_about
from fmstudio.runs.index import Index
from fmstudio.runs.legible import plain_line
from fmstudio.runs.shelf import Shelf
from fmstudio.runs.summary import RunSummary
from fmstudio.runs.sweeping import AGE_SECONDS, sweep, sweep_run
from fmstudio.words import tr


class Library:
    """All runs below one folder. Two windows and a command line may use it at once, and several threads this object.

    Args:
        root: The folder that holds the runs; None for the user's.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or paths.library()
        self._shelf = Shelf(self.root, Index(self.root))
        self._lock = RLock()

    def summaries(self) -> list[RunSummary]:
        """All runs, newest first; damaged ones and such from a newer version too, as what they are.

        Raises:
            UserError: Where the library cannot be read.
        """
        return self._listed(self._shelf)

    @property
    def touched(self) -> int:
        """Another number whenever a run was added or taken away."""
        try:
            return self.root.stat().st_mtime_ns
        except OSError:
            return 0

    def summary(self, run_id: str) -> RunSummary:
        """One run, as it is now.

        Raises:
            UserError: Where there is none.
        """
        self._folder(run_id)
        with self._lock:
            found = self._shelf.summary(run_id)
        if found is None:
            raise no_run(run_id)
        return found

    def describe(self, run_id: str, before: About, after: About) -> About:
        """Write down what somebody changed of what is said of a run; what others have said meanwhile stays.

        The run itself may be going on.

        Args:
            run_id: Of the run.
            before: What was known by the one who changed something; may be old.
            after: What shall be said in its place.

        Returns:
            What is said of the run now.

        Raises:
            UserError: Where there is no such run, or its folder cannot be written.
        """
        folder = self._folder(run_id)
        if folder.is_symlink():
            message = tr("Run {run} lies outside the library; nothing is written there.", run=plain_line(run_id))
            raise UserError(message, tr("Take a copy of it into the library."))
        with self._lock:
            sweep_run(folder)
            said = change_about(folder, before, after)
            self._shelf.forget(run_id)
        return said

    def trash(self, run_ids: Iterable[str]) -> tuple[str, ...]:
        """Put runs into the trash; nothing of them is lost.

        Returns:
            Which of them now lie there.

        Raises:
            NotAllMovedError: Where one could not be moved, once all others are: it is being written, or the disk
                refuses.
        """
        with self._lock:
            return trash.move_all(run_ids, lambda run_id: trash.discard(self._folder(run_id)))

    def restore(self, run_ids: Iterable[str]) -> tuple[str, ...]:
        """Take runs out of the trash again, never over one that is there.

        Returns:
            Which of them are in the library again.

        Raises:
            NotAllMovedError: Where one could not be moved, once all others are.
        """
        with self._lock:
            return trash.move_all(run_ids, lambda run_id: trash.bring_back(self.root, self._named(run_id)))

    def trashed(self) -> list[RunSummary]:
        """What lies in the trash, newest first.

        Raises:
            UserError: Where it cannot be read.
        """
        bin_folder = trash.folder_of(self.root)
        return [] if bin_folder.is_symlink() else self._listed(Shelf(bin_folder))

    def empty_trash(self, only: Collection[str] | None = None, hurried: Callable[[], bool] = lambda: False) -> int:
        """Delete for good what lies in the trash: only once the user has said so.

        Args:
            only: Of these runs; None: of everything.
            hurried: Whether the program is to end: what is gone for the user already is then deleted by ``sweep``.

        Returns:
            How many runs that were.

        Raises:
            UserError: Where something could not be deleted, once all else is.
        """
        with self._lock:
            return trash.empty(self.root, only, hurried)

    def adopt(self, folder: Path) -> str:
        """Copy a run's folder from elsewhere into the library, never over one that is there.

        Returns:
            Its id; that of the run that is there already, where it is the same one.

        Raises:
            UserError: Where it is no run, is being written, is too large, or cannot be copied.
        """
        return adoption.adopt(folder, self.root)

    def sweep(self, age_seconds: float = AGE_SECONDS) -> int:
        """Delete what a program that was killed has left; runs that came to their end are not looked into.

        Returns:
            How many files and folders were deleted.

        Raises:
            UserError: Where the library cannot be read.
        """
        ended = {row.id for row in self.summaries() if row.state == "finished"}
        return sweep(self.root, lambda run_id: run_id not in ended, age_seconds) + trash.sweep_gone(self.root)

    def _listed(self, shelf: Shelf) -> list[RunSummary]:
        with self._lock:
            try:
                return shelf.summaries()
            except OSError as error:
                reason = error.strerror or str(error)
                message = tr("The library {folder} cannot be read: {reason}.", folder=str(shelf.root), reason=reason)
                raise UserError(
                    message, tr("Choose another folder for the runs, or ask for the right to read it.")
                ) from error

    def _folder(self, run_id: str) -> Path:
        """The folder of a run of this library.

        Raises:
            UserError: Where there is none of this name.
        """
        folder = self.root / self._named(run_id)
        try:
            found = folder.is_dir()
        except OSError:
            found = False
        if not found:
            raise no_run(run_id)
        return folder

    def _named(self, run_id: str) -> str:
        """A name that stays within the library."""
        inside = bool(run_id) and not run_id.startswith(".") and not any(one in run_id for one in "/\\\0")
        if not inside or Path(run_id).name != run_id:
            raise no_run(run_id)
        return run_id


def no_run(run_id: str) -> UserError:
    """The sentence for a name that is no run's."""
    message = tr("There is no run “{run}”.", run=plain_line(run_id))
    return UserError(message, tr("“fmstudio runs” lists the runs that there are."))
