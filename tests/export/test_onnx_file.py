"""ONNX files do what the networks do, say what they are, and are refused where they do not."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.export import onnx_file
from fmstudio.export.onnx_file import write_onnx
from fmstudio.runs.store import RunFolder
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.evaluation import build_network

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

NUMBERS = [("dataset.kind", "linear"), ("loss.kind", "mse"), ("optimizer.kind", "sgd")]


def spec_with(kind: str) -> ExperimentSpec:
    changes: list[tuple[str, Any]] = [("architecture.kind", kind)]
    if not ARCHITECTURES[kind].pictures:
        changes = [*NUMBERS, *changes]
    return read_spec(changed(to_mapping(ExperimentSpec()), changes))


@pytest.mark.parametrize("kind", list(ARCHITECTURES))
def test_every_architecture_answers_the_same_for_any_number_of_samples(kind: str) -> None:
    spec = spec_with(kind)
    network = spec.architecture.call(spec.facts).make().eval()
    generator = torch.Generator().manual_seed(1)
    for size in (1, 7):
        samples = torch.randn(size, *spec.facts.shape, generator=generator)
        with torch.no_grad():
            expected = network(samples).numpy()
        content = onnx_file.converted(network, torch.zeros(2, *spec.facts.shape))
        assert onnx_file.largest_difference(content, samples.numpy(), expected) < 1e-4


def test_the_file_is_checked_and_says_what_it_wants_to_see(pictures_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "net.onnx"
    done = write_onnx(pictures_run, out)
    assert done.samples == 100
    assert done.difference is not None
    assert done.difference < 1e-4
    model = onnx.load(out)
    onnx.checker.check_model(model)
    said = {one.key: one.value for one in model.metadata_props}
    assert json.loads(said["classes"])[0] == "T-shirt/top"
    assert json.loads(said["input"])["normalisation"]["deviation"] == 0.353
    assert json.loads(said["checked"]) == {"samples": 100, "largest_difference": done.difference}
    assert json.loads(said["spec"])["architecture"]["kind"] == "cnn"
    assert (said["run"], len(said["data"])) == (pictures_run.name, 64)


def test_another_program_gets_the_networks_answers(pictures_run: Path, tmp_path: Path) -> None:
    write_onnx(pictures_run, tmp_path / "net.onnx")
    spec = RunFolder(pictures_run).read_spec()
    network = build_network(spec, load_weights(RunFolder(pictures_run).weights), "cpu").eval()
    samples = onnx_file.first_samples(spec, 30)
    session = onnxruntime.InferenceSession(tmp_path / "net.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"input": samples.numpy()})
    with torch.no_grad():
        assert np.abs(found - network(samples).numpy()).max() < 1e-4


def test_numbers_are_written_too(numbers_run: Path, tmp_path: Path) -> None:
    done = write_onnx(numbers_run, tmp_path / "net.onnx")
    assert (done.samples, (done.difference or 0) < 1e-4) == (100, True)


def test_no_random_number_is_drawn(pictures_run: Path, tmp_path: Path) -> None:
    before = torch.get_rng_state()
    write_onnx(pictures_run, tmp_path / "net.onnx")
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("difference", [0.002, float("nan"), float("inf")])
def test_a_file_that_does_something_else_is_refused_unless_it_is_accepted(
    pictures_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, difference: float
) -> None:
    monkeypatch.setattr(onnx_file, "largest_difference", lambda *_: difference)
    with pytest.raises(UserError, match="does not do the same"):
        write_onnx(pictures_run, tmp_path / "net.onnx")
    assert list(tmp_path.glob("*net*")) == []
    write_onnx(pictures_run, tmp_path / "net.onnx", accept=True)
    assert (tmp_path / "net.onnx").is_file()


def test_without_the_packages_a_sentence_says_how_to_get_them(
    pictures_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_file, "_here", False)
    with pytest.raises(UserError) as caught:
        write_onnx(pictures_run, tmp_path / "net.onnx")
    assert 'pip install "fmstudio[onnx]"' in caught.value.hint


class Odd(torch.nn.Module):
    """Something that ONNX does not know."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Linear algebra that has no counterpart."""
        return torch.linalg.eigvals(inputs).real


def test_a_layer_that_onnx_does_not_know_is_a_sentence() -> None:
    with pytest.raises(UserError, match="cannot be written as ONNX"):
        onnx_file.converted(Odd(), torch.eye(3)[None])
