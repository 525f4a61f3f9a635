"""The commands ``fmstudio find-rate`` and ``fmstudio preflight`` as they are typed. Neither torch nor Qt is loaded."""

from fmstudio.cli.input import spec_named
from fmstudio.cli.interruption import interruptible
from fmstudio.cli.options import Assignments, Json, Library, SpecName
from fmstudio.cli.output import guarded
from fmstudio.cli.surroundings import load
from fmstudio.training.control import Control
from fmstudio.words import marked

FIND_RATE_HELP = marked("Look for a learning rate. It grows with every step, and one looks where the loss falls.")
PREFLIGHT_HELP = marked("Say how long a run would take. Some batches are measured on every device that exists.")


@guarded
def find_rate(
    name: SpecName,
    assignments: Assignments = None,
    as_json: Json = False,
    library: Library = None,
) -> int:
    """Print rates with their losses, and which to take."""
    spec, control = spec_named(name, assignments or ()), Control()
    with interruptible(control):
        status: int = load("fmstudio.cli.before_run.print_rates")(spec, control, library, as_json=as_json)
    return status


@guarded
def preflight(
    name: SpecName,
    assignments: Assignments = None,
    as_json: Json = False,
    library: Library = None,
) -> int:
    """Print time, memory and the largest safe batch of every device."""
    spec, control = spec_named(name, assignments or ()), Control()
    with interruptible(control):
        status: int = load("fmstudio.cli.before_run.print_outlook")(spec, control, library, as_json=as_json)
    return status
