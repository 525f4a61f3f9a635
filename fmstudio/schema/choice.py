"""A choice: one row of a table of the catalogue, a small frozen model whose fields are its settings."""

import inspect
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from fmstudio.schema.call import Call
from fmstudio.schema.problem import InvalidSpecError, Mending, Problem, near_miss
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.words import tr


@dataclass(frozen=True)
class Facts:
    """What a choice cannot know by itself.

    Attributes:
        shape: Of one sample, as the network gets it: (channels, height, width) of a picture, (inputs,) of a row of
            numbers.
        classes: Number of classes; 0 where a number is predicted.
        samples: Training samples.
        steps_per_epoch: Optimizer steps in an epoch.
        epochs: Of the whole run.
        batch: Samples in a full batch.
        summed: Whether the loss is the sum over the batch, not the mean.
        sparse: Whether the optimizer wants sparse gradients.
    """

    shape: tuple[int, ...]
    classes: int
    samples: int
    steps_per_epoch: int
    epochs: int
    batch: int = 1
    summed: bool = False
    sparse: bool = False

    @property
    def inputs(self) -> int:
        """Numbers in one sample."""
        return math.prod(self.shape)

    @property
    def outputs(self) -> int:
        """Numbers that the network gives for one sample: one for each class, or a single one."""
        return self.classes or 1

    @property
    def total_steps(self) -> int:
        """Optimizer steps in the whole run."""
        return self.steps_per_epoch * self.epochs


class Frozen(BaseModel):
    """A model whose values are checked strictly and never change; its limits are those of its settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _keep_limits(self) -> Self:
        problems: list[str] = []
        for setting in settings_of(type(self)):
            message = limit_broken(setting, getattr(self, setting.name))
            if message:
                problems.append(json.dumps([setting.name, message]))
        if problems:
            raise PydanticCustomError("limits", "{problems}", {"problems": problems})
        return self


class Choice(Frozen):
    """One thing that can be chosen. The docstring's first line is shown under the combo box; the rest is its help."""

    title: ClassVar[str] = ""

    @classmethod
    def summary(cls) -> str:
        """What it is, one English line."""
        return inspect.cleandoc(cls.__doc__ or "").split("\n", 1)[0]

    @classmethod
    def explanation(cls) -> str:
        """The whole help: what it is, when it works well, when it does not, and the source."""
        return inspect.cleandoc(cls.__doc__ or "")

    def call(self, facts: Facts) -> Call:
        """What runs, and what is exported."""
        raise NotImplementedError

    def problems(self) -> tuple[Problem, ...]:
        """Which of its settings do not fit one another; paths are names of settings."""
        return ()


def limit_broken(setting: Setting, value: Any) -> str:
    """What is wrong with a value of a setting, beside its limits; empty where nothing is."""
    if isinstance(value, tuple) and setting.length and not setting.length[0] <= len(value) <= setting.length[1]:
        least, most = setting.length
        if setting.kind == "layers":
            return tr("needs {least} to {most} layers", least=least, most=most)
        if least == most:
            return tr("needs {count} numbers", count=least)
        return tr("needs {least} to {most} numbers", least=least, most=most)
    values = value if isinstance(value, tuple) else (value,)
    for one in values:
        if isinstance(one, bool | str) or one is None:
            continue
        if isinstance(one, float) and not math.isfinite(one):
            return tr("must be a finite number")
        message = _beside(setting, one)
        if message:
            return message
    return ""


def _beside(setting: Setting, value: float) -> str:
    if setting.gt is not None and not value > setting.gt:
        return tr("must be greater than {limit}", limit=_digits(setting.gt))
    if setting.ge is not None and not value >= setting.ge:
        return tr("must be at least {limit}", limit=_digits(setting.ge))
    if setting.lt is not None and not value < setting.lt:
        return tr("must be less than {limit}", limit=_digits(setting.lt))
    if setting.le is not None and not value <= setting.le:
        return tr("must be at most {limit}", limit=_digits(setting.le))
    return ""


def _digits(limit: float) -> str:
    """A limit with all its digits: 10,000,000, not 1e+07."""
    return f"{limit:,}" if isinstance(limit, int) else f"{limit:,.15g}"


M = TypeVar("M", bound=Frozen)


def read(model: type[M], values: Mapping[str, Any], path: str = "") -> M:
    """Make a frozen model of JSON values.

    Raises:
        InvalidSpecError: With every problem, each at ``path.setting``.
    """
    lists = [setting for setting in settings_of(model) if setting.kind == "layers" and setting.name in values]
    rows: dict[str, tuple[Frozen, ...]] = {}
    problems: list[Problem] = []
    for setting in lists:
        rows[setting.name], found = _read_rows(setting, values[setting.name], joined(path, setting.name))
        problems += found or _too_long(setting, rows[setting.name], path)
    plain = {name: value for name, value in values.items() if name not in rows}
    try:
        made = model.model_validate_json(json.dumps(plain, default=str)).model_copy(update=rows)
    except ValidationError as error:
        raise InvalidSpecError([*problems, *_all_problems(model, plain, error, path)]) from None
    if isinstance(made, Choice) and not problems:
        problems += (moved(problem, path) for problem in made.problems())
    if problems:
        raise InvalidSpecError(problems)
    return made


def _read_rows(setting: Setting, values: object, path: str) -> tuple[tuple[Frozen, ...], list[Problem]]:
    """The rows of a list of layers that can be read, and what is wrong with the others."""
    if not isinstance(values, list | tuple):
        return (), [Problem(path, _expected_layers(), default_mending(path.rpartition(".")[0], setting))]
    rows: list[Frozen] = []
    problems: list[Problem] = []
    for place, value in enumerate(values):
        try:
            rows.append(_read_row(setting, value, f"{path}.{place}"))
        except InvalidSpecError as error:
            problems += error.problems
        except _NoRowError as error:
            rest = tuple(other for number, other in enumerate(values) if number != place)
            problems.append(Problem(error.path, error.message, Mending(tr("Remove this layer"), ((path, rest),))))
    return tuple(rows), problems


class _NoRowError(Exception):
    """A value that is no row of a table."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)
        self.path, self.message = path, message


def _read_row(setting: Setting, value: object, path: str) -> Frozen:
    if isinstance(value, tuple(setting.table.values())):
        return cast("Frozen", value)
    if not isinstance(value, Mapping):
        example = json.dumps({"kind": next(iter(setting.table))})
        raise _NoRowError(path, tr("must be an object with a kind: {example}", example=example))
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in setting.table:
        known = ", ".join(setting.table)
        message = tr("must be one of: {options}", options=known) + "." + near_miss(str(kind), setting.table)
        raise _NoRowError(joined(path, "kind"), message)
    row = cast("type[Frozen]", setting.table[kind])
    return read(row, {name: one for name, one in value.items() if name != "kind"}, path)


def _too_long(setting: Setting, rows: tuple[Frozen, ...], path: str) -> list[Problem]:
    message = limit_broken(setting, rows)
    return [Problem(joined(path, setting.name), message, default_mending(path, setting))] if message else []


def joined(path: str, name: str) -> str:
    """``optimizer`` and ``lr`` make ``optimizer.lr``."""
    return f"{path}.{name}" if path else name


def moved(problem: Problem, path: str) -> Problem:
    """A choice's own problem, its names of settings made paths of the whole spec."""
    mending = problem.mending
    if mending is not None:
        mending = Mending(mending.label, tuple((joined(path, name), value) for name, value in mending.changes))
    return Problem(joined(path, problem.path), problem.message, mending)


def _all_problems(model: type[Frozen], values: Mapping[str, Any], error: ValidationError, path: str) -> list[Problem]:
    """The problems of an error, and those that only show once these are out of the way."""
    problems = _problems(model, error.errors(), path)
    wrong = {problem.path.removeprefix(joined(path, "")).partition(".")[0] for problem in problems}
    rest = {name: value for name, value in values.items() if name not in wrong}
    if len(rest) == len(values):
        return problems
    try:
        read(model, rest, path)
    except InvalidSpecError as further:
        problems += further.problems
    return problems


def _problems(model: type[Frozen], errors: list[ErrorDetails], path: str) -> list[Problem]:
    settings = {setting.name: setting for setting in settings_of(model)}
    found: dict[str, Problem] = {}
    for error in errors:
        for name, message in _messages(error, settings, tuple(model.model_fields)):
            setting = settings.get(name.partition(".")[0])
            found.setdefault(name, Problem(joined(path, name), message, default_mending(path, setting)))
    return list(found.values())


def _messages(error: ErrorDetails, settings: Mapping[str, Setting], names: tuple[str, ...]) -> list[tuple[str, str]]:
    if error["type"] == "limits":
        return [tuple(json.loads(text)) for text in error["ctx"]["problems"]]
    name = str(error["loc"][0]) if error["loc"] else ""
    if name in settings and settings[name].kind == "samples" and len(error["loc"]) > 1:
        return [
            (
                f"{name}.{error['loc'][1]}",
                tr("must be of “train” or “test”, like {example}", example=settings[name].example),
            )
        ]
    if error["type"] == "extra_forbidden":
        return [(name, tr("there is no such setting.") + near_miss(name, names))]
    return [(name, _expected(settings.get(name), error))]


def _expected(setting: Setting | None, error: ErrorDetails) -> str:
    if error["type"] == "finite_number":
        return tr("must be a finite number")
    if setting is None:
        return tr("must be a text") if error["type"] == "string_type" else str(error["msg"])
    if setting.kind == "option":
        return tr("must be one of: {options}", options=", ".join(setting.options))
    if setting.length and error["type"] in ("missing", "too_short", "too_long"):
        return tr("needs {count} numbers", count=setting.length[0])
    texts = {
        "bool": tr("must be true or false"),
        "int": tr("must be a whole number"),
        "float": tr("must be a number, with a point: 0.001"),
        "ints": tr("must be a list of whole numbers: [256, 128]"),
        "floats": tr("must be a list of numbers: [0.9, 0.999]"),
        "text": tr("must be a text"),
        "device": tr("must be the name of a device: auto, cpu, cuda:0"),
        "int-or-all": tr("must be a whole number greater than 0, or “all”"),
        "layers": _expected_layers(),
        "samples": tr("must be a list of samples: {example}", example=f"[{setting.example}]"),
    }
    return texts[setting.kind]


def _expected_layers() -> str:
    return tr("must be a list of layers: {example}", example='[{"kind": "relu"}]')


def default_mending(path: str, setting: Setting | None) -> Mending | None:
    """Going back to the default mends a wrong value.

    Args:
        path: Of what the setting belongs to: "optimizer".
        setting: None for what is no setting: then nothing mends it.
    """
    if setting is None:
        return None
    if setting.kind == "samples":
        return Mending(tr("Take them back"), ((joined(path, setting.name), setting.default),))
    if setting.kind == "layers":
        return Mending(tr("Back to the usual layers"), ((joined(path, setting.name), setting.default),))
    return use(path, setting, setting.default)


def use(path: str, setting: Setting, value: Any) -> Mending:
    """Another value: "Use learning rate 0.01".

    Args:
        path: Of what the setting belongs to: "optimizer".
        setting: What gets the value.
        value: A JSON value.
    """
    title = tr(setting.title)
    label = tr("Use {title} {value}", title=title[:1].lower() + title[1:], value=_shown(value))
    return Mending(label, ((joined(path, setting.name), value),))


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, bool) or value is None:
        return tr("on") if value else tr("off")
    return f"{value:g}" if isinstance(value, float) else str(value)
