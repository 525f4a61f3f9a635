"""A torch that computes on processors alone: where it comes from, and the refusal of any other."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrapping import installer
from bootstrapping.running import clean_environment

from building.words import BuildError

ADVICE = (
    "Download the CPU wheel of torch for this Python, as PyTorch's own page “Get Started” says, and give it with "
    "--torch-wheel FILE (or FMSTUDIO_TORCH_WHEEL); or give the address of an index of CPU wheels with --torch-index "
    "ADDRESS (or FMSTUDIO_TORCH_INDEX)."
)
"""What to do where torch would come with its GPU libraries."""
GPU_PACKAGES = ("nvidia-", "cuda-", "triton", "rocm")
"""How the packages are called that a GPU build of torch brings along."""
_QUESTION = "import json, torch; print(json.dumps([torch.__version__, torch.version.cuda, torch.version.hip]))"


@dataclass(frozen=True)
class Source:
    """Where torch comes from.

    Attributes:
        wheel: A file; None for an index.
        index: The address of an index of CPU wheels; empty for pip's own, which must then offer one.
    """

    wheel: Path | None = None
    index: str = ""

    @property
    def options(self) -> list[str]:
        """What pip is told to install before all else; nothing where its own index offers the right one."""
        if self.wheel:
            return [str(self.wheel)]
        return ["torch", "torchvision", "--index-url", self.index] if self.index else []


def source_from(wheel: Path | None, index: str | None, surroundings: Mapping[str, str] = os.environ) -> Source:
    """The source that was asked for, on the command line or else in the environment.

    Raises:
        BuildError: Where the wheel is not there.
    """
    named = surroundings.get("FMSTUDIO_TORCH_WHEEL", "")
    file = wheel or (Path(named) if named else None)
    if file is not None and not file.is_file():
        raise BuildError(f"{file} is not there.", ADVICE)
    return Source(file and file.resolve(), index or surroundings.get("FMSTUDIO_TORCH_INDEX", ""))


def refuse_gpu_offer(python: Path, source: Source, versions: Path) -> None:
    """Ask pip what it would install, before gigabytes are downloaded in vain.

    Raises:
        BuildError: Where that is a GPU build.
    """
    if source.options or not sys.platform.startswith("linux"):
        return
    pip = [str(python), "-m", "pip", "install", "--dry-run", "--quiet", "--no-input", "--constraint", str(versions)]
    command = [*pip, "--ignore-installed", "--report", "-", "torch"]
    asked = subprocess.run(
        command, env=installer.installer_environment(python), capture_output=True, text=True, check=False
    )
    if asked.returncode != 0:
        raise installer.explanation(asked.stdout + asked.stderr)
    names = [str(one["metadata"]["name"]).lower() for one in json.loads(asked.stdout)["install"]]
    gpu = [name for name in names if name.startswith(GPU_PACKAGES)]
    if gpu:
        raise BuildError(
            f"Here pip offers torch with its GPU libraries ({len(gpu)} packages such as {gpu[0]}).", ADVICE
        )


def refuse_gpu_build(python: Path) -> None:
    """Make sure that the torch which is installed computes on processors alone.

    Raises:
        BuildError: Where it does not, or does not load.
    """
    asked = subprocess.run(
        [python, "-c", _QUESTION], env=clean_environment(), capture_output=True, text=True, check=False
    )
    if asked.returncode != 0:
        reason = next(reversed(asked.stderr.strip().splitlines()), "it says nothing")
        raise BuildError(f"The torch that was installed does not load: {reason}.", ADVICE)
    version, cuda, hip = json.loads(asked.stdout)
    gpu = f"CUDA {cuda}" if cuda else f"ROCm {hip}" if hip else ""
    if gpu:
        raise BuildError(f"The torch that was installed ({version}) is built for {gpu}: it is not packed.", ADVICE)
