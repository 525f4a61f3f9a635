"""The program performs its first run in a real X server, on all of Fashion-MNIST."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image


def demo(environment: dict[str, str], out: Path, *options: str) -> dict[str, object]:
    command = [sys.executable, "-m", "fmstudio", "--demo", "--out", str(out), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary: dict[str, object] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return summary


@pytest.mark.x11
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh_CN", "dark")])
def test_the_first_run(x11_environment: dict[str, str], tmp_path: Path, language: str, theme: str) -> None:
    options = ("--language", language, "--theme", theme, "--size", "1280x720")
    summary = demo(x11_environment, tmp_path / "out", *options)
    assert 0.86 <= summary["test_accuracy"] <= 0.90
    true, predicted, count = summary["cell"]
    assert true != predicted
    assert summary["shown"] == count > 0
    pictures = [Image.open(tmp_path / "out" / name) for name in summary["pictures"]]
    assert len(pictures) >= 6
    assert {picture.size for picture in pictures} == {(1280, 720)}
    assert all(len(picture.convert("RGB").getcolors(1 << 20)) > 50 for picture in pictures)
    run = tmp_path / "fmstudio-home" / "runs" / str(summary["run"])
    assert {"spec.json", "events.jsonl", "weights.safetensors", "environment.json"} <= {p.name for p in run.iterdir()}
