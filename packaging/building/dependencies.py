"""Which packages of Debian and Ubuntu the bundle needs: read from its libraries, not guessed.

Every library says which others it needs. What the bundle does not hold must come from the system: ``PACKAGES`` says
from which package, and a library that is not in it stops the build. So does a C library that is newer than
``NEWEST_LIBC``: the oldest system that the package is for would not start the program.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bootstrapping import system

from building.words import BuildError

NEWEST_LIBC = (2, 35)
"""The C library of Ubuntu 22.04; Debian 12 has 2.36."""

_LIBC = "libc6{libc}"
_GLIB = "libglib2.0-0 | libglib2.0-0t64"
PACKAGES: Mapping[str, str] = {
    **system.WINDOW,
    **system.X11,
    **dict.fromkeys(("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1"), _LIBC),
    **dict.fromkeys(("libresolv.so.2", "libutil.so.1", "ld-linux-x86-64.so.2"), _LIBC),
    **dict.fromkeys(("libglib-2.0.so.0", "libgthread-2.0.so.0", "libgobject-2.0.so.0", "libgio-2.0.so.0"), _GLIB),
    **dict.fromkeys(("libbrotlicommon.so.1", "libbrotlidec.so.1"), "libbrotli1"),
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libbz2.so.1.0": "libbz2-1.0",
    "libcrypto.so.3": "libssl3 | libssl3t64",
    "libssl.so.3": "libssl3 | libssl3t64",
    "libdrm.so.2": "libdrm2",
    "libexpat.so.1": "libexpat1",
    "libffi.so.8": "libffi8",
    "libgcc_s.so.1": "libgcc-s1",
    "libgomp.so.1": "libgomp1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "liblzma.so.5": "liblzma5",
    "libsqlite3.so.0": "libsqlite3-0",
    "libstdc++.so.6": "libstdc++6 (>= {gcc})",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""System libraries and the Debian packages that hold them; ``t64`` is what some are called since Ubuntu 24.04."""

DISPENSABLE: Mapping[str, str] = {
    "*/platformthemes/libqgtk3.so": "takes the look of a GTK desktop, where there is one",
    "*/torchvision/image.so": "torchvision's reader of picture files; ours are read with Pillow",
}
"""Files that nothing waits for: what only they need is not asked of the system. Each with its reason."""

_GCC = {28: "9", 29: "11", 30: "12", 31: "13", 32: "13.1", 33: "14"}
"""The first GCC whose C++ library has GLIBCXX_3.4.N."""


@dataclass(frozen=True)
class Binary:
    """What an executable or a library says of itself.

    Attributes:
        place: Where it lies in the bundle.
        needs: The names of the libraries that it needs.
        versions: Versions of interfaces that it needs: ``"GLIBC_2.34"``.
    """

    place: PurePosixPath
    needs: frozenset[str]
    versions: frozenset[str]


def depends(bundle: Path) -> list[str]:
    """What stands in the package's ``Depends`` for the libraries of a bundle.

    Raises:
        BuildError: Where a library's package is not known, or a library is too new for the systems it is for.
    """
    return asked_of_the_system(list(read_binaries(bundle)))


def asked_of_the_system(binaries: Iterable[Binary]) -> list[str]:
    """The packages, sorted, that hold what the binaries need and do not bring.

    Args:
        binaries: All of the bundle.
    """
    used = _used(list(binaries))
    held = {one.place.name for one in used}
    missing = sorted({name for one in used for name in one.needs} - held)
    unknown = [name for name in missing if name not in PACKAGES]
    if unknown:
        who = sorted(str(one.place) for one in used if unknown[0] in one.needs)
        raise BuildError(
            f"The bundle needs {', '.join(unknown)}, and no package is known that holds it ({who[0]} needs it).",
            "Leave that file out of the bundle, or name the package in packaging/building/dependencies.py.",
        )
    libc = _newest(used, r"GLIBC_(\d+)\.(\d+)")
    if libc > NEWEST_LIBC:
        who = sorted(str(one.place) for one in used if f"GLIBC_{libc[0]}.{libc[1]}" in one.versions)
        raise BuildError(
            f"{who[0]} needs the C library {libc[0]}.{libc[1]}; Ubuntu 22.04 has 2.35.",
            "Make the bundle on Debian 12 or Ubuntu 22.04.",
        )
    gcc = _GCC.get(_newest(used, r"GLIBCXX_(3)\.4\.(\d+)")[1], "9")
    at_least = f" (>= {libc[0]}.{libc[1]})" if any(libc) else ""
    return sorted({PACKAGES[name].format(libc=at_least, gcc=gcc) for name in missing})


def read_binaries(bundle: Path) -> Iterator[Binary]:
    """Ask every executable and library of a bundle what it needs."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path))
    if not files:
        return
    if shutil.which("objdump") is None:
        raise BuildError("The program objdump is not installed.", "Type: sudo apt-get install binutils")
    asked = subprocess.run(["objdump", "-p", *files], capture_output=True, text=True, check=False)
    for part in re.split(r"\n(?=\S[^\n]*:\s+file format )", "\n" + asked.stdout)[1:]:
        path, _, said = part.partition(":")
        needs = frozenset(re.findall(r"^ +NEEDED +(\S+)", said, re.MULTILINE))
        versions = frozenset(re.findall(r"\b(?:GLIBC|GLIBCXX)_[\d.]+", said.partition("Version References:")[2]))
        yield Binary(PurePosixPath(Path(path).relative_to(bundle).as_posix()), needs, versions)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _used(binaries: list[Binary]) -> list[Binary]:
    """Those that are loaded: executables and modules, and the libraries that these need, and so on.

    A library whose name ends in a version (``libX.so.6``) is loaded only where another one needs it; but for Python
    itself, which the program loads by name.
    """
    by_name = {one.place.name: one for one in binaries}
    used = {
        one.place: one
        for one in binaries
        if (".so." not in one.place.name or one.place.name.startswith("libpython"))
        and not any(one.place.match(pattern) for pattern in DISPENSABLE)
    }
    waiting = list(used.values())
    while waiting:
        for name in waiting.pop().needs:
            found = by_name.get(name)
            if found is not None and found.place not in used:
                used[found.place] = found
                waiting.append(found)
    return list(used.values())


def _newest(binaries: Iterable[Binary], pattern: str) -> tuple[int, int]:
    found = (re.fullmatch(pattern, name) for one in binaries for name in one.versions)
    return max(((int(match[1]), int(match[2])) for match in found if match), default=(0, 0))
