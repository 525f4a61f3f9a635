"""Text that goes into a spreadsheet: nothing that a stranger wrote is ever a formula in it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet takes for text: one that begins like a formula gets an apostrophe; numbers stay."""
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
