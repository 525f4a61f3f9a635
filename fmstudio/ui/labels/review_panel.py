"""One picture whose label is worth a look, large, with what it may be instead, and the keys that decide."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QProgressBar, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.corrections import Key
from fmstudio.data.library import PictureSet
from fmstudio.insight.data_check import Suspect
from fmstudio.insight.label_issues import nearest_of_class
from fmstudio.session.label_check import LabelReport
from fmstudio.session.review import Review
from fmstudio.ui import theme
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.pictures.picture_strip import PictureStrip
from fmstudio.ui.widgets import Card, ElidedLabel, FewLines, button, label
from fmstudio.words import tr, tr_n

_LARGE, _SMALL = 172, 56
_ROWS, _EXAMPLES = 2, 10
_LOW = 540
"""Below this height there is room only for what decides."""
_KEYED = 10
"""So many classes have a digit as their key."""


class _Examples(QWidget):
    """Rows of small pictures, each with a title; those that have no room are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = [(label(role="small"), PictureStrip(_SMALL)) for _ in range(_ROWS)]
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(0, 0, 0, 0)
        for title, strip in self._rows:
            column.addWidget(title)
            column.addWidget(strip)
        column.addStretch(1)
        self._height = self._rows[0][0].sizeHint().height() + _SMALL + 2 * column.spacing()
        self.setMinimumHeight(self._height)

    def show_rows(self, rows: Sequence[tuple[str, Sequence[NDArray[np.uint8]]]]) -> None:
        """Show other pictures."""
        for place, (title, strip) in enumerate(self._rows):
            title.setText(rows[place][0] if place < len(rows) else "")
            strip.show_images(rows[place][1] if place < len(rows) else [])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        for place, parts in enumerate(self._rows):
            for part in parts:
                part.setVisible((place + 1) * self._height <= self.height())


class ReviewPanel(Card):
    """Shows the picture that a review looks at.

    Attributes:
        use_asked: The user wants to put the decisions into the recipe.

    Args:
        review: The queue, and what was decided.
    """

    use_asked = Signal()

    def __init__(self, review: Review) -> None:
        super().__init__()
        self.setObjectName("reviewPanel")
        self._review = review
        self._report: LabelReport | None = None
        self._count, self._place = label(role="secondary"), label(role="secondary")
        self._count.setObjectName("reviewCount")
        self._bar = QProgressBar(textVisible=False)
        self._picture = LargePicture(_LARGE)
        self._name, self._perhaps = label(), label()
        self._name.setObjectName("reviewLabel")
        self._perhaps.setObjectName("reviewSuggestion")
        self._why = FewLines("secondary", 2)
        self._said = label(role="title")
        self._said.setObjectName("reviewDecision")
        self._examples = _Examples()
        self._keep = button(tr("✓ Right  →"), name="reviewKeep")
        self._take = button("", name="reviewTake")
        self._leave = button(tr("✕ Leave out  X"), name="reviewLeaveOut")
        self._undo = button(tr("Undo  U"), name="reviewUndo")
        self._classes = QWidget()
        self._class_buttons: list[QWidget] = []
        self._grid = QGridLayout(self._classes)
        self._sum = label(role="secondary")
        self._sum.setObjectName("reviewSum")
        self._use = button(tr("Use these corrections"), name="useCorrections")
        self._nothing, self._hint = label(role="secondary"), ElidedLabel("", "small")
        self._build()
        self._connect()

    def show_report(self, report: LabelReport) -> None:
        """Show the pictures of another report."""
        names = report.data.short_classes
        if self._report is None or self._report.data.short_classes != names:
            self._make_classes(names)
        self._report = report
        self.refresh()

    def say_nothing(self, words: str) -> None:
        """Say why there is nothing to review, while there is nothing."""
        self._nothing.setText(words)

    def refresh(self) -> None:
        """Show what the review looks at now."""
        review, report = self._review, self._report
        current = review.current
        self._stack.setCurrentIndex(0 if report is None or current is None else 1)
        self._show_sum()
        if report is not None and current is not None:
            self._show_progress()
            self._show_picture(report, current)
            self._show_decision(report)
            self._show_examples(report, current)

    # ── What is shown

    def _show_progress(self) -> None:
        review = self._review
        total = len(review.queue)
        self._count.setText(tr("{done:,} of {count:,} reviewed", done=review.reviewed, count=total))
        self._place.setText(tr("{place:,} of {count:,}", place=review.place + 1, count=total))
        self._bar.setMaximum(total)
        self._bar.setValue(review.reviewed)

    def _show_picture(self, report: LabelReport, current: Suspect) -> None:
        image = image_of(report, current.key)
        name = tr(report.data.classes[current.label])
        self._picture.show_image(image)
        self._picture.setAccessibleName(name)
        self._name.setText(name)
        known = current.suggested >= 0
        self._perhaps.setText(tr(report.data.classes[current.suggested]) if known else "–")
        self._perhaps.setStyleSheet("" if known else f"color: {theme.current().faint}")
        self._why.show_text(f"{place_words(current.key)} · {why_words(current)}")
        short = tr(report.data.short_classes[current.suggested]) if known else "…"
        self._take.setText(tr("→ {name}  S", name=short))
        self._take.setEnabled(known)
        self.setAccessibleDescription(f"{self._place.text()}: {name}, {self._why.whole}")

    def _show_decision(self, report: LabelReport) -> None:
        decision = self._review.decision
        if decision is None or self._review.current is None:
            self._said.setText("")
        elif decision.corrected is None:
            self._said.setText(tr("✕ left out"))
        elif decision.corrected == self._review.current.label:
            self._said.setText(tr("✓ right"))
        else:
            self._said.setText(tr("→ {name}", name=tr(report.data.classes[decision.corrected])))

    def _show_examples(self, report: LabelReport, current: Suspect) -> None:
        """The pictures that are like it, else the nearest ones of the label and of what is suggested."""
        rows: list[tuple[str, list[NDArray[np.uint8]]]] = []
        if current.twins:
            names = report.data.classes
            shown = ", ".join(f"{place_words(key)} ({tr(names[label_of(report, key)])})" for key in current.twins[:3])
            rows.append((tr("Also: {pictures}", pictures=shown), [image_of(report, key) for key in current.twins]))
        image = image_of(report, current.key)
        for name in (current.label, current.suggested):
            if name >= 0 and len(rows) < _ROWS:
                title = tr("Nearest training pictures labelled {name}", name=tr(report.data.classes[name]))
                rows.append((title, nearest_of_class(report.data.train, image, name, _EXAMPLES)))
        self._examples.show_rows(rows)

    def _show_sum(self) -> None:
        review = self._review
        corrected = tr_n("{count:,} label corrected", "{count:,} labels corrected", review.corrected)
        out = tr_n("{count:,} left out", "{count:,} left out", review.left_out)
        self._sum.setText(f"{corrected} · {out}")
        self._use.setEnabled(bool(review.corrected or review.left_out))
        self._undo.setEnabled(review.can_undo)

    # ── How it is built

    def _build(self) -> None:
        for one in (self._name, self._perhaps):
            one.setFont(theme.font(22, weight=600))
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addLayout(_row(self._count, None, self._place))
        rows.addWidget(self._bar)
        rows.addLayout(self._facts())
        rows.addWidget(self._examples, 1)
        rows.addLayout(_row(self._keep, self._take, self._leave, self._undo, None))
        rows.addWidget(self._classes)
        waiting = QWidget()
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(waiting).addWidget(self._nothing)
        host = QWidget()
        self._stack = QStackedLayout(host)
        self._stack.addWidget(waiting)
        self._stack.addWidget(body)
        self.body.addWidget(host, 1)
        where = tr("They go into the recipe, and Train makes a new run to compare. The files stay as they are.")
        self._hint.setText(where)
        self._use.setToolTip(where)
        self.body.addLayout(_row(self._sum, None, self._use))
        self.body.addWidget(self._hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the tooltip alone says where the corrections go."""
        super().resizeEvent(event)
        self._hint.setVisible(self.height() >= _LOW)

    def _facts(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(tr("Its label"), "head"))
        words.addWidget(self._name)
        words.addSpacing(12)
        words.addWidget(label(tr("Perhaps rather"), "head"))
        words.addWidget(self._perhaps)
        words.addSpacing(12)
        words.addWidget(self._why)
        words.addStretch(1)
        words.addWidget(self._said)
        made = QHBoxLayout()
        made.setSpacing(20)
        made.addWidget(self._picture)
        made.addLayout(words, 1)
        return made

    def _make_classes(self, names: tuple[str, ...]) -> None:
        """A button for each class, with its digit."""
        for old in self._class_buttons:
            old.hide()
            old.deleteLater()
        self._class_buttons = []
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        for place, name in enumerate(names):
            key = f"{(place + 1) % 10}  " if place < _KEYED else ""
            made = button(f"{key}{tr(name)}", "chip", f"relabel.{place}")
            made.setToolTip(tr("It is this"))
            made.clicked.connect(lambda _=False, place=place: self._review.relabel(place))
            self._grid.addWidget(made, place // 5, place % 5)
            self._class_buttons.append(made)

    def _connect(self) -> None:
        review = self._review
        review.moved.connect(self.refresh)
        review.decided.connect(self.refresh)
        self._keep.clicked.connect(review.keep)
        self._take.clicked.connect(review.take_suggestion)
        self._leave.clicked.connect(review.leave_out)
        self._undo.clicked.connect(review.undo)
        self._use.clicked.connect(self.use_asked)


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is room that stretches."""
    made = QHBoxLayout()
    made.setSpacing(8)
    for part in parts:
        if part is None:
            made.addStretch(1)
        else:
            made.addWidget(part)
    return made


def place_words(key: Key) -> str:
    """Which picture it is."""
    if key[0] == "train":
        return tr("Training picture {index:,}", index=key[1])
    return tr("Test picture {index:,}", index=key[1])


def why_words(suspect: Suspect) -> str:
    """Why it is worth a look, with how much it is doubted."""
    if suspect.score:
        return tr("{why}, {share} % doubt", why=suspect.words, share=f"{100 * suspect.score:.0f}")
    return suspect.words


def _pictures(report: LabelReport, key: Key) -> PictureSet:
    return report.whole.train if key[0] == "train" else report.whole.test


def image_of(report: LabelReport, key: Key) -> NDArray[np.uint8]:
    """The pixels of a picture."""
    image: NDArray[np.uint8] = _pictures(report, key).images[key[1]]
    return image


def label_of(report: LabelReport, key: Key) -> int:
    """What the files say that a picture is."""
    return int(_pictures(report, key).labels[key[1]])
