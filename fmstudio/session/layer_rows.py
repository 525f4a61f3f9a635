"""What each row of the user's own list of layers comes to: its words, its shapes, and why it does not fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fmstudio.catalog.layer_kinds import LAYERS, LayerKind, Linear
from fmstudio.catalog.layer_list import LayerList
from fmstudio.catalog.layers import LayerFacts, Shape
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.session.draft_words import plain, value_text
from fmstudio.session.layer_table import parameters_text, shape_text, work_text
from fmstudio.words import tr

Item = dict[str, object]
"""A layer of the list as JSON values: its kind and its settings, those left out as they are by default."""
PATH = "architecture.layers"
"""Where the list stands in a spec."""
_UNKNOWN = "–"
_PICTURE = 3
"""Numbers in the shape of a picture: channels, height, width."""


@dataclass(frozen=True)
class ListRow:
    """One row of the table.

    Attributes:
        title: What kind of layer it is, translated.
        words: Its settings in words, translated.
        shape: Of what comes out of it; empty where that is not known.
        layers: What will be built for it, one after the other.
        picture: The larger side of the picture that goes into the network.
        problem: Why it does not fit, a translated sentence; empty where it does.
        fixed: Whether it is not the user's: the input and the output.
    """

    title: str
    words: str
    shape: Shape = ()
    layers: tuple[LayerFacts, ...] = ()
    picture: int = 0
    problem: str = ""
    fixed: bool = False

    @property
    def output(self) -> str:
        """The shape of what comes out, in words."""
        return shape_text(self.shape) if self.shape else _UNKNOWN

    @property
    def weights(self) -> int:
        """How many numbers it learns."""
        return sum(layer.weights for layer in self.layers)

    @property
    def lines(self) -> list[str]:
        """What it makes of what it gets, a line for each fact, translated."""
        found = [part for layer in self.layers for part in (layer.formula, parameters_text(layer))]
        found.append(work_text(sum(layer.multiply_adds for layer in self.layers)))
        side = self.layers[-1].receptive_field if self.layers else 0
        if side:
            whole = side >= self.picture
            found.append(tr("sees the whole picture") if whole else tr("sees {side} × {side} pixels", side=side))
        return [line for line in found if line]

    @property
    def source(self) -> str:
        """What will be built, as it is written in a script."""
        return "\n".join(layer.call.source() for layer in self.layers)


def items_of(value: object) -> list[Item]:
    """The layers of a list that may be wrong: what is no layer at all becomes one of an unknown kind."""
    listed = value if isinstance(value, list | tuple) else ()
    return [dict(item) if isinstance(item, Mapping) else {"kind": str(item)} for item in listed]


def new_item(kind: str) -> Item:
    """A layer of a kind with its default settings."""
    return {"kind": kind} | {setting.name: plain(setting.default) for setting in settings_of(LAYERS[kind])}


def changed_kind(item: Item, kind: str) -> Item:
    """A layer made one of another kind; what was set and both kinds have is kept."""
    made, old = new_item(kind), kind_of(item)
    usual = {setting.name: plain(setting.default) for setting in settings_of(old)} if old else {}
    kept = {name: value for name, value in item.items() if name in made and name in usual and value != usual[name]}
    return made | kept


def kind_of(item: Item) -> type[LayerKind] | None:
    """The kind of a layer; None where there is no such kind."""
    return LAYERS.get(str(item.get("kind", "")))


def value_of(item: Item, setting: Setting) -> object:
    """What a layer says for a setting, or its default."""
    return item.get(setting.name, plain(setting.default))


def problems_at(problems: Iterable[Problem], place: int) -> dict[str, Problem]:
    """The problems of the layer at a place by the setting's name; "" for what is none's."""
    found: dict[str, Problem] = {}
    for problem in problems:
        head, _, name = problem.path.removeprefix(f"{PATH}.").partition(".")
        if problem.path.startswith(f"{PATH}.") and head == str(place):
            found.setdefault(name, problem)
    return found


def rows_of_list(items: Sequence[Item], facts: Facts, problems: Sequence[Problem] = ()) -> tuple[ListRow, ...]:
    """The input, each layer of a list and the output; after a layer that does not fit nothing more is known.

    Args:
        items: The list.
        facts: What the network is for.
        problems: Of the recipe, with whole paths.
    """
    layers = _readable(items)
    traced = LayerList.model_construct(layers=layers).rows(facts)
    picture = max(facts.shape[1:], default=0)
    rows = [ListRow(tr("Input"), _input_words(facts), facts.shape, picture=picture, fixed=True)]
    shape = facts.shape
    for place, item in enumerate(items):
        found = traced[place] if shape and place < len(layers) else ()
        unfit = found[-1].problem if found else ""
        wrong = _wrong(item) if place >= len(layers) else ""
        shape = () if unfit or wrong else found[-1].output if found else shape
        sentence = wrong or unfit or _sentence(item, problems_at(problems, place))
        layer = ListRow(_title(item), _words(item), shape, () if unfit else found, picture, sentence)
        rows.append(layer)
    made = traced[-1] if shape else ()
    return (
        *rows,
        ListRow(tr(Linear.title), _output_words(facts), made[-1].output if made else (), made, picture, fixed=True),
    )


def _readable(items: Sequence[Item]) -> tuple[LayerKind, ...]:
    """The layers up to the first that cannot be read."""
    layers: list[LayerKind] = []
    for item in items:
        try:
            layers.append(_read(item))
        except InvalidSpecError:
            break
    return tuple(layers)


def _read(item: Item) -> LayerKind:
    kind = kind_of(item)
    if kind is None:
        raise InvalidSpecError([Problem("kind", tr("there is no such layer"))])
    return read(kind, {name: value for name, value in item.items() if name != "kind"})


def _wrong(item: Item) -> str:
    """Why a layer cannot be read; empty where it can."""
    try:
        _read(item)
    except InvalidSpecError as error:
        return _said(item, error.problems[0])
    return ""


def _sentence(item: Item, problems: Mapping[str, Problem]) -> str:
    """What is wrong with a layer, as one sentence for its row."""
    problem = next(iter(problems.values()), None)
    return _said(item, problem) if problem else ""


def _said(item: Item, problem: Problem) -> str:
    name, kind = problem.path.rpartition(".")[2], kind_of(item)
    title = next((tr(setting.title) for setting in settings_of(kind) if setting.name == name), "") if kind else ""
    return f"{title}: {problem.message}" if title else problem.message


def _input_words(facts: Facts) -> str:
    return tr("a picture: channels, height, width") if len(facts.shape) == _PICTURE else tr("a row of numbers")


def _output_words(facts: Facts) -> str:
    if not facts.classes:
        return tr("the number that is predicted")
    return tr("one number for each of {count} classes", count=facts.classes)


def _title(item: Item) -> str:
    kind = kind_of(item)
    return tr(kind.title) if kind else str(item.get("kind", ""))


def _words(item: Item) -> str:
    """The settings of a layer in words: the basic ones, and what is not as usual."""
    kind, words = kind_of(item), []
    for setting in settings_of(kind) if kind else ():
        value = value_of(item, setting)
        if setting.level == "basic" or value != plain(setting.default):
            words.append(_setting_words(setting, value))
    return " · ".join(words)


def _setting_words(setting: Setting, value: object) -> str:
    title, unit = tr(setting.title), f" {setting.unit}" if setting.unit else ""
    return f"{title[:1].lower()}{title[1:]} {value_text(value) or tr('automatic')}{unit}"
