"""The comparison of two runs in words. No torch."""

from fmstudio.insight.paired import SURE
from fmstudio.insight.score import percent
from fmstudio.insight.seed_bands import SeedComparison, seed_sentence
from fmstudio.insight.two_runs import TwoRuns
from fmstudio.words import tr


def verdict_sentence(two: TwoRuns) -> str:
    """McNemar's test in words: "B fixes 212 and breaks 187: no evidence of a difference, p = 0.23"."""
    values = {"fixed": f"{two.fixed:,}", "broken": f"{two.broken:,}", "p": p_words(two.p)}
    if not two.fixed and not two.broken:
        return tr("Both have the very same pictures right.")
    if two.winner == "b":
        return tr("B fixes {fixed} and breaks {broken}: B is better, {p}", **values)
    if two.winner == "a":
        return tr("B fixes {fixed} and breaks {broken}: A is better, {p}", **values)
    return tr("B fixes {fixed} and breaks {broken}: no evidence of a difference, {p}", **values)


def p_words(p: float) -> str:
    """A p value with as many digits as it deserves: "p = 0.23", "p = 0.004", "p < 0.001"."""
    if p < 0.001:
        return "p < 0.001"
    text = f"{p:.2f}" if p >= SURE + 0.005 else f"{p:.3f}"
    return f"p = {text}"


def difference_words(two: TwoRuns) -> str:
    """The difference with its interval: "+0.3 percentage points, 95 % sure between −0.2 and +0.7"."""
    low, high = two.interval
    return tr(
        "{difference} percentage points, 95 % sure between {low} and {high}",
        difference=points(two.difference),
        low=points(low),
        high=points(high),
    )


def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign: "+0.3", "−1.2"."""
    number = f"{100 * difference:+.1f}"
    return "0.0" if number in ("+0.0", "-0.0") else number.replace("-", "−")


def agreement_words(two: TwoRuns) -> str:
    """How often both give the same answer."""
    return tr("Same answer to {share} of the pictures", share=percent(two.agreement, len(two)))


def counted_words(two: TwoRuns) -> str:
    """Over which pictures it was counted, and which are left out."""
    parts = [tr("{count} test pictures", count=f"{len(two):,}")]
    if two.left_out:
        parts.append(tr("{count} left out: only one run was asked about them", count=f"{two.left_out:,}"))
    if two.relabelled:
        parts.append(tr("{count} left out: their labels were corrected", count=f"{two.relabelled:,}"))
    return " · ".join(parts)


def seeds_words(compared: SeedComparison) -> str:
    """What all repetitions of the two recipes say of them."""
    return tr("B against A, over all their seeds: {sentence}", sentence=seed_sentence(compared))


def single_training_words() -> str:
    """What is to be said of a difference where one of the two was not repeated."""
    return tr("One training each: another seed can change as much.")


def caution_words() -> str:
    """What the test does not know."""
    return tr(
        "The test knows chance in the test pictures, not chance in training: another seed alone can change so much. "
        "Before you decide between two recipes, train each with several seeds."
    )
