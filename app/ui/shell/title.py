"""Write the title of the window without naming anybody."""

import re

NAME = "MI Desk"
# A title shows in task bars and screen shares: numbers only, never a person or a question.
_RECORD_NUMBER = re.compile(r"[A-Z]{2,5}(-\d{2,6}){1,2}")


def window_title(record_number: str) -> str:
    """Return the number with the program's name; drop anything else."""
    if _RECORD_NUMBER.fullmatch(record_number) is None:
        return NAME
    return f"{record_number} - {NAME}"
