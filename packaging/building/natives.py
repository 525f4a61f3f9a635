"""What a bundle holds besides Python packages: Python itself, its starter, libraries of the build machine, our data."""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from building.parts import LIBRARY, ROOT, Part, inside

DEBIAN_PAPERS = Path("/usr/share/doc")
SYSTEM_LIBRARIES = ("/usr/lib", "/lib", "/usr/local/lib")
BOOTLOADER = """\
The small program that starts the bundle is the bootloader of PyInstaller, which is under the GNU General Public
License, version 2 or later, with the exception that everybody may use and distribute what was packed with it, without
any condition, under the licence of the packed program. The parts of it that run inside the bundle (its runtime hooks)
are under the Apache License 2.0.

Copyright (C) 2010-2026 PyInstaller Development Team
Copyright (C) 2005-2009 Giovanni Bajo
Copyright (C) 2002 McMillan Enterprises, Inc.
"""
PYTHON_NOTICE = """\
Copyright (C) 2001 Python Software Foundation; All Rights Reserved

Python is under the PSF License Agreement, version 2: https://docs.python.org/3/license.html
"""
WITHIN_WHEELS = (
    ("libgomp", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libgfortran", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libstdc++", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libgcc_s", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libquadmath", "LGPL-2.1-or-later"),
    ("libscipy_openblas", "BSD-3-Clause"),
    ("libopenblas", "BSD-3-Clause"),
    ("libQt6", "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"),
    ("libicu", "Unicode-3.0"),
)
"""Libraries that packages bring and that are under another licence than the package: how their names begin."""


def library_licence(name: str) -> str:
    """The licence of a shared library inside a package, where it is known to be another one; else ""."""
    return next((licence for start, licence in WITHIN_WHEELS if name.startswith(start)), "")


def own_parts(root: Path = ROOT) -> Iterator[Part]:
    """What this project ships that others made: fonts and data."""
    fonts = root / "resources" / "fonts"
    for name, start in (("Inter", "Inter"), ("Noto Sans SC", "NotoSansSC")):
        files = tuple(sorted(fonts.glob(f"{start}-*.ttf")))
        yield Part(name, "", "OFL-1.1", _read(fonts / f"{start}-OFL.txt"), kind="data", files=files)
    data = root / "resources" / "datasets" / "fashion-mnist"
    files = tuple(sorted(data.glob("*.gz")))
    yield Part("Fashion-MNIST", "", "MIT", _read(data / "LICENSE"), kind="data", files=files)


def native_parts(bundle: Path) -> Iterator[Part]:
    """Python, the starter, and the libraries that came from the build machine.

    Args:
        bundle: The folder that holds it all.
    """
    folder = inside(bundle)
    yield python_itself(folder)
    starter = next((path for path in (bundle / "fmstudio", bundle / "fmstudio.exe") if path.is_file()), None)
    version = _packer_version(folder)
    yield Part(
        "PyInstaller bootloader",
        version,
        "GPL-2.0-or-later WITH Bootloader-exception",
        BOOTLOADER,
        purl=f"pkg:pypi/pyinstaller@{version}" if version else "pkg:pypi/pyinstaller",
        kind="application",
        files=(starter,) if starter else (),
    )
    yield from system_parts([path for path in _libraries(folder) if not _is_pythons(path.name)])


def python_itself(folder: Path) -> Part:
    """The interpreter and its standard library."""
    candidates = [
        Path(sys.base_prefix) / "lib" / f"python3.{sys.version_info.minor}" / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        DEBIAN_PAPERS / f"python3.{sys.version_info.minor}" / "copyright",
    ]
    text = next((_read(path) for path in candidates if path.is_file()), PYTHON_NOTICE)
    version = platform.python_version()
    dynamic = (path for place in folder.glob("**/lib-dynload") for path in sorted(place.iterdir()))
    files = [path for path in [*_libraries(folder), *dynamic] if _is_pythons(path.name) or "lib-dynload" in path.parts]
    return Part(
        "Python", version, "PSF-2.0", text, purl=f"pkg:generic/python@{version}", kind="framework", files=tuple(files)
    )


def _is_pythons(name: str) -> bool:
    return bool(re.match(r"(lib)?python3", name)) or name == "Python"


def _packer_version(folder: Path) -> str:
    """The version of PyInstaller, of which the bundle may hold the papers."""
    found = sorted(folder.glob("pyinstaller-[0-9]*.dist-info"))
    return found[0].name.split("-")[1].removesuffix(".dist") if found else ""


def _libraries(folder: Path) -> list[Path]:
    """The shared libraries that lie beside the packages, not in them."""
    return sorted(
        path for path in folder.iterdir() if path.is_file() and not path.is_symlink() and LIBRARY.search(path.name)
    )


def system_parts(libraries: Sequence[Path]) -> list[Part]:
    """The packages of the build machine that libraries came from; a library of unknown origin stands for itself."""
    parts: dict[str, Part] = {}
    for library in libraries:
        part = _debian_part(library) or Part(library.name, "", "unknown", "", files=(library,))
        before = parts.get(part.name)
        files = (*before.files, library) if before else (library,)
        parts[part.name] = Part(part.name, part.version, part.licence, part.text, part.purl, files=files)
    return [parts[name] for name in sorted(parts)]


def _debian_part(library: Path) -> Part | None:
    origin = next((path for folder in SYSTEM_LIBRARIES for path in _named(Path(folder), library.name)), None)
    if origin is None or shutil.which("dpkg-query") is None:
        return None
    owner = _said(["dpkg-query", "--search", str(origin)]) or _said(["dpkg-query", "--search", f"*/{origin.name}"])
    package = owner.partition("\n")[0].partition(": ")[0].partition(",")[0]
    version, _, machine = _said(["dpkg-query", "--show", "--showformat=${Version} ${Architecture}", package]).partition(
        " "
    )
    if not version:
        return None
    name = package.partition(":")[0]
    text = _read(DEBIAN_PAPERS / name / "copyright")
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B')}?arch={machine}"
    return Part(name, version, licences_named(text), text, purl)


def _named(folder: Path, name: str) -> Iterator[Path]:
    for path in (folder / name, *sorted(folder.glob(f"*-linux-gnu*/{name}"))):
        if path.exists():
            yield path.resolve()


def licences_named(text: str) -> str:
    """The licences that a Debian copyright file names, in their order, separated by commas."""
    found = dict.fromkeys(line.strip() for line in re.findall(r"^License: *(\S.*)$", text, re.MULTILINE))
    return ", ".join(found) or "see the text"


def _said(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def papers_in(folder: Path) -> list[Path]:
    """The folders that say what Python packages are there."""
    return sorted(path for path in folder.glob("*.dist-info") if (path / "METADATA").is_file())
