"""Asking a network changes nothing in it, and says what it answers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training import evaluation
from fmstudio.training.batches import Samples, prepare
from fmstudio.training.checkpoints import snapshot, weights_bytes
from fmstudio.training.control import Control
from fmstudio.training.evaluation import Question, build_network, evaluate_weights, mean_loss
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.training.loop import Training

Small = Callable[..., ExperimentSpec]
LOSSES = torch.nn.CrossEntropyLoss(reduction="none")
MLP = (("architecture.kind", "mlp"), ("architecture.dropout", 0.5), ("architecture.batch_norm", True))


def toy(count: int = 6) -> Samples:
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(count, 1, 28, 28, generator=generator)
    return Samples(inputs, torch.arange(count) % 10, np.arange(count) + 100)


def network_of(spec: ExperimentSpec) -> torch.nn.Module:
    made: torch.nn.Module = spec.architecture.call(spec.facts).make()
    return made


def asked(network: torch.nn.Module, samples: Samples) -> Predictions:
    answers = Question(ExperimentSpec(), "cpu").ask(network, samples)
    assert isinstance(answers, Predictions)
    return answers


def test_the_answers_are_the_networks(small: Small) -> None:
    network, samples = network_of(small()), toy()
    found = asked(network, samples)
    with torch.no_grad():
        outputs = network(samples.inputs)
    np.testing.assert_array_equal(found.samples, samples.samples)
    np.testing.assert_array_equal(found.labels, samples.targets.numpy())
    np.testing.assert_array_equal(found.predicted, outputs.argmax(1).numpy())
    np.testing.assert_allclose(found.loss, LOSSES(outputs, samples.targets).numpy(), rtol=1e-5)
    np.testing.assert_allclose(found.probabilities, outputs.softmax(1).numpy(), atol=1e-3)
    assert (found.loss.dtype, found.probabilities.dtype) == (np.float32, np.float16)
    assert found.confidence.tolist() == found.probabilities.max(1).astype(np.float32).tolist()
    assert found.accuracy == np.mean(found.right)


@pytest.mark.parametrize("training", [True, False])
def test_it_asks_in_evaluation_mode_and_leaves_no_trace(small: Small, training: bool) -> None:
    network = network_of(small(*MLP)).train(training)
    before, random = snapshot(network), torch.get_rng_state()
    first, second = (asked(network, toy()) for _ in range(2))
    assert first.loss.tobytes() == second.loss.tobytes()
    assert network.training == training
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_pictures_are_asked_in_batches_and_none_is_lost(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    network, samples = network_of(small()), toy(23)
    whole = asked(network, samples)
    monkeypatch.setattr(evaluation, "BATCH", 5)
    parts = asked(network, samples)
    np.testing.assert_array_equal(parts.predicted, whole.predicted)
    np.testing.assert_allclose(parts.loss, whole.loss, rtol=1e-4)


def test_the_mean_is_summed_in_double_precision() -> None:
    loss = np.full(100_000, 0.1, np.float32)
    empty = np.empty(0, np.int64)
    ints = np.zeros(100_000, np.int64)
    found = Predictions(ints, ints, ints, loss, np.zeros((100_000, 2), np.float16))
    assert mean_loss(found) == pytest.approx(float(np.float32(0.1)), abs=1e-12)
    none = Predictions(empty, empty, empty, np.empty(0, np.float32), np.empty((0, 2), np.float16))
    assert np.isnan(mean_loss(none))
    assert none.accuracy == 0


@pytest.mark.parametrize("changes", [(), MLP], ids=["cnn", "mlp"])
def test_a_network_is_built_of_its_weights_without_a_random_number(
    small: Small, changes: tuple[tuple[str, object], ...]
) -> None:
    spec = small(*changes)
    weights = snapshot(network_of(spec))
    random = torch.get_rng_state()
    built = build_network(spec, weights, "cpu")
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, weights[name]) for name, value in built.state_dict().items())


def test_weights_of_another_network_are_refused(small: Small) -> None:
    with pytest.raises(RuntimeError):
        build_network(small(), snapshot(network_of(small(*MLP))), "cpu")


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_runs_weights_answer_as_the_run_did(small: Small, tmp_path: Path, split: str) -> None:
    spec = small(*MLP, ("validation", 0.2))
    training = Training(spec, Control())
    last = [event for event in training.events() if isinstance(event, EpochEnded)][-1]
    path = tmp_path / "weights.safetensors"
    path.write_bytes(weights_bytes(training.weights()))
    found = evaluate_weights(spec, path, split)
    assert len(found) == {"train": 240, "validation": 60, "test": 200}[split]
    np.testing.assert_array_equal(found.samples, getattr(prepare(spec, "cpu"), split).samples)
    said = {"validation": last.validation_predictions, "test": last.predictions}.get(split)
    if said is not None:
        np.testing.assert_array_equal(found.predicted, said.predicted)
        assert found.loss.tobytes() == said.loss.tobytes()
