"""The licences of what the program consists of."""

import json
from pathlib import Path

import pytest

from fmstudio import paths
from fmstudio.machine.licences import FILE, Licence, licences


def test_as_installed_they_are_found_with_their_texts() -> None:
    found = {licence.name: licence for licence in licences()}
    assert next(iter(found)) == "fmstudio"
    assert "MIT License" in found["fmstudio"].text
    assert {"torch", "numpy", "pydantic", "shiboken6", "Inter", "Fashion-MNIST"} <= set(found)
    assert "LGPL" in found["PySide6_Essentials"].licence
    assert "SIL OPEN FONT LICENSE" in found["Inter"].text.upper()
    assert all(licence.text and licence.licence for licence in found.values())
    assert "pytest" not in found


@pytest.mark.parametrize("text", ["[]", "{", '[{"name": "x"}]', "[3]", "7"])
def test_a_packed_list_that_is_broken_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    place(tmp_path, monkeypatch, text)
    assert len(licences()) > 1


def test_what_was_collected_when_it_was_packed_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = {"name": "Qt", "version": "6.11", "licence": "LGPL-3.0", "text": "long", "more": 1}
    place(tmp_path, monkeypatch, json.dumps([part]))
    assert licences() == [Licence("Qt", "6.11", "LGPL-3.0", "long")]


def place(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    whole = paths.resource
    (folder / "licences.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(paths, "resource", lambda name: folder / "licences.json" if name == FILE else whole(name))
