"""Cards of NVIDIA, looked for below a root that each test makes."""

import sys
from pathlib import Path

import pytest

from fmstudio.machine import nvidia
from fmstudio.machine.nvidia import Card, find_card, finding_for, gpu_command, gpu_finding


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def pci_device(root: Path, vendor: str, kind: str) -> None:
    write(root / "sys/bus/pci/devices/0000:01:00.0/vendor", f"{vendor}\n")
    write(root / "sys/bus/pci/devices/0000:01:00.0/class", f"{kind}\n")


def torch(*, available: bool, cuda: str | None):
    values = {"torch.cuda.is_available": lambda: available, "torch.version.cuda": cuda}
    return values.__getitem__


def test_a_computer_without_one() -> None:
    assert find_card(Path("/nowhere")) is None


def test_its_driver_names_it(tmp_path: Path) -> None:
    information = "Model: \t\t NVIDIA GeForce RTX 3060\nIRQ:   \t\t 16\n"
    write(tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0/information", information)
    assert find_card(tmp_path) == Card("NVIDIA GeForce RTX 3060", driver=True)


@pytest.mark.parametrize(
    "sign", ["proc/driver/nvidia/version", "usr/lib/wsl/lib/libnvidia-ml.so.1", "Windows/System32/nvml.dll"]
)
def test_a_driver_that_does_not_name_it_is_enough(tmp_path: Path, sign: str) -> None:
    write(tmp_path / sign)
    assert find_card(tmp_path) == Card("", driver=True)


def test_without_its_driver_the_bus_knows_it(tmp_path: Path) -> None:
    pci_device(tmp_path, "0x10de", "0x030000")
    assert find_card(tmp_path) == Card("", driver=False)


@pytest.mark.parametrize(("vendor", "kind"), [("0x10de", "0x040300"), ("0x1002", "0x030000")])
def test_its_sound_and_the_cards_of_others_are_none(tmp_path: Path, vendor: str, kind: str) -> None:
    pci_device(tmp_path, vendor, kind)
    assert find_card(tmp_path) is None


def test_a_build_for_the_cpu_says_how_to_get_the_other_one() -> None:
    finding = finding_for(Card("NVIDIA T4", driver=True), None)
    assert finding is not None
    assert finding.message == "The GPU here (NVIDIA T4) is not used: this edition of fmstudio computes on the CPU."
    assert "uv tool install --torch-backend=auto fmstudio-" in finding.remedy
    assert not finding.grave


def test_a_build_for_gpus_wants_a_driver_or_a_newer_one() -> None:
    lacking, old = finding_for(Card("", driver=False), "13.2"), finding_for(Card("NVIDIA T4", driver=True), "13.2")
    assert lacking is not None
    assert lacking.remedy == "Install the driver from NVIDIA."
    assert old is not None
    assert "CUDA 13.2" in old.message


def test_where_it_is_used_nothing_is_said(tmp_path: Path) -> None:
    write(tmp_path / "proc/driver/nvidia/version")
    assert gpu_finding(torch(available=True, cuda="13.2"), tmp_path) is None
    assert gpu_finding(torch(available=False, cuda=None), tmp_path) is not None
    assert gpu_finding(torch(available=False, cuda=None), tmp_path / "other") is None


def test_pipx_is_enough_on_linux_but_not_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert "pipx install" in gpu_command()
    monkeypatch.setattr(nvidia.sys, "platform", "win32")
    assert "pipx" not in gpu_command()
