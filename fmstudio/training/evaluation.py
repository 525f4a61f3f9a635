"""Asking a network about pictures, without changing it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Samples, prepare
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.events import Predictions

BATCH = 500
"""Pictures that are asked about at once: few enough that the layers' outputs stay in the cache."""


@torch.no_grad()
def evaluate(network: torch.nn.Module, loss_function: torch.nn.Module, samples: Samples) -> Predictions:
    """Ask about all samples, in evaluation mode; the network's mode is put back.

    Args:
        network: Returns logits, shape (n, classes).
        loss_function: Gives the loss of each sample, shape (n,).
        samples: What is asked about, on the network's device.
    """
    training = network.training
    network.eval()
    classes, losses, probabilities = [], [], []
    for start in range(0, len(samples), BATCH):
        inputs, targets = samples.inputs[start : start + BATCH], samples.targets[start : start + BATCH]
        outputs = network(inputs)
        classes.append(outputs.argmax(1))
        losses.append(loss_function(outputs, targets))
        probabilities.append(outputs.softmax(1).to(torch.float16))
    network.train(training)
    return Predictions(
        samples=samples.samples,
        labels=_array(samples.targets),
        predicted=_array(torch.cat(classes)),
        loss=_array(torch.cat(losses).float()),
        probabilities=_array(torch.cat(probabilities)),
    )


def _array(values: Tensor) -> np.ndarray:
    array = values.cpu().numpy()
    array.flags.writeable = False
    return array


def mean_loss(predictions: Predictions) -> float:
    """Mean of the samples' losses, summed in double precision."""
    return float(predictions.loss.mean(dtype=np.float64)) if len(predictions) else float("nan")


def build_network(spec: ExperimentSpec, weights: Mapping[str, Tensor], device: str) -> torch.nn.Module:
    """A network with given weights; touches no random generator.

    Raises:
        RuntimeError: Where the weights belong to another network.
    """
    with torch.device("meta"):
        network: torch.nn.Module = spec.architecture.call(spec.facts).make()
    network.load_state_dict(weights, assign=True)
    network = network.to(device)
    if spec.architecture.convolutional and spec.channels_last:
        network = network.to(memory_format=torch.channels_last)
    return network


def evaluate_weights(spec: ExperimentSpec, weights: Path, split: str) -> Predictions:
    """What the network of a run answers for the training or the test pictures.

    Args:
        spec: Of the run.
        weights: Its ``weights.safetensors``.
        split: ``"train"``, ``"validation"`` or ``"test"``.
    """
    torch.set_num_threads(resolve_threads(spec.threads))
    device = resolve_device(spec)
    network = build_network(spec, load_weights(weights), device)
    loss_function = spec.loss.per_sample(spec.facts).make().to(device)
    material = prepare(spec, device)
    return evaluate(network, loss_function, getattr(material, split))
