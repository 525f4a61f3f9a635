"""What the tests of insight share: networks of every kind with their pictures, untrained but not trivial."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.network.subject import Subject

MakeSubject = Callable[..., Subject]


@pytest.fixture
def make_subject() -> MakeSubject:
    """Makes a subject of an architecture: ``make_subject("mlp", ("dataset.normalise", True))``."""
    return subject_of_kind


def subject_of_kind(kind: str, *changes: tuple[str, Any]) -> Subject:
    """An untrained network whose batch norms have seen something, so that they are no mere identity."""
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [("architecture.kind", kind), *changes]))
    generator = torch.Generator().manual_seed(1)
    network: torch.nn.Module = spec.architecture.call(spec.facts).make().eval().requires_grad_(False)
    for tensor in network.state_dict().values():
        if tensor.dim() > 1:
            tensor.normal_(0, 1.5 / max(1, tensor[0].numel()) ** 0.5, generator=generator)
    for module in network.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
            module.weight.uniform_(0.5, 1.5, generator=generator)
            module.bias.normal_(0.2, 0.2, generator=generator)
    return Subject(spec, network)
