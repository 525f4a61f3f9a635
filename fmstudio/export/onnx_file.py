"""A run's network as an ONNX file, checked against the network itself. Needs torch and the extra packages of ONNX."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray

from fmstudio.catalog.datasets import Linear, Pictures
from fmstudio.data.corrections import pictures_of
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.export.figures import facts_of
from fmstudio.export.forms import Exported
from fmstudio.export.weights_file import described
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.writing import write_atomically
from fmstudio.training.batches import to_tensor
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.evaluation import build_network
from fmstudio.words import tr

try:
    import onnx
    import onnxruntime

    _here = True
except ImportError:  # an extra: all else does without it
    _here = False

Floats = NDArray[np.float32]
INSTALL = 'pip install "fmstudio[onnx]"'
CHECKED = 100
"""Samples on which the file is compared with the network."""
TOLERANCE = 1e-3
"""A larger difference than this is refused, unless it is accepted."""
INPUT, OUTPUT, OPSET = "input", "output", 17
_ERRORS_ONLY = 3


def write_onnx(folder: Path, out: Path, *, accept: bool = False) -> Exported:
    """Write the network as ONNX, after it was asked about some test samples beside the original; see ``forms.Writer``.

    Raises:
        UserError: Where a package is missing, the network cannot be written as ONNX, or does not do the same there.
    """
    if not installed():
        raise not_installed()
    torch.set_num_threads(1)
    spec = RunFolder(folder).read_spec()
    network = _network(folder, spec)
    samples = first_samples(spec, CHECKED)
    with torch.no_grad():
        expected = network(samples).numpy()
    content = converted(network.to(memory_format=torch.contiguous_format), samples[:2])
    difference = largest_difference(content, samples.numpy(), expected)
    if not difference <= TOLERANCE and not accept:
        raise _too_different(difference)
    data = described_model(content, _metadata(folder, spec, difference, len(samples)))
    write_atomically(out, data)
    return Exported(
        run=folder.name, form="onnx", file=str(out), bytes=len(data), samples=len(samples), difference=difference
    )  # fmt: skip


def installed() -> bool:
    """Whether the packages of ONNX are here."""
    return _here


def not_installed() -> UserError:
    """The sentence for a computer without the packages of ONNX."""
    message = tr("ONNX comes as an extra and is not installed here.")
    return UserError(message, tr("Install it with: {command}", command=INSTALL))


def first_samples(spec: ExperimentSpec, count: int) -> torch.Tensor:
    """The first test samples as the network gets them, shape (n, …)."""
    if isinstance(spec.dataset, Pictures):
        return to_tensor(pictures_of(spec.dataset, spec.seed).test.images[:count], spec.dataset, "cpu")
    if not isinstance(spec.dataset, Linear):
        raise UserError(tr("There are no test samples to check the file with."))
    return torch.from_numpy(spec.dataset.points("test")[0][:count].copy())


def converted(network: torch.nn.Module, example: torch.Tensor) -> bytes:
    """The network as ONNX, for any number of samples at once; draws no random number.

    Raises:
        UserError: Where it has a layer that ONNX does not know.
    """
    axes = {INPUT: {0: "batch"}, OUTPUT: {0: "batch"}}
    try:
        with warnings.catch_warnings(), TemporaryDirectory() as aside:
            file = Path(aside) / "network.onnx"
            warnings.simplefilter("ignore")  # that there is another way to do this
            torch.onnx.export(
                network, (example,), file, dynamo=False, input_names=[INPUT], output_names=[OUTPUT],
                dynamic_axes=axes, opset_version=OPSET,
            )  # fmt: skip
            return file.read_bytes()
    except (torch.onnx.OnnxExporterError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0]
        message = tr("This network cannot be written as ONNX: {reason}", reason=reason)
        raise UserError(message, tr("Export the weights and the script instead.")) from error


def largest_difference(content: bytes, samples: Floats, expected: Floats) -> float:
    """Between what the file answers and what is expected: the largest absolute one; NaN where one of both is NaN."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    (found,) = session.run([OUTPUT], {INPUT: samples})
    return float(np.abs(found - expected).max(initial=0.0))


def described_model(content: bytes, said: Mapping[str, str]) -> bytes:
    """The same file with words in its ``metadata_props``."""
    model = onnx.load_from_string(content)
    onnx.helper.set_model_props(model, dict(said))
    data: bytes = model.SerializeToString()
    return data


def _network(folder: Path, spec: ExperimentSpec) -> torch.nn.Module:
    weights = load_weights(RunFolder(folder).weights)
    try:
        return build_network(spec, weights, "cpu").eval().requires_grad_(False)
    except RuntimeError as error:
        message = tr("The weights of run {run} do not fit its spec.", run=folder.name)
        raise UserError(message, tr("One of its files was changed or exchanged. Train again.")) from error


def _metadata(folder: Path, spec: ExperimentSpec, difference: float, count: int) -> dict[str, str]:
    """Where the network comes from, what it wants to see, and how well the file was found to do the same."""
    facts = facts_of(load_run(RunFolder(folder), predictions=False), folder)
    values: dict[str, object] = {
        **described(spec),
        "spec": facts.spec,
        "checked": {"samples": count, "largest_difference": difference if np.isfinite(difference) else None},
    }
    plain = {"run": facts.run, "name": facts.name, "version": facts.version, "data": facts.data}
    return plain | {name: json.dumps(value, ensure_ascii=False, default=str) for name, value in values.items()}


def _too_different(difference: float) -> UserError:
    found = f"{difference:.2g}"
    message = tr("The ONNX file does not do the same as the network: they differ by {found}.", found=found)
    return UserError(message, tr("On the command line --yes writes it nevertheless."))
