from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import AssignmentRole, MembershipRole
from accounts.queries.accountability import (
    NobodyAccountable,
    accountable,
    accountable_for,
    holdings_by_role,
)
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.people import (
    AvailabilityFactory,
    MembershipFactory,
    PoolFactory,
    PoolLeadFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def away(user, *, cover=None):
    days = TimestamptzRange(NOW - timedelta(days=1), NOW + timedelta(days=1))
    confirmed = NOW if cover else None
    return AvailabilityFactory(user=user, during=days, cover=cover, cover_confirmed_at=confirmed)


@pytest.fixture
def leaver():
    """Somebody who is gone, of a team that nobody leads, inside another."""
    team = TeamFactory(parent=TeamFactory())
    return MembershipFactory(team=team, user__is_active=False).user


def test_roles_come_in_their_order():
    customer = CustomerFactory()
    executive = AssignmentRole.objects.get(key="account_executive")
    AssignmentFactory(customer=customer, role=executive)
    AssignmentFactory(customer=customer)

    roles = [role for role, _ in holdings_by_role(customer.pk, at=NOW)]

    assert roles == ["Owner", "Account executive"]


def test_a_covered_holder_stays_on_paper():
    owner, cover = UserFactory(name="Ines"), UserFactory(name="Rob")
    assignment = AssignmentFactory(holder_user=owner)
    away(owner, cover=cover)

    answer = accountable(assignment.customer_id, at=NOW)

    assert (answer.name, answer.via, answer.holder) == ("Rob", "cover", "Ines")


def test_a_pool_answers_by_its_lead():
    lead = PoolLeadFactory(pool=PoolFactory(name="Scale"))
    assignment = AssignmentFactory(holder_user=None, holder_pool=lead.pool)

    answer = accountable(assignment.customer_id, at=NOW)

    assert (answer.user_id, answer.via, answer.holder) == (lead.user_id, "pool", "Scale")


def test_a_pool_without_lead_answers_by_its_teams():
    pool = PoolFactory(name="Scale")
    lead = MembershipFactory(team=pool.team, role=MembershipRole.LEAD).user
    assignment = AssignmentFactory(holder_user=None, holder_pool=pool)

    answer = accountable(assignment.customer_id, at=NOW)

    assert (answer.user_id, answer.via) == (lead.pk, "team")
    assert answer.why == "leads the team of the pool Scale, which has no lead"


def test_a_pool_that_nobody_leads_has_nobody():
    assignment = AssignmentFactory(holder_user=None, holder_pool=PoolFactory())

    assert accountable_for([assignment.customer_id], at=NOW) == {}
    assert holdings_by_role(assignment.customer_id, at=NOW) == []


def test_a_leavers_cover_answers_while_it_is_confirmed():
    leaver, cover = UserFactory(is_active=False), UserFactory()
    assignment = AssignmentFactory(holder_user=leaver)
    away(leaver, cover=cover)

    answer = accountable(assignment.customer_id, at=NOW)

    assert (answer.user_id, answer.via) == (cover.pk, "cover")


def test_a_leavers_lead_answers(leaver):
    team = leaver.memberships.get().team
    lead = MembershipFactory(team=team, role=MembershipRole.LEAD).user
    assignment = AssignmentFactory(holder_user=leaver)

    answer = accountable(assignment.customer_id, at=NOW)

    assert (answer.user_id, answer.via, answer.holder) == (lead.pk, "lead", leaver.name)


def test_a_leaver_whose_team_nobody_leads_is_followed_from_above(leaver):
    assignment = AssignmentFactory(holder_user=leaver)
    above = MembershipFactory(
        team=leaver.memberships.get().team.parent, role=MembershipRole.LEAD
    ).user

    answer = accountable(assignment.customer_id, at=NOW)

    assert (answer.user_id, answer.via) == (above.pk, "lead")


def test_a_leaver_who_led_a_pool_is_followed():
    pool = PoolFactory()
    pool_lead = PoolLeadFactory(pool=pool, user__is_active=False)
    MembershipFactory(user=pool_lead.user, team=pool.team)
    lead = MembershipFactory(team=pool.team, role=MembershipRole.LEAD).user
    assignment = AssignmentFactory(holder_user=None, holder_pool=pool)

    assert accountable(assignment.customer_id, at=NOW).user_id == lead.pk


def test_a_leaver_whom_nobody_leads_is_nobody_rather_than_somebody_gone(leaver):
    assignment = AssignmentFactory(holder_user=leaver)

    with pytest.raises(NobodyAccountable):
        accountable(assignment.customer_id, at=NOW)
