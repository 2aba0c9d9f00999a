"""Business time looked up is business time counted, over both changes of the clocks."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.queries.business_clock import clock_over
from accounts.queries.calendars import business_time_between, working_hours

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
LUNCH = [[["08:30", "12:00"], ["13:00", "17:30"]]] * 5 + [[["10:00", "12:00"]], []]
ZONES = ("Europe/Dublin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
CLOSED = {date(2026, 4, 6), date(2026, 10, 26)}
moments = st.datetimes(
    min_value=START.replace(tzinfo=None), max_value=END.replace(tzinfo=None), timezones=st.just(UTC)
)


@given(zone=st.sampled_from(ZONES), start=moments, end=moments)
def test_what_is_looked_up_is_what_is_counted(zone, start, end):
    hours = working_hours(LUNCH, timezone=zone, holidays=CLOSED)

    looked_up = clock_over(hours, start=START, end=END).between(start, end)

    assert looked_up == business_time_between(hours, start, end)


def test_before_the_first_hours_nothing_was_worked():
    hours = working_hours([[]] * 7, timezone="UTC", holidays=set())

    assert clock_over(hours, start=START, end=END).between(START, END) == timedelta()
