"""One text inside a PNG or an SVG file: put in, and read back from a file that may come from anybody."""

import re
import stat
import struct
import zlib
from html import escape
from pathlib import Path
from typing import BinaryIO

KEYWORD = "fmstudio"
MOST_TEXT = 1_000_000
"""Bytes of the text inside; what is longer is not read."""
MOST_FILE = 100_000_000
"""Bytes of a file; what is larger is not looked into."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = 33
"""Signature and the chunk IHDR, behind which the text is put."""
_MOST_CHUNKS = 10_000
_MOST_SVG = 8_000_000
_OPENING = re.compile(rb"""<svg\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
_TITLE = re.compile(rb"\s*<title>[^<]*</title>")
_METADATA = re.compile(rb'<metadata\s[^<>]{0,300}?id="fmstudio"[^<>]{0,300}>([^<]{0,1000000})</metadata>')


def with_metadata(content: bytes, text: str, title: str, *, software: str) -> bytes:
    """A picture with a text inside; whatever is neither PNG nor SVG is given back as it is.

    Args:
        content: The file's bytes.
        text: ASCII, without ``<``, ``>`` and ``&``.
        title: What the picture shows; an SVG that has a title keeps its own.
        software: What made it.
    """
    if content.startswith(_SIGNATURE) and len(content) > _HEADER:
        said = {"Title": title, "Software": software, KEYWORD: text}
        chunks = b"".join(_chunk(name, words) for name, words in said.items() if words)
        return content[:_HEADER] + chunks + content[_HEADER:]
    opening = _OPENING.search(content)
    if opening is None:
        return content
    titled = _TITLE.match(content, opening.end())
    place = titled.end() if titled else opening.end()
    made = f'\n<metadata id="{KEYWORD}">{text}</metadata>\n'
    before = "" if titled or not title else f"\n<title>{escape(title, quote=False)}</title>"
    return content[:place] + (before + made).encode() + content[place:]


def metadata_of(path: Path) -> str | None:
    """The text inside a picture's file; None where there is none, and for whatever is no plain file of a fair size."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_FILE:
            return None
        with path.open("rb") as file:
            start = file.read(len(_SIGNATURE))
            found = _from_png(file) if start == _SIGNATURE else _from_svg(start + file.read(_MOST_SVG))
        return None if found is None else found.decode()
    except (OSError, ValueError):
        return None


def _chunk(name: str, words: str) -> bytes:
    """An iTXt chunk, not compressed, of no language."""
    body = b"iTXt" + name.encode("latin-1") + b"\0\0\0\0\0" + words.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _from_png(file: BinaryIO) -> bytes | None:
    """The text of the chunk that is ours; the picture itself is stepped over, unread."""
    opening = KEYWORD.encode() + b"\0\0\0"
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return None
        length = int.from_bytes(head[:4], "big")
        if head[4:] != b"iTXt" or length > MOST_TEXT + len(opening) + 2:
            file.seek(length + 4, 1)
            continue
        body, check = file.read(length), file.read(4)
        if zlib.crc32(head[4:] + body) != int.from_bytes(check, "big"):
            return None
        if body.startswith(opening):
            return body[len(opening) :].partition(b"\0")[2].partition(b"\0")[2]
    return None


def _from_svg(content: bytes) -> bytes | None:
    """The text of the element that is ours, found as bytes: no XML is read, so no entity is ever replaced."""
    if b"<svg" not in content:
        return None
    found = _METADATA.search(content)
    return found[1] if found else None
