"""Business time: moments and spans counted in a team's working hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts.models import Holiday
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import BusinessCalendar

DAYS_SEARCHED = 3660


@dataclass(frozen=True)
class WorkingHours:
    """A calendar as plain values: weekly hours in a zone, less the holidays."""

    timezone: ZoneInfo
    # for each weekday, Monday first, the spans worked
    weekly: tuple[tuple[tuple[time, time], ...], ...]
    holidays: frozenset[date]

    def spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Worked spans in UTC, in order, cut off before `start`. Raises Refused past ten years."""
        first_day = start.astimezone(self.timezone).date()
        for offset in count():
            if offset > DAYS_SEARCHED:
                raise Refused("This calendar has no working hours within ten years.")
            for opens, closes in self.spans_on(first_day + timedelta(days=offset)):
                if closes > start:
                    yield max(opens, start.astimezone(UTC)), closes

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Worked spans of one local day, in UTC."""
        if day in self.holidays:
            return []
        return [
            (self._moment(day, opens), self._moment(day, closes))
            for opens, closes in self.weekly[day.weekday()]
        ]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.timezone).astimezone(UTC)


def hours_of(calendar: BusinessCalendar) -> WorkingHours:
    """A calendar's working hours with its holidays, in one query."""
    holidays = set(Holiday.objects.filter(calendar=calendar).values_list("on", flat=True))
    return working_hours(calendar.weekly_hours, timezone=calendar.timezone, holidays=holidays)


def working_hours(
    weekly_hours: Sequence[Sequence[tuple[str, str]]], *, timezone: str, holidays: set[date]
) -> WorkingHours:
    """Working hours as a calendar's columns say them."""
    return WorkingHours(
        timezone=ZoneInfo(timezone),
        weekly=tuple(
            tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day)
            for day in weekly_hours
        ),
        holidays=frozenset(holidays),
    )


def add_business_time(hours: WorkingHours, start: datetime, duration: timedelta) -> datetime:
    """The moment at which `duration` of working time has passed since `start`. Raises Refused."""
    left = duration
    for opens, closes in hours.spans_from(start):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise AssertionError("spans_from never ends")


def add_business_days(hours: WorkingHours, start: datetime, days: int) -> datetime:
    """The moment `days` working days after `start`: at the same clock time, or when work begins."""
    day = start.astimezone(hours.timezone).date()
    left = days
    for _ in range(DAYS_SEARCHED):
        day += timedelta(days=1)
        left -= bool(hours.spans_on(day))
        if left == 0:
            return _same_clock(hours, start, day)
    raise Refused("This calendar has no working hours within ten years.")


def business_time_between(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """Working time that passed from `start` to `end`; none when `end` comes first."""
    total = timedelta()
    if end <= start:
        return total
    for opens, closes in hours.spans_from(start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def is_working(hours: WorkingHours, at: datetime) -> bool:
    """Whether this moment lies in working hours."""
    day = at.astimezone(hours.timezone).date()
    return any(opens <= at < closes for opens, closes in hours.spans_on(day))


def weekdays_between(first: date, last: date) -> int:
    """Mondays to Fridays after `first` up to and with `last`; none when `last` comes first."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    tail = sum((first + timedelta(days=offset)).weekday() < 5 for offset in range(1, rest + 1))
    return weeks * 5 + tail


def _same_clock(hours: WorkingHours, start: datetime, day: date) -> datetime:
    clock = start.astimezone(hours.timezone).time()
    moment = datetime.combine(day, clock, tzinfo=hours.timezone).astimezone(UTC)
    spans = hours.spans_on(day)
    return min(max(moment, spans[0][0]), spans[-1][1])
