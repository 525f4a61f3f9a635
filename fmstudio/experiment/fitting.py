"""Which choices fit one another, and what changes with a choice that others hang on."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fmstudio.catalog.datasets import Dataset, Linear
from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import TABLES, USUAL_VALIDATION, ExperimentSpec
from fmstudio.schema.choice import Choice, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.words import tr

Change = tuple[str, Any]

LEARNING = ("initial_weights", "optimizer", "schedule", "batch_size")
"""The keys of a spec that a network's recommended recipe is about."""
_SPARSE = "softmax-regression-sparse"
"""The network with sparse gradients."""
_USUAL = {
    True: {"architecture.kind": "cnn", "loss.kind": "cross-entropy"},
    False: {"architecture.kind": "linear-regression", "loss.kind": "mse"},
}
"""What is taken for classes, and for numbers."""
_FEW = 10_000
"""Points that are looked at for a choice that is only offered."""
_SHORT_RUN = {True: 2, False: 3}
"""Epochs of a run on classes, and on numbers, with the usual network."""


def unsuited(key: str, kind: str, spec: ExperimentSpec) -> str:
    """Why a kind of a table does not fit the rest of a spec, a translated sentence; empty where it does.

    Args:
        key: Of the table: "loss".
        kind: A row of it, chosen or not.
        spec: The other choices.
    """
    model, reason = TABLES[key].get(kind), _REASONS.get(key)
    return reason(model, spec) if model is not None and reason is not None else ""


def adapted(draft: Draft, changes: Iterable[Change], lesson: Draft | None = None) -> tuple[Change, ...]:
    """Changes together with those that go with them: nothing that was asked is overruled.

    Another task (pictures with classes, or numbers) swaps loss, network and how it learns. Another network brings its
    recommended recipe where the present one is untouched. What chooses between networks gets samples to choose by.

    Args:
        draft: What is changed.
        changes: What is asked for: pairs of path and value.
        lesson: The spec that the draft started as.
    """
    asked = tuple(changes)
    after = drafts.changed(draft, asked)
    more = _with_another_task(draft, after) or _with_another_network(draft, after, lesson)
    more = {path: value for path, value in more.items() if not _is_asked(path, asked)}
    if not any(path == "validation" for path, _ in asked) and _needs_validation(draft, after):
        more["validation"] = USUAL_VALIDATION
    return (*asked, *more.items())


def recommended(kind: str) -> Mapping[str, Any]:
    """The recipe that a network is recommended to learn with, by path; empty where it names none."""
    model = TABLES["architecture"].get(kind)
    recipe: Mapping[str, Any] = getattr(model, "recipe", {}) if model else {}
    if not recipe:
        return {}
    usual = {"initial_weights.kind": "default", "schedule.kind": "constant"}
    whole = {**usual, **recipe}
    kinds_first = sorted(whole, key=lambda path: not path.endswith(".kind"))
    return {path: _plain(whole[path]) for path in kinds_first}


def _is_asked(path: str, asked: Iterable[Change]) -> bool:
    """Whether something was said about this: another optimizer that is asked for keeps a rate for the old one away."""
    key = path.partition(".")[0]
    same = {one if key == "dataset" else one.partition(".")[0] for one, _ in asked}
    return (path if key == "dataset" else key) in same


def _with_another_task(before: Draft, after: Draft) -> dict[str, Any]:
    old, new = _kinds(before), _kinds(after)
    if old is None or new is None or bool(old.dataset.classes) == bool(new.dataset.classes):
        return {}
    classes = bool(new.dataset.classes)
    if _network_fits(after, new):
        return {"loss.kind": _USUAL[classes]["loss.kind"]}
    usual = _USUAL[classes]
    learning = recommended(usual["architecture.kind"])
    return {**usual, **learning, "epochs": _SHORT_RUN[classes], "evaluate_every": 0}


def _network_fits(draft: Draft, spec: ExperimentSpec) -> bool:
    """Whether the network of a draft, with its settings, takes the data of a spec."""
    if unsuited("architecture", str(drafts.get(draft, "architecture.kind")), spec):
        return False
    settings = {name: value for name, value in draft["architecture"].items() if name != "kind"}
    try:
        return read(type(spec.architecture), settings).unfit(spec.facts) is None
    except InvalidSpecError:
        return False


def _with_another_network(before: Draft, after: Draft, lesson: Draft | None) -> dict[str, Any]:
    old, new = drafts.get(before, "architecture.kind"), drafts.get(after, "architecture.kind")
    spec = _kinds(after)
    if old == new or spec is None or unsuited("architecture", str(new), spec):
        return {}
    return dict(recommended(str(new))) if _untouched(before, lesson) else {}


def _untouched(draft: Draft, lesson: Draft | None) -> bool:
    """Whether a draft learns as its lesson does, or as its network is recommended to."""
    if lesson is not None and _learning(draft) == _learning(lesson):
        return True
    recipe = recommended(str(drafts.get(draft, "architecture.kind")))
    return bool(recipe) and _learning(drafts.changed(draft, recipe.items())) == _learning(draft)


def _learning(draft: Draft) -> list[Any]:
    return [draft.get(key) for key in LEARNING]


def _needs_validation(before: Draft, after: Draft) -> bool:
    """Whether early stopping or a schedule that watches was just asked for, and no samples are held back."""
    patience, kind = after.get("early_stopping"), drafts.get(after, "schedule.kind")
    stops = type(patience) is int and patience > 0 and patience != before.get("early_stopping")
    schedule = TABLES["schedule"].get(str(kind))
    watches = schedule is not None and getattr(schedule, "watches", False)
    watches = watches and kind != drafts.get(before, "schedule.kind")
    return after.get("validation") == 0 and (stops or watches)


def _kinds(draft: Draft) -> ExperimentSpec | None:
    """The choices of a draft, each with its default settings; None where the data cannot be told."""
    rows = {key: table.get(str(drafts.get(draft, f"{key}.kind"))) for key, table in TABLES.items()}
    if rows["dataset"] is None:
        return None
    return ExperimentSpec().model_copy(update={key: row() for key, row in rows.items() if row is not None})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _network(model: type[Choice], spec: ExperimentSpec) -> str:
    if not spec.dataset.classes:
        fits = getattr(model, "numbers", False)
        return "" if fits else tr("is for pictures with classes: these points have numbers to predict")
    fits = getattr(model, "classes", True) and getattr(model, "pictures", True)
    return "" if fits else tr("predicts a number: these pictures have classes")


def _loss(model: type[Choice], spec: ExperimentSpec) -> str:
    if spec.dataset.classes:
        return "" if getattr(model, "classes", True) else tr("needs numbers to predict: these pictures have classes")
    if not getattr(model, "numbers", False):
        return tr("needs classes: these points have numbers to predict")
    lowest = 0.0 if getattr(model, "negative_targets", True) else _lowest(spec.dataset, exact=type(spec.loss) is model)
    if lowest < 0:
        return tr("needs numbers that are not negative: the smallest y is {lowest}", lowest=f"{lowest:.3g}")
    return ""


def _lowest(dataset: Dataset, *, exact: bool) -> float:
    """The smallest number to predict; of some of the points where it is only about what could be chosen."""
    if not isinstance(dataset, Linear):
        return 0.0
    few = {"n": min(dataset.n, _FEW), "test_n": min(dataset.test_n, _FEW)}
    return (dataset if exact else dataset.model_copy(update=few)).lowest


def _optimizer(model: type[Choice], spec: ExperimentSpec) -> str:
    network, table = type(spec.architecture), TABLES["architecture"]
    if not getattr(model, "sparse", False) or network is table.get(_SPARSE):
        return ""
    title = tr(table[_SPARSE].title) if _SPARSE in table else _SPARSE
    return tr("needs sparse gradients: only “{network}” has them", network=title)


_REASONS: Mapping[str, Callable[[type[Choice], ExperimentSpec], str]] = {
    "architecture": _network,
    "loss": _loss,
    "optimizer": _optimizer,
}
"""For each table the reason why one of its rows does not fit."""
