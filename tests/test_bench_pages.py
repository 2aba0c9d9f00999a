import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from bench import floor_customer, floor_sql
from bench.floor_pages import palette_parameters, rows_of
from bench.floor_palette import PALETTE
from bench.frames import FRAMES
from bench.visits import signed_in, visit
from insights.actions.queue import refresh_whole_queue
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.django_db
ROW = re.compile(rb'<tr data-row="(\d+)"')


@pytest.fixture
def customer():
    found = AssignmentFactory().customer
    TicketFactory.create_batch(3, customer=found)
    TicketFactory(customer=CustomerFactory(is_restricted=True))
    renewal_due(timezone.localdate() + timedelta(days=30), customer=found)
    refresh_whole_queue(at=timezone.now())
    return found


@pytest.mark.parametrize(
    ("url", "statement"),
    [("/inbox/", floor_sql.INBOX), ("/renewals/?owner=all", floor_sql.RENEWALS)],
)
def test_floor_finds_the_rows_of_its_page(customer, url, statement):
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        shown = [int(pk) for pk in ROW.findall(visit(client, url))]

        assert shown
        assert [row[0] for row in rows_of(statement, user=user)] == shown


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

        floor = json.loads(visit(client, "/floor/tickets/"))["results"]

        assert [row.keys() for row in floor] == [row.keys() for row in ours]
        assert [row["id"] for row in floor] == [row["id"] for row in ours]


@pytest.mark.parametrize("text", ["halden", "haldn", "hadlen", "lifts", "sync"])
def test_floor_finds_what_the_palette_finds(text):
    customer = CustomerFactory(name="Halden Lifts")
    TicketFactory(customer=customer, subject="Sync fails")
    TicketFactory(customer=CustomerFactory(name="Halden", is_restricted=True), subject="Sync")
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])

        floor = rows_of(PALETTE, user=user, **palette_parameters(text))

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
