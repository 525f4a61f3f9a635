"""The clean machine under proof: its person, its screen, its files."""

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bootstrapping import system
from bootstrapping.screen import SIZE, on_virtual_screen, virtual_screen

from proof.isolation import Done, Mount, Surroundings, run, running
from proof.steps import require

PERSON, NUMBER = "reader", 1000
HOME = f"/home/{PERSON}"
RUNS = f"{HOME}/.local/share/fmstudio"
"""What the program writes there unless it is told otherwise."""
PASSING = ("proc", "sys", "dev", "tmp", "run")
"""Folders that hold nothing when the machine is switched off."""


@dataclass(frozen=True)
class Machine:
    """A root and who uses it.

    Attributes:
        root: The folder that is ``/`` there.
        display: The X server that it sees; empty for none.
        mounts: What it sees besides.
    """

    root: Path
    display: str = ""
    mounts: tuple[Mount, ...] = ()

    def as_root(self, *command: str, first: Sequence[str] = ()) -> Done:
        """Run a command as root; the command must do well."""
        return run(self.root, command, Surroundings(mounts=self.mounts, first=first)).well()

    def as_person(self, *command: str, around: Surroundings | None = None, patience: float = 600) -> Done:
        """Run a command as the person, who needs not do well.

        Args:
            command: What is started.
            around: What is different for it.
            patience: Seconds after which it is ended.
        """
        return run(self.root, command, self.around(around), patience)

    @contextmanager
    def meanwhile(self, *command: str, around: Surroundings | None = None) -> Iterator["subprocess.Popen[bytes]"]:
        """Let a command of the person run."""
        with running(self.root, command, self.around(around)) as process:
            yield process

    def around(self, more: Surroundings | None = None) -> Surroundings:
        """What is round the person's commands: home, screen, and what is different."""
        given: Mapping[str, str | None] = {"HOME": HOME, "USER": PERSON, "LOGNAME": PERSON}
        if self.display:
            given = {**given, **on_virtual_screen({}, self.display)}
        own = more or Surroundings(folder=HOME)
        variables = {**given, **own.variables}
        return replace(own, user=own.user or NUMBER, variables=variables, mounts=(*self.mounts, *own.mounts))

    def path(self, place: str) -> Path:
        """A place there, as seen from here."""
        return self.root / place.lstrip("/")

    def exists(self, place: str) -> bool:
        """Whether something is there."""
        return os.path.lexists(self.path(place))


def move_in(machine: Machine) -> dict[str, str]:
    """Make the person, and make sure that nothing is there that would help: no Python, no compiler, no network."""
    machine.as_root("useradd", "--create-home", "--uid", str(NUMBER), "--shell", "/bin/bash", PERSON)
    helpers = [name for name in ("python3", "python", "cc", "gcc", "c++", "pip") if _has(machine, name)]
    require(not helpers, f"The machine is not clean: {', '.join(helpers)}")
    links = machine.as_person("cat", "/proc/net/dev").well().out.splitlines()[2:]
    require([line.split(":")[0].strip() for line in links] == ["lo"], f"There is a network: {links}")
    packages = machine.as_root("dpkg-query", "--show").out.splitlines()
    return {"packages": str(len(packages)), "megabytes": str(round(disk_bytes(machine.root) / 1e6))}


def _has(machine: Machine, name: str) -> bool:
    return any(machine.exists(f"{folder}/{name}") for folder in ("/usr/bin", "/usr/local/bin", "/bin"))


@contextmanager
def screen(machine: Machine, size: str = SIZE) -> Iterator[Machine]:
    """A machine with a virtual screen. The X server runs outside: nothing of what it needs helps the program.

    Args:
        machine: The machine.
        size: Width, height and depth.
    """
    if shutil.which("Xvfb") is None:
        system.install(["xvfb"], ["Xvfb"])
    with virtual_screen(size) as display:
        name = f".X11-unix/X{display.removeprefix(':')}"
        socket = Path("/tmp") / name  # where every X server puts it
        place = machine.path(f"/tmp/{name}")
        place.parent.mkdir(mode=0o1777, exist_ok=True)
        place.touch()
        yield replace(machine, display=display, mounts=(*machine.mounts, Mount(socket, f"/tmp/{name}", writable=True)))
        place.unlink()


def everything(root: Path) -> set[str]:
    """The names of all files and folders of a root, except those that are gone after a restart."""
    found: set[str] = set()
    for folder, folders, files in os.walk(root):
        inner = Path(folder).relative_to(root)
        if inner == Path():
            folders[:] = [name for name in folders if name not in PASSING]
        found.update(f"/{(inner / name).as_posix()}" for name in (*folders, *files))
    return found


def contents(folder: Path) -> dict[str, str]:
    """What is in each file of a folder, as a hash."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def disk_bytes(folder: Path) -> int:
    """The bytes of the files of a folder, each counted once."""
    sizes = {}
    for where, _, files in os.walk(folder):
        for name in files:
            about = (Path(where) / name).lstat()
            if stat.S_ISREG(about.st_mode):
                sizes[about.st_dev, about.st_ino] = about.st_size
    return sum(sizes.values())
