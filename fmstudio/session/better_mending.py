"""What a wrong value was meant to be: the number with a point, else what was there before, else the default."""

import re
from collections.abc import Iterable
from dataclasses import replace

from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import TABLES
from fmstudio.schema.choice import default_mending, read, use
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.schema.setting import Setting
from fmstudio.session.draft_words import model_of, plain, setting_of

_COMMA = re.compile(r"[+-]?[0-9]*[,，][0-9]+(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}([,，][0-9]{3})+")
"""A whole number with commas between its thousands."""


def better_mended(problem: Problem, draft: Draft, former: Iterable[Draft]) -> Problem:
    """A problem whose mending goes back to the default, mended by what was probably meant.

    Args:
        problem: Any other is given back as it is.
        draft: In which it is.
        former: Drafts of which the first with a valid value at the path, in the same choice, is preferred.
    """
    key, _, _ = problem.path.rpartition(".")
    found = setting_of(draft, problem.path)
    if found is None or found.kind in ("layers", "samples") or problem.mending != default_mending(key, found):
        return problem
    values = [_meant(found, drafts.get(draft, problem.path))]
    values += [drafts.get(one, problem.path) for one in former if _same_kind(one, draft, key)]
    value = next((plain(one) for one in values if one is not None and _is_valid(draft, key, found, one)), None)
    return problem if value is None else replace(problem, mending=use(key, found, value))


def _meant(setting: Setting, typed: object) -> int | float | None:
    """The number that was typed with a comma; None where it was none."""
    if not isinstance(typed, str):
        return None
    if setting.kind == "float" and _COMMA.fullmatch(typed):
        return float(typed.replace(",", ".").replace("，", "."))
    if setting.kind in ("int", "int-or-all") and _GROUPS.fullmatch(typed):
        return int(typed.replace(",", "").replace("，", ""))
    return None


def _same_kind(one: Draft, other: Draft, key: str) -> bool:
    return key not in TABLES or drafts.get(one, f"{key}.kind") == drafts.get(other, f"{key}.kind")


def _is_valid(draft: Draft, key: str, setting: Setting, value: object) -> bool:
    """Whether a setting can have a value, whatever the others say."""
    model = model_of(draft, key)
    if model is None:
        return False
    try:
        read(model, {setting.name: value})
    except InvalidSpecError as error:
        return all(problem.path != setting.name for problem in error.problems)
    return True
