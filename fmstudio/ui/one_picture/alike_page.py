"""Which other pictures are like this one: to the network, and pixel by pixel."""

from collections.abc import Iterator

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.doubles import Doubles, search
from fmstudio.insight.nearest import Neighbours
from fmstudio.session.examiner import Examiner
from fmstudio.session.nearby_list import Nearby, NearbyListModel
from fmstudio.session.one_picture import OnePicture
from fmstudio.ui.one_picture.alike_words import doubles_words, nearby_doubles, nearby_neighbours, votes_words
from fmstudio.ui.one_picture.nearby_view import NearbyView
from fmstudio.ui.scrolling import scrolling
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

NEIGHBOURS = 12
"""So many are shown."""
_QUESTION = "fmstudio.insight.network.neighbours.neighbours"


class AlikePage(QWidget):
    """The nearest training pictures in feature space, and the same pictures in the data set.

    Args:
        examiner: Asks the network.

    Attributes:
        picture_asked: The user wants to see another picture: its split and its index there.
    """

    picture_asked = Signal(str, int)

    def __init__(self, examiner: Examiner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alikePage")
        self._examiner = examiner
        self._one: OnePicture | None = None
        self._stale = False
        self._search: Iterator[Doubles] | None = None
        self._timer = QTimer(self)
        self._near, self._doubles = NearbyListModel(self), NearbyListModel(self)
        self._near_view = NearbyView(self._near, "neighboursView", rows=2)
        self._doubles_view = NearbyView(self._doubles, "doublesView")
        self._near_view.setAccessibleName(tr("Alike to the network"))
        self._doubles_view.setAccessibleName(tr("Alike pixel by pixel"))
        self._near_words, self._doubles_words = _sentence("neighboursSentence"), _sentence("doublesSentence")
        self._again = button(tr("The network has learned since then: look again"), "link", "lookAgain")
        self._legend = label(tr("Below each: its class, and how far its features lie (cosine distance)."), "small")
        self._legend.setWordWrap(True)
        self._build()
        self._timer.timeout.connect(self._search_on)
        self._again.clicked.connect(self._ask)
        examiner.changed.connect(self._another_network)
        for view in (self._near_view, self._doubles_view):
            view.opened.connect(self._open)

    def show_picture(self, one: OnePicture) -> None:
        """Show what is like a picture; the same one again changes nothing."""
        before, self._one = self._one, one
        if before is not None and _what(before) == _what(one):
            if self._stale:
                self._another_network()
            return
        self._near.show(())
        self._doubles.show(())
        self._ask()
        self._begin_search(one)

    def _open(self, nearby: Nearby) -> None:
        self.picture_asked.emit(nearby.split, nearby.sample)

    # ── To the network

    def _another_network(self) -> None:
        """Ask again, but while a run goes on only when the user wants it: all training pictures take a while."""
        self._stale = True
        if self._one is None or not self.isVisible():
            return
        if self._near.rowCount() and self._examiner.available and self._one.sight.run.ended is None:
            self._again.show()
        else:
            self._near.show(())
            self._ask()

    def _ask(self) -> None:
        self._again.hide()
        self._stale = False
        if self._one is None:
            return
        available = self._examiner.available
        self._near_view.setVisible(available)
        self._legend.setVisible(available)
        if not available:
            self._near_words.setText(self._examiner.why_not)
            return
        if not self._near.rowCount():
            self._near_words.setText(tr("Asking the network about the training pictures …"))
        split, sample = self._one.split, self._one.picture.sample
        self._examiner.ask("alike", _QUESTION, self._take, split, sample, NEIGHBOURS, otherwise=self._refuse)

    def _take(self, found: Neighbours) -> None:
        one = self._one
        if one is not None and (one.split, one.picture.sample) == (found.split, found.sample):
            self._near.show(nearby_neighbours(found, one))
            self._near_words.setText(votes_words(found.labels, one.sight.classes))

    def _refuse(self, error: UserError) -> None:
        self._near.show(())
        self._near_view.hide()
        self._legend.hide()
        self._near_words.setText(str(error))

    # ── Pixel by pixel

    def _begin_search(self, one: OnePicture) -> None:
        data = one.sight.data
        if data is None:
            return
        sets = {"train": data.train, "test": data.test}
        self._search = search(one.picture.image, (one.split, one.picture.sample), sets)
        self._doubles_words.setText(tr("Looking through all pictures …"))
        self._timer.start(0)

    def _search_on(self) -> None:
        """Look at the next piece; the window goes on in between."""
        one = self._one
        found = None if self._search is None else next(self._search, None)
        if one is None or found is None or found.done:
            self._timer.stop()
        if one is not None and found is not None and found.done:
            self._doubles.show(nearby_doubles(found, one))
            self._doubles_words.setText(doubles_words(found, one))

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._again.hide()
        for title, parts in (
            (tr("Alike to the network"), (self._near_words, self._near_view, self._legend, self._again)),
            (tr("Alike pixel by pixel"), (self._doubles_words, self._doubles_view)),
        ):
            column.addWidget(label(title, "head"))
            for part in parts:
                column.addWidget(part)
            column.addSpacing(8)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(content))


def _sentence(name: str) -> QLabel:
    made = label()
    made.setObjectName(name)
    made.setWordWrap(True)
    return made


def _what(one: OnePicture) -> tuple[object, ...]:
    """Which picture it is, and among which it is looked for."""
    return one.split, one.picture.sample, id(one.sight.data)
