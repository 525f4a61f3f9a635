"""NVIDIA cards, found without torch; and what to say where the PyTorch that is here does not compute on them."""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmstudio import __version__
from fmstudio.machine.findings import Finding
from fmstudio.words import tr

_VENDOR = "0x10de"
_DISPLAY_CLASS = "0x03"
_SIGNS = ("proc/driver/nvidia/version", "usr/lib/wsl/lib/libnvidia-ml.so.1", "Windows/System32/nvml.dll")
"""What is there where a driver of NVIDIA runs: on Linux, in Linux on Windows, and on Windows."""


@dataclass(frozen=True)
class Card:
    """A card of NVIDIA.

    Attributes:
        name: As its driver says; empty where that is not known.
        driver: Whether NVIDIA's own driver is there, without which nothing computes on it.
    """

    name: str
    driver: bool


def find_card(root: Path | None = None) -> Card | None:
    """The first card of NVIDIA; None where there is none.

    Args:
        root: The root of the file system; None for this computer's.
    """
    root = root or Path(os.environ.get("SYSTEMDRIVE", "C:") + "\\" if sys.platform == "win32" else "/")
    names = [name for file in _entries(root / "proc/driver/nvidia/gpus") if (name := _model(file / "information"))]
    if names or any((root / sign).exists() for sign in _SIGNS):
        return Card(names[0] if names else "", driver=True)
    devices = _entries(root / "sys/bus/pci/devices")
    return Card("", driver=False) if any(map(_is_card, devices)) else None


def finding_for(card: Card | None, cuda: str | None) -> Finding | None:
    """What to say of a card on which PyTorch does not compute.

    Args:
        card: None where there is none.
        cuda: The CUDA that PyTorch was built for; None where it was built for the CPU alone.
    """
    if card is None:
        return None
    name = card.name or "NVIDIA"
    if cuda is None:
        message = tr("The GPU here ({card}) is not used: this edition of fmstudio computes on the CPU.", card=name)
        remedy = tr("Type to get the edition for GPUs: {command}", command=gpu_command())
    elif not card.driver:
        message = tr("The GPU here ({card}) is not used: its driver is not installed.", card=name)
        remedy = tr("Install the driver from NVIDIA.")
    else:
        message = tr("The GPU here ({card}) is not used: its driver does not suit PyTorch for CUDA {version}.",
                     card=name, version=cuda)  # fmt: skip
        remedy = tr("Install a newer driver from NVIDIA.")
    return Finding(message, remedy, grave=False)


def gpu_command() -> str:
    """What to type to get the edition that computes on GPUs: the wheel, with the PyTorch that fits the driver.

    On Linux the PyTorch that pipx installs computes on GPUs too; on Windows it does not.
    """
    wheel = f"fmstudio-{__version__}-py3-none-any.whl"
    with_uv = f"uv tool install --torch-backend=auto {wheel}"
    if sys.platform == "win32":
        return with_uv
    return tr("{first} or {second}", first=f"pipx install {wheel}", second=with_uv)


def gpu_finding(load: Callable[[str], Any], root: Path | None = None) -> Finding | None:
    """What to say of a card that lies idle; None where all is well. Loads torch.

    Args:
        load: A door to torch: gives what has that full name.
        root: The root of the file system; None for this computer's.
    """
    if load("torch.cuda.is_available")():
        return None
    return finding_for(find_card(root), load("torch.version.cuda"))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _model(file: Path) -> str:
    found = re.search(r"^Model:\s*(.+?)\s*$", _read(file), re.MULTILINE)
    return found[1] if found else ""


def _is_card(device: Path) -> bool:
    return _read(device / "vendor").strip() == _VENDOR and _read(device / "class").startswith(_DISPLAY_CLASS)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
