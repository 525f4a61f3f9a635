"""Who is the first window, and how others hand over to it; the first one is played by a thread."""

import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fmstudio.machine.entrance import ANSWER, Door, enter, handed_over
from fmstudio.machine.meeting import Meeting, Request, meeting_for, private_folder

REQUEST = Request(("/home/eva/cnn.json",), language="zh_CN")


@pytest.fixture(params=["unix", "network"])
def meeting(request: pytest.FixtureRequest, tmp_path: Path) -> Meeting:
    return Meeting(tmp_path / "fmstudio-1", unix=request.param == "unix")


@pytest.fixture
def door(meeting: Meeting) -> Iterator[Door]:
    made = enter(meeting, Request()).door
    assert made is not None
    yield made
    made.close()


@contextmanager
def played(door: Door, act: Callable[[socket.socket], None]) -> Iterator[None]:
    """Somebody lets the next one in, and does something."""

    def wait() -> None:
        door.socket.settimeout(20)
        connection, _ = door.socket.accept()
        with connection:
            act(connection)

    thread = threading.Thread(target=wait)
    thread.start()
    yield
    thread.join()


def test_the_second_start_hands_over(meeting: Meeting, door: Door) -> None:
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        heard.append(connection.makefile("rb").readline())
        connection.sendall(ANSWER)

    with played(door, answer):
        entrance = enter(meeting, REQUEST, patience_s=20)
    assert (entrance.door, entrance.handed_over) == (None, True)
    values = json.loads(heard[0])
    assert (values["secret"], Request.read(values)) == (door.secret, REQUEST)


def test_a_first_window_that_hangs_blocks_nobody(meeting: Meeting, door: Door) -> None:
    entrance = enter(meeting, REQUEST, patience_s=0.2)
    assert (entrance.door, entrance.handed_over) == (None, False)


def test_a_first_window_that_ends_makes_room(meeting: Meeting) -> None:
    first = enter(meeting, Request()).door
    assert first is not None
    with played(first, lambda connection: first.close()):
        entrance = enter(meeting, REQUEST, patience_s=20)
    assert entrance.door is not None
    entrance.door.close()


def test_what_a_crash_left_behind_is_no_obstacle(meeting: Meeting) -> None:
    for ending in (".lock", ".socket", ".json"):
        meeting.file(ending).write_text("old", encoding="utf-8")
    assert not handed_over(meeting, REQUEST, 1)
    entrance = enter(meeting, REQUEST)
    assert entrance.door is not None
    entrance.door.close()
    assert [path.name for path in meeting.stem.parent.glob("fmstudio*")] == ["fmstudio-1.lock"]


def test_without_a_place_everybody_opens_a_window(tmp_path: Path) -> None:
    assert enter(None, REQUEST).door is None
    nowhere = Meeting(tmp_path / "missing" / "fmstudio-1")
    assert (enter(nowhere, REQUEST).door, enter(nowhere, REQUEST).handed_over) == (None, False)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out of a person's folder")
def test_the_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "fmstudio-1", unix=False)
    entrance = enter(meeting, REQUEST)
    assert entrance.door is not None
    assert stat.S_IMODE(meeting.file(".json").stat().st_mode) == 0o600
    assert len(entrance.door.secret) == 32
    entrance.door.close()


class TestPlace:
    def test_people_libraries_homes_and_screens_are_told_apart(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = {"XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":0"}
        stems = [meeting_for(None, here), meeting_for(tmp_path, here), meeting_for(None, here | {"DISPLAY": ":1"})]
        monkeypatch.setenv("FMSTUDIO_HOME", str(tmp_path / "other"))
        stems.append(meeting_for(None, here))
        assert len({one.stem for one in stems if one}) == 4
        assert meeting_for(None, here) == stems[-1]

    @pytest.mark.skipif(os.name != "posix", reason="modes of folders")
    def test_a_folder_that_others_can_write_is_not_used(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        open_to_all, temporary = tmp_path / "open", tmp_path / "temporary"
        open_to_all.mkdir()
        open_to_all.chmod(0o777)
        temporary.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(temporary))
        found = private_folder({"XDG_RUNTIME_DIR": str(open_to_all)})
        assert found is not None
        assert (found.parent, stat.S_IMODE(found.stat().st_mode)) == (temporary, 0o700)
        found.chmod(0o777)
        assert private_folder({}) is None

    def test_there_may_be_no_place_at_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
        assert private_folder({"XDG_RUNTIME_DIR": str(tmp_path / "gone")}) is None
        assert meeting_for(None, {}) is None


def test_a_request_may_hold_anything() -> None:
    assert Request.read({"paths": ["a", 3], "language": 7, "other": None}) == Request(("a",))
    assert Request.read({"paths": "a"}) == Request()
