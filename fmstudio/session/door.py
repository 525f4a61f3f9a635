"""The torch door: the one place through which the window's side loads what needs torch, by name."""

import importlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QThread, Signal

from fmstudio.errors import UserError

STACK_BYTES = 16 * 1024 * 1024
"""macOS gives a thread 512 KB, which torch overruns."""


def load(name: str) -> Any:
    """A function or class by its full name, importing its module and so perhaps torch: never call it before paint."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


class Task(QThread):
    """A function in the background, ending with ``ended``, when it holds either a result or an error.

    Args:
        work: What is computed; must not touch widgets.
        then: What its owner does with the result; ``otherwise`` with an expected failure; ``after`` in either case,
            before both.
    """

    ended = Signal(object)

    def __init__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object] | None = None,
        after: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__()
        self._work = work
        self.then, self.otherwise, self.after = then, otherwise, after
        self.result: Any = None
        self.error: Exception | None = None
        self.setStackSize(STACK_BYTES)

    def run(self) -> None:
        """Compute, in the thread."""
        try:
            self.result = self._work()
        except Exception as error:  # noqa: BLE001 — the one runner of background tasks: its owner shows the error
            self.error = error
        self.ended.emit(self)
