"""Arguments of commands, refused in words where they are none."""

from argparse import ArgumentTypeError
from datetime import date

LONGEST_DAYS = 3650


def day(text: str) -> date:
    """A calendar day. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no day; write it like 2026-05-31") from error


def days(text: str) -> int:
    """How many days something holds, ten years at most. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 6):
        raise ArgumentTypeError(f"“{text}” is no number of days; write it like 90")
    if not 1 <= int(text) <= LONGEST_DAYS:
        raise ArgumentTypeError(f"between 1 and {LONGEST_DAYS} days, not {text}")
    return int(text)
