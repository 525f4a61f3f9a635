"""What a network answers for one picture: its bars, what it sees, and a brush to try what changes its mind."""

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.single_look import Look
from fmstudio.session.examiner import Examiner
from fmstudio.session.one_picture import OnePicture
from fmstudio.ui.one_picture.paint_picture import PaintPicture
from fmstudio.ui.one_picture.painting_tools import PaintingTools
from fmstudio.ui.one_picture.seen_picture import SeenPicture, seen_words
from fmstudio.ui.pictures.picture_facts import Facts, percent, value_range
from fmstudio.ui.pictures.probability_bars import ProbabilityBars
from fmstudio.ui.scrolling import scrolling
from fmstudio.ui.widgets import FewLines, button, label
from fmstudio.words import tr

_LARGE, _SMALL = 228, 116
_QUESTION = "fmstudio.insight.network.single.look"


class AnswersPage(QWidget):
    """The first page of a picture in the drawer.

    Args:
        examiner: Asks the network.
    """

    def __init__(self, examiner: Examiner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answersPage")
        self._examiner = examiner
        self._one: OnePicture | None = None
        self._look: Look | None = None
        self._stale, self._available = True, False
        self._picture = PaintPicture(_LARGE)
        self._seen = SeenPicture(_SMALL)
        self._seen_words = label(role="small")
        self._warm = QCheckBox(tr("Heat map"))
        self._undo, self._reset = (
            button(tr("Undo"), "link", "undoPainting"),
            button(tr("Reset"), "link", "resetPainting"),
        )
        self._tools = PaintingTools()
        self._sentence = FewLines("secondary", 2)
        self._bars, self._facts = ProbabilityBars(), Facts()
        self._build()
        self._connect()

    def show_picture(self, one: OnePicture) -> None:
        """Show a picture, or newer answers for the same one: what is painted on it stays."""
        before, self._one = self._one, one
        if before is None or (before.split, before.picture.sample) != (one.split, one.picture.sample):
            self._picture.forget()
            self._look, self._stale = None, True
        right = one.picture.right
        self._picture.show_image(one.picture.image, "line" if right is None else "right" if right else "wrong")
        self._picture.setAccessibleName(tr(one.sight.classes[one.picture.label]))
        self._show_facts(one)
        if self._stale:
            self._look_again()
        else:
            self._show_answers()

    def event(self, event: QEvent) -> bool:
        """Claim Ctrl+Z before the window takes it for its own undo."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Z takes the last stroke back."""
        if _is_undo(event):
            self._picture.undo()
        else:
            super().keyPressEvent(event)

    # ── Asking

    def _look_again(self) -> None:
        """Another picture, or another network."""
        self._stale, self._available = False, self._examiner.available
        self._picture.set_paintable(self._available)
        self._tools.setEnabled(self._available)
        self._warm.setEnabled(self._available)
        if not self._available:
            self._look = None
        self._ask()

    def _ask(self) -> None:
        """Ask for the picture as it is painted now; the examiner drops what is overtaken."""
        self._show_answers()
        if self._available and self._one is not None:
            picture, warm = self._picture, self._warm.isChecked()
            self._examiner.ask(
                "answers", _QUESTION, self._take, picture.original, picture.image, warm, otherwise=self._refuse
            )

    def _take(self, look: Look) -> None:
        if look.was is self._picture.original:
            self._look = look
            self._show_answers()

    def _refuse(self, error: UserError) -> None:
        self._look = None
        self._show_answers()
        self._sentence.show_text(str(error))

    # ── Showing

    def _show_answers(self) -> None:
        look, painted = self._look, self._picture.is_painted
        self._undo.setEnabled(self._picture.can_undo)
        self._reset.setEnabled(painted)
        self._seen.show_seen(look.seen if look else None, look.heat if look else None)
        self._seen_words.setText(seen_words(look.seen) if look else "")
        self._warm.setToolTip(look.why_cold if look and look.why_cold else _heat_words())
        self._show_bars(look, painted)
        self._sentence.show_text(self._say(look, painted))

    def _show_bars(self, look: Look | None, painted: bool) -> None:
        if self._one is None:
            return
        picture, classes = self._one.picture, self._one.sight.classes
        known = look is not None or picture.probabilities is not None
        self._bars.setVisible(known)
        if look is not None and (painted or picture.probabilities is None or picture.predicted is None):
            before = look.before if painted else None
            self._bars.show_probabilities(classes, look.now, picture.label, int(look.now.argmax()), before)
        elif picture.probabilities is not None and picture.predicted is not None:
            self._bars.show_probabilities(classes, picture.probabilities, picture.label, picture.predicted)

    def _say(self, look: Look | None, painted: bool) -> str:
        if not self._available:
            return self._examiner.why_not
        if self._one is None or look is None or not painted:
            return tr("Rub something out, or paint: the bars follow.")
        was, now = int(look.before.argmax()), int(look.now.argmax())
        classes = self._one.sight.classes
        values = {"was": tr(classes[was]), "before": percent(float(look.before[was])),
                  "now": tr(classes[now]), "after": percent(float(look.now[now]))}  # fmt: skip
        if was == now:
            return tr("Was {was} {before}; still {now}, {after}.", **values)
        return tr("Was {was} {before}; now {now} {after}.", **values)

    def _show_facts(self, one: OnePicture) -> None:
        picture = one.picture
        facts = [] if picture.loss is None else [(tr("Loss"), f"{picture.loss:.3f}")]
        if picture.probabilities is not None and len(picture.probabilities) > 1:
            second, first = np.sort(picture.probabilities.astype(np.float32))[-2:]
            facts.append((tr("Lead over the second class"), percent(float(first - second))))
        facts.append((tr("In the file"), _file_words(picture.image.shape)))
        facts.append((tr("Pixel values"), value_range(picture.image)))
        number = f"{picture.sample:,}"
        if one.split == "train":
            facts.append((tr("Index"), tr("{number} of the training pictures: the network has seen it", number=number)))
        else:
            facts.append((tr("Index"), tr("{number} of the test pictures", number=number)))
        self._facts.show_facts(facts)

    # ── Building

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._pictures())
        self._sentence.setObjectName("paintingSentence")
        for part in (self._tools, self._sentence, self._bars, self._facts):
            column.addWidget(part)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(content))

    def _pictures(self) -> QHBoxLayout:
        """The picture, and beside it what the network sees of it."""
        caption = label(tr("What the network sees"), "small")
        caption.setWordWrap(True)
        self._seen_words.setWordWrap(True)
        self._warm.setObjectName("heatMap")
        self._warm.setChecked(True)
        links = QHBoxLayout()
        links.setSpacing(14)
        links.addWidget(self._undo)
        links.addWidget(self._reset)
        links.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(4)
        for part in (caption, self._seen, self._seen_words, self._warm):
            right.addWidget(part)
        right.addStretch(1)
        right.addLayout(links)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addLayout(right, 1)
        return row

    def _connect(self) -> None:
        self._take_tool()
        self._tools.changed.connect(self._take_tool)
        self._warm.toggled.connect(self._ask)
        self._picture.painted.connect(self._ask)
        self._undo.clicked.connect(self._picture.undo)
        self._reset.clicked.connect(self._picture.reset)
        self._examiner.changed.connect(self._ask_again)

    def _ask_again(self) -> None:
        self._stale = True
        if self._one is not None and self.isVisible():
            self._look_again()

    def _take_tool(self) -> None:
        self._picture.take_tool(self._tools.value, self._tools.size_in_pixels)


def _is_undo(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)


def _heat_words() -> str:
    return tr("Where a small change would matter most to the answer (gradient)")


def _file_words(shape: tuple[int, ...]) -> str:
    values = {"width": shape[1], "height": shape[0]}
    if len(shape) == 3 and shape[2] > 1:
        return tr("{width} × {height} pixels, coloured", **values)
    return tr("{width} × {height} pixels, grey", **values)
