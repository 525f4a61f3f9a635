"""Bills of materials and checksums."""

import json
from pathlib import Path

import pytest
from building import checksums, sbom
from building.parts import Part
from building.words import BuildError


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with a library."""
    folder = tmp_path / "bundle" / "_internal" / "torch"
    folder.mkdir(parents=True)
    (folder / "libgomp-1.so.1").write_bytes(b"library")
    (folder / "nn.py").write_text("1", encoding="utf-8")
    return tmp_path / "bundle"


@pytest.fixture
def dist(tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Artefacts of two systems, and of the source."""
    files = tuple(sorted((bundle / "_internal" / "torch").iterdir()))
    torch = Part("torch", "2.0", "BSD-3-Clause", "Copyright 2020 Ann\n", "pkg:pypi/torch@2.0", files=files)
    odd = Part("odd", "", "ask me", "")
    monkeypatch.setattr(sbom, "shipped_parts", lambda folder: [torch, odd])
    monkeypatch.setattr(sbom, "environment_parts", lambda: [Part("torch", "2.9", "BSD-3-Clause", "")])
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("fmstudio_1.deb", "fmstudio-1.exe", "fmstudio-1-py3-none-any.whl", "notes.txt"):
        (folder / name).write_bytes(name.encode())
    return folder


def read(path: Path) -> dict[str, object]:
    """A bill."""
    values: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return values


def test_each_artefact_of_this_system_and_of_the_source_gets_a_bill(dist: Path, bundle: Path) -> None:
    written = {path.name for path in sbom.write_boms(dist, bundle, "linux")}
    assert written == {"fmstudio_1.deb.cdx.json", "fmstudio-1-py3-none-any.whl.cdx.json"}
    assert {path.name for path in sbom.write_boms(dist, bundle, "win32")} >= {"fmstudio-1.exe.cdx.json"}


def test_a_bill_says_what_is_in_and_under_which_licence(dist: Path, bundle: Path) -> None:
    path = next(path for path in sbom.write_boms(dist, bundle, "linux") if ".deb" in path.name)
    values = json.loads(path.read_text(encoding="utf-8"))
    assert (values["bomFormat"], values["specVersion"], values["version"]) == ("CycloneDX", "1.5", 1)
    subject = values["metadata"]["component"]
    assert subject["hashes"] == [{"alg": "SHA-256", "content": checksums.sha256(dist / "fmstudio_1.deb")}]
    torch, odd = values["components"]
    assert torch["purl"] == "pkg:pypi/torch@2.0"
    assert torch["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert odd["licenses"] == [{"license": {"name": "ask me"}}]
    assert {one["name"]: one["value"] for one in torch["properties"]} == {"fmstudio:files": "2", "fmstudio:bytes": "8"}
    (library,) = torch["components"]
    assert library["name"] == "_internal/torch/libgomp-1.so.1"
    assert library["licenses"] == [{"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"}]
    references = [subject["bom-ref"], *(part["bom-ref"] for part in values["components"]), library["bom-ref"]]
    assert len(set(references)) == len(references)
    assert values["dependencies"][0]["dependsOn"] == ["pkg:pypi/torch@2.0", "odd"]


def test_the_same_artefact_has_the_same_bill(dist: Path, bundle: Path) -> None:
    first = {path: path.read_bytes() for path in sbom.write_boms(dist, bundle, "linux")}
    assert first == {path: path.read_bytes() for path in sbom.write_boms(dist, bundle, "linux")}
    (dist / "fmstudio_1.deb").write_bytes(b"other")
    again = {path: path.read_bytes() for path in sbom.write_boms(dist, bundle, "linux")}
    assert [path.name for path in first if first[path] != again[path]] == ["fmstudio_1.deb.cdx.json"]


def test_what_was_made_of_a_bundle_needs_it(dist: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is no bundle"):
        sbom.write_boms(dist, tmp_path / "none", "linux")
    (dist / "fmstudio_1.deb").unlink()
    assert len(sbom.write_boms(dist, tmp_path / "none", "linux")) == 1


def test_nothing_made_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is nothing"):
        sbom.write_boms(tmp_path, tmp_path, "linux")
    with pytest.raises(BuildError, match="There is nothing"):
        checksums.write_checksums(tmp_path)


def test_checksums_are_written_and_compared(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checksums.main(["--folder", str(dist)]) == 0
    assert checksums.main(["--folder", str(dist)]) == 0
    lines = (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line[64:66] for line in lines] == ["  "] * 4
    assert "SHA256SUMS" not in {line[66:] for line in lines}
    assert checksums.main(["--folder", str(dist), "--check"]) == 0
    (dist / "notes.txt").unlink()
    (dist / "fmstudio-1.exe").write_bytes(b"other")
    capsys.readouterr()
    assert checksums.main(["--folder", str(dist), "--check"]) == 1
    assert capsys.readouterr().out == "notes.txt is missing\nfmstudio-1.exe has changed\n"


def test_a_list_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is no SHA256SUMS"):
        checksums.main(["--folder", str(tmp_path), "--check"])
    (tmp_path / "SHA256SUMS").write_text("hello\n", encoding="utf-8")
    with pytest.raises(BuildError, match="a line that is no checksum"):
        checksums.main(["--folder", str(tmp_path), "--check"])
