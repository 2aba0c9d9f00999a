import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts import permissions
from accounts.models import Role
from insights.queries.palette import groups_for, read_text
from tests.counting import SESSION_NOTES, count_queries
from tests.factories.base import change
from tests.factories.customers import (
    ContactFactory,
    CustomerAccessFactory,
    CustomerContactFactory,
    CustomerFactory,
)
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import LONG_AGO, UserFactory
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.django_db
URL = "/palette/"
MOST_QUERIES = 8
FRAGMENT = {"HX-Request": "true", "HX-Target": "palette-options"}


@pytest.fixture
def agent():
    return UserFactory(role=Role.AGENT, name="Halden Fan")


@pytest.fixture
def agents_client(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def halden():
    customer = CustomerFactory(name="Halden Lifts")
    TicketFactory(customer=customer, number="T-4711", subject="Halden cannot sync")
    HandoffFactory(customer=customer)
    CustomerContactFactory(customer=customer, contact=ContactFactory(name="Halda Berg"))
    return customer


def titles(user, text):
    return [group.title for group in groups_for(user, text=text)]


def labels(user, text, title):
    groups = {group.title: group for group in groups_for(user, text=text)}
    return [option.label for option in groups[title].options] if title in groups else []


def test_palette_groups_what_it_finds(agent, halden):
    assert titles(agent, "hald") == ["Customers", "Tickets", "Handoffs", "People"]


def test_palette_opens_what_was_found(agents_client, halden):
    page = agents_client.get(URL, {"q": "haldn"}).content.decode()

    assert f'href="/customers/{halden.pk}/"' in page


def test_palette_without_text_offers_the_pages(agent):
    assert titles(agent, "") == ["Pages"]
    assert "Inbox" in labels(agent, "", "Pages")


def test_palette_finds_pages_by_name(agent):
    assert labels(agent, "INB", "Pages") == ["Inbox"]


def test_palette_finds_a_handoff_by_its_number(agent, halden):
    number = halden.handoffs.get().pk

    assert labels(agent, f"#{number}", "Handoffs") == ["Halden Lifts: renewal risk"]


@pytest.mark.parametrize("text", ["9" * 19, "9" * 100, "²", "٣", "\x00", "'", "\\"])
def test_palette_takes_any_text(agents_client, text):
    assert agents_client.get(URL, {"q": text}).status_code == 200


def test_palette_shows_open_handoffs_first(agent):
    yesterday = timezone.now() - timedelta(days=1)
    customer = CustomerFactory(name="Halden")
    HandoffFactory(customer=customer)
    HandoffFactory(
        customer=customer,
        state="withdrawn",
        closed_at=yesterday,
        holder__during=TimestamptzRange(LONG_AGO, yesterday),
    )

    groups = {group.title: group for group in groups_for(agent, text="halden")}

    notes = [option.note for option in groups["Handoffs"].options]
    assert [note.split(" · ")[1] for note in notes] == ["Offered", "Withdrawn"]


@pytest.mark.parametrize(
    ("permission", "title"),
    [
        ("accounts.view_customer", "Customers"),
        ("tickets.view_ticket", "Tickets"),
        ("tickets.view_handoff", "Handoffs"),
    ],
)
def test_a_group_is_left_out_without_its_permission(
    monkeypatch, *, agent, halden, permission, title
):
    may = permissions.AGENT - {permission}
    monkeypatch.setattr(permissions, "ROLE_PERMISSIONS", {Role.AGENT: may})

    assert title not in titles(agent, "hald")


def test_a_hidden_customer_shows_nowhere(agent):
    hidden = CustomerFactory(name="Quarryfield", is_restricted=True)
    TicketFactory(customer=hidden, subject="Quarryfield waits")
    HandoffFactory(customer=hidden)
    CustomerContactFactory(customer=hidden, contact=ContactFactory(name="Quarryfield Ann"))

    assert titles(agent, "quarryfield") == []
    access = CustomerAccessFactory(customer=hidden)
    assert titles(access.user, "quarryfield") == ["Customers", "Tickets", "Handoffs", "People"]


@pytest.mark.parametrize(
    ("permission", "name"),
    [("accounts.view_person", "Halden Fan"), ("accounts.view_contact", "Halda Berg")],
)
def test_people_are_left_out_without_their_permission(
    monkeypatch, *, agent, halden, permission, name
):
    assert name in labels(agent, "hald", "People")
    may = permissions.AGENT - {permission}
    monkeypatch.setattr(permissions, "ROLE_PERMISSIONS", {Role.AGENT: may})

    assert name not in labels(agent, "hald", "People")


def test_who_has_left_is_not_found(agent):
    change(UserFactory(name="Halden Former"), is_active=False)

    assert labels(agent, "halden former", "People") == []


def test_palette_says_when_not_all_is_ranked(agent):
    TicketFactory.create_batch(7, subject="Sync")

    (tickets,) = [group for group in groups_for(agent, text="sync") if group.title == "Tickets"]

    assert len(tickets.options) == 6
    assert "5,000" in tickets.note


def test_palettes_fragment_is_only_its_options(agents_client, halden):
    fragment = agents_client.get(URL, {"q": "hald"}, headers=FRAGMENT).content.decode()

    assert "<html" not in fragment
    assert re.findall(r'role="group" aria-label="(\w+)"', fragment) == [
        "Customers",
        "Tickets",
        "Handoffs",
        "People",
    ]


def test_palette_is_a_page_without_script(agents_client):
    page = agents_client.get(URL, {"q": "nothing at all"}).content.decode()

    assert '<form class="toolbar" method="get" role="search">' in page
    assert "Nothing is called that." in page


def test_a_longer_list_costs_no_more_queries(agents_client, halden):
    one = count_queries(agents_client, f"{URL}?q=hald")
    for _ in range(3):
        other = CustomerFactory(name="Halden")
        TicketFactory(customer=other, subject="Halden")
        HandoffFactory(customer=other)
        CustomerContactFactory(customer=other, contact=ContactFactory(name="Halden"))

    assert count_queries(agents_client, f"{URL}?q=hald") == one
    assert one <= MOST_QUERIES


@pytest.mark.parametrize("text", ["", "h", "hald", "4711", "T-4711", "qwxyz", "a b c d e f"])
def test_no_text_costs_more_than_eight_queries(agents_client, halden, text):
    agents_client.get(URL)
    with CaptureQueriesContext(connection) as captured:
        agents_client.get(URL, {"q": text})

    own = [q["sql"] for q in captured.captured_queries]
    assert len([sql for sql in own if not any(n in sql for n in SESSION_NOTES)]) <= MOST_QUERIES


def test_a_typed_text_is_one_line_of_printable_signs():
    assert read_text("  Halden\x00\n Lifts ") == "Halden Lifts"
    assert len(read_text("x" * 500)) == 100
