"""A system that lacks something: the program says what, and what to type, before Qt gives up."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from building.dependencies import PACKAGES

from proof.hardships import TINY
from proof.isolation import Done, Surroundings
from proof.machine import HOME, Machine
from proof.showing import calm
from proof.steps import Proof, require

LACKING = 3
"""The exit status that says: the environment lacks something."""
OPEN = 124
"""The exit status of ``timeout`` when what it watched has not ended: here a window that is open."""
ROUNDS = 3
"""How often a person can be expected to follow such advice."""
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
_ADVICE = re.compile(r"apt(?:-get)? install ([a-z0-9.+ -]+)")


def everything_lacks(proof: Proof, machine: Machine, program: str) -> None:
    """Debian without any library of windows: what the program says is followed until the window opens."""
    with proof.step("trains where there is no library of windows at all") as found:
        place = f"{HOME}/.local/share/fmstudio/runs"
        said = calm(machine.as_person(program, "train", "first-look", *TINY, "--library", place)).well()
        found["seconds of it"] = said.seconds
    with proof.step("names the packages that it lacks; followed, the window opens", vital=True) as found:
        advised: list[str] = []
        for number in range(1, ROUNDS + 1):
            done = opened(machine, program)
            if done.status == OPEN:
                break
            packages = advice(done)
            advised += packages
            machine.as_root("apt-get", "install", "--yes", "--no-install-recommends", *packages)
            found |= {"times": number, "packages": len(advised)}
        require(done.status == OPEN, f"After {ROUNDS} times it still ends: {done.err}")
        require(bool(advised), "It opened at once: the machine was not bare.")


def opened(machine: Machine, program: str, seconds: int = 12, around: Surroundings | None = None) -> Done:
    """Start the window, and leave it open for a while.

    Args:
        machine: The machine.
        program: What is started.
        seconds: After which it is closed.
        around: What is different for it.
    """
    return calm(machine.as_person("timeout", "--signal=TERM", str(seconds), program, around=around))


def advice(done: Done) -> list[str]:
    """The packages that a program which ended tells people to install."""
    require(done.status == LACKING, f"It ended with status {done.status}, and {LACKING} was expected: {done.err}")
    found = _ADVICE.search(done.err)
    require(found is not None, f"It names no package: {done.err}")
    return found[1].split() if found else []


def one_lacks(proof: Proof, machine: Machine, program: str) -> None:
    """Each library that comes from the system is hidden in turn."""
    with proof.step("each library that is hidden is named, with its package") as found:
        heard = {library: hiding(machine, program, library) for library in dict(from_system(machine))}
        wrong = [f"{library}: {said}" for library, said in heard.items() if said not in ("named", "not needed")]
        found |= {how: len([1 for said in heard.values() if said == how]) for how in ("named", "not needed")}
        require("named" in heard.values(), "Nothing was hidden.")
        require(not wrong, "\n".join([f"{len(wrong)} of {len(heard)} are not:", *wrong]))


def hiding(machine: Machine, program: str, library: str) -> str:
    """Hide a library; says whether the program names it, opens all the same, or what it says instead."""
    with hidden(machine, library):
        done = opened(machine, program, 8)
    if done.status == OPEN:
        return "not needed"
    right = library in done.err and set(advice(done)) & set(PACKAGES[library].split(" | "))
    return "named" if right else " ".join(done.err.split())


def from_system(machine: Machine) -> Iterator[tuple[str, str]]:
    """The libraries of windows that the system has, with their packages."""
    for library, package in PACKAGES.items():
        if re.match(r"lib(X|x|wayland|EGL|GL|dbus|font|free|glib)", library) and machine.exists(
            f"{LIBRARIES}/{library}"
        ):
            yield library, package


@contextmanager
def hidden(machine: Machine, library: str) -> Iterator[None]:
    """A library that is not there for a while."""
    file = machine.path(f"{LIBRARIES}/{library}")
    away = file.with_name(f"away-{file.name}")
    file.rename(away)
    try:
        yield
    finally:
        away.rename(file)


def no_display(proof: Proof, machine: Machine, program: str) -> None:
    """No screen, and one that does not answer."""
    for title, variables in (
        ("without a display it says so", {"DISPLAY": None, "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": None}),
        ("a display that does not answer is named", {"DISPLAY": ":99", "QT_QPA_PLATFORM": None}),
        ("a forced platform without a display is no way round", {"DISPLAY": None}),
    ):
        with proof.step(title) as found:
            done = opened(machine, program, 20, Surroundings(folder=HOME, variables=variables))
            require(done.status == LACKING, f"It ended with status {done.status}: {done.err}")
            require("xvfb-run" in done.err and "display" in done.err, f"It names no remedy: {done.err}")
            found["says"] = " ".join(done.err.split())
