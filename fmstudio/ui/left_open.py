"""What was open when the window is built anew, in another language or theme, and opening it again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from fmstudio.experiment.lessons import lessons
from fmstudio.runs.run import Run
from fmstudio.words import language

if TYPE_CHECKING:
    from fmstudio.ui.drawer_contents import DrawerContents
    from fmstudio.ui.guide import Guide
    from fmstudio.ui.inspector import Inspector
    from fmstudio.ui.one_picture.picture_drawer import PicturePlace
    from fmstudio.ui.shell import Shell


class Window(Protocol):
    """What is asked of the main window."""

    shell: "Shell"
    contents: "DrawerContents"
    guide: "Guide"
    inspector: "Inspector"


@dataclass(frozen=True, eq=False)
class LeftOpen:
    """What was open.

    Attributes:
        drawer: The object name of what the drawer held; empty where it was closed.
        picture: Which picture, where it held one.
        lesson: The id of the lesson, where it held one.
        help: Its text as it was written, in ``language``; empty where it held none.
        language: That was spoken then.
        two: The two runs that were shown side by side; None without any.
    """

    drawer: str
    picture: "PicturePlace | None"
    lesson: str
    help: str
    language: str
    two: tuple[Run, Run] | None


def left_open(window: Window) -> LeftOpen:
    """What is open in a window that is about to be built anew."""
    drawer = window.shell.drawer
    content = None if drawer.isHidden() else drawer.content
    return LeftOpen(
        drawer="" if content is None else content.objectName(),
        picture=window.contents.picture.place,
        lesson=str(getattr(content, "about", "")),
        help=_noted(content, "written"),
        language=_noted(content, "language"),
        two=window.shell.compare_page.two,
    )


def open_again(window: Window, what: LeftOpen) -> None:
    """Open the same in the window that was built.

    A help text is in the language that was spoken when it was opened: in another one it stays closed, and so does
    what holds something that a person made.
    """
    if what.two is not None:
        window.inspector.show_two(*what.two)
    if what.drawer == "pictureDetail" and what.picture is not None:
        window.shell.results_page.refresh()
        window.contents.picture.show_place(what.picture)
    elif what.drawer == "codePage":
        window.guide.show_code()
    elif what.drawer == "lessonPage":
        for one in lessons():
            if one.id == what.lesson:  # or its file is gone meanwhile
                window.contents.show_lesson(one)
    elif what.drawer == "textPage" and what.language == language():
        window.contents.show_help(what.help)


def _noted(content: QWidget | None, name: str) -> str:
    """A property of a page that holds a text."""
    return "" if content is None else str(content.property(name) or "")
