"""The package for Debian and the portable archive, made of a stand-in for the bundle."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

import pytest
from building import deb, dependencies, portable, search_paths
from building.dependencies import Binary, asked_of_the_system
from building.words import BuildError

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed")
needs_xz = pytest.mark.skipif(shutil.which("xz") is None, reason="xz is not installed")
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")


def make_bundle(folder: Path) -> Path:
    """A bundle that is no more than a script, a text, and a link."""
    inner = folder / "_internal"
    (inner / "__pycache__").mkdir(parents=True)
    (inner / "__pycache__" / "stale.pyc").write_bytes(b"x")
    (folder / "fmstudio").write_text("#!/bin/sh\necho it starts\n")
    (folder / "fmstudio").chmod(0o700)
    (inner / "libthing.so.1").write_bytes(b"no library")
    (inner / "libthing.so").symlink_to("libthing.so.1")
    (inner / "LICENSE").write_text("free\n")
    (inner / "LICENSE").chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stand-in."""
    return make_bundle(tmp_path_factory.mktemp("made") / "fmstudio")


@pytest.fixture(scope="module")
def package(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the stand-in."""
    return packed(bundle, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the package puts on the disk."""
    root = tmp_path_factory.mktemp("root")
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    return root


def packed(bundle: Path, dist: Path) -> Path:
    """The package, not compressed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deb, "build_folder", lambda: dist)
        return deb.build(bundle, dist, Path(sys.executable), squeeze=False)


def field(package: Path, name: str) -> str:
    """What the package says of itself."""
    asked = subprocess.run(["dpkg-deb", "--field", package, name], capture_output=True, text=True, check=True)
    return asked.stdout.strip()


@needs_dpkg
def test_the_command_starts_the_program(installed: Path) -> None:
    command = installed / "usr" / "bin" / "fmstudio"
    assert command.readlink() == Path("../lib/fmstudio/fmstudio")
    assert subprocess.run([command], capture_output=True, text=True, check=True).stdout == "it starts\n"


@needs_dpkg
def test_everything_that_a_desktop_asks_for_is_in_its_place(installed: Path) -> None:
    share = installed / "usr" / "share"
    places = [
        *("applications/fmstudio.desktop", "mime/packages/fmstudio.xml", "man/man1/fmstudio.1.gz"),
        *("metainfo/org.fmstudio.fmstudio.metainfo.xml", "bash-completion/completions/fmstudio"),
        *("zsh/vendor-completions/_fmstudio", "fish/vendor_completions.d/fmstudio.fish"),
        *(f"icons/hicolor/{size}x{size}/apps/fmstudio.png" for size in (16, 22, 24, 32, 48, 64, 128, 256, 512)),
        *("icons/hicolor/scalable/apps/fmstudio.svg", "icons/hicolor/48x48/mimetypes/fmstudio-document.png"),
        *("doc/fmstudio/copyright", "doc/fmstudio/changelog.gz", "lintian/overrides/fmstudio"),
    ]
    assert [place for place in places if not (share / place).is_file()] == []


@needs_dpkg
def test_nothing_runs_as_root_and_nothing_stale_is_shipped(package: Path, installed: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    assert sorted(path.name for path in (tmp_path / "control").iterdir()) == ["control", "md5sums"]
    assert not list(installed.rglob("__pycache__"))


@needs_dpkg
def test_modes_and_owners_are_those_of_a_package(package: Path) -> None:
    listed = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    rows = {line.split()[5].removeprefix("./"): line.split()[:2] for line in listed.splitlines()}
    assert {owner for _, owner in rows.values()} == {"root/root"}
    assert rows["usr/lib/fmstudio/fmstudio"][0] == "-rwxr-xr-x"
    assert rows["usr/lib/fmstudio/_internal/LICENSE"][0] == "-rw-r--r--"
    assert rows["usr/lib/fmstudio/_internal/libthing.so"][0] == "lrwxrwxrwx"
    assert rows["usr/share/"][0] == "drwxr-xr-x"


@needs_dpkg
def test_the_package_says_what_it_is(package: Path) -> None:
    assert field(package, "Package") == "fmstudio"
    assert field(package, "Version") == deb.debian_version()
    assert field(package, "Depends") == "libc6"
    assert "fonts-" in field(package, "Recommends")
    assert int(field(package, "Installed-Size")) > 50
    assert package.name == f"fmstudio_{deb.debian_version()}_{field(package, 'Architecture')}.deb"


@needs_dpkg
def test_the_checksums_are_true(package: Path, installed: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    sums = (tmp_path / "control" / "md5sums").resolve()
    checked = subprocess.run(["md5sum", "--check", "--quiet", sums], cwd=installed, check=False)
    assert checked.returncode == 0
    files = [path for path in installed.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(sums.read_text().splitlines()) == len(files)


@needs_dpkg
def test_made_again_elsewhere_it_has_the_same_bytes(package: Path, tmp_path: Path) -> None:
    other = make_bundle(tmp_path / "another place" / "fmstudio")
    for path in other.rglob("*"):
        os.utime(path, (1, 1), follow_symlinks=False)
    before = os.umask(0o077)
    try:
        again = packed(other, tmp_path)
    finally:
        os.umask(before)
    assert again.read_bytes() == package.read_bytes()


def test_without_a_bundle_the_command_that_makes_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        deb.build(tmp_path, tmp_path / "dist", Path(sys.executable))
    assert "packaging/build.py linux" in caught.value.remedy


@pytest.mark.parametrize(
    ("ours", "debian"),
    [("0.2.0", "0.2.0"), ("1.0.0rc1", "1.0.0~rc1"), ("0.3.0.dev2", "0.3.0~dev2"), ("1.0b3", "1.0~b3")],
)
def test_versions_before_a_release_sort_before_it(ours: str, debian: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deb, "version", lambda: ours)
    assert deb.debian_version() == debian


# ── What the system must bring


def binary(place: str, *needs: str, versions: tuple[str, ...] = ()) -> Binary:
    """A library that needs others."""
    return Binary(PurePosixPath(place), frozenset(needs), frozenset(versions))


def test_what_the_bundle_holds_is_not_asked_of_the_system() -> None:
    found = asked_of_the_system(
        [
            binary("fmstudio", "libc.so.6", "libz.so.1", versions=("GLIBC_2.9", "GLIBC_2.34")),
            binary("_internal/Qt.abi3.so", "libQt6Core.so.6", "libstdc++.so.6", versions=("GLIBCXX_3.4.29",)),
            binary("_internal/libQt6Core.so.6", "libglib-2.0.so.0"),
        ]
    )
    assert found == ["libc6 (>= 2.34)", "libglib2.0-0 | libglib2.0-0t64", "libstdc++6 (>= 11)", "zlib1g"]


def test_what_nothing_loads_asks_for_nothing() -> None:
    found = asked_of_the_system(
        [
            binary("fmstudio", "libdl.so.2"),
            binary("_internal/libQt6Network.so.6", "libgssapi_krb5.so.2"),
            binary("_internal/PySide6/Qt/plugins/platformthemes/libqgtk3.so", "libgtk-3.so.0"),
        ]
    )
    assert found == ["libc6"]


def test_a_library_that_no_package_is_known_for_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"libodd\.so\.9.*plugins/odd\.so needs it"):
        asked_of_the_system([binary("plugins/odd.so", "libodd.so.9")])


def test_a_bundle_too_new_for_ubuntu_22_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"new\.so needs the C library 2\.38"):
        asked_of_the_system([binary("new.so", "libc.so.6", versions=("GLIBC_2.38",))])


@pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump is not installed")
def test_real_libraries_are_read(tmp_path: Path) -> None:
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "python")
    (tmp_path / "text.so").write_text("no library")
    (read,) = dependencies.read_binaries(tmp_path)
    assert read.place == PurePosixPath("python")
    assert "libc.so.6" in read.needs
    assert any(version.startswith("GLIBC_2.") for version in read.versions)


@needs_compiler
def test_search_paths_of_the_build_machine_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "thing.c").write_text("#include <math.h>\ndouble thing(double x) { return cos(x); }\n")
    for name, folders in (("foreign.so", "/home/somebody/lib:/opt/lib"), ("own.so", "$ORIGIN/../lib")):
        command = ["cc", "-shared", "-fPIC", "thing.c", "-lm", f"-Wl,-rpath,{folders}", "-o", name]
        subprocess.run(command, cwd=tmp_path, check=True)
    own = (tmp_path / "own.so").read_bytes()
    assert search_paths.forget_foreign(tmp_path) == [tmp_path / "foreign.so"]
    assert search_paths.forget_foreign(tmp_path) == []
    assert (tmp_path / "own.so").read_bytes() == own
    code = "import ctypes, sys; f = ctypes.CDLL(sys.argv[1]).thing; f.restype = ctypes.c_double; "
    code += "f.argtypes = [ctypes.c_double]; print(f(0.0))"
    asked = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "foreign.so"], capture_output=True, text=True, check=True
    )
    assert asked.stdout == "1.0\n"


# ── The portable archive


@needs_xz
def test_the_archive_starts_from_an_awkward_folder_that_cannot_be_written(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portable, "build_folder", lambda: tmp_path)
    made = portable.build(bundle, tmp_path / "dist")
    place = tmp_path / "my stick 文件夹"
    with tarfile.open(made) as archive:
        names = archive.getnames()
        assert {entry.uname for entry in archive} == {"root"}
        archive.extractall(place, filter="data")
    assert names == sorted(names)
    (top,) = place.iterdir()
    assert {path.name for path in top.iterdir()} == {"fmstudio", "_internal", "README.txt", "LICENSES.txt"}
    assert "无需安装" in (top / "README.txt").read_text(encoding="utf-8")
    top.chmod(0o555)
    assert subprocess.run([top / "fmstudio"], capture_output=True, text=True, check=True).stdout == "it starts\n"


@needs_xz
def test_the_archive_made_again_has_the_same_bytes(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portable, "build_folder", lambda: tmp_path)
    first = portable.build(bundle, tmp_path / "first").read_bytes()
    other = make_bundle(tmp_path / "else" / "fmstudio")
    assert portable.build(other, tmp_path / "second").read_bytes() == first
