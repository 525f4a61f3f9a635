"""``python -m fmstudio``, and the entry point of the console script."""

import contextlib
import ctypes
import importlib
import io
import os
import sys
from collections.abc import MutableMapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from fmstudio.machine.console import say_aloud, stream_without_console
from fmstudio.machine.unsupported import why_not_here
from fmstudio.words import set_language, system_language, tr


def main() -> int:
    """Run the command line.

    Returns:
        The exit status.
    """
    prepare_streams()
    prepare_locale(os.environ)
    status = _run()
    say_aloud(status)
    return status


def _run() -> int:
    set_language(system_language())
    why_not = why_not_here()
    if why_not:
        print(why_not, file=sys.stderr)
        return 3
    load_torch_libraries_before_qt()
    try:
        cli = importlib.import_module("fmstudio.cli.app")
    except ImportError as error:
        print(tr("fmstudio is not completely installed: {reason}. Install it again.", reason=error), file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    try:
        status: int = cli.main(spelled_out(sys.argv[1:]))
    except SystemExit as leaving:  # wrong usage
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return status


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """``fmstudio file.json`` means ``fmstudio open file.json``: no command has a dot or a slash in its name."""
    first = next(iter(arguments), "-")
    is_path = not first.startswith("-") and any(sign in first for sign in "./\\")
    return ["open", *arguments] if is_path else list(arguments)


def load_torch_libraries_before_qt() -> None:
    """On Windows, torch's libraries must be loaded before Qt's, or they fail with WinError 1114. Torch itself is not.

    Loading ``c10.dll`` brings in the C++ runtime that torch was built for; Qt's wheels carry an older one.
    """
    if sys.platform != "win32":
        return
    torch = find_spec("torch")
    library = Path(torch.origin).parent / "lib" / "c10.dll" if torch and torch.origin else None
    if library is not None and library.is_file():
        with contextlib.suppress(OSError):  # what is wrong with it is said where torch is imported
            os.add_dll_directory(str(library.parent))
            ctypes.CDLL(str(library))


def prepare_streams() -> None:
    """Make what is printed UTF-8 where another program reads it, and never fail for a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # a program without a console
            setattr(sys, name, stream_without_console(name))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace")


def prepare_locale(environment: MutableMapping[str, str]) -> None:
    """Where no language is set, as on a server, file names are in UTF-8 all the same; Qt would say so on stderr.

    Args:
        environment: The environment variables.
    """
    if sys.platform.startswith("linux") and not environment.get("LC_ALL"):
        name = environment.get("LC_CTYPE") or environment.get("LANG") or "C"
        if name in ("C", "POSIX"):
            environment["LC_CTYPE"] = "C.UTF-8"


if __name__ == "__main__":
    sys.exit(main())
