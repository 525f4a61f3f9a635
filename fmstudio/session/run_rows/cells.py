"""What stands in the cells of the table of runs: figures, times and states in words. No Qt."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from fmstudio.insight.number_score import number_text, r2_text
from fmstudio.runs.summary import RunSummary
from fmstudio.words import marked, tr

UNKNOWN = "–"
"""Stands where there is no figure (yet)."""
_DIGITS = 4
LETTERS = 300
"""No cell shows more; a spec from elsewhere may hold anything."""

STATES: Mapping[str, tuple[str, str]] = {
    "running": ("●", marked("running")),
    "finished": ("✓", marked("finished")),
    "stopped": ("■", marked("stopped")),
    "interrupted": ("‖", marked("interrupted")),
    "failed": ("✗", marked("failed")),
    "damaged": ("!", marked("damaged")),
    "newer": ("↑", marked("newer version")),
}
"""The sign and the word for each state, untranslated."""


def name_text(row: RunSummary) -> str:
    """What a run is called: as the user says, as its spec is named, or its id."""
    return one_line(row.about.name or tr(row.name) or row.id)


def state_text(row: RunSummary) -> str:
    """The state as a sign and a word: "✓ finished"."""
    sign, word = STATES[row.state]
    return f"{sign} {tr(word)}"


def result_value(figures: Mapping[str, float]) -> float | None:
    """How good it is as a number, larger is better: share of right answers, or of the variance explained."""
    accuracy = figures.get("test_accuracy")
    return accuracy if accuracy is not None else figures.get("test_r2")


def result_text(figures: Mapping[str, float]) -> str:
    """How good it is: "85.0 %" of pictures, "R² 0.999" of numbers; how far off where R² says nothing."""
    if "test_accuracy" in figures:
        return share_text(figures["test_accuracy"])
    if "test_r2" in figures:
        return tr("R² {number}", number=r2_text(figures["test_r2"]))
    return tr("off by {number}", number=number_text(figures["test_mae"])) if "test_mae" in figures else UNKNOWN


def result_tip(figures: Mapping[str, float]) -> str:
    """What the figure means; empty where there is none."""
    if "test_accuracy" in figures:
        return tr("{share} of the test pictures right", share=result_text(figures))
    if "test_mae" in figures:
        return tr("Off by {number} on average on the test points", number=number_text(figures["test_mae"]))
    return ""


def share_text(share: float) -> str:
    """A share as per cent: "85.0 %"."""
    return tr("{number} %", number=f"{100 * share:.1f}")


def figure_text(figure: float) -> str:
    """A loss, an error, a count of epochs with the digits that matter: "0.351", "12"."""
    return f"{figure:.0f}" if float(figure).is_integer() and abs(figure) < 1e6 else number_text(figure, _DIGITS)


def epochs_text(row: RunSummary) -> str:
    """How many epochs were done, and of how many: "2", "1 of 2"."""
    if row.epochs == row.planned:
        return f"{row.epochs}"
    return tr("{done} of {all}", done=row.epochs, all=row.planned) if row.planned else UNKNOWN


def started_text(created: float, now: datetime, *, seconds: bool = False) -> str:
    """When a run was made: "today 14:02", "yesterday 9:10", "12 May 14:02", "12 May 2024 14:02".

    Args:
        created: Seconds since 1970; 0 where nobody knows.
        now: What is today.
        seconds: Say the second too: there is another run of the same minute.
    """
    if not created:
        return UNKNOWN
    try:
        made = datetime.fromtimestamp(created)
    except (OverflowError, OSError, ValueError):
        return UNKNOWN
    clock = f"{made:%H:%M:%S}" if seconds else f"{made:%H:%M}"
    if made.date() == now.date():
        return tr("today {time}", time=clock)
    if made.date() == now.date() - timedelta(days=1):
        return tr("yesterday {time}", time=clock)
    pattern = tr("d MMM") if made.year == now.year else tr("d MMM yyyy")
    return f"{_day(made, pattern)} {clock}"


def _day(made: datetime, pattern: str) -> str:
    """A day as a pattern has it: "12 May" of "d MMM"."""
    months = tr("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    parts = {"yyyy": f"{made.year}", "MMM": months[made.month - 1], "M": f"{made.month}", "d": f"{made.day}"}
    return re.sub("yyyy|MMM|M|d", lambda found: parts[found[0]], pattern)


def one_line(text: str, most: int = LETTERS) -> str:
    """A text that may hold anything as one line of letters that can be seen; "…" where there are more than so many."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    plain = short if short.isprintable() else "".join(one if one.isprintable() else " " for one in short)
    return plain.strip()


def first_line(note: str) -> str:
    """What a cell shows of a note; "…" where there is more."""
    lines = [line.strip() for line in note.splitlines() if line.strip()]
    return one_line(lines[0]) + (" …" if len(lines) > 1 else "") if lines else ""
