from fmstudio.runs.summary import RunSummary
from fmstudio.session.network_size import learned_numbers
from tests.run_rows import run_row


def test_the_numbers_that_a_network_learns_are_counted() -> None:
    assert learned_numbers(run_row("a")) == 32_998
    assert learned_numbers(run_row("b", ("architecture.kind", "softmax-regression"))) == 7850


def test_what_cannot_be_read_is_not_counted() -> None:
    assert learned_numbers(RunSummary(id="a", folder="")) is None
    assert learned_numbers(RunSummary(id="a", folder="", spec={"architecture": {"kind": "of-tomorrow"}})) is None
    assert learned_numbers(RunSummary(id="a", folder="", spec={"architecture": [[1]]})) is None
