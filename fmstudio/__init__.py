"""fmstudio: train neural networks by pointing and clicking, and look at what they got wrong."""

import os

__version__ = "0.1.0"

# Before torch loads its OpenMP: its threads wait for one another by spinning, and where another program wants a core
# they spin against it. On two cores, two trainings at once took 21 s each instead of 3; alone, a tenth longer.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
