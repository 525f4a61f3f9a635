"""Where the bundle begins: the program, and the processes that it starts of itself."""

import multiprocessing
import sys

from fmstudio.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
