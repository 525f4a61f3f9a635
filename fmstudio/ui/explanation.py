"""The help of a choice as text to read: what it is, its formula, when it works well, and the source."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from fmstudio.schema.choice import Choice
from fmstudio.ui import theme
from fmstudio.words import tr


class Explanation(QLabel):
    """Shows the explanation of a choice, its source small and grey.

    Args:
        strong: Whether the first sentence stands out, as where there is no title above it.
    """

    def __init__(self, *, strong: bool = False) -> None:
        super().__init__()
        self._strong = strong
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def show_choice(self, choice: type[Choice]) -> None:
        """Show another one."""
        self.setText(explanation_html(tr(choice.explanation()), strong=self._strong))


def explanation_html(text: str, *, strong: bool = False) -> str:
    """Paragraphs as HTML; of more than two, the last names the source and is small."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    grey = f"color:{theme.current().secondary}; font-size:{theme.SMALL}px;"
    styles = ["font-weight:500;" if strong else "", *[""] * (len(paragraphs) - 1)]
    if len(paragraphs) > 2:
        styles[-1] = grey
    lines = [
        f'<p style="margin:0 0 8px 0; line-height:135%; {style}">{escape(paragraph)}</p>'
        for style, paragraph in zip(styles, paragraphs, strict=True)
    ]
    return "".join(lines)
