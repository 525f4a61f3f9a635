"""Commands in a root of their own: with its files, its processes and its network, which is none."""

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from building.words import BuildError

PATIENCE = 600
"""Seconds after which a command has failed."""
NODES = ("null", "zero", "full", "random", "urandom", "tty")
"""The devices that every program may expect."""
BARE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
"""The environment; nothing of this machine's."""


@dataclass(frozen=True)
class Mount:
    """Something of this machine that is seen in the root.

    Attributes:
        source: A file or a folder here.
        place: Where it is seen there; must exist.
        writable: Whether it may be changed from there.
    """

    source: Path
    place: str
    writable: bool = False


@dataclass(frozen=True)
class Surroundings:
    """As whom, where and with what a command runs.

    Attributes:
        user: Its user and group, by number.
        folder: Where it starts.
        variables: Its environment besides ``BARE``; None takes one away.
        mounts: What it sees besides the root.
        first: Shell lines before it, as root, where ``$root`` is the root.
    """

    user: int = 0
    folder: str = "/"
    variables: Mapping[str, str | None] = field(default_factory=dict)
    mounts: Sequence[Mount] = ()
    first: Sequence[str] = ()


@dataclass(frozen=True)
class Done:
    """A command that has ended.

    Attributes:
        line: What was started.
        status: Its exit status.
        out: What it printed.
        err: What it complained of.
        seconds: How long it took.
    """

    line: str
    status: int
    out: str
    err: str
    seconds: float

    def well(self) -> "Done":
        """Itself.

        Raises:
            BuildError: Where it failed.
        """
        if self.status != 0:
            raise BuildError(f"“{self.line}” ended with status {self.status}:", (self.err or self.out)[-1500:])
        return self


def run(root: Path, command: Sequence[str], around: Surroundings, patience: float = PATIENCE) -> Done:
    """Run a command in a root, and wait for its end.

    Args:
        root: The folder that is ``/`` for it.
        command: What is started.
        around: As whom, where and with what.
        patience: Seconds after which it is ended.
    """
    began = time.monotonic()
    asked = subprocess.run(
        command_line(root, command, around),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=patience,
        check=False,
    )
    seconds = round(time.monotonic() - began, 2)
    return Done(shlex.join(command), asked.returncode, asked.stdout, asked.stderr, seconds)


@contextmanager
def running(root: Path, command: Sequence[str], around: Surroundings) -> Iterator["subprocess.Popen[bytes]"]:
    """Let a command run in a root meanwhile; then it is asked to end, as by logging out."""
    process = subprocess.Popen(
        command_line(root, command, around),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        for child in _innermost(process.pid):
            os.kill(child, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def command_line(root: Path, command: Sequence[str], around: Surroundings) -> list[str]:
    """What is started on this machine to run a command in a root."""
    own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts", "--net", "--propagation=private"]
    return [*own, "sh", "-c", "\n".join(_lines(root, command, around))]


def _lines(root: Path, command: Sequence[str], around: Surroundings) -> Iterator[str]:
    yield from ("set -e", f"root={shlex.quote(str(root))}", 'mount -t proc proc "$root/proc"')
    yield from ('mount -t sysfs -o ro sysfs "$root/sys"', 'mount -t tmpfs -o mode=755 tmpfs "$root/dev"')
    for node in NODES:
        yield f': > "$root/dev/{node}"; mount --bind /dev/{node} "$root/dev/{node}"'
    yield 'mkdir -m 1777 "$root/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"'
    yield 'ln -s /proc/self/fd "$root/dev/fd"'
    for mount in around.mounts:
        place = f'"$root"{shlex.quote(mount.place)}'
        yield f"mount --bind {shlex.quote(str(mount.source))} {place}"
        if not mount.writable:
            yield f"mount -o remount,bind,ro {place}"
    yield from around.first
    given = {name: value for name, value in {**BARE, **around.variables}.items() if value is not None}
    ids = [f"--userspec={around.user}:{around.user}", f"--groups={around.user}"]
    words = [*ids, "/", "env", "-i", f"--chdir={around.folder}", *(f"{name}={text}" for name, text in given.items())]
    started = shlex.join([*words, *command]).replace(" / ", ' "$root" ', 1)
    yield f"status=0; chroot {started} || status=$?; exit $status"


def _innermost(process: int) -> list[int]:
    """The processes at the end of a chain that ``unshare`` begins: the program, below a shell."""
    children = Path(f"/proc/{process}/task/{process}/children")
    found = [int(number) for number in children.read_text(encoding="ascii").split()] if children.exists() else []
    return [last for child in found for last in _program_below(child)]


def _program_below(shell: int) -> list[int]:
    children = Path(f"/proc/{shell}/task/{shell}/children")
    return [int(number) for number in children.read_text(encoding="ascii").split()] if children.exists() else []
