"""Every word that a user reads passes through ``tr``.

Translations are gettext catalogues under ``resources/translations/<language>/LC_MESSAGES/fmstudio.mo``. Changing the
language takes effect for texts made from then on: the window rebuilds itself. Lengths of time are said here, so that
window and command line say them alike.
"""

import gettext
import locale
import os

from fmstudio import paths

LANGUAGES = {"en": "English", "zh_CN": "中文"}
"""The languages that the program speaks, each in its own name."""

_language = "en"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def tr(text: str, /, **values: object) -> str:
    """The text in the user's language, its ``{places}`` filled in.

    Args:
        text: English, a literal so that it can be extracted: ``tr("{count} pictures", count=60)``.
        values: What stands in the places, formatted as ``str.format`` does.
    """
    translated = _catalogue.gettext(text) if text else ""
    return translated.format(**values) if values else translated


def tr_n(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Like ``tr`` for a text that depends on a number, which is also the value of ``{count}``."""
    return _catalogue.ngettext(singular, plural, count).format(count=count, **values)


def marked(text: str, /) -> str:
    """Mark a literal for extraction that is translated later, when it is shown: returns it unchanged."""
    return text


def exact_time(seconds: float) -> str:
    """A length of time that was measured: "9.3 s", "12 min 5 s", "1 h 20 min"."""
    if seconds < 60:
        return tr("{seconds} s", seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def rough_time(seconds: float) -> str:
    """A length of time as exact as one wants to know one that is to come: "9 s", "2 min", "1 h 20 min"."""
    if round(seconds) < 60:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return tr("{minutes} min", minutes=minutes)
    return tr("{hours} h {minutes} min", hours=hours, minutes=minutes) if minutes else tr("{hours} h", hours=hours)


def language() -> str:
    """The language now in use, a key of ``LANGUAGES``."""
    return _language


def set_language(code: str) -> None:
    """Speak another language from now on; one that is not shipped falls back to English."""
    global _language, _catalogue
    _language = code if code in LANGUAGES else "en"
    folder = str(paths.resource("translations"))
    _catalogue = gettext.translation("fmstudio", folder, [_language], fallback=True)


def system_language() -> str:
    """The language that the machine is set to, where the program speaks it, else English."""
    name = os.environ.get("LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    name = name or (locale.getlocale()[0] or "")
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"
