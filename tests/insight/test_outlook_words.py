"""What the outlook of a run says, and what it offers: on figures whose meaning is known."""

from dataclasses import replace

import pytest

from fmstudio.insight.outlook_words import (
    faster_batch,
    faster_device,
    largest,
    memory,
    offers,
    sentences,
    size,
    span,
)
from fmstudio.training.outlook import BatchSpeed, DeviceOutlook, Preflight

SPEEDS = tuple(BatchSpeed(batch, speed) for batch, speed in ((64, 1000.0), (128, 2000.0), (256, 2900.0), (512, 3000.0)))
CPU = DeviceOutlook("cpu", "CPU", batches=20, step_seconds=0.1, evaluation_seconds=1, epoch_seconds=50, run_seconds=500,
                    bytes=400 * 2**20, free_bytes=2**34, largest=60_000, bound="samples", speeds=SPEEDS)  # fmt: skip
GPU = replace(CPU, device="cuda:0", title="A GPU", run_seconds=50, epoch_seconds=5, bytes=2**30, measured=True,
              largest=4096, bound="memory")  # fmt: skip
FOUND = Preflight(batch=128, epochs=10, samples=60_000, chosen="cpu", devices=(CPU,), disk_bytes=3 * 2**20,
                  free_disk_bytes=2**34, complete=True)  # fmt: skip


def said(found: Preflight) -> str:
    return " ".join(sentences(found))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.183, "0.18 s"),
        (9.31, "9.3 s"),
        (9.96, "10 s"),
        (42.4, "42 s"),
        (125, "2 min 5 s"),
        (120, "2 min"),
        (1234, "21 min"),
        (3570, "1 h"),
        (4800, "1 h 20 min"),
        (4_000_000, "1,111 h 7 min"),
    ],
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(100, "1 KB"), (3000, "3 KB"), (90_000_000, "86 MB"), (1.2 * 2**30, "1.2 GB"), (2**37, "128 GB")],
)
def test_sizes(count: float, text: str) -> None:
    assert size(int(count)) == text


def test_what_was_reckoned_is_said_to_be() -> None:
    assert (memory(CPU), memory(GPU)) == ("about 400 MB", "1.0 GB")


def test_the_largest_batch() -> None:
    assert largest(CPU, 60_000) == "all 60,000"
    assert largest(GPU, 60_000) == "4,096"
    assert largest(replace(GPU, bound="time"), 60_000) == "at least 4,096"
    assert largest(replace(GPU, largest=0), 60_000) == "–"


def test_one_device_says_that_there_is_no_gpu() -> None:
    assert said(FOUND).startswith("The whole run takes about 8 min 20 s on the CPU. Batches of 256 are 1.4× as fast")
    assert "There is no GPU here" in said(FOUND)
    assert said(FOUND).endswith("The run's folder gets about 3 MB large.")
    assert [(one.label, one.changes) for one in offers(FOUND)] == [("Use batch 256", (("batch_size", 256),))]


def test_a_faster_gpu_is_offered() -> None:
    found = replace(FOUND, devices=(CPU, GPU))
    assert "A run on A GPU is 10.0× as fast as on the CPU." in said(found)
    assert "no GPU" not in said(found)
    assert offers(found)[1].changes == (("device", "cuda:0"),)
    assert offers(found)[1].label == "Use the GPU"


def test_of_the_device_that_is_used_its_own_speed_is_said() -> None:
    found = replace(FOUND, devices=(CPU, GPU), chosen="cuda:0")
    assert "takes about 50 s on A GPU" in said(found)
    assert faster_device(found) is None
    slow = replace(found, devices=(CPU, replace(GPU, run_seconds=5000)))
    assert [one.label for one in offers(slow)][-1] == "Use the CPU"


def test_what_gains_little_is_not_offered() -> None:
    short = replace(CPU, run_seconds=3)
    assert faster_batch(replace(FOUND, devices=(short,))) is None, "less than two seconds"
    flat = replace(CPU, speeds=tuple(BatchSpeed(one.batch, 2000.0) for one in SPEEDS))
    assert faster_batch(replace(FOUND, devices=(flat,))) is None
    assert "hardly faster" in said(replace(FOUND, devices=(flat,)))
    assert faster_device(replace(FOUND, devices=(CPU, replace(GPU, run_seconds=450)))) is None


def test_no_batch_is_offered_that_is_not_safe_or_another_experiment() -> None:
    tight = replace(CPU, largest=128)
    assert faster_batch(replace(FOUND, devices=(tight,))) is None
    speeds = (BatchSpeed(8, 100.0), BatchSpeed(64, 800.0), BatchSpeed(2048, 90_000.0))
    better = faster_batch(replace(FOUND, batch=8, devices=(replace(CPU, speeds=speeds),)))
    assert better is not None
    assert better[0].batch == 64


def test_a_recipe_that_does_not_fit_is_offered_what_fits() -> None:
    lacking = DeviceOutlook("cuda:0", "A GPU", trouble="The device has not enough memory for this run.")
    found = replace(FOUND, chosen="cuda:0", devices=(CPU, lacking))
    assert found.own is None
    assert "A GPU: The device has not enough memory" in said(found)
    assert [one.label for one in offers(found)] == ["Use the CPU"]
    tight = replace(FOUND, batch=4096, devices=(replace(CPU, largest=512),))
    assert [one.changes for one in offers(tight)] == [(("batch_size", 512),)]


def test_a_disk_that_is_too_full_is_said() -> None:
    assert "only 1 MB are free" in said(replace(FOUND, free_disk_bytes=2**20))


def test_nothing_measured_says_nothing() -> None:
    assert said(replace(FOUND, devices=(), complete=False)) == ""
    assert offers(replace(FOUND, devices=())) == ()
