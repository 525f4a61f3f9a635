"""What a lesson is: a spec with a story, and what the program checks at its end."""

from dataclasses import dataclass
from typing import Any

from fmstudio.experiment.draft import get
from fmstudio.experiment.spec import ExperimentSpec, to_mapping


@dataclass(frozen=True)
class Question:
    """Something to think about; the answer is shown when the reader asks for it.

    Attributes:
        question: One or two sentences.
        answer: Markdown.
    """

    question: str
    answer: str


Changes = tuple[tuple[str, Any], ...]
"""Pairs of path and value, made to a recipe one after the other."""


@dataclass(frozen=True)
class Try:
    """Something to try, which the lesson offers as a button.

    Attributes:
        title: What stands on the button, in the user's language.
        changes: What it changes of the lesson's spec.
    """

    title: str
    changes: Changes


@dataclass(frozen=True)
class Condition:
    """A figure of the run and what it should be; at least one of the limits is there.

    Attributes:
        figure: One of ``FIGURES``.
        at_least: The least that it should be, None where there is no such limit.
        at_most: The most that it should be.
        status: For the figure ``"status"``: how the run should end.
    """

    figure: str
    at_least: float | None = None
    at_most: float | None = None
    status: str = ""


FIGURES = (
    "test_accuracy",
    "train_accuracy",
    "test_loss",
    "train_loss",
    "gap",
    "gain",
    "difference",
    "r2",
    "mae",
    "rmse",
    "status",
)
"""What a goal can speak of; ``insight.goals`` says what each is."""
STATUSES = ("finished", "stopped", "failed")
"""How a run can end."""


@dataclass(frozen=True)
class Lesson:
    """A spec with a story.

    Attributes:
        id: The name of its file.
        title: In the user's language, like all its texts.
        summary: What one does in it, a few words.
        story: Markdown, a page or less.
        steps: One sentence for each step; the strip shows one at a time.
        minutes: How long it takes.
        order: Its place in the course.
        spec: What it starts with.
        places: For each step the spot in the window that it speaks of: a page, or an ``objectName``; else "".
        questions: To think about.
        shows: Paths of the settings that it shows (``"optimizer.kind"``, ``"optimizer.lr"``), the rest is folded away;
            empty shows all. See ``shows_setting``.
        goal: What should come out.
        tries: Changes to the recipe that it offers.
    """

    id: str
    title: str
    summary: str
    story: str
    steps: tuple[str, ...]
    minutes: int
    order: int
    spec: ExperimentSpec
    places: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    shows: tuple[str, ...] = ()
    goal: tuple[Condition, ...] = ()
    tries: tuple[Try, ...] = ()

    @property
    def draft(self) -> dict[str, Any]:
        """The spec as JSON values, for the form."""
        return to_mapping(self.spec)

    @property
    def untried(self) -> Changes:
        """What puts everything that its tries change back to the lesson's own values; kinds come first."""
        draft = self.draft
        paths = dict.fromkeys(path for one in self.tries for path, _ in one.changes)
        kinds = [path.removesuffix(".kind") for path in paths if path.endswith(".kind")]
        rest = [path for path in paths if path.partition(".")[0] not in kinds]
        whole = [(f"{key}.{name}", value) for key in kinds for name, value in draft[key].items()]
        return (*whole, *((path, get(draft, path)) for path in rest))

    def trial(self, index: int) -> Changes:
        """What a recipe of this lesson, already changed by other tries or not, needs for one of its tries.

        Args:
            index: Of the try, from 0.
        """
        return (*self.untried, *self.tries[index].changes)

    def shows_setting(self, path: str) -> bool:
        """Whether a setting is shown; one that shows nothing in particular shows everything.

        Args:
            path: Of the setting; the name of a table, ``"optimizer"``, stands for its kind.
        """
        return not self.shows or path in self.shows or f"{path}.kind" in self.shows

    def place(self, step: int) -> str:
        """The spot in the window that a step speaks of; "" where there is none.

        Args:
            step: From 1.
        """
        return self.places[step - 1] if 0 < step <= len(self.places) else ""
