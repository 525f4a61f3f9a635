"""Where things lie: in a checkout, in a wheel, in a bundle, and for the user."""

import sys
from pathlib import Path

import pytest

from fmstudio import paths


def test_the_users_folders_lie_under_the_home(studio_home: Path) -> None:
    assert paths.home() == studio_home
    for path in (paths.library(), paths.lessons_folder(), paths.logs(), paths.settings_file()):
        assert studio_home in path.parents
    assert len({paths.library(), paths.lessons_folder(), paths.logs(), paths.settings_file()}) == 4


def test_asking_for_a_path_makes_nothing(studio_home: Path) -> None:
    for ask in (paths.home, paths.library, paths.lessons_folder, paths.logs, paths.settings_file):
        ask()
    assert not studio_home.exists()


def test_a_tilde_is_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMSTUDIO_HOME", "~/elsewhere")
    assert paths.home() == Path.home() / "elsewhere"


@pytest.mark.parametrize("value", ["", None])
def test_without_a_wish_it_is_where_programs_keep_their_data(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("FMSTUDIO_HOME")
    if value is not None:
        monkeypatch.setenv("FMSTUDIO_HOME", value)
    assert paths.home().is_absolute()
    assert paths.home().name == "fmstudio"


def test_what_ships_is_found_in_a_checkout() -> None:
    assert (paths.resource("lessons") / "first-look.json").is_file()
    assert paths.resource("datasets/fashion-mnist/manifest.json").is_file()
    assert not paths.resource("no/such/thing").exists()


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make believe that the package was installed there, with its resources in it."""
    package = folder / "site-packages" / "fmstudio"
    (package / "resources").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    return package


def test_what_ships_is_found_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = installed(tmp_path, monkeypatch)
    (package.parent / "resources").mkdir()  # of another program
    assert paths.resource("lessons") == package / "resources" / "lessons"


def test_what_ships_is_found_in_a_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch)
    bundle = tmp_path / "bundle"
    (bundle / "resources").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(bundle), raising=False)
    assert paths.resource("lessons") == bundle / "resources" / "lessons"


def test_where_nothing_ships_the_path_says_where_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "fmstudio" / "paths.py"))
    assert paths.resource("lessons") == tmp_path / "fmstudio" / "resources" / "lessons"


def test_where_nobody_knows_the_home_there_is_still_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing there fails later, with a sentence."""
    monkeypatch.delenv("FMSTUDIO_HOME", raising=False)

    def nobody(*_: object) -> str:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(paths.platformdirs, "user_data_dir", nobody)
    assert not paths.library().exists()
