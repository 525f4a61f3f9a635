"""The plain PyTorch program that does what a run does, with the same numbers.

The choices write themselves (``Call.source``), and the step is the very source that ran; only the outer loop is a
template. The program imports nothing of ours.
"""

import inspect

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.call import Call
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import BATCH
from fmstudio.training.step import train_step

HEAD = '''"""{name}: a PyTorch program, written by fmstudio.

It reads the four IDX files of the data set from the folder that is given to it, or else from the folder in which it is
started: python script.py FOLDER
"""

import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
DEVICE = "{device}"
torch.set_num_threads({threads})  # the last bits of the result depend on it
torch.manual_seed({seed})
'''

DATA = '''
# ── Data ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_idx(name: str, header: int) -> np.ndarray:
    """The bytes of an IDX file after its header, packed or not."""
    path = FOLDER / name
    data = path.read_bytes() if path.exists() else gzip.decompress((FOLDER / (name + ".gz")).read_bytes())
    return np.frombuffer(data, np.uint8, offset=header)


def read_split(name: str, size: int) -> tuple[Tensor, Tensor]:
    """Pictures as numbers 0…1 and their classes; only so many, if size is not 0."""
    images = read_idx(f"{{name}}-images-idx3-ubyte", 16).reshape(-1, {height}, {width})
    labels = read_idx(f"{{name}}-labels-idx1-ubyte", 8).astype(np.int64)
    if size:
        chosen = np.sort(np.random.default_rng({seed}).permutation(len(labels))[:size])
        images, labels = images[chosen], labels[chosen]
    inputs = torch.from_numpy(images.copy()).to(DEVICE).unsqueeze(1).to(torch.float32).div_(255)
{normalise}    return inputs, torch.from_numpy(labels.copy()).to(DEVICE)


train_inputs, train_targets = read_split("train", size={train_size})
test_inputs, test_targets = read_split("t10k", size={test_size})
{held_back}'''

HELD_BACK = """
shuffled = np.random.default_rng({seed}).permutation(len(train_targets))
kept = torch.from_numpy(np.sort(shuffled[{held}:]))  # the others are held back for validation
train_inputs, train_targets = train_inputs[kept], train_targets[kept]
"""

NETWORK = """
# ── Network, loss and optimizer ───────────────────────────────────────────────────────────────────────────────────

network = {network}.to(DEVICE)
{layout}loss_function = {loss}
optimizer = {optimizer}
{schedule}
"""

LOOP = '''
# ── Training ──────────────────────────────────────────────────────────────────────────────────────────────────────


@torch.no_grad()
def evaluate() -> tuple[float, float]:
    """Mean loss and accuracy on the test pictures."""
    network.eval()
    losses, right = [], 0
    for start in range(0, len(test_targets), {evaluation_batch}):
        outputs = network(test_inputs[start : start + {evaluation_batch}])
        targets = test_targets[start : start + {evaluation_batch}]
        losses.append({per_sample}(outputs, targets))
        right += int((outputs.argmax(1) == targets).sum())
    return float(torch.cat(losses).cpu().numpy().mean(dtype=np.float64)), right / len(test_targets)


generator = torch.Generator().manual_seed({seed})
count, step = len(train_targets), 0
for epoch in range(1, {epochs} + 1):
    network.train()
    loss_sum, right, seen = 0.0, 0, 0
{order}
    for start in range(0, {end}, {batch}):
        {batch_line}
        loss, batch_right = train_step(network, loss_function, optimizer, inputs, targets)
        loss_sum += loss.item() * len(targets)
        right += int(batch_right)
        seen += len(targets)
        step += 1
{step_schedule}    test_loss, test_accuracy = evaluate()
    print(
        f"epoch {{epoch}} train_loss {{loss_sum / seen!r}} train_accuracy {{right / seen!r}} "
        f"test_loss {{test_loss!r}} test_accuracy {{test_accuracy!r}}"
    )
'''


def script(spec: ExperimentSpec) -> str:
    """The program for a spec, as it would run on this machine.

    Raises:
        InvalidSpecError: Where the spec names a device that does not exist here.
    """
    parts = (_head(spec), _data(spec), _network(spec), "\n" + inspect.getsource(train_step) + "\n", _loop(spec))
    return "".join(parts)


def _head(spec: ExperimentSpec) -> str:
    name = (spec.name or "Run").replace("\\", " ").replace('"', "'")
    return HEAD.format(
        name=name, device=resolve_device(spec), threads=resolve_threads(spec.threads), seed=spec.seed
    )  # fmt: skip


def _data(spec: ExperimentSpec) -> str:
    data = spec.dataset
    normalise = f"    inputs = inputs.sub_({data.mean}).div_({data.deviation})\n" if data.normalise else ""
    held = HELD_BACK.format(seed=spec.seed, held=spec.validation_samples) if spec.validation_samples else ""
    facts = spec.facts
    return DATA.format(
        height=facts.height,
        width=facts.width,
        seed=spec.seed,
        normalise=normalise,
        train_size=data.train_size,
        test_size=data.test_size,
        held_back=held,
    )


def _network(spec: ExperimentSpec) -> str:
    layout = "network = network.to(memory_format=torch.channels_last)\n"
    schedule = spec.schedule.scheduler(spec.facts, spec.optimizer.lr)
    return NETWORK.format(
        network=_laid_out(spec.architecture.call(spec.facts)),
        layout=layout if spec.architecture.convolutional and spec.channels_last else "",
        loss=spec.loss.call(spec.facts).source(),
        optimizer=spec.optimizer.call(spec.facts).source("network.parameters()"),
        schedule=f"schedule = {schedule.source('optimizer')}\n" if schedule else "",
    )


def _laid_out(call: Call) -> str:
    """A call with each of its layers on a line of its own."""
    layers = "".join(f"    {layer.source()},\n" for layer in call.arguments)
    return f"{call.target}(\n{layers})"


def _loop(spec: ExperimentSpec) -> str:
    shuffled = "    order = torch.randperm(count, generator=generator).to(DEVICE)"
    plain = "    order = torch.arange(count, device=DEVICE)"
    taken = """chosen = order[start : start + {batch}]
        inputs, targets = train_inputs[chosen], train_targets[chosen]"""
    stepping = f"        if step < {spec.facts.total_steps}:\n            schedule.step()\n"
    return LOOP.format(
        evaluation_batch=BATCH,
        per_sample=spec.loss.per_sample(spec.facts).source(),
        seed=spec.seed,
        epochs=spec.epochs,
        batch=spec.batch,
        end=f"count - count % {spec.batch}" if spec.drop_last else "count",
        order=shuffled if spec.shuffle else plain,
        batch_line=taken.format(batch=spec.batch),
        step_schedule=stepping if spec.schedule.scheduler(spec.facts, spec.optimizer.lr) else "",
    )
