"""What this computer has and what it lacks: for ``fmstudio doctor``, and for "Check this computer" in the window."""

import os
import platform
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fmstudio import paths
from fmstudio.data.library import FOLDERS, load_images
from fmstudio.errors import UserError
from fmstudio.machine.findings import Finding, LackingError, not_installed, not_loaded
from fmstudio.machine.nvidia import gpu_finding
from fmstudio.runs.store import run_folders
from fmstudio.version import about_build
from fmstudio.words import tr

PACKAGES: Mapping[str, str] = {
    "torch": "torch",
    "torchvision": "torchvision",
    "PySide6-Essentials": "PySide6",
    "pyqtgraph": "pyqtgraph",
    "numpy": "numpy",
    "pillow": "PIL",
    "pydantic": "pydantic",
    "safetensors": "safetensors",
    "typer": "typer",
    "rich": "rich",
}
"""The Python packages that the program stands on, with what is imported of each."""
SPARE_BYTES = 500_000_000
"""Free space below which the disk is called nearly full."""


@dataclass(frozen=True)
class Examination:
    """What was found.

    Attributes:
        system: The program, Python and the machine, each with its version.
        packages: The Python packages with their versions, None for one that is not installed.
        devices: What can compute: id, title and bytes of memory (0: unknown).
        cores: Processor cores that this process may use.
        data: Number of training and of test pictures of each data set that is complete.
        folders: Where the program reads and writes.
        runs: Number of runs in the library.
        free_bytes: Free space there.
        window: Whether a window can be opened here.
        findings: What is missing.
    """

    system: Mapping[str, str]
    packages: Mapping[str, str | None]
    devices: tuple[tuple[str, str, int], ...]
    cores: int
    data: Mapping[str, tuple[int, int]]
    folders: Mapping[str, str]
    runs: int
    free_bytes: int
    window: bool
    findings: tuple[Finding, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether nothing is broken."""
        return not any(finding.grave for finding in self.findings)


def examine(load: Callable[[str], Any], library: Path | None = None, window: Iterable[Finding] = ()) -> Examination:
    """Look at everything; takes some seconds, because torch is loaded and the data are read.

    Args:
        load: A door to torch: gives what has that full name.
        library: The folder that holds the runs; None for the user's.
        window: What a window would need here and does not find.
    """
    runs = library or paths.library()
    packages = {name: _version(name) for name in PACKAGES}
    findings = [not_installed(name) for name, version in packages.items() if version is None]
    devices, cores = _computing(load, findings)
    data = _complete_data(findings)
    free = _free_bytes(runs, findings)
    lacking = tuple(window)
    findings += [finding for finding in lacking if finding not in findings]
    return Examination(
        system=_system(),
        packages=packages,
        devices=devices,
        cores=cores,
        data=data,
        folders={"runs": str(runs), "logs": str(paths.logs()), "resources": str(paths.resource(""))},
        runs=len(_run_folders(runs)),
        free_bytes=free,
        window=not lacking,
        findings=tuple(findings),
    )


def _system() -> dict[str, str]:
    build = about_build()
    return {
        "fmstudio": build.version,
        "commit": build.commit,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return tr("version unknown") if find_spec(PACKAGES[package]) else None


def _computing(load: Callable[[str], Any], findings: list[Finding]) -> tuple[tuple[tuple[str, str, int], ...], int]:
    """The devices and the number of cores; what fails is added to the findings."""
    found: tuple[Any, ...] = ()
    cores = os.cpu_count() or 1
    try:
        found = load("fmstudio.training.devices.devices")()
        cores = load("fmstudio.training.devices.cores")()
        load("torchvision.ops.nms")
        idle = gpu_finding(load)
        findings += [idle] if idle else []
    except (LackingError, ImportError, OSError) as error:
        finding = Finding(error.message, error.hint) if isinstance(error, LackingError) else not_loaded(error)
        findings += [] if finding in findings else [finding]
    except RuntimeError as error:
        findings.append(_unmatched(error))
    return tuple((device.id, device.title, device.memory) for device in found), cores


def _unmatched(error: Exception) -> Finding:
    """Beside another torch than it was built for, torchvision does not load."""
    reason = str(error).partition("\n")[0].rstrip(".")
    return Finding(
        tr("torchvision does not fit torch: {reason}.", reason=reason),
        tr("Install both again, in one command: {command}", command="pip install --force-reinstall torch torchvision"),
    )


def _complete_data(findings: list[Finding]) -> dict[str, tuple[int, int]]:
    """How many pictures each data set has; reading it checks its files to the last bit."""
    complete = {}
    for kind in FOLDERS:
        try:
            images = load_images(kind)
            complete[kind] = (len(images.train), len(images.test))
        except UserError as error:
            findings.append(Finding(error.message, error.hint))
    return complete


def _run_folders(library: Path) -> list[Any]:
    try:
        return list(run_folders(library))
    except OSError:  # said already: it cannot be written either
        return []


def unwritable(folder: Path) -> Finding | None:
    """The finding for a folder in which, or in place of which, nothing can be written; None where all is well."""
    existing = _existing(folder)
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return None
    message = tr("{path} cannot be written: no run can be kept there.", path=folder)
    return Finding(message, tr("Choose another folder with --library or FMSTUDIO_HOME."))


def _free_bytes(folder: Path, findings: list[Finding]) -> int:
    """Free space where the runs go; a folder that cannot be written is added to the findings."""
    blocked, existing = unwritable(folder), _existing(folder)
    if blocked is not None:
        findings.append(blocked)
        return 0
    free = shutil.disk_usage(existing).free
    if free < SPARE_BYTES:
        message = tr("The disk is nearly full: {free} MB are free at {path}.", free=free // 1_000_000, path=existing)
        findings.append(Finding(message, tr("Free some space, or choose another folder with --library."), grave=False))
    return free


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next((path for path in (folder, *folder.absolute().parents) if _is_there(path)), folder)


def _is_there(path: Path) -> bool:
    """Whether something lies there; what may not even be looked for does not."""
    try:
        return path.exists()
    except OSError:
        return False


def examination_rows(found: Examination) -> list[tuple[str, str]]:
    """What was found, as pairs of a name and what there is."""
    rows = [(name, value) for name, value in found.system.items() if value]
    rows += [(name, version or tr("not installed")) for name, version in found.packages.items()]
    rows += [(tr("Device"), device) for device in _device_words(found)]
    rows.append((tr("Processor cores"), str(found.cores)))
    for kind, (train, test) in found.data.items():
        counts = {"train": f"{train:,}", "test": f"{test:,}"}
        rows.append((tr("Data"), tr("{kind}: {train} + {test} pictures, complete", kind=kind, **counts)))
    rows.append((tr("Runs"), tr("{count} in {folder}", count=found.runs, folder=found.folders["runs"])))
    rows.append((tr("Free space"), _gigabytes(found.free_bytes)))
    rows.append((tr("Logs"), found.folders["logs"]))
    rows.append((tr("Window"), tr("can be opened here") if found.window else tr("cannot be opened here")))
    return rows


def passed_lines(found: Examination) -> list[str]:
    """What is as it should be, a sentence each."""
    lines = []
    if all(found.packages.values()):
        lines.append(tr("All {count} packages that the program stands on are there.", count=len(found.packages)))
    for kind, (train, test) in found.data.items():
        lines.append(tr("The data set {kind} is complete: {count} pictures.", kind=kind, count=f"{train + test:,}"))
    if found.free_bytes:
        lines.append(tr("Runs can be kept: {free} are free.", free=_gigabytes(found.free_bytes)))
    if found.devices:
        titles = ", ".join(title for _, title, _ in found.devices)
        lines.append(tr("Networks can be trained on: {devices}.", devices=titles))
    return lines


def finding_lines(found: Examination) -> list[str]:
    """What is missing, a line each; one that says so where nothing is."""
    lines = [f"{finding.message} {finding.remedy}" for finding in found.findings]
    return lines or [tr("Nothing is missing.")]


def _device_words(found: Examination) -> list[str]:
    return [
        f"{name} · {title}" + (f" · {_gigabytes(memory)}" if memory else "") for name, title, memory in found.devices
    ]


def _gigabytes(count: int) -> str:
    return tr("{number} GB", number=f"{count / 1e9:,.1f}")
