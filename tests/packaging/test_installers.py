"""What is made for Windows and the Mac, as far as it can be looked at elsewhere."""

import json
import plistlib
import re
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import build
import pytest
from building import app_icons, apple, installer
from building.version import version
from building.words import BuildError
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
MIME = (PACKAGING / "linux" / "fmstudio-mime.xml").read_text(encoding="utf-8")
ENDINGS = sorted(set(re.findall(r'pattern="\*\.([a-z]+)"', MIME)))


def test_the_mac_is_told_version_commit_and_what_opens() -> None:
    values = apple.info_plist()
    assert values["CFBundleShortVersionString"] == version()
    assert re.fullmatch(r"\d+\.\d+\.\d+", values["CFBundleVersion"])
    assert "@" not in json.dumps(values)
    own = [one["UTTypeTagSpecification"]["public.filename-extension"] for one in values["UTExportedTypeDeclarations"]]
    assert sorted(name for names in own for name in names) == ENDINGS
    opened = {name for one in values["CFBundleDocumentTypes"] for name in one.get("LSItemContentTypes", [])}
    assert {one["UTTypeIdentifier"] for one in values["UTExportedTypeDeclarations"]} <= opened


def test_nobody_claims_all_json_files() -> None:
    ranks = {
        rank["LSHandlerRank"] for rank in apple.info_plist()["CFBundleDocumentTypes"] if "public.json" in str(rank)
    }
    assert ranks == {"Alternate"}
    script = installer.SCRIPT.read_text(encoding="utf-8")
    assert not re.search(r'Classes\\\.json"; ValueType: string', script)


def test_windows_knows_the_same_endings() -> None:
    script = installer.SCRIPT.read_text(encoding="utf-8")
    assert sorted(set(re.findall(r'Classes\\\.(fm[a-z]+)"', script))) == ENDINGS
    assert "PrivilegesRequired=lowest" in script
    removed = script.partition("[UninstallDelete]")[2].partition("[Code]")[0]
    assert "{localappdata}" not in removed  # where the runs are


def test_what_a_signed_program_may_do_can_be_read() -> None:
    values = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert values
    assert all(value is True for value in values.values())


@pytest.mark.parametrize(
    ("written", "count", "expected"),
    [("0.2.0rc1", 3, "0.2.0"), ("1.2", 4, "1.2.0.0"), ("1.2.3.4", 3, "1.2.3"), ("x", 2, "0.0")],
)
def test_versions_become_numbers(written: str, count: int, expected: str) -> None:
    assert apple.numbers(written, count) == expected


def test_the_icons_hold_pictures_of_all_sizes(tmp_path: Path) -> None:
    for system, name, largest in (("win32", "fmstudio.ico", 256), ("darwin", "fmstudio.icns", 1024)):
        path = app_icons.icon_file(tmp_path, system)
        assert path == str(tmp_path / name)
        with Image.open(path) as picture:
            picture.load()
            assert max(picture.size) == largest
    assert app_icons.icon_file(tmp_path, "linux") is None
    content = (tmp_path / "fmstudio.ico").read_bytes()
    for index in range(struct.unpack("<H", content[4:6])[0]):
        edge, _, _, _, _, _, size, offset = struct.unpack_from("<BBBBHHII", content, 6 + 16 * index)
        with Image.open(BytesIO(content[offset : offset + size])) as picture:
            assert picture.size == (edge or 256, edge or 256)


def test_a_path_that_windows_would_not_find_is_refused(tmp_path: Path) -> None:
    (tmp_path / ("d" * 100)).mkdir()
    (tmp_path / ("d" * 100) / ("f" * 80)).touch()
    installer.check_lengths(tmp_path)
    (tmp_path / ("d" * 100) / ("f" * 110)).touch()
    with pytest.raises(BuildError, match="1 files have paths of more than 19"):
        installer.check_lengths(tmp_path)


def test_inno_setup_is_called_with_version_folders_and_signature(tmp_path: Path) -> None:
    compiler = tmp_path / "Inno Setup 6" / "ISCC.exe"
    compiler.parent.mkdir()
    compiler.touch()
    assert installer.inno_compiler({"ProgramFiles(x86)": str(tmp_path)}) == compiler
    bundle, output = tmp_path / "build" / "bundle" / "fmstudio", tmp_path / "dist"
    command = installer.inno_command(compiler, bundle, output, {})
    assert command[0] == str(compiler)
    assert command[-1].endswith("fmstudio.iss")
    assert f"/DVersion={version()}" in command
    assert not any("Sign" in one or "Icon" in one for one in command)
    signed = installer.inno_command(compiler, bundle, output, {"FMSTUDIO_SIGN": "signtool sign $f"})
    assert {"/Sfmstudio=signtool sign $f", "/DSignTool=fmstudio"} <= set(signed)


def test_without_inno_setup_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer.shutil, "which", lambda name: None)
    with pytest.raises(BuildError, match="Inno Setup is not installed"):
        installer.inno_compiler({})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there one is made")
def test_on_linux_no_installer_of_others_is_made() -> None:
    with pytest.raises(BuildError, match="is made on that system"):
        installer.main([])


def test_the_script_for_the_mac_is_one_that_bash_reads() -> None:
    subprocess.run(["bash", "-n", installer.IMAGE], check=True)
    done = subprocess.run(["bash", installer.IMAGE, "a", "b"], capture_output=True, text=True, check=False)
    if sys.platform != "darwin":
        assert (done.returncode, done.stderr) == (
            3,
            "fmstudio: a disk image is made on a Mac; run the same command there.\n",
        )


def test_the_workflow_calls_what_there_is() -> None:
    text = (PACKAGING / "workflows" / "release.yml").read_text(encoding="utf-8")
    called = set(re.findall(r"python packaging/build\.py (\w+)", text))
    assert called <= set(build.COMMANDS)
    assert {"linux", "windows", "macos", "installer", "sbom", "kit"} <= called
    for system in ("demo-linux", "demo-windows", "demo-macos"):
        assert f"--demo --out {system}" in text
    assert "WAS NOT RUN" in text[:600]


def test_the_guides_say_what_was_not_tried() -> None:
    for name in ("windows/README.md", "macos/README.md"):
        assert "**Not tried:**" in (PACKAGING / name).read_text(encoding="utf-8")[:1200]


def test_every_picture_of_the_guide_is_there() -> None:
    text = (PACKAGING / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"\]\(([^)]+)\)", text)
    assert found
    assert all((PACKAGING / name).is_file() for name in found)
