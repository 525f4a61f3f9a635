"""What is shipped and under which licences: of a small bundle of our own making."""

import json
from pathlib import Path

import pytest
from building import licences, natives, parts
from building.licences import copyright_text, licence_values, qt_notice, shipped_parts, write_licences
from building.parts import Part, licence_name, python_parts, read_papers, required, total_hash

MIT = "MIT License\n\nCopyright (c) 2020 Ann\n\nPermission is hereby granted.\n"


def package(site: Path, name: str, version: str = "1.0", more: str = "", licence: str = MIT) -> Path:
    """A package that is installed."""
    folder = site / f"{name}-{version}.dist-info"
    (folder / "licenses").mkdir(parents=True)
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{more}", encoding="utf-8"
    )
    if licence:
        (folder / "licenses" / "LICENSE").write_text(licence, encoding="utf-8")
    module = site / parts.module_of(name)
    module.mkdir()
    (module / "code.py").write_text("1", encoding="utf-8")
    (module / f"{name}.so").write_bytes(name.encode())
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with what is asked for."""
    (tmp_path / "fmstudio").mkdir()
    (tmp_path / "fmstudio" / "__init__.py").write_text('__version__ = "1.2"\n', encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["torch>=2", "PySide6_Essentials; python_version < \'4\'"]\n', encoding="utf-8"
    )
    (tmp_path / "LICENSE").write_text(
        "MIT License\n\nCopyright (c) 2026 us\n\nPermission\n\nis granted.\n", encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def bundle(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle with three packages, a library of an unknown system, and one package that nobody asks for."""
    site = root / "bundle" / "_internal"
    package(
        site, "torch", "2.0+cpu", "Requires-Dist: sympy\nRequires-Dist: rich; extra == 'x'\nLicense: BSD-3-Clause\n"
    )
    package(site, "sympy", more="License-Expression: BSD-3-Clause AND MIT\n")
    package(site, "rich", more="License-Expression: MIT\n")
    package(site, "pyside6_essentials", "6.11.3", "License: LGPL-3.0-only OR GPL-3.0-only\n", licence="")
    (site / "libstrange.so.1").write_bytes(b"strange")
    (root / "bundle" / "fmstudio").write_bytes(b"starter")
    monkeypatch.setattr(natives, "_debian_part", lambda library: None)
    return root / "bundle"


def named(found: list[Part]) -> dict[str, Part]:
    """Parts by name."""
    return {part.name: part for part in found}


def test_what_is_asked_for_is_followed_and_extras_are_not(bundle: Path, root: Path) -> None:
    found = named(shipped_parts(bundle, root))
    assert {"torch", "sympy", "PySide6_Essentials (Qt)"} - set(found) <= {"PySide6_Essentials (Qt)"}
    assert "rich" not in found
    assert found["torch"].purl == "pkg:pypi/torch@2.0%2Bcpu"
    assert found["libstrange.so.1"].licence == "unknown"
    assert found["Python"].text
    assert found["PyInstaller bootloader"].files == (bundle / "fmstudio",)


def test_packages_without_a_module_in_the_bundle_are_not_shipped(bundle: Path, root: Path) -> None:
    toc = root / "build" / "work" / "PYZ-00.toc"
    toc.parent.mkdir(parents=True)
    toc.write_text(repr(("x.pyz", [("torch.nn", "/a/torch/nn.py", "PYMODULE")])), encoding="utf-8")
    assert "sympy" in named(shipped_parts(bundle, root))  # its folder is there
    for path in (bundle / "_internal" / "sympy").iterdir():
        path.unlink()
    (bundle / "_internal" / "sympy").rmdir()
    found = named(shipped_parts(bundle, root))
    assert "sympy" not in found
    assert "torch" in found


def test_a_circle_of_requirements_ends(tmp_path: Path) -> None:
    one = package(tmp_path, "one", more="Requires-Dist: Two_Three\n")
    two = package(tmp_path, "two_three", more="Requires-Dist: one>=1\n")
    papers = {"one": read_papers(one), "two-three": read_papers(two)}
    assert required(["one[extra]>=1"], papers) == ["one", "two-three"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("License-Expression: Apache-2.0 OR MIT\n", "Apache-2.0 OR MIT"),
        ("License: BSD\n", "BSD-3-Clause"),
        ("Classifier: License :: OSI Approved :: MIT License\n", "MIT"),
        ("License: LGPL-3.0-only OR GPL-2.0-only\n", "LGPL-3.0-only OR GPL-2.0-only"),
        ("License: Do what you like\n", "Do what you like"),
        ("", "unknown"),
    ],
)
def test_the_licence_of_a_package_is_read_where_it_says_so(tmp_path: Path, lines: str, expected: str) -> None:
    assert licence_name(read_papers(package(tmp_path, "one", more=lines))) == expected


def test_only_what_programs_can_read_counts_as_an_expression() -> None:
    assert Part("a", "1", "MIT AND Zlib", "").is_spdx
    assert not Part("a", "1", "GPL-2+, public domain", "").is_spdx
    assert not Part("a", "1", "unknown", "").is_spdx


def test_qt_comes_with_notice_offer_and_both_licences(bundle: Path, root: Path) -> None:
    (qt,) = (part for part in shipped_parts(bundle, root) if part.name.endswith("(Qt)"))
    for words in ("Qt 6.11.3", "Replacing them", "Offer: for three years", "official_releases/qt/6.11/6.11.3/"):
        assert words in qt.text
    for words in ("GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE", "END OF TERMS AND CONDITIONS"):
        assert words in qt.text
    assert qt.holders == ("Copyright (C) 2008-2026 The Qt Company Ltd. and other contributors.",)


def test_the_notice_names_a_version_of_two_numbers_too() -> None:
    assert "official_releases/qt/7.0/7.0/" in qt_notice("7.0")


def test_about_gets_name_version_licence_and_text_of_each(bundle: Path, root: Path) -> None:
    path = write_licences(bundle, root)
    assert path == bundle / "_internal" / "resources" / "licences" / "licences.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    assert values[0]["name"] == "fmstudio"
    assert values[0]["version"] == "1.2"
    assert all(set(one) == {"name", "version", "licence", "text"} and one["text"] for one in values)
    assert {"torch", "Python", "Inter", "Noto Sans SC", "Fashion-MNIST"} <= {one["name"] for one in values}


def test_what_we_ship_of_others_has_its_licence() -> None:
    own = named(list(natives.own_parts()))
    assert "SIL OPEN FONT LICENSE" in own["Inter"].text
    assert "Zalando" in own["Fashion-MNIST"].text
    assert all(part.files for part in own.values())


def test_debians_copyright_file_has_a_paragraph_for_each_and_repeats_no_common_licence(
    bundle: Path, root: Path
) -> None:
    text = copyright_text(bundle, root)
    paragraphs = text.split("\n\n")
    assert text.startswith("Format: https://www.debian.org/")
    assert len(paragraphs) == 2 + len(shipped_parts(bundle, root))
    for paragraph in paragraphs[1:]:
        assert [line.partition(":")[0] for line in paragraph.splitlines() if line[0] != " "] == [
            "Files",
            "Copyright",
            "License",
        ]
    assert "/usr/share/common-licenses/LGPL-3" in text
    assert "How to Apply These Terms" not in text
    assert "Files: */torch-2.0+cpu.dist-info/* */torch/*" in text
    assert text.count("Permission is hereby granted.") == 2  # sympy's and torch's


def test_a_long_common_licence_is_named_and_what_stands_before_it_is_kept() -> None:
    long = "Notice.\n\n──── LICENSE\n\n" + "Apache License\n Version 2.0\n" + "words\n" * 2_000
    assert licences.shortened(long).startswith("Notice.")
    assert "common-licenses/Apache-2.0" in licences.shortened(long)
    assert len(licences.shortened(long)) < 300
    assert licences.shortened("short text about the Apache License\n") == "short text about the Apache License"


def test_licences_of_debian_are_listed_once() -> None:
    assert natives.licences_named("License: MIT\n text\n\nLicense: GPL-2+\n\nLicense: MIT\n") == "MIT, GPL-2+"
    assert natives.licences_named("free text") == "see the text"


def test_libraries_of_one_package_are_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        natives, "_debian_part", lambda library: Part("libx", "1", "MIT", "text", "pkg:deb/debian/libx@1")
    )
    (found,) = natives.system_parts([tmp_path / "libx.so.1", tmp_path / "libx-more.so.2"])
    assert [path.name for path in found.files] == ["libx.so.1", "libx-more.so.2"]


def test_the_hash_of_all_files_changes_with_any_of_them(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for path in files:
        path.write_text(path.name, encoding="utf-8")
    before = total_hash(files, tmp_path)
    assert before == total_hash(reversed(files), tmp_path)
    files[1].write_text("c", encoding="utf-8")
    assert before != total_hash(files, tmp_path)


def test_a_package_with_a_list_of_its_files_is_taken_at_its_word(tmp_path: Path) -> None:
    folder = package(tmp_path, "one")
    (folder / "RECORD").write_text("one/code.py,,\none/__pycache__/code.pyc,,\none/gone.py,,\n", encoding="utf-8")
    (part,) = python_parts([folder], ["one"])
    assert part.files == (tmp_path / "one" / "code.py",)


def test_every_part_has_something_to_show() -> None:
    assert licence_values([Part("x", "1", "MIT", "")])[1]["text"] == "MIT"
