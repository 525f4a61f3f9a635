"""What is in an artefact, as a CycloneDX 1.5 bill of materials that programs read: ``….cdx.json`` beside it."""

import argparse
import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from building.folders import bundle_folder, dist_folder
from building.licences import dependencies, shipped_parts, with_qt_notice
from building.natives import library_licence, own_parts, papers_in
from building.parts import LIBRARY, ROOT, Part, python_parts, sha256, total_hash
from building.version import commit, source_date, version
from building.wheel import packages_beside
from building.words import BuildError, say

ENDING = ".cdx.json"
OF_THE_BUNDLE = {"linux": (".deb", ".tar.xz", ".tar.zst"), "win32": (".exe",), "darwin": (".dmg",)}
"""What is made of the bundle, on each system; the bundle of one says nothing of the others'."""
OF_THE_SOURCE = (".whl", ".tar.gz")
Values = dict[str, Any]


def write_boms(dist: Path, bundle: Path, system: str = sys.platform) -> list[Path]:
    """Write the bill of every artefact of this system, and of the source, beside it.

    Args:
        dist: The folder of the artefacts.
        bundle: What those for people without Python were made of.
        system: As Python calls it.

    Raises:
        BuildError: Where there is nothing, or no bundle to look into.
    """
    packed, source = artefacts(dist, OF_THE_BUNDLE.get(system, ())), artefacts(dist, OF_THE_SOURCE)
    if not packed and not source:
        raise BuildError(
            f"There is nothing in {dist}.", "Make something first: packaging/build.py deb, portable, wheel."
        )
    if packed and not bundle.is_dir():
        raise BuildError(f"There is no bundle in {bundle}.", f"{packed[0].name} was made of one: make it again here.")
    of_bundle = components(shipped_parts(bundle), bundle) if packed else []
    of_source = components(environment_parts(), None) if source else []
    written = [_write(path, of_bundle, "bundle") for path in packed]
    return written + [_write(path, of_source, "environment") for path in source]


def artefacts(dist: Path, endings: tuple[str, ...]) -> list[Path]:
    """What people download, in a folder, with one of these endings; sorted."""
    return sorted(path for path in dist.glob("fmstudio*") if path.is_file() and path.name.endswith(endings))


def environment_parts(root: Path = ROOT) -> list[Part]:
    """What a wheel needs and brings: the packages that it asks for, as they are installed here, and our data."""
    site = packages_beside(Path(sys.executable), root)
    return [*map(with_qt_notice, python_parts(papers_in(site), dependencies(root))), *own_parts(root)]


def bill(parts: Sequence[Values], artefact: Path, basis: str, root: Path = ROOT) -> Values:
    """The whole bill: the same for the same artefact and parts.

    Args:
        parts: The components.
        artefact: The file that it is about.
        basis: What was looked into: "bundle" or "environment".
        root: The checkout.
    """
    about = _subject(artefact, basis, root)
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([about, list(parts)], sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(source_date(root), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tools": {"components": [{"type": "application", "name": "packaging/build.py", "version": version(root)}]},
            "component": about,
        },
        "components": list(parts),
        "dependencies": [{"ref": about["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def _subject(artefact: Path, basis: str, root: Path) -> Values:
    said = {"fmstudio:artefact": artefact.name, "fmstudio:commit": commit(root), "fmstudio:components-of": basis}
    return {
        "type": "application",
        "bom-ref": "fmstudio",
        "name": "fmstudio",
        "version": version(root),
        "hashes": [{"alg": "SHA-256", "content": sha256(artefact)}],
        "licenses": [{"expression": "MIT"}],
        "purl": f"pkg:generic/fmstudio@{version(root)}",
        "properties": [{"name": name, "value": value} for name, value in said.items() if value],
    }


def components(parts: Sequence[Part], folder: Path | None) -> list[Values]:
    """The parts as the bill lists them, each with its shared libraries inside.

    Args:
        parts: What is shipped.
        folder: The bundle they lie in; None where they are only asked for: then no files are listed.
    """
    return [_component(part, folder) for part in parts]


def _component(part: Part, folder: Path | None) -> Values:
    values: Values = {
        "type": part.kind,
        "bom-ref": part.purl or f"{part.name}@{part.version}".rstrip("@"),
        "name": part.name,
        "version": part.version,
        "licenses": [_licence(part)],
        "copyright": "\n".join(part.holders),
        "purl": part.purl,
    }
    files = sorted(path for path in part.files if folder is not None or path.is_relative_to(ROOT / "resources"))
    base = folder if folder is not None and all(path.is_relative_to(folder) for path in files) else ROOT
    if files:
        sizes = {"fmstudio:files": len(files), "fmstudio:bytes": sum(path.stat().st_size for path in files)}
        values["hashes"] = [{"alg": "SHA-256", "content": total_hash(files, base)}]
        values["properties"] = [{"name": name, "value": str(value)} for name, value in sizes.items()]
        values["components"] = list(_libraries(part, files, base))
    return {name: value for name, value in values.items() if value}


def _libraries(part: Part, files: Sequence[Path], base: Path) -> Iterator[Values]:
    for path in files:
        if LIBRARY.search(path.name):
            place = path.relative_to(base).as_posix()
            licence = library_licence(path.name)
            yield {
                "type": "file",
                "bom-ref": f"{part.name}:{place}",
                "name": place,
                "hashes": [{"alg": "SHA-256", "content": sha256(path)}],
                **({"licenses": [{"expression": licence}]} if licence else {}),
            }


def _licence(part: Part) -> Values:
    """An expression where programs can read it, else its makers' words."""
    return {"expression": part.licence} if part.is_spdx else {"license": {"name": part.licence or "unknown"}}


def _write(artefact: Path, parts: Sequence[Values], basis: str) -> Path:
    path = artefact.with_name(artefact.name + ENDING)
    text = json.dumps(bill(parts, artefact, basis), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    say(f"{path.name}: {len(parts)} parts")
    return path


def main(arguments: Sequence[str]) -> int:
    """Write the bills of all that lies in ``dist/``."""
    parser = argparse.ArgumentParser(prog="build.py sbom", description=(__doc__ or "").strip())
    parser.add_argument("--dist", type=Path, default=dist_folder(), help="where the artefacts are")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(), help="what they were made of")
    given = parser.parse_args(arguments)
    write_boms(given.dist, given.bundle)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
