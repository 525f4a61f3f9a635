import pytest
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtWidgets import QApplication

from fmstudio.ui import theme
from fmstudio.ui.code_highlighter import CodeHighlighter, code_colours

CODE = '''"""A program,
with 2 lines of words."""
import torch
@torch.no_grad()
def evaluate(x: Tensor) -> float:  # not "here"
    name = f"epoch {x!r}" + 'it\\'s'
    return torch.nn.functional.relu(x) * 1e-3 + x2
'''


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> theme.Theme:
    theme.apply(qapp, request.param)
    return theme.current()


def coloured(document: QTextDocument) -> dict[str, str]:
    """The colour of each stretch of letters that is not left plain."""
    found, block = {}, document.begin()
    while block.isValid():
        for part in block.layout().formats():
            found[block.text()[part.start : part.start + part.length]] = part.format.foreground().color().name()
        block = block.next()
    return found


def highlighted(code: str, *, dim: bool = False) -> dict[str, str]:
    document = QTextDocument(code)
    highlighter = CodeHighlighter(document)
    highlighter.dim(dim)
    highlighter.rehighlight()
    return coloured(document)


def contrast(first: str, second: str) -> float:
    """As the accessibility guidelines count it; 4.5 is enough for text."""

    def light(name: str) -> float:
        colour = QColor(name)
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(first), light(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_each_kind_of_word_has_its_colour(dressed: theme.Theme) -> None:
    colours, found = code_colours(), highlighted(CODE)
    expected = {
        '"""A program,': "string",
        'with 2 lines of words."""': "string",
        "import": "keyword",
        "torch": "torch",
        "def": "keyword",
        "evaluate": "named",
        "Tensor": "torch",
        '# not "here"': "comment",
        'f"epoch {x!r}"': "string",
        "'it\\'s'": "string",
        "return": "keyword",
        "torch.nn.functional.relu": "torch",
        "1e-3": "number",
    }
    assert {text: found.get(text) for text in expected} == {text: colours[kind] for text, kind in expected.items()}
    assert "x2" not in found
    assert "2" not in found


@pytest.mark.parametrize(
    ("code", "strings"),
    [
        ('a = """one"""\nb = 1', {'"""one"""'}),
        ("a = '''one\ntwo'''\nb = 1", {"'''one", "two'''"}),
        ("a = \"# no comment\"", {'"# no comment"'}),
        ('a = "never closed\nb = 1', {'"never closed'}),
        ('a = """never closed\nb = 1', {'"""never closed', "b = 1"}),
        ("a = ''\nb = 1", {"''"}),
    ],
)  # fmt: skip
def test_strings_begin_and_end_where_they_should(dressed: theme.Theme, code: str, strings: set[str]) -> None:
    colour = code_colours()["string"]
    assert {text for text, name in highlighted(code).items() if name == colour} == strings


def test_all_colours_can_be_read_also_where_a_line_is_marked(dressed: theme.Theme) -> None:
    for name, colour in code_colours().items():
        assert contrast(colour, dressed.card) >= 4.5, name
        assert contrast(colour, dressed.accent_soft) >= 4, name


def test_what_is_dimmed_steps_back_and_comes_again(dressed: theme.Theme) -> None:
    document = QTextDocument("x = 1  # one")
    highlighter = CodeHighlighter(document)
    highlighter.rehighlight()
    before = coloured(document)
    highlighter.dim(True)
    dimmed = coloured(document)
    assert contrast(dimmed["# one"], dressed.card) < contrast(before["# one"], dressed.card)
    assert contrast(dimmed["x = "], dressed.card) < contrast(dressed.text, dressed.card)
    highlighter.dim(False)
    assert coloured(document) == before
