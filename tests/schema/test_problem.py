"""Problems, in words."""

import pytest

from fmstudio.schema.problem import InvalidSpecError, Problem, near_miss


def test_an_invalid_spec_names_every_problem_with_its_path() -> None:
    error = InvalidSpecError(iter([Problem("epochs", "must be at least 1"), Problem("optimizer.lr", "is odd")]))
    assert str(error) == "epochs: must be at least 1\noptimizer.lr: is odd"
    assert [problem.path for problem in error.problems] == ["epochs", "optimizer.lr"]


@pytest.mark.parametrize(
    ("word", "meant"), [("adm", "adam"), ("adam2", "adam"), ("SGD", "sgd"), ("wat", ""), ("sgb", "sgd"), ("", "")]
)
def test_a_near_miss_is_named(word: str, meant: str) -> None:
    assert near_miss(word, ["sgd", "adam"]) == (f" Did you mean “{meant}”?" if meant else "")
