"""When a person's mail may come: after quiet hours and days off, in their own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from accounts.models import Holiday, Membership, User
from accounts.models.notices import MORNING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

# longer than that nobody's team is closed; then a mail comes after all
DAYS_SEARCHED = 60
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class WorkingDays:
    """The days that a person's team works: Monday to Friday for who is in none."""

    weekdays: frozenset[int] = frozenset(range(SATURDAY))
    holidays: frozenset[date] = frozenset()

    def includes(self, day: date) -> bool:
        """Whether the team works on that day."""
        return day.weekday() in self.weekdays and day not in self.holidays


@dataclass(frozen=True, kw_only=True)
class MailHours:
    """What a person's settings and their team's calendar say about their mail."""

    timezone: ZoneInfo
    quiet: tuple[time, time] | None = None
    is_quiet_on_days_off: bool = False
    digest_at: time = MORNING
    working: WorkingDays = WorkingDays()

    def leaves_at(self, moment: datetime) -> datetime:
        """The first moment from this one on that is not quiet."""
        at = moment
        for _ in range(2 * DAYS_SEARCHED):
            end = self._quiet_until(at)
            if end is None:
                return at
            at = end.astimezone(UTC)
        return moment

    def digest_day(self, moment: datetime) -> date | None:
        """The day whose digest is due at this moment; none before its hour or on a day off."""
        local = moment.astimezone(self.timezone)
        is_due = local.time() >= self.digest_at and self.working.includes(local.date())
        return local.date() if is_due else None

    def _quiet_until(self, moment: datetime) -> datetime | None:
        """The end of the quiet that this moment lies in."""
        local = moment.astimezone(self.timezone)
        if self.is_quiet_on_days_off and not self.working.includes(local.date()):
            return datetime.combine(local + timedelta(days=1), time(), tzinfo=self.timezone)
        if self.quiet is None:
            return None
        starts, ends = self.quiet
        clock = local.time()
        if starts < ends:
            days = 0 if starts <= clock < ends else None
        else:
            days = 0 if clock < ends else 1 if clock >= starts else None
        return None if days is None else self._at(local, days, ends)

    def _at(self, local: datetime, days: int, clock: time) -> datetime:
        """That clock so many days on; within an hour that comes twice, in the same one of them."""
        day = local.date() + timedelta(days=days)
        end = datetime.combine(day, clock.replace(fold=local.fold), tzinfo=self.timezone)
        return max(end.astimezone(UTC), local.astimezone(UTC) + timedelta(seconds=1))


class Row(NamedTuple):
    pk: int
    timezone: str
    notice_hours__quiet_from: time | None
    notice_hours__quiet_until: time | None
    notice_hours__is_quiet_on_days_off: bool | None
    notice_hours__digest_at: time | None


def mail_hours_of(user_ids: Collection[int], *, at: datetime) -> dict[int, MailHours]:
    """These people's hours, in three queries."""
    rows = [Row(*row) for row in User.objects.filter(pk__in=user_ids).values_list(*Row._fields)]
    working = _working_days_of(user_ids, at=at)
    return {row.pk: _hours(row, working.get(row.pk, WorkingDays())) for row in rows}


def _hours(row: Row, working: WorkingDays) -> MailHours:
    starts, ends = row.notice_hours__quiet_from, row.notice_hours__quiet_until
    return MailHours(
        timezone=ZoneInfo(row.timezone),
        quiet=(starts, ends) if starts is not None and ends is not None else None,
        is_quiet_on_days_off=bool(row.notice_hours__is_quiet_on_days_off),
        digest_at=row.notice_hours__digest_at or MORNING,
        working=working,
    )


def _working_days_of(user_ids: Collection[int], *, at: datetime) -> dict[int, WorkingDays]:
    """By the calendar of the team that each has been in the longest."""
    memberships = Membership.objects.at(at).filter(user__in=user_ids).order_by("during", "pk")
    columns = ("user_id", "team__calendar_id", "team__calendar__weekly_hours")
    firsts: dict[int, tuple[int, list[list[object]]]] = {}
    for user_id, calendar_id, weekly_hours in memberships.values_list(*columns):
        firsts.setdefault(user_id, (calendar_id, weekly_hours))
    holidays = _holidays_of({calendar_id for calendar_id, _ in firsts.values()}, at=at)
    return {
        user_id: WorkingDays(
            weekdays=frozenset(day for day, spans in enumerate(weekly) if spans),
            holidays=frozenset(holidays.get(calendar_id, ())),
        )
        for user_id, (calendar_id, weekly) in firsts.items()
    }


def _holidays_of(calendar_ids: Iterable[int], *, at: datetime) -> dict[int, set[date]]:
    found: dict[int, set[date]] = {}
    yesterday = at.date() - timedelta(days=1)
    days = Holiday.objects.filter(calendar__in=calendar_ids, on__gte=yesterday)
    for calendar_id, day in days.values_list("calendar_id", "on"):
        found.setdefault(calendar_id, set()).add(day)
    return found
