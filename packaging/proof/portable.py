"""The portable archive on a clean Debian 12: from a read-only folder with an awkward name, and with much missing."""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from building.folders import dist_folder

from proof import hardships, lacking, showing
from proof.clean_root import Wants, proof_folder, typed_line, unpacked
from proof.deb import newest
from proof.isolation import Mount
from proof.machine import HOME, Machine, disk_bytes, everything, move_in, screen
from proof.steps import Proof, end_cleanly, require

PLACE = "/media/Ada's  stick “5%” 我的文件"
"""Spaces, two of them together, both kinds of quotes, a percent sign, and Chinese."""


def main(arguments: Sequence[str]) -> int:
    """Prove the archive."""
    parser = argparse.ArgumentParser(prog="build.py prove-portable", description="Prove the archive on Debian 12.")
    parser.add_argument("archive", type=Path, nargs="?", help="the newest in dist/ unless named; or a folder")
    given = parser.parse_args(arguments)
    end_cleanly()
    archive = (given.archive or newest("fmstudio-*-linux-*.tar.xz")).resolve()
    proof = Proof("the portable archive on a clean Debian 12", proof_folder() / "portable")
    wants = wants_beside(archive)
    with folder_of(proof, archive) as stick:
        program = f"{PLACE}/{stick.name}/fmstudio"
        with unpacked(wants) as root, screen(Machine(root)) as shown:
            machine = plugged_in(shown, stick.parent)
            with proof.step("no Python, no compiler, no network", vital=True) as found:
                found |= move_in(machine)
            lacking.everything_lacks(proof, machine, program)
            before = everything(machine.path(HOME))
            use(proof, machine, program)
            with proof.step("writes nowhere but in its own folder") as found:
                found |= showing.traces(machine, before)
            hardships.all_of_them(proof, machine, program)
            lacking.one_lacks(proof, machine, program)
            lacking.no_display(proof, machine, program)
        with unpacked(wants) as root, screen(Machine(root)) as shown:
            readme(proof, plugged_in(shown, stick.parent), program)
    return proof.end()


def wants_beside(archive: Path) -> Wants:
    """What the root must hold: the same as for the package, where there is one, so that one root serves both."""
    packages = sorted((archive.parent if archive.is_file() else dist_folder()).glob("fmstudio_*.deb"))
    return Wants.of(packages[-1] if packages else None)


@contextmanager
def folder_of(proof: Proof, archive: Path) -> Iterator[Path]:
    """The folder that an archive holds, unpacked; it goes again. A folder is taken as it is."""
    if archive.is_dir():
        yield archive
        return
    with tempfile.TemporaryDirectory(dir=proof_folder(), prefix="stick-") as place:
        Path(place).chmod(0o755)  # others must get in: the person of the proof
        with proof.step("is one folder with a program, a text and the licences", vital=True) as found:
            subprocess.run(["tar", "--extract", "--file", archive, "--directory", place], check=True)
            tops = list(Path(place).iterdir())
            require(len(tops) == 1, f"It unpacks as {len(tops)} things.")
            inside = {path.name for path in tops[0].iterdir()}
            require(inside == {"fmstudio", "_internal", "README.txt", "LICENSES.txt"}, f"It holds {sorted(inside)}.")
            found |= {"download": f"{archive.stat().st_size / 1e6:.0f} MB"}
            found |= {"unpacked": f"{disk_bytes(tops[0]) / 1e6:.0f} MB"}
        yield tops[0]


def plugged_in(machine: Machine, folder: Path) -> Machine:
    """The machine with a folder that can only be read."""
    machine.path(PLACE).mkdir(parents=True, exist_ok=True)
    return replace(machine, mounts=(*machine.mounts, Mount(folder, PLACE)))


def use(proof: Proof, machine: Machine, program: str) -> None:
    """What a person does with it."""
    with proof.step("its folder can only be read, and has an awkward name") as found:
        tried = machine.as_person("touch", f"{PLACE}/written")
        require("Read-only" in tried.err, f"It can be written: {tried.err}")
        found["says"] = showing.calm(machine.as_person(program, "--version")).well().out.strip()
    with proof.step("the demo trains, shows the matrix, and ends well") as found:
        found |= showing.demo(machine, program, proof.folder / "demo")
    with proof.step("exports the run as a script") as found:
        found |= showing.exported(machine, program, proof.folder / "run.py")
    with proof.step("doctor finds nothing amiss"):
        showing.calm(machine.as_person(program, "doctor")).well()


def readme(proof: Proof, machine: Machine, program: str) -> None:
    """On a second machine, the line that stands in its text is typed, and nothing else is done."""
    with proof.step("the line in README.txt is enough") as found:
        move_in(machine)
        machine.as_root("apt-get", "install", "--yes", "--no-install-recommends", *typed_line().split())
        showing.calm(machine.as_person(program, "doctor")).well()
        found |= showing.demo(machine, program, proof.folder / "demo-readme")
