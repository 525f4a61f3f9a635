"""Choices that are valid alone but do not fit one another, found before anything runs."""

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.catalog.datasets import Pictures
from fmstudio.catalog.optimizers import Adam
from fmstudio.experiment.fitting import unsuited
from fmstudio.experiment.memory import available_bytes, needed_bytes, weights_bytes
from fmstudio.experiment.spec import USUAL_VALIDATION, ExperimentSpec, kind_of
from fmstudio.schema.choice import moved
from fmstudio.schema.problem import Mending, Problem
from fmstudio.words import tr

_GIB = 2**30
_SMALL_BATCH = 128


def misfits(spec: ExperimentSpec, wrong: Collection[str] = ()) -> tuple[Problem, ...]:
    """What is wrong with choices taken together.

    Args:
        spec: The choices.
        wrong: Keys of the spec that have problems of their own: nothing is said about what hangs on them.
    """
    found: list[Problem] = []
    wrong = set(wrong)
    for keys, rule in _RULES:
        if not keys.intersection(wrong):
            problems = tuple(rule(spec))
            found += problems
            wrong |= {problem.path.removesuffix(".kind") for problem in problems}
    return tuple(found)


def _unsuited_network(spec: ExperimentSpec) -> Iterator[Problem]:
    reason = unsuited("architecture", kind_of(spec.architecture), spec)
    if reason:
        kind = "softmax-regression" if spec.dataset.classes else "linear-regression"
        yield Problem("architecture.kind", reason, _use("architecture", kind, tr(ARCHITECTURES[kind].title)))


def _unsuited_loss(spec: ExperimentSpec) -> Iterator[Problem]:
    reason = unsuited("loss", kind_of(spec.loss), spec)
    if reason:
        kind, title = ("cross-entropy", tr("Cross-entropy")) if spec.dataset.classes else ("mse", "MSE")
        yield Problem("loss.kind", reason, _use("loss", kind, title))


def _dense_gradients(spec: ExperimentSpec) -> Iterator[Problem]:
    """An optimizer for sparse gradients needs a network that has them."""
    reason = unsuited("optimizer", kind_of(spec.optimizer), spec)
    if reason:
        kind = "softmax-regression-sparse"
        pictures = isinstance(spec.dataset, Pictures)
        mending = (
            _use("architecture", kind, tr(ARCHITECTURES[kind].title)) if pictures else _use("optimizer", "adam", "Adam")
        )
        yield Problem("optimizer.kind", reason, mending)


def _unfit_loss(spec: ExperimentSpec) -> Iterator[Problem]:
    """A setting of the loss does not fit the number of classes."""
    unfit = spec.loss.unfit(spec.facts)
    if unfit is not None:
        yield moved(unfit, "loss")


def _too_many(spec: ExperimentSpec) -> Iterator[Problem]:
    data = spec.dataset
    if not isinstance(data, Pictures):
        return
    for name, count in (("train_size", data.train_count), ("test_size", data.test_count)):
        if getattr(data, name) > count:
            mending = Mending(tr("Take all"), ((f"dataset.{name}", 0),))
            yield Problem(f"dataset.{name}", tr("there are only {count}", count=f"{count:,}"), mending)


def _nothing_to_learn_from(spec: ExperimentSpec) -> Iterator[Problem]:
    if spec.validation >= 1 and spec.validation != math.floor(spec.validation):
        mending = Mending(tr("Hold back a tenth"), (("validation", 0.1),))
        yield Problem("validation", tr("must be a share below 1 or a whole number of samples"), mending)
    elif spec.train_samples < 1:
        mending = Mending(tr("Hold back a tenth"), (("validation", 0.1),))
        yield Problem("validation", tr("leaves nothing to learn from"), mending)
    elif spec.chooses and not spec.validation_samples:
        message = tr("early stopping and the plateau schedule choose by samples that are held back: none are")
        mending = Mending(tr("Hold back a twelfth"), (("validation", USUAL_VALIDATION),))
        yield Problem("validation", message, mending)


def _no_batch(spec: ExperimentSpec) -> Iterator[Problem]:
    if spec.train_samples and not spec.steps_per_epoch:
        mending = Mending(tr("Keep the last batch"), (("drop_last", False),))
        yield Problem("drop_last", tr("leaves no batch: there are fewer samples than fit in one"), mending)


def _unfit_network(spec: ExperimentSpec) -> Iterator[Problem]:
    """The samples do not fit the layers."""
    unfit = spec.architecture.unfit(spec.facts)
    if unfit is not None:
        yield moved(unfit, "architecture")


def _lone_sample(spec: ExperimentSpec) -> Iterator[Problem]:
    """A network that compares the samples of a batch has nothing to compare where a batch is a single one."""
    rest = spec.train_samples % spec.batch
    unfit = spec.architecture.unfit_alone(spec.facts)
    if unfit is None or not (spec.batch == 1 or (rest == 1 and not spec.drop_last)):
        return
    problem = moved(unfit, "architecture")
    if spec.steps_per_epoch > 1 and spec.batch > 1:
        problem = replace(problem, mending=Mending(tr("Drop last batch"), (("drop_last", True),)))
    yield problem


def _unfit_schedule(spec: ExperimentSpec) -> Iterator[Problem]:
    """A setting of the schedule does not fit the run or the learning rate."""
    unfit = spec.schedule.unfit(spec.facts, spec.optimizer.lr)
    if unfit is not None:
        yield moved(unfit, "schedule")


def _nothing_to_clip(spec: ExperimentSpec) -> Iterator[Problem]:
    """Some optimizers must have the gradients as they are."""
    if not spec.gradient_clipping:
        return
    mending = Mending(tr("Turn off gradient clipping"), (("gradient_clipping", 0.0),))
    if spec.optimizer.closure:
        yield Problem(
            "gradient_clipping", tr("LBFGS measures how the gradient changes: it must not be clipped"), mending
        )
    elif spec.optimizer.sparse:
        yield Problem("gradient_clipping", tr("sparse gradients cannot be clipped"), mending)


def _too_large(spec: ExperimentSpec) -> Iterator[Problem]:
    """The run would need more memory than the computer has."""
    needs = needed_bytes if spec.device in ("auto", "cpu") else weights_bytes
    needed, available = needs(spec), available_bytes()
    if needed <= available:
        return
    message = tr(
        "needs about {needed} GB of memory; this computer has {available} GB",
        needed=f"{needed / _GIB:,.0f}",
        available=f"{available / _GIB:,.0f}",
    )
    for smaller, path, mending in _smaller(spec):
        if needs(smaller) <= available:
            yield Problem(path, message, mending)
            return
    yield Problem("architecture.kind", message)


def _smaller(spec: ExperimentSpec) -> Iterator[tuple[ExperimentSpec, str, Mending]]:
    """Specs that need less memory, the gentlest change first, each with the setting to change and how."""
    if spec.batch > _SMALL_BATCH:
        label = tr("Use batch size {value}", value=_SMALL_BATCH)
        changes: tuple[tuple[str, object], ...] = (("batch_size", _SMALL_BATCH),)
        yield spec.model_copy(update={"batch_size": _SMALL_BATCH}), "batch_size", Mending(label, changes)
    if spec.optimizer.remembered > Adam().remembered:
        yield spec.model_copy(update={"optimizer": Adam()}), "optimizer.kind", _use("optimizer", "adam", "Adam")
    usual = type(spec.architecture)()
    changed = [name for name in type(usual).model_fields if getattr(usual, name) != getattr(spec.architecture, name)]
    if changed:
        plain = usual.model_dump(mode="json")
        changes = tuple((f"architecture.{name}", plain[name]) for name in changed)
        mending = Mending(tr("Back to the usual network"), changes)
        yield spec.model_copy(update={"architecture": usual}), f"architecture.{changed[0]}", mending


def _use(key: str, kind: str, title: str) -> Mending:
    return Mending(tr("Use {title}", title=title), ((f"{key}.kind", kind),))


_BATCHES = frozenset({"dataset", "validation", "batch_size", "drop_last"})
_RULES: tuple[tuple[frozenset[str], Callable[[ExperimentSpec], Iterator[Problem]]], ...] = (
    (frozenset({"dataset"}), _too_many),
    (frozenset({"dataset", "architecture"}), _unsuited_network),
    (frozenset({"dataset", "loss"}), _unsuited_loss),
    (frozenset({"dataset", "loss"}), _unfit_loss),
    (frozenset({"dataset", "architecture", "optimizer"}), _dense_gradients),
    (frozenset({"dataset", "validation", "schedule", "early_stopping"}), _nothing_to_learn_from),
    (_BATCHES, _no_batch),
    (frozenset({"dataset", "architecture"}), _unfit_network),
    (_BATCHES | {"architecture"}, _lone_sample),
    (_BATCHES | {"epochs", "schedule", "optimizer"}, _unfit_schedule),
    (frozenset({"optimizer", "gradient_clipping"}), _nothing_to_clip),
    (frozenset({"dataset", "architecture", "device"}), _too_large),
)
"""What must fit, with the keys of the spec that each rule looks at; an unsuited kind is told once."""
