"""Opening and saving what lies on the disk, and the dialog about the program."""

import json
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from fmstudio import __version__
from fmstudio.errors import UserError
from fmstudio.runs.writing import write_atomically
from fmstudio.session.recipe import Recipe
from fmstudio.words import tr


class Window(Protocol):
    """What is needed of the main window."""

    recipe: Recipe

    def complain(self, error: UserError) -> None: ...  # noqa: D102
    def show_saved_run(self, run_id: str) -> None: ...  # noqa: D102


def open_dialog(window: Window) -> None:
    """Let the user choose a recipe, and open it."""
    parent = window if isinstance(window, QWidget) else None
    path, _ = QFileDialog.getOpenFileName(parent, tr("Open a recipe or a run"), "", tr("Recipes (*.json)"))
    if path:
        open_path(window, Path(path))


def open_path(window: Window, path: Path) -> None:
    """Open a run's folder or a spec; what is wrong with it is said in the notice bar."""
    try:
        if (path / "spec.json").is_file():
            window.show_saved_run(str(path))
        elif path.name == "spec.json" and (path.parent / "events.jsonl").is_file():
            window.show_saved_run(str(path.parent))
        else:
            window.recipe.take_draft(read_draft(path))
    except UserError as error:
        window.complain(error)


def read_draft(path: Path) -> dict[str, object]:
    """The JSON values of a spec's file; they may be invalid.

    Raises:
        UserError: Where it is no JSON object.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        text = tr("{path} cannot be read: {reason}.", path=str(path), reason=error.strerror or str(error))
        raise UserError(text, tr("Choose another file.")) from error
    except ValueError as error:
        raise UserError(tr("{path} is not a recipe.", path=str(path)), tr("Choose a JSON file.")) from error
    if not isinstance(values, dict):
        raise UserError(tr("{path} is not a recipe.", path=str(path)), tr("Choose a file that fmstudio has saved."))
    return values


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
