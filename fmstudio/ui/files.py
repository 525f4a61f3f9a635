"""Opening and saving what lies on the disk, and the dialog about the program."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from fmstudio.data.picture_files import SUFFIXES
from fmstudio.errors import UserError
from fmstudio.machine.licences import licences
from fmstudio.runs.writing import write_atomically
from fmstudio.ui import opener
from fmstudio.ui.about_dialog import AboutDialog
from fmstudio.ui.check_page import CheckPage
from fmstudio.ui.drawer import WIDE
from fmstudio.words import tr


class Window(opener.Window, Protocol):
    """What is needed of the main window."""


def open_dialog(window: Window) -> None:
    """Let the user choose files of any kind that can be opened, and open them."""
    parent = window if isinstance(window, QWidget) else None
    found, _ = QFileDialog.getOpenFileNames(parent, tr("Open"), "", _kinds())
    open_paths(window, [Path(path) for path in found])


def open_paths(window: Window, paths: Sequence[Path]) -> None:
    """Open files and folders, whatever they are; what is wrong with them is said in the notice bar."""
    opener.Opener(window).open(paths)


def _kinds() -> str:
    pictures = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    kinds = (
        (tr("All that can be opened"), f"*.json *.fmspec *.fmlesson *.safetensors *.svg {pictures}"),
        (tr("Recipes, lessons and runs (their spec.json)"), "*.json *.fmspec *.fmlesson"),
        (tr("Weights"), "*.safetensors"),
        (tr("Figures and pictures"), f"*.svg {pictures}"),
        (tr("All files"), "*"),
    )
    return ";;".join(f"{title} ({endings})" for title, endings in kinds)


def save_recipe(window: Window) -> None:
    """Let the user choose a place, and write the recipe there."""
    parent = window if isinstance(window, QWidget) else None
    path, _ = QFileDialog.getSaveFileName(
        parent, tr("Save the recipe"), "recipe.fmspec", tr("Recipes (*.fmspec *.json)")
    )
    if not path:
        return
    try:
        write_atomically(Path(path), json.dumps(window.recipe.draft, indent=2, ensure_ascii=False) + "\n")
    except UserError as error:
        window.complain(error)


def check_computer(window: Window) -> None:
    """Look in the background for what is missing on this computer, and show it in the drawer."""
    page = CheckPage(window.session)
    window.shell.drawer.show_content(tr("Check this computer"), page, WIDE)


def about(window: Window) -> None:
    """Say what this program is, and under which licences its parts are."""
    dialog = AboutDialog(window if isinstance(window, QWidget) else None)
    window.session.in_background(licences, dialog.show_licences)
    dialog.open()
