import json
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from bench import exports, floor_customer, floor_sql, floor_tickets
from bench.floor_pages import rows_of, text_parameters
from bench.floor_palette import PALETTE
from bench.frames import FRAMES
from bench.visits import post, signed_in, visit
from insights.actions.queue import refresh_whole_queue
from supportsuccess.audit.models import EventGroup
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import MessageFactory, TicketEventFactory, TicketFactory
from tickets.models import LabelValue

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "panel"}
ROW = re.compile(rb'<tr data-row="(\d+)"')


@pytest.fixture
def customer():
    found = AssignmentFactory().customer
    TicketFactory.create_batch(3, customer=found)
    TicketFactory(customer=found, subject="Sync", priority="high", status="open")
    TicketFactory(customer=CustomerFactory(is_restricted=True))
    renewal_due(timezone.localdate() + timedelta(days=30), customer=found)
    refresh_whole_queue(at=timezone.now())
    return found


def written_on(ticket):
    """What was written of a ticket when it was labelled, as far as it is alike for all."""
    ticket.refresh_from_db()
    group = EventGroup.objects.of(ticket).get()
    return {
        "ticket": (ticket.learning, ticket.labels_answered, ticket.version),
        "labelings": set(ticket.labelings.values_list("dimension", "value", "origin")),
        "changes": sorted(group.changes.values_list("table_name", "operation", "rows")),
        "group": (group.action, group.actor_label, hasattr(group, "result")),
    }


@pytest.mark.parametrize(
    ("url", "statement"),
    [
        ("/inbox/", floor_tickets.INBOX),
        ("/tickets/?priority=high&status=open", floor_tickets.FILTERED),
        ("/renewals/?owner=all", floor_sql.RENEWALS),
        ("/customers/", floor_sql.CUSTOMERS),
    ],
)
def test_floor_finds_the_rows_of_its_page(customer, url, statement):
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        shown = [int(pk) for pk in ROW.findall(visit(client, url))]

        assert shown
        assert [row[0] for row in rows_of(statement, user=user)] == shown


@pytest.mark.parametrize("statement", [floor_tickets.COMMON, floor_tickets.RARE])
def test_floor_finds_the_tickets_of_a_word(customer, statement):
    message = MessageFactory(ticket__customer=customer, body="Sync stops")
    named = TicketFactory(customer__name="Sync & Sons")
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        shown = [int(pk) for pk in ROW.findall(visit(client, "/tickets/?q=sync"))]

        assert {message.ticket_id, named.pk} < set(shown)
        found = rows_of(statement, user=user, **text_parameters("sync"))
        assert [row[0] for row in found] == shown


def test_floor_tells_what_happened_on_a_ticket(customer):
    ticket = customer.tickets.first()
    TicketEventFactory(ticket=ticket)
    MessageFactory(ticket=ticket)
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        told = rows_of(floor_tickets.DETAIL, user=user, pk=ticket.pk)

        ours = client.get(f"/tickets/{ticket.pk}/").context["sheet"].timeline.entries
        assert [row[0] for row in told] == [entry.at for entry in ours]


def test_floor_writes_the_rows_of_a_labelled_ticket(customer):
    first, second = customer.tickets.all()[:2]
    answers = {v.dimension: v.pk for v in LabelValue.objects.nothing_unusual()}
    with signed_in(Role.CSLEAD) as client:
        sent = {**answers, "seen": 0}
        for url, ticket in (("tickets:label", first), ("floor_label", second)):
            form = sent | {"operation_id": str(uuid.uuid4())}
            post(client, reverse(url, args=[ticket.pk]), form, headers=HTMX)

        ours, floor = (written_on(ticket) for ticket in (first, second))
        assert ours == floor
        assert len(ours["labelings"]) == 5


def test_floor_copies_the_bytes_of_a_file(customer):
    TicketFactory(customer=customer, learning="exempt", exempt_reason="spam", subject="=1+1")
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])
        header = client.get("/tickets/?learning=exempt&export=csv&q=zzz")
        ours = exports.read_file(client, "/tickets/?learning=exempt&export=csv")

        floor = exports.copy_rows(user)

        assert floor
        assert ours == floor + len(b"".join(header.streaming_content))


def test_floor_tells_a_customers_story(customer):
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        told = rows_of(floor_customer.CUSTOMER, user=user, pk=customer.pk)

        ours = client.get(f"/customers/{customer.pk}/").context["told"]
        assert ours
        assert len(told) == len(ours)


def test_floor_writes_the_same_json(customer):
    with signed_in(Role.CSLEAD) as client:
        ours = json.loads(visit(client, "/api/v1/tickets/"))["results"]

        floor = json.loads(visit(client, "/floor/tickets.json"))["results"]

        assert [row.keys() for row in floor] == [row.keys() for row in ours]
        assert [row["id"] for row in floor] == [row["id"] for row in ours]


@pytest.mark.parametrize("text", ["halden", "haldn", "hadlen", "lifts", "sync"])
def test_floor_finds_what_the_palette_finds(text):
    customer = CustomerFactory(name="Halden Lifts")
    TicketFactory(customer=customer, subject="Sync fails")
    TicketFactory(customer=CustomerFactory(name="Halden", is_restricted=True), subject="Sync")
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        floor = rows_of(PALETTE, user=user, **text_parameters(text))

        groups = client.get("/palette/", {"q": text}).context["groups"]
        ours = [option.label for group in groups for option in group.options]
        assert ours
        assert [label for _, _, label, _ in floor] == ours


def test_floor_writes_as_many_bytes_as_its_page(customer):
    with signed_in(Role.CSLEAD) as client:
        FRAMES["/floor/inbox/"] = visit(client, "/inbox/")

        made = visit(client, "/floor/inbox/")

        assert len(made) == len(FRAMES["/floor/inbox/"])


def test_sign_in_leaves_nothing_behind(django_user_model):
    with signed_in(Role.CSLEAD):
        pass

    assert not django_user_model.objects.exists()
