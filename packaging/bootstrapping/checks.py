"""All checks of the project, one after the other, each reported, pytest last."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bootstrapping.running import clean_environment, hand_over
from bootstrapping.words import say

CHECKS: Mapping[str, Sequence[str]] = {
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "ruff check": ["-m", "ruff", "check", "."],
    "mypy": ["-m", "mypy"],
    "import contracts": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
}
"""What each is called, and the arguments of Python that start it."""

Start = Callable[[Sequence[str], Mapping[str, str], Path], int]


def run_all(python: Path, root: Path, arguments: Sequence[str], start: Start = hand_over) -> int:
    """Run every check, then pytest, whatever failed before; not zero if any failed.

    Args:
        python: The interpreter that has the tools.
        root: The checkout.
        arguments: Passed on to pytest.
        start: Runs a command in a folder.
    """
    environment = clean_environment()
    failed = []
    for name, command in CHECKS.items():
        say(name)
        if start([str(python), *command], environment, root) != 0:
            failed.append(name)
    say("pytest")
    status = start([str(python), "-m", "pytest", *arguments], environment, root)
    if failed:
        say(f"failed besides the tests: {', '.join(failed)}")
    return status or (1 if failed else 0)
