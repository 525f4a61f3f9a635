"""The log files, and the text of a report about a bug. Nothing here ever fails, and nothing is printed."""

import logging
import platform
import sys
import traceback
from importlib import metadata
from logging.handlers import RotatingFileHandler
from pathlib import Path

from fmstudio import paths
from fmstudio.version import about_build

FILE = "fmstudio.log"
_BYTES = 500_000
_OLDER_FILES = 2
_PACKAGES = ("PySide6-Essentials", "pyqtgraph", "torch", "torchvision", "numpy", "pillow", "pydantic", "safetensors")

_logger = logging.getLogger(__name__)


class _LogFile(RotatingFileHandler):
    """A log file that keeps silent when it cannot be written: the log must not bring down what it watches."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, the name is logging's
        """Drop the record."""

    def rotate(self, source: str, dest: str) -> None:
        """Rename the full file, unless another process holds it: then it grows on."""
        try:
            super().rotate(source, dest)
        except OSError:
            return


def start_logging() -> Path | None:
    """Write the log of this process to a file from now on; a second call changes nothing.

    Returns:
        The file, or None where it cannot be written: then nothing is logged anywhere.
    """
    root = logging.getLogger()
    running = next((handler for handler in root.handlers if isinstance(handler, _LogFile)), None)
    if running is not None:
        return Path(running.baseFilename)
    handler = _open()
    root.addHandler(handler)
    logging.getLogger("fmstudio").setLevel(logging.INFO)
    logging.captureWarnings(True)
    _logger.info("fmstudio %s, Python %s, %s", about_build().text, platform.python_version(), platform.platform())
    return Path(handler.baseFilename) if isinstance(handler, _LogFile) else None


def report(exc: BaseException) -> str:
    """What "Copy report" copies: versions, machine and traceback. Of the user's data it holds paths at most."""
    lines = [
        f"fmstudio {about_build().text}",
        f"Python {platform.python_version()} ({sys.executable})",
        platform.platform(),
        *(f"{name} {_version(name)}" for name in _PACKAGES),
        "",
        *(line.rstrip("\n") for line in traceback.format_exception(exc)),
    ]
    return "\n".join(lines) + "\n"


def _open() -> logging.Handler:
    """The handler of the log file, or one that does nothing where there can be no file."""
    path = paths.logs() / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path, maxBytes=_BYTES, backupCount=_OLDER_FILES, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s"))
    return handler


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
