"""The one error that a user is meant to read."""


class UserError(Exception):
    """An expected failure: a sentence that says what is wrong, and what to do about it.

    Args:
        message: What happened, a full sentence, already translated.
        hint: What the reader can do about it, a full sentence; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
