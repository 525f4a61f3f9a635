"""What was read of the runs of a library, kept beside them. A cache: it may be deleted at any time."""

import logging
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from fmstudio import __version__

FILE = ".index.sqlite3"
_FORMAT = 2
"""Counts up when the rows hold other things."""
_MADE_BY = f"{_FORMAT} {__version__}"
_SCHEMA = "CREATE TABLE runs (id TEXT PRIMARY KEY, made_by TEXT, stamp TEXT, row TEXT)"
_WAIT_SECONDS = 2.0
_logger = logging.getLogger(__name__)

Stored = tuple[str, str]
"""Of which state of the files something was read, and what it was, as text."""


class Index:
    """Rows by a run's id. Whatever goes wrong, there are only fewer rows to be had.

    Args:
        library: The folder that holds the runs.
    """

    def __init__(self, library: Path) -> None:
        self._path = library / FILE

    def read(self) -> dict[str, Stored]:
        """All rows that this version has written."""
        if not self._path.is_file():
            return {}
        try:
            with self._opened() as database:
                rows = database.execute("SELECT id, stamp, row FROM runs WHERE made_by = ?", (_MADE_BY,))
                return {str(run): (str(stamp), str(row)) for run, stamp, row in rows}
        except (sqlite3.Error, OSError) as error:
            self._failed(error)
            return {}

    def write(self, rows: Mapping[str, Stored], gone: Iterable[str] = ()) -> None:
        """Keep rows, and let go of those of runs that are not there any more."""
        gone = list(gone)
        if not rows and not gone:
            return
        try:
            with self._opened() as database, database:
                database.executemany("DELETE FROM runs WHERE id = ?", [(run,) for run in gone])
                given = [(run, _MADE_BY, *stored) for run, stored in rows.items()]
                database.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", given)
        except (sqlite3.Error, OSError, UnicodeError) as error:
            self._failed(error)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The database with our one table and nothing else in it.

        Raises:
            OSError: Where there is something else in its place: nothing outside the library is written.
        """
        for path in (self._path, self._path.with_name(f"{FILE}-journal"), self._path.with_name(f"{FILE}-wal")):
            with suppress(FileNotFoundError):
                if not stat.S_ISREG(os.lstat(path).st_mode):
                    raise OSError(0, "not a plain file", str(path))
        with closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            found = [sql for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
            if not found:
                with database:
                    database.execute(_SCHEMA.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            elif found != [_SCHEMA]:
                raise sqlite3.DatabaseError("another schema")
            yield database

    def _failed(self, error: Exception) -> None:
        """Delete what is no index, so that the next one is whole; one that is only busy or read-only stays."""
        _logger.info("the index of the library was not used: %s", error)
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self._path.unlink()
