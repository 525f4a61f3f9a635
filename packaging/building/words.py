"""What can go wrong while something is made, said in a sentence."""

from bootstrapping.words import SetupError, say

__all__ = ["BuildError", "SetupError", "say"]


class BuildError(SetupError):
    """Something cannot be made here: what is wrong, and what to do about it; the script ends with status 3."""
