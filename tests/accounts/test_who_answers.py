from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import AssignmentRole
from accounts.queries.accountability import accountable, accountable_for, holdings_by_role
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.people import (
    AvailabilityFactory,
    PoolFactory,
    PoolLeadFactory,
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


def test_a_pool_without_lead_has_nobody():
    assignment = AssignmentFactory(holder_user=None, holder_pool=PoolFactory())

    assert accountable_for([assignment.customer_id], at=NOW) == {}
    assert holdings_by_role(assignment.customer_id, at=NOW) == []
