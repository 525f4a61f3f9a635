"""What can go wrong, said in a sentence."""


class SetupError(Exception):
    """The set-up cannot go on.

    Args:
        message: What is wrong, one sentence.
        remedy: What to do about it, one sentence or one line to type.
        status: The exit status of the script; 3 means that the environment lacks something.
    """

    def __init__(self, message: str, remedy: str, status: int = 3) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy
        self.status = status


def say(text: str) -> None:
    """Tell the user something, in the order in which it happens."""
    print(f"fmstudio: {text}", flush=True)
