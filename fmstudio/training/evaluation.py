"""Asking a network about samples, without changing it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Samples, prepare
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.events import Answers, NumberPredictions, Predictions

BATCH = 500
"""Samples that are asked about at once: few enough that the layers' outputs stay in the cache."""


class Question:
    """How a network is asked about samples, in evaluation mode and without changing it.

    Args:
        spec: Whose loss and kind of answer it is.
        device: Of the network.
    """

    def __init__(self, spec: ExperimentSpec, device: str) -> None:
        self._losses: torch.nn.Module = spec.loss.per_sample(spec.facts).make().to(device)
        self._answer = spec.loss.answer(spec.facts)
        self._classes = spec.dataset.classes

    @torch.no_grad()
    def ask(self, network: torch.nn.Module, samples: Samples) -> Answers:
        """Ask about all samples; the network's mode is put back.

        Args:
            network: Returns logits, shape (n, classes), or numbers, shape (n, 1).
            samples: What is asked about, on the network's device.
        """
        training = network.training
        network.eval()
        outputs, losses = [], []
        for start in range(0, len(samples), BATCH):
            inputs, targets = samples.inputs[start : start + BATCH], samples.targets[start : start + BATCH]
            given = network(inputs)
            losses.append(self._losses(given, targets))
            outputs.append(self._condensed(given))
        network.train(training)
        loss = _array(torch.cat(losses).float())
        return self._numbers(samples, outputs, loss) if not self._classes else _classified(samples, outputs, loss)

    def _condensed(self, outputs: Tensor) -> tuple[Tensor, ...]:
        """What is kept of some outputs: class and probabilities, or the numbers."""
        if self._classes:
            return outputs.argmax(1), outputs.softmax(1).to(torch.float16)
        return (self._answer.make(outputs) if self._answer else outputs,)

    def _numbers(self, samples: Samples, outputs: Sequence[tuple[Tensor, ...]], loss: np.ndarray) -> NumberPredictions:
        return NumberPredictions(
            samples=samples.samples,
            targets=_array(samples.targets[:, 0]),
            predicted=_array(torch.cat([numbers[:, 0] for (numbers,) in outputs]).float()),
            loss=loss,
        )


def _classified(samples: Samples, outputs: Sequence[tuple[Tensor, ...]], loss: np.ndarray) -> Predictions:
    return Predictions(
        samples=samples.samples,
        labels=_array(samples.targets),
        predicted=_array(torch.cat([classes for classes, _ in outputs])),
        loss=loss,
        probabilities=_array(torch.cat([probabilities for _, probabilities in outputs])),
    )


def _array(values: Tensor) -> np.ndarray:
    array = values.cpu().numpy()
    array.flags.writeable = False
    return array


def mean_loss(answers: Answers) -> float:
    """Mean of the samples' losses, summed in double precision."""
    return float(answers.loss.mean(dtype=np.float64)) if len(answers) else float("nan")


def accuracy_of(answers: Answers) -> float:
    """Share of right answers, 0…1; NaN where numbers are predicted."""
    return answers.accuracy if isinstance(answers, Predictions) else float("nan")


def build_network(spec: ExperimentSpec, weights: Mapping[str, Tensor], device: str) -> torch.nn.Module:
    """A network with given weights; touches no random generator.

    Raises:
        RuntimeError: Where the weights belong to another network.
    """
    with torch.device("meta"):
        network: torch.nn.Module = spec.architecture.call(spec.facts).make()
    network.load_state_dict(weights, assign=True)
    return laid_out(spec, network.to(device))


def laid_out(spec: ExperimentSpec, network: torch.nn.Module) -> torch.nn.Module:
    """The network with its weights in the order that the spec wants."""
    return network.to(memory_format=torch.channels_last) if spec.lays_channels_last else network


def evaluate_weights(spec: ExperimentSpec, weights: Path, split: str) -> Answers:
    """What the network of a run answers for the training or the test samples.

    Args:
        spec: Of the run.
        weights: Its ``weights.safetensors``.
        split: ``"train"``, ``"validation"`` or ``"test"``.
    """
    torch.set_num_threads(resolve_threads(spec.threads))
    device = resolve_device(spec)
    network = build_network(spec, load_weights(weights), device)
    material = prepare(spec, device)
    return Question(spec, device).ask(network, getattr(material, split))
