"""Reading cells of a file's rows: each reader answers a value, or says why the row is unusable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

CACHED_MOMENTS = 65_536
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
YEARS = range(1990, 2100)
LARGEST_COUNT = 2_147_483_647
LARGEST_AMOUNT = Decimal(10) ** 12


class Unusable(Exception):
    """A row can't be taken: the column at fault, and the reason in words for its author."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


def text(row: Mapping[str, str], column: str) -> str:
    """What a cell says, which may be nothing."""
    return row.get(column, "").strip()


def required(row: Mapping[str, str], column: str) -> str:
    """A cell that must say something. Raises Unusable."""
    said = row[column].strip()
    if not said:
        raise Unusable(column, "is empty")
    return said


def chosen(row: Mapping[str, str], column: str, *, among: Mapping[str, str]) -> str:
    """What a cell's word means here. Raises Unusable for a word we do not know."""
    said = row[column].strip()
    if said not in among:
        raise Unusable(column, f"“{said}” is not one of {', '.join(filter(None, among))}")
    return among[said]


def counted(row: Mapping[str, str], column: str) -> int:
    """A whole number from 0 on. Raises Unusable."""
    said = required(row, column)
    if not (said.isascii() and said.isdigit() and int(said) <= LARGEST_COUNT):
        raise Unusable(column, f"“{said}” is not a whole number from 0 on")
    return int(said)


def amount(row: Mapping[str, str], column: str) -> Decimal:
    """An amount of money from 0 on, with a point before the cents. Raises Unusable."""
    said = required(row, column)
    try:
        value = Decimal(said)
    except InvalidOperation:
        raise Unusable(column, f"“{said}” is not an amount like 1200.50") from None
    if not value.is_finite() or not 0 <= value < LARGEST_AMOUNT:
        raise Unusable(column, f"“{said}” is not an amount like 1200.50")
    if value != round(value, 2):
        raise Unusable(column, f"“{said}” has more than two decimals")
    return value


def day(row: Mapping[str, str], column: str) -> date:
    """A day as year-month-day. Raises Unusable."""
    said = required(row, column)
    try:
        value = date.fromisoformat(said)
    except ValueError:
        raise Unusable(column, f"“{said}” is not a day like 2026-11-30") from None
    if value.year not in YEARS:
        raise Unusable(column, f"“{said}” lies outside of 1990 to 2099")
    return value


def yes_or_no(row: Mapping[str, str], column: str) -> bool:
    """Yes or no; an empty cell is no. Raises Unusable."""
    said = text(row, column).casefold()
    if said not in YES_NO:
        raise Unusable(column, f"“{said}” is neither yes nor no")
    return YES_NO[said]


def moment(
    row: Mapping[str, str], column: str, *, parse: Callable[[str], datetime], form: str
) -> datetime:
    """A moment in a source's own form, with its zone. Raises Unusable."""
    said = required(row, column)
    try:
        value = _parsed(parse, said)
    except ValueError:
        raise Unusable(column, f"“{said}” is not a moment like {form}") from None
    if value.tzinfo is None:
        raise Unusable(column, f"“{said}” has no offset, like +02:00 or Z")
    if value.year not in YEARS:
        raise Unusable(column, f"“{said}” lies outside of 1990 to 2099")
    return value


@lru_cache(maxsize=CACHED_MOMENTS)
def _parsed(parse: Callable[[str], datetime], said: str) -> datetime:
    return parse(said)
