"""One row of the recipe, and what it is about."""

from dataclasses import dataclass

from fmstudio.schema.setting import Level, Setting
from fmstudio.ui.recipe.form import SettingRow


@dataclass(frozen=True)
class Entry:
    """One row and what it is about.

    Attributes:
        path: In a spec: "optimizer.lr", "optimizer.kind".
        group: Under which heading it stands: a key of a table, or "run".
        level: Whether it is seen at first sight.
        setting: None for a choice.
        row: Title, editor and problem.
    """

    path: str
    group: str
    level: Level
    setting: Setting | None
    row: SettingRow
