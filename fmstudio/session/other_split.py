"""The same question asked of the other split."""

from dataclasses import replace

from fmstudio.session.conditions import AllOf, AnyOf, Condition, Not, Picked
from fmstudio.session.selection import Selection, Split


def of_split(selection: Selection, split: Split) -> Selection:
    """The same conditions for another split; pictures picked one by one are left behind, for they are of one split."""
    if split == selection.split:
        return replace(selection, watched=False)
    looked_at, only = (_without_picks(conditions) for conditions in (selection.conditions, selection.only))
    return replace(selection, split=split, conditions=looked_at, only=only, watched=False)


def _without_picks(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions if not _picks(condition))


def _picks(condition: Condition) -> bool:
    """Whether a condition speaks of single pictures."""
    match condition:
        case Picked():
            return True
        case Not(inner):
            return _picks(inner)
        case AllOf(several) | AnyOf(several):
            return any(_picks(one) for one in several)
    return False
