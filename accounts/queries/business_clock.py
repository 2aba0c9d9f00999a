"""Business time of many spans under one calendar: its hours are laid out once, then looked up."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.queries.calendars import WorkingHours


@dataclass(frozen=True)
class BusinessClock:
    """The worked spans between two moments, and how much was worked before each."""

    opens: list[datetime]
    closes: list[datetime]
    before: list[timedelta]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; none when `end` comes first."""
        return max(self._until(end) - self._until(start), timedelta())

    def _until(self, moment: datetime) -> timedelta:
        place = bisect_right(self.opens, moment) - 1
        if place < 0:
            return timedelta()
        return self.before[place] + min(moment, self.closes[place]) - self.opens[place]


def clock_over(hours: WorkingHours, *, start: datetime, end: datetime) -> BusinessClock:
    """A clock that knows the moments from `start` to `end`."""
    opens: list[datetime] = []
    closes: list[datetime] = []
    before: list[timedelta] = []
    worked = timedelta()
    day, last = (moment.astimezone(hours.timezone).date() for moment in (start, end))
    while day <= last:
        for opened, closed in hours.spans_on(day):
            opens.append(opened)
            closes.append(closed)
            before.append(worked)
            worked += closed - opened
        day += timedelta(days=1)
    return BusinessClock(opens, closes, before)
