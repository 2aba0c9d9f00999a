from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import teams
from accounts.models import MembershipRole, PoolLead, TeamKind
from accounts.queries.roster import roster_of
from supportsuccess.errors import Refused
from tests.factories.people import NINE_TO_FIVE, CalendarFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def admin():
    return UserFactory(role="admin")


def test_create_calendar_wants_seven_days(admin):
    with pytest.raises(Refused, match="seven days"):
        teams.create_calendar("x", timezone="UTC", weekly_hours=NINE_TO_FIVE[:5], by=admin)


def test_create_team_refuses_a_taken_name(admin):
    taken = TeamFactory()

    with pytest.raises(Refused, match=taken.name):
        teams.create_team(taken.name, kind=TeamKind.SALES, calendar=CalendarFactory(), by=admin)


def test_join_team_refuses_a_member(admin):
    team, user = TeamFactory(), UserFactory()
    teams.join_team(team, user=user, by=admin, at=NOW, role=MembershipRole.LEAD)

    with pytest.raises(Refused, match="already"):
        teams.join_team(team, user=user, by=admin, at=NOW)


def test_create_pool_has_a_lead_at_once(admin):
    lead = UserFactory()

    pool = teams.create_pool("Scale", team=TeamFactory(), lead=lead, by=admin, at=NOW)

    assert PoolLead.objects.at(NOW).get(pool=pool).user == lead


def test_create_pool_refuses_a_taken_name(admin):
    team = TeamFactory()
    teams.create_pool("Scale", team=team, lead=admin, by=admin, at=NOW)

    with pytest.raises(Refused, match="Scale"):
        teams.create_pool("Scale", team=team, lead=admin, by=admin, at=NOW)


def plan(user, cover, *, by):
    return teams.plan_absence(
        user, starts_at=NOW, ends_at=NOW + timedelta(days=5), cover=cover, by=by
    )


def test_confirm_cover_makes_the_cover_answer(admin):
    user, cover = UserFactory.create_batch(2)

    teams.confirm_cover(plan(user, cover, by=user), by=cover, at=NOW)

    assert roster_of([user.pk], at=NOW).answering(user.pk).user_id == cover.pk


def test_confirm_cover_refuses_somebody_else(admin):
    user, cover = UserFactory.create_batch(2)

    with pytest.raises(Refused, match="Only the cover"):
        teams.confirm_cover(plan(user, cover, by=user), by=admin, at=NOW)


def test_confirm_cover_happens_once(admin):
    user, cover = UserFactory.create_batch(2)
    absence = plan(user, cover, by=user)
    teams.confirm_cover(absence, by=cover, at=NOW)

    with pytest.raises(Refused, match="already"):
        teams.confirm_cover(absence, by=cover, at=NOW)


def test_plan_absence_refuses_oneself_as_cover(admin):
    with pytest.raises(Refused) as refusal:
        plan(admin, admin, by=admin)

    assert refusal.value.field == "cover"


def test_plan_absence_refuses_a_second_at_the_same_time(admin):
    plan(admin, None, by=admin)

    with pytest.raises(Refused, match="away at that time"):
        plan(admin, None, by=admin)
