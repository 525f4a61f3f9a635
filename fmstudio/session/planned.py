"""A run that is to be: what a sweep, a repetition or the user puts into the queue."""

from dataclasses import dataclass, field

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.about import About


@dataclass(frozen=True)
class Planned:
    """What is to be done, and what will be said of the run."""

    spec: ExperimentSpec
    about: About = field(default_factory=About)
