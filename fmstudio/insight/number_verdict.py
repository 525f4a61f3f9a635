"""What to say about a run that learns numbers, and what to do next: the first rule that fits speaks. No torch."""

import math
from collections.abc import Callable, Mapping

from fmstudio.catalog.datasets import Linear
from fmstudio.catalog.losses import LOSSES
from fmstudio.insight.number_score import Parameter, number_score, number_text, parameters
from fmstudio.insight.regression import dataset_of, kept_fit, link_of
from fmstudio.insight.said import Verdict, ended_early, failing, few_steps, mend, plain, rate_of
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.words import tr

_NEAR = 0.01
_CHANCE = 4.0
_FAR = 0.5
_CLOSE = 1.05
_STILL_FALLING = 0.97
_RISEN = 1.05
_QUARTER = 0.75


def number_verdict(run: Run) -> Verdict:
    """What to say about a run as far as it has come; before it has ended nothing."""
    if run.ended is None:
        return Verdict("waiting")
    try:
        dataset = dataset_of(run.spec) or Linear()
    except InvalidSpecError:
        return failing(run) or Verdict("waiting")
    found = (rule(run, dataset) for rule in _RULES)
    return next((said for said in found if said is not None), Verdict("waiting"))


def tolerance(dataset: Linear) -> float:
    """How far a learned parameter may be off and still count as found: 0.01, or what the noise makes uncertain."""
    deviation = dataset.spread / (math.sqrt(3) if dataset.distribution == "uniform" else 1.0)
    return max(_NEAR, _CHANCE * dataset.noise / (min(1.0, deviation) * math.sqrt(dataset.n)))


def _fails(run: Run, dataset: Linear) -> Verdict | None:
    return failing(run)


def _knows_nothing(run: Run, dataset: Linear) -> Verdict | None:
    """It was stopped before the first step."""
    if run.step or len(run.epochs) > 1:
        return None
    return Verdict("untrained", tr("It was not trained yet: these are numbers drawn at random."))


def _found_the_rule(run: Run, dataset: Linear) -> Verdict | None:
    """Every weight and the bias are where they should be."""
    if kept_fit(run) is None or link_of(run.spec):
        return None
    worst = _worst(parameters(run, dataset))
    if worst is None or worst.difference is None or abs(worst.difference) > tolerance(dataset):
        return None
    off = number_text(_rounded_up(abs(worst.difference)))
    sentence = tr("It found w and b: nothing is off by more than {off}.", off=off)
    return Verdict("found", sentence, tr("See what is left over"), "residuals")


def _rises(run: Run, dataset: Linear) -> Verdict | None:
    """It ended farther off than it began."""
    errors = _errors(run)
    rate = rate_of(run)
    if len(errors) < 2 or rate is None or not errors[-1] > _RISEN * errors[0]:
        return None
    sentence = tr("It got worse, not better: the learning rate {rate} is too large.", rate=plain(rate))
    return mend("worse", sentence, (("optimizer.lr", float(f"{rate / 10:.1g}")),))


def _is_pulled(run: Run, dataset: Linear) -> Verdict | None:
    """Outliers pull the squared error: another loss does not mind them so much."""
    size = abs(dataset.outliers * dataset.outlier_size)
    squared = _mapping(run, "loss").get("kind") == "mse"
    worst = _worst(parameters(run, dataset))
    if not squared or worst is None or worst.difference is None or "huber" not in LOSSES:
        return None
    if not dataset.outliers or abs(worst.difference) < 0.3 * size or _is_falling(run):
        return None
    sentence = tr(
        "The outliers pull it: {name} is off by {off}. The squared error makes much of what is far away.",
        name=worst.name,
        off=number_text(abs(worst.difference), 2),
    )
    return Verdict("outliers", sentence, tr("Use the Huber loss"), "mend", changes=(("loss.kind", "huber"),))


def _ends_early(run: Run, dataset: Linear) -> Verdict | None:
    """It was no better for some epochs, and ended."""
    return ended_early(run, tr("See what is left over"), "residuals")


def _is_not_there_yet(run: Run, dataset: Linear) -> Verdict | None:
    """It still gets better, or it hardly moved."""
    errors, rate = _errors(run), rate_of(run)
    if len(errors) < 2 or run.started is None or run.ended is None:
        return None
    floor = dataset.noise
    gone = (errors[-1] - floor) / max(errors[0] - floor, 1e-12)
    if errors[-1] <= _CLOSE * floor:
        return None
    if run.ended.status == "stopped":
        return _stopped_on_the_way(run) if gone > _FAR or _is_falling(run) else None
    if gone > _FAR and rate is not None:
        few = few_steps(run, "slow", tr("It has hardly moved."))
        if few is not None:
            return few
        sentence = tr("It has hardly moved: the learning rate {rate} is probably too small.", rate=plain(rate))
        return mend("slow", sentence, (("optimizer.lr", float(f"{10 * rate:.1g}")),))
    if not _is_falling(run):
        return None
    sentence = tr("On its way: still off by {off} on average, and less with every epoch.", off=_off(run))
    return Verdict(
        "rising", sentence, tr("Use twice as many epochs"), "mend", changes=(("epochs", 2 * run.started.epochs),)
    )


def _stopped_on_the_way(run: Run) -> Verdict:
    """It was not to end there: what was planned may be enough."""
    figures = number_score(run)
    values = {"epoch": f"{figures.epoch:,}", "epochs": f"{figures.epochs:,}", "off": number_text(figures.mae)}
    sentence = tr("Stopped on the way, at epoch {epoch} of {epochs}: still off by {off} on average.", **values)
    return Verdict("stopped", sentence, tr("See what is left over"), "residuals")


def _hovers(run: Run, dataset: Linear) -> Verdict | None:
    """The steps are too large to come to rest: it is clearly farther off than the noise makes it."""
    errors, rate = _errors(run), rate_of(run)
    fit = kept_fit(run)
    if len(errors) < 2 or rate is None or fit is None or link_of(run.spec):
        return None
    if errors[-1] <= 1.2 * dataset.noise or errors[-1] <= _NEAR:
        return None
    sentence = tr("It hovers around the right values: the steps are too large to come to rest.")
    return mend("hovering", sentence, (("optimizer.lr", float(f"{rate / 10:.1g}")),))


def _does_well(run: Run, dataset: Linear) -> Verdict | None:
    """Nothing more is to be said."""
    sentence = tr("Off by {off} on average; the noise alone makes {noise}.", off=_off(run), noise=_noise(dataset))
    if not dataset.noise:
        sentence = tr("Off by {off} on average.", off=_off(run))
    return Verdict("well", sentence, tr("See what is left over"), "residuals")


_RULES: tuple[Callable[[Run, Linear], Verdict | None], ...] = (
    _fails,
    _knows_nothing,
    _found_the_rule,
    _rises,
    _is_pulled,
    _ends_early,
    _is_not_there_yet,
    _hovers,
    _does_well,
)


def _off(run: Run) -> str:
    return number_text(number_score(run).mae)


def _noise(dataset: Linear) -> str:
    """What normal noise makes on average: its deviation times √(2/π)."""
    return number_text(dataset.noise * math.sqrt(2 / math.pi), 2)


def _errors(run: Run) -> list[float]:
    """The root of the mean squared error after each epoch that was evaluated, up to the one that was kept."""
    kept = run.kept_epoch
    judged = [epoch for epoch in run.epochs if kept is None or epoch.epoch <= kept.epoch]
    known = [epoch.test_rmse for epoch in judged if epoch.test_rmse is not None]
    return [value for value in known if math.isfinite(value)]


def _is_falling(run: Run) -> bool:
    """Whether the last quarter of the run made it clearly better, and its end was kept."""
    if run.kept_earlier:
        return False
    errors = _errors(run)
    before = errors[min(int(_QUARTER * (len(errors) - 1)), len(errors) - 2)] if len(errors) > 1 else math.nan
    return len(errors) > 1 and errors[-1] < _STILL_FALLING * before


def _worst(found: tuple[Parameter, ...]) -> Parameter | None:
    known = [parameter for parameter in found if parameter.difference is not None]
    return max(known, key=lambda parameter: abs(parameter.difference or 0.0), default=None)


def _rounded_up(value: float) -> float:
    """Two digits that matter, never less than the value; at least a thousandth of a thousandth."""
    if value <= 1e-6:
        return 1e-6
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / unit - 1e-9) * unit:.2g}")


def _mapping(run: Run, key: str) -> Mapping[str, object]:
    value = run.spec.get(key)
    return value if isinstance(value, Mapping) else {}
