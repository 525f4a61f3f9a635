"""How long a run did no better, in words."""

from fmstudio.words import tr, tr_n


def stale_words(stale: int, patience: int) -> str:
    """How long it did no better: "no better for 3 of 5 epochs"; empty where the newest epoch is the best.

    Args:
        stale: Epochs since the best one.
        patience: After how many of them the run ends early; 0: never.
    """
    if not stale:
        return ""
    if patience:
        return tr("no better for {stale} of {patience} epochs", stale=stale, patience=patience)
    return tr_n("no better for {count} epoch", "no better for {count} epochs", stale)
