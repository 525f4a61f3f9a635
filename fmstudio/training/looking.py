"""Looks in between: the watched samples thrice a second, and a part of the test samples at growing intervals."""

from collections.abc import Iterator

import numpy as np
import torch

from fmstudio.data.library import quick_samples, watched_samples
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Material, Samples
from fmstudio.training.evaluation import Question, accuracy_of, mean_loss
from fmstudio.training.events import Event, Ints, PicturesWatched, QuickChecked
from fmstudio.training.pace import Pace, Stopwatch, affordable

QUICK = 1000
"""Test samples of a quick check."""


class Looking:
    """Asks the network if it is time and time allows; changes no bit of the result."""

    def __init__(self, spec: ExperimentSpec, material: Material, question: Question) -> None:
        self._total = spec.facts.total_steps
        self._question = question
        self._watch = Stopwatch()
        self._wall = Pace(0.33)
        self._check = Pace(0.5, growth=1.3)
        self._asked = len(material.test) + len(material.validation)
        labels = material.test.targets.cpu().numpy()
        if spec.dataset.classes:
            self._watched = material.test.part(watched_samples(labels, classes=spec.dataset.classes))
            self._quick = material.test.part(quick_samples(labels, QUICK))
        else:
            self._watched = material.test.part(np.empty(0, np.int64))
            self._quick = material.test.part(np.arange(min(QUICK, len(labels))))

    @property
    def watched(self) -> Ints:
        """Index in the test split of the watched samples; none where numbers are predicted."""
        return self._watched.samples

    def expect(self, seconds: float) -> None:
        """Guess what a look will take, by what all samples took just now."""
        for pace, samples in self._kinds():
            pace.cost = seconds * len(samples) / self._asked

    def looks(self, network: torch.nn.Module, step: int, now: float) -> Iterator[Event]:
        """What is seen after a step, and so many seconds of training."""
        expected = now * self._total / step
        for pace, samples in self._kinds():
            if not pace.due(now) or not affordable(self._watch.seconds, pace.cost, now, expected):
                continue
            before = self._watch.seconds
            self._watch.start()
            answers = self._question.ask(network, samples)
            self._watch.stop()
            pace.done(now, self._watch.seconds - before)
            if samples is self._watched:
                yield PicturesWatched(step=step, predictions=answers)
            else:
                figures = {"accuracy": accuracy_of(answers), "loss": mean_loss(answers)}
                yield QuickChecked(step=step, predictions=answers, **figures)

    def _kinds(self) -> list[tuple[Pace, Samples]]:
        kinds = [(self._check, self._quick), (self._wall, self._watched)]
        return [(pace, samples) for pace, samples in kinds if len(samples)]
