"""A window in a process of its own that trains: ``python leaving_window.py LIBRARY``; says "training" when it does."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from fmstudio.session.session import State
from fmstudio.ui import application
from fmstudio.ui.main_window import MainWindow


def look() -> None:
    """Train as soon as that can be done, and say so once steps are taken."""
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    session = window.session
    if session.ready and session.state is State.IDLE and window.inspection.data is not None:
        window.recipe.change([("epochs", 100), ("save_every", 3600)])
        window.train()
    if session.state is State.RUNNING and session.run.step > 5:
        timer.stop()
        print("training", flush=True)


timer = QTimer(interval=100)
timer.timeout.connect(look)
application.make_application()
timer.start()
sys.exit(application.run(library=Path(sys.argv[1])))
