"""How much memory a run needs, by plain arithmetic, before anything is allocated."""

import math
import os

from fmstudio.experiment.spec import ExperimentSpec

_BYTES = 4
"""Of a float32 number."""
_COPIES = 6
"""Of each weight: itself, its gradient, two snapshots, and two more while these are checked and written."""
_UNKNOWN = 2**63


def needed_bytes(spec: ExperimentSpec) -> int:
    """About how many bytes a run of a spec needs: data, weights, and what a batch leaves behind in every layer."""
    samples = spec.dataset.train_used + spec.dataset.test_used
    data = samples * math.prod(spec.dataset.shape) * 2
    batch = min(spec.batch, max(1, spec.train_samples))
    activations = batch * spec.architecture.memory_numbers(spec.facts) * 2
    copies = _COPIES + spec.optimizer.remembered + (1 if spec.averaging else 0)
    return _BYTES * (data + activations) + copies * weights_bytes(spec)


def weights_bytes(spec: ExperimentSpec) -> int:
    """Bytes of the weights alone: they are drawn in the computer's own memory, whatever computes later."""
    return _BYTES * spec.architecture.weights(spec.facts)


def available_bytes() -> int:
    """Memory of this computer; a very large number where it cannot be found out."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return _UNKNOWN
