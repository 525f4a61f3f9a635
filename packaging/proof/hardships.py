"""What can be wrong round a program that is whole: home, locale, room for temporary files, a window that is open."""

import time
from collections.abc import Sequence

from building.words import BuildError

from proof.isolation import Done, Surroundings
from proof.machine import HOME, NUMBER, RUNS, Machine
from proof.showing import calm, demo, own
from proof.steps import Findings, Proof, require

TINY = ("--set", "epochs=1", "--set", "dataset.train_size=600", "--set", "dataset.test_size=200")
"""A training that takes a moment."""
STRANGER = 4242
"""Somebody whom the system does not know."""
LOCKED = "/home/locked"
MEETING = f"/tmp/fmstudio-{NUMBER}"
"""Where a second start finds the first window when the desktop offers no better place."""


def all_of_them(proof: Proof, machine: Machine, program: str) -> None:
    """One after the other."""
    no_home(proof, machine, program)
    locked_home(proof, machine, program)
    plain_locale(proof, machine, program)
    no_room(proof, machine, program)
    second_start(proof, machine, program)


def no_home(proof: Proof, machine: Machine, program: str) -> None:
    """HOME is unset: the system knows where the home is, or there is none."""
    unset = Surroundings(folder="/", variables={"HOME": None})
    with proof.step("HOME unset: trains, and the runs are in the home that the system knows") as found:
        before = len(list(machine.path(RUNS).rglob("spec.json")))
        calm(machine.as_person(program, "train", "first-look", *TINY, around=unset)).well()
        require(len(list(machine.path(RUNS).rglob("spec.json"))) == before + 1, "The run is somewhere else.")
        found |= demo(machine, program, proof.folder / "demo-no-home", unset)
    with proof.step(
        "HOME unset, for somebody whom the system does not know: a sentence, and nothing strewn about"
    ) as found:
        folder = own(machine, "/var/tmp/desk")
        machine.path(folder).chmod(0o777)
        nobody = Surroundings(user=STRANGER, folder=folder, variables={"HOME": None, "USER": None, "LOGNAME": None})
        done = calm(machine.as_person(program, "train", "first-look", *TINY, around=nobody))
        strewn = sorted(path.name for path in machine.path(folder).iterdir())
        require(not strewn, f"It ended with status {done.status} and left here: {', '.join(strewn)}")
        found |= said(done)


def locked_home(proof: Proof, machine: Machine, program: str) -> None:
    """The home cannot be written: a sentence where something must be kept, a window all the same."""
    machine.path(LOCKED).mkdir(mode=0o555)
    around = Surroundings(folder="/", variables={"HOME": LOCKED})
    commands: Sequence[tuple[str, Sequence[str]]] = (
        ("training", ("train", "first-look", *TINY)),
        ("the demo", ("--demo", "--out", "/var/tmp/demo-locked")),
    )
    for name, command in commands:
        with proof.step(f"a home that cannot be written: {name} says so in a sentence") as found:
            done = calm(machine.as_person(program, *command, around=around, patience=200))
            require(done.status in (1, 2, 3), f"It ended with status {done.status}: {done.out}{done.err}")
            require(LOCKED in done.err, f"It does not say where: {done.err}")
            found |= said(done)
    with proof.step("a home that cannot be written: the window opens"):
        done = calm(machine.as_person("timeout", "--signal=TERM", "12", program, around=around))
        require(done.status == 124, f"It ended with status {done.status}: {done.err}")
    with proof.step("a home that cannot be written: what only reads works, and doctor says it") as found:
        for name in ("lessons", "runs"):
            calm(machine.as_person(program, name, around=around)).well()
        done = calm(machine.as_person(program, "doctor", around=around))
        require(done.status != 0 and LOCKED in done.out + done.err, f"Doctor does not say it: {done.out}{done.err}")
        found["doctor's status"] = done.status


def plain_locale(proof: Proof, machine: Machine, program: str) -> None:
    """A locale that knows no more than ASCII."""
    around = Surroundings(folder=HOME, variables={"LANG": "C", "LC_ALL": "C"})
    with proof.step("LANG=C: trains, lists in Chinese, performs the demo") as found:
        calm(machine.as_person(program, "train", "first-look", *TINY, around=around)).well()
        told = calm(machine.as_person(program, "--language", "zh_CN", "lessons", around=around)).well().out
        require(any("\u4e00" <= letter <= "\u9fff" for letter in told), f"The lessons are not in Chinese: {told[:200]}")
        found |= demo(machine, program, proof.folder / "demo-plain-locale", around)


def no_room(proof: Proof, machine: Machine, program: str) -> None:
    """No folder for temporary files where one was promised, and none at all."""
    away = Surroundings(folder=HOME, variables={"TMPDIR": "/not/there"})
    with proof.step("TMPDIR missing: performs the demo") as found:
        found |= demo(machine, program, proof.folder / "demo-no-tmpdir", away)
    bind = [
        f'mount --bind "$root{place}" "$root{place}"; mount -o remount,bind,ro "$root{place}"'
        for place in ("/tmp", "/var/tmp")
    ]
    with proof.step("no room for temporary files at all: trains, or says so in a sentence") as found:
        none = Surroundings(folder="/", variables={"TMPDIR": "/not/there"}, first=bind)
        done = calm(machine.as_person(program, "train", "first-look", *TINY, around=none))
        require(done.status == 0 or "temporary" in done.err, f"It ended with status {done.status}: {done.err}")
        require("fault of the program" not in done.err, f"It blames itself: {done.err}")
        found |= said(done)


def second_start(proof: Proof, machine: Machine, program: str) -> None:
    """A window is open already."""
    with machine.meanwhile(program) as first:
        with proof.step("a second start hands over to the window that is open") as found:
            wait_for_window(machine)
            done = calm(machine.as_person(program)).well()
            require(first.poll() is None, "The first window has closed.")
            found["after"] = f"{done.seconds} s"
        with proof.step("a second start beside it trains, and performs the demo") as found:
            calm(machine.as_person(program, "train", "first-look", *TINY)).well()
            found |= demo(machine, program, proof.folder / "demo-second")
            require(first.poll() is None, "The first window has closed.")
    with proof.step("the first window ends well when the session does"):
        require(first.returncode == 0, f"It ended with status {first.returncode}.")


def wait_for_window(machine: Machine, seconds: float = 60) -> None:
    """Wait until a first window listens."""
    end = time.monotonic() + seconds
    while not list(machine.path(MEETING).glob("*.socket")):
        if time.monotonic() > end:
            raise BuildError("The first window did not come.", "Start it by hand, and look.")
        time.sleep(0.1)


def said(done: Done) -> Findings:
    """What it said, in one line."""
    return {"status": done.status, "says": " ".join(done.err.split())[:300]}
