"""How much memory is used and free, on each kind of device."""

import os
from pathlib import Path
from typing import Protocol

import torch

from fmstudio.experiment.memory import available_bytes

_UNKNOWN = 2**62
_STATUS, _LIMIT, _USED = "/proc/meminfo", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.stat"


class Meter(Protocol):
    """Measures the memory of a device."""

    exact: bool
    """Whether ``peak`` is all that the run needs there; where not, an estimate stands beside it."""

    def begin(self) -> None:
        """Measure from here on."""

    def look(self) -> None:
        """Look in the middle of a step."""

    @property
    def peak(self) -> int:
        """The most bytes since ``begin``."""

    @property
    def free(self) -> int:
        """Bytes that a run could take here; 0: unknown."""

    def release(self) -> None:
        """Give back what is kept for later."""


class CpuMeter:
    """How much this process has grown, where the system tells that."""

    exact = False

    def __init__(self) -> None:
        self._base = self._top = 0

    def begin(self) -> None:
        """Measure from here on."""
        self._base = self._top = resident_bytes()

    def look(self) -> None:
        """Look in the middle of a step."""
        self._top = max(self._top, resident_bytes())

    @property
    def peak(self) -> int:
        """The most bytes since ``begin``."""
        return self._top - self._base

    @property
    def free(self) -> int:
        """Bytes that a run could take here; 0: unknown."""
        return free_bytes()

    def release(self) -> None:
        """There is nothing to give back."""


class CudaMeter:
    """What torch's own allocator counts.

    Args:
        device: ``"cuda:0"``.
    """

    exact = True

    def __init__(self, device: str) -> None:
        self._device = device

    def begin(self) -> None:
        """Measure from here on."""
        torch.cuda.reset_peak_memory_stats(self._device)

    def look(self) -> None:
        """The allocator counts by itself."""

    @property
    def peak(self) -> int:
        """The most bytes since ``begin``."""
        return int(torch.cuda.max_memory_allocated(self._device))

    @property
    def free(self) -> int:
        """Bytes that a run could take here: what is free, and what this process holds."""
        free, _ = torch.cuda.mem_get_info(self._device)
        return int(free) + int(torch.cuda.memory_reserved(self._device))

    def release(self) -> None:
        """Give back what is kept for later."""
        torch.cuda.empty_cache()


class AppleMeter:
    """What torch has taken of the memory that an Apple GPU shares with the computer."""

    exact = True

    def __init__(self) -> None:
        self._top = 0

    def begin(self) -> None:
        """Measure from here on."""
        torch.mps.empty_cache()
        self._top = int(torch.mps.current_allocated_memory())

    def look(self) -> None:
        """Look in the middle of a step."""
        self._top = max(self._top, int(torch.mps.current_allocated_memory()))

    @property
    def peak(self) -> int:
        """The most bytes since ``begin``."""
        return self._top

    @property
    def free(self) -> int:
        """Bytes that a run could take here."""
        return int(torch.mps.recommended_max_memory())

    def release(self) -> None:
        """Give back what is kept for later."""
        torch.mps.empty_cache()


def meter_of(device: str) -> Meter:
    """What measures a device."""
    if device.startswith("cuda"):
        return CudaMeter(device)
    return AppleMeter() if device == "mps" else CpuMeter()


def resident_bytes() -> int:
    """Memory that this process takes now; 0 where the system does not tell."""
    try:
        with Path("/proc/self/statm").open(encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def free_bytes() -> int:
    """Memory of this computer that a program could still take; half of all of it where that cannot be found out."""
    found = [size for size in (_free_in_system(), _free_in_container()) if size]
    if found:
        return min(found)
    whole = available_bytes()
    return whole // 2 if whole < _UNKNOWN else 0


def _free_in_system() -> int:
    return _number_in(_STATUS, "MemAvailable:") * 1024


def _free_in_container() -> int:
    """What is left of the limit that a container sets, files in the cache not counted; 0 where there is none."""
    try:
        limit = int(Path(_LIMIT).read_text(encoding="ascii"))
    except (OSError, ValueError):  # "max": no limit
        return 0
    return max(1, limit - _number_in(_USED, "anon"))


def _number_in(file: str, key: str) -> int:
    """The number behind a word in a file of the system; 0 where it is not there."""
    try:
        lines = (line.split() for line in Path(file).read_text(encoding="ascii").splitlines())
        return next((int(line[1]) for line in lines if line and line[0] == key), 0)
    except (OSError, ValueError, IndexError):
        return 0
