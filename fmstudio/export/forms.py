"""In which forms a run can be taken along, and what was written. No torch: the writers are loaded by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, get_args

from fmstudio.runs.store import RunFolder

Form = Literal["script", "weights", "onnx", "report"]
FORMS: tuple[Form, ...] = get_args(Form)

ENDINGS: Mapping[Form, str] = {"script": ".py", "weights": ".safetensors", "onnx": ".onnx", "report": ".html"}
"""How the name of a file ends."""
WRITERS: Mapping[Form, str] = {
    "script": "fmstudio.export.script_file.write_script",
    "weights": "fmstudio.export.weights_file.write_weights",
    "onnx": "fmstudio.export.onnx_file.write_onnx",
    "report": "fmstudio.export.report.page.write_report",
}
"""The full name of what writes a form, a ``Writer``."""
TEXTS: Mapping[Form, str] = {
    "script": "fmstudio.export.script_file.script_of",
    "report": "fmstudio.export.report.page.report_of",
}
"""The full name of what makes the text of a form that is text, from the run's folder."""

START = ".start.safetensors"
"""The weights that a program begins with lie beside it, and are called as the program itself but for this ending."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        run: The run's id.
        form: As what.
        file: Where.
        bytes: How large the file is.
        also: Other files that belong to it.
        samples: On so many it was checked; ``difference`` is the largest absolute one between what the network gave for
            them and what the file gives; None where nothing was checked.
        difference: See ``samples``.
        notes: What the reader should know, sentences.
    """

    run: str
    form: Form
    file: str
    bytes: int
    also: tuple[str, ...] = ()
    samples: int = 0
    difference: float | None = None
    notes: tuple[str, ...] = ()


class Writer(Protocol):
    """Writes a run in some form."""

    def __call__(self, folder: Path, out: Path, *, accept: bool = False) -> Exported:
        """Write it, whole or not at all.

        Args:
            folder: Of the run.
            out: The file; one that is there is replaced.
            accept: Whether also what does not do quite the same as the run's network is written.

        Raises:
            UserError: Where the run lacks what is needed, or the file cannot be written.
        """


def beside(folder: Path, form: Form, out: Path) -> tuple[Path, ...]:
    """Other files that are written with a form: a description, or what a program reads. Each is named after the file.

    Args:
        folder: Of the run.
        form: Of the export.
        out: The file itself; beside one without a name there is none.
    """
    if form == "weights":
        return (out.with_suffix(".state_dict.json"),)
    return (out.with_suffix(START),) if form == "script" and out.name and RunFolder(folder).start.is_file() else ()
