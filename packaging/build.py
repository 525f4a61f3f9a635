#!/usr/bin/env python3
"""Make what people download. Needs nothing but Python and, the first time, the network.

    python3 packaging/build.py linux [--torch-wheel FILE | --torch-index ADDRESS]   the bundle, in build/bundle/fmstudio
    python3 packaging/build.py check          tries the bundle: command line, demo on a virtual screen, sizes, speed
    python3 packaging/build.py deb            the package for Debian and Ubuntu, in dist/
    python3 packaging/build.py portable       the archive that runs from any folder, in dist/
    python3 packaging/build.py prove-deb      installs the package on a clean Debian 12, and works with it
    python3 packaging/build.py prove-portable runs the archive where that is hard
    python3 packaging/build.py prove-short    works with the bundle for a minute
    python3 packaging/build.py installer      on Windows and on the Mac: what people install there, in dist/
    python3 packaging/build.py wheel          the wheel and the source archive, in dist/
    python3 packaging/build.py sbom           what is in each of them, beside it
    python3 packaging/build.py checksums      the SHA-256 of everything in dist/
    python3 packaging/build.py kit            a folder for a USB stick
    python3 packaging/build.py all            everything that this system can make, in this order

Each takes --help. ``windows`` and ``macos`` make the bundle on those systems.
"""

import importlib
import sys
from collections.abc import Callable, Sequence

from bootstrap import too_old

COMMANDS = {
    "linux": "building.frozen",
    "windows": "building.frozen",
    "macos": "building.frozen",
    "check": "building.trial",
    "deb": "building.deb",
    "portable": "building.portable",
    "prove-deb": "proof.deb",
    "prove-portable": "proof.portable",
    "prove-short": "proof.short",
    "installer": "building.installer",
    "wheel": "building.wheel",
    "sbom": "building.sbom",
    "checksums": "building.checksums",
    "kit": "building.kit",
}
"""What makes each: a module with ``main(arguments)``."""
BUNDLES = ("linux", "windows", "macos")
ALL = {
    "linux": ("linux", "check", "deb", "portable", "wheel", "sbom", "checksums", "kit"),
    "darwin": ("macos", "installer", "wheel", "sbom", "checksums"),
    "win32": ("windows", "installer", "wheel", "sbom", "checksums"),
}
"""What each system makes, in which order."""


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; whatever goes wrong is one sentence and the remedy."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command not in (*COMMANDS, "all"):
        print((__doc__ or "").strip(), file=sys.stdout if command in {"-h", "--help"} else sys.stderr)
        return 0 if command in {"-h", "--help"} else 2
    words = importlib.import_module("building.words")
    try:
        return _everything(rest) if command == "all" else _maker(command)(rest)
    except words.SetupError as error:
        print(f"\nfmstudio: {error.message} {error.remedy}", file=sys.stderr, flush=True)
        status: int = error.status
        return status
    except OSError as error:
        print(f"\nfmstudio: {error.filename or error}: {error.strerror or ''}", file=sys.stderr, flush=True)
        return 3
    except KeyboardInterrupt:
        print("\nfmstudio: stopped.", file=sys.stderr, flush=True)
        return 130


def _maker(command: str) -> Callable[[Sequence[str]], int]:
    """What makes something; the bundle's maker wants to know for which system."""
    make: Callable[[Sequence[str]], int] = importlib.import_module(COMMANDS[command]).main
    return (lambda rest: make([command, *rest])) if command in BUNDLES else make


def _everything(arguments: Sequence[str]) -> int:
    """Make all that this system can; the arguments are the bundle's. What fails ends it."""
    for command in ALL.get(sys.platform, ALL["linux"]):
        own = arguments if command in BUNDLES else ["--quick"] if command == "check" else []
        status = _maker(command)(own)
        if status != 0:
            return status
    return 0


if __name__ == "__main__":
    sentence = too_old((sys.version_info[0], sys.version_info[1]))
    if sentence:
        print(sentence, file=sys.stderr)
        sys.exit(3)
    sys.exit(main(sys.argv[1:]))
