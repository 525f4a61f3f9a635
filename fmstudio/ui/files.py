"""Opening and saving what lies on the disk, and the dialog about the program."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from fmstudio import __version__
from fmstudio.data.picture_files import SUFFIXES
from fmstudio.errors import UserError
from fmstudio.runs.writing import write_atomically
from fmstudio.ui import opener
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
        (tr("All that can be opened"), f"*.json *.safetensors *.svg {pictures}"),
        (tr("Recipes, lessons and runs (their spec.json)"), "*.json"),
        (tr("Weights"), "*.safetensors"),
        (tr("Figures and pictures"), f"*.svg {pictures}"),
        (tr("All files"), "*"),
    )
    return ";;".join(f"{title} ({endings})" for title, endings in kinds)


def save_recipe(window: Window) -> None:
    """Let the user choose a place, and write the recipe there."""
    parent = window if isinstance(window, QWidget) else None
    path, _ = QFileDialog.getSaveFileName(parent, tr("Save the recipe"), "recipe.json", tr("Recipes (*.json)"))
    if not path:
        return
    try:
        write_atomically(Path(path), json.dumps(window.recipe.draft, indent=2, ensure_ascii=False) + "\n")
    except UserError as error:
        window.complain(error)


def about(parent: QWidget) -> None:
    """Say what this program is."""
    text = tr("fmstudio {version}\n\nTrain neural networks by pointing and clicking.", version=__version__)
    QMessageBox.about(parent, tr("About fmstudio"), text)
