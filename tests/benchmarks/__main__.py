"""All figures of the program: ``python -m tests.benchmarks [--pairs 5]``. Printed, never asserted."""

import argparse
import os
import subprocess
import sys

from tests.benchmarks import inspecting, library, matrix, overlay, runs, training_speed

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="how often plain script and ours are compared")
    asked = parser.parse_args()
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    subprocess.run(
        [sys.executable, str(training_speed.HERE / "window.py")], cwd=training_speed.HERE.parents[1], check=True
    )
    for figures in (inspecting, matrix, runs, library, overlay):
        subprocess.run([sys.executable, "-m", figures.__name__], cwd=training_speed.HERE.parents[1], check=True)
    training_speed.main(asked.pairs)
