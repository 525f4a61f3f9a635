"""Pages that need nothing but a browser: no network, no other file; English and Chinese, light and dark."""

import re
from html import escape
from pathlib import Path

KIT = Path(__file__).resolve().parents[1] / "kit"
ICON = Path(__file__).resolve().parents[2] / "resources" / "icons" / "fmstudio.svg"
CHOICE = (
    '<div class="languages"><button type="button" data-choose="en">English</button>'
    '<button type="button" data-choose="zh-Hans" lang="zh">中文</button></div>'
)


def page(title: str, under: dict[str, str], body: str) -> str:
    """A whole page.

    Args:
        title: What stands on top, HTML.
        under: What stands below it, by language, HTML.
        body: The rest, HTML; parts with ``lang="en"`` and ``lang="zh-Hans"`` are shown in turn, without scripts both.
    """
    head = "".join(f'<p lang="{code}">{text}</p>' for code, text in under.items())
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{re.sub('<[^>]*>', '', title)}</title>\n<style>\n{_read('style.css')}</style>\n</head>\n<body>\n"
        f"<header>{ICON.read_text(encoding='utf-8').strip()}\n<div><h1>{title}</h1>{head}</div>{CHOICE}</header>\n"
        f"<main>\n{body.strip()}\n</main>\n<script>\n{_read('choose.js')}</script>\n</body>\n</html>\n"
    )


def paragraphs(text: str) -> str:
    """A story as HTML: paragraphs, lists, ``**strong**``, ``*said softly*`` and ``code``."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "\n".join(_block(block) for block in blocks if block)


def _block(text: str) -> str:
    lines = text.split("\n")
    if all(line.lstrip().startswith(("- ", "* ")) for line in lines):
        return "<ul>" + "".join(f"<li>{inline(line.lstrip()[2:])}</li>" for line in lines) + "</ul>"
    return f"<p>{inline(text)}</p>"


def inline(text: str) -> str:
    """A line as HTML."""
    pieces = re.split(r"(`[^`]+`)", text)
    return "".join(f"<code>{escape(one[1:-1])}</code>" if one[:1] == "`" else _emphasis(one) for one in pieces)


def _emphasis(text: str) -> str:
    strong = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text, quote=False))
    return re.sub(r"\*(?=\S)(.+?)(?<=\S)\*", r"<i>\1</i>", strong)


def _read(name: str) -> str:
    return (KIT / name).read_text(encoding="utf-8")
