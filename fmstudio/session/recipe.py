"""The recipe: the draft that is being edited, with its problems, and with undo and redo of every edit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.fitting import Change, adapted
from fmstudio.experiment.lesson import Lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.problem import InvalidSpecError, Mending, Problem
from fmstudio.schema.setting import Setting
from fmstudio.session.better_mending import better_mended
from fmstudio.session.draft_words import completed, default_of, differences, forced, plain, readable, setting_of
from fmstudio.words import language, marked, tr


@dataclass(frozen=True)
class DeviceOption:
    """A device that can be chosen: its name in a spec, and what a person reads, translated when it is shown."""

    id: str
    label: str


class FoundDevice(Protocol):
    """A device that exists, as ``training.devices`` finds it: its name in a spec, its title, its memory in bytes."""

    @property
    def id(self) -> str: ...  # noqa: D102 - see above
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def memory(self) -> int: ...  # noqa: D102


def device_options(found: Iterable[FoundDevice] = ()) -> tuple[DeviceOption, ...]:
    """What can be chosen: automatic, and each device with its memory; the CPU until it is known what there is."""
    options = [DeviceOption(device.id, _device_label(device)) for device in found]
    return DeviceOption("auto", marked("Automatic")), *(options or [DeviceOption("cpu", marked("CPU"))])


def _device_label(device: FoundDevice) -> str:
    gigabytes = f"{device.memory / 1e9:.0f}"
    return tr("{title} · {count} GB", title=device.title, count=gigabytes) if device.memory else device.title


@dataclass(frozen=True)
class _State:
    """What an undo goes back to."""

    draft: Draft
    lesson: Lesson


class Recipe(QObject):
    """The draft that is being edited. Views show it and call ``set`` or ``change``; they never change it themselves."""

    changed = Signal()
    """The draft, and with it perhaps ``spec``, ``problems``, ``lesson`` and ``note``, is another one."""

    def __init__(self, lesson: Lesson, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._past: list[_State] = []
        self._future: list[_State] = []
        self._typing = ""
        self._devices = device_options()
        self._all_devices_known = False
        self._become(_State(lesson.draft, lesson))

    @property
    def draft(self) -> Draft:
        """The spec as JSON values, complete, but perhaps not valid."""
        return self._state.draft

    @property
    def lesson(self) -> Lesson:
        """The lesson that it started from."""
        return self._state.lesson

    @property
    def spec(self) -> ExperimentSpec | None:
        """What can be run; None while there are problems."""
        return self._spec

    @property
    def readable(self) -> ExperimentSpec | None:
        """The spec, or while there are problems the nearest thing that can be shown: see ``readable``."""
        return self._spec or readable(self.draft)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why it cannot be run, each at its path, in the language that is spoken now."""
        if self._language != language():
            self._become(self._state)
        return self._problems

    @property
    def note(self) -> str:
        """What the last change changed besides what was asked, one translated line; mostly empty."""
        return self._note

    @property
    def devices(self) -> tuple[DeviceOption, ...]:
        """The devices that can be chosen."""
        return self._devices

    def know_devices(self, options: Iterable[DeviceOption]) -> None:
        """Say which devices there are; from now on another one is a problem."""
        options = tuple(options)
        if self._all_devices_known and options == self._devices:
            return
        self._devices, self._all_devices_known = options, True
        self._become(self._state, self._note)
        self.changed.emit()

    def get(self, path: str) -> Any:
        """The value at a path."""
        return drafts.get(self.draft, path)

    def set(self, path: str, value: object) -> None:
        """Change one value, and what goes with it.

        Changing the same one again, as in typing, is the same step of undo until ``settle``.
        """
        self._edit([(path, plain(value))], typing=path)

    def change(self, changes: Iterable[tuple[str, object]]) -> None:
        """Change some values one after the other, and what goes with them, in one step of undo: what a mending does."""
        self._edit([(path, plain(value)) for path, value in changes])

    def take_lesson(self, lesson: Lesson) -> None:
        """Start from a lesson, whatever was changed before."""
        self._go(_State(lesson.draft, lesson))

    def take_draft(self, draft: Draft) -> None:
        """Take the values of a file or of an earlier run; what they leave out takes its default."""
        self._go(_State(completed(draft), self.lesson))

    def settle(self) -> None:
        """The typing in a field has ended: what comes next is another step of undo."""
        self._typing = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._future)

    def undo(self) -> None:
        """Take the last step back."""
        if self._past:
            self._future.append(self._state)
            self._show(self._past.pop())

    def redo(self) -> None:
        """Take the step again that was taken back last."""
        if self._future:
            self._past.append(self._state)
            self._show(self._future.pop())

    def setting_of(self, path: str) -> Setting | None:
        """The setting at a path, in the choices that are made now."""
        return setting_of(self.draft, path)

    def default_of(self, path: str) -> Any:
        """The default at a path as a JSON value; of a kind, the one that a spec has that leaves it out."""
        return default_of(self.draft, path)

    def changed_paths(self) -> tuple[str, ...]:
        """What differs from the lesson's spec; of another kind, only what differs from its defaults."""
        return differences(self.draft, self.lesson.draft)

    def _edit(self, asked: Sequence[Change], typing: str = "") -> None:
        """Change values from where the typing began, so that what went with a value goes with it again."""
        before = self._past[-1] if self._goes_on(typing) else self._state
        changes = adapted(before.draft, asked, before.lesson.draft)
        after = _State(drafts.changed(before.draft, changes), before.lesson)
        self._go(after, typing, forced(before.draft, after.draft, {path for path, _ in asked}))

    def _goes_on(self, typing: str) -> bool:
        """Whether this is more of the typing in one field, and so the same step."""
        return bool(typing) and typing == self._typing and bool(self._past)

    def _go(self, state: _State, typing: str = "", note: str = "") -> None:
        """Take a step, or make the last one longer while the user types in one field."""
        if state == self._state:
            return
        if not self._goes_on(typing):
            self._past.append(self._state)
        elif state == self._past[-1]:
            self._past.pop()
            typing = ""
        self._future.clear()
        self._show(state, typing, note)

    def _show(self, state: _State, typing: str = "", note: str = "") -> None:
        self._typing = typing
        self._become(state, note)
        self.changed.emit()

    def _become(self, state: _State, note: str = "") -> None:
        self._state, self._note, self._language = state, note, language()
        self._spec: ExperimentSpec | None = None
        self._problems: tuple[Problem, ...] = ()
        try:
            self._spec = read_spec(state.draft)
        except InvalidSpecError as error:
            former = [*(one.draft for one in self._past[:-4:-1]), state.lesson.draft]
            self._problems = tuple(better_mended(problem, state.draft, former) for problem in error.problems)
        missing = self._missing_device()
        if missing is not None:
            self._spec, self._problems = None, (*self._problems, missing)

    def _missing_device(self) -> Problem | None:
        """A device that a file asks for and this machine does not have."""
        asked = self.get("device")
        known = [option.id for option in self._devices]
        there = asked in known or (asked == "cuda" and "cuda:0" in known)
        if there or not self._all_devices_known or not isinstance(asked, str):
            return None
        message = tr("there is no “{device}” here; there is: {names}", device=asked, names=", ".join(known))
        return Problem("device", message, Mending(tr("Use the automatic choice"), (("device", "auto"),)))
