"""The proof's own rules: what it takes for well done, what it says, and that nothing of this machine helps."""

import json
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from building import dependencies
from building.program import Program
from building.words import BuildError
from proof import clean_root, deb, isolation, lacking, machine, short, showing, steps
from proof.isolation import Done, Mount, Surroundings

from fmstudio.machine import findings

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed")
needs_sh = pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")

WELL = {
    "test_accuracy": 0.88,
    "cell": [6, 0, 142],
    "shown": 142,
    "pictures": [f"{name}.png" for name in showing.PICTURES],
}
STAND_IN = """
import json, sys
from pathlib import Path
words = sys.argv[1:]
if words == ["--version"]:
    print("fmstudio 9")
elif words[0] == "doctor":
    data = {"fashion-mnist": [60000, 10000]}
    print(json.dumps({"healthy": True, "findings": [], "data": data, "packages": {"torch": "9"}}))
elif words[0] == "train":
    print(json.dumps({"event": "RunStarted"}))
    print(json.dumps({"event": "RunEnded", "status": STATUS}))
elif words[0] == "runs":
    print("[{}]")
else:
    out = Path(words[words.index("--out") + 1])
    out.mkdir()
    for name in WELL["pictures"]:
        (out / name).write_bytes(PICTURE)
    (out / "summary.json").write_text(json.dumps(WELL))
"""


def png(width: int, height: int, filling: int) -> bytes:
    """A file that begins as a PNG of a size, and is as large as one that shows something, or not."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + b"IHDR" + header
    return head + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + b"\0" * filling


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """What a demo that went well leaves."""
    folder = tmp_path / "shown"
    folder.mkdir()
    for name in showing.PICTURES:
        (folder / f"{name}.png").write_bytes(png(1440, 900, 30_000))
    return folder


# ── What counts as well done


def test_a_demo_that_went_well_passes(shown: Path) -> None:
    showing.check_summary(WELL, shown)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"test_accuracy": 0.1}, "learned too little"),
        ({"shown": 60}, "shows something else"),
        ({"shown": 0, "cell": [6, 0, 0]}, "shows something else"),
        ({"pictures": ["1-start.png"]}, "pictures are others"),
    ],
)
def test_a_demo_that_went_otherwise_does_not(change: dict[str, Any], sentence: str, shown: Path) -> None:
    with pytest.raises(BuildError, match=sentence):
        showing.check_summary({**WELL, **change}, shown)


@pytest.mark.parametrize(("picture", "sentence"), [(png(10, 10, 30_000), "too small"), (png(1440, 900, 9), "nothing")])
def test_a_picture_of_nothing_does_not(picture: bytes, sentence: str, shown: Path) -> None:
    (shown / "4-look.png").write_bytes(picture)
    with pytest.raises(BuildError, match=sentence):
        showing.check_summary(WELL, shown)


@pytest.mark.parametrize(
    ("status", "said"),
    [(1, "Traceback (most recent call last):\n  File"), (134, ""), (139, ""), (-6, ""), (0, "Aborted")],
)
def test_no_traceback_and_no_crash_is_let_through(status: int, said: str) -> None:
    with pytest.raises(BuildError):
        showing.calm(Done("fmstudio", status, "", said, 1.0))


def test_a_sentence_and_a_status_are_let_through() -> None:
    showing.calm(Done("fmstudio", 3, "", "fmstudio: There is no display here.", 1.0))


def test_a_command_that_failed_is_shown_with_what_it_said() -> None:
    with pytest.raises(BuildError, match="status 100") as raised:
        Done("apt install it", 100, "", "E: Unable to locate package", 1.0).well()
    assert "Unable to locate" in raised.value.remedy


# ── What it says


def test_a_step_that_fails_is_said_and_the_next_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof = steps.Proof("it", tmp_path / "kept")
    with proof.step("starts") as found:
        found["pictures"] = 6
    with proof.step("ends"):
        raise BuildError("It hangs.", "Look at it.")
    with proof.step("is small"):
        pass
    assert proof.end() == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines[:2]] == ["✓", "✗"]
    assert "pictures 6" in lines[0]
    assert "It hangs. Look at it." in lines[2]
    assert "✗ it: 2 of 3 steps hold" in lines[-2]
    record = json.loads((tmp_path / "kept" / "proof.json").read_text(encoding="utf-8"))
    assert record["failed"] == ["ends"]
    assert record["steps"]["starts"]["pictures"] == 6


def test_nothing_is_done_after_a_vital_step_that_fails(tmp_path: Path) -> None:
    proof = steps.Proof("it", tmp_path / "kept")
    with pytest.raises(BuildError, match="nothing more"), proof.step("installs", vital=True):
        raise BuildError("It does not.", "Mend it.")
    assert (tmp_path / "kept" / "proof.json").is_file()


def test_what_an_earlier_proof_kept_is_gone(tmp_path: Path) -> None:
    (tmp_path / "stale.png").touch()
    assert steps.Proof("it", tmp_path).end() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["proof.json"]


# ── The clean machine


@needs_sh
def test_awkward_names_come_through_the_shell_whole(tmp_path: Path) -> None:
    awkward = "/media/Ada's  stick “5%” $HOME 我的文件"
    around = Surroundings(user=1000, folder=awkward, variables={"A": "b c"}, mounts=[Mount(tmp_path, awkward)])
    command = isolation.command_line(tmp_path / "ro ot", [f"{awkward}/fmstudio", "--version"], around)
    script = command[-1]
    subprocess.run(["sh", "-n", "-c", script], check=True)
    (line,) = [line for line in script.splitlines() if "chroot" in line]
    given = subprocess.run(
        ["sh", "-c", f'root=R; chroot() {{ printf "%s\\n" "$@"; }}; {line}'], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert given[:2] == ["--userspec=1000:1000", "--groups=1000"]
    assert given[2:5] == ["R", "env", "-i"]
    assert given[-2:] == [f"{awkward}/fmstudio", "--version"]
    assert {"A=b c", f"--chdir={awkward}"} <= set(given)


def test_nothing_of_this_machine_is_seen_and_there_is_no_network(tmp_path: Path) -> None:
    around = Surroundings(variables={"LANG": None}, mounts=[Mount(tmp_path, "/m")])
    command = isolation.command_line(tmp_path, ["true"], around)
    assert {"--net", "--pid", "--mount", "--kill-child"} <= set(command)
    (line,) = [line for line in command[-1].splitlines() if "chroot" in line]
    assert "env -i" in line
    assert "LANG" not in line
    assert "remount,bind,ro" in command[-1]


def test_the_person_has_a_home_and_the_screen_that_is_there(tmp_path: Path) -> None:
    plain = machine.Machine(tmp_path).around()
    assert (plain.user, plain.folder, plain.variables["HOME"]) == (1000, "/home/reader", "/home/reader")
    assert "DISPLAY" not in plain.variables
    seen = machine.Machine(tmp_path, ":7").around(Surroundings(variables={"HOME": None}))
    assert (seen.variables["DISPLAY"], seen.variables["HOME"]) == (":7", None)


def test_everything_is_listed_but_what_is_gone_after_a_restart(tmp_path: Path) -> None:
    for name in ("usr/lib/thing", "tmp/passing", "home/reader/run", "usr/tmp/kept"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    listed = machine.everything(tmp_path)
    assert {"/usr/lib/thing", "/usr/lib", "/home/reader/run", "/usr/tmp/kept"} <= listed
    assert "/tmp/passing" not in listed


def test_bytes_of_files_with_two_names_count_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"12345")
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    assert machine.disk_bytes(tmp_path) == 5


def test_one_root_serves_whoever_wants_the_same() -> None:
    wants = clean_root.Wants("libc6, libegl1", "xdg-utils", "libegl1")
    assert wants.archive == clean_root.Wants("libc6, libegl1", "xdg-utils", "libegl1").archive
    assert wants.archive != clean_root.Wants("libc6", "xdg-utils", "libegl1").archive


def test_what_is_no_package_is_said(tmp_path: Path) -> None:
    (tmp_path / "it.deb").write_text("no package")
    if shutil.which("dpkg-deb"):
        with pytest.raises(BuildError, match="is no package"):
            clean_root.Wants.of(tmp_path / "it.deb")


def test_without_a_package_the_command_that_makes_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deb, "dist_folder", lambda: tmp_path)
    with pytest.raises(BuildError, match=r"fmstudio_\*\.deb") as raised:
        deb.newest("fmstudio_*.deb")
    assert "build.py" in raised.value.remedy


@needs_dpkg
def test_the_older_build_is_the_same_with_an_older_version(tmp_path: Path) -> None:
    tree = tmp_path / "made"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr" / "lib" / "fmstudio").mkdir(parents=True)
    control = (
        "Package: fmstudio\nVersion: 0.1.0\nArchitecture: all\nMaintainer: n <n@fmstudio.example>\nDescription: d\n"
    )
    (tree / "DEBIAN" / "control").write_text(control)
    package = tmp_path / "it.deb"
    subprocess.run(["dpkg-deb", "--build", tree, package], check=True, capture_output=True)
    made = deb.older(package, tmp_path)
    version = subprocess.run(["dpkg-deb", "-f", made, "Version"], capture_output=True, text=True, check=True).stdout
    assert (
        subprocess.run(["dpkg", "--compare-versions", version.strip(), "lt", "0.0.0~a1"], check=False).returncode == 0
    )
    listed = subprocess.run(["dpkg-deb", "--contents", made], capture_output=True, text=True, check=True).stdout
    assert "./usr/lib/fmstudio/older" in listed


# ── What people are told to type


@pytest.mark.parametrize("table", [findings.QT_LIBRARIES, findings.X11_LIBRARIES, findings.OTHER_LIBRARIES])
def test_the_program_and_the_package_name_the_same_packages(table: dict[str, str]) -> None:
    known = {**dependencies.PACKAGES, "libstdc++.so.6": "libstdc++6"}
    assert {library for library, package in table.items() if package not in known[library].split(" | ")} == set()


def test_the_text_in_the_archive_names_packages_of_libraries() -> None:
    packages = {name for names in dependencies.PACKAGES.values() for name in names.split(" | ")}
    assert set(clean_root.typed_line().split()) <= packages


def test_the_programs_advice_is_read_as_people_read_it() -> None:
    finding = findings.libraries_missing(["libEGL.so.1", "libxcb-cursor.so.0"])
    done = Done("fmstudio", 3, "", f"fmstudio: {finding.message}\n{finding.remedy}\n", 1.0)
    assert lacking.advice(done) == ["libegl1", "libxcb-cursor0"]
    with pytest.raises(BuildError, match="status 1"):
        lacking.advice(Done("fmstudio", 1, "", finding.remedy, 1.0))


# ── The short form


@pytest.mark.parametrize(("status", "expected"), [("finished", 0), ("failed", 1)])
def test_the_short_proof_tries_what_people_do(
    status: str, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    written = tmp_path / "stand_in.py"
    constants = f"WELL = {WELL!r}\nSTATUS = {status!r}\nPICTURE = {png(1440, 900, 30_000)!r}\n"
    written.write_text(constants + STAND_IN, encoding="utf-8")
    proof = steps.Proof("it", tmp_path / "kept")
    short.prove(proof, Program(Path(sys.executable), proof.folder, (str(written),)))
    assert proof.end() == expected
    assert len([line for line in capsys.readouterr().out.splitlines() if line.startswith("✓")]) >= 3


def test_the_short_proof_wants_a_program(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is no program"):
        short.main([str(tmp_path / "none")])
