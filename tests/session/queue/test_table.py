"""The queue as a table model."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.session.planned import Planned
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.table import QueueColumns, QueueTableModel
from fmstudio.session.session import TrainingSession


def planned(*changes: tuple[str, Any], about: About | None = None) -> Planned:
    return Planned(read_spec(changed(to_mapping(ExperimentSpec()), [("name", "Try"), *changes])), about or About())


@pytest.fixture
def queue(qapp: QApplication, tmp_path: Path) -> Iterator[Queue]:
    session = TrainingSession(tmp_path)
    made = Queue(session)
    yield made
    made.end()
    made.wait(0)
    session.finish(1000)


@pytest.fixture
def model(queue: Queue, qtmodeltester: ModelTester) -> QueueTableModel:
    made = QueueTableModel(queue)
    qtmodeltester.check(made)
    return made


def column(model: QueueTableModel, which: int) -> list[str]:
    return [str(model.index(row, which).data()) for row in range(model.rowCount())]


def test_every_change_keeps_the_model_whole(queue: Queue, model: QueueTableModel) -> None:
    a, b, _ = queue.add([planned(("optimizer.lr", lr)) for lr in (0.1, 0.2, 0.3)])
    kept = QPersistentModelIndex(model.index(0, QueueColumns.SETTINGS))
    queue.arrange([a.id], 3)
    assert column(model, QueueColumns.SETTINGS) == ["Learning rate 0.2", "Learning rate 0.3", "Learning rate 0.1"]
    assert kept.data() == "Learning rate 0.1", "a chosen row stays chosen"
    queue.remove(b.id)
    queue.add([planned(("seed", 7))])
    queue.put_back()
    assert model.rowCount() == 4
    queue.remove(*(entry.id for entry in queue.entries))
    assert model.rowCount() == 0


def test_one_alone_says_what_matters_most(queue: Queue, model: QueueTableModel) -> None:
    queue.add([planned()])
    assert column(model, QueueColumns.SETTINGS) == ["Fashion-MNIST · Small CNN · Adam"]
    assert column(model, QueueColumns.STATE) == ["○ waiting"]
    assert column(model, QueueColumns.NAME) == ["Try"]


def test_what_was_planned_together_is_called_as_its_recipe(queue: Queue, model: QueueTableModel) -> None:
    about = About(name="Seed 1", group="g", group_name="2 seeds", varied=("seed",))
    queue.add([planned(("seed", 1), about=about), planned(about=About(name="Mine"))])
    assert column(model, QueueColumns.NAME) == ["Try", "Mine"]
    assert column(model, QueueColumns.SETTINGS) == ["Seed 1", "Seed 0"]


def test_a_failure_says_why_in_plain_text(queue: Queue, model: QueueTableModel) -> None:
    (entry,) = queue.add([planned()])
    queue._put(replace(entry, state="failed", message="<b>No</b>\nmemory.", seconds=3.21))
    assert column(model, QueueColumns.STATE) == ["✗ failed"]
    assert column(model, QueueColumns.SETTINGS)[0].endswith("<b>No</b> memory.")
    assert column(model, QueueColumns.TIME) == ["3.2 s"]


def test_dragging_moves_what_waits(queue: Queue, model: QueueTableModel) -> None:
    entries = queue.add([planned(("seed", seed)) for seed in range(4)])
    queue._put(replace(entries[0], state="running"))
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    dragged = model.mimeData([model.index(3, 0), model.index(3, 1)])
    move = Qt.DropAction.MoveAction
    assert model.canDropMimeData(dragged, move, 1, 0, model.index(-1, -1))
    assert model.dropMimeData(dragged, move, 1, 0, model.index(-1, -1))
    assert column(model, QueueColumns.SETTINGS) == ["Seed 0", "Seed 3", "Seed 1", "Seed 2"]
    assert model.dropMimeData(model.mimeData([model.index(1, 0), model.index(2, 0)]), move, -1, -1, model.index(-1, -1))
    assert column(model, QueueColumns.SETTINGS) == ["Seed 0", "Seed 2", "Seed 3", "Seed 1"]
