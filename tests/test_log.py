"""The log files and the report of a bug."""

import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from fmstudio import __version__, log, paths


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Take the handlers of a test away after it."""
    root, level = logging.getLogger(), logging.getLogger("fmstudio").level
    before = list(root.handlers)
    yield
    logging.captureWarnings(False)
    logging.getLogger("fmstudio").setLevel(level)
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


def written() -> str:
    return (paths.logs() / "fmstudio.log").read_text(encoding="utf-8")


def test_lines_carry_time_level_and_module() -> None:
    assert log.start_logging() == paths.logs() / "fmstudio.log"
    logging.getLogger("fmstudio.somewhere").info("sixty %s", "pictures")
    last = written().splitlines()[-1]
    assert last[:4].isdigit()
    assert last.endswith("INFO     fmstudio.somewhere: sixty pictures")
    assert f"fmstudio {__version__}" in written()


def test_what_other_libraries_warn_of_is_kept_and_their_chatter_is_not() -> None:
    log.start_logging()
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("careful")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("old-fashioned", UserWarning, stacklevel=1)
    assert "careful" in written()
    assert "old-fashioned" in written()
    assert "chatter" not in written()


def test_starting_twice_writes_each_line_once() -> None:
    assert log.start_logging() == log.start_logging()
    logging.getLogger("fmstudio").info("only once")
    assert written().count("only once") == 1


def test_three_small_files_are_all_that_is_ever_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_BYTES", 2000)
    log.start_logging()
    for number in range(500):
        logging.getLogger("fmstudio").info("line %04d", number)
    files = sorted(path.name for path in paths.logs().iterdir())
    assert files == ["fmstudio.log", "fmstudio.log.1", "fmstudio.log.2"]
    assert all(path.stat().st_size <= 2000 for path in paths.logs().iterdir())
    assert "line 0499" in written()


def test_a_full_file_that_cannot_be_renamed_grows_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "another process holds it")

    monkeypatch.setattr(log, "_BYTES", 300)
    log.start_logging()
    monkeypatch.setattr("os.rename", refuse)
    for number in range(20):
        logging.getLogger("fmstudio").info("line %04d", number)
    assert "line 0000" in written()
    assert "line 0019" in written()


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(capfd: pytest.CaptureFixture[str]) -> None:
    paths.home().write_text("a file in the place of the folder", encoding="utf-8")
    assert log.start_logging() is None
    logging.getLogger("fmstudio").error("into nothing")
    assert capfd.readouterr() == ("", "")


def test_a_disk_that_fails_later_is_no_reason_to_fail(capfd: pytest.CaptureFixture[str]) -> None:
    log.start_logging()

    class Full:
        def __getattr__(self, name: str) -> object:
            raise OSError(28, "No space left on device")

    handler = next(handler for handler in logging.getLogger().handlers if isinstance(handler, log._LogFile))
    stream, handler.stream = handler.stream, Full()  # type: ignore[assignment]
    logging.getLogger("fmstudio").error("into nothing")
    handler.stream = stream
    assert capfd.readouterr() == ("", "")


def test_text_that_no_file_can_hold_is_written_all_the_same() -> None:
    log.start_logging()
    logging.getLogger("fmstudio").info("name \udcff of a file")
    assert "name \\udcff of a file" in written()


def test_a_report_names_versions_and_the_whole_traceback() -> None:
    try:
        try:
            {}["missing"]
        except KeyError as error:
            raise RuntimeError("could not be shown") from error
    except RuntimeError as error:
        text = log.report(error)
    assert f"fmstudio {__version__}" in text
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in text
    assert "numpy " in text
    assert "KeyError: 'missing'" in text
    assert "RuntimeError: could not be shown" in text
    assert "test_a_report_names_versions" in text


def test_a_report_says_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_PACKAGES", ("no-such-package-anywhere",))
    assert "no-such-package-anywhere not installed" in log.report(ValueError("x"))


def test_an_error_that_cannot_even_be_printed_is_reported() -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    assert "BrokenError" in log.report(BrokenError())
