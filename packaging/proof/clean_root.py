"""A minimal Debian 12 with no Python, no compiler and no network: made once, kept, and unpacked for each proof.

Beside Debian's smallest set of packages it holds, not installed, the packages that fmstudio's asks for, as a computer
holds them that has updated its lists. They come from the mirror that this machine's own apt uses.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrapping import system
from bootstrapping.running import clean_environment, listen
from bootstrapping.words import say
from building.deb import LINUX
from building.dependencies import PACKAGES
from building.folders import build_folder
from building.words import BuildError

SUITE = "bookworm"
"""Debian 12."""
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
"""Debian's own keys; they lie there here and in the root."""
HOOK = 'env --chdir=/ DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get'
ASKED = ("Depends", "Recommends")
_STAND_IN = "wanted.deb"


def proof_folder() -> Path:
    """Where proofs keep what they need and what they find; unknown to git."""
    return build_folder() / "proof"


@dataclass(frozen=True)
class Wants:
    """What must be there to be installed, as the fields of a package say it.

    Attributes:
        depends: What it needs.
        recommends: What it would like.
        typed: Packages that people may be told to install.
    """

    depends: str
    recommends: str
    typed: str

    @classmethod
    def of(cls, package: Path | None) -> "Wants":
        """What a package asks for, and what the program and its text tell people to install.

        Args:
            package: The package; None where only that counts.
        """
        depends, recommends = (_field(package, name) if package else "" for name in ASKED)
        return cls(depends, recommends, advisable())

    @property
    def liked(self) -> list[str]:
        """Of what it would like, the first of each that would do."""
        return [names.partition("|")[0].strip() for names in self.recommends.split(",") if names.strip()]

    @property
    def everything(self) -> str:
        """All of it, as a package that needs it says it."""
        return ", ".join(filter(None, (self.depends, *self.liked, *self.typed.split())))

    @property
    def archive(self) -> Path:
        """Where a root with it is kept."""
        text = f"{SUITE}\n{self.everything}"
        return proof_folder() / f"root-{hashlib.sha256(text.encode()).hexdigest()[:12]}.tar"


def advisable() -> str:
    """All packages that people may be told to install: by the program, or in the portable archive's text."""
    firsts = {names.partition(" | ")[0] for names in PACKAGES.values() if "{" not in names}
    return " ".join(sorted(firsts | set(typed_line().split())))


def typed_line() -> str:
    """The packages that the text in the portable archive tells people to install."""
    text = (LINUX / "README.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"^ *sudo apt install (.+)$", text, re.MULTILINE)
    if found is None:
        raise BuildError("packaging/linux/README.txt names no packages.", "It needs a line: sudo apt install …")
    return " ".join(found[1].split())


def _field(package: Path, name: str) -> str:
    asked = subprocess.run(["dpkg-deb", "--field", package, name], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise BuildError(f"{package} is no package.", "Make it with: packaging/build.py deb")
    return asked.stdout.strip()


def archived(wants: Wants) -> Path:
    """The archive with a root; made where it is not there yet, which takes the network.

    Args:
        wants: What must be there to be installed.

    Raises:
        BuildError: Where it cannot be made.
    """
    if wants.archive.is_file():
        return wants.archive
    if shutil.which("mmdebstrap") is None:
        system.install(["mmdebstrap"], ["mmdebstrap"])
    say("making a minimal Debian 12 with what the package asks for; this needs the network, once")
    proof_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=proof_folder(), prefix="making-") as folder:
        made = Path(folder) / "root.tar"
        (Path(folder) / "sources.list").write_text(sources(), encoding="utf-8")
        stand_in = _stand_in(Path(folder), wants)
        status, said = listen(_making(Path(folder), stand_in, made), clean_environment())
        if status != 0:
            raise BuildError("The minimal Debian could not be made.", said[-800:])
        return Path(shutil.move(made, wants.archive))


def sources() -> str:
    """Where this machine's apt gets Debian 12 from, as lines for another one's.

    Raises:
        BuildError: Where it gets another system.
    """
    form = f"deb [signed-by={KEYRING}] $(SITE) $(RELEASE) $(COMPONENT)"
    command = ["apt-get", "indextargets", "--format", form, "Created-By: Packages", "Origin: Debian"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [
        line for line in dict.fromkeys(asked.stdout.splitlines()) if f" {SUITE}" in line and line.endswith(" main")
    ]
    if not any(f" {SUITE} " in line for line in lines):
        raise BuildError("This machine's apt knows no Debian 12.", "Prove it on Debian 12, after: apt-get update")
    return "\n".join(lines) + "\n"


def _stand_in(folder: Path, wants: Wants) -> Path:
    """An empty package that asks for the same, so that apt fetches it."""
    tree = folder / "wanted" / "DEBIAN"
    tree.mkdir(parents=True)
    fields = {
        "Package": "wanted",
        "Version": "1",
        "Architecture": "all",
        "Maintainer": "nobody <nobody@fmstudio.example>",
    }
    fields |= {"Depends": wants.everything, "Description": "what is wanted"}
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (tree / "control").write_text(text, encoding="utf-8")
    made = folder / _STAND_IN
    subprocess.run(["dpkg-deb", "--build", tree.parent, made], check=True, capture_output=True)
    return made


def _making(folder: Path, stand_in: Path, made: Path) -> Sequence[str]:
    hooks = [
        f"{HOOK} clean",
        f"copy-in {stand_in} /var/tmp",
        f"{HOOK} install --download-only --yes --option APT::Keep-Downloaded-Packages=true /var/tmp/{_STAND_IN}",
        f'rm "$1/var/tmp/{_STAND_IN}"',
    ]
    options = [f"--customize-hook={hook}" for hook in hooks]
    skipped = "--skip=cleanup/apt"
    return ["mmdebstrap", "--variant=minbase", skipped, *options, SUITE, str(made), str(folder / "sources.list")]


@contextmanager
def unpacked(wants: Wants) -> Iterator[Path]:
    """A fresh root; it goes again.

    Args:
        wants: What must be there to be installed.

    Raises:
        BuildError: Where it cannot be made.
    """
    if not system.is_root():
        raise BuildError("Only root can make a system of its own.", "Type sudo before the command.")
    archive = archived(wants)
    with tempfile.TemporaryDirectory(dir=proof_folder(), prefix="root-") as folder:
        root = Path(folder) / "root"
        root.mkdir()
        subprocess.run(["tar", "--extract", "--numeric-owner", "--file", archive, "--directory", root], check=True)
        yield root
