"""The files of the bundle: how large, and what must not be among them."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from building.listing import total_bytes
from building.program import Program, require

MOST_MEGABYTES = 800
FORBIDDEN = re.compile(r"(libtorch_cuda|libcudart|libcublas|libnvjpeg|_ssl\.|libssl|Qt6Network|Qt6Qml|Qt6Quick|\.pkl$)")
"""Libraries of GPUs, of the network, and of parts of Qt that nothing uses."""
NEWEST = {"GLIBC": (2, 35), "GLIBCXX": (3, 4, 30)}
"""What Ubuntu 22.04 has, the oldest system that is promised."""
_NEEDS = re.compile(r"\b(GLIBC|GLIBCXX)_(\d+(?:\.\d+)+)\b")


def files(program: Program) -> dict[str, Any]:
    """Nothing is in the bundle that must not be, it is small enough, and asks no newer system than was promised."""
    folder = program.file.parent
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    wrong = [name for name in names if FORBIDDEN.search(name)]
    require(not wrong, f"These must not be in it: {', '.join(wrong)}")
    megabytes = round(total_bytes(folder) / 1e6)
    require(megabytes <= MOST_MEGABYTES, f"It has {megabytes} MB, and {MOST_MEGABYTES} are allowed.")
    return {"files": len(names), "megabytes": megabytes, **oldest_system(folder)}


def oldest_system(folder: Path) -> dict[str, str]:
    """The newest versions of the C and C++ libraries that anything in a folder asks for.

    Raises:
        BuildError: Where they are newer than the oldest system that is promised.
    """
    newest: dict[str, tuple[tuple[int, ...], str]] = {}
    for path, name, version in _needs(folder):
        newest[name] = max(newest.get(name, ((), "")), (version, path))
    for name, (version, path) in newest.items():
        require(version <= NEWEST[name], f"{path} needs {name} {version}, and the oldest system has {NEWEST[name]}.")
    return {name: ".".join(map(str, version)) for name, (version, _) in sorted(newest.items())}


def _needs(folder: Path) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    tool = shutil.which("objdump")
    libraries = [path for path in folder.rglob("*") if ".so" in path.name and not path.is_symlink()]
    for path in sorted(libraries) if tool else ():
        said = subprocess.run([str(tool), "-p", path], capture_output=True, text=True, check=False).stdout
        for name, numbers in set(_NEEDS.findall(said)):
            yield path.name, name, tuple(map(int, numbers.split(".")))
