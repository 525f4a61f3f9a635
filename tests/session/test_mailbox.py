"""Events over the thread boundary: none is lost, in order, and not a signal for each."""

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fmstudio.session.mailbox import Mailbox
from fmstudio.training.events import CheckpointSaved, Event

MANY = 10_000


class Reader(QObject):
    """Empties a mailbox whenever it rings."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox
        self.events: list[Event] = []
        self.rings = 0
        self.threads: set[int] = set()
        mailbox.arrived.connect(self.read)

    def read(self) -> None:
        """Take what there is."""
        self.rings += 1
        self.threads.add(threading.get_ident())
        self.events += self._mailbox.take()


def event(step: int) -> CheckpointSaved:
    return CheckpointSaved(epoch=0, step=step)


def steps(events: list[Event]) -> list[int]:
    return [one.step for one in events if isinstance(one, CheckpointSaved)]


def post_many(mailbox: Mailbox) -> None:
    for step in range(MANY):
        mailbox.post(event(step))


def test_a_thread_posts_many_and_none_is_lost(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    reader = Reader(mailbox)
    thread = threading.Thread(target=post_many, args=(mailbox,))
    thread.start()
    qtbot.waitUntil(lambda: len(reader.events) == MANY, timeout=20_000)
    thread.join()
    assert steps(reader.events) == list(range(MANY))
    assert reader.threads == {threading.get_ident()}
    assert mailbox.take() == []


def test_what_waits_rings_once(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    reader = Reader(mailbox)
    thread = threading.Thread(target=post_many, args=(mailbox,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reader.rings > 0, timeout=5_000)
    assert (reader.rings, len(reader.events)) == (1, MANY)
    mailbox.post(event(1))
    assert (reader.rings, len(reader.events)) == (2, MANY + 1)


def test_taking_empties_it() -> None:
    mailbox = Mailbox()
    assert mailbox.take() == []
    mailbox.post(event(1))
    mailbox.post(event(2))
    assert steps(mailbox.take()) == [1, 2]
    assert mailbox.take() == []
