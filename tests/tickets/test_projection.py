from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from supportsuccess import audit
from supportsuccess.imports.models import BatchState, ImportBatch
from tests.factories.imports import BatchFactory
from tests.factories.tickets import OPENED_AT, MessageFactory, TicketEventFactory, TicketFactory
from tickets.models import MessageDirection, Priority, Ticket, TicketStatus
from tickets.queries.projection import WRITTEN, project_tickets, projected_tickets_sql

pytestmark = pytest.mark.django_db


def clock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def project(*tickets, as_of=None):
    moment = clock()
    with transaction.atomic(), audit.group("project", by=audit.System("test")):
        return project_tickets(
            [ticket.pk for ticket in tickets], as_of=as_of or moment, known_at=moment
        )


def relation(as_of, known_at=None, scope="TRUE", **parameters):
    values = {"as_of": as_of, "known_at": known_at or clock(), **parameters}
    connection.ensure_connection()
    with connection.connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(projected_tickets_sql(scope=scope), values)
        return {row["id"]: row for row in cursor.fetchall()}


def told(ticket, hours, **said):
    moment = OPENED_AT + timedelta(hours=hours)
    return TicketEventFactory(ticket=ticket, occurred_at=moment, **said)


def withdrawn_batch():
    return BatchFactory(state=BatchState.UNDONE, withdrawn_at=clock())


def test_projection_keeps_what_was_said_last():
    ticket = TicketFactory()
    told(ticket, 1, status="open", priority="high", assignee_label="Ada")
    told(ticket, 2, is_blocked=True)
    told(ticket, 3, status="pending", source_status="Waiting")

    changed = project(ticket)

    ticket.refresh_from_db()
    assert changed == 1
    assert (ticket.status, ticket.source_status) == (TicketStatus.PENDING, "Waiting")
    assert (ticket.priority, ticket.assignee_label) == (Priority.HIGH, "Ada")
    assert ticket.is_blocked


def test_projection_orders_by_occurrence_then_sequence():
    ticket = TicketFactory()
    told(ticket, 2, status="solved", sequence=5)
    told(ticket, 2, status="open", sequence=4)
    told(ticket, 1, status="new", sequence=9)

    project(ticket)

    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.SOLVED
    assert ticket.first_solved_at == ticket.last_event_at == OPENED_AT + timedelta(hours=2)


def test_projection_keeps_first_and_last_solving_over_a_reopening():
    ticket = TicketFactory()
    for hours, status in enumerate(["open", "solved", "open", "solved", "solved", "closed"]):
        told(ticket, hours, status=status)

    project(ticket)

    ticket.refresh_from_db()
    assert ticket.first_solved_at == OPENED_AT + timedelta(hours=1)
    assert ticket.last_solved_at == OPENED_AT + timedelta(hours=4)
    assert ticket.closed_at == OPENED_AT + timedelta(hours=5)
    assert ticket.reopen_count == 1


def test_projection_trusts_the_reopenings_its_source_counts():
    ticket = TicketFactory()
    told(ticket, 1, status="open", reopen_count=3, reassignment_count=2)

    project(ticket)

    ticket.refresh_from_db()
    assert (ticket.reopen_count, ticket.reassignment_count) == (3, 2)


def test_projection_says_nothing_closed_of_a_reopened_ticket():
    ticket = TicketFactory()
    told(ticket, 1, status="closed")
    told(ticket, 2, status="open")

    project(ticket)

    ticket.refresh_from_db()
    assert ticket.closed_at is None
    assert ticket.reopen_count == 1


def test_projection_takes_the_first_public_reply_as_first_response():
    ticket = TicketFactory()
    told(ticket, 1, status="open")
    for hours, direction in enumerate(MessageDirection):
        MessageFactory(
            ticket=ticket, direction=direction, occurred_at=OPENED_AT + timedelta(hours=hours)
        )

    project(ticket)

    ticket.refresh_from_db()
    assert ticket.first_response_at == OPENED_AT + timedelta(hours=1)


def test_projection_writes_only_what_changed():
    ticket = TicketFactory()
    told(ticket, 1, status="open")
    project(ticket)

    changed = project(ticket)

    assert changed == 0
    assert Ticket.objects.get().version == ticket.version + 1


def test_projection_skips_facts_of_a_withdrawn_batch():
    ticket = TicketFactory()
    told(ticket, 1, status="open")
    told(ticket, 2, status="solved", batch=withdrawn_batch())

    project(ticket)

    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    assert ticket.first_solved_at is None


def test_relation_still_sees_a_batch_before_it_was_withdrawn():
    ticket = TicketFactory()
    told(ticket, 1, status="solved", batch=BatchFactory())
    before = clock()
    with transaction.atomic(), audit.group("undo", by=audit.System("test")):
        ImportBatch.objects.update(state=BatchState.UNDONE, withdrawn_at=clock())

    as_of = OPENED_AT + timedelta(days=1)

    assert relation(as_of, known_at=before)[ticket.pk]["status"] == TicketStatus.SOLVED
    assert relation(as_of) == {}


def test_relation_never_reads_ahead():
    ticket = TicketFactory()
    told(ticket, 1, status="open", priority="low")
    told(ticket, 48, status="solved", priority="high")

    row = relation(OPENED_AT + timedelta(hours=24))[ticket.pk]

    assert (row["status"], row["priority"]) == (TicketStatus.OPEN, Priority.LOW)
    assert row["first_solved_at"] is None


def test_relation_knows_a_ticket_only_from_its_first_event_on():
    told(TicketFactory(), 5, status="new")

    assert relation(OPENED_AT + timedelta(hours=4)) == {}


def test_relation_reads_only_its_scope():
    one, other = TicketFactory(), TicketFactory()
    told(one, 1, status="open")
    told(other, 1, status="open")

    rows = relation(
        OPENED_AT + timedelta(days=1),
        scope="t.customer_id = %(customer_id)s",
        customer_id=one.customer_id,
    )

    assert list(rows) == [one.pk]


EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "hours": st.integers(0, 6),
            "sequence": st.integers(0, 2),
            "status": st.sampled_from(["", *TicketStatus.values]),
            "priority": st.sampled_from(["", *Priority.values]),
            "is_blocked": st.sampled_from([None, True, False]),
            "reopen_count": st.sampled_from([None, 0, 1, 4]),
            "assignee_label": st.sampled_from(["", "Ada", "Ben"]),
            "is_withdrawn": st.booleans(),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS, hours=st.integers(0, 7))
def test_projection_table_and_relation_agree(events, hours):
    ticket = TicketFactory()
    batches = {True: withdrawn_batch(), False: None}
    for event in events:
        told(ticket, event.pop("hours"), batch=batches[event.pop("is_withdrawn")], **event)
    as_of = OPENED_AT + timedelta(hours=hours)

    before = Ticket.objects.filter(pk=ticket.pk).values(*WRITTEN).get()

    project(ticket, as_of=as_of)

    row = relation(as_of, scope="t.id = %(ticket)s", ticket=ticket.pk).get(ticket.pk, before)
    after = Ticket.objects.filter(pk=ticket.pk).values(*WRITTEN).get()
    assert after == {column: row[column] for column in WRITTEN}
