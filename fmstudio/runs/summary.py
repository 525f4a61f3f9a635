"""What a list says of a run, without reading all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fmstudio.runs.about import About

RunState = Literal["finished", "stopped", "failed", "interrupted", "running", "damaged", "newer"]
"""``interrupted``: it did not come to an end, and nobody is writing it. ``damaged``: its files cannot be read as a run;
``newer``: another version has written it, and its settings are not all known here."""


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One run of the library.

    Attributes:
        id: The name of its folder; sorts by the time at which it was made.
        folder: The path of its folder.
        spec: The experiment as JSON values, as far as they can be read.
        about: Name, note, tags, star, group.
        state: See ``RunState``.
        problem: Why it is damaged or newer, a sentence; empty otherwise.
        created: When it was made, seconds since 1970, by its id; 0 where that is unknown.
        epochs: That were done.
        planned: Epochs that were to be done.
        step: Steps taken.
        seconds: Of training.
        best: Figures of the epoch whose network was kept: "test_accuracy", "train_loss", "epoch" … named as in
            ``EpochEnded``; only finite ones.
        last: The same of the last epoch.
        resumable: Whether it can be continued where it stands: stopped or interrupted, and its state is there.
        message: With what sentence it ended; may be empty.
    """

    id: str
    folder: str
    spec: Mapping[str, Any] = field(default_factory=dict)
    about: About = field(default_factory=About)
    state: RunState = "damaged"
    problem: str = ""
    created: float = 0.0
    epochs: int = 0
    planned: int = 0
    step: int = 0
    seconds: float = 0.0
    best: Mapping[str, float] = field(default_factory=dict)
    last: Mapping[str, float] = field(default_factory=dict)
    resumable: bool = False
    message: str = ""

    @property
    def name(self) -> str:
        """What the user calls it, or as its spec is named; may be empty."""
        return self.about.name or str(self.spec.get("name", ""))

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state != "running"
