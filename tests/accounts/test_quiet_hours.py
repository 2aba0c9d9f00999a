from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.notice_settings import Hours, change_notice_settings
from accounts.actions.notifications import Told, notify
from accounts.models import Holiday, NoticeReason
from accounts.queries.quiet_hours import MailHours, WorkingDays, mail_hours_of
from supportsuccess import outbox
from supportsuccess.outbox.models import Delivery
from tests.factories.base import make
from tests.factories.people import CalendarFactory, MembershipFactory, TeamFactory, UserFactory

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NIGHT = (time(19), time(7, 30))


def berlin(*moment):
    return datetime(*moment, tzinfo=BERLIN)


def hours(quiet=NIGHT, *, days_off=False, holidays=()):
    working = WorkingDays(holidays=frozenset(holidays))
    return MailHours(timezone=BERLIN, quiet=quiet, is_quiet_on_days_off=days_off, working=working)


@pytest.mark.parametrize(
    ("moment", "leaves_at"),
    [
        # a Tuesday: by day, in the evening, in the early morning, at either end
        (berlin(2026, 6, 2, 12), berlin(2026, 6, 2, 12)),
        (berlin(2026, 6, 2, 22), berlin(2026, 6, 3, 7, 30)),
        (berlin(2026, 6, 2, 3), berlin(2026, 6, 2, 7, 30)),
        (berlin(2026, 6, 2, 19), berlin(2026, 6, 3, 7, 30)),
        (berlin(2026, 6, 2, 7, 30), berlin(2026, 6, 2, 7, 30)),
        # over the nights in which the clock goes forward and back
        (berlin(2026, 3, 28, 22), berlin(2026, 3, 29, 7, 30)),
        (berlin(2026, 10, 24, 22), berlin(2026, 10, 25, 7, 30)),
    ],
)
def test_mail_of_the_night_leaves_in_the_morning(moment, leaves_at):
    assert hours().leaves_at(moment) == leaves_at


def test_mail_of_a_day_off_leaves_when_the_next_working_day_is_not_quiet():
    friday_evening = berlin(2026, 6, 5, 20)
    monday_off = [date(2026, 6, 8)]

    assert hours(days_off=True).leaves_at(friday_evening) == berlin(2026, 6, 8, 7, 30)
    assert hours(days_off=True, holidays=monday_off).leaves_at(friday_evening) == berlin(
        2026, 6, 9, 7, 30
    )


def test_quiet_around_noon_ends_the_same_day():
    assert hours((time(12), time(13))).leaves_at(berlin(2026, 6, 2, 12, 5)) == berlin(
        2026, 6, 2, 13
    )


@given(
    moment=st.timedeltas(timedelta(), timedelta(days=365)).map(NEW_YEAR.__add__),
    ends=st.lists(st.times(), min_size=2, max_size=2, unique=True),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
    days_off=st.booleans(),
)
def test_mail_never_leaves_earlier_and_never_while_it_is_quiet(*, moment, ends, zone, days_off):
    one = MailHours(timezone=ZoneInfo(zone), quiet=tuple(ends), is_quiet_on_days_off=days_off)

    leaves_at = one.leaves_at(moment)

    assert moment <= leaves_at <= moment + timedelta(days=5)
    assert one.leaves_at(leaves_at) == leaves_at


def test_the_hours_are_those_of_the_person_and_of_their_teams_calendar(db):
    user = UserFactory(timezone="Asia/Kolkata")
    calendar = CalendarFactory()
    MembershipFactory(user=user, team=TeamFactory(calendar=calendar))
    make(Holiday, calendar=calendar, on=date(2026, 6, 1), name="Whit Monday")

    found = mail_hours_of([user.pk], at=berlin(2026, 6, 1, 12))[user.pk]

    assert found.timezone.key == "Asia/Kolkata"
    days = [date(2026, 6, day) for day in (1, 2, 6)]
    assert [found.working.includes(day) for day in days] == [False, True, False]


def promised_for(user, *, urgency):
    notify(
        [user],
        kind="handoff_offered",
        title="x",
        path="/",
        key=urgency,
        at=berlin(2026, 6, 2, 22),
        told={user.pk: Told(NoticeReason.RECEIVER)},
        urgency=urgency,
    )
    return Delivery.objects.latest("pk").run_at


def test_quiet_hours_hold_mail_and_what_is_critical_passes(db):
    user = UserFactory(timezone="Europe/Berlin")
    quiet = Hours(*NIGHT, is_quiet_on_days_off=False, digest_at=time(8))
    change_notice_settings(user, ways={}, has_digest=True, hours=quiet, by=user)

    assert promised_for(user, urgency="normal") == berlin(2026, 6, 3, 7, 30)
    assert promised_for(user, urgency="critical") == berlin(2026, 6, 2, 22, 0, 10)


def test_held_mail_that_was_read_meanwhile_does_not_leave(db, mailoutbox):
    user = UserFactory()
    (notice,) = notify(
        [user], kind="handoff_offered", title="x", path="/", key="1", at=berlin(2026, 6, 2, 22)
    )
    notice.read_at = berlin(2026, 6, 2, 22)
    notice.save(update_fields=["read_at"])

    outbox.deliver_due()

    assert mailoutbox == []
