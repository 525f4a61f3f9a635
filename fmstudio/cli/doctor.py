"""What this machine has and what it lacks, for ``fmstudio doctor``."""

import os
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from fmstudio import __version__, paths
from fmstudio.cli.output import table
from fmstudio.cli.surroundings import Finding, LackingError, load, not_installed, window_findings
from fmstudio.data.library import FOLDERS, load_images
from fmstudio.errors import UserError
from fmstudio.runs.store import run_folders
from fmstudio.words import tr

PACKAGES = (
    "torch",
    "torchvision",
    "PySide6-Essentials",
    "pyqtgraph",
    "numpy",
    "pillow",
    "pydantic",
    "safetensors",
    "typer",
    "rich",
)
"""The Python packages that the program stands on."""
SPARE_BYTES = 500_000_000
"""Free space below which the disk is called nearly full."""


@dataclass(frozen=True)
class Examination:
    """What the doctor found.

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


def examine(library: Path | None = None, environment: Mapping[str, str] = os.environ) -> Examination:
    """Look at everything; takes some seconds, because torch is loaded and the data are read.

    Args:
        library: The folder that holds the runs; None for the user's.
        environment: The environment variables.
    """
    runs = library or paths.library()
    packages = {name: _version(name) for name in PACKAGES}
    findings = [not_installed(name) for name, version in packages.items() if version is None]
    devices, cores = _computing(findings)
    data = _complete_data(findings)
    free = _free_bytes(runs, findings)
    window = window_findings(environment)
    findings += [finding for finding in window if finding not in findings]
    return Examination(
        system={"fmstudio": __version__, "python": platform.python_version(), "platform": platform.platform()},
        packages=packages,
        devices=devices,
        cores=cores,
        data=data,
        folders={"runs": str(runs), "logs": str(paths.logs()), "resources": str(paths.resource(""))},
        runs=len(run_folders(runs)),
        free_bytes=free,
        window=not window,
        findings=tuple(findings),
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _computing(findings: list[Finding]) -> tuple[tuple[tuple[str, str, int], ...], int]:
    """The devices and the number of cores; what fails is added to the findings."""
    try:
        found = load("fmstudio.training.devices.devices")()
        cores: int = load("fmstudio.training.devices.cores")()
        load("torchvision.ops.nms")
    except LackingError as error:
        finding = Finding(error.message, error.hint)
        findings += [] if finding in findings else [finding]
        return (), os.cpu_count() or 1
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


def _free_bytes(folder: Path, findings: list[Finding]) -> int:
    """Free space where the runs go; a folder that cannot be written is added to the findings."""
    existing = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        message = tr("{path} cannot be written: no run can be kept there.", path=folder)
        findings.append(Finding(message, tr("Choose another folder with --library or FMSTUDIO_HOME.")))
        return 0
    free = shutil.disk_usage(existing).free
    if free < SPARE_BYTES:
        message = tr("The disk is nearly full: {free} MB are free at {path}.", free=free // 1_000_000, path=existing)
        findings.append(Finding(message, tr("Free some space, or choose another folder with --library."), grave=False))
    return free


def examination_text(found: Examination) -> str:
    """What was found, for a reader."""
    rows = list(found.system.items())
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
    lines = [f"{finding.message} {finding.remedy}" for finding in found.findings]
    return "\n".join([table(rows), "", *(lines or [tr("Nothing is missing.")])])


def _device_words(found: Examination) -> list[str]:
    return [
        f"{name} · {title}" + (f" · {_gigabytes(memory)}" if memory else "") for name, title, memory in found.devices
    ]


def _gigabytes(count: int) -> str:
    return tr("{number} GB", number=f"{count / 1e9:,.1f}")
