"""Runs before the program where the bundled torchvision's compiled part does not fit the bundled torch.

Torchvision's networks need nothing of that part, yet importing it asks for the schemas of two of its operators. They
are declared at the moment in which torchvision is imported, and not before: torch takes a second to load.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

BOXES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
KEPT: list[Any] = []
"""What declares operators: they vanish with it."""


class BeforeTorchvision(MetaPathFinder):
    """Finds nothing; declares the operators when torchvision is looked for, once."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Leave the search to those that come after."""
        if fullname == "torchvision":
            sys.meta_path.remove(self)
            declare()
        return None


def declare() -> None:
    """Declare the two operators that torchvision asks for as it is imported."""
    library = importlib.import_module("torch").library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}{BOXES}")
    KEPT.append(library)


sys.meta_path.insert(0, BeforeTorchvision())
