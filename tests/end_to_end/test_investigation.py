"""A person investigates what a network gets wrong, in a real X server, with clicks and keys only."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.x11
def test_an_investigation(x11_environment: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tests.end_to_end.investigation", str(out)]
    done = subprocess.run(
        command, env=x11_environment, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    story = json.loads((out / "story.json").read_text(encoding="utf-8"))
    assert story["crashed"] == []
    assert story["pairs"] == [[6, 0]]
    assert story["sorted"]
    assert "Really Shirt, taken for T-shirt/top" in story["verdict"]
    assert all(story["explained"])
    assert story["rubbed_out"].startswith("Was T-shirt/top")
    assert story["drawn"].startswith("It takes this for")
    assert story["epoch"] == 1
    now, then = story["scores"]
    assert now != then
    assert story["architecture"] == "softmax-regression"
    assert "B fixes" in story["mcnemar"]
    assert f"breaks {story['broken']}" in story["mcnemar"]
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) == 10
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1440, 900)
