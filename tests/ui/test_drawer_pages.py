import pytest
from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.drawer_pages import text_page

LESSON = """# First look

Press **Train** and watch.

## What happens

1. The network sees 128 pictures.
2. It answers.

- one
- two

```python
for picture in pictures: look(picture)
```
"""


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> theme.Theme:
    theme.apply(qapp, request.param)
    return theme.current()


def blocks(page: QWidget) -> list[QTextBlock]:
    assert isinstance(page, QTextBrowser)
    document = page.document()
    return [document.findBlockByNumber(number) for number in range(document.blockCount())]


def test_a_text_keeps_its_order_and_its_lists(dressed: theme.Theme, qtbot: QtBot) -> None:
    page = text_page(LESSON)
    qtbot.addWidget(page)
    shown = [(block.text(), block.textList() is not None) for block in blocks(page) if block.text()]
    assert shown == [
        ("First look", False),
        ("Press Train and watch.", False),
        ("What happens", False),
        ("The network sees 128 pictures.", True),
        ("It answers.", True),
        ("one", True),
        ("two", True),
        ("for picture in pictures: look(picture)", False),
    ]


def test_headings_are_larger_than_text(dressed: theme.Theme, qtbot: QtBot) -> None:
    page = text_page(LESSON)
    qtbot.addWidget(page)
    sizes = {block.text(): block.begin().fragment().charFormat().font().pixelSize() for block in blocks(page)}
    assert (sizes["First look"], sizes["What happens"], sizes["one"]) == (20, 15, 13)


def test_a_text_has_the_colours_of_the_theme(dressed: theme.Theme, qtbot: QtBot) -> None:
    page = text_page("Words")
    qtbot.addWidget(page)
    page.ensurePolished()
    assert page.palette().text().color().name() == dressed.text


def test_a_text_cannot_be_changed(dressed: theme.Theme, qtbot: QtBot) -> None:
    page = text_page("Words")
    qtbot.addWidget(page)
    assert isinstance(page, QTextBrowser)
    assert page.isReadOnly()
