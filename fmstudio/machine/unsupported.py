"""Computers for which there is no PyTorch: a sentence in place of whatever would fail later."""

import ctypes
import platform
import sys
from importlib import metadata

from fmstudio.words import tr

_OLDEST = (2, 6)
"""The oldest PyTorch that the program runs with; for Macs with Intel's processors the last one was 2.2."""


def why_not_here() -> str:
    """Why the program cannot run on this computer, and what to do; empty where it can.

    Somebody who has built a newer PyTorch for a Mac with an Intel processor may use it.
    """
    if sys.platform != "darwin" or platform.machine() != "x86_64" or _torch_version() >= _OLDEST:
        return ""
    if _translated():
        return tr(
            "This Mac has an Apple processor, but fmstudio was started for Intel's. Install the Python, or the "
            "fmstudio, that is made for Apple silicon."
        )
    return tr(
        "This Mac has an Intel processor, for which PyTorch is no longer made (the last version was 2.2). fmstudio "
        "needs PyTorch {version} or newer: use a Mac with Apple silicon, or a computer with Windows or Linux.",
        version=".".join(map(str, _OLDEST)),
    )


def _torch_version() -> tuple[int, ...]:
    try:
        parts = metadata.version("torch").partition("+")[0].split(".")[:2]
    except metadata.PackageNotFoundError:
        return ()
    return tuple(int(part) for part in parts if part.isdecimal())


def _translated() -> bool:
    """Whether an Apple processor imitates one of Intel for this process."""
    value, size = ctypes.c_int(0), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
    try:
        system = ctypes.CDLL("/usr/lib/libSystem.B.dylib")
        failed = system.sysctlbyname(b"sysctl.proc_translated", ctypes.byref(value), ctypes.byref(size), None, 0)
    except (OSError, AttributeError):
        return False
    return not failed and value.value == 1
