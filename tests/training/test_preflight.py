"""How long, how much memory, how large a batch: measured, on every device, and without a trace."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from fmstudio.experiment.memory import needed_bytes
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.beginning import begin
from fmstudio.training import larger_batches
from fmstudio.training import preflight as measured
from fmstudio.training.control import Control
from fmstudio.training.devices import Device
from fmstudio.training.events import StepsTaken
from fmstudio.training.larger_batches import LargerBatches, sizes_up_to
from fmstudio.training.loop import Training
from fmstudio.training.meters import CpuMeter, free_bytes, resident_bytes
from fmstudio.training.outlook import PreflightStep, evaluations, folder_bytes, weights_size
from fmstudio.training.preflight import BATCHES, OVERHEAD, WARM_UP, preflight
from fmstudio.training.trial import Trial

Small = Callable[..., ExperimentSpec]
NEVER = lambda: False  # noqa: E731
SOFTMAX = (("architecture.kind", "softmax-regression"), ("optimizer.kind", "sgd"))
GIGABYTE = 10**9


def steps_of(spec: ExperimentSpec) -> list[float]:
    told = (event.losses for event in Training(spec, Control()).events() if isinstance(event, StepsTaken))
    return [float(loss) for losses in told for loss in losses]


class FakeMeter:
    """A GPU's memory, of which every sample takes a share."""

    def __init__(self, free: int, sample: int = 0) -> None:
        self.exact, self.free, self.peak = True, free, 0
        self.sample = sample
        self.released = 0

    def begin(self) -> None:
        self.peak = 0

    def look(self) -> None:
        """Nothing."""

    def release(self) -> None:
        self.released += 1


def full_beyond(monkeypatch: pytest.MonkeyPatch, meter: FakeMeter) -> list[int]:
    """A step takes its share of the meter's memory, or runs out of it; gives the sizes that are tried."""
    tried: list[int] = []

    def take(self: Trial, inputs: torch.Tensor, targets: torch.Tensor) -> float:
        tried.append(len(targets))
        meter.peak = len(targets) * meter.sample
        if meter.peak > meter.free:
            raise torch.OutOfMemoryError
        return 1.0

    monkeypatch.setattr(Trial, "take", take)
    return tried


def test_each_device_has_its_figures(small: Small) -> None:
    told: list[PreflightStep] = []
    found = preflight(small(*SOFTMAX, ("epochs", 3)), NEVER, told.append)
    assert found.complete
    assert found.devices[0].device == "cpu"
    own = found.own
    assert own is not None
    assert own.batches == BATCHES
    assert 0 < own.step_seconds < 1
    assert own.epoch_seconds == pytest.approx(
        OVERHEAD * 5 * own.step_seconds + own.evaluation_seconds + own.saving_seconds
    )
    assert own.run_seconds > 3 * OVERHEAD * 5 * own.step_seconds
    assert own.bytes > 0
    assert own.largest == 300
    assert own.bound == "samples"
    assert [one.batch for one in own.speeds] == [32, 64, 128, 256, 300]
    assert all(one.per_second > 0 for one in own.speeds)
    shares = [step.share for step in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1] < 1) == (0.0, True)
    assert told[0].so_far.devices == ()
    assert told[-1].so_far.devices[0].epoch_seconds == own.epoch_seconds


def test_exactly_the_batches_after_the_warm_up_are_measured(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    now, costs = [0.0], iter([9.0] * (WARM_UP + 1) + [0.1, 0.3, 5.0] + [0.2] * 10_000)
    usual = Trial.take

    def slow(*given: Any) -> float:
        now[0] += next(costs)
        return usual(*given)

    monkeypatch.setattr(Trial, "take", slow)
    monkeypatch.setattr(measured.time, "perf_counter", lambda: now[0])
    found = preflight(small(*SOFTMAX), NEVER)
    assert found.devices[0].step_seconds == pytest.approx(0.2)


def test_slow_batches_are_measured_fewer_times(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    usual = Trial.take

    def slow(*given: Any) -> float:
        now[0] += 30.0
        return usual(*given)

    monkeypatch.setattr(Trial, "take", slow)
    monkeypatch.setattr(measured.time, "perf_counter", lambda: now[0])
    own = preflight(small(*SOFTMAX), NEVER).own
    assert own is not None
    assert own.batches == 1
    assert own.step_seconds == pytest.approx(30)


@pytest.mark.parametrize("given_up", [False, True])
def test_no_random_number_of_a_run_is_used_up(small: Small, given_up: bool) -> None:
    spec = small(("architecture.kind", "mlp"), ("architecture.dropout", 0.5), ("epochs", 1))
    before = steps_of(spec)
    torch.manual_seed(3)
    state = torch.get_rng_state()
    asked = iter([False] * 60)
    found = preflight(spec, (lambda: next(asked, True)) if given_up else NEVER)
    assert found.complete != given_up
    assert torch.equal(torch.get_rng_state(), state)
    assert steps_of(spec) == before


def test_given_up_it_gives_what_it_has(small: Small) -> None:
    told: list[PreflightStep] = []
    found = preflight(small(*SOFTMAX), lambda: len(told) > 3, told.append)
    assert not found.complete
    assert found.devices == ()


def test_a_device_without_enough_memory_says_so_and_the_others_are_measured(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = measured.prepare

    def full(spec: ExperimentSpec, device: str) -> Any:
        if device == "cuda:0":
            raise torch.OutOfMemoryError
        return prepare(spec, device)

    monkeypatch.setattr(measured, "prepare", full)
    monkeypatch.setattr(measured, "devices", lambda: (Device("cuda:0", "A GPU"), Device("cpu", "CPU")))
    monkeypatch.setattr(measured, "meter_of", lambda device: FakeMeter(GIGABYTE) if device != "cpu" else CpuMeter())
    found = preflight(small(*SOFTMAX), NEVER)
    assert found.complete
    assert "not enough memory" in found.devices[0].trouble
    assert found.devices[1].batches == BATCHES


def test_a_bug_is_not_taken_for_too_little_memory(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> float:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Trial, "take", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        preflight(small(*SOFTMAX), NEVER)


@pytest.fixture
def larger(small: Small) -> Callable[..., LargerBatches]:
    """Tries batches of up to 3000 pictures against a meter."""

    def make(meter: Any, **changes: Any) -> LargerBatches:
        spec = small(*SOFTMAX, ("dataset.train_size", 3000), *changes.items())
        train = measured.prepare(spec, "cpu").train
        return LargerBatches(spec, measured.zero_network(spec, "cpu"), train, meter, [False], "cpu")

    return make


def test_on_a_gpu_it_tries_until_the_memory_is_full(
    larger: Callable[..., LargerBatches], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = FakeMeter(free=1000 * 10, sample=10)
    tried = full_beyond(monkeypatch, meter)
    made = larger(meter)
    list(made.tries())
    assert (made.largest, made.bound) == (512, "memory")
    assert max(tried) == 1024, "one try that does not fit"
    assert meter.released == 1


def test_on_a_gpu_what_fits_too_tightly_is_not_safe(
    larger: Callable[..., LargerBatches], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = FakeMeter(free=1100 * 10, sample=10)
    full_beyond(monkeypatch, meter)
    made = larger(meter)
    list(made.tries())
    assert (made.largest, made.bound) == (512, "memory")
    assert made.speeds[-1].batch == 1024


def test_on_a_gpu_nothing_is_tried_that_can_never_fit(
    larger: Callable[..., LargerBatches], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = FakeMeter(free=80 * 10, sample=10)
    tried = full_beyond(monkeypatch, meter)
    list(larger(meter).tries())
    assert max(tried) <= 128


def test_steps_that_get_slow_end_it(larger: Callable[..., LargerBatches], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def take(self: Trial, inputs: torch.Tensor, targets: torch.Tensor) -> float:
        now[0] += len(targets) / 50
        return 1.0

    monkeypatch.setattr(Trial, "take", take)
    monkeypatch.setattr(larger_batches.time, "perf_counter", lambda: now[0])
    made = larger(FakeMeter(free=GIGABYTE))
    list(made.tries())
    assert (made.largest, made.bound) == (256, "time")


def test_on_a_cpu_it_is_reckoned_and_never_more_than_half_of_the_free_memory_is_taken(
    larger: Callable[..., LargerBatches], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = FakeMeter(free=0)
    meter.exact = False
    tried = full_beyond(monkeypatch, meter)
    made = larger(meter)
    spec = made._spec
    need = {size: needed_bytes(spec.model_copy(update={"batch_size": size})) for size in (256, 512, 1024, 2048)}
    meter.free = int(need[1024] / 0.8) + 1
    made._free = meter.free
    list(made.tries())
    assert (made.largest, made.bound) == (1024, "memory")
    assert all(needed_bytes(spec.model_copy(update={"batch_size": size})) <= meter.free / 2 for size in tried)


def test_what_the_process_grows_by_counts_where_it_is_more_than_reckoned(
    larger: Callable[..., LargerBatches], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = FakeMeter(free=10**15, sample=10**6)
    meter.exact = False
    full_beyond(monkeypatch, meter)
    made = larger(meter)
    made._free = 10**9
    list(made.tries())
    assert made.largest == 512


@pytest.mark.parametrize(
    ("most", "own", "sizes"),
    [
        (300, 128, [32, 64, 128, 256, 300]),
        (50, 50, [32, 50]),
        (10, 4, [4, 10]),
        (1000, 100, [32, 64, 100, 128, 256, 512, 1000]),
        (1, 1, [1]),
    ],
)
def test_the_sizes_double_and_hold_the_recipes_own(most: int, own: int, sizes: list[int]) -> None:
    assert sizes_up_to(most, own) == sizes


def test_the_folder_is_about_as_large_as_reckoned(small: Small, tmp_path: Path) -> None:
    spec = small(("epochs", 4), ("dataset.train_size", 2000), ("dataset.test_size", 1000))
    for _ in begin(spec, Control(), tmp_path).events():
        pass
    files = {path.stat().st_ino: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    while_it_goes_on = 2 * 3 * weights_size(spec)  # two states, each with the weights and Adam's two means of them
    assert folder_bytes(spec) - while_it_goes_on == pytest.approx(sum(files.values()), rel=0.2)


def test_weights_of_epochs_are_counted_up_to_the_limit(small: Small) -> None:
    spec = small(("epochs", 1000), ("keep_weights", 1), ("architecture.kind", "mlp"))
    more = spec.model_copy(update={"keep_weights": 2})
    assert 0 < folder_bytes(more) - folder_bytes(spec) <= 1_000_000 + weights_size(spec)


def test_evaluations_are_counted_as_the_run_makes_them(small: Small) -> None:
    assert evaluations(small(("epochs", 3))) == 4
    assert evaluations(small(("epochs", 10), ("evaluate_every", 4))) == 1 + 3


def test_the_memory_of_this_process_is_known_where_the_system_tells() -> None:
    assert free_bytes() > 0
    before = resident_bytes()
    if not before:
        pytest.skip("this system does not tell")
    code = """
from fmstudio.training.meters import meter_of
meter = meter_of("cpu")
meter.begin()
held = bytearray(b"x" * 60_000_000)
meter.look()
print(meter.peak)
"""  # in a process of its own: what other tests left here may be freed just then
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert 40_000_000 < int(made.stdout) < 200_000_000


def test_disk_and_saving_are_those_of_the_place_where_the_run_will_lie(
    small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Path] = []
    written: list[Path] = []
    usual = measured.tempfile.TemporaryFile

    def usage(folder: Path) -> Any:
        asked.append(folder)
        return type("Usage", (), {"free": 12_345})

    def temporary(dir: Path) -> Any:  # noqa: A002 - its name in the standard library
        written.append(dir)
        return usual(dir=dir)

    monkeypatch.setattr(measured.shutil, "disk_usage", usage)
    monkeypatch.setattr(measured.tempfile, "TemporaryFile", temporary)
    found = preflight(small(*SOFTMAX), NEVER, library=tmp_path / "other" / "runs")
    assert found.free_disk_bytes == 12_345
    assert set(asked) == {tmp_path}
    assert written
    assert set(written) == {tmp_path}
    assert not list(tmp_path.iterdir())
