"""Reading the specs of a long queue: quickly, because they come from specs that were checked as a whole."""

import json
from collections.abc import Mapping
from typing import Any

from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, VERSION, ExperimentSpec
from fmstudio.schema.choice import Choice, read


class SpecReader:
    """Reads specs of which many have the same choices; each choice is read once."""

    def __init__(self) -> None:
        self._choices: dict[tuple[str, str], Choice] = {}

    def read(self, values: Mapping[str, Any]) -> ExperimentSpec:
        """A spec, each of its values checked; whether its choices fit one another is seen when its run starts.

        Raises:
            InvalidSpecError: Where something in it is wrong.
        """
        version = values.get("version")
        if not {*TABLES, "validation"} <= values.keys() or version != VERSION or isinstance(version, bool):
            return read_spec(values)
        made: dict[str, Choice] = {}
        for key in TABLES:
            found = values[key]
            if not isinstance(found, Mapping) or found.get("kind") not in list(TABLES[key]):
                return read_spec(values)
            made[key] = self._choice(key, found)
        plain = read(ExperimentSpec, {key: value for key, value in values.items() if key not in TABLES})
        return plain.model_copy(update=made)

    def _choice(self, key: str, values: Mapping[str, Any]) -> Choice:
        name = key, json.dumps(values)
        if name not in self._choices:
            rest = {setting: value for setting, value in values.items() if setting != "kind"}
            self._choices[name] = read(TABLES[key][values["kind"]], rest, key)
        return self._choices[name]
