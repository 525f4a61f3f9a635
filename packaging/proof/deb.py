"""The package on a clean Debian 12: installed, used, removed, upgraded, purged; all without a network."""

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from building.folders import dist_folder
from building.words import BuildError

from proof import showing
from proof.clean_root import Wants, proof_folder, unpacked
from proof.machine import HOME, RUNS, Machine, contents, disk_bytes, everything, move_in, screen
from proof.steps import Findings, Proof, end_cleanly, require

PROGRAM = "fmstudio"
PLACE = "/var/tmp/packages"
CACHES = ("/var/cache/", "/var/log/", "/var/lib/apt/", "/var/lib/dpkg/", "/etc/ld.so.cache", PLACE, HOME)
"""What the package system and the libraries write for themselves; and the person's own."""
OTHERS = ("/etc/alternatives/", "/etc/fonts/conf.d/", "/usr/local/share/fonts", "/usr/share/mime/", "/usr/share/icons/")
"""What the scripts of packages that it depends on make, and no package lists: alternatives, fontconfig's, tables."""
MERGED = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
OLDER = "0~older"
"""Before every version."""
TINY = ("--set", "epochs=1", "--set", "dataset.train_size=600", "--set", "dataset.test_size=200")


def main(arguments: Sequence[str]) -> int:
    """Prove the package."""
    parser = argparse.ArgumentParser(prog="build.py prove-deb", description="Prove the package on a clean Debian 12.")
    parser.add_argument("package", type=Path, nargs="?", help="the package; the newest in dist/ unless named")
    given = parser.parse_args(arguments)
    end_cleanly()
    package = (given.package or newest("fmstudio_*.deb")).resolve()
    proof = Proof("the package on a clean Debian 12", proof_folder() / "deb")
    wants = Wants.of(package)
    with unpacked(wants) as root, screen(Machine(root)) as machine:
        with proof.step("no Python, no compiler, no network", vital=True) as found:
            found |= move_in(machine)
        clean = everything(root)
        with proof.step("installs with only what it depends on", vital=True) as found:
            found |= install(machine, package)
        use(proof, machine)
        with proof.step("removing leaves nothing but the runs") as found:
            found |= removed(machine, "remove", clean)
        upgrade(proof, machine, package)
        with proof.step("purging asks nothing, and leaves the runs") as found:
            found |= removed(machine, "purge", clean)
        with proof.step("with what it recommends, menu and file types know it, and forget it again") as found:
            found |= desktop(machine, package, wants.liked)
    return proof.end()


def newest(pattern: str) -> Path:
    """The newest of the files in ``dist/`` with such a name."""
    made = sorted(dist_folder().glob(pattern), key=lambda path: path.stat().st_mtime)
    if not made:
        raise BuildError(f"There is no {pattern} in {dist_folder()}.", "Make it with: packaging/build.py deb")
    return made[-1]


def install(machine: Machine, package: Path, *beside: str) -> Findings:
    """Install a package with apt, as people do, but without what it recommends.

    Args:
        machine: The machine.
        package: The package.
        beside: Other packages that are installed with it.
    """
    folder = machine.path(PLACE)
    folder.mkdir(exist_ok=True)
    shutil.copyfile(package, folder / package.name)
    before = set(_installed(machine))
    done = machine.as_root("apt", "install", "--yes", "--no-install-recommends", f"{PLACE}/{package.name}", *beside)
    (folder / package.name).unlink()
    require(disk_bytes(machine.path("/usr/lib/fmstudio")) > 0, "Nothing was installed.")
    more = set(_installed(machine)) - before
    return {
        "download": f"{package.stat().st_size / 1e6:.0f} MB",
        "unpacked": f"{disk_bytes(machine.path('/usr/lib/fmstudio')) / 1e6:.0f} MB",
        "packages with it": max(0, len(more) - 1),
        "apt": f"{done.seconds:.0f} s",
    }


def _installed(machine: Machine) -> list[str]:
    return machine.as_root("dpkg-query", "--show", "--showformat=${Package}\\n").out.split()


def use(proof: Proof, machine: Machine) -> None:
    """What a person does with it."""
    before = everything(machine.path(HOME))
    with proof.step("says its version") as found:
        found["says"] = showing.calm(machine.as_person(PROGRAM, "--version")).well().out.strip()
    with proof.step("the demo trains, shows the matrix, and ends well") as found:
        found |= showing.demo(machine, PROGRAM, proof.folder / "demo")
    with proof.step("the demo in Chinese, dark, at 1280×720") as found:
        look = ("--language", "zh_CN", "--theme", "dark", "--size", "1280x720")
        found |= showing.demo(machine, PROGRAM, proof.folder / "demo-chinese", more=look)
    with proof.step("exports the run as a script") as found:
        found |= showing.exported(machine, PROGRAM, proof.folder / "run.py")
    with proof.step("doctor finds nothing amiss"):
        showing.calm(machine.as_person(PROGRAM, "doctor")).well()
    with proof.step("writes nowhere but in its own folder") as found:
        found |= showing.traces(machine, before)


def removed(machine: Machine, how: str, clean: set[str]) -> Findings:
    """Remove it, and look at what stays.

    Args:
        machine: The machine.
        how: ``"remove"`` or ``"purge"``.
        clean: What was there before it came.
    """
    home = machine.path(HOME)
    before = contents(home)
    machine.as_root("apt-get", how, "--yes", PROGRAM)
    require(contents(home) == before, "Something in the person's home has changed.")
    require(bool(contents(machine.path(RUNS))), "The runs are gone.")
    listed = machine.as_root("sh", "-c", "cat /var/lib/dpkg/info/*.list").out.splitlines()
    of_others = {merged(name) for name in listed}
    more = everything(machine.root) - clean
    left = sorted(name for name in more if not name.startswith((*CACHES, *OTHERS)) and merged(name) not in of_others)
    require(not left, f"{len(left)} things are left: {', '.join(left[:20])}")
    named = sorted(name for name in more if "fmstudio" in name and not name.startswith((HOME, "/var/log/", PLACE)))
    require(not named, f"These bear its name: {', '.join(named[:20])}")
    status = machine.as_root("sh", "-c", f"dpkg-query --show --showformat='${{Status}}' {PROGRAM} || echo gone").out
    require("gone" in status or "not-installed" in status, f"The package system still knows it: {status}")
    return {"left in the home": len(before)}


def merged(name: str) -> str:
    """The name of a file where ``/lib`` and its like are links to folders in ``/usr``, as Debian 12 has them."""
    return f"/usr{name}" if name.split("/", 2)[1] in MERGED else name


def upgrade(proof: Proof, machine: Machine, package: Path) -> None:
    """Install an older build, use it, and upgrade."""
    with (
        proof.step("an older build is installed and used") as found,
        tempfile.TemporaryDirectory(dir=proof_folder()) as folder,
    ):
        install(machine, older(package, Path(folder)))
        machine.as_person(PROGRAM, "train", "first-look", *TINY).well()
        found["runs"] = len(list(machine.path(RUNS).rglob("spec.json")))
    home = contents(machine.path(HOME))
    with proof.step("upgrading keeps runs and settings") as found:
        require(any(name.endswith("settings.ini") for name in home), "There are no settings to be kept.")
        machine.as_root("test", "-e", "/usr/lib/fmstudio/older")
        found |= {"apt": install(machine, package)["apt"]}
        require(contents(machine.path(HOME)) == home, "Something in the person's home has changed.")
        require(not machine.exists("/usr/lib/fmstudio/older"), "A file of the older build is left.")
        run = showing.last_run(machine, PROGRAM)
        showing.calm(machine.as_person(PROGRAM, "evaluate", run)).well()
        said = showing.calm(machine.as_person(PROGRAM, "runs", "--json")).well().out
        found["runs"] = len(json.loads(said))


def older(package: Path, folder: Path) -> Path:
    """The same package with a version before every other, and one file that was dropped since."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    lines = control.read_text(encoding="utf-8").splitlines(keepends=True)
    control.write_text("".join(f"Version: {OLDER}\n" if line.startswith("Version:") else line for line in lines))
    (tree / "usr" / "lib" / "fmstudio" / "older").write_text("older\n", encoding="utf-8")
    made = folder / "fmstudio_older.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, made], check=True, capture_output=True)
    shutil.rmtree(tree)
    return made


def desktop(machine: Machine, package: Path, liked: Sequence[str]) -> Findings:
    """Install it with what it recommends, ask the desktop's own tables, and remove it."""
    done = install(machine, package, *liked)
    globs = machine.path("/usr/share/mime/globs2")
    kinds = [line for line in globs.read_text(encoding="utf-8").splitlines() if "fmstudio" in line]
    require(bool(kinds), "The desktop does not know its file types.")
    cache = machine.path("/usr/share/applications/mimeinfo.cache").read_text(encoding="utf-8")
    require("fmstudio.desktop" in cache, "The desktop does not open them with it.")
    machine.as_root("apt-get", "remove", "--yes", PROGRAM)
    require("fmstudio" not in globs.read_text(encoding="utf-8"), "The desktop still knows its file types.")
    return {"file types": len(kinds), "packages with it": done["packages with it"]}
