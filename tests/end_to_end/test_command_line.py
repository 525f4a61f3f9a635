"""The command line as a process of its own, as scripts and terminals start it."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fmstudio.data.library import load_images

SMALL = ["--set", "dataset.train_size=600", "--set", "dataset.test_size=200"]
LONG = ["train", "cnn", *SMALL, "--set", "epochs=100000"]
PROGRAM = [sys.executable, "-m", "fmstudio"]
NO_QT = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
"""


def fmstudio(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | environment
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], env=surroundings, capture_output=True, text=True, timeout=120, check=False
    )


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)


def events_of(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdout is not None
    return (json.loads(line) for line in process.stdout)


def started(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """A program that goes on while the test does something to it."""
    command = [*PROGRAM, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def last_event(library: Path) -> dict[str, Any]:
    (folder,) = library.iterdir()
    assert (folder / "weights.safetensors").is_file()
    event: dict[str, Any] = json.loads((folder / "events.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    return event


def test_a_spec_goes_the_whole_way(tmp_path: Path) -> None:
    spec, library, picture = tmp_path / "spec.json", tmp_path / "runs", tmp_path / "picture.png"
    spec.write_text(fmstudio("spec", "cnn", *SMALL, "--set", "epochs=1").stdout, encoding="utf-8")
    trained = fmstudio("train", spec, "--json", "--library", library)
    assert (trained.returncode, trained.stderr) == (0, "")
    events = [json.loads(line) for line in trained.stdout.splitlines()]
    run = events[0]["run"]
    assert json.loads(fmstudio("runs", "--json", "--library", library).stdout)[0]["run"] == run
    evaluated = json.loads(fmstudio("evaluate", run, "--json", "--library", library).stdout)
    assert evaluated["accuracy"] == [event for event in events if event["event"] == "EpochEnded"][-1]["test_accuracy"]
    assert np.array(evaluated["confusion"]).sum() == 200
    Image.fromarray(load_images("fashion-mnist").test.images[0]).save(picture)
    (predicted,) = json.loads(fmstudio("predict", run, picture, "--json", "--library", library).stdout)
    assert sum(predicted["probabilities"].values()) == pytest.approx(1)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_and_keeps(number: signal.Signals, tmp_path: Path) -> None:
    with started(*LONG, "--json", "--library", tmp_path) as process:
        events = events_of(process)
        assert any(event["event"] == "EpochEnded" and event["epoch"] == 2 for event in events)
        process.send_signal(number)
        last = list(events)[-1]
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert (process.returncode, last["event"], last["status"]) == (130, "RunEnded", "stopped")
    assert last_event(tmp_path) == last
    assert re.fullmatch(r"Stopping; what was learned is kept\. Ctrl-C once more ends it at once\.\n", said)


def test_a_reader_who_goes_stops_the_run_and_keeps_it(tmp_path: Path) -> None:
    with started(*LONG, "--json", "--library", tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(3):
            process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert last_event(tmp_path)["status"] == "stopped"


@pytest.mark.skipif(os.name == "nt", reason="the pipe of a POSIX shell")
def test_a_list_whose_reader_goes_ends_silently() -> None:
    line = f"{sys.executable} -m fmstudio catalog | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() in {"0", "1"}
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_a_terminal_shows_a_bar_and_the_epochs(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*PROGRAM, "train", "cnn", *SMALL, "--library", str(tmp_path)]
    surroundings = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=surroundings) as process:
        os.close(theirs)
        text = _read_to_the_end(ours)
    os.close(ours)
    assert process.returncode == 0
    assert "━" in text
    assert "Epoch 2 of 2 · loss" in text
    assert "Mixed up most" in text or "test pictures right." in text
    assert "Traceback" not in text


def _read_to_the_end(terminal: int) -> str:
    content, deadline = b"", time.monotonic() + 100
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 1)
        try:
            piece = os.read(terminal, 65536) if ready else None
        except OSError:  # Linux says so when the last program has closed the other side
            break
        if piece == b"":
            break
        content += piece or b""
    return content.decode()


@pytest.mark.parametrize("command", ["spec", "catalog", "lessons", "runs"])
def test_choosing_loads_neither_torch_nor_qt(command: str) -> None:
    heavy = "sorted({'torch', 'torchvision', 'PySide6', 'pyqtgraph'} & set(sys.modules))"
    done = python(
        f"import sys\nfrom fmstudio.cli.app import app\napp(['{command}'], standalone_mode=False)\nprint({heavy})"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[]"


def test_training_works_without_qt(tmp_path: Path) -> None:
    arguments = ["train", "cnn", *SMALL, "--set", "epochs=1", "--json", "--library", str(tmp_path)]
    done = python(f"{NO_QT}\nfrom fmstudio.cli.app import main\nsys.exit(main({arguments!r}))")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[-1])["status"] == "finished"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
@pytest.mark.parametrize("arguments", [(), ("--demo",), ("open", "spec.json")])
def test_without_a_display_there_is_a_sentence_and_status_3(arguments: tuple[str, ...]) -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = fmstudio(*arguments, **nowhere)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("There is no display here to open a window on.")
    assert len(done.stderr.splitlines()) == 1
    gone = fmstudio(*arguments, **nowhere | {"DISPLAY": ":987"})
    assert gone.returncode == 3
    assert gone.stderr.startswith("The display “:987” does not answer.")


def test_without_qt_the_window_is_refused_in_a_sentence() -> None:
    hidden = "import importlib.util\nimportlib.util.find_spec = lambda name: None\n"
    done = python(f"{hidden}\nimport sys\nfrom fmstudio.cli.app import main\nsys.exit(main([]))")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("The Python package PySide6-Essentials is not installed.")


def test_chinese_survives_a_pipe_and_a_poor_locale() -> None:
    done = fmstudio("--language", "zh_CN", "lessons", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0
    assert "初次体验" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_a_full_disk_under_the_output_is_a_sentence() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*PROGRAM, "lessons"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert re.fullmatch(r"The output cannot be written: .+\.\n", done.stderr)
