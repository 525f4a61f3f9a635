"""Working through doubtful labels: every decision is on the disk at once, and can be taken back."""

from pathlib import Path

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fmstudio.catalog.datasets import FashionMnist
from fmstudio.data.corrections import Decision
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.insight.data_check import Suspect
from fmstudio.session.review import MARK, Review, ReviewListModel

WHOLE = load_images("fashion-mnist")
QUEUE = (
    Suspect("train", 3, int(WHOLE.train.labels[3]), 6, 0.9, ("disagrees",)),
    Suspect("test", 5, int(WHOLE.test.labels[5]), -1, 0.0, ("black",)),
    Suspect("train", 8, int(WHOLE.train.labels[8]), 2, 0.7, ("disagrees",)),
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "run" / "corrections.csv"


@pytest.fixture
def review(table: Path) -> Review:
    made = Review()
    made.open(table, WHOLE)
    made.show_queue(QUEUE)
    return made


def lines(table: Path) -> list[str]:
    return table.read_text(encoding="utf-8").splitlines()[1:]


def test_every_decision_is_written_at_once_and_leads_to_the_next(review: Review, table: Path) -> None:
    assert not table.exists()
    review.keep()
    assert lines(table) == [f"train,3,{QUEUE[0].label},{QUEUE[0].label},right"]
    assert review.current == QUEUE[1]
    review.leave_out()
    assert lines(table)[1] == f"test,5,{QUEUE[1].label},,exclude"
    review.take_suggestion()
    assert lines(table)[2] == f"train,8,{QUEUE[2].label},2,relabel"
    assert (review.reviewed, review.corrected, review.left_out) == (3, 1, 1)
    assert review.current == QUEUE[2], "where nothing is left one stays"


def test_decisions_are_taken_back_one_by_one(review: Review, table: Path) -> None:
    review.keep()
    review.go(0)
    review.relabel(4)
    assert review.decisions["train", 3].corrected == 4
    review.undo()
    assert review.current == QUEUE[0]
    assert review.decisions["train", 3].verdict == "right"
    assert lines(table) == [f"train,3,{QUEUE[0].label},{QUEUE[0].label},right"]
    review.undo()
    assert review.decisions == {}
    assert lines(table) == []
    assert not review.can_undo
    review.undo()


def test_nothing_is_taken_where_nothing_is_suggested(review: Review) -> None:
    review.go(1)
    review.take_suggestion()
    review.relabel(10)
    review.relabel(-1)
    assert review.decisions == {}
    assert review.place == 1


def test_it_goes_on_where_it_was(review: Review, table: Path) -> None:
    review.keep()
    review.leave_out()
    again = Review()
    again.open(table, WHOLE)
    again.show_queue(QUEUE)
    assert again.decisions == review.decisions
    assert again.current == QUEUE[2]
    assert not again.can_undo


def test_the_picture_stays_when_the_queue_grows(review: Review) -> None:
    review.go(2)
    review.show_queue((Suspect("train", 99, 0), *QUEUE))
    assert review.current == QUEUE[2]
    review.show_queue(())
    assert review.current is None
    for command in (review.keep, review.leave_out, review.take_suggestion, review.undo):
        command()
    assert review.decisions == {}
    review.go(5)
    assert review.place == 0


def test_the_recipe_gets_what_was_decided_and_keeps_the_rest(review: Review) -> None:
    review.relabel(6)
    review.leave_out()
    review.keep()
    dataset = FashionMnist(corrections=(("train", 8, 1), ("test", 9, 9)), exclude=(("train", 3),))
    corrected_before = review.changes(dataset)
    assert corrected_before == (
        ("dataset.corrections", (("test", 9, 9), ("train", 3, 6))),
        ("dataset.exclude", (("test", 5),)),
    )


def test_a_label_that_a_spec_corrected_stays_corrected_when_it_is_right(table: Path) -> None:
    review, label = Review(), (int(WHOLE.train.labels[3]) + 1) % 10
    review.open(table, WHOLE)
    review.show_queue([Suspect("train", 3, label, 0)])
    review.keep()
    assert review.decisions["train", 3] == Decision("train", 3, int(WHOLE.train.labels[3]), label)


@pytest.mark.parametrize(
    "content", [b"split,index\n", b"split,index,label,corrected,decision\ntrain,x,1,1,right\n", b"\xff"]
)
def test_a_table_that_cannot_be_read_is_kept_under_another_name(table: Path, qtbot: QtBot, content: bytes) -> None:
    table.parent.mkdir()
    for number, name in enumerate(("corrections-unread.csv", "corrections-unread-2.csv")):
        table.write_bytes(content)
        review = Review()
        with qtbot.waitSignal(review.failed, timeout=0) as told:
            review.open(table, WHOLE)
        error = told.args[0]
        assert isinstance(error, UserError)
        assert name in error.hint
        assert (table.parent / name).read_bytes() == content
        review.show_queue(QUEUE)
        review.keep()
        assert len(lines(table)) == 1
        table.unlink()
        assert number in (0, 1)


def test_a_table_that_cannot_be_written_is_told_and_nothing_is_lost(review: Review, table: Path, qtbot: QtBot) -> None:
    table.parent.write_text("in the way")
    with qtbot.waitSignal(review.failed, timeout=0) as told:
        review.keep()
    assert "cannot be written" in told.args[0].message
    assert review.reviewed == 1
    table.parent.unlink()
    review.keep()
    assert len(lines(table)) == 2


def test_the_list_says_what_was_decided(review: Review, qtmodeltester: ModelTester) -> None:
    model = ReviewListModel(review)
    qtmodeltester.check(model)
    model.name_classes(WHOLE.short_classes)
    review.show_queue(QUEUE[::-1])
    assert model.rowCount() == 3
    name = WHOLE.short_classes[QUEUE[0].label]
    last = model.index(2, 0)
    assert last.data() == f"{name} → Shirt? · training 3"
    assert last.data(MARK) == ""
    review.go(2)
    review.relabel(0)
    assert (last.data(), last.data(MARK)) == (f"{name} → T-shirt · training 3", "→")
    review.go(2)
    review.leave_out()
    assert (last.data(), last.data(MARK)) == (f"{name} · training 3", "✕")
    assert model.index(1, 0).data() == f"{WHOLE.short_classes[QUEUE[1].label]} · test 5"
