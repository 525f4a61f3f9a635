"""How sure a network is, in sentences; every share says of how many pictures. No torch."""

import math

import numpy as np

from fmstudio.insight.calibration import Coverage, Sureness
from fmstudio.insight.intervals import FEW, MANY, interval_words, wilson
from fmstudio.insight.score import percent
from fmstudio.words import tr, tr_n

_CLOSE = 0.01
"""So little between what it says and what is right is as good as none."""


def answer_words(coverage: Coverage) -> str:
    """What answering only what is sure enough brings: "… at least 80 % sure: 94 % right, 12 % withheld", two lines."""
    sure = f"{100 * coverage.threshold:.0f}"
    right, withheld = coverage.right_share, coverage.withheld_share
    if right is None or withheld is None:
        return tr("Answer only when at least {sure} % sure:\nnothing is answered", sure=sure)
    share = percent(right, coverage.answered)
    if not coverage.withheld:
        return tr("Answer only when at least {sure} % sure:\n{right} right, nothing withheld", sure=sure, right=share)
    left = percent(withheld, coverage.counted)
    return tr(
        "Answer only when at least {sure} % sure:\n{right} right, {withheld} withheld",
        sure=sure, right=share, withheld=left,
    )  # fmt: skip


def answered_words(coverage: Coverage) -> str:
    """The same in numbers of pictures, and where few are answered how sure the share is."""
    answered, right, counted = (f"{value:,}" for value in (coverage.answered, coverage.right, coverage.counted))
    if 0 < coverage.answered < FEW:
        return tr("{answered} of {count} answered: too few to judge", answered=answered, count=counted)
    text = tr("{answered} of {count} answered, {right} right", answered=answered, count=counted, right=right)
    if coverage.interval is None or coverage.answered >= MANY:
        return text
    return f"{text} ({interval_words(coverage.interval)})"


def calibration_words(bins: Sureness) -> str:
    """What it says of itself beside what is right, over all pictures."""
    said, right = bins.said_share, bins.right_share
    if said is None or right is None:
        return ""
    if bins.counted < FEW:
        return tr_n("{count:,} picture: too few to judge", "{count:,} pictures: too few to judge", bins.counted)
    shares = {"said": percent(said, bins.counted), "right": percent(right, bins.counted)}
    if abs(said - right) < _CLOSE:
        return tr("On average it says {said} and is right {right}: as sure as it should be.", **shares)
    if said > right:
        return tr("On average it says {said} and is right {right}: too sure.", **shares)
    return tr("On average it says {said} and is right {right}: not sure enough.", **shares)


def error_words(bins: Sureness) -> str:
    """The expected calibration error and that of the worst bin in points of per cent, and over how many pictures.

    Bins with too few pictures to judge count for the first, and cannot be the worst.
    """
    if bins.ece is None or bins.counted < FEW:
        return ""
    ece, judged = f"{100 * bins.ece:.1f}", bins.count >= FEW
    if not judged.any():
        return tr("Too few pictures in every bin to judge")
    worst = f"{100 * np.abs(bins.accuracy - bins.mean_confidence)[judged].max():.1f}"
    return tr_n(
        "Off by {ece} points on average (ECE), {worst} at most · {count:,} picture",
        "Off by {ece} points on average (ECE), {worst} at most · {count:,} pictures",
        bins.counted,
        ece=ece,
        worst=worst,
    )


def histogram_words(bins: Sureness, place: int) -> str:
    """One bar: how many pictures, and how many of them are right."""
    count, right = int(bins.count[place]), int(bins.right[place])
    if not count:
        return tr("{sure}: no picture", sure=_range(bins, place))
    shares = {"right": f"{right:,}", "share": percent(right / count, count), "sure": _range(bins, place)}
    return tr_n(
        "{sure}: {count:,} picture, {right} right ({share})",
        "{sure}: {count:,} pictures, {right} right ({share})",
        count,
        **shares,
    )


def reliability_words(bins: Sureness, place: int) -> str:
    """One bin of the reliability diagram: what it says, what is right, and how far that can be trusted."""
    count, right = int(bins.count[place]), int(bins.right[place])
    if not count:
        return tr("{sure}: no picture", sure=_range(bins, place))
    number = tr_n("{count:,} picture", "{count:,} pictures", count)
    if count < FEW:
        return tr("{sure}: {number}, too few to judge", sure=_range(bins, place), number=number)
    said = percent(float(bins.mean_confidence[place]), count)
    text = tr("Says {said}, is right {right}", said=said, right=percent(right / count, count)) + f" · {number}"
    interval = wilson(right, count)
    if interval is None or count >= MANY:
        return text
    return text + "\n" + tr("95 % interval: {interval}", interval=interval_words(interval))


def area_words(name: str, area: float | None) -> str:
    """An area under a curve, with three digits: "AUC 0.981"; a dash where it is undefined."""
    if area is None or math.isnan(area):
        return f"{name} –"
    shown = f"{area:.3f}"
    return f"{name} {'0.999' if shown == '1.000' and area < 1 else shown}"


def _range(bins: Sureness, place: int) -> str:
    low, high = (f"{100 * edge:.0f}" for edge in bins.edges[place : place + 2])
    return tr("{low}–{high} % sure", low=low, high=high)
