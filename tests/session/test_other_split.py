import numpy as np

from fmstudio.session.other_split import of_split
from fmstudio.session.selection import AllOf, AnyOf, Not, Picked, Selection, TrueIs

PICKED = Picked("lasso", np.arange(3))


def test_what_speaks_of_single_pictures_is_left_behind() -> None:
    conditions = (TrueIs(1), PICKED, Not(PICKED), AnyOf((TrueIs(2), AllOf((TrueIs(3), PICKED)))), Not(TrueIs(4)))
    wanted = of_split(Selection("test", conditions, "loss", only=(PICKED, TrueIs(5)), grouped=True), "train")
    assert wanted == Selection("train", (TrueIs(1), Not(TrueIs(4))), "loss", only=(TrueIs(5),), grouped=True)


def test_the_same_split_keeps_all() -> None:
    assert of_split(Selection("test", (PICKED,)), "test") == Selection("test", (PICKED,))
    assert of_split(Selection(watched=True), "test") == Selection("test")
