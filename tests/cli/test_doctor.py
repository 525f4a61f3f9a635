"""What ``fmstudio doctor`` finds."""

import json
import shutil
import sys
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fmstudio import paths
from fmstudio.cli import doctor, surroundings
from fmstudio.cli.app import app
from fmstudio.cli.doctor import examination_text, examine
from fmstudio.machine import examination
from fmstudio.machine.findings import Finding, LackingError

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither torch nor the data are looked at."""
    monkeypatch.setattr(examination, "_computing", lambda load, findings: ((("cpu", "CPU", 0),), 2))
    monkeypatch.setattr(examination, "_complete_data", lambda findings: {"fashion-mnist": (60_000, 10_000)})


def test_a_whole_machine_is_healthy(studio_home: Path) -> None:
    found = examine(environment=OFFSCREEN)
    assert found.healthy
    assert found.findings == ()
    assert found.devices[0] == ("cpu", "CPU", 0)
    assert found.data == {"fashion-mnist": (60_000, 10_000)}
    assert found.packages["torch"] == metadata.version("torch")
    assert found.folders["runs"] == str(studio_home / "runs")
    assert not studio_home.exists()
    assert examination_text(found).endswith("\n\nNothing is missing.")


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux has displays that may be absent")
def test_a_server_without_a_display_is_healthy_but_opens_no_window() -> None:
    found = examine(environment={})
    assert (found.healthy, found.window) == (True, False)
    assert "There is no display here" in examination_text(found)


@pytest.mark.usefixtures("quick")
def test_the_command_prints_it_as_json_and_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(app, ["doctor", "--json"])
    values = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, values["healthy"]) == (0, "", True)
    assert values["system"]["fmstudio"]
    assert values["data"] == {"fashion-mnist": [60_000, 10_000]}
    text = CliRunner().invoke(app, ["doctor"]).stdout
    assert "fashion-mnist: 60,000 + 10,000 pictures, complete" in text


@pytest.mark.usefixtures("quick")
def test_what_is_broken_has_status_3_and_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "window_findings", lambda environment: (Finding("It lacks a part.", "Fetch it."),))
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 3
    assert result.stdout.endswith("\nIt lacks a part. Fetch it.\n")


@pytest.mark.usefixtures("quick")
def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        if package == "torchvision":
            raise metadata.PackageNotFoundError(package)
        return "1.0"

    monkeypatch.setattr(examination.metadata, "version", version)
    monkeypatch.setattr(examination, "find_spec", lambda name: None)
    found = examine(environment=OFFSCREEN)
    assert found.packages["torchvision"] is None
    assert [finding.message for finding in found.findings] == ["The Python package torchvision is not installed."]


def test_a_torch_that_does_not_load_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> object:
        raise LackingError("The system lacks libcudart.so.12.", "Install it.")

    monkeypatch.setattr(doctor, "load", refuse)
    monkeypatch.setattr(examination, "_complete_data", lambda findings: {})
    found = examine(environment=OFFSCREEN)
    assert found.devices == ()
    assert found.findings == (Finding("The system lacks libcudart.so.12.", "Install it."),)
    assert not found.healthy


def test_torch_and_torchvision_must_fit_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(name: str) -> object:
        if name.startswith("torchvision"):
            raise RuntimeError("operator torchvision::nms does not exist\nmore")
        return surroundings.load(name)

    monkeypatch.setattr(doctor, "load", half)
    monkeypatch.setattr(examination, "_complete_data", lambda findings: {})
    (finding,) = examine(environment=OFFSCREEN).findings
    assert finding.message == "torchvision does not fit torch: operator torchvision::nms does not exist."


def test_damaged_data_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "datasets" / "fashion-mnist"
    shutil.copytree(paths.resource("datasets/fashion-mnist"), folder)
    labels = folder / "t10k-labels-idx1-ubyte.gz"
    labels.write_bytes(labels.read_bytes()[:-100])
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / name)
    monkeypatch.setattr(examination, "_computing", lambda load, findings: ((), 2))
    found = examine(environment=OFFSCREEN)
    assert found.data == {}
    assert not found.healthy
    assert str(labels) in found.findings[0].message


@pytest.mark.usefixtures("quick")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    found = examine(blocked / "runs", environment=OFFSCREEN)
    assert not found.healthy
    assert found.findings[0].message.startswith(f"{blocked / 'runs'} cannot be written")
    assert "FMSTUDIO_HOME" in found.findings[0].remedy


@pytest.mark.usefixtures("quick")
def test_a_disk_that_is_nearly_full_is_named_but_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        examination.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 12_000_000)
    )
    found = examine(environment=OFFSCREEN)
    assert found.healthy
    assert found.findings[0].message.startswith("The disk is nearly full: 12 MB are free")
