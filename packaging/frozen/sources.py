"""Runs before the program: says of the bundle's loader that it can tell the source of a module, which it can.

The program writes its own functions into exported scripts, and asks a loader for their source only where it is one that
has such a thing by the words of the standard library.
"""

from importlib.abc import InspectLoader

from pyimod02_importers import PyiFrozenLoader  # type: ignore[import-not-found, unused-ignore]

InspectLoader.register(PyiFrozenLoader)
