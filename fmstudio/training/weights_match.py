"""Which tensors a network has, compared with those of a file; nothing is drawn at random and nothing is filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.catalog.datasets import DATASETS
from fmstudio.data.safetensors_header import TensorFacts, WeightsHeader
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.schema.choice import Choice, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.checkpoints import is_finite, load_weights
from fmstudio.training.weights_fit import Offer, TensorRow, WeightsFit, rows_of

_KINDS: Mapping[torch.dtype, str] = {
    torch.float32: "F32",
    torch.float64: "F64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.bool: "BOOL",
}


def expected(spec: ExperimentSpec) -> dict[str, TensorFacts]:
    """The names and shapes of a network's weights; built without memory, and touching no random generator."""
    with torch.device("meta"):
        network: torch.nn.Module = spec.architecture.call(spec.facts).make()
    kept = network.state_dict().items()
    return {name: TensorFacts(tuple(one.shape), _KINDS.get(one.dtype, "")) for name, one in kept}


def match(path: Path, header: WeightsHeader, spec: ExperimentSpec, recorded: Mapping[str, Any]) -> WeightsFit:
    """How a file of weights and the network of a spec agree.

    Args:
        path: The file.
        header: What it says of itself.
        spec: Of the recipe.
        recorded: The experiment that the weights come from, as far as it is known; words of a stranger.

    Raises:
        UserError: Where everything fits by its head, and the weights cannot be read.
    """
    fit = WeightsFit(_rows(header, spec), spec.architecture.title, spec.dataset.classes)
    if fit.fits:
        return replace(fit, finite=is_finite(load_weights(path)))
    return replace(fit, offers=tuple(_offers(header, spec, recorded)))


def _rows(header: WeightsHeader, spec: ExperimentSpec) -> tuple[TensorRow, ...]:
    """Compare; a network that cannot take the samples has no tensors."""
    fits = spec.architecture.unfit(spec.facts) is None
    return rows_of(header.tensors, expected(spec) if fits else {})


def _offers(header: WeightsHeader, spec: ExperimentSpec, recorded: Draft) -> Iterator[Offer]:
    """What the file says of itself, if that is true; then each network as it usually is."""
    said = _choice(ARCHITECTURES, recorded.get("architecture"))
    data = _choice(DATASETS, recorded.get("dataset"))
    taken = set()
    if said is not None:
        offer = _offer(header, spec, {"architecture": said}, recorded=True)
        if offer is None and data is not None:
            offer = _offer(header, spec, {"dataset": data, "architecture": said}, recorded=True)
        if offer is not None:
            taken.add(type(said))
            yield offer
    for made in ARCHITECTURES.values():
        usual = None if made in taken else _offer(header, spec, {"architecture": made()})
        if usual is not None:
            yield usual


def _offer(
    header: WeightsHeader, spec: ExperimentSpec, chosen: Mapping[str, Choice], *, recorded: bool = False
) -> Offer | None:
    """What to change for other choices; None where the weights do not fit them either."""
    changed = spec.model_copy(update=dict(chosen))
    if not all(row.state == "fits" for row in _rows(header, changed)):
        return None
    data = changed.dataset.title if "dataset" in chosen else ""
    changes = [change for key, choice in chosen.items() for change in _changes(key, choice)]
    return Offer(changed.architecture.title, tuple(changes), recorded, data)


def _changes(key: str, choice: Choice) -> Iterator[tuple[str, Any]]:
    yield f"{key}.kind", kind_of(choice)
    for name, value in choice.model_dump(mode="json").items():
        yield f"{key}.{name}", value


def _choice(table: Mapping[str, type[Choice]], values: object) -> Choice | None:
    """A choice that a stranger names; None where it is unknown or not valid."""
    kind = values.get("kind") if isinstance(values, Mapping) else None
    if not isinstance(values, Mapping) or not isinstance(kind, str) or kind not in table:
        return None
    try:
        return read(table[kind], {name: value for name, value in values.items() if name != "kind"})
    except InvalidSpecError:
        return None
