"""``SHA256SUMS`` beside the artefacts, as ``sha256sum`` and ``shasum`` write and check it."""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from building.folders import dist_folder
from building.parts import sha256
from building.words import BuildError, say

FILE = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def write_checksums(folder: Path, files: Iterable[Path] | None = None) -> Path:
    """Write down the SHA-256 of files, by their paths in the folder, sorted.

    Args:
        folder: Where the list goes.
        files: Which ones; None for all that lie in the folder itself.

    Raises:
        BuildError: Where there is nothing.
    """
    chosen = [path for path in (folder.glob("*") if files is None else files) if path.is_file() and path.name != FILE]
    if not chosen:
        raise BuildError(
            f"There is nothing in {folder}.", "Make something first: packaging/build.py deb, portable, wheel."
        )
    lines = sorted((path.relative_to(folder).as_posix(), sha256(path)) for path in chosen)
    path = folder / FILE
    path.write_text("".join(f"{digest}  {name}\n" for name, digest in lines), encoding="utf-8", newline="\n")
    say(f"{path}: {len(lines)} files")
    return path


def read_checksums(path: Path) -> dict[str, str]:
    """The hashes in such a list, by name.

    Raises:
        BuildError: Where a line is none of such a list.
    """
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            raise BuildError(
                f"{path} has a line that is no checksum: {line[:80]}", "Write it anew: build.py checksums."
            )
        found[match.group(2)] = match.group(1)
    return found


def faults(folder: Path) -> list[str]:
    """What does not fit the list in a folder, a line each; empty where all is well."""
    listed = read_checksums(folder / FILE)
    lines = [f"{name} is missing" for name in listed if not (folder / name).is_file()]
    here = {name: digest for name, digest in listed.items() if (folder / name).is_file()}
    return lines + [f"{name} has changed" for name, digest in here.items() if sha256(folder / name) != digest]


def main(arguments: Sequence[str]) -> int:
    """Write the list of ``dist/``, or compare with it."""
    parser = argparse.ArgumentParser(prog="build.py checksums", description=(__doc__ or "").strip())
    parser.add_argument("--folder", type=Path, default=dist_folder(), help="where the artefacts are")
    parser.add_argument("--check", action="store_true", help="only compare with what is written there")
    given = parser.parse_args(arguments)
    if not given.check:
        write_checksums(given.folder)
        return 0
    if not (given.folder / FILE).is_file():
        raise BuildError(f"There is no {FILE} in {given.folder}.", "Write it first: packaging/build.py checksums.")
    wrong = faults(given.folder)
    print("\n".join(wrong) or "all files are as they were")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
