"""The curves of a run: how many right, the loss, the learning rate; live while it trains."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.runs.run import Run
from fmstudio.ui.plots.accuracy import AccuracyPage
from fmstudio.ui.plots.frame import AXIS_WIDTH
from fmstudio.ui.plots.history import History
from fmstudio.ui.plots.legend import Legend
from fmstudio.ui.plots.loss import LossPage
from fmstudio.ui.plots.page import Page
from fmstudio.ui.plots.picture import Picture, write_whole
from fmstudio.ui.plots.rate import RatePage
from fmstudio.ui.plots.table import points_as_csv
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import tr

_PAGES: dict[str, Callable[[], Page]] = {"accuracy": AccuracyPage, "loss": LossPage, "rate": RatePage}


class CurvesPanel(QWidget):
    """Three plots over the steps of a run, one of them visible; each keeps its own zoom.

    Attributes:
        tabs: Which plot is visible: "accuracy", "loss" or "rate".
        log_switch: Whether the value axis is logarithmic.
        more_button: "⋯"; ``menu`` is what it opens.
        library: The folder in which a run lies that goes on; None for the user's.
    """

    saved = Signal(str)
    """A file was written: its path."""

    epoch_chosen = Signal(int)
    """The dot of an epoch was clicked: its number."""

    problem = Signal(str, str)
    """A file could not be written: what happened, and what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curvesPanel")
        self.library: Path | None = None
        self._run: Run | None = None
        self._history: History | None = None
        self._epochs = 1
        self._references: tuple[float | None, ...] = (None, None)
        self._you: float | None = None
        self._looked: int | None = None
        self._shown: tuple[object, ...] = ()
        self._pages: dict[str, Page] = {}
        self._numbers = (False, True)
        self._for_pictures = "accuracy"
        self._stack = QStackedWidget()
        self._legend = Legend(AXIS_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._header())
        column.addWidget(self._stack, 1)
        column.addWidget(self._legend)
        self.choose("accuracy")

    def show_run(self, run: Run | None, *, people: float | None, guessing: float | None) -> None:
        """Draw a run as far as it has come; cheap while nothing is new, or while nobody looks.

        Args:
            run: None for empty axes.
            people: What people reach on this data set, 0…1; None where nobody has measured it.
            guessing: What guessing reaches, 0…1; None where there is nothing to guess.
        """
        if run is not self._run:
            self._take(run)
        self._references = people, guessing
        if self.isVisible():
            self._refresh()

    def show_epoch(self, epoch: int | None) -> None:
        """Mark the epoch whose network is looked at; None where it is the present one."""
        self._looked = epoch
        if self.isVisible():
            self._refresh()

    def show_own_score(self, share: float | None) -> None:
        """Draw what the user reached against the network, 0…1; None: nothing."""
        self._you = share
        if self.isVisible():
            self._refresh()

    def show_empty(self, epochs: int) -> None:
        """Empty axes for a run of so many epochs, with the reference lines that were shown last."""
        self._take(None)
        self._epochs = max(1, epochs)
        if self.isVisible():
            self._refresh()

    def show_numbers(self, on: bool, *, logarithmic: bool = True) -> None:
        """Say whether runs learn numbers: then nothing is right or wrong, and the loss is what one wants to see first.

        Args:
            on: Whether they do.
            logarithmic: Whether the loss has an axis of powers of ten then, through which it falls.
        """
        if (on, logarithmic) == self._numbers:
            return
        was, self._numbers = self._numbers[0], (on, logarithmic)
        self.tabs.buttons["accuracy"].setVisible(not on)
        if not on:
            self._page("loss").set_logarithmic(False)
            self.choose(self._for_pictures)
            return
        if not was:
            self._for_pictures = self.tabs.key
        self._page("loss").set_logarithmic(logarithmic)
        self.choose("loss" if self.tabs.key == "accuracy" else self.tabs.key)

    def choose(self, key: str) -> None:
        """Show another plot: "accuracy", "loss" or "rate"."""
        self.tabs.choose(key)
        page = self._page(key)
        self._stack.setCurrentWidget(page)
        self._title.setText(page.title)
        self.log_switch.setEnabled(page.logarithmic is not None)
        self.log_switch.setChecked(bool(page.logarithmic))
        self._refresh()

    def _page(self, key: str) -> Page:
        """One of the plots, made when it is needed first."""
        if key not in self._pages:
            page = self._pages[key] = _PAGES[key]()
            page.setObjectName(f"curves.{key}")
            page.plot.setAccessibleName(page.title)
            page.read.connect(self._legend.show_readout)
            page.epoch_chosen.connect(self.epoch_chosen)
            self._stack.addWidget(page)
        return self._pages[key]

    @property
    def page(self) -> Page:
        """The plot that is visible."""
        return self._pages[self.tabs.key]

    @property
    def readout(self) -> str:
        """What is under the crosshair, in words; empty where it is nowhere."""
        return self._legend.readout

    def save_png(self, path: Path) -> None:
        """Write the visible plot as a picture with twice as many pixels as the screen shows."""
        self._picture().save_png(path)

    def save_svg(self, path: Path) -> None:
        """Write the visible plot as lines and letters."""
        self._picture().save_svg(path)

    def save_csv(self, path: Path) -> None:
        """Write every point of the run, one row a step; ``plots.table`` says what the columns are."""
        if self._run:
            write_whole(path, points_as_csv(self._run).encode())

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self._picture().pixmap())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while nobody looked."""
        super().showEvent(event)
        self._refresh()

    def _header(self) -> QHBoxLayout:
        """Heading, tabs, the switch for a logarithmic axis, and the menu."""
        self._title = label("", "title")
        self.tabs = TabRow({"accuracy": tr("Accuracy"), "loss": tr("Loss"), "rate": tr("Rate")})
        self.tabs.chosen.connect(self.choose)
        self.log_switch = button(tr("log"), "tab", "curvesLog")
        self.log_switch.setToolTip(tr("Logarithmic axis: each step up is ten times as much."))
        self.log_switch.clicked.connect(self._switch_log)
        self.menu = self._make_menu()
        self.more_button = button("⋯", "quiet", "curvesMore")
        self.more_button.setToolTip(tr("Save, copy, show everything"))
        self.more_button.setAccessibleName(tr("Save, copy, show everything"))
        self.more_button.clicked.connect(self._open_menu)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._title)
        row.addStretch(1)
        for widget in (self.tabs, self.log_switch, self.more_button):
            row.addWidget(widget)
        return row

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Save as PNG…"), self._ask_png)
        menu.addAction(tr("Save as SVG…"), self._ask_svg)
        menu.addAction(tr("Copy picture"), self.copy_picture)
        self._csv_action = menu.addAction(tr("Save points as CSV…"), self._ask_csv)
        self._csv_action.setEnabled(False)
        menu.addSeparator()
        menu.addAction(tr("Show everything"), self._show_everything)
        return menu

    def _take(self, run: Run | None) -> None:
        self._run, self._history = run, History(run) if run else None
        self._csv_action.setEnabled(run is not None)

    def _refresh(self) -> None:
        """Draw the visible plot, if anything has changed since."""
        run, page = self._run, self.page
        state = (run, run.version if run else 0, self._references, self._you, self._looked, self._epochs, page)
        if state == self._shown:
            return
        self._shown = state
        if self._history:
            self._history.update()
        if isinstance(page, AccuracyPage):
            people, guessing = self._references
            page.show_references(people=people, guessing=guessing, you=self._you)
        page.show_history(self._history, self._epochs)
        ended = run.epochs if run else ()
        page.show_looked(next((float(one.step) for one in ended if one.epoch == self._looked), None))
        self._legend.show_entries(page.legend())

    def _switch_log(self, on: bool) -> None:
        self.page.set_logarithmic(on)

    def _show_everything(self) -> None:
        self.page.show_everything()

    def _open_menu(self) -> None:
        corner = QPoint(self.more_button.width() - self.menu.sizeHint().width(), self.more_button.height())
        self.menu.popup(self.more_button.mapToGlobal(corner))

    def _picture(self) -> Picture:
        name = self._run.title if self._run else ""
        heading = " · ".join(filter(None, [self.page.title, name]))
        return Picture(self.page, self._legend, heading, [self._run] if self._run else (), self.library)

    def _ask_png(self) -> None:
        self._ask(tr("Pictures"), ".png", self.save_png)

    def _ask_svg(self) -> None:
        self._ask(tr("Drawings"), ".svg", self.save_svg)

    def _ask_csv(self) -> None:
        self._ask(tr("Tables"), ".csv", self.save_csv)

    def _ask(self, kind: str, ending: str, save: Callable[[Path], None]) -> None:
        """Ask where to, and save there."""
        name = (self._run.title if self._run else "") or tr("Curves")
        chosen, _ = QFileDialog.getSaveFileName(self, "", f"{name}{ending}", f"{kind} (*{ending})")
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen + ending)
        try:
            save(path)
        except OSError as error:
            self.problem.emit(
                tr("{name} could not be written: {reason}.", name=path.name, reason=error.strerror or str(error)),
                tr("Choose another folder, or make room on the disk."),
            )
        else:
            self.saved.emit(str(path))
