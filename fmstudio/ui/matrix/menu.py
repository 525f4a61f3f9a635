"""The two menus of the confusion panel: what the squares show, and what can be done with the matrix."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from fmstudio.insight.confusion_order import Arrangement
from fmstudio.session.confusion_cell import Mode
from fmstudio.ui.matrix.page import MODES, MatrixPage, epoch_name
from fmstudio.ui.plots.figure_saver import FigureSaver
from fmstudio.words import marked, tr

_TIPS: dict[Mode, str] = {
    "count": marked("How many pictures"),
    "true": marked("Of all pictures that really are of the row's class: each row adds up to 100"),
    "predicted": marked("Of all pictures that were taken for the column's class: each column adds up to 100"),
    "sum": marked("How much probability the pictures of the row's class gave to the column's class, added up"),
}

_ARRANGEMENTS: dict[Arrangement, str] = {
    "classes": marked("Classes in the order of the data set"),
    "mistakes": marked("Most mistakes first"),
    "clusters": marked("Classes that are mixed up side by side"),
}

_FILES = {
    ".png": (marked("Save as PNG…"), marked("Pictures")),
    ".svg": (marked("Save as SVG…"), marked("Drawings")),
    ".csv": (marked("Save as CSV…"), marked("Tables")),
}

_MOST_EPOCHS = 100


def modes_menu(parent: QWidget, page: MatrixPage) -> QMenu:
    """What the squares can show."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    group = QActionGroup(menu)
    for mode, text in MODES.items():
        made = _choice(menu, group, tr(text), page.mode == mode, lambda _=False, mode=mode: page.choose_mode(mode))
        made.setToolTip(tr(_TIPS[mode]))
    menu.addSeparator()
    epochs = menu.addMenu(tr("Difference to another epoch"))
    offered = thinned(page.epochs)
    epochs.setEnabled(len(offered) > 1)
    for epoch in offered:
        _choice(
            epochs, group, epoch_name(epoch), page.against == epoch,
            lambda _=False, epoch=epoch: page.choose_mode("change", epoch),
        )  # fmt: skip
    name = page.other
    text = tr("Difference to {name}", name=name) if name else tr("Difference to another run")
    other = _choice(menu, group, text, page.against == "run", lambda: page.choose_mode("change", "run"))
    other.setEnabled(bool(name))
    if not name:
        other.setToolTip(tr("Choose two runs on the page Compare first"))
    return menu


def more_menu(
    parent: QWidget, page: MatrixPage, first: list[QAction], *, matrix: bool, saver: FigureSaver | None = None
) -> QMenu:
    """What can be done with the matrix.

    Args:
        parent: Where it pops up.
        page: The matrix.
        first: What stands first.
        matrix: Whether the matrix is in sight; the rest is only for it.
        saver: Saves what is in sight, where that is no matrix.
    """
    menu = QMenu(parent)
    menu.addActions(first)
    menu.addSeparator()
    group = QActionGroup(menu)
    rest = [
        _choice(menu, group, tr(text), page.arrangement == how, lambda _=False, how=how: page.arrange(how))
        for how, text in _ARRANGEMENTS.items()
    ]
    menu.addSeparator()
    rest += [
        menu.addAction(f"{tr('Larger squares')}\t+", lambda: page.view.zoom(True)),
        menu.addAction(f"{tr('Smaller squares')}\t−", lambda: page.view.zoom(False)),
        menu.addAction(f"{tr('Whole matrix')}\t0", page.view.show_whole),
    ]
    menu.addSeparator()
    saving = [] if saver else [_saving(menu, page, ending) for ending in _FILES]
    if saver:
        saver.add_to(menu)
    for action in (*rest, *saving):
        action.setEnabled(matrix and (action in rest or page.table.counts is not None))
    return menu


def thinned(epochs: tuple[int, ...]) -> tuple[int, ...]:
    """The epochs to choose among: of very many only some, the first and the last among them."""
    if len(epochs) <= _MOST_EPOCHS:
        return epochs
    last = len(epochs) - 1
    return tuple(epochs[round(step * last / (_MOST_EPOCHS - 1))] for step in range(_MOST_EPOCHS))


def _choice(menu: QMenu, group: QActionGroup, text: str, chosen: bool, act: Callable[..., object]) -> QAction:
    made = menu.addAction(text)
    made.setCheckable(True)
    made.setChecked(chosen)
    group.addAction(made)
    made.triggered.connect(act)
    return made


def _saving(menu: QMenu, page: MatrixPage, ending: str) -> QAction:
    text, kind = _FILES[ending]
    return menu.addAction(tr(text), lambda: _ask(page, ending, tr(kind)))


def _ask(page: MatrixPage, ending: str, kind: str) -> None:
    """Ask where to, and save there."""
    name = tr("Confusion matrix") + ending
    chosen, _ = QFileDialog.getSaveFileName(page, tr("Save the matrix"), name, f"{kind} (*{ending})")
    if chosen:
        page.save(Path(chosen) if Path(chosen).suffix else Path(chosen + ending))
