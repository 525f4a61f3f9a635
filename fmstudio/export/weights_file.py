"""A run's weights as a file of their own: safetensors that say where they come from, and a plain description beside.

Only the head of the file is new; the numbers are the very bytes that lie in the run's folder.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fmstudio.catalog.datasets import Pictures
from fmstudio.data.library import load_images
from fmstudio.data.safetensors_header import LENGTH_BYTES, WeightsHeader, read_header
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.export.figures import facts_of
from fmstudio.export.forms import Exported, beside
from fmstudio.export.source import laid_out, own_sources
from fmstudio.export.templates import IMPORTS
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.writing import write_atomically
from fmstudio.schema.call import Call
from fmstudio.words import tr

_ALIGNED = 8
_METADATA = "__metadata__"


def write_weights(folder: Path, out: Path, *, accept: bool = False) -> Exported:
    """Write the weights that count, and what they are; see ``forms.Writer``.

    Raises:
        UserError: Where there are no weights yet, or a file cannot be written.
    """
    run = RunFolder(folder)
    spec = run.read_spec()
    header, content = _read(run)
    facts = facts_of(load_run(run, predictions=False), folder)
    known = {
        "format": 1,
        "run": facts.run,
        "name": facts.name,
        "spec": facts.spec,
        "version": facts.version,
        "data": facts.data,
        "figures": facts.figures,
        **described(spec),
    }
    described_in = beside(folder, "weights", out)
    data = with_metadata(content, {"format": "pt", "fmstudio": json.dumps(known, default=str)})
    write_atomically(described_in[0], json.dumps(_description(spec, header, out, known), indent=2, ensure_ascii=False))
    write_atomically(out, data)
    return Exported(
        run=folder.name, form="weights", file=str(out), bytes=len(data), also=tuple(map(str, described_in))
    )  # fmt: skip


def with_metadata(content: bytes, metadata: Mapping[str, str]) -> bytes:
    """A safetensors file with other words in its head, and every tensor's bytes as they are.

    Args:
        content: A file whose head is sound.
        metadata: Takes the place of what was said there.
    """
    start = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
    values = json.loads(content[LENGTH_BYTES:start])
    head = json.dumps({_METADATA: dict(metadata), **{k: v for k, v in values.items() if k != _METADATA}}).encode()
    head += b" " * (-len(head) % _ALIGNED)
    return len(head).to_bytes(LENGTH_BYTES, "little") + head + content[start:]


def described(spec: ExperimentSpec) -> dict[str, Any]:
    """What another program must know of a network: its classes, and what it wants to see."""
    data, answer = spec.dataset, spec.loss.answer(spec.facts)
    if not isinstance(data, Pictures):
        output = answer.source("output") if answer else "output"
        return {"classes": [], "input": {"shape": list(data.shape), "type": "float32"}, "answer": output}
    scale = {"mean": data.mean, "deviation": data.deviation} if data.normalise else {"mean": 0.0, "deviation": 1.0}
    return {
        "classes": list(load_images(kind_of(data)).classes),
        "input": {
            "shape": list(data.shape),
            "type": "float32",
            "normalisation": {"pixels": "(pixel / 255 - mean) / deviation", **scale},
        },
        "answer": "output.softmax(1)",
    }


def _read(run: RunFolder) -> tuple[WeightsHeader, bytes]:
    try:
        content = run.weights.read_bytes()
    except FileNotFoundError as error:
        message = tr("Run {run} has no weights: it ended before they were saved.", run=run.path.name)
        raise UserError(message, tr("Train again.")) from error
    except OSError as error:
        reason = error.strerror or error
        raise UserError(tr("{file} cannot be read: {reason}.", file=run.weights, reason=reason)) from error
    return read_header(run.weights), content


def _description(spec: ExperimentSpec, header: WeightsHeader, out: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """What lies beside the weights: every tensor, the network, and how both come together again."""
    network = spec.architecture.call(spec.facts)
    tensors = [{"name": name, "shape": one.shape, "dtype": one.kind} for name, one in header.tensors.items()]
    return {
        "weights": out.name,
        "load": [
            *_needed(network),
            "from safetensors.torch import load_file",
            *f"network = {laid_out(network, before=10)}".split("\n"),
            f"network.load_state_dict(load_file({json.dumps(out.name)}))",
            "network.eval()",
            "output = network(inputs)",
            f"answers = {known['answer']}",
        ],
        "tensors": tensors,
        **{name: value for name, value in known.items() if name != "format"},
    }


def _needed(network: Call) -> list[str]:
    """What must stand before the network: imports, and the source of what is ours."""
    own = "\n\n".join(own_sources([network]))
    text = f"{own} {network.source()}"
    lines = [line for line, mark in IMPORTS.items() if mark in own] + ["import torch"]
    lines += ["import torchvision"] * ("torchvision." in text) + ["from torch import Tensor"] * bool(own)
    return lines + (["", *own.split("\n"), ""] if own else [])
