"""``python -m fmstudio``, and the entry point of the console script."""

import ctypes
import importlib
import io
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from fmstudio.words import set_language, system_language, tr


def main() -> int:
    """Run the command line.

    Returns:
        The exit status.
    """
    load_torch_libraries_before_qt()
    prepare_streams()
    try:
        cli = importlib.import_module("fmstudio.cli.app")
    except ImportError as error:
        set_language(system_language())
        print(tr("fmstudio is not completely installed: {reason}. Install it again.", reason=error), file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    status: int = cli.main(sys.argv[1:])
    return status


def load_torch_libraries_before_qt() -> None:
    """On Windows, torch's libraries must be loaded before Qt's, or they fail with WinError 1114. Torch itself is not.

    Loading ``c10.dll`` brings in the C++ runtime that torch was built for; Qt's wheels carry an older one.
    """
    if sys.platform != "win32":
        return
    torch = find_spec("torch")
    library = Path(torch.origin).parent / "lib" / "c10.dll" if torch and torch.origin else None
    if library is not None and library.is_file():
        os.add_dll_directory(str(library.parent))
        ctypes.CDLL(str(library))


def prepare_streams() -> None:
    """Make what is printed UTF-8 where another program reads it, and never fail for a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # a program without a console
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 — stays open
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
