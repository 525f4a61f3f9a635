"""Finding a setting by what a person remembers of it: no Qt."""

from collections.abc import Iterable

from fmstudio.schema.setting import Setting
from fmstudio.session.draft_words import option_text
from fmstudio.words import tr

TITLE, NAME, HELP = range(3)
"""Where a search found its words, the best place first."""


def rank(query: str, setting: Setting, path: str, group: str) -> int | None:
    """Where every word of a query stands: in the title, or with path, group and options, or with the help as well.

    Args:
        query: What was typed; nothing matches an empty one.
        setting: Searched in English and in the user's language.
        path: In a spec: "optimizer.eps".
        group: The title of its group, translated.

    Returns:
        ``TITLE``, ``NAME`` or ``HELP``; None where a word stands nowhere.
    """
    titles = [setting.title, tr(setting.title)]
    names = [*titles, path, group, *setting.options, *map(option_text, setting.options)]
    texts = (titles, names, [*names, setting.help, tr(setting.help)])
    return next((place for place, text in enumerate(texts) if _holds(text, query)), None)


def _holds(texts: Iterable[str], query: str) -> bool:
    text, words = " ".join(texts).casefold(), query.casefold().split()
    return bool(words) and all(word in text for word in words)
