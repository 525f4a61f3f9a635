"""The house rules of fmstudio/README.md that no other tool checks."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "fmstudio"

MODULE_LINES = 350
FUNCTION_LINES = 50
SMALLER = {"fmstudio/ui/main_window.py": 250}
LONGER: dict[str, str] = {}
"""Modules and functions (``file::name``) that may be longer, each with its reason."""

DEFERRED_IMPORTS = {
    ("packaging/bootstrap.py", "bootstrapping"): "an old Python must be able to parse it and to say so",
}
"""Imports inside functions: the file, what is imported, and why."""

DOORS = {
    "fmstudio/__main__.py": "says what is missing where the installation is broken",
    "fmstudio/schema/call.py": "makes what a choice names",
    "fmstudio/session/door.py": "loads what needs torch once the window is painted",
    "packaging/build.py": "needs of each maker only the one that is asked for, on a Python that may be too old",
    "packaging/building/contents.py": "finds out whether torchvision loads",
    "packaging/frozen/operators.py": "gives torch what torchvision needs, before that loads",
    "fmstudio/cli/surroundings.py": "loads what needs torch or Qt for the command line, and says what is missing",
}
"""Modules that import by name, each with its reason: the import contracts do not see through them."""

MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
CORE = ("schema", "catalog", "experiment", "data", "training", "insight", "runs", "machine", "export", "cli", "doctor")
CHOOSING = ("schema", "catalog", "experiment", "data", "runs.run", "training.events", "training.control")
WINDOW = ("ui.main_window", "ui.application", "session.session")
PLOTTING = ("fmstudio/ui/curves_panel.py", "fmstudio/ui/plots/")


def modules() -> list[Path]:
    """Every module of the program and of its set-up."""
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "packaging").rglob("*.py")])


def name_of(path: Path) -> str:
    """A file's path in the checkout, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    """The name by which a module of the program is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in it."""
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(node: ast.AST) -> Iterator[str]:
    """The modules that the statements below a node import."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from (alias.name for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            yield from (f"{part.module}.{alias.name}" for alias in part.names)


def belongs(module: str, package: str) -> bool:
    """Whether a module is a package or lies in it."""
    return module == package or module.startswith(f"{package}.")


def python(code: str) -> str:
    """What some lines print in another process."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_modules_stay_small() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    too_long = {n: lines for n, lines in lengths.items() if lines > SMALLER.get(n, MODULE_LINES) and n not in LONGER}
    assert not too_long


def test_functions_stay_small() -> None:
    lengths = [
        (f"{name_of(path)}::{function.name}", (function.end_lineno or 0) - function.lineno + 1)
        for path in modules()
        for function in functions(tree(path))
    ]
    assert not [(name, lines) for name, lines in lengths if lines > FUNCTION_LINES and name not in LONGER]


def test_imports_stand_at_the_top() -> None:
    deferred = {
        (name_of(path), module)
        for path in modules()
        for function in functions(tree(path))
        for module in imported(function)
    }
    unlisted = {
        (name, module)
        for name, module in deferred
        if not any(name == allowed and belongs(module, package) for allowed, package in DEFERRED_IMPORTS)
    }
    assert not unlisted


def test_few_doors_import_by_name() -> None:
    users = {
        name_of(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__"))
    }
    assert users <= set(DOORS)


def test_module_names_mean_something() -> None:
    names = {name_of(path): re.split(r"[/_.]", name_of(path)) for path in modules()}
    assert not {name for name, words in names.items() if MEANINGLESS & set(words)}


def test_widgets_are_only_in_ui() -> None:
    users = {
        name_of(path) for path in modules() for module in imported(tree(path)) if module.startswith("PySide6.QtWid")
    }
    assert not {name for name in users if not name.startswith("fmstudio/ui/")}


def test_pyqtgraph_is_only_in_the_plots() -> None:
    users = {name_of(path) for path in modules() for module in imported(tree(path)) if belongs(module, "pyqtgraph")}
    assert not {name for name in users if not name.startswith(PLOTTING)}


def test_nothing_is_unpickled() -> None:
    picklers = ("pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal")
    found = []
    for path in modules():
        module = tree(path)
        found += [f"{name_of(path)}: {name}" for name in imported(module) if any(belongs(name, p) for p in picklers)]
        found += [f"{name_of(path)}: {ast.unparse(node)}" for node in ast.walk(module) if _unpickles(node)]
    assert not found


def _unpickles(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if ast.unparse(node.func) == "torch.load":
        return given.get("weights_only") != "True"
    return given.get("allow_pickle") == "True"


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org"]
    hosts += ["download." + "pytorch.org", "ana" + "conda.org", "proxy." + "golang.org", "crates" + ".io"]
    hosts += ["archive." + "ubuntu.com", "test.py" + "pi.org"]
    named = [f"{name}: {host}" for name, text in texts() for host in hosts if host in text]
    assert not named


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the checkout that is, or may be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes())[:4096]:
            yield name, content.decode("utf-8", "replace")


def test_import_contracts_hold() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def modules_below(*names: str) -> list[str]:
    """The importable names of those modules and packages of the program, with all that is in them."""
    known = [dotted(path) for path in PACKAGE.rglob("*.py")]
    return sorted(module for module in known if any(belongs(module, f"fmstudio.{name}") for name in names))


def test_choosing_loads_no_torch_and_no_qt() -> None:
    lines = "\n".join(f"import {module}" for module in modules_below(*CHOOSING))
    loaded = python(f"import sys\n{lines}\nprint(*sys.modules)").split()
    assert not {"torch", "torchvision", "PySide6", "pyqtgraph"} & set(loaded)


@pytest.mark.parametrize("name", WINDOW)
def test_the_way_to_the_first_window_loads_no_torch(name: str) -> None:
    if not modules_below(name):
        pytest.skip(f"fmstudio.{name} is not written yet")
    loaded = python(f"import sys, fmstudio.{name}\nprint(*sys.modules)").split()
    assert not {"torch", "torchvision", "pyqtgraph"} & set(loaded)


BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Blocker())
"""


def test_the_core_works_without_qt() -> None:
    core = [*CORE, *(path.stem for path in PACKAGE.glob("cli_*.py"))]
    lines = "\n".join(f"import {module}" for module in modules_below(*core))
    assert python(f"{BLOCKER}\n{lines}\nprint('done')").strip() == "done"


def test_qt_does_not_wear_out_none() -> None:
    """PySide6 6.12.0 on Python before 3.12 lost a reference to None with every call that returns it."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(10_000):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - 1_000


def test_the_map_of_the_house_names_every_package() -> None:
    readme = PACKAGE / "README.md"
    if not readme.exists():
        pytest.skip("fmstudio/README.md is not written yet")
    text = readme.read_text(encoding="utf-8")
    packages = {path.parent.name for path in PACKAGE.rglob("*/__init__.py")}
    assert not {name for name in packages if f"{name}/" not in text}
