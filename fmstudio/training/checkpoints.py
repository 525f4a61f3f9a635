"""Weights as safetensors: nothing is ever unpickled."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.words import tr


def snapshot(network: torch.nn.Module) -> dict[str, Tensor]:
    """A copy of all weights and buffers, by name, on their device."""
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def is_finite(weights: Mapping[str, Tensor]) -> bool:
    """Whether no weight is infinite or NaN."""
    return all(bool(value.isfinite().all()) for value in weights.values() if value.is_floating_point())


def weights_bytes(weights: Mapping[str, Tensor]) -> bytes:
    """The content of a safetensors file."""
    return save({name: value.detach().cpu().contiguous() for name, value in weights.items()})


def load_weights(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file.

    Raises:
        UserError: Where it is missing, cut off, or something else.
    """
    try:
        return load(path.read_bytes())
    except FileNotFoundError as error:
        message = tr("This run has no weights yet: {file} is missing.", file=path.name)
        raise UserError(message, tr("Train it to the end of an epoch first.")) from error
    except (OSError, SafetensorError) as error:
        message = tr("{file} cannot be read as weights: {reason}", file=path.name, reason=str(error))
        raise UserError(message, tr("The file is damaged or of another kind. Train again.")) from error
