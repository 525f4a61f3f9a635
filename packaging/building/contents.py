"""What goes into the bundle, and what stays out of it. Read by ``fmstudio.spec`` and by the hooks in ``frozen/``."""

import fnmatch
import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

Entry = tuple[str, str, str]
"""A file as PyInstaller lists it: its place in the bundle, where it lies now, and its kind."""

LEFT_OUT = [
    *("tkinter", "curses", "readline", "ssl", "_uuid", "idlelib", "ensurepip", "lib2to3", "pydoc_data", "turtledemo"),
    *("IPython", "matplotlib", "pandas", "pytest", "scipy", "setuptools", "pkg_resources", "tensorboard", "triton"),
    *("PySide6.QtNetwork", "PySide6.QtPrintSupport", "PySide6.QtXml", "PySide6.QtQml", "PySide6.QtQuick"),
    *("PyQt5", "PyQt6", "PySide2", "pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.jupyter"),
    *("numpy.f2py", "numpy.distutils", "openTSNE", "sklearn", "onnx", "onnxruntime", "onnxscript"),
]
"""Modules that something imports where it finds them, and that the program does without."""

TORCH_LEFT_OUT = ("torch.testing._internal", "torch.utils.tensorboard", "torch.utils.bottleneck")
"""Parts of torch that nothing of ours reaches."""

TORCH_TESTS = ("torchbind_test.", "jitbackend_test.", "backend_with_compiler.", "aoti_custom_ops.")
"""Libraries that torch's own tests load."""

READS_OWN_SOURCE = re.compile(r"\b_overload(_method)?\b|\binstall_config_module\(|^@torch\.jit\.script\b", re.MULTILINE)
"""What modules of torch hold that look into their own source while they are imported."""

PLUGINS = (
    *("platforms/*qxcb.*", "platforms/*qwayland*", "platforms/*qoffscreen.*", "platforms/*qwindows.*"),
    *("platforms/*qcocoa.*", "styles/*", "iconengines/*qsvgicon.*", "platformthemes/*qxdgdesktopportal.*"),
    *("platformthemes/*qgtk3.*", "imageformats/*qsvg.*", "imageformats/*qjpeg.*", "imageformats/*qgif.*"),
    *("imageformats/*qwebp.*", "imageformats/*qico.*", "imageformats/*qicns.*", "platforminputcontexts/*ibus*"),
    *("platforminputcontexts/*compose*", "xcbglintegrations/*", "wayland-shell-integration/*xdg-shell.*"),
    *("wayland-decoration-client/*", "wayland-graphics-integration-client/*wayland-egl.*"),
)
"""The plug-ins of Qt that are used."""

TRANSLATIONS = ("qtbase_zh_CN.qm",)
"""Qt's own words in the languages that the program speaks; English needs none."""

OWN_X11 = ("libxcb-cursor", "libxcb-icccm", "libxcb-image", "libxcb-keysyms", "libxcb-render-util", "libxcb-util")
"""Small libraries for X11 windows that many a desktop lacks; all else of the system is the system's own."""

PYTHON_NEEDS = ("libpython3", "libffi", "libcrypto", "liblzma", "libbz2", "libsqlite3")
"""Libraries of the build machine that Python's own modules stand on."""

TOOLS = {"pip", "setuptools", "wheel", "altgraph", "pyinstaller-hooks-contrib"}
"""Packages of the environment of which nothing is in the bundle; of PyInstaller, its starter is."""


def torch_modules() -> list[str]:
    """The names of torch's modules, but for what is left out."""
    found = find_spec("torch")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent
    names = (_module_name(path, folder) for path in sorted(folder.rglob("*.py")))
    return [name for name in names if name.isascii() and not name.startswith(TORCH_LEFT_OUT) and "-" not in name]


def sources(folders: Iterable[Path] | None = None) -> dict[str, str]:
    """Whose source is in the bundle beside the compiled modules, as PyInstaller takes it.

    That is ours, since it travels into exported scripts, and that of the modules which read their own.

    Args:
        folders: Of the packages that may hold such; torch's and torchvision's.
    """
    places = (find_spec(name) for name in ("torch", "torchvision"))
    found = folders or [Path(place.origin).parent for place in places if place and place.origin]
    readers = (
        _module_name(path, folder)
        for folder in found
        for path in sorted(folder.rglob("*.py"))
        if READS_OWN_SOURCE.search(path.read_text(encoding="utf-8"))
    )
    alone = {"fmstudio": "pyz+py", **{folder.name: "pyz" for folder in found}}
    return alone | {name: "pyz+py" for name in readers if "." in name and not name.startswith(TORCH_LEFT_OUT)}


def _module_name(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def torchvision_fits() -> bool:
    """Whether torchvision's compiled part was built for the torch that is here."""
    try:
        importlib.import_module("torchvision")
    except RuntimeError:
        return False
    return True


def torchvision_extensions() -> list[str]:
    """Torchvision's compiled part, where it can be loaded."""
    return ["torchvision._C"] if torchvision_fits() else []


def hidden_imports(root: Path) -> list[str]:
    """All modules of the program, many of which are named in strings, and those that pyqtgraph names so."""
    ours = [_module_name(path, root / "fmstudio") for path in sorted((root / "fmstudio").rglob("*.py"))]
    return [*ours, "PySide6.QtSvg", "PySide6.QtTest", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"]


def runtime_hooks(root: Path) -> list[str]:
    """The scripts that run before the program."""
    names = ["sources.py"]
    names += ["surroundings.py"] if sys.platform.startswith("linux") else []
    names += [] if torchvision_fits() else ["operators.py"]
    return [str(root / "packaging" / "frozen" / name) for name in names]


def data_files(root: Path, staged: Path) -> list[tuple[str, str]]:
    """What is not code: resources, what was written down of this build, and the papers of all packages.

    Args:
        root: The checkout.
        staged: The folder of the files that the build itself has made.
    """
    return [*_below(root / "resources"), *_below(staged), *papers()]


def _below(folder: Path) -> Iterator[tuple[str, str]]:
    """The files below a folder, which become resources; not the words as translators see them."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".po"):
        yield str(path), str("resources" / path.relative_to(folder).parent)


def papers() -> Iterator[tuple[str, str]]:
    """Name, version and licences of each package: its METADATA and what it calls a licence file."""
    for package in sorted(metadata.distributions(), key=lambda one: one.name.lower()):
        for file in package.files or ():
            folder = file.parts[0]
            paper = file.name == "METADATA" or _is_licence(file.as_posix())
            if folder.endswith(".dist-info") and paper and package.name.lower() not in TOOLS:
                yield str(package.locate_file(file)), file.parent.as_posix()


def _is_licence(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return "/licenses/" in path or name.startswith(("licen", "copying", "notice", "authors"))


def chosen(files: Iterable[Entry], linked: Callable[[str], Iterable[str]] | None = None) -> list[Entry]:
    """The files that belong into the bundle, in an order that does not depend on the machine.

    Args:
        files: What PyInstaller has found.
        linked: The names of the libraries that a library needs; given that, idle libraries of Qt are left out.
    """
    kept = sorted(entry for entry in files if belongs(entry[0], entry[1]))
    return without_idle_qt(kept, linked) if linked else kept


def without_idle_qt(files: Sequence[Entry], linked: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The files without those libraries of Qt that no other file needs, and without the links to them."""
    libraries = {_name(place): (place, source) for place, source, kind in files if _is_qt(place) and kind != "SYMLINK"}
    todo = [source for place, source, kind in files if kind in {"BINARY", "EXTENSION"} and not _is_qt(place)]
    reached: set[str] = set()
    while todo:
        found = {name for name in map(_name, linked(todo.pop())) if name in libraries} - reached
        reached |= found
        todo += [libraries[name][1] for name in sorted(found)]
    idle = {place for name, (place, _) in libraries.items() if name not in reached}
    return [entry for entry in files if entry[0] not in idle and entry[1] not in idle]


def _is_qt(place: str) -> bool:
    return place.startswith("PySide6/Qt/lib/")


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def belongs(place: str, source: str) -> bool:
    """Whether a file belongs into the bundle.

    Args:
        place: Where it would be, relative to the bundle.
        source: Where it lies now.
    """
    place = place.replace("\\", "/")
    if "/plugins/" in place and place.startswith("PySide6/"):
        return any(fnmatch.fnmatch(place.partition("/plugins/")[2], pattern) for pattern in PLUGINS)
    if "/translations/" in place and place.startswith("PySide6/"):
        return place.endswith(TRANSLATIONS)
    if place.startswith("torch/lib/") and _name(place).removeprefix("lib").startswith(TORCH_TESTS):
        return False
    return not _is_of_the_system(source) or _name(place).startswith((*OWN_X11, *PYTHON_NEEDS))


def _is_of_the_system(source: str) -> bool:
    """Whether a file is one of the system's libraries; the modules of its Python are not."""
    return source.startswith(("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")) and "/python3" not in source
