"""What holds for every list: its address is its state, and it finds what plain Python finds."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.lists.notifications import Notifications
from accounts.lists.teams import Teams
from accounts.models import Role
from insights.lists.customers import Customers
from insights.lists.problems import Problems
from insights.lists.queue import Queue
from supportsuccess.bulk.lists import BulkRows
from supportsuccess.imports.lists import Imports
from supportsuccess.lists.listing import Listing
from supportsuccess.outbox.lists import Jobs
from tests.factories.base import change
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.lists.handoffs import Handoffs
from tickets.lists.inbox import Inbox
from tickets.lists.label_pairs import LabelPairs
from tickets.lists.label_rules import LabelRules
from tickets.lists.promises import Promises
from tickets.lists.taxonomy import LabelValues, TaxonomyVersions
from tickets.lists.tickets import TicketList

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LISTS = (
    BulkRows,
    Customers,
    Handoffs,
    Imports,
    Inbox,
    Jobs,
    LabelPairs,
    LabelRules,
    LabelValues,
    Notifications,
    Problems,
    Promises,
    Queue,
    TaxonomyVersions,
    Teams,
    TicketList,
)
STATES = 100
PAGE = 7
ACCESS = ("customer__access_list", "customer__assignments")
# unlike each other: a name is found although it is mistyped
NAMES = ("Halden", "Brixworth", "Orchard", "Quillon")
WORDS = ("sync", "invoice", "export", "crash", "login")


def subclasses(kind):
    return {found for one in kind.__subclasses__() for found in {one, *subclasses(one)}}


def test_every_list_is_held_to_the_rules():
    assert {one.name for one in subclasses(Listing) if one.__module__.split(".")[0] != "tests"} == {
        one.name for one in LISTS
    }


# What each list does


@pytest.mark.parametrize("declared", LISTS, ids=lambda one: one.name)
def test_an_order_that_is_not_declared_is_not_heard(declared):
    user = UserFactory(role=Role.ADMIN)

    asked = declared(user, QueryDict("sort=password"), now=NOW)

    plain = declared(user, QueryDict(""), now=NOW)
    assert asked.keyset == plain.keyset
    assert asked.page.rows == plain.page.rows


@pytest.mark.parametrize("declared", LISTS, ids=lambda one: one.name)
@pytest.mark.parametrize("value", ["nonsense", "\x00", "9" * 40, "' OR 1=1", "ë́" * 200])
def test_a_value_that_is_not_known_finds_nothing_and_says_so(client, declared, value):
    client.force_login(UserFactory(role=Role.ADMIN))
    choosing = [name for name in declared.filters.base_filters if name != "q"]

    for name in choosing:
        response = client.get(reverse(declared.url), {name: value})
        assert response.status_code == 200
        assert response.context["listing"].page.rows == []
        assert "available choices" in response.content.decode() or "\x00" in value


@pytest.mark.parametrize("declared", LISTS, ids=lambda one: one.name)
def test_what_is_new_is_answered_once(client, declared):
    admin = UserFactory(role=Role.ADMIN)
    client.force_login(admin)
    url = reverse(declared.url) + "?news="
    shown = declared(admin, QueryDict(""), now=NOW).page.rows

    first = client.get(url)
    again = client.get(url, headers={"if-none-match": first["ETag"]})

    assert first.json() == {"rows": [str(row[0]) for row in shown]}
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_new_names_the_rows_of_the_page(client):
    client.force_login(UserFactory(role=Role.ADMIN))
    first = client.get("/tickets/?news=")
    ticket = TicketFactory()

    again = client.get("/tickets/?news=", headers={"if-none-match": first["ETag"]})

    assert again.json() == {"rows": [str(ticket.pk)]}


def test_what_moves_up_from_the_next_page_is_not_new(client, monkeypatch):
    monkeypatch.setattr(TicketList, "size", 2)
    client.force_login(UserFactory(role=Role.ADMIN))
    _, solved, seen = TicketFactory.create_batch(3)
    end = client.get("/tickets/").context["listing"].page.next_cursor
    change(solved, retired_at=NOW)

    moved_up = client.get("/tickets/", {"news": end})
    came = TicketFactory()
    new = client.get("/tickets/", {"news": end})

    assert moved_up.json() == {"rows": [str(seen.pk)]}
    assert new.json() == {"rows": [str(came.pk), str(seen.pk)]}


def test_what_is_new_since_no_page_of_ours_leads_to_the_list(client):
    client.force_login(UserFactory(role=Role.ADMIN))

    answer = client.get("/tickets/?kind=bug&news=nonsense")

    assert (answer.status_code, answer.url) == (302, "/tickets/?kind=bug")
