"""What the first paint need not wait for: the other pages, the drawer, the queue, and who does what is asked there."""

import gc
from functools import partial

from fmstudio.data.library import ImageData, load_images
from fmstudio.experiment.lessons import lesson_problems
from fmstudio.session.door import load
from fmstudio.session.exporter import Exporter
from fmstudio.session.label_check import LabelCheck
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.words import queue_words
from fmstudio.session.run_list import RunList
from fmstudio.session.training_answers import TrainingAnswers
from fmstudio.ui.compare.compare_page import ComparePage
from fmstudio.ui.connections import connect_curves, connect_drawer, connect_shell, say_saved
from fmstudio.ui.curator import Curator
from fmstudio.ui.data_page import DataPage
from fmstudio.ui.drawer_contents import DrawerContents
from fmstudio.ui.drops import Drops
from fmstudio.ui.guide import Guide
from fmstudio.ui.inspector import Inspector
from fmstudio.ui.keeper import Keeper
from fmstudio.ui.learning_page import LearningPage
from fmstudio.ui.main_window import MainWindow
from fmstudio.ui.network_page import NetworkPage
from fmstudio.ui.planner import Planner


def engage(window: MainWindow) -> None:
    """Make what lives as long as the window: the runs on the disk, the queue, the exports, what is dropped on it."""
    session = window.session
    window.training_answers = TrainingAnswers(session, window.inspection, window.examiner, window)
    window.label_check = LabelCheck(session, window)
    window.run_list = RunList(session, window)
    window.queue = Queue(session, window)
    window.exporter = Exporter(session, window)
    window.keeper = Keeper(window, window)
    session.run_ended.connect(window.run_list.refresh)
    window.run_list.changed.connect(window.keeper.offer)
    window.run_list.described.connect(window.presenter.rename)
    window.exporter.saved.connect(partial(say_saved, window))
    window.queue.entry_ended.connect(window.run_list.refresh)
    for changed in (window.queue.changed, window.queue.moved):
        changed.connect(partial(_show_queue, window))
    Drops(window).dropped.connect(window.open_paths)


def furnish(window: MainWindow) -> None:
    """Make what belongs to one shell, and connect it: the other pages, the drawer's contents, those who serve them."""
    shell, inspection = window.shell, window.inspection
    shell.place_pages(DataPage(), NetworkPage(), LearningPage(), ComparePage())
    window.contents = DrawerContents(shell.drawer, shell.results_page.pictures, inspection, window.examiner)
    window.guide = Guide(window.contents, window.recipe, window.session, inspection)
    window.inspector = Inspector(window)
    window.planner = Planner(window)
    window.curator = Curator(window)
    window.presenter.goals_checked.connect(window.contents.show_goals)
    inspection.changed.connect(window.contents.refresh)
    connect_shell(window)
    connect_drawer(window)
    if inspection.data is not None:
        shell.data_page.show_data(load_images(inspection.data.kind))
    window.presenter.show_recipe()
    _show_queue(window)


def go_on(window: MainWindow) -> None:
    """Go on with the start, once the window is whole: the curves, the data, and then torch."""
    gc.enable()
    for problem in lesson_problems():
        window.complain(problem)
    place_curves(window)
    window.session.in_background(partial(load_images, "fashion-mnist"), partial(_show_data, window))


def place_curves(window: MainWindow) -> None:
    """Load the library of the curves, which takes a while, and put them into their place."""
    curves = load("fmstudio.ui.curves_panel.CurvesPanel")()
    connect_curves(window, curves)
    window.shell.results_page.place_curves(curves)


def _show_data(window: MainWindow, data: ImageData) -> None:
    window.inspection.show_data(data)
    window.shell.data_page.show_data(data)
    window.presenter.show_data()
    window.session.warm_up()
    window.run_list.refresh()
    window.run_list.sweep()
    window.planner.offer_waiting()


def _show_queue(window: MainWindow, *_: object) -> None:
    window.shell.status.show_queue(queue_words(window.queue))
