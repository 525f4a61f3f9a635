"""What the window remembers from one start to the next: language, theme and size."""

from PySide6.QtCore import QByteArray, QSettings

from fmstudio import paths, words


class Preferences:
    """A few values in an INI file below the program's folder."""

    def __init__(self) -> None:
        self._store = QSettings(str(paths.settings_file()), QSettings.Format.IniFormat)

    def keep(self) -> None:
        """Write everything to the disk now."""
        self._store.sync()

    @property
    def language(self) -> str:
        """A key of ``words.LANGUAGES``; the system's, unless one was chosen."""
        return str(self._store.value("language", words.system_language()))

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def theme(self) -> str:
        """``"light"`` or ``"dark"``."""
        return str(self._store.value("theme", "light"))

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def drawer_side(self) -> str:
        """``"right"`` or ``"left"``."""
        return "left" if self._store.value("drawer_side") == "left" else "right"

    @drawer_side.setter
    def drawer_side(self, side: str) -> None:
        self._store.setValue("drawer_side", side)

    @property
    def picture_edge(self) -> int:
        """Edge of the pictures of the wall, in pixels; 50 unless another was chosen."""
        text = str(self._store.value("picture_edge", 50))
        return int(text) if text.isdecimal() else 50

    @picture_edge.setter
    def picture_edge(self, edge: int) -> None:
        self._store.setValue("picture_edge", edge)

    @property
    def runs_layout(self) -> str:
        """How the table of runs is arranged, as it writes it; empty before the first time."""
        return str(self._store.value("runs_layout", ""))

    @runs_layout.setter
    def runs_layout(self, layout: str) -> None:
        self._store.setValue("runs_layout", layout)

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as Qt writes it; empty before the first time."""
        value = self._store.value("geometry", QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)
