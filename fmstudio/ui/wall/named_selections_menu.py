"""The menu of selections that were given a name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from fmstudio.errors import UserError
from fmstudio.session.named_selections import NamedSelection, NamedSelections
from fmstudio.words import tr


class NamedSelectionsMenu(QMenu):
    """Takes a named selection, or deletes it; its file is read when the menu is opened.

    Args:
        dataset: The kind of the data set that is looked at: only its selections are offered.
        classes: How many classes it has.
        parent: Whose menu it is.

    Attributes:
        taken: The ``Selection`` that the user chose.
        name_asked: What is shown now shall be given a name.
        failed: A ``UserError``: the file is damaged, or cannot be written.
    """

    taken = Signal(object)
    name_asked = Signal()
    failed = Signal(object)

    def __init__(self, dataset: str, classes: int, parent: QWidget) -> None:
        super().__init__(tr("Named selections"), parent)
        self.setToolTipsVisible(True)
        self._dataset, self._classes = dataset, classes
        self._store = NamedSelections()
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        try:
            named = [one for one in self._store.read() if one.fits(self._dataset, self._classes)]
        except UserError as error:
            problem = self.addAction(error.message)
            problem.setToolTip(error.hint)
            problem.setEnabled(False)
            return
        self.addAction(tr("Give this one a name …")).triggered.connect(self.name_asked)
        if not named:
            return
        self.addSeparator()
        for one in named:
            self._offer(one)
        self.addSeparator()
        deleting = self.addMenu(tr("Delete"))
        for one in named:
            self._offer_deleting(deleting, one)

    def _offer(self, one: NamedSelection) -> None:
        self.addAction(one.name.replace("&", "&&")).triggered.connect(lambda: self.taken.emit(one.selection))

    def _offer_deleting(self, menu: QMenu, one: NamedSelection) -> None:
        menu.addAction(one.name.replace("&", "&&")).triggered.connect(lambda: self._delete(one))

    def _delete(self, one: NamedSelection) -> None:
        try:
            self._store.delete(one.name, one.dataset)
        except UserError as error:
            self.failed.emit(error)
