"""Simple drawings of what Windows and the Mac say to a program that they do not know. Drawings: no screenshots.

``python packaging/building/drawings.py`` writes them anew into ``packaging/kit/drawings``, where README shows them.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "kit" / "drawings"
LANGUAGES = ("en", "zh")
_FONT = "Inter, 'Segoe UI', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif"
_WIDTH, _LINE, _PAD = 480, 20, 20
_MARK = {"en": "drawing, not a screenshot", "zh": "示意图，并非屏幕截图"}
_ACCENT, _RING = "#1f6feb", "#d9480f"


@dataclass(frozen=True)
class Dialog:
    """What a system says.

    Attributes:
        title: The large line.
        lines: The text below it.
        buttons: Their words; the one in ``press`` is ringed.
        press: What to click: one of the buttons, or the link; "" where nothing helps.
        link: Words to click below the text.
    """

    title: str
    lines: tuple[str, ...]
    buttons: tuple[str, ...]
    press: str = ""
    link: str = ""


DIALOGS: dict[str, dict[str, Dialog]] = {
    "smartscreen-1": {
        "en": Dialog(
            "Windows protected your PC",
            (
                "Microsoft Defender SmartScreen prevented an",
                "unrecognized app from starting. Running this app",
                "might put your PC at risk.",
            ),
            ("Don't run",),
            "More info",
            "More info",
        ),
        "zh": Dialog(
            "Windows 已保护你的电脑",
            ("Microsoft Defender SmartScreen 阻止了无法识别的应用启动。", "运行此应用可能会导致你的电脑存在风险。"),
            ("不运行",),
            "更多信息",
            "更多信息",
        ),
    },
    "smartscreen-2": {
        "en": Dialog(
            "Windows protected your PC",
            ("App: fmstudio-…-windows-x64.exe", "Publisher: Unknown publisher"),
            ("Run anyway", "Don't run"),
            "Run anyway",
        ),
        "zh": Dialog(
            "Windows 已保护你的电脑",
            ("应用：fmstudio-…-windows-x64.exe", "发布者：未知发布者"),
            ("仍要运行", "不运行"),
            "仍要运行",
        ),
    },
    "smart-app-control": {
        "en": Dialog(
            "Part of this app has been blocked",
            ("Smart App Control blocked a file, because its", "publisher is not known. There is no “Run anyway”."),
            ("OK",),
        ),
        "zh": Dialog(
            "已阻止此应用的一部分",
            ("智能应用控制阻止了一个文件，因为无法确认其发布者。", "这里没有“仍要运行”。"),
            ("确定",),
        ),
    },
    "gatekeeper-1": {
        "en": Dialog(
            "“fmstudio” Not Opened",
            (
                "Apple could not verify “fmstudio” is free of malware that",
                "may harm your Mac or compromise your privacy.",
            ),
            ("Move to Trash", "Done"),
            "Done",
        ),
        "zh": Dialog(
            "未打开“fmstudio”",
            ("Apple 无法验证“fmstudio”是否包含可能危害 Mac 安全", "或泄漏隐私的恶意软件。"),
            ("移到废纸篓", "完成"),
            "完成",
        ),
    },
    "gatekeeper-2": {
        "en": Dialog(
            "Settings › Privacy & Security › Security",
            ("“fmstudio” was blocked to protect your Mac.",),
            ("Open Anyway",),
            "Open Anyway",
        ),
        "zh": Dialog(
            "系统设置 › 隐私与安全性 › 安全性",
            ("已阻止“fmstudio”以保护 Mac。",),
            ("仍要打开",),
            "仍要打开",
        ),
    },
}
"""By the name of the file, in each language. The words of the systems change between versions; the way does not."""


def svg(name: str, language: str) -> str:
    """A drawing as a file of its own, the same on light and dark pages.

    Args:
        name: A key of ``DIALOGS``.
        language: "en" or "zh".
    """
    dialog = DIALOGS[name][language]
    rows = len(dialog.lines) + bool(dialog.link)
    height = _PAD * 2 + 34 + rows * _LINE + (6 if dialog.link else 0) + 12 + 36 + 18
    y = _PAD + 24
    parts = [f'<text x="{_PAD}" y="{y}" font-size="18" font-weight="600">{escape(dialog.title)}</text>']
    for line in dialog.lines:
        y += _LINE + (8 if line == dialog.lines[0] else 0)
        parts.append(f'<text x="{_PAD}" y="{y}">{escape(line)}</text>')
    if dialog.link:
        y += _LINE + 6
        parts += _link(dialog, y)
    parts += _buttons(dialog, y + 20)
    mark = f'<text x="{_PAD}" y="{height - 9}" font-size="10.5" fill="#6b7280">✎ {_MARK[language]}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(described(name, language), quote=True)}" font-family="{_FONT}" font-size="14" '
        f'fill="#1f2328">\n<rect x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="10" fill="#f6f7f9" '
        f'stroke="#8b93a1" stroke-dasharray="6 4"/>\n' + "\n".join(parts) + f"\n{mark}\n</svg>\n"
    )


def described(name: str, language: str) -> str:
    """What a drawing shows, for those who do not see it."""
    dialog = DIALOGS[name][language]
    gap = " " if language == "en" else ""
    return gap.join([_MARK[language] + ":" + gap + dialog.title + ".", *dialog.lines, dialog.link, *dialog.buttons])


def _width(text: str, size: float) -> float:
    """About how wide a text is."""
    return sum(size if ord(letter) > 0x2E80 else size * 0.56 for letter in text)


def _link(dialog: Dialog, y: int) -> list[str]:
    wide = _width(dialog.link, 14)
    text = f'<text x="{_PAD}" y="{y}" fill="{_ACCENT}" text-decoration="underline">{escape(dialog.link)}</text>'
    return [text, *_ring(dialog, dialog.link, _PAD - 8, y - 17, wide + 16, 25)]


def _buttons(dialog: Dialog, y: int) -> list[str]:
    parts, right = [], _WIDTH - _PAD
    for words in reversed(dialog.buttons):
        wide = _width(words, 14) + 28
        right -= round(wide)
        parts += [
            f'<rect x="{right}" y="{y}" width="{wide:.0f}" height="32" rx="6" fill="#fff" stroke="#8b93a1"/>',
            f'<text x="{right + wide / 2:.0f}" y="{y + 21}" text-anchor="middle">{escape(words)}</text>',
            *_ring(dialog, words, right - 5, y - 5, wide + 10, 42),
        ]
        right -= 16
    return parts


def _ring(dialog: Dialog, words: str, x: float, y: float, width: float, height: float) -> list[str]:
    """The ring round what is to be clicked."""
    if words != dialog.press:
        return []
    shape = f'x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="11"'
    return [f'<rect {shape} fill="none" stroke="{_RING}" stroke-width="3"/>']


def file_name(name: str, language: str) -> str:
    """How the file of a drawing is called."""
    return f"{name}-{language}.svg"


def main(arguments: Sequence[str]) -> int:
    """Write all drawings into the folder that is named, or where they belong."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, languages in DIALOGS.items():
        for language in languages:
            (folder / file_name(name, language)).write_text(svg(name, language), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
