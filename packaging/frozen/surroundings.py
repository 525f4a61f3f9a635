"""Runs before the program: what we start ourselves (a file manager, a browser) must not load the bundle's libraries.

The bundle's starter points the system's loader to its own libraries, which has been read by now. A program of the
system that inherited it would load ours in the place of its own, and fail.
"""

import os


def restore(name: str) -> None:
    """Give a variable back the value that it had before the bundle was started."""
    before = os.environ.pop(f"{name}_ORIG", None)
    if before:
        os.environ[name] = before
    else:
        os.environ.pop(name, None)


restore("LD_LIBRARY_PATH")
