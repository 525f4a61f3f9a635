"""What is looked at, besides what ``fmstudio doctor`` prints."""

from importlib import metadata
from pathlib import Path

import pytest

from fmstudio.machine import examination
from fmstudio.machine.examination import examination_rows, examine, passed_lines, unwritable
from fmstudio.machine.findings import Finding


def load(name: str) -> object:
    raise ModuleNotFoundError("No module named 'torch'", name="torch")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "_complete_data", lambda findings: {"fashion-mnist": (60_000, 10_000)})


def test_any_door_to_torch_will_do() -> None:
    found = examine(load)
    assert [finding.message for finding in found.findings] == ["The Python package torch is not installed."]
    assert found.devices == ()


def test_what_is_well_is_said_too(tmp_path: Path) -> None:
    lines = passed_lines(examine(load, tmp_path))
    assert lines[:2] == ["All 10 packages that the program stands on are there.",
                         "The data set fashion-mnist is complete: 70,000 pictures."]  # fmt: skip
    assert lines[2].startswith("Runs can be kept: ")


def test_version_and_commit_are_named() -> None:
    rows = dict(examination_rows(examine(load)))
    assert rows["fmstudio"]
    assert rows.get("commit", "x")


def test_a_bundle_that_brought_no_versions_is_complete_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(examination.metadata, "version", version)
    found = examine(load)
    assert set(found.packages.values()) == {"version unknown"}


def test_an_idle_card_is_worth_a_look_but_nothing_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = Finding("It is idle.", "Wake it.", grave=False)
    monkeypatch.setattr(examination, "gpu_finding", lambda load: idle)
    found = examine(lambda name: (lambda: ()) if name.endswith("devices") else (lambda: 2))
    assert found.findings == (idle,)
    assert found.healthy


def test_a_folder_that_may_not_even_be_looked_into_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        if path.name in ("runs", "home"):
            raise PermissionError(13, "Permission denied")
        return True

    monkeypatch.setattr(Path, "exists", refuse)
    assert unwritable(tmp_path / "home" / "runs") is None
    monkeypatch.setattr(examination.os, "access", lambda path, mode: False)
    finding = unwritable(tmp_path / "home" / "runs")
    assert finding is not None
    assert finding.message.startswith(f"{tmp_path / 'home' / 'runs'} cannot be written")
    assert "FMSTUDIO_HOME" in finding.remedy
