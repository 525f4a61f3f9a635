"""Whatever goes wrong on the command line is a sentence, and the exit status says of what kind it is."""

import pytest

from fmstudio.cli import output
from fmstudio.cli.output import FAILED, LACKING, attempt


def test_without_a_folder_for_temporary_files_the_remedy_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp', '/var/tmp']")

    assert attempt(work) == LACKING
    assert "Set TMPDIR to one that can be written." in capsys.readouterr().err


def test_another_file_that_is_missing_is_a_fault_of_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_fault", lambda error: "A fault.")  # it would write the log of all tests from then on

    def work() -> int:
        raise FileNotFoundError(2, "No such file or directory", "mystery.txt")

    assert attempt(work) == FAILED
    assert capsys.readouterr().err == "A fault.\n"
