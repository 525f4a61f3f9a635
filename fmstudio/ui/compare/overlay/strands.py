"""What an overlay draws: strands, each with one entry in the legend, and how they are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fmstudio.insight.overlay import Axis, Spread
from fmstudio.insight.seed_bands import compare_seeds, repetitions, seed_sentence
from fmstudio.runs.summary import RunSummary
from fmstudio.ui.compare.overlay.looks import look_of
from fmstudio.ui.compare.overlay.tracks import FIGURES, Track
from fmstudio.ui.compare.overlay.words import name_of_all, titles_of
from fmstudio.ui.plots.lines import Look
from fmstudio.words import tr, tr_n

_SEEDS = ("seed", "dataset.test_seed")
"""What runs that are one strand may differ in."""


@dataclass(frozen=True, eq=False)
class Strand:
    """What has one entry in the legend: a run, or runs that differ in their seed alone.

    Attributes:
        ids: The runs; the first names the strand.
        words: What it is called, translated.
        look: How its curve looks.
        tracks: The runs' curves.
    """

    ids: tuple[str, ...]
    words: str
    look: Look
    tracks: tuple[Track, ...]

    @property
    def key(self) -> str:
        """Names it."""
        return self.ids[0]

    @property
    def banded(self) -> bool:
        """Whether it is drawn as mean and band."""
        return len(self.tracks) > 1


@dataclass(frozen=True)
class Sketch:
    """What is to be drawn of the strands.

    Attributes:
        figure: A key of ``FIGURES``.
        axis: What it lies over.
        smoothing: How far the mean reaches to each side, of a run's length; 0: raw values alone.
        spread: What the edges of a band are.
        hidden: Keys of strands that are not drawn.
    """

    figure: str = "test_accuracy"
    axis: Axis = "epoch"
    smoothing: float = 0.0
    spread: Spread = "range"
    hidden: frozenset[str] = field(default_factory=frozenset)

    @property
    def smooth(self) -> bool:
        """Whether anything is smoothed; a learning rate is as it is."""
        return self.smoothing > 0 and FIGURES[self.figure].unit != "rate"


def groups_of(runs: Sequence[RunSummary], *, banded: bool) -> list[tuple[RunSummary, ...]]:
    """The runs of each strand, the oldest first.

    Args:
        runs: In the order in which the legend names them.
        banded: Whether runs that differ in their seed alone are one strand.
    """
    groups = repetitions(runs) if banded else [(run,) for run in runs]
    return [tuple(sorted(group, key=lambda run: run.id)) for group in groups]


def strands_of(
    groups: Sequence[tuple[RunSummary, ...]], tracks: Mapping[str, Track], slots: Mapping[str, int]
) -> list[Strand]:
    """What is drawn.

    Args:
        groups: The runs of each strand.
        tracks: The curves by run.
        slots: The place of each strand among the looks, by its first run.
    """
    banded = any(len(group) > 1 for group in groups)
    without, names = _SEEDS if banded else (), [name_of_all(group) for group in groups]
    titles = titles_of([group[0] for group in groups], without=without, names=names)
    return [
        Strand(
            tuple(run.id for run in group),
            _with_seeds(title, len(group)),
            look_of(slots[group[0].id]),
            tuple(tracks[run.id] for run in group),
        )
        for group, title in zip(groups, titles, strict=True)
    ]


def seeds_compared(strands: Sequence[Strand], runs: Sequence[RunSummary]) -> str:
    """Whether two strands differ by more than their seeds do; empty where one of them is not repeated.

    Args:
        strands: Two.
        runs: Those that are drawn, with their results.
    """
    first, second = ([run for run in runs if run.id in strand.ids] for strand in strands)
    compared = compare_seeds(first, second)
    if compared is None:
        return ""
    words = {"second": strands[1].words, "first": strands[0].words, "sentence": seed_sentence(compared)}
    return tr("{second}, against {first}: {sentence}.", **words)


def _with_seeds(title: str, count: int) -> str:
    if count < 2:
        return title
    return f"{title} · {tr_n('{count} seed', '{count} seeds', count)}"
