"""What goes into the bundle, what stays out, and how two builds are compared."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import build
import pytest
from building import contents, cpu_torch, environment, frozen, listing, program, trial_commands, trial_window, version
from building.cpu_torch import Source, source_from
from building.words import BuildError

ROOT = Path(__file__).resolve().parents[2]


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports, wherever it does."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_nothing_is_left_out_that_the_program_imports() -> None:
    wanted = set().union(*(imports_of(path) for path in (ROOT / "fmstudio").rglob("*.py")))
    extras = {"openTSNE", "onnx", "onnxruntime"}
    lost = [
        name for name in wanted if name.startswith(tuple(contents.LEFT_OUT)) and name.partition(".")[0] not in extras
    ]
    assert lost == []


def test_every_module_of_ours_is_named() -> None:
    named = set(contents.hidden_imports(ROOT))
    assert {"fmstudio.session.session", "fmstudio.export.script", "fmstudio.training.resnet", "fmstudio.ui"} <= named
    assert all(name.isascii() and "-" not in name for name in named)


def test_source_ships_of_ours_and_of_what_reads_its_own(tmp_path: Path) -> None:
    files = {
        "plain": "import torch",
        "config": "install_config_module(__name__)",
        "functional": "from torch._jit_internal import _overload as overload",
        "inner/jit": "x = 1\n@torch.jit.script\ndef f(): ...",
    }
    for name, text in files.items():
        path = tmp_path / "torch" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    whole = "pyz+py"
    named = {"torch.config": whole, "torch.functional": whole, "torch.inner.jit": whole}
    assert contents.sources([tmp_path / "torch"]) == {"fmstudio": whole, "torch": "pyz", **named}


@pytest.mark.parametrize(
    ("place", "source", "belongs"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/e/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", "/e/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", "/e/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "/e/libqvnc.so", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", "C:\\e\\qwindows.dll", True),
        ("PySide6\\plugins\\styles\\qmodernwindowsstyle.dll", "C:\\e\\q.dll", True),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", "/e/l.so", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", "/e/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", "/e/qtbase_fr.qm", False),
        ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", True),
        ("libstdc++.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6", False),
        ("libsqlite3.so.0", "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0", True),
        ("torch/lib/libtorch_cpu.so", "/e/torch/lib/libtorch_cpu.so", True),
        ("torch/lib/libtorchbind_test.so", "/e/torch/lib/libtorchbind_test.so", False),
        ("python3.11/lib-dynload/_json.so", "/usr/lib/python3.11/lib-dynload/_json.so", True),
    ],
)
def test_what_belongs(place: str, source: str, belongs: bool) -> None:
    assert contents.belongs(place, source) is belongs


def test_libraries_of_qt_that_nothing_needs_stay_out() -> None:
    core, network, icu = (f"PySide6/Qt/lib/{name}" for name in ("libQt6Core.so.6", "libQt6Network.so.6", "libicu.so"))
    files = [
        ("PySide6/QtCore.abi3.so", "/e/QtCore.abi3.so", "EXTENSION"),
        (core, f"/e/{core}", "BINARY"),
        (network, f"/e/{network}", "BINARY"),
        (icu, f"/e/{icu}", "BINARY"),
        ("libQt6Network.so.6", network, "SYMLINK"),
        ("libQt6Core.so.6", core, "SYMLINK"),
    ]
    needs = {"/e/QtCore.abi3.so": ["libQt6Core.so.6"], f"/e/{core}": ["/usr/lib/libicu.so"]}
    kept = contents.chosen(files, lambda library: needs.get(library, []))
    assert {place for place, _, _ in kept} == {"PySide6/QtCore.abi3.so", core, icu, "libQt6Core.so.6"}


def test_resources_are_data_and_the_translators_files_are_not(tmp_path: Path) -> None:
    (tmp_path / "resources" / "words").mkdir(parents=True)
    for name in ("one.mo", "one.po"):
        (tmp_path / "resources" / "words" / name).touch()
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "build.json").touch()
    files = contents.data_files(tmp_path, tmp_path / "staged")
    ours = [(Path(source).name, Path(place).as_posix()) for source, place in files if place.startswith("resources")]
    assert ours == [("one.mo", "resources/words"), ("build.json", "resources")]


def test_papers_name_no_folder_of_this_machine() -> None:
    names = {Path(source).name for source, _ in contents.papers()}
    assert "METADATA" in names
    assert not names & {"RECORD", "direct_url.json", "INSTALLER"}


def test_a_wheel_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"torch\.whl is not there"):
        source_from(tmp_path / "torch.whl", None, {})


def test_where_torch_comes_from(tmp_path: Path) -> None:
    wheel = tmp_path / "torch-2.13.0%2Bcpu-cp311.whl"
    wheel.touch()
    assert source_from(None, None, {}) == Source()
    assert source_from(None, None, {"FMSTUDIO_TORCH_WHEEL": str(wheel)}).options == [str(wheel)]
    assert source_from(None, "there", {}).options == ["torch", "torchvision", "--index-url", "there"]


def test_an_environment_serves_whoever_wants_no_other(tmp_path: Path) -> None:
    one, other = Source(tmp_path / "one.whl"), Source(tmp_path / "other.whl")
    stamp = environment.stamp_of(one)
    assert environment.serves(stamp, one)
    assert environment.serves(stamp, Source())
    assert not environment.serves(stamp, other)
    assert not environment.serves({**stamp, "contents": "older"}, one)
    assert not environment.serves({}, Source())


@pytest.mark.parametrize(
    ("said", "sentence"), [('["2.9", "13.0", null]', "built for CUDA 13.0"), ('["2.9", null, "6"]', "built for ROCm 6")]
)
def test_a_gpu_build_is_refused(said: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_torch, "_QUESTION", f"print({said!r})")
    with pytest.raises(BuildError, match=sentence):
        cpu_torch.refuse_gpu_build(Path(sys.executable))


def test_a_cpu_build_is_taken_and_a_broken_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_torch, "_QUESTION", "print('[\"2.9+cpu\", null, null]')")
    cpu_torch.refuse_gpu_build(Path(sys.executable))
    monkeypatch.setattr(cpu_torch, "_QUESTION", "import nothing_of_that_name")
    with pytest.raises(BuildError, match="does not load: ModuleNotFoundError"):
        cpu_torch.refuse_gpu_build(Path(sys.executable))


def test_a_bundle_for_another_system_is_refused() -> None:
    other = "windows" if sys.platform != "win32" else "linux"
    with pytest.raises(BuildError, match="is made on that system"):
        frozen.main([other])


def test_listings_differ_where_the_files_do(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "folder").mkdir(parents=True)
        (tmp_path / name / "folder" / "file").write_text("same")
        (tmp_path / name / "link").symlink_to("folder/file")
    first, second = listing.listing(tmp_path / "a"), listing.listing(tmp_path / "b")
    assert first == second
    assert listing.differences(first, second) == []
    assert listing.total_bytes(tmp_path / "a") == 4 + len("folder/file")
    (tmp_path / "b" / "folder" / "file").write_text("other")
    assert [line[0] for line in listing.differences(first, listing.listing(tmp_path / "b"))] == ["-", "+"]


def test_settled_files_bear_one_time_and_the_rights_that_they_need(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name in ("fmstudio", "library.so"):
        (bundle / name).touch(0o700)
    (bundle / "link").symlink_to("library.so")
    frozen.settle(bundle, 1_000_000_000)
    found = {path.name: path.lstat() for path in (bundle, *bundle.iterdir())}
    assert {status.st_mtime for status in found.values()} == {1_000_000_000}
    if sys.platform != "win32":
        assert found["fmstudio"].st_mode & 0o777 == 0o755
        assert found["library.so"].st_mode & 0o777 == 0o644


def test_version_is_the_packages_own() -> None:
    assert version.version() == importlib.import_module("fmstudio").__version__


def test_a_source_without_git_has_a_version_and_no_commit(tmp_path: Path) -> None:
    (tmp_path / "fmstudio").mkdir()
    (tmp_path / "fmstudio" / "__init__.py").write_text('__version__ = "7.8.9"\n')
    assert version.version(tmp_path) == "7.8.9"
    assert version.commit(tmp_path) == ""
    assert '"version": "7.8.9"' in version.stamp(tmp_path)


def test_what_fails_on_trial_is_said(tmp_path: Path) -> None:
    tried = program.Program(Path(sys.executable), tmp_path, ("-c", "import sys; sys.exit('no such run')"))
    with pytest.raises(BuildError, match="status 1") as raised:
        tried.run("train", "it")
    assert "no such run" in raised.value.remedy


def test_the_bundle_on_trial_sees_nothing_of_our_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("FMSTUDIO_HOME", "/somewhere")
    given = program.Program(Path(sys.executable), tmp_path).environment({"DISPLAY": ":7"})
    assert "PYTHONPATH" not in given
    assert given["FMSTUDIO_HOME"] == str(tmp_path / "home")
    assert given["DISPLAY"] == ":7"


def test_the_picture_that_is_predicted_is_a_picture(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    file = tmp_path / "grey.png"
    file.write_bytes(trial_commands.grey_png([[0, 128], [255, 7]]))
    with image.open(file) as opened:
        assert list(opened.get_flattened_data()) == [0, 128, 255, 7]


@pytest.mark.skipif(sys.platform != "linux", reason="only there a loader is pointed to the bundle's libraries")
def test_what_the_bundle_starts_loads_the_systems_libraries() -> None:
    hook = (ROOT / "packaging" / "frozen" / "surroundings.py").read_text(encoding="utf-8")
    code = f"{hook}\nprint(os.environ.get('LD_LIBRARY_PATH'), 'LD_LIBRARY_PATH_ORIG' in os.environ)"
    for before, after in (({}, "None False"), ({"LD_LIBRARY_PATH_ORIG": "/own"}, "/own False")):
        given = {"LD_LIBRARY_PATH": "/bundle", **before}
        done = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == after


def test_operators_are_declared_when_torchvision_is_looked_for_and_not_before() -> None:
    hook = str(ROOT / "packaging" / "frozen" / "operators.py")
    code = (
        f"import sys; exec(open({hook!r}).read()); assert 'torch' not in sys.modules\n"
        "declared = []; declare = lambda: declared.append(1)\n"
        "import importlib.util as u; u.find_spec('json'); assert not declared\n"
        "u.find_spec('torchvision'); u.find_spec('torchvision'); assert declared == [1]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_build_before_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = tmp_path / "fmstudio"
    bundle.mkdir()
    (bundle / "file").write_text("one")
    assert frozen.write_listing(bundle) == []
    assert frozen.write_listing(bundle) == []
    assert "same 1 files" in capsys.readouterr().out
    (bundle / "file").write_text("two")
    assert [line[0] for line in frozen.write_listing(bundle)] == ["-", "+"]
    assert "2 lines differ" in capsys.readouterr().out


def test_a_wheel_of_torch_decides_its_version_and_torchvision_follows(tmp_path: Path) -> None:
    known = environment.known_versions(Source(tmp_path / "torch-2.13.0%2Bcpu-cp311-cp311-linux_x86_64.whl")).split()
    assert "torch==2.13.0+cpu" in known
    assert not any(line.startswith("torchvision==") for line in known)
    assert any(line.startswith("numpy==") for line in known)
    assert any(line.startswith("torchvision==") for line in environment.known_versions(Source()).split())


def test_a_window_is_told_from_a_small_sign_of_it_and_from_an_empty_screen() -> None:
    pixels = [bytes([number // 997 % 200 + 1, number % 7, 9, 0]) for number in range(100_000)]
    screen = bytes(400_000)
    whole, corner = b"".join(pixels), b"".join(pixels[:12_000])
    assert not trial_window.painted(screen, trial_window.SIGN)
    assert trial_window.painted(corner + screen[len(corner) :], trial_window.SIGN)
    assert not trial_window.painted(corner + screen[len(corner) :], trial_window.WINDOW)
    assert trial_window.painted(whole, trial_window.WINDOW)
    assert not trial_window.painted(b"\x20\x20\x20\0" * 100_000, trial_window.WINDOW)


@pytest.mark.parametrize("command", [*build.COMMANDS, "all"])
def test_every_command_is_explained_and_has_its_maker(command: str) -> None:
    assert f"build.py {command} " in (build.__doc__ or "") or f"``{command}``" in (build.__doc__ or "")
    for name in build.ALL["linux"] if command == "all" else [command]:
        assert callable(importlib.import_module(build.COMMANDS[name]).main)


def test_what_is_asked_for_wrongly_is_answered_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["nothing"]) == 2
    assert "packaging/build.py linux" in capsys.readouterr().err
    assert build.main(["--help"]) == 0
    assert "packaging/build.py linux" in capsys.readouterr().out


def test_what_cannot_be_made_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["check", "--program", str(tmp_path / "none")]) == 3
    said = capsys.readouterr().err
    assert "There is no bundle" in said
    assert "Traceback" not in said
