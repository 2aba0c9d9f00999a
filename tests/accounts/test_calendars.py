from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.queries.calendars import (
    WorkingHours,
    add_business_days,
    add_business_time,
    business_time_between,
    hours_of,
    is_working,
    weekdays_between,
)
from supportsuccess.errors import Refused
from tests.factories.people import CalendarFactory

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = ((time(9), time(17)),)


def office(zone=BERLIN, holidays=(), weekly=None):
    week = weekly or (NINE_TO_FIVE,) * 5 + ((), ())
    return WorkingHours(timezone=zone, weekly=week, holidays=frozenset(holidays))


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        # Monday morning, inside one day
        (datetime(2026, 6, 1, 10, tzinfo=BERLIN), 4, datetime(2026, 6, 1, 14, tzinfo=BERLIN)),
        # over the night
        (datetime(2026, 6, 1, 15, tzinfo=BERLIN), 4, datetime(2026, 6, 2, 11, tzinfo=BERLIN)),
        # over a weekend, from outside working hours
        (datetime(2026, 6, 5, 20, tzinfo=BERLIN), 1, datetime(2026, 6, 8, 10, tzinfo=BERLIN)),
        # over the night in which the clock goes forward, 29 March 2026
        (datetime(2026, 3, 27, 16, tzinfo=BERLIN), 2, datetime(2026, 3, 30, 10, tzinfo=BERLIN)),
        # and back, 25 October 2026
        (datetime(2026, 10, 23, 16, tzinfo=BERLIN), 2, datetime(2026, 10, 26, 10, tzinfo=BERLIN)),
    ],
)
def test_add_business_time_counts_working_hours(start, hours, expected):
    assert add_business_time(office(), start, timedelta(hours=hours)) == expected


def test_add_business_time_skips_holidays():
    start = datetime(2026, 5, 29, 16, tzinfo=BERLIN)

    due = add_business_time(office(holidays=[date(2026, 6, 1)]), start, timedelta(hours=2))

    assert due == datetime(2026, 6, 2, 10, tzinfo=BERLIN)


def test_add_business_time_in_a_half_hour_zone():
    kolkata = ZoneInfo("Asia/Kolkata")

    due = add_business_time(
        office(zone=kolkata), datetime(2026, 6, 1, 3, 30, tzinfo=UTC), timedelta(hours=1)
    )

    assert due == datetime(2026, 6, 1, 4, 30, tzinfo=UTC)


def test_add_business_time_refuses_a_calendar_that_never_works():
    with pytest.raises(Refused, match="no working hours"):
        add_business_time(
            office(weekly=((),) * 7), datetime(2026, 6, 1, tzinfo=UTC), timedelta(hours=1)
        )


def test_add_business_days_keeps_the_clock_time():
    friday = datetime(2026, 6, 5, 11, tzinfo=BERLIN)

    assert add_business_days(office(), friday, 2) == datetime(2026, 6, 9, 11, tzinfo=BERLIN)


def test_business_time_between_leaves_nights_and_weekends_out():
    passed = business_time_between(
        office(),
        datetime(2026, 6, 5, 16, tzinfo=BERLIN),
        datetime(2026, 6, 8, 10, tzinfo=BERLIN),
    )

    assert passed == timedelta(hours=2)


def test_business_time_between_is_none_backwards():
    start = datetime(2026, 6, 5, 16, tzinfo=BERLIN)

    assert business_time_between(office(), start, start - timedelta(days=9)) == timedelta()


@pytest.mark.parametrize(("hour", "expected"), [(8, False), (9, True), (16, True), (17, False)])
def test_is_working_knows_the_hours(hour, expected):
    assert is_working(office(), datetime(2026, 6, 1, hour, tzinfo=BERLIN)) is expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 6, 1), date(2026, 6, 5), 4),
        (date(2026, 6, 5), date(2026, 6, 8), 1),
        (date(2026, 6, 6), date(2026, 6, 7), 0),
        (date(2026, 6, 1), date(2026, 6, 15), 10),
        (date(2026, 6, 15), date(2026, 6, 1), 0),
    ],
)
def test_weekdays_between_counts_mondays_to_fridays(first, last, expected):
    assert weekdays_between(first, last) == expected


@pytest.mark.django_db
def test_hours_of_reads_the_calendar():
    hours = hours_of(CalendarFactory(timezone="Asia/Tokyo"))

    assert hours.spans_on(date(2026, 6, 1)) == [
        (datetime(2026, 6, 1, 0, tzinfo=UTC), datetime(2026, 6, 1, 8, tzinfo=UTC))
    ]
