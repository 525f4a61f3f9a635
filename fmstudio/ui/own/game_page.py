"""You against it: the page in the drawer on which one names pictures, and is compared with the network."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.session.captioned import Captioned, CaptionedModel, Line
from fmstudio.session.game import Game, Opponent, opponent
from fmstudio.session.sight import Sight
from fmstudio.ui.pictures.caption_wall import CaptionWall
from fmstudio.ui.pictures.large_picture import LargePicture
from fmstudio.ui.widgets import Button, button, label
from fmstudio.words import tr

_EDGE = 256
_COLUMNS = 2


class GamePage(QWidget):
    """Twenty of the watched pictures without their labels; at the end both scores, and what each got wrong.

    Attributes:
        scored: The user has named all pictures: the share that was right, 0…1.
    """

    scored = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gamePage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sight: Sight | None = None
        self._game: Game | None = None
        self._number = 0
        self._place, self._hint = label(role="title"), label(role="secondary")
        self._picture = LargePicture(_EDGE)
        self._options = [button("", "", f"answer.{key}") for key in range(10)]
        self._back = button(tr("Take the last answer back"), "link", "gameBack")
        self._result, self._wrong = label(role="title"), label(role="secondary")
        self._again = button(tr("Play again"), "primary", "playAgain")
        self._model = CaptionedModel(self)
        self._wall = CaptionWall(self._model, edge=72, lines=3, sample=tr("You ✗ T-shirt/top"))
        self._nothing = label(tr("There are no pictures to play with yet."), "secondary")
        self._build()

    def show_sight(self, sight: Sight) -> None:
        """Follow what is looked at: the network goes on learning while one plays."""
        self._sight = sight
        if sight.data is None or not len(sight.data.test):
            self._stack.setCurrentIndex(2)
            return
        if self._game is None or self._game.data is not sight.data:
            self._begin()
        elif self._game.over:
            self._show_result()
        else:
            self._stack.setCurrentIndex(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 9 and 0 name the picture, the backspace key takes the last answer back."""
        place = (event.key() - Qt.Key.Key_1) % 10 if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9 else -1
        if 0 <= place < len(self._options) and self._options[place].isVisible():
            self._options[place].click()
        elif event.key() == Qt.Key.Key_Backspace and self._back.isEnabled():
            self._take_back()
        else:
            super().keyPressEvent(event)

    def _begin(self) -> None:
        if self._sight is None or self._sight.data is None:
            return
        self._game = Game(self._sight.data, self._number)
        self._number += 1
        self._ask()

    def _ask(self) -> None:
        """Show the next picture, or the end."""
        game = self._game
        if game is None:
            return
        if game.over:
            self._show_result()
            self.scored.emit(game.right / len(game))
            self._again.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._stack.setCurrentIndex(0)
        self._place.setText(tr("{place} of {count}", place=game.place + 1, count=len(game)))
        self._picture.show_image(game.pictures.images[game.place])
        self._picture.setAccessibleName(tr("Picture {place}, without its label", place=game.place + 1))
        self._back.setEnabled(game.place > 0)
        for number, made in enumerate(self._options):
            made.setVisible(number < len(game.options))
            if number < len(game.options):
                name = tr(game.data.classes[game.options[number]])
                made.setText(f"{(number + 1) % 10}   {name}")
                made.setAccessibleName(name)

    def _choose(self, number: int) -> None:
        if self._game is not None and not self._game.over:
            self._game.answer(self._game.options[number])
            self._ask()

    def _take_back(self) -> None:
        if self._game is not None:
            self._game.go_back()
            self._ask()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_result(self) -> None:
        game, sight = self._game, self._sight
        if game is None or sight is None:
            return
        it = opponent(sight.run, game.pictures.samples, sight.epoch)
        count = len(game)
        you = tr("You: {right} of {count}.", right=game.right, count=count)
        self._result.setText(f"{you} {_its_words(game, it)}")
        rows = [row for row in range(count) if _anybody_wrong(game, it, row)]
        self._wrong.setText(_wrong_words(len(rows), it is not None))
        self._model.show(len(rows), lambda place: _captioned(game, it, rows[place]))
        self._stack.setCurrentIndex(1)

    def _build(self) -> None:
        self._hint.setText(tr("What is it? Click, or press its number."))
        self._hint.setToolTip(tr("You see the very pixels that the network gets."))
        self._wrong.setWordWrap(True)
        self._result.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._playing())
        self._stack.addWidget(self._ending())
        empty = QWidget()
        QVBoxLayout(empty).addWidget(self._nothing, alignment=Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(empty)

    def _playing(self) -> QWidget:
        page, head, grid = QWidget(), QHBoxLayout(), QGridLayout()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head.addWidget(self._hint, 1)
        head.addWidget(self._place)
        grid.setSpacing(6)
        for number, made in enumerate(self._options):
            made.setStyleSheet("text-align: left;")
            made.clicked.connect(lambda _=False, number=number: self._choose(number))
            rows = (len(self._options) + 1) // _COLUMNS
            grid.addWidget(made, number % rows, number // rows)
        self._back.clicked.connect(self._take_back)
        column.addLayout(head)
        column.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(grid)
        column.addWidget(self._back, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _ending(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._result.setObjectName("gameResult")
        self._wall.setAccessibleName(tr("Pictures that one of you got wrong"))
        self._again.clicked.connect(self._play_again)
        column.addWidget(self._result)
        column.addWidget(self._wrong)
        column.addWidget(self._wall, 1)
        column.addWidget(self._again)
        return page

    def _play_again(self) -> None:
        self._begin()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def options(self) -> list[Button]:
        """The buttons to answer with."""
        return self._options


def _its_words(game: Game, it: Opponent | None) -> str:
    if it is None:
        return tr("It has not been asked yet: press Train.")
    right = int((it.predicted == game.pictures.labels).sum())
    if it.epoch == 0:
        return tr("It: {right} of {count}, before it learned anything.", right=right, count=len(game))
    return tr("It: {right} of {count} at epoch {epoch}.", right=right, count=len(game), epoch=it.epoch)


def _wrong_words(count: int, both: bool) -> str:
    if not count:
        return tr("Not one was wrong.")
    return tr("What one of you got wrong:") if both else tr("What you got wrong:")


def _anybody_wrong(game: Game, it: Opponent | None, row: int) -> bool:
    true = int(game.pictures.labels[row])
    return game.answers[row] != true or (it is not None and int(it.predicted[row]) != true)


def _captioned(game: Game, it: Opponent | None, row: int) -> Captioned:
    """A picture with what it is, what the user took it for, and what the network took it for."""
    true, names = int(game.pictures.labels[row]), game.data.short_classes
    lines = [Line(tr(names[true]))]
    who = [(tr("You {answer}"), game.answers[row])]
    if it is not None:
        who.append((tr("It {answer}"), int(it.predicted[row])))
    for said, answer in who:
        mark = "✓" if answer == true else "✗"
        colour = "right" if answer == true else "wrong"
        lines.append(Line(said.format(answer=f"{mark} {tr(names[answer])}"), colour, bold=True))
    frame = "right" if game.answers[row] == true else "wrong"
    return Captioned(game.pictures.images[row], tuple(lines), ", ".join(line.text for line in lines), frame)
