"""Finding a setting by what a person remembers of it: no Qt."""

from fmstudio.schema.setting import Setting
from fmstudio.words import tr


def matches(query: str, setting: Setting, path: str, group: str) -> bool:
    """Whether every word of a query stands somewhere in a setting's title, name, path, group, options or help.

    Args:
        query: What was typed; nothing matches an empty one.
        setting: Searched in English and in the user's language.
        path: In a spec: "optimizer.eps".
        group: The title of its group, translated.
    """
    texts = (setting.title, tr(setting.title), path, group, *setting.options, setting.help, tr(setting.help))
    text = " ".join(texts).casefold()
    words = query.casefold().split()
    return bool(words) and all(word in text for word in words)
