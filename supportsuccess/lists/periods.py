"""Stretches of time as an address names them: from one moment up to, and without, another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from supportsuccess.lists.cells import day_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from supportsuccess.lists.filters import Filters

    type Choices = Callable[[Filters], Iterable[tuple[str, str]]]

BETWEEN = ".."
# The database has no moment of every zone in the first year of all.
YEARS = range(1900, 3000)
LEAST = timedelta(microseconds=1)


class Period(NamedTuple):
    """A stretch of time; its end is the first moment that no longer belongs to it."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        return BETWEEN.join(moment.isoformat() for moment in self)

    @property
    def words(self) -> str:
        """Its days, where its moments were written."""
        first, last = self.start.date(), (self.end - LEAST).date()
        return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def read_period(text: str) -> Period:
    """A period as an address writes it. Raises ValueError."""
    start, end = map(datetime.fromisoformat, text.split(BETWEEN))
    if start.tzinfo is None or end.tzinfo is None or start >= end:
        raise ValueError("Not a period: write two moments with their zones, the earlier one first.")
    if start.year not in YEARS or end.year not in YEARS:
        raise ValueError("Not a period: write moments of the years 1900 to 2999.")
    return Period(start, end)


def asked_period(name: str, *, label: str) -> Choices:
    """Choices of a filter: the period that the address names, if it names one."""

    def choices(filters: Filters) -> list[tuple[str, str]]:
        asked = filters.asked.get(name, "")
        try:
            return [(asked, f"{label} {read_period(asked).words}")]
        except (ValueError, OverflowError):
            return []

    return choices
