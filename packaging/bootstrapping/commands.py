"""The two commands: ``run`` and ``test``."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrapping import checks, environment, screen, system
from bootstrapping.environment import Checkout
from bootstrapping.running import clean_environment, hand_over
from bootstrapping.words import SetupError, say

USAGE = """usage: python3 packaging/bootstrap.py run [arguments of fmstudio]
       python3 packaging/bootstrap.py test [arguments of pytest]

run   sets everything up and opens fmstudio; without a display it performs its demo and saves the pictures
test  sets everything up and runs all checks and tests
"""

OS_REMEDY = "Look whether the disk is full and whether you may write there, then run the same command again."


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; whatever goes wrong is one sentence and the remedy."""
    command = arguments[0] if arguments else ""
    checkout = Checkout(Path(__file__).resolve().parents[2])
    try:
        if command == "run":
            return run(checkout, arguments[1:], os.environ)
        if command == "test":
            return test(checkout, arguments[1:])
    except SetupError as error:
        print(f"\nfmstudio: {error.message} {error.remedy}", file=sys.stderr, flush=True)
        return error.status
    except OSError as error:
        print(f"\nfmstudio: {error.filename}: {error.strerror}. {OS_REMEDY}", file=sys.stderr, flush=True)
        return 3
    except KeyboardInterrupt:
        print("\nfmstudio: stopped; run the same command again to go on where it was.", file=sys.stderr, flush=True)
        return 130
    print(USAGE, end="", file=sys.stdout if command in {"-h", "--help"} else sys.stderr)
    return 0 if command in {"-h", "--help"} else 2


def run(checkout: Checkout, arguments: Sequence[str], surroundings: Mapping[str, str]) -> int:
    """Open the program; where there is no display, let it perform its demo on a virtual screen."""
    shown = screen.display_answers(surroundings)
    demo = not shown and opens_first_run(arguments)
    if demo:
        say("there is no display here, so the program performs its demo on a virtual screen")
        system.ensure_libraries(x11=True, xvfb=True)
    elif shown and (opens_first_run(arguments) or arguments[0] == "open"):
        system.ensure_libraries(x11=not screen.wayland_answers(surroundings), xvfb=False)
    environment.prepare(checkout, dev=False)
    if demo:
        return perform_demo(checkout, arguments)
    return hand_over([str(checkout.python), "-P", "-m", "fmstudio", *arguments], clean_environment())


def opens_first_run(arguments: Sequence[str]) -> bool:
    """Whether fmstudio, given these arguments, opens its window as it is at the start."""
    return not arguments or (arguments[0].startswith("-") and arguments[0] not in {"-h", "--help", "--version"})


def perform_demo(checkout: Checkout, arguments: Sequence[str]) -> int:
    """Perform the demo on a virtual screen, and say where its pictures are."""
    pictures = checkout.root / "build" / "demo"
    extra = [] if "--demo" in arguments else ["--demo"]
    if not any(argument == "--out" or argument.startswith("--out=") for argument in arguments):
        extra += ["--out", str(pictures)]
        pictures.mkdir(parents=True, exist_ok=True)
    with screen.virtual_screen() as display:
        command = [str(checkout.python), "-P", "-m", "fmstudio", *arguments, *extra]
        status = hand_over(command, screen.on_virtual_screen(clean_environment(), display))
    if status == 0 and "--out" in extra:
        say(f"the pictures are in {pictures}")
    return status


def test(checkout: Checkout, arguments: Sequence[str]) -> int:
    """Run all checks and tests; those in a real X server use a virtual screen."""
    system.ensure_libraries(x11=True, xvfb=True)
    environment.prepare(checkout, dev=True)
    return checks.run_all(checkout.python, checkout.root, arguments)
