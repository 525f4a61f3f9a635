"""Figures that know where they come from: facts of their runs, inside the PNG or SVG file itself.

A PNG carries them as an ``iTXt`` chunk with the keyword ``fmstudio``, an SVG as ``<metadata id="fmstudio">``; both are
JSON. Whoever reads them treats every word as that of a stranger: sizes are limited, kinds are checked, nothing is run.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fmstudio import __version__, paths
from fmstudio.export.drawings import metadata_of, with_metadata
from fmstudio.runs.about import read_about
from fmstudio.runs.legible import environment_of, of_today
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder
from fmstudio.training.events import EpochEnded

FORMAT = 1
"""Of the JSON inside; a larger one comes from a newer version, and is read as far as it is understood."""
MOST_RUNS = 200
"""Of whose facts a figure carries; of an overlay of more only the first ones."""
_LONGEST = 300
_MOST_FIGURES = 64
_MOST_LETTERS = 1_000_000
_LARGEST_SEED = 2**64
_FIGURES = (
    "epoch", "test_accuracy", "test_loss", "train_accuracy", "train_loss", "validation_accuracy", "validation_loss",
    "test_mae", "test_rmse", "test_r2",
)  # fmt: skip
"""Of the epoch whose network was kept: named as in ``EpochEnded``."""


@dataclass(frozen=True, kw_only=True)
class FigureFacts:
    """Where a figure comes from.

    Attributes:
        run: The run's id; empty of something that is no run.
        name: What the user calls the run, or what its experiment is called.
        spec: As JSON values; empty where it was too long, unchecked where it was read from a file.
        seed: Of the run; None where it is not known.
        version: Of fmstudio, with which the run was made.
        data: SHA-256 of the data; empty where it is not known.
        figures: Such as ``test_accuracy``, of the epoch whose network was kept; all finite.
    """

    run: str = ""
    name: str = ""
    spec: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    version: str = ""
    data: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def facts_of(run: Run, folder: Path | None = None) -> FigureFacts:
    """What a figure of a run says of it.

    Args:
        run: As far as it has come.
        folder: Where it lies, for version and data hash; None: where it was read from, else where the user's runs lie.
    """
    place = folder or folder_of(run)
    version, data = _environment(RunFolder(place).environment) if place else (__version__, "")
    seed = run.spec.get("seed")
    return FigureFacts(
        run=run.id,
        name=(read_about(place).name if place else "") or run.name,
        spec=run.spec,
        seed=seed if isinstance(seed, int) else None,
        version=version,
        data=data,
        figures=figures_of(run.best_epoch or (run.epochs[-1] if run.epochs else None)),
    )


def folder_of(run: Run, library: Path | None = None) -> Path | None:
    """Where a run lies; None where it was never recorded.

    Args:
        run: Read from its folder, or going on.
        library: The folder that holds the runs; None for the user's.
    """
    if run.folder:
        return Path(run.folder)
    return (library or paths.library()) / run.id if run.id else None


def figures_of(epoch: EpochEnded | None) -> dict[str, float]:
    """The figures of an epoch that are there and finite, by name."""
    values = {name: getattr(epoch, name, None) for name in _FIGURES}
    return {name: value for name, value in values.items() if value is not None and math.isfinite(value)}


def stamped_png(content: bytes, facts: FigureFacts | Sequence[FigureFacts]) -> bytes:
    """A PNG's bytes with facts inside; whatever is no PNG is given back as it is."""
    return with_metadata(content, text_of(facts), _title(facts), software=f"fmstudio {__version__}")


def stamped_svg(content: bytes, facts: FigureFacts | Sequence[FigureFacts]) -> bytes:
    """An SVG's bytes with facts inside; whatever is no SVG is given back as it is."""
    return with_metadata(content, text_of(facts), _title(facts), software=f"fmstudio {__version__}")


def read_facts(path: Path) -> FigureFacts | None:
    """The facts inside a figure, those of the first run where there are several; None where it carries none."""
    found = read_all_facts(path)
    return found[0] if found else None


def read_all_facts(path: Path) -> tuple[FigureFacts, ...]:
    """The facts of all runs that a figure shows; nothing where it carries none, or none that can be understood."""
    return tuple(_read(one) for one in (_runs_in(path) or ())[:MOST_RUNS] if isinstance(one, Mapping))


def shows_no_run(path: Path) -> bool:
    """Whether a picture is a figure of fmstudio that was drawn before there was a run to show."""
    return _runs_in(path) == []


def _runs_in(path: Path) -> list[object] | None:
    """What a figure lists as its runs, unchecked; None for whatever is no figure of ours."""
    text = metadata_of(path)
    if text is None:
        return None
    try:
        values = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    runs = values.get("runs") if isinstance(values, Mapping) else None
    return runs if isinstance(runs, list) else None


def text_of(facts: FigureFacts | Sequence[FigureFacts]) -> str:
    """The JSON that goes into a figure: ASCII, and without the letters that mean something to XML."""
    listed = _listed(facts)[:MOST_RUNS]
    text = _json(listed)
    if len(text) > _MOST_LETTERS:
        text = _json([FigureFacts(**{**vars(one), "spec": {}}) for one in listed])
    return text


def _json(facts: Sequence[FigureFacts]) -> str:
    values = {"format": FORMAT, "runs": [asdict(one) for one in facts]}
    text = json.dumps(values, default=str)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _listed(facts: FigureFacts | Sequence[FigureFacts]) -> list[FigureFacts]:
    return [facts] if isinstance(facts, FigureFacts) else list(facts)


def _title(facts: FigureFacts | Sequence[FigureFacts]) -> str:
    names = [one.name or one.run for one in _listed(facts)]
    return _line(", ".join(dict.fromkeys(filter(None, names))))


def _environment(path: Path) -> tuple[str, str]:
    """Version and data hash as they are recorded; of a run that recorded none, nothing."""
    values = environment_of(path)
    data = values.get("data")
    hashes = list(data.values()) if isinstance(data, Mapping) else []
    return _words(values.get("fmstudio")), _words(hashes[0]) if hashes else ""


def _read(values: Mapping[str, Any]) -> FigureFacts:
    """Facts of a stranger: what is of another kind than it should be is left out."""
    seed, spec, figures = values.get("seed"), values.get("spec"), values.get("figures")
    known = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < _LARGEST_SEED
    return FigureFacts(
        run=_words(values.get("run")),
        name=_words(values.get("name")),
        spec=of_today(spec) if isinstance(spec, Mapping) else {},
        seed=seed if known else None,
        version=_words(values.get("version")),
        data=_words(values.get("data")),
        figures=_finite(figures) if isinstance(figures, Mapping) else {},
    )


def _finite(values: Mapping[str, Any]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, value in list(values.items())[:_MOST_FIGURES]:
        fits = isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool))
        if fits and abs(value) < 1e300:  # also keeps out integers that no float can hold
            numbers[_line(name)] = float(value)
    return numbers


def _words(value: object) -> str:
    return _line(value) if isinstance(value, str) else ""


def _line(text: str) -> str:
    """One line without control characters, and not too long."""
    return "".join(one if one.isprintable() else " " for one in text[:_LONGEST]).strip()


def _refused(name: str) -> float:
    raise ValueError(name)
