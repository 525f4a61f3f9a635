"""Says once that there is a card which this edition of the program does not compute on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from fmstudio import paths
from fmstudio.machine.findings import Finding
from fmstudio.machine.nvidia import gpu_finding
from fmstudio.session.door import load
from fmstudio.ui import files
from fmstudio.ui.notice_bar import Notice
from fmstudio.words import tr

SAID = "gpu_notice"
"""Under this name the settings keep what was said."""


def attach(window: files.Window, root: Path | None = None) -> None:
    """Look for such a card once torch is loaded, in the background.

    Args:
        window: Where it is said.
        root: The root of the file system; None for this computer's.
    """
    work: Callable[[], Any] = partial(gpu_finding, load, root)
    window.session.torch_ready.connect(lambda: window.session.in_background(work, partial(_say_once, window)))


def _say_once(window: files.Window, found: Finding | None) -> None:
    kept = QSettings(str(paths.settings_file()), QSettings.Format.IniFormat)
    if found is None or kept.value(SAID) == found.message:
        return
    kept.setValue(SAID, found.message)
    check = partial(files.check_computer, window)
    window.shell.notices.add(Notice(found.message, "", "info", tr("Check this computer"), check))
