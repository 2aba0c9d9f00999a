from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from psycopg.types.range import TimestamptzRange

from accounts.actions.assignments import assign_customers
from accounts.models import Assignment, Cause
from accounts.queries.accountability import (
    NobodyAccountable,
    accountable,
    accountable_for,
)
from supportsuccess.errors import Refused
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.people import (
    LONG_AGO,
    AvailabilityFactory,
    PoolFactory,
    PoolLeadFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def away(user, **cover):
    return AvailabilityFactory(user=user, during=TimestamptzRange(LONG_AGO, None), **cover)


def test_accountable_is_the_holder():
    assignment = AssignmentFactory()

    found = accountable(assignment.customer_id, at=NOW)

    assert (found.user_id, found.via) == (assignment.holder_user_id, "holder")


def test_accountable_for_a_pool_is_its_lead_on_duty():
    lead = PoolLeadFactory()
    assignment = AssignmentFactory(holder_user=None, holder_pool=lead.pool)

    found = accountable(assignment.customer_id, at=NOW)

    assert (found.user_id, found.via, found.holder) == (lead.user_id, "pool", lead.pool.name)


def test_accountable_refuses_a_role_nobody_holds():
    with pytest.raises(NobodyAccountable):
        accountable(CustomerFactory().pk, at=NOW)


def test_accountable_for_costs_the_same_for_many(django_assert_max_num_queries):
    assignments = AssignmentFactory.create_batch(5)

    with django_assert_max_num_queries(4):
        found = accountable_for([a.customer_id for a in assignments], at=NOW)

    assert len(found) == 5


def test_assign_customers_closes_the_former_interval():
    assignment = AssignmentFactory()
    successor = UserFactory()

    assign_customers(
        [assignment.customer_id],
        role="owner",
        to=successor,
        cause=Cause.REASSIGNED,
        by=successor,
        at=NOW,
    )

    before = accountable(assignment.customer_id, at=NOW - timedelta(seconds=1))
    after = accountable(assignment.customer_id, at=NOW)
    assert (before.user_id, after.user_id) == (assignment.holder_user_id, successor.pk)


def test_assign_customers_leaves_what_the_holder_has_already():
    assignment = AssignmentFactory()

    moved = assign_customers(
        [assignment.customer_id],
        role="owner",
        to=assignment.holder_user,
        cause=Cause.REASSIGNED,
        by=assignment.holder_user,
        at=NOW,
    )

    assert (moved, Assignment.objects.count()) == ([], 1)


def test_assign_customers_takes_a_pool():
    pool = PoolFactory()
    customer = CustomerFactory()

    assign_customers(
        [customer.pk], role="owner", to=pool, cause=Cause.INTAKE, by=UserFactory(), at=NOW
    )

    assert Assignment.objects.get().holder_pool == pool


def test_assign_customers_refuses_somebody_who_has_left():
    leaver = UserFactory(is_active=False)

    with pytest.raises(Refused, match="no longer works here"):
        assign_customers(
            [CustomerFactory().pk],
            role="owner",
            to=leaver,
            cause=Cause.REASSIGNED,
            by=UserFactory(),
            at=NOW,
        )


def test_assign_customers_refuses_a_moment_before_the_current_holder():
    assignment = AssignmentFactory(during=TimestamptzRange(NOW, None))

    with pytest.raises(Refused):
        assign_customers(
            [assignment.customer_id],
            role="owner",
            to=UserFactory(),
            cause=Cause.REASSIGNED,
            by=UserFactory(),
            at=NOW - timedelta(days=1),
        )


def test_assignment_refuses_a_second_holder_at_a_time():
    assignment = AssignmentFactory()

    with pytest.raises(IntegrityError, match="assignment_one_holder_per_role"):
        AssignmentFactory(customer=assignment.customer)


def test_an_interval_is_closed_once():
    past = TimestamptzRange(LONG_AGO, LONG_AGO + timedelta(days=1))
    assignment = AssignmentFactory(during=past)

    with pytest.raises(DatabaseError, match="is closed once"), transaction.atomic():
        open_group_and_run(
            "UPDATE accounts_assignment SET during = tstzrange(lower(during), NULL) WHERE id = %s",
            [assignment.pk],
        )


def test_an_interval_keeps_its_beginning():
    assignment = AssignmentFactory()

    with pytest.raises(DatabaseError, match="keeps its beginning"), transaction.atomic():
        open_group_and_run(
            "UPDATE accounts_assignment SET during = tstzrange('2021-01-01', NULL) WHERE id = %s",
            [assignment.pk],
        )


def open_group_and_run(statement, parameters):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('supportsuccess.audit_group', max(id)::text, true)"
            " FROM audit_eventgroup"
        )
        cursor.execute(statement, parameters)
