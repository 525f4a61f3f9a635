"""Takes values out of JSON that a person wrote, and notes everything that is wrong with them, each at its place."""

from collections.abc import Collection, Mapping

from fmstudio.schema.choice import joined
from fmstudio.schema.problem import InvalidSpecError, Problem, near_miss
from fmstudio.words import tr

Values = Mapping[str, object]

_LARGEST = 1e12


class StrictReader:
    """Every method gives a value of the right type; of a wrong one it notes the problem and gives an empty one."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, message))

    def finish(self) -> None:
        """End the reading.

        Raises:
            InvalidSpecError: With all problems, where there are any.
        """
        if self.problems:
            raise InvalidSpecError(self.problems)

    def parts(self, value: object, place: str, needed: Collection[str], allowed: Collection[str] = ()) -> Values:
        """The parts of an object: those that are needed, and no others than those allowed."""
        if not isinstance(value, Mapping):
            names = ", ".join(f"“{name}”" for name in (*needed, *allowed))
            self.wrong(place, tr("must be an object in braces, with {names}", names=names))
            return {}
        known = {*needed, *allowed}
        for name in value:
            if name not in known:
                self.wrong(joined(place, name), tr("there is no such part.") + near_miss(name, known))
        for name in needed:
            if name not in value:
                self.wrong(joined(place, name), tr("is missing"))
        return {name: part for name, part in value.items() if name in known}

    def items(self, value: object, place: str) -> list[tuple[object, str]]:
        """The items of a list, each with its place; a part that is left out is an empty list."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(place, tr("must be a list in square brackets"))
            return []
        return [(item, f"{place}[{index}]") for index, item in enumerate(value)]

    def text(self, value: object, place: str, most: int, *, lines: bool = False) -> str:
        """A text that is not empty.

        Args:
            value: The JSON value.
            place: Where it stands.
            most: Letters at most.
            lines: Whether it may have several lines.
        """
        if not isinstance(value, str):
            self.wrong(place, tr("must be a text in quotes"))
            return ""
        if not value.strip():
            self.wrong(place, tr("must not be empty"))
        elif len(value) > most:
            self.wrong(place, tr("is too long: {count} letters, at most {most}", count=f"{len(value):,}", most=most))
        elif not lines and "\n" in value:
            self.wrong(place, tr("must be a single line"))
        elif any((letter < " " and letter not in "\n\t") or "\ud800" <= letter <= "\udfff" for letter in value):
            self.wrong(place, tr("has a character that cannot be shown"))
        return value

    def whole(self, value: object, place: str, least: int, most: int) -> int:
        """A whole number."""
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            text = tr("must be a whole number from {least} to {most}", least=f"{least:,}", most=f"{most:,}")
            self.wrong(place, text)
            return least
        return value

    def number(self, value: object, place: str) -> float:
        """A finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
            self.wrong(place, tr("must be a number, with a point: 0.001"))
            return 0.0
        return float(value)

    def option(self, value: object, place: str, options: Collection[str]) -> str:
        """One of some words."""
        if not isinstance(value, str) or value not in options:
            hint = near_miss(value, options) if isinstance(value, str) else ""
            message = tr("must be one of: {options}", options=", ".join(options))
            self.wrong(place, f"{message}.{hint}" if hint else message)
            return ""
        return value
