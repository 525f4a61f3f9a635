"""What this machine has and what it lacks, for ``fmstudio doctor``."""

import os
from collections.abc import Mapping
from pathlib import Path

from fmstudio.cli.output import table
from fmstudio.cli.surroundings import load, window_findings
from fmstudio.machine import examination
from fmstudio.machine.examination import Examination, examination_rows, finding_lines


def examine(library: Path | None = None, environment: Mapping[str, str] = os.environ) -> Examination:
    """Look at everything; takes some seconds, because torch is loaded and the data are read.

    Args:
        library: The folder that holds the runs; None for the user's.
        environment: The environment variables.
    """
    return examination.examine(load, library, window_findings(environment))


def examination_text(found: Examination) -> str:
    """What was found, for a reader."""
    return "\n".join([table(examination_rows(found)), "", *finding_lines(found)])
