"""The largest bulk there may be, killed half-way: it goes on, and can be taken back whole."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.models import Role
from supportsuccess import audit, outbox
from supportsuccess.audit.models import EventGroup
from supportsuccess.bulk import actions, jobs
from supportsuccess.bulk.choice import MOST_ROWS, Chosen
from supportsuccess.bulk.models import BulkRow, Outcome
from supportsuccess.outbox.models import Job, JobState
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tests.storms.processes import Point
from tests.storms.stories import time_passes
from tickets.models import Labeling, Learning, Ticket
from tickets.queries.learning import labels_state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


@pytest.fixture
def tickets(is_small):
    """How many tickets wait for their labels: as many as one bulk may hold."""
    count = MOST_ROWS // 10 if is_small else MOST_ROWS
    made = TicketFactory.build_batch(count, customer=CustomerFactory())
    with transaction.atomic(), audit.group("tickets", by=audit.System("test")):
        Ticket.objects.bulk_create(made)
    return count


def current_state():
    rows = Ticket.objects.order_by("pk").values()
    return [{k: v for k, v in row.items() if k != "version"} for row in rows]


def test_a_bulk_killed_half_way_goes_on_and_is_taken_back_whole(processes, tickets):
    person = UserFactory(role=Role.AGENT)
    before = current_state()
    half = Point(name="half", place="supportsuccess.bulk.jobs:carry_out", call=tickets // 200)

    processes.kill("answer_all_tickets", {"person_id": person.pk}, at=half)
    done = BulkRow.objects.done().count()
    time_passes()
    outbox.deliver_due()

    job = Job.objects.get()
    assert 0 < done < tickets
    assert (job.state, job.done, job.bulk_rows.done().count()) == (JobState.DONE, tickets, tickets)
    assert Ticket.objects.filter(learning=Learning.ANSWERED).count() == tickets
    assert Labeling.objects.count() == 5 * tickets
    assert EventGroup.objects.filter(action="bulk_nothing-unusual").count() == 1

    actions.undo_bulk(job, by=person)
    outbox.deliver_due()

    assert set(BulkRow.objects.values_list("outcome", flat=True)) == {Outcome.UNDONE}
    assert current_state() == before
    assert Labeling.objects.count() == 10 * tickets
    assert not Labeling.objects.current().exists()


def test_two_people_on_the_same_rows_leave_one_outcome_each():
    action = jobs.find_action("inbox", "nothing-unusual")
    customer = CustomerFactory()
    rows = [
        Chosen(ticket.pk, ticket.number, labels_state(ticket.learning, ticket.labels_answered))
        for ticket in TicketFactory.create_batch(300, customer=customer)
    ]
    for mine in (rows[:200], rows[100:]):
        person = UserFactory(role=Role.AGENT)
        actions.start_bulk(action, mine, list_name="inbox", said={}, by=person, counted="some")

    drain_at_once(workers=2)

    outcomes = Counter(BulkRow.objects.values_list("outcome", flat=True))
    assert outcomes == {Outcome.DONE: 300, Outcome.REFUSED: 100}
    assert Labeling.objects.count() == 5 * 300


def drain_at_once(*, workers):
    barrier = threading.Barrier(workers)

    def drain(_):
        try:
            barrier.wait(timeout=60)
            outbox.deliver_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(drain, range(workers)))
    outbox.deliver_due()
