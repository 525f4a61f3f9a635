"""The kinds of things that can be opened; ``opening`` tells which of them a path is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmstudio.data.safetensors_header import WeightsHeader
from fmstudio.experiment.lesson import Lesson
from fmstudio.export.figures import FigureFacts
from fmstudio.runs.store import RunFolder


@dataclass(frozen=True)
class RunFolders:
    """Several runs: a library, or what a class hands in."""

    folders: tuple[RunFolder, ...]


@dataclass(frozen=True)
class SpecFile:
    """A recipe as JSON values; they may be invalid."""

    path: Path
    draft: Mapping[str, Any]


@dataclass(frozen=True)
class WeightsFile:
    """Weights.

    Attributes:
        path: The file.
        header: What it says of its tensors.
        spec: The experiment that they come from, as far as that is known: words of a stranger; empty otherwise.
    """

    path: Path
    header: WeightsHeader
    spec: Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A figure that says where it comes from.

    Attributes:
        path: The file.
        facts: What it says of its run; of the first one where it shows several.
        others: Of the other runs that it shows.
    """

    path: Path
    facts: FigureFacts
    others: tuple[FigureFacts, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Several files, figures among them that say where they come from."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class LessonFile:
    """A lesson."""

    path: Path
    lesson: Lesson


@dataclass(frozen=True)
class Pictures:
    """Pictures to be tried."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Unknown:
    """What cannot be opened.

    Attributes:
        message: Why, a sentence.
        hint: What to do instead.
    """

    message: str
    hint: str


@dataclass(frozen=True)
class Several:
    """Things of different kinds, to be opened one after the other."""

    parts: "tuple[Opened, ...]"


Opened = RunFolder | RunFolders | SpecFile | WeightsFile | Figure | Figures | LessonFile | Pictures | Several | Unknown
"""What a path can be."""
