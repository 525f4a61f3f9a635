"""Working through pictures whose labels are worth a look: decisions, each written down at once, with undo."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from fmstudio.catalog.datasets import Pictures
from fmstudio.data.corrections import Decision, Key, from_csv, merged, to_csv
from fmstudio.data.library import ImageData
from fmstudio.errors import UserError
from fmstudio.insight.data_check import Suspect
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.words import tr

Index = QModelIndex | QPersistentModelIndex
MARKS = {"right": "✓", "relabel": "→", "exclude": "✕"}
"""What stands before a picture that was decided about."""
MARK = Qt.ItemDataRole.UserRole.value
"""The role of the mark, empty where nothing was decided."""


class Review(QObject):
    """The queue of pictures, which one is looked at, and what was decided.

    Signals:
        moved(): Another picture, or another queue, is looked at.
        decided(): Something was decided, or taken back.
        failed(UserError): The table could not be read or written.
    """

    moved = Signal()
    decided = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue: tuple[Suspect, ...] = ()
        self.place = 0
        self.decisions: dict[Key, Decision] = {}
        self._table: Path | None = None
        self._whole: ImageData | None = None
        self._past: list[tuple[Suspect, Decision | None]] = []

    def open(self, table: Path, whole: ImageData) -> None:
        """Go on with what was decided before.

        Args:
            table: The file of the decisions; it need not be there yet.
            whole: All pictures as the files have them.
        """
        if table == self._table and whole is self._whole:
            return
        self._table, self._whole, self._past = table, whole, []
        self.decisions = {}
        if table.is_file():
            try:
                self.decisions = from_csv(table.read_text(encoding="utf-8"), whole)
            except UserError as error:
                self._set_aside(error)
            except (OSError, UnicodeDecodeError):
                self._set_aside(UserError(tr("{path} cannot be read.", path=table)))
        self.decided.emit()

    def show_queue(self, queue: Sequence[Suspect]) -> None:
        """Look at other pictures, at the first that nothing was decided about; the one looked at stays where it can."""
        before = self.current
        self.queue = tuple(queue)
        keys = [one.key for one in self.queue]
        if before is not None and before.key in keys:
            self.place = keys.index(before.key)
        else:
            self.place = next((row for row, key in enumerate(keys) if key not in self.decisions), 0)
        self.moved.emit()

    @property
    def current(self) -> Suspect | None:
        """The picture that is looked at; None where there is none."""
        return self.queue[self.place] if self.place < len(self.queue) else None

    @property
    def decision(self) -> Decision | None:
        """What was decided about it."""
        return self.decisions.get(self.current.key) if self.current else None

    @property
    def reviewed(self) -> int:
        """How many of the queue were decided about."""
        return sum(one.key in self.decisions for one in self.queue)

    @property
    def corrected(self) -> int:
        """How many labels were changed in all."""
        return sum(one.verdict == "relabel" for one in self.decisions.values())

    @property
    def left_out(self) -> int:
        """How many pictures were left out in all."""
        return sum(one.verdict == "exclude" for one in self.decisions.values())

    @property
    def can_undo(self) -> bool:
        """Whether something was decided since it was opened."""
        return bool(self._past)

    def changes(self, dataset: Pictures) -> tuple[tuple[str, object], ...]:
        """What a recipe changes to use the decisions: pairs of path and value."""
        corrections, exclude = merged(dataset, self.decisions.values())
        return ("dataset.corrections", corrections), ("dataset.exclude", exclude)

    def go(self, place: int) -> None:
        """Look at the picture at a place of the queue; the nearest one where there is none."""
        place = max(0, min(place, len(self.queue) - 1))
        if place != self.place:
            self.place = place
            self.moved.emit()

    def keep(self) -> None:
        """The label is right."""
        if self.current is not None:
            self._decide(self.current.label)

    def relabel(self, label: int) -> None:
        """Another label is right."""
        if self.current is not None and self._whole is not None and 0 <= label < len(self._whole.classes):
            self._decide(label)

    def take_suggestion(self) -> None:
        """What the networks, or the duplicate, say is right; nothing where nothing is suggested."""
        if self.current is not None and self.current.suggested >= 0:
            self._decide(self.current.suggested)

    def leave_out(self) -> None:
        """The picture is of no use."""
        self._decide(None)

    def undo(self) -> None:
        """Take the last decision back, and look at its picture again."""
        if not self._past:
            return
        suspect, before = self._past.pop()
        self.decisions.pop(suspect.key, None)
        if before is not None:
            self.decisions[suspect.key] = before
        keys = [one.key for one in self.queue]
        if suspect.key in keys:
            self.place = keys.index(suspect.key)
        self._write()
        self.decided.emit()
        self.moved.emit()

    def _decide(self, label: int | None) -> None:
        """Note a decision about the current picture, and go on to the next that waits for one."""
        current, whole = self.current, self._whole
        if current is None or whole is None:
            return
        split, index = current.key
        pictures = whole.train if split == "train" else whole.test
        made = Decision(split, index, int(pictures.labels[index]), label)
        self._past.append((current, self.decisions.pop(current.key, None)))
        self.decisions[current.key] = made
        self._write()
        later = [*range(self.place + 1, len(self.queue)), *range(self.place)]
        self.place = next((row for row in later if self.queue[row].key not in self.decisions), self.place)
        self.decided.emit()
        self.moved.emit()

    def _write(self) -> None:
        if self._table is None:
            return
        try:
            self._table.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._table, to_csv(self.decisions.values()))
        except UserError as error:
            self.failed.emit(error)
        except OSError as error:
            self.failed.emit(cannot_write(self._table, error))

    def _set_aside(self, error: UserError) -> None:
        """Keep a table that cannot be read under another name, so that it is not overwritten."""
        assert self._table is not None
        other, number = self._table.with_name(f"{self._table.stem}-unread.csv"), 1
        while other.exists():
            number += 1
            other = self._table.with_name(f"{self._table.stem}-unread-{number}.csv")
        try:
            self._table.rename(other)
        except OSError as problem:
            self._table = None
            self.failed.emit(UserError(error.message, str(problem)))
            return
        self.failed.emit(UserError(error.message, tr("It is kept as {name}; a new table is begun.", name=other.name)))


class ReviewListModel(QAbstractListModel):
    """The queue of a review as a list: which picture, what it is said to be, and what was decided."""

    def __init__(self, review: Review, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._review = review
        self._queue = review.queue
        self._classes: tuple[str, ...] = ()
        review.moved.connect(self._follow)
        review.decided.connect(self._repaint)

    def name_classes(self, classes: tuple[str, ...]) -> None:
        """Take the short names of the classes, English."""
        self._classes = classes
        self._repaint()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many pictures wait, or waited, for a decision."""
        return 0 if parent.isValid() else len(self._queue)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line of one picture."""
        if not index.isValid() or index.row() >= len(self._queue):
            return None
        one = self._queue[index.row()]
        decision = self._review.decisions.get(one.key)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._line(one)
        if role == MARK:
            return MARKS[decision.verdict] if decision else ""
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{MARKS[decision.verdict] if decision else ''} {self._line(one)}: {one.words}".strip()
        return None

    def _line(self, one: Suspect) -> str:
        decision = self._review.decisions.get(one.key)
        place = tr("test {index:,}", index=one.index)
        if one.split == "train":
            place = tr("training {index:,}", index=one.index)
        names = [self._name(one.label)]
        if decision is not None and decision.corrected is not None and decision.corrected != one.label:
            names.append(self._name(decision.corrected))
        elif decision is None and one.suggested >= 0:
            names.append(tr("{name}?", name=self._name(one.suggested)))
        return f"{' → '.join(names)} · {place}"

    def _name(self, label: int) -> str:
        return tr(self._classes[label]) if label < len(self._classes) else str(label)

    def _follow(self) -> None:
        if self._queue is not self._review.queue:
            self.beginResetModel()
            self._queue = self._review.queue
            self.endResetModel()

    def _repaint(self) -> None:
        if self._queue:
            self.dataChanged.emit(self.index(0), self.index(len(self._queue) - 1))
