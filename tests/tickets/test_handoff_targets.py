"""Targets worked out by hand: changes of the clock in 2026, half-hour zones, holidays, leave."""

from datetime import UTC, date, datetime

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import Holiday
from tests.factories.base import make
from tests.factories.parties import make_offer
from tests.factories.people import AvailabilityFactory, CalendarFactory, TeamFactory, UserFactory
from tickets.actions import handoffs
from tickets.models import Priority
from tickets.queries.accountability import accountable_for_matters
from tickets.queries.handoff_targets import due_at, expires_at

pytestmark = pytest.mark.django_db
# nights at the weekend, through the hour at which the clock is changed
NIGHTS = [[]] * 5 + [[["00:00", "06:00"]]] * 2


def team_in(timezone, **calendar):
    return TeamFactory(calendar=CalendarFactory(timezone=timezone, **calendar))


def utc(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "priority", "offered_at", "due"),
    [
        # Four hours from Friday 15:00: two until 17:00, two from Monday 9:00, so Monday 11:00.
        # Berlin, summer time from Sunday 29 March: 15:00 is 14:00 UTC, 11:00 is 9:00 UTC.
        ("Europe/Berlin", "critical", utc(2026, 3, 27, 14), utc(2026, 3, 30, 9)),
        # until Sunday 25 October: 15:00 is 13:00 UTC, 11:00 is 10:00 UTC
        ("Europe/Berlin", "critical", utc(2026, 10, 23, 13), utc(2026, 10, 26, 10)),
        # New York, from Sunday 8 March: 15:00 is 20:00 UTC, 11:00 is 15:00 UTC
        ("America/New_York", "critical", utc(2026, 3, 6, 20), utc(2026, 3, 9, 15)),
        # until Sunday 1 November: 15:00 is 19:00 UTC, 11:00 is 16:00 UTC
        ("America/New_York", "critical", utc(2026, 10, 30, 19), utc(2026, 11, 2, 16)),
        # Adelaide, until Sunday 5 April: 15:00 is 4:30 UTC (10:30 ahead), 11:00 is 1:30 UTC (9:30)
        ("Australia/Adelaide", "critical", utc(2026, 4, 3, 4, 30), utc(2026, 4, 6, 1, 30)),
        # from Sunday 4 October: 15:00 is 5:30 UTC, 11:00 is 0:30 UTC
        ("Australia/Adelaide", "critical", utc(2026, 10, 2, 5, 30), utc(2026, 10, 5, 0, 30)),
        # Kolkata has no summer time and is 5:30 ahead. Friday 15:30 is 10:00 UTC: 1:30 h until
        # 17:00, 2:30 h from Monday 9:00, so Monday 11:30, which is 6:00 UTC.
        ("Asia/Kolkata", "critical", utc(2026, 6, 5, 10), utc(2026, 6, 8, 6)),
        # One day from Friday 10:00 is Monday 10:00: in Berlin 9:00 UTC, then 8:00 UTC.
        ("Europe/Berlin", "high", utc(2026, 3, 27, 9), utc(2026, 3, 30, 8)),
        # Two days from Friday 10:00 is Tuesday 10:00: in New York 15:00 UTC, then 14:00 UTC.
        ("America/New_York", "normal", utc(2026, 3, 6, 15), utc(2026, 3, 10, 14)),
        # In autumn 14:00 UTC, then 15:00 UTC.
        ("America/New_York", "normal", utc(2026, 10, 30, 14), utc(2026, 11, 3, 15)),
        # Five days from Wednesday 10:00 in Adelaide: 1, 2, 5, 6 and 7 October, a Wednesday.
        # 10:00 is 0:30 UTC, from 4 October on 23:30 UTC of the day before.
        ("Australia/Adelaide", "low", utc(2026, 9, 30, 0, 30), utc(2026, 10, 6, 23, 30)),
    ],
)
def test_a_target_keeps_the_clock_of_its_team(timezone, *, priority, offered_at, due):
    assert due_at(team_in(timezone), priority=priority, offered_at=offered_at) == due


@pytest.mark.parametrize(
    ("offered_at", "due"),
    [
        # The shift begins at 0:00. In spring that is 23:00 UTC; at 2:00 it becomes 3:00, so four
        # hours that pass end at 5:00, which is 3:00 UTC.
        (utc(2026, 3, 28, 20), utc(2026, 3, 29, 3)),
        # In autumn 0:00 is 22:00 UTC; at 3:00 it becomes 2:00 again: they end at 3:00, 2:00 UTC.
        (utc(2026, 10, 24, 20), utc(2026, 10, 25, 2)),
    ],
)
def test_hours_worked_while_the_clock_changes_are_hours_that_pass(offered_at, due):
    team = team_in("Europe/Berlin", weekly_hours=NIGHTS)

    assert due_at(team, priority=Priority.CRITICAL, offered_at=offered_at) == due


def test_a_clock_time_that_the_change_leaves_out_is_a_day_later():
    # Saturday 2:30 is 1:30 UTC. On Sunday 2:30 does not exist: 24 hours later it is 3:30.
    team = team_in("Europe/Berlin", weekly_hours=NIGHTS)

    due = due_at(team, priority=Priority.HIGH, offered_at=utc(2026, 3, 28, 1, 30))

    assert due == utc(2026, 3, 29, 1, 30)


def test_holidays_and_the_change_of_the_clock_together():
    # Thursday 2 April 10:00 in Adelaide is 23:30 UTC of Wednesday. Good Friday and Easter Monday
    # are off, so the next working day is Tuesday 7 April; its 10:00 is 0:30 UTC.
    team = team_in("Australia/Adelaide")
    for day in (date(2026, 4, 3), date(2026, 4, 6)):
        make(Holiday, calendar=team.calendar, on=day, name="Easter")

    due = due_at(team, priority=Priority.HIGH, offered_at=utc(2026, 4, 1, 23, 30))

    assert due == utc(2026, 4, 7, 0, 30)


def test_hours_left_over_a_holiday_go_on_after_it():
    # Friday 1 May is off. Thursday 15:00 in Berlin is 13:00 UTC: two hours until 17:00, and two
    # from Monday 4 May 9:00 on: 11:00, which is 9:00 UTC.
    team = team_in("Europe/Berlin")
    make(Holiday, calendar=team.calendar, on=date(2026, 5, 1), name="Labour Day")

    due = due_at(team, priority=Priority.CRITICAL, offered_at=utc(2026, 4, 30, 13))

    assert due == utc(2026, 5, 4, 9)


def test_twice_the_target_goes_over_the_end_of_summer_time(parties):
    # Two days, twice: from Thursday 22 October 10:00 (8:00 UTC) Friday, Monday, Tuesday and
    # Wednesday 28 October 10:00, which is 9:00 UTC.
    handoff = make_offer(parties, at=utc(2026, 10, 22, 8))

    assert expires_at(handoff) == utc(2026, 10, 28, 9)


def test_a_leave_in_the_middle_moves_no_target_but_who_answers(parties):
    # Offered Thursday 22 October 10:00, due Monday 26 October 10:00 (9:00 UTC); the receiver took
    # it on Thursday and is away on Friday alone.
    handoff = make_offer(parties, at=utc(2026, 10, 22, 8))
    handoffs.accept_handoff(handoff, by=parties.csm, at=utc(2026, 10, 22, 9))
    cover = UserFactory(name="Theo Lang")
    AvailabilityFactory(
        user=parties.csm,
        cover=cover,
        cover_confirmed_at=utc(2026, 10, 22, 12),
        during=TimestamptzRange(utc(2026, 10, 22, 22), utc(2026, 10, 23, 22)),
    )

    answered = [
        accountable_for_matters([handoff.pk], at=moment)[handoff.pk].user_id
        for moment in (utc(2026, 10, 22, 12), utc(2026, 10, 23, 12), utc(2026, 10, 26, 12))
    ]

    assert answered == [parties.csm.pk, cover.pk, parties.csm.pk]
    assert handoff.due_at == utc(2026, 10, 26, 9)
