"""Saving "Setting and result": what is seen as a picture, or the figures as a table."""

import csv
import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from fmstudio.export.figures import stamped_png
from fmstudio.export.figures_of_runs import facts_of_summaries
from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.settings_results import SettingsTable, result_of, results_there
from fmstudio.runs.summary import RunSummary
from fmstudio.runs.writing import write_atomically
from fmstudio.session.draft_words import text_of
from fmstudio.ui import theme
from fmstudio.words import tr

_SCALE = 2


def ask_to_save(parent: QWidget, ending: str, save: Callable[[Path], None]) -> Path | None:
    """Ask where to, and save there.

    Returns:
        The file; None where the user wants none.

    Raises:
        UserError: Where it cannot be written.
    """
    kind = tr("Pictures") if ending == ".png" else tr("Tables")
    name = tr("Setting and result") + ending
    chosen, _ = QFileDialog.getSaveFileName(parent, "", name, f"{kind} (*{ending})")
    if not chosen:
        return None
    path = Path(chosen) if Path(chosen).suffix else Path(chosen + ending)
    save(path)
    return path


def save_png(view: QWidget, path: Path, runs: Sequence[RunSummary]) -> None:
    """Write what a widget shows, at twice its size, with the facts of its runs inside.

    Raises:
        UserError: Where it cannot be written.
    """
    picture = QPixmap(view.size() * _SCALE)
    picture.setDevicePixelRatio(_SCALE)
    picture.fill(theme.colour("card"))
    view.render(picture, QPoint())
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    content, facts = bytes(buffer.data().data()), facts_of_summaries(runs)
    write_atomically(path, stamped_png(content, facts) if facts else content)


def save_csv(runs: Sequence[RunSummary], table: SettingsTable, path: Path) -> None:
    """Write one line a run: what differs among them, and their results.

    Raises:
        UserError: Where it cannot be written.
    """
    paths = table.differing(runs) if runs else ()
    columns = [table.column(runs, one).values for one in paths]
    keys = results_there(runs)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["run", "name", "state", *paths, *keys])
    for place, run in enumerate(runs):
        settings = [_cell(column[place]) for column in columns]
        figures = [result_of(run, key) for key in keys]
        writer.writerow([run.id, safe_cell(run.name), run.state, *settings,
                         *("" if math.isnan(figure) else repr(figure) for figure in figures)])  # fmt: skip
    write_atomically(path, text.getvalue())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_cell(text_of(value)) if isinstance(value, str) else text_of(value)
