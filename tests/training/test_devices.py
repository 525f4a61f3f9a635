"""Which device and how many threads a spec gets; the GPUs are made up."""

from collections.abc import Callable

import pytest
import torch

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training import devices
from fmstudio.training.devices import Device, cores, resolve_device, resolve_threads

Small = Callable[..., ExperimentSpec]
ONLY_CPU = (Device("cpu", "CPU"),)
TWO_GPUS = (*ONLY_CPU, Device("cuda:0", "Big", 10), Device("cuda:1", "Bigger", 20))
APPLE = (*ONLY_CPU, Device("mps", "Apple GPU"))


def there_are(monkeypatch: pytest.MonkeyPatch, found: tuple[Device, ...]) -> None:
    monkeypatch.setattr(devices, "devices", lambda: found)


def test_the_cpu_is_the_first_and_all_have_titles() -> None:
    found = devices.devices()
    assert (found[0].id, found[0].title) == ("cpu", "CPU")
    assert all(device.title for device in found)
    assert len({device.id for device in found}) == len(found)


def test_gpus_are_found_with_name_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Properties:
        name, total_memory = "Big", 8_000_000_000

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: Properties)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert devices.devices() == (
        Device("cpu", "CPU"), Device("cuda:0", "Big", 8_000_000_000), Device("cuda:1", "Big", 8_000_000_000),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "asked", "kind", "expected"),
    [
        (ONLY_CPU, "auto", "cnn", "cpu"),
        (ONLY_CPU, "cpu", "cnn", "cpu"),
        (TWO_GPUS, "auto", "cnn", "cuda:0"),
        (TWO_GPUS, "auto", "softmax-regression", "cpu"),
        (TWO_GPUS, "cpu", "cnn", "cpu"),
        (TWO_GPUS, "cuda", "softmax-regression", "cuda:0"),
        (TWO_GPUS, "cuda:1", "cnn", "cuda:1"),
        (APPLE, "auto", "mlp", "mps"),
        (APPLE, "mps", "softmax-regression", "mps"),
    ],
)
def test_the_rule(
    monkeypatch: pytest.MonkeyPatch, small: Small, found: tuple[Device, ...], asked: str, kind: str, expected: str
) -> None:
    there_are(monkeypatch, found)
    assert resolve_device(small(("device", asked), ("architecture.kind", kind))) == expected


@pytest.mark.parametrize("asked", ["cuda", "cuda:0", "mps", "tpu", "", "CPU"])
def test_a_device_that_is_not_there_is_a_problem_whose_mending_mends(
    monkeypatch: pytest.MonkeyPatch, small: Small, asked: str
) -> None:
    there_are(monkeypatch, ONLY_CPU)
    spec = small(("device", asked))
    with pytest.raises(InvalidSpecError) as raised:
        resolve_device(spec)
    (problem,) = raised.value.problems
    assert problem.path == "device"
    assert "there is: cpu" in problem.message
    assert problem.mending is not None
    assert resolve_device(read_spec(changed(to_mapping(spec), problem.mending.changes))) == "cpu"


@pytest.mark.parametrize(("here", "asked", "threads"), [(2, 0, 2), (64, 0, 8), (2, 5, 5), (64, 64, 64), (1, 0, 1)])
def test_threads(monkeypatch: pytest.MonkeyPatch, here: int, asked: int, threads: int) -> None:
    monkeypatch.setattr(devices, "cores", lambda: here)
    assert resolve_threads(asked) == threads


def test_there_is_a_core() -> None:
    assert cores() >= 1
