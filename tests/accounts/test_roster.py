from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import Holiday, MembershipRole
from accounts.queries.roster import roster_of
from tests.factories.base import make
from tests.factories.people import (
    LONG_AGO,
    AvailabilityFactory,
    CalendarFactory,
    MembershipFactory,
    TeamFactory,
    UserFactory,
    since,
)

pytestmark = pytest.mark.django_db

# a Monday: Berlin works from seven to fifteen o'clock UTC
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT_NIGHT = datetime(2026, 6, 1, 20, tzinfo=UTC)


def away(user, *, cover=None, at=NOW):
    days = TimestamptzRange(at - timedelta(days=1), at + timedelta(days=1))
    confirmed = at if cover else None
    return AvailabilityFactory(user=user, during=days, cover=cover, cover_confirmed_at=confirmed)


def answering(user, *, at=NOW):
    found = roster_of([user.pk], at=at).answering(user.pk)
    return found.user_id, found.via


def on_duty(user, *, at):
    found = roster_of([user.pk], at=at).on_duty(user.pk)
    return found.user_id, found.via


def covered_by(user):
    return roster_of([], at=NOW).covered_by(user.pk)


@pytest.fixture
def lead():
    return MembershipFactory(role=MembershipRole.LEAD).user


@pytest.fixture
def member(lead):
    return MembershipFactory(team=lead.memberships.get().team).user


def test_answering_is_who_is_here(member):
    assert answering(member) == (member.pk, "holder")


def test_answering_follows_confirmed_covers():
    first, second, third = UserFactory.create_batch(3)
    away(first, cover=second)
    away(second, cover=third)

    assert answering(first) == (third.pk, "cover")


def test_answering_ignores_a_cover_who_did_not_confirm(member, lead):
    AvailabilityFactory(user=member, cover=UserFactory())

    assert answering(member) == (lead.pk, "lead")


def test_answering_ends_a_circle_of_covers_at_the_lead(member, lead):
    other = UserFactory()
    away(member, cover=other)
    away(other, cover=member)

    assert answering(member) == (lead.pk, "lead")


def test_answering_asks_the_cover_of_an_absent_lead(member, lead):
    deputy = UserFactory()
    away(member)
    away(lead, cover=deputy)

    assert answering(member) == (deputy.pk, "lead")


def test_answering_is_nobody_else_where_all_are_away(member, lead):
    away(member)
    away(lead)

    assert answering(member) == (member.pk, "holder")


def test_answering_ignores_who_led_the_team_before():
    former = TimestamptzRange(LONG_AGO, NOW - timedelta(days=30))
    team = MembershipFactory(role=MembershipRole.LEAD, during=former).team
    member = MembershipFactory(team=team).user
    away(member)

    assert answering(member) == (member.pk, "holder")


def test_on_duty_is_the_lead_outside_the_hours_of_the_team(member, lead):
    assert on_duty(member, at=NOW) == (member.pk, "holder")
    assert on_duty(member, at=AT_NIGHT) == (lead.pk, "off_duty")


def test_on_duty_is_the_lead_on_a_holiday_of_the_team(member, lead):
    calendar = lead.memberships.get().team.calendar
    make(Holiday, calendar=calendar, on=NOW.date(), name="Whit Monday")

    assert on_duty(member, at=NOW) == (lead.pk, "off_duty")


def test_on_duty_takes_the_hours_of_the_first_team(member):
    second = TeamFactory(calendar=CalendarFactory(timezone="Asia/Tokyo"))
    MembershipFactory(user=member, team=second, during=since(NOW - timedelta(days=9)))
    MembershipFactory(team=second, role=MembershipRole.LEAD)

    assert on_duty(member, at=NOW) == (member.pk, "holder")


def test_on_duty_is_the_cover_of_who_is_away_at_night(member):
    cover = UserFactory()
    away(member, cover=cover, at=AT_NIGHT)

    assert on_duty(member, at=AT_NIGHT) == (cover.pk, "cover")


def test_on_duty_at_night_follows_an_absent_lead(member, lead):
    cover = UserFactory()
    away(lead, cover=cover, at=AT_NIGHT)

    assert on_duty(member, at=AT_NIGHT) == (cover.pk, "off_duty")


def test_one_answers_for_whom_one_covers_through_a_chain():
    first, second, third = UserFactory.create_batch(3)
    away(first, cover=second)
    away(second, cover=third)

    assert covered_by(third) == {first.pk, second.pk}
    assert covered_by(second) == set()


def test_a_lead_answers_for_whom_nobody_covers(member, lead):
    away(member)

    assert covered_by(lead) == {member.pk}


def test_nobody_away_is_nobody_covered(lead):
    assert covered_by(lead) == set()


def test_a_person_who_is_away_answers_for_nobody_who_is_not_here(member, lead):
    away(lead)

    assert covered_by(lead) == set()


def test_a_roster_costs_one_query_whoever_is_away(member, lead, django_assert_num_queries):
    away(member)
    away(lead, cover=UserFactory())
    people = [member.pk, *(user.pk for user in UserFactory.create_batch(3))]

    with django_assert_num_queries(1):
        roster = roster_of(people, at=AT_NIGHT)

    assert [roster.on_duty(pk).user_id for pk in people[1:]] == people[1:]
