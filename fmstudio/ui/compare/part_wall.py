"""The pictures of one part of a comparison, each with both answers, and one of them large."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fmstudio.data.library import PictureSet
from fmstudio.insight.two_runs import PARTS, Cell, Part, TwoRuns
from fmstudio.session.captioned import Captioned, CaptionedModel, Line
from fmstudio.session.picture_list import Picture
from fmstudio.training.events import Ints
from fmstudio.ui.compare.two_answers import TwoAnswers
from fmstudio.ui.pictures.caption_wall import CaptionWall
from fmstudio.ui.widgets import FewLines, button, label
from fmstudio.words import tr, tr_n


class PartWall(QWidget):
    """Those whose loss changed most come first.

    Attributes:
        results_asked: The user wants to see these pictures on the page Results.
        escaped: Esc was pressed while none is large.
    """

    results_asked = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("partWall")
        self._two: TwoRuns | None = None
        self._classes: tuple[str, ...] = ()
        self._short: tuple[str, ...] = ()
        self._images: PictureSet | None = None
        self._places: dict[int, int] = {}
        self._rows: Ints | None = None
        self._sentence, self._order = FewLines("title", 2), label(role="small")
        self._show = button(tr("Show these in Results"), "", "showInResults")
        self._model = CaptionedModel(self)
        self.view = CaptionWall(self._model, edge=64, lines=3, sample=tr("A ✗ T-shirt"))
        self.view.setObjectName("partView")
        self.view.setAccessibleName(tr("Pictures of this part"))
        self._large = TwoAnswers()
        self._build()

    def show_two(
        self, two: TwoRuns, pictures: PictureSet, classes: tuple[str, ...], short_classes: tuple[str, ...]
    ) -> None:
        """Show the pictures of another comparison, none before a part is chosen."""
        self._two, self._images, self._classes, self._short = two, pictures, classes, short_classes
        self._places = {sample: place for place, sample in enumerate(pictures.samples.tolist())}

    def show_part(self, part: Part | Cell) -> None:
        """Show the pictures of a part."""
        if self._two is None:
            return
        self._rows = self._two.rows(part)
        count = len(self._rows)
        self._sentence.show_text(self._words(part, count))
        self._order.setVisible(count > 1)
        self._show.setEnabled(count > 0)
        self._large.hide()
        self._model.show(count, self._captioned)
        self.view.scrollToTop()

    @property
    def samples(self) -> Ints | None:
        """Index of each picture that is shown in the test split, ascending."""
        if self._two is None or self._rows is None:
            return None
        samples: Ints = self._two.a.samples[self._rows].copy()
        samples.sort()
        return samples

    @property
    def sentence(self) -> str:
        """What is shown."""
        return self._sentence.whole

    def _words(self, part: Part | Cell, count: int) -> str:
        number = f"{count:,}"
        if not isinstance(part, Cell):
            return tr_n(
                "{number} picture {part}", "{number} pictures {part}", count, number=number, part=tr(PARTS[part])
            )
        values = {"true": tr(self._classes[part.true]), "predicted": tr(self._classes[part.predicted]), "count": number}
        if self._two is not None and self._two.matrix[part.true, part.predicted] < 0:
            return tr("{count} × really {true}, taken for {predicted} by A but not by B", **values)
        return tr("{count} × really {true}, taken for {predicted} by B but not by A", **values)

    def _picture(self, row: int) -> Picture:
        """A picture by its row in the answers."""
        assert self._two is not None
        assert self._images is not None
        sample = int(self._two.a.samples[row])
        return Picture(self._images.images[self._places[sample]], sample, int(self._two.a.labels[row]))

    def _captioned(self, place: int) -> Captioned:
        two, rows = self._two, self._rows
        assert two is not None
        assert rows is not None
        row = int(rows[place])
        picture = self._picture(row)
        lines = [Line(tr(self._short[picture.label]))]
        answers = [int(one.predicted[row]) for one in (two.a, two.b)]
        for said, answer in zip(("A", "B"), answers, strict=True):
            right = answer == picture.label
            text = f"{said} {'✓' if right else '✗'} {tr(self._short[answer])}"
            lines.append(Line(text, "right" if right else "wrong", bold=True))
        names = {"number": picture.sample, "true": tr(self._classes[picture.label])}
        names |= {"a": tr(self._classes[answers[0]]), "b": tr(self._classes[answers[1]])}
        said = tr("Picture {number}: really {true}; A says {a}, B says {b}", **names)
        return Captioned(picture.image, tuple(lines), said, "right" if answers[1] == picture.label else "wrong")

    def _open(self, place: int) -> None:
        if self._two is not None and self._rows is not None and place < len(self._rows):
            row = int(self._rows[place])
            self._large.show_answers(self._two, row, self._picture(row), self._classes)
            self._large.show()
            self._order.hide()
            self.view.scrollTo(self.view.currentIndex())

    def _follow(self, place: int) -> None:
        if not self._large.isHidden():
            self._open(place)

    def _escape(self) -> None:
        if self._large.isHidden():
            self.escaped.emit()
        else:
            self._large.hide()
            self._order.show()

    def _build(self) -> None:
        self._order.setText(tr("Largest change of the loss first. A click shows one large, with both answers."))
        self._large.closed.connect(self._escape)
        self.view.opened.connect(self._open)
        self.view.moved.connect(self._follow)
        self.view.escaped.connect(self._escape)
        self._show.clicked.connect(self.results_asked)
        self._large.hide()
        head = QHBoxLayout()
        head.addWidget(self._sentence, 1)
        head.addWidget(self._show, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._order)
        column.addWidget(self.view, 1)
        column.addWidget(self._large)
