#!/usr/bin/env python3
"""Set fmstudio up on a fresh machine, and open it or test it. Needs nothing but Python.

    python3 packaging/bootstrap.py run [arguments of fmstudio]
    python3 packaging/bootstrap.py test [arguments of pytest]

This file must parse on any Python 3.6, to say which one is needed; the work is done in ``bootstrapping/``.
"""

import shutil
import sys

OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.14", "python3.11")


def too_old(version: "tuple[int, int]") -> str:
    """One sentence and the remedy where this Python is too old, else nothing."""
    if version >= OLDEST:
        return ""
    found = [name for name in NEWER if shutil.which(name)]
    remedy = (
        f"Type: {found[0]} packaging/bootstrap.py {' '.join(sys.argv[1:])}".rstrip()
        if found
        else "Install a newer Python (3.12 is a good choice) and start this script with it."
    )
    return f"fmstudio needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}. {remedy}"


def main() -> int:
    """Refuse a Python that is too old; else hand over."""
    sentence = too_old((sys.version_info[0], sys.version_info[1]))
    if sentence:
        print(sentence, file=sys.stderr)
        return 3
    from bootstrapping import commands  # only now: it does not parse on an old Python

    return commands.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
