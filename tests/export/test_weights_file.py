"""Weights with a description: the same bits, and loaded as the description says."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from fmstudio.errors import UserError
from fmstudio.export.weights_file import write_weights
from fmstudio.runs.store import RunFolder
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.evaluation import build_network

Made = Callable[..., Path]


def test_every_tensor_has_the_same_bits(pictures_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "net.safetensors"
    done = write_weights(pictures_run, out)
    before, after = load_file(RunFolder(pictures_run).weights), load_file(out)
    assert list(before) == list(after)
    for name, tensor in before.items():
        assert (tensor.dtype, tensor.shape) == (after[name].dtype, after[name].shape)
        assert tensor.numpy().tobytes() == after[name].numpy().tobytes()
    assert (done.bytes, done.also) == (out.stat().st_size, (str(tmp_path / "net.state_dict.json"),))


def test_the_head_says_where_they_come_from(pictures_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "net.safetensors"
    write_weights(pictures_run, out)
    with safe_open(out, "pt") as file:
        metadata = file.metadata()
    assert metadata["format"] == "pt"
    said = json.loads(metadata["fmstudio"])
    assert said["spec"] == json.loads((pictures_run / "spec.json").read_text())
    assert said["run"] == pictures_run.name
    assert said["classes"][6] == "Shirt"
    assert said["input"]["normalisation"]["mean"] == 0.286
    assert len(out.read_bytes()[: 8 + int.from_bytes(out.read_bytes()[:8], "little")]) % 8 == 0


def test_the_description_lists_every_tensor(pictures_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "net.safetensors"
    write_weights(pictures_run, out)
    said = json.loads((tmp_path / "net.state_dict.json").read_text(encoding="utf-8"))
    tensors = {name: list(tensor.shape) for name, tensor in load_file(out).items()}
    assert {one["name"]: one["shape"] for one in said["tensors"]} == tensors
    assert {one["dtype"] for one in said["tensors"]} == {"F32"}
    assert said["spec"]["architecture"]["kind"] == "cnn"


@pytest.mark.parametrize("kind", ["cnn", "softmax-regression-scratch", "resnet-9", "resnet-18"])
def test_loaded_as_it_says_the_network_answers_the_same(make: Made, tmp_path: Path, kind: str) -> None:
    run = make(("architecture.kind", kind), ("epochs", 1), ("dataset.train_size", 70), ("dataset.test_size", 10))
    write_weights(run, tmp_path / "net.safetensors")
    lines = json.loads((tmp_path / "net.state_dict.json").read_text(encoding="utf-8"))["load"]
    inputs = torch.linspace(-1, 1, 2 * 28 * 28).reshape(2, 1, 28, 28)
    save_file({"inputs": inputs}, tmp_path / "inputs.safetensors")
    place = next(number for number, line in enumerate(lines) if line.startswith("output ="))
    program = [*lines[:place], "from safetensors.torch import save_file",
               'inputs = load_file("inputs.safetensors")["inputs"]', "torch.set_num_threads(1)", *lines[place:],
               'save_file({"answers": answers.detach()}, "answers.safetensors")']  # fmt: skip
    (tmp_path / "load.py").write_text("\n".join(program), encoding="utf-8")
    done = subprocess.run([sys.executable, "load.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    spec = RunFolder(run).read_spec()
    with torch.no_grad():
        network = build_network(spec, load_weights(RunFolder(run).weights), "cpu").eval()
        expected = network(inputs).softmax(1)
    assert torch.allclose(load_file(tmp_path / "answers.safetensors")["answers"], expected, atol=1e-5)


def test_numbers_have_no_classes(numbers_run: Path, tmp_path: Path) -> None:
    write_weights(numbers_run, tmp_path / "net.safetensors")
    said = json.loads((tmp_path / "net.state_dict.json").read_text(encoding="utf-8"))
    assert (said["classes"], said["input"]["shape"], said["answer"]) == ([], [2], "output")


def test_damaged_weights_are_a_sentence_and_nothing_is_written(pictures_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "spec.json").write_bytes((pictures_run / "spec.json").read_bytes())
    with pytest.raises(UserError, match="has no weights"):
        write_weights(run, tmp_path / "net.safetensors")
    (run / "weights.safetensors").write_bytes(RunFolder(pictures_run).weights.read_bytes()[:-4])
    with pytest.raises(UserError, match="cut off"):
        write_weights(run, tmp_path / "net.safetensors")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("net")] == []
