"""Selections that were given a name: kept in one file for every run of the same data set."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.session.condition_json import classes_in, conditions, written
from fmstudio.session.selection import Order, Selection, Split
from fmstudio.words import tr

_VERSION = 1


@dataclass(frozen=True)
class NamedSelection:
    """A selection with its name.

    Attributes:
        name: Given by the user.
        dataset: The kind of the data set whose classes and pictures it speaks of.
        selection: Which pictures, in which order.
    """

    name: str
    dataset: str
    selection: Selection

    def fits(self, dataset: str, classes: int) -> bool:
        """Whether it speaks of a data set of so many classes."""
        spoken = (*self.selection.conditions, *self.selection.only)
        return self.dataset == dataset and all(label < classes for one in spoken for label in classes_in(one))


class NamedSelections:
    """The file of named selections; it is read anew each time, for another window may have written it.

    Args:
        path: The file; None: its usual place.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.home() / "selections.json"

    def read(self) -> tuple[NamedSelection, ...]:
        """All of them, as they were saved; none where there is no file.

        Raises:
            UserError: For a file that is damaged or cannot be read.
        """
        try:
            return _all_of(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return ()
        except OSError as error:
            text = tr("{path} cannot be read: {reason}.", path=str(self.path), reason=error.strerror or str(error))
            raise UserError(text, tr("Check who may read it.")) from error
        except (ValueError, RecursionError) as error:
            text = tr("The named selections in {path} are damaged.", path=str(self.path))
            raise UserError(text, tr("Mend that file, or give it another name to begin anew.")) from error

    def add(self, named: NamedSelection) -> None:
        """Save one more.

        Raises:
            UserError: Where the name is empty or taken, or the file is damaged or cannot be written.
        """
        kept = self.read()
        if not named.name.strip():
            raise UserError(tr("A selection needs a name."), tr("Type one."))
        if any((one.name, one.dataset) == (named.name, named.dataset) for one in kept):
            text = tr("There is a selection named “{name}” already.", name=named.name)
            raise UserError(text, tr("Choose another name, or delete that one first."))
        self._write((*kept, named))

    def delete(self, name: str, dataset: str) -> None:
        """Forget one; a name that is not there changes nothing.

        Raises:
            UserError: Where the file is damaged or cannot be written.
        """
        self._write(tuple(one for one in self.read() if (one.name, one.dataset) != (name, dataset)))

    def _write(self, all_named: tuple[NamedSelection, ...]) -> None:
        values = {"version": _VERSION, "selections": [_written(one) for one in all_named]}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        write_atomically(self.path, json.dumps(values, ensure_ascii=False, indent=1) + "\n")


def _written(named: NamedSelection) -> dict[str, object]:
    selection = named.selection
    return {
        "name": named.name,
        "dataset": named.dataset,
        "split": selection.split,
        "conditions": [written(one) for one in selection.conditions],
        "only": [written(one) for one in selection.only],
        "order": selection.order,
        "grouped": selection.grouped,
        "watched": selection.watched,
    }


def _all_of(value: object) -> tuple[NamedSelection, ...]:
    match value:
        case {"version": 1, "selections": list(found)}:
            return tuple(_one_of(one) for one in found)
    raise ValueError("not a file of named selections")


def _one_of(value: object) -> NamedSelection:
    if not isinstance(value, Mapping):
        raise ValueError("a named selection is an object")
    name, dataset = value.get("name"), value.get("dataset")
    split, order = value.get("split", "test"), value.get("order", "index")
    grouped, watched = value.get("grouped", False), value.get("watched", False)
    known = split in get_args(Split) and order in get_args(Order)
    if not (isinstance(name, str) and isinstance(dataset, str) and known):
        raise ValueError("a named selection of an unknown kind")
    if not (isinstance(grouped, bool) and isinstance(watched, bool)):
        raise ValueError("true or false is expected")
    looked_at, only = conditions(value.get("conditions", [])), conditions(value.get("only", []))
    return NamedSelection(name, dataset, Selection(split, looked_at, order, watched, only, grouped))
