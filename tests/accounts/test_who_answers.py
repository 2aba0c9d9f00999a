from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import AssignmentRole, MembershipRole
from accounts.queries.accountability import accountable_by_role, covered_by
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


def test_roles_come_in_their_order():
    customer = CustomerFactory()
    executive = AssignmentRole.objects.get(key="account_executive")
    AssignmentFactory(customer=customer, role=executive)
    AssignmentFactory(customer=customer)

    roles = [role for role, _ in accountable_by_role(customer.pk, at=NOW)]

    assert roles == ["Owner", "Account executive"]


def test_a_covered_holder_stays_on_paper():
    owner, cover = UserFactory(name="Ines"), UserFactory(name="Rob")
    assignment = AssignmentFactory(holder_user=owner)
    away(owner, cover=cover)

    ((_, answer),) = accountable_by_role(assignment.customer_id, at=NOW)

    assert (answer.name, answer.via, answer.holder) == ("Rob", "cover", "Ines")


def test_a_pool_answers_by_its_lead():
    lead = PoolLeadFactory(pool=PoolFactory(name="Scale"))
    assignment = AssignmentFactory(holder_user=None, holder_pool=lead.pool)

    ((_, answer),) = accountable_by_role(assignment.customer_id, at=NOW)

    assert (answer.user_id, answer.via, answer.holder) == (lead.user_id, "pool", "Scale")


def test_a_pool_without_lead_has_nobody():
    assignment = AssignmentFactory(holder_user=None, holder_pool=PoolFactory())

    assert accountable_by_role(assignment.customer_id, at=NOW) == []


def test_one_answers_for_whom_one_covers_through_a_chain():
    first, second, third = UserFactory(), UserFactory(), UserFactory()
    away(first, cover=second)
    away(second, cover=third)

    assert covered_by(third.pk, at=NOW) == {first.pk, second.pk}
    assert covered_by(second.pk, at=NOW) == set()


def test_a_lead_answers_for_whom_nobody_covers():
    team = TeamFactory()
    member, lead = UserFactory(), UserFactory()
    MembershipFactory(team=team, user=member)
    MembershipFactory(team=team, user=lead, role=MembershipRole.LEAD)
    away(member)

    assert covered_by(lead.pk, at=NOW) == {member.pk}


def test_nobody_away_is_nobody_covered():
    assert covered_by(UserFactory().pk, at=NOW) == set()
