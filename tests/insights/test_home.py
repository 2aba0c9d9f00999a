from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts.models import Organisation, Role
from insights.actions.queue import refresh_whole_queue
from tests.counting import count_queries
from tests.factories.base import make
from tests.factories.customers import AssignmentFactory, CustomerFactory, SourceFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import AvailabilityFactory, PoolFactory, UserFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketFactory
from tickets.models import Labeling

pytestmark = pytest.mark.django_db


def decided_in(days, *, name="Halden Lifts", arr=100_000, owner=None):
    customer = CustomerFactory(name=name)
    if owner:
        AssignmentFactory(customer=customer, holder_user=owner)
    return renewal_due(timezone.now().date() + timedelta(days=days), customer=customer, arr=arr)


def home(client, role=Role.CSM):
    refresh_whole_queue(at=timezone.now())
    user = UserFactory(role=role)
    client.force_login(user)
    return client.get("/")


def titles(response):
    return [task.title for task in response.context["tasks"]]


def test_arr_at_stake_needs_no_label(client):
    for number in range(3):
        renewal = decided_in(30 + number, name=f"Blocked {number}")
        TicketFactory(customer=renewal.customer, is_blocked=True)
    reopened = decided_in(59, name="Reopened", arr=312_000)
    TicketFactory(
        customer=reopened.customer,
        reopen_count=2,
        status="solved",
        last_event_at=timezone.now() - timedelta(days=10),
    )
    decided_in(10, name="Quiet")
    late = decided_in(61, name="Later")
    TicketFactory(customer=late.customer, is_blocked=True)

    page = home(client).content.decode()

    assert not Labeling.objects.exists()
    assert "4 customers" in page
    assert "€612k" in page
    assert (
        "to be decided within 60 days or overdue, with a blocker open or a ticket reopened twice"
        in page
    )


def test_each_figure_opens_exactly_its_rows(client):
    for number in range(3):
        renewal = decided_in(30 + number, name=f"Blocked {number}", arr=10_000 * (number + 1))
        TicketFactory(customer=renewal.customer, priority="critical")
    decided_in(10, name="Quiet")
    stake = home(client).context["stake"]

    customers = client.get("/customers/?at_stake=yes").context["listing"].page.rows
    renewals = (
        client.get("/renewals/?owner=all&at_stake=yes&section=all").context["listing"].page.rows
    )

    assert (stake.customers, stake.renewals, stake.arr) == (3, 3, Decimal(60_000))
    assert len(customers) == stake.customers
    assert len(renewals) == stake.renewals
    assert sum(row.arr for row in renewals) == stake.arr


@pytest.mark.parametrize(
    "ticket",
    [
        {"is_blocked": True, "status": "solved"},
        {"reopen_count": 1},
        {"reopen_count": 5, "status": "solved"},
        {"priority": "high"},
    ],
)
def test_what_is_over_or_small_is_not_at_stake(client, ticket):
    renewal = decided_in(30)
    TicketFactory(customer=renewal.customer, **ticket)

    response = home(client)

    assert response.context["stake"].customers == 0
    assert "No customer is to be decided within 60 days, or overdue," in response.content.decode()


def test_a_locked_renewal_is_not_at_stake(client):
    day = timezone.now().date() - timedelta(days=3)
    renewal = renewal_due(day, contract={"auto_renew": True, "notice_days": 30})
    TicketFactory(customer=renewal.customer, is_blocked=True)

    assert home(client).context["stake"].customers == 0


def test_the_amount_is_for_those_who_may_see_money(client):
    renewal = decided_in(30)
    TicketFactory(customer=renewal.customer, is_blocked=True)

    page = home(client, Role.AGENT).content.decode()

    assert "1 customer</a>" in page
    assert "€" not in page


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.AGENT, ["Tickets to label", "What became of my handoffs", "Handoffs to accept"]),
        (Role.CSM, ["Handoffs to accept", "Renewals to decide"]),
        (
            Role.LEAD,
            ["Labels overdue", "Handoffs nobody accepted in time", "Customers not placed"],
        ),
        (
            Role.CSLEAD,
            ["Renewals to decide", "Handoffs nobody accepted in time", "Customers not placed"],
        ),
        (Role.SALES, ["Handoffs to accept", "What became of my handoffs"]),
        (Role.PRODUCT, ["Renewals to decide"]),
        (Role.CONTRACTOR, ["Tickets to label", "What became of my handoffs", "Handoffs to accept"]),
    ],
)
def test_each_role_gets_its_next_things(client, role, expected):
    decided_in(30)

    assert titles(home(client, role)) == expected


def test_a_csm_gets_handoffs_and_the_own_renewals(client):
    csm = UserFactory(role=Role.CSM)
    decided_in(30, name="Mine", owner=csm)
    decided_in(30, name="Another's")
    HandoffFactory(customer__name="Kestrel", receiver=csm)
    HandoffFactory(receiver=UserFactory())
    refresh_whole_queue(at=timezone.now())
    client.force_login(csm)

    accept, decide = client.get("/").context["tasks"]

    assert (accept.count, accept.lines[0].text) == (1, "Kestrel: renewal risk")
    assert [line.text for line in decide.lines] == ["Mine"]
    assert len(client.get(decide.url).context["listing"].page.rows) == decide.count


def test_a_leads_figures_count_what_is_late_and_not_placed(client):
    pool = PoolFactory(is_intake=True, segment="small")
    customer = CustomerFactory(name="Waiting")
    AssignmentFactory(customer=customer, holder_user=None, holder_pool=pool)
    TicketFactory(learning_due_at=timezone.now() - timedelta(days=1), customer=customer)
    HandoffFactory(due_at=timezone.now() - timedelta(hours=1))
    HandoffFactory(due_at=timezone.now() + timedelta(hours=1))

    labels, handoffs, unplaced = home(client, Role.LEAD).context["tasks"]

    assert (labels.count, handoffs.count, unplaced.count) == (1, 1, 1)
    assert unplaced.lines[0].text == "Waiting"
    assert len(client.get(unplaced.url).context["listing"].page.rows) == 1


def test_an_agent_sees_the_first_tickets_and_how_many(client):
    for number in range(5):
        TicketFactory(subject=f"Ticket {number}")

    task = home(client, Role.AGENT).context["tasks"][0]

    assert (task.count, len(task.lines)) == (5, 3)


def test_an_empty_installation_says_what_to_do_first(client):
    page = home(client, Role.ADMIN).content.decode()

    assert "Begin with what you have" in page
    assert "What to do next" not in page


def test_moved_times_are_said(client):
    SourceFactory(name="ServiceNow", shifted_weeks=512)
    decided_in(30)

    page = home(client).content.decode()

    assert "All times from ServiceNow were moved by 512 weeks" in page


def test_amounts_are_in_the_companys_currency(client):
    make(Organisation, pk=1, name="Larkfield", currency="GBP", timezone="Europe/London")
    renewal = renewal_due(timezone.now().date(), arr=5_000, currency="GBP")
    TicketFactory(customer=renewal.customer, is_blocked=True)

    assert "£5k" in home(client).content.decode()


@pytest.mark.parametrize("role", [Role.AGENT, Role.CSM, Role.LEAD, Role.CSLEAD])
def test_the_number_of_queries_does_not_grow(client, role):
    csm = UserFactory(role=role)
    client.force_login(csm)
    AvailabilityFactory(
        user=UserFactory(),
        during=TimestamptzRange(timezone.now() - timedelta(days=1), None),
        cover=csm,
        cover_confirmed_at=timezone.now(),
    )

    def grow():
        renewal = decided_in(30, owner=csm)
        TicketFactory(customer=renewal.customer, is_blocked=True)
        HandoffFactory(receiver=csm)
        refresh_whole_queue(at=timezone.now())

    grow()
    one = count_queries(client, "/")
    for _ in range(4):
        grow()

    assert count_queries(client, "/") == one
    assert one <= 8


def test_an_agent_sees_what_became_of_their_handoffs(client):
    agent, now = UserFactory(role=Role.AGENT), timezone.now()
    ended = {"state": "completed", "outcome": "renewed", "accepted_at": now, "holder": None}
    HandoffFactory(customer__name="Old", sender=agent, closed_at=now - timedelta(days=31), **ended)
    HandoffFactory(customer__name="Kestrel", sender=agent, closed_at=now, **ended)
    HandoffFactory(
        customer__name="Aster Rail", sender=agent, state="returned", return_reason="duplicate"
    )
    client.force_login(agent)

    tasks = {task.title: task for task in client.get("/").context["tasks"]}

    mine = tasks["What became of my handoffs"]
    assert [line.text for line in mine.lines] == [
        "Aster Rail: returned, duplicate",
        "Kestrel: renewed",
    ]
    assert mine.count == len(client.get(mine.url).context["listing"].page.rows) == 2
