"""Whatever can be done to many rows can be taken back: the current state is what it was."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.actions.assignments import assign_customers
from accounts.models import Assignment, Cause, Customer, Renewal, Role
from insights.actions.queue import refresh_whole_queue
from insights.models import ListedCustomer, QueuedRenewal
from supportsuccess.bulk.models import BulkRow, Outcome
from supportsuccess.lists.listing import declared_lists
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Job
from tests.factories.base import change
from tests.factories.customers import AssignmentFactory
from tests.factories.labels import LabelingFactory
from tests.factories.people import PoolFactory, UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketFactory
from tickets.models import Labeling, LabelValue, Ticket

pytestmark = pytest.mark.django_db
VERSION = {"version", "computed_at"}
STEP = {"next_step": "Call them", "next_step_on": "+7"}
SAID = {
    ("inbox", "nothing-unusual"): {},
    ("inbox", "exempt"): {"reason": "spam"},
    ("inbox", "link"): {},
    ("tickets", "nothing-unusual"): {},
    ("tickets", "exempt"): {"reason": "spam"},
    ("tickets", "link"): {},
    ("renewals", "on-track"): {},
    ("renewals", "monitor"): STEP,
    ("renewals", "at-risk"): STEP,
    ("renewals", "snooze"): {"until": "+5"},
    ("customers", "reassign"): {"reason": "New book"},
}
ACTIONS = [
    (name, action.name) for name, declared in declared_lists().items() for action in declared.bulk
]


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.CSLEAD)
    client.force_login(user)
    return user


@pytest.fixture
def company(lead):
    """Four customers, one of them a pool's, each with a renewal and a ticket."""
    decided_on = timezone.now().date() + timedelta(days=100)
    for number in range(4):
        customer = renewal_due(decided_on).customer
        holder = {"holder_pool": PoolFactory()} if number == 0 else {"holder_user": UserFactory()}
        AssignmentFactory(customer=customer, **({"holder_user": None} | holder))
        TicketFactory(customer=customer)
    refresh_whole_queue(at=timezone.now())


def hide_all():
    for customer in Customer.objects.all():
        change(customer, is_restricted=True)


def rows_of(queryset, *left_out):
    return [
        {name: value for name, value in row.items() if name not in {*VERSION, *left_out}}
        for row in queryset.order_by("pk").values()
    ]


def current_state():
    """What holds now, without versions and without where in the history it is written."""
    labels = Labeling.objects.current()
    holders = Assignment.objects.current().order_by("customer")
    return {
        "tickets": rows_of(Ticket.objects.all()),
        "labels": sorted(labels.values_list("ticket", "dimension", "value", "by", "origin")),
        "renewals": rows_of(Renewal.objects.all()),
        "queue": rows_of(QueuedRenewal.objects.all()),
        "holders": list(holders.values_list("customer", "role", "holder_user", "holder_pool")),
        "customers": rows_of(ListedCustomer.objects.all()),
    }


def test_every_action_is_held_to_this():
    assert set(ACTIONS) == SAID.keys()


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_an_action_taken_back_leaves_the_state_as_it_was(client, *, company, lead, name, action):
    listing = declared_lists()[name](lead, QueryDict(), now=timezone.now())
    before, to = current_state(), rows_named(action)

    client.post(address(listing, action), {**SAID[name, action], **to})
    between = current_state()
    client.post(reverse("bulk:undo", args=[Job.objects.get().pk]))

    assert list(BulkRow.objects.values_list("outcome", flat=True)) == [Outcome.UNDONE] * 4
    assert current_state() == before != between


def rows_named(action):
    """What an action asks for by its number."""
    if action == "reassign":
        return {"to": UserFactory(role=Role.CSM).pk}
    if action == "link":
        cause = LabelValue.objects.get(slug="product-bug")
        return {"problem": ProblemFactory(root_cause=cause).pk}
    return {}


def move_on(name, pk, *, to):
    """Somebody else goes on with a row."""
    if name == "customers":
        assign_customers([pk], role="owner", to=to, cause=Cause.HANDOFF, by=to, at=timezone.now())
    elif name == "renewals":
        change(Renewal.objects.get(pk=pk), version=99)
    else:
        ticket = Ticket.objects.get(pk=pk)
        change(ticket, version=99, labels_answered=max(ticket.labels_answered, 1))
        LabelingFactory(ticket=ticket)


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_what_somebody_changed_since_it_was_shown_is_left(client, *, company, lead, name, action):
    listing = declared_lists()[name](lead, QueryDict(), now=timezone.now())
    url, changed = address(listing, action), listing.page.rows[0][0]
    move_on(name, changed, to=UserFactory(role=Role.CSM))
    to = rows_named(action)

    client.post(url, {**SAID[name, action], **to})

    outcomes = dict(BulkRow.objects.values_list("row_id", "outcome"))
    assert outcomes.pop(changed) == Outcome.REFUSED
    assert set(outcomes.values()) == {Outcome.DONE}


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_what_somebody_went_on_with_is_not_taken_back(client, *, company, lead, name, action):
    listing = declared_lists()[name](lead, QueryDict(), now=timezone.now())
    to = rows_named(action)
    client.post(address(listing, action), {**SAID[name, action], **to})
    moved = BulkRow.objects.order_by("row_id").first()
    move_on(name, moved.row_id, to=UserFactory(role=Role.CSM))

    client.post(reverse("bulk:undo", args=[moved.job_id]))

    outcomes = dict(BulkRow.objects.values_list("row_id", "outcome"))
    assert outcomes.pop(moved.row_id) == Outcome.KEPT
    assert set(outcomes.values()) == {Outcome.UNDONE}


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_what_was_hidden_meanwhile_is_not_touched(
    monkeypatch, *, client, company, lead, name, action
):
    monkeypatch.setattr("supportsuccess.bulk.views.WAITED_FOR", 0)  # the worker does it, later
    listing = declared_lists()[name](lead, QueryDict(), now=timezone.now())
    to = rows_named(action)
    client.post(address(listing, action), {**SAID[name, action], **to})
    hide_all()

    jobs.run_here(Job.objects.get())

    assert set(BulkRow.objects.values_list("outcome", flat=True)) == {Outcome.REFUSED}


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_nobody_does_it_who_may_not(client, *, company, lead, name, action):
    listing = declared_lists()[name](lead, QueryDict(), now=timezone.now())
    url = address(listing, action)
    client.force_login(UserFactory(role=Role.PRODUCT))

    answer = client.post(url, SAID[name, action])

    assert answer.status_code == 403
    assert not Job.objects.exists()


def address(listing, action):
    picks = [f"{row[0]}.{listing.seen(row)}" for row in listing.page.rows]
    url = reverse("bulk:bulk", args=[listing.name, action])
    return f"{url}?{urlencode({'pick': picks}, doseq=True)}"
