"""Try your own: draw, drop, paste or choose a picture, and see what the network gets and says."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.picture_files import picture_of
from fmstudio.insight.score import percent
from fmstudio.session.examiner import Examiner
from fmstudio.session.own_pictures import OwnPicture, OwnPictures, from_image, shape_of
from fmstudio.session.sight import Sight
from fmstudio.ui.own.own_source import FileSource, SketchSource
from fmstudio.ui.own.own_wall import OwnWall, problem_words
from fmstudio.ui.own.prepared_view import PreparedView
from fmstudio.ui.pictures.share_bars import ShareBars
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import tr, tr_n

_BESIDE = 466
"""From this width on two pictures stand side by side."""

_CLOTHES = "fashion-mnist"
_DRAWN = ("mnist", "emnist", "kmnist")
"""Data sets of written signs, for which drawing comes first."""


class TryPage(QWidget):
    """A page for the drawer, as wide as for code.

    Args:
        examiner: Asks the network that is looked at.
    """

    def __init__(self, examiner: Examiner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tryPage")
        self._examiner = examiner
        self._own = OwnPictures(examiner, self)
        self._row: int | None = None
        self._ways = TabRow({"file": tr("Pictures"), "draw": tr("Draw")})
        self._all = button("", "link", "backToAll")
        self._warning, self._sentence = label(role="small"), label(role="secondary")
        self._sketch, self._files, self._seen = SketchSource(), FileSource(), PreparedView()
        self._verdict, self._trouble = label(role="title"), label(role="problem")
        self._bars, self._wall = ShareBars(22), OwnWall()
        self._build()
        self._connect()
        self._refresh()

    def show_sight(self, sight: Sight) -> None:
        """Follow the data set of what is looked at."""
        if sight.data is None:
            return
        if self._own.data is None or self._own.data.kind != sight.data.kind:
            self._show_way("draw" if sight.data.kind in _DRAWN else "file")
        self._own.show_data(sight.data)

    def show_files(self, paths: Sequence[Path]) -> None:
        """Read picture files, and ask the network about them: one stands alone, several make a wall."""
        self._show_way("file")
        self._row = 0 if len(paths) == 1 else None
        self._own.take_files(paths)

    def show_image(self, image: QImage) -> None:
        """Ask the network about a picture that was pasted."""
        self._show_way("file")
        self._row = 0
        self._own.take_picture(tr("pasted"), from_image(image))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what the network gets beside the user's own, or in a narrow drawer under it."""
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE
        self._place.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _draw(self) -> None:
        """The sketch is another."""
        self._row = 0
        if self._sketch.pad.blank:
            self._own.forget()
        else:
            self._own.take_picture("", picture_of(self._sketch.pad.pixels))

    def _show_way(self, way: str) -> None:
        self._ways.choose(way)
        self._sources.setCurrentIndex(1 if way == "draw" else 0)

    def _change_way(self, way: str) -> None:
        """The user chose to draw, or to leave the drawing."""
        self._show_way(way)
        if way == "draw":
            self._draw()
        else:
            self._own.forget()

    def _open(self, row: int | None) -> None:
        """Show one picture of several, or all of them again."""
        self._row = row
        self._refresh()
        if row is None:
            self._wall.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh(self) -> None:
        """Show all that is known now."""
        own, data = self._own, self._own.data
        several = len(own.paths) > 1
        as_wall = several and self._row is None and not own.reading
        self._stack.setCurrentIndex(1 if self._examiner.available and data is not None else 0)
        self._sentence.setText(self._examiner.why_not or tr("The pictures are still being read."))
        self._middle.setCurrentIndex(1 if as_wall else 0)
        self._warning.setText(self._warning_words())
        self._warning.setVisible(bool(self._warning.text()))
        self._all.setText(tr_n("‹ All {count} picture", "‹ All {count} pictures", len(own.pictures)))
        self._all.setVisible(several and self._row is not None)
        if as_wall:
            self._wall.show_pictures(own.pictures, data.classes if data else (), own.problems)
        else:
            self._show_single()

    def _show_single(self) -> None:
        own, data = self._own, self._own.data
        one = own.pictures[self._row] if self._row is not None and self._row < len(own.pictures) else None
        self._files.show_original(one.picture.pixels if one else None, _source_words(one))
        self._verdict.setText(tr("Reading …") if own.reading else "")
        self._trouble.setText("\n".join(filter(None, (problem_words(own.problems), own.trouble))))
        self._trouble.setVisible(bool(self._trouble.text()))
        if data is None:
            return
        self._seen.show_prepared(one.prepared if one else None, (shape_of(data)[1], shape_of(data)[2]))
        shares = one.probabilities if one is not None else None
        answered = shares is not None and len(shares) == len(data.classes)
        self._bars.setVisible(answered)
        if shares is not None and answered:
            self._bars.show_shares(data.classes, [shares])
            self._verdict.setText(_verdict_words(shares, data.classes))

    def _warning_words(self) -> str:
        if self._ways.key != "draw" or self._own.data is None or self._own.data.kind != _CLOTHES:
            return ""
        return tr(
            "Drawings mislead here: the network has only ever seen photographs of clothes. "
            "It must name one of its classes, and may be sure of nonsense. Try a photograph too."
        )

    def _connect(self) -> None:
        self._own.changed.connect(self._refresh)
        self._ways.chosen.connect(self._change_way)
        self._sketch.pad.drawn.connect(self._draw)
        self._files.files_chosen.connect(self.show_files)
        self._files.image_pasted.connect(self.show_image)
        self._seen.wishes_changed.connect(lambda: self._own.prepare(self._seen.wishes))
        self._wall.opened.connect(self._open)
        self._all.clicked.connect(lambda: self._open(None))
        for keys, act in ((QKeySequence.StandardKey.Paste, self._files.paste),
                          (QKeySequence.StandardKey.Undo, self._sketch.pad.undo)):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _build(self) -> None:
        self._warning.setObjectName("drawingWarning")
        for made in (self._warning, self._trouble, self._sentence):
            made.setWordWrap(True)
        self._trouble.setObjectName("ownTrouble")
        self._verdict.setObjectName("ownVerdict")
        self._sentence.setObjectName("tryUnavailable")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._sentence)
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = self._body()
        scrolled.setWidget(body)
        scrolled.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._stack.addWidget(scrolled)

    def _body(self) -> QWidget:
        body, head = QWidget(), QHBoxLayout()
        head.addWidget(self._ways)
        head.addStretch(1)
        head.addWidget(self._all)
        self._middle = QStackedLayout()
        self._middle.addWidget(self._single())
        self._middle.addWidget(self._wall)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._warning)
        column.addLayout(self._middle, 1)
        return body

    def _single(self) -> QWidget:
        page, left = QWidget(), QWidget()
        self._place = place = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sources = QStackedLayout(left)
        self._sources.addWidget(self._files)
        self._sources.addWidget(self._sketch)
        from_top = QVBoxLayout()
        from_top.setSpacing(8)
        from_top.addWidget(label(tr("Yours"), "head"))
        from_top.addWidget(left)
        place.setSpacing(16)
        place.addLayout(from_top)
        place.addWidget(self._seen)
        place.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(place)
        column.addWidget(self._trouble)
        column.addWidget(self._verdict)
        column.addWidget(self._bars)
        column.addStretch(1)
        return page


def _source_words(own: OwnPicture | None) -> str:
    if own is None or not own.name:
        return ""
    return tr("{name} · {width:,} × {height:,}", name=own.name, width=own.picture.width, height=own.picture.height)


def _verdict_words(shares: NDArray[np.float32], classes: tuple[str, ...]) -> str:
    name, share = tr(classes[int(shares.argmax())]), percent(float(shares.max()), 100)
    return tr("It takes this for {name}, {share} sure", name=name, share=share)
