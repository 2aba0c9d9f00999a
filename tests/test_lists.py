"""What holds for every list: its address is its state, and it finds what plain Python finds."""

import random
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.lists.teams import Teams
from accounts.models import CustomerAccess, Role
from insights.actions.queue import refresh_whole_queue
from insights.lists.customers import Customers
from insights.lists.queue import Queue
from insights.models import Clearing, ListedCustomer, QueuedRenewal, Section
from supportsuccess.bulk.lists import BulkRows
from supportsuccess.lists.listing import Listing
from supportsuccess.outbox.lists import Jobs
from tests.factories.base import make
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tests.factories.renewals import CurrentHealthFactory, renewal_due
from tests.factories.tickets import TicketFactory
from tickets.lists.handoffs import Handoffs
from tickets.lists.inbox import Inbox
from tickets.lists.tickets import TicketList
from tickets.models import ExemptReason, Learning, Priority, Ticket, TicketKind, TicketStatus

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LISTS = (BulkRows, Customers, Handoffs, Inbox, Jobs, Queue, Teams, TicketList)
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


# A company small enough for Python, and three people who see different parts of it


def add_ticket(chance, *, customers, teams):
    learning = chance.choice(Learning.values)
    return TicketFactory(
        subject=" ".join(chance.sample(WORDS, 2)),
        customer=chance.choice([None, *customers]),
        team=chance.choice([None, *teams]),
        kind=chance.choice(TicketKind.values),
        priority=chance.choice(Priority.values),
        status=chance.choice(TicketStatus.values),
        learning=learning,
        exempt_reason=ExemptReason.SPAM if learning == Learning.EXEMPT else "",
        labels_answered=5 if learning == Learning.ANSWERED else 0,
        learning_due_at=NOW + timedelta(days=chance.choice([-2, 2])),
        opened_at=NOW - timedelta(days=chance.randrange(4)),  # many at one moment
    )


def add_renewal(chance, *, customer, owners):
    if owner := chance.choice([None, *owners]):
        AssignmentFactory(customer=customer, holder_user=owner)
    band = chance.choice(["red", "yellow", "green", "unknown"])
    score = None if band == "unknown" else chance.randrange(100)
    CurrentHealthFactory(customer=customer, band=band, score=score)
    snoozed = NOW.date() + timedelta(days=3) if chance.random() < 0.3 else None
    decided_on = NOW.date() + timedelta(days=chance.choice([10, 10, 60, 120, 170]))
    arr = 1000 * chance.randrange(1, 90)
    renewal_due(decided_on, customer=customer, arr=arr, snoozed_until=snoozed)


@pytest.fixture
def chance():
    return random.Random(20261128)  # noqa: S311 - the same company each time


@pytest.fixture
def people(chance):
    """One who sees all but what is restricted, one on the access list, and a contractor."""
    teams = TeamFactory.create_batch(3)
    csm, listed = UserFactory(role=Role.CSM), UserFactory(role=Role.CSLEAD)
    contractor = MembershipFactory(user__role=Role.CONTRACTOR, team=teams[0]).user
    segments = ["small", "mid_market", "enterprise"]
    customers = [
        CustomerFactory(
            name=f"{NAMES[number % 4]} {number:02}",
            is_restricted=number % 4 == 0,
            profile__segment=chance.choice(segments),
        )
        for number in range(20)
    ]
    for customer in customers[::8]:
        make(CustomerAccess, customer=customer, user=listed)
    for customer in customers:
        add_renewal(chance, customer=customer, owners=[csm, listed])
    for _ in range(60):
        add_ticket(chance, customers=customers, teams=teams)
    refresh_whole_queue(at=NOW)
    return [csm, listed, contractor]


# What plain Python finds


def is_seen(customer, user):
    listed = {access.user_id for access in customer.access_list.all()}
    holders = {assignment.holder_user_id for assignment in customer.assignments.all()}
    return not customer.is_restricted or user.pk in listed | holders


def seen_tickets(user):
    tickets = Ticket.objects.select_related("customer").prefetch_related(*ACCESS)
    teams = {membership.team_id for membership in user.memberships.all()}
    for ticket in tickets:
        is_own = user.role != Role.CONTRACTOR or ticket.team_id in teams
        if is_own and (ticket.customer is None or is_seen(ticket.customer, user)):
            yield ticket


def passes_ticket(ticket, state):
    customer = str(ticket.customer_id) if ticket.customer_id else "none"
    is_overdue = ticket.learning == Learning.DUE and ticket.learning_due_at < NOW
    return (
        all(
            str(getattr(ticket, column)) in state[name]
            for name, column in (
                ("team", "team_id"),
                ("kind", "kind"),
                ("priority", "priority"),
                ("status", "status"),
                ("learning", "learning"),
            )
            if name in state
        )
        and customer in state.get("customer", [customer])
        and (is_overdue or "overdue" not in state)
        and all(word in ticket.subject.split() for word in state.get("q", []))
    )


def seen_rows(user, model):
    if user.role == Role.CONTRACTOR:
        return []
    rows = model.objects.select_related("customer").prefetch_related(*ACCESS)
    return [row for row in rows if is_seen(row.customer, user)]


def passes_row(row, state):
    owner = str(row.owner_id) if row.owner_id else "none"
    return (
        all(
            getattr(row, name) in state[name]
            for name in ("segment", "band", "stage", "state")
            if name in state
        )
        and (state.get("owner", ["all"]) == ["all"] or owner in state["owner"])
        and state.get("q", [""])[0] in row.customer.name
    )


def stands_in(row, section):
    if section == "all":
        return True
    if section == "cleared":
        return row.clearing in Clearing.values
    if row.clearing or row.section == Section.LOCKED:
        return False
    is_due = row.section in {Section.NOTICE, Section.DECIDE}
    return section in {"todo", row.section} or (section == "due" and is_due)


# A hundred ways to look at each list


def some(chance, values):
    return sorted(chance.sample(list(values), chance.randrange(1, 3)))


def random_state(chance, options):
    return {
        name: some(chance, values) if many else [chance.choice(list(values))]
        for name, (many, values) in options.items()
        if chance.random() < 0.3
    }


def address(state, *, sort):
    params = QueryDict(mutable=True)
    for name, values in state.items():
        params.setlist(name, values)
    if sort:
        params["sort"] = sort
    return params.urlencode()


def all_pages(listing_of, query):
    """Every row of the list, by following its links; then back again by those."""
    found, pages, url = [], 0, f"?{query}"
    while url:
        listing = listing_of(QueryDict(url.removeprefix("?")))
        found += [row[0] for row in listing.page.rows]
        pages, last, url = pages + 1, listing, listing.next_url
    backwards = [row[0] for row in last.page.rows]
    while last.previous_url:
        last = listing_of(QueryDict(last.previous_url.removeprefix("?")))
        backwards = [row[0] for row in last.page.rows] + backwards
    assert backwards == found
    return found


def says_what_it_was_asked(listing, state):
    controls = listing.toolbar.named
    asked = {name: sorted(controls[name].values) for name in state}
    kept = parse_qs(listing.clear_url.partition("?")[2])
    return asked == state and not (kept.keys() - {"section", "box", "person"})


@pytest.mark.parametrize("which", range(3))
def test_tickets_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(TicketList, "size", PAGE)
    user = people[which]
    tickets = list(seen_tickets(user))
    customers = {str(t.customer_id) for t in tickets if t.customer_id}
    may_choose = user.has_perm("accounts.view_customer")
    options = {
        "q": (False, WORDS),
        "kind": (True, TicketKind.values),
        "priority": (True, Priority.values),
        "status": (True, TicketStatus.values),
        "learning": (True, Learning.values),
        "overdue": (False, ["1"]),
        "customer": (False, ["none", *(sorted(customers) if may_choose else [])]),
    }
    for _ in range(STATES):
        state, sort = random_state(chance, options), chance.choice(["", "opened", "-opened"])
        expected = sorted(
            (t for t in tickets if passes_ticket(t, state)),
            key=lambda t: (t.opened_at, t.pk),
            reverse=sort != "opened",
        )
        query = address(state, sort=sort)

        found = all_pages(lambda params: TicketList(user, params, now=NOW), query)

        assert found == [t.pk for t in expected], query
        assert says_what_it_was_asked(TicketList(user, QueryDict(query), now=NOW), state), query


@pytest.mark.parametrize("which", range(3))
def test_renewals_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(Queue, "size", PAGE)
    user = people[which]
    rows = seen_rows(user, QueuedRenewal)
    options = {
        "q": (False, NAMES),
        "owner": (False, ["all", "none", *(str(one.pk) for one in people[:2])]),
        "segment": (True, ["small", "mid_market", "enterprise"]),
        "band": (True, ["red", "yellow", "green", "unknown"]),
        "section": (False, ["todo", "due", "decide", "later", "cleared", "all"]),
    }
    if user.role == Role.CONTRACTOR:
        options["owner"] = (False, ["all", "none"])
    for _ in range(STATES):
        state, sort = random_state(chance, options), chance.choice(["", "decision", "-decision"])
        section = state.get("section", ["todo"])[0]
        expected = sorted(
            (row for row in rows if passes_row(row, state) and stands_in(row, section)),
            key=lambda row: (row.decision_point_on if sort else row.priority, row.pk),
            reverse=sort != "decision",
        )
        query = address(state, sort=sort)

        found = all_pages(lambda params: Queue(user, params, now=NOW), query)

        assert found == [row.pk for row in expected], query
        assert says_what_it_was_asked(Queue(user, QueryDict(query), now=NOW), state), query


@pytest.mark.parametrize("which", range(2))
def test_customers_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(Customers, "size", PAGE)
    user = people[which]
    rows = seen_rows(user, ListedCustomer)
    keys = {
        "name": lambda row: (row.sort_name, row.pk),
        "arr": lambda row: (row.arr_rank, row.pk),
        "health": lambda row: (row.score_rank, row.pk),
    }
    options = {
        "q": (False, NAMES),
        "owner": (False, ["all", "none", *(str(one.pk) for one in people[:2])]),
        "segment": (True, ["small", "mid_market", "enterprise"]),
        "band": (True, ["red", "yellow", "green", "unknown"]),
        "stage": (True, ["live", "onboarding"]),
    }
    for _ in range(STATES):
        state, key = random_state(chance, options), chance.choice(list(keys))
        falls = chance.random() < 0.5
        expected = sorted(
            (row for row in rows if passes_row(row, state)), key=keys[key], reverse=falls
        )
        query = address(state, sort=f"-{key}" if falls else key)

        found = all_pages(lambda params: Customers(user, params, now=NOW), query)

        assert found == [row.pk for row in expected], query
        assert says_what_it_was_asked(Customers(user, QueryDict(query), now=NOW), state), query


# What each list does


@pytest.mark.parametrize("declared", LISTS, ids=lambda one: one.name)
def test_an_order_that_is_not_declared_is_not_heard(declared):
    user = UserFactory(role=Role.ADMIN)

    asked = declared(user, QueryDict("sort=password"), now=NOW)

    assert asked.keyset == declared(user, QueryDict(""), now=NOW).keyset
    assert asked.page.rows == []


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
    client.force_login(UserFactory(role=Role.ADMIN))
    url = reverse(declared.url) + "?news=1"

    first = client.get(url)
    again = client.get(url, headers={"if-none-match": first["ETag"]})

    assert first.json() == {"rows": []}
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_new_names_the_rows_of_the_page(client):
    client.force_login(UserFactory(role=Role.ADMIN))
    first = client.get("/tickets/?news=1")
    ticket = TicketFactory()

    again = client.get("/tickets/?news=1", headers={"if-none-match": first["ETag"]})

    assert again.json() == {"rows": [str(ticket.pk)]}
