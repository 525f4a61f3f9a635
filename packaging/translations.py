#!/usr/bin/env python3
"""Keep the translations complete: extract what the program says, compile what translators wrote.

    python packaging/translations.py update     # after texts changed: new ones are added, unused ones leave
    python packaging/translations.py check      # fails with a list of what is missing, doubtful, stale or does not fit
    python packaging/translations.py compile    # after a translation changed

A translator edits ``resources/translations/<language>/LC_MESSAGES/fmstudio.po`` with a text editor or any program for
such files. ``update`` gives a text that was reworded its old translation marked ``fuzzy``: correct it and remove the
mark. The files are the same on every machine: sorted, without dates, versions and line numbers. Lessons carry their
languages themselves, in ``resources/lessons/``.

Babel must be installed; it is among the development dependencies.
"""

import argparse
import string
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extraction import Found, UnreadableTextError, found_texts

from fmstudio.words import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")


class PlainCatalog(Catalog):
    """A catalogue whose header says nothing of when, where and with what it was made.

    Args:
        code: The language, as its folder is called.
    """

    def __init__(self, code: str) -> None:
        super().__init__(locale=code, charset="utf-8", header_comment="", fuzzy=False)
        self.code = code

    def __iter__(self) -> Iterator[Message]:
        """The header, then the texts."""
        lines = (
            "Project-Id-Version: fmstudio",
            f"Language: {self.code}",
            f"Plural-Forms: {self.plural_forms}",
            "MIME-Version: 1.0",
            f"Content-Type: text/plain; charset={self.charset}",
            "Content-Transfer-Encoding: 8bit",
        )
        yield Message("", "\n".join(lines) + "\n")
        for message in super().__iter__():
            if message.id:
                yield message


def po_file(folder: Path, code: str) -> Path:
    """Where a language's texts are; the compiled ones lie beside."""
    return folder / code / "LC_MESSAGES" / "fmstudio.po"


def template(found: Iterator[Found]) -> Catalog:
    """A catalogue of the texts that were found, not translated."""
    made = Catalog(charset="utf-8")
    for text in found:
        made.add(text.id, locations=[(text.file, 0)])
    return made


def read(path: Path, code: str) -> Catalog:
    """A language's catalogue; empty where there is no file yet."""
    if not path.exists():
        return Catalog(locale=code, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=code, charset="utf-8", abort_invalid=True)


def plain(catalogue: Catalog, code: str) -> PlainCatalog:
    """The same texts, with what differs between machines left out."""
    made = PlainCatalog(code)
    for message in catalogue:
        if message.id:
            flags = {"fuzzy"} & set(message.flags)
            files = sorted({(file, 0) for file, _ in message.locations})
            added = made.add(message.id, message.string, files, flags, (), message.user_comments)
            added.flags = flags
    return made


def po_bytes(catalogue: Catalog, code: str) -> bytes:
    """The file that translators edit."""
    buffer = BytesIO()
    write_po(buffer, plain(catalogue, code), width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return buffer.getvalue().lstrip(b"\n")


def mo_bytes(catalogue: Catalog, code: str) -> bytes:
    """The file that the program reads; fuzzy and empty translations are not in it."""
    buffer = BytesIO()
    write_mo(buffer, plain(catalogue, code))
    return buffer.getvalue()


def faults(catalogue: Catalog, texts: Catalog) -> list[str]:
    """Why a language is not complete, a line each.

    Args:
        catalogue: As the translators left it.
        texts: What the program says.
    """
    wanted = {message.id: message for message in texts if message.id}
    present = {message.id: message for message in catalogue if message.id}
    lines = [f"missing: {_name(one)}" for key, one in wanted.items() if not _done(present.get(key))]
    lines += [f"fuzzy: {_name(one)}" for one in present.values() if one.fuzzy]
    lines += [f"stale: {_name(one)}" for key, one in present.items() if key not in wanted]
    lines += [f"places differ: {_name(one)}" for one in present.values() if _done(one) and not _fits(one)]
    return lines + [f"plural forms: {_name(one)}" for one in present.values() if not _forms(one, catalogue.num_plurals)]


def _name(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return repr(text if len(text) < 90 else f"{text[:80]}…")


def strings(message: Message) -> tuple[str, ...]:
    """The translations of a text: one, or one for each plural form."""
    text = message.string
    return (text,) if isinstance(text, str) else tuple(text or ())


def _done(message: Message | None) -> bool:
    return message is not None and bool(strings(message)) and all(strings(message))


def _forms(message: Message, count: int) -> bool:
    return len(strings(message)) == (count if message.pluralizable else 1)


def _fits(message: Message) -> bool:
    """Whether every translation has the places of the text, which is the plural where there are two."""
    text = message.id if isinstance(message.id, str) else message.id[-1]
    return all(places(one) == places(text) for one in strings(message))


def places(text: str) -> set[str]:
    """The ``{places}`` of a text with their formats: ``{"count:,"}``; none where the text is not a format."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return set()
    return {f"{name}:{form}" if form else name for _, name, form, _ in parts if name is not None}


def update(folder: Path) -> int:
    """Bring every language's file up to what the program says now."""
    texts = template(found_texts(ROOT))
    for code in TRANSLATED:
        path = po_file(folder, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = read(path, code)
        catalogue.update(texts)
        path.write_bytes(po_bytes(catalogue, code))
        open_ = [message for message in catalogue if message.id and (message.fuzzy or not _done(message))]
        print(f"{code}: {len(catalogue)} texts, {len(open_)} to translate")
    return compile_all(folder)


def compile_all(folder: Path) -> int:
    """Write what the program reads."""
    for code in TRANSLATED:
        path = po_file(folder, code)
        path.with_suffix(".mo").write_bytes(mo_bytes(read(path, code), code))
    return 0


def check(folder: Path) -> int:
    """List what is not as it must be; 1 where there is anything."""
    texts = template(found_texts(ROOT))
    lines = []
    for code in TRANSLATED:
        path = po_file(folder, code)
        compiled = path.with_suffix(".mo")
        lines += [f"{code}: {line}" for line in faults(read(path, code), texts)]
        if not compiled.exists() or compiled.read_bytes() != mo_bytes(read(path, code), code):
            lines.append(f"{code}: the .mo file is not what the .po file compiles to: run compile")
    print("\n".join(lines) or "complete")
    return 1 if lines else 0


COMMANDS = {"update": update, "check": check, "compile": compile_all}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the translations are")
    given = parser.parse_args(arguments)
    try:
        return COMMANDS[given.command](given.folder)
    except UnreadableTextError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
