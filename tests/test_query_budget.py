"""Every page, endpoint and file costs at most eight queries, the same whatever its rows."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.actions.notifications import notify
from accounts.models import Role, SavedView, TeamKind, ViewStar
from accounts.queries.mail_links import stop_token
from insights.actions.queue import refresh_whole_queue
from supportsuccess.bulk.actions import start_bulk
from supportsuccess.bulk.choice import Chosen
from supportsuccess.bulk.jobs import find_action
from supportsuccess.bulk.models import Outcome
from supportsuccess.lists.listing import declared_lists
from tests.counting import count_queries
from tests.factories.base import change, make
from tests.factories.contracts import ContractLineFactory
from tests.factories.customers import CustomerContactFactory, CustomerFactory, TouchFactory
from tests.factories.handoffs import HandoffFactory, PromiseFactory
from tests.factories.labels import LabelingFactory, LabelRuleFactory
from tests.factories.parties import make_offer, make_parties
from tests.factories.people import AvailabilityFactory, MembershipFactory, UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.renewals import CurrentHealthFactory, HealthSnapshotFactory, renewal_due
from tests.factories.suggestions import SuggestionFactory, SuggestionModelFactory
from tests.factories.tickets import MessageFactory, TicketEventFactory, TicketFactory
from tests.factories.tokens import bearer, token_for
from tests.test_permissions import routes
from tests.tickets.adapters.files import checked, servicenow_row
from tickets.actions.handoffs.steps import offer_of
from tickets.actions.taxonomy import NewValue, publish_label_values
from tickets.models import ASKED_DIMENSIONS, LabelReview, LabelValue, Learning, Origin
from tickets.queries.answer_links import AnswerLink, answer_path
from tickets.queries.label_reviews import waiting_for
from tickets.suggestions.languages import NAMES

pytestmark = pytest.mark.django_db
MOST = 8
NOW = timezone.now()
PLACE = re.compile(r"(\w+)/1/")
OFFERED = {"kind": "handoff_offered", "title": "Offered"}
ANSWERS = {200, 302, 405}  # 409 and the like: of the sample that was given nothing is shown
# Pages that are not measured, and why.
LEFT_OUT = {
    "insights:tour": "of the demo company alone, whose stories it looks for by name",
    "bulk:edit": "its address is made of words, too: see below",
    "tickets:label_linked": "its address names a ticket by what its source calls it: see below",
}
# What an address says beyond its path to be answered at all.
ASKED = {"accounts:views": "?list=tickets", "imports:new": "?format=servicenow"}
# Addresses that are made of words, not of numbers.
ADDRESSES = {
    "accounts:list_layout": "/lists/customers/columns/",
    "bulk:bulk": "/bulk/renewals/at-risk/?all=yes",
}
# Lists that show one of their rows in a panel, and whose number it goes by.
PANELS = (
    ("tickets:inbox", "tickets"),
    ("tickets:tickets", "tickets"),
    ("insights:renewals", "renewals"),
)


@pytest.fixture
def admin(client):
    user = UserFactory(role=Role.ADMIN)
    client.force_login(user)
    return user


def company(admin, *, size):
    """As many rows of everything; what stands for the number after each word of an address."""
    parties = make_parties(name=f"Halden {size}")
    customer, tickets = (
        parties.customer,
        TicketFactory.create_batch(size, customer=parties.customer),
    )
    renewal = customers_with_everything(customer, size=size)
    ticket_with_everything(tickets[0], size=size)
    AvailabilityFactory(user=parties.agent, cover=parties.support_lead, cover_confirmed_at=NOW)
    team = MembershipFactory.create_batch(size, team__kind=TeamKind.SUPPORT)[0].team
    MembershipFactory.create_batch(size, team=team)
    handoff = make_offer(parties, at=NOW, tickets=tickets)
    HandoffFactory.create_batch(size, receiver=admin)
    views = saved_views(admin, size=size)
    refused = [servicenow_row(number=f"{size}-{n}", opened_at="?") for n in range(size)]
    batch, *_ = [checked(refused, by=admin) for _ in range(size)]
    suggestions(tickets[0], size=size)
    refresh_whole_queue(at=NOW)
    return {
        "customers": customer.pk,
        "health": customer.pk,
        "renewals": renewal.pk,
        "decisions": 1,
        "tickets": tickets[0].pk,
        "undo": 1,
        "linked": tickets[0].number,
        "problems": problems_with_tickets(tickets)[0].pk,
        "rules": rules_with_answers(tickets)[0].pk,
        "second": answered_by_others(admin, size=size).pk,
        "teams": team.pk,
        "taxonomy": first(ASKED_DIMENSIONS[0]).pk,
        "versions": published(admin, size=size).pk,
        "labels": tickets[0].labelings.first().pk,
        "handoffs": handoff.pk,
        "links": answer_link(admin, handoff),
        "promises": customer.promises.first().pk,
        "imports": batch.pk,
        "jobs": batch.job_id,
        "stop": stop_token(admin.pk, kind="handoff_offered"),
        "notifications": told(admin, size=size),
        "views": views[0].pk,
        "as": admin.pk,
        "people": parties.agent.pk,
        "bulk": in_bulk(admin, tickets).pk,
    }


def problems_with_tickets(tickets):
    """A problem each, and all of these tickets of the first."""
    problems = ProblemFactory.create_batch(len(tickets))
    for ticket in tickets:
        change(ticket, problem=problems[0])
    return problems


def answer_link(user, handoff):
    link = AnswerLink(user.pk, handoff.pk, offer_of(handoff))
    return answer_path(link, at=NOW).split("/")[-2]


def rules_with_answers(tickets):
    """A rule each, and an answer that it gave."""
    rules = LabelRuleFactory.create_batch(len(tickets))
    for rule, ticket in zip(rules, tickets, strict=True):
        LabelingFactory(ticket=ticket, rule=rule, origin=Origin.RULE, by=None)
    return rules


def in_bulk(admin, tickets):
    """A job on these tickets that refused them all: each has its reason on the page."""
    chosen = [Chosen(ticket.pk, ticket.number, "") for ticket in tickets]
    action = find_action("tickets", "nothing-unusual")
    given = {"list_name": "tickets", "said": {}, "by": admin, "counted": "some tickets"}
    job = start_bulk(action, chosen, **given)
    job.bulk_rows.update(outcome=Outcome.REFUSED, reason="It is answered already.")
    return job


def customers_with_everything(customer, *, size):
    renewals = []
    for one in [customer, *CustomerFactory.create_batch(size - 1)]:
        CurrentHealthFactory(customer=one)
        renewals.append(renewal_due(NOW.date() + timedelta(days=20), customer=one))
        for days in range(size):
            HealthSnapshotFactory(
                customer=one, day=NOW.date() - timedelta(days=days), inputs_hash=str(days)
            )
    CustomerContactFactory.create_batch(size, customer=customer)
    TouchFactory.create_batch(size, customer=customer)
    PromiseFactory.create_batch(size, customer=customer)
    contract = renewals[0].customer.contracts.get()
    ContractLineFactory.create_batch(size, contract=contract)
    return renewals[0]


def ticket_with_everything(ticket, *, size):
    TicketEventFactory.create_batch(size, ticket=ticket)
    MessageFactory.create_batch(size, ticket=ticket)
    LabelingFactory.create_batch(size, ticket=ticket)


def suggestions(ticket, *, size):
    for number in range(size):
        language, place = divmod(number, len(ASKED_DIMENSIONS))
        dimension = ASKED_DIMENSIONS[place]
        SuggestionModelFactory(dimension=dimension, language=list(NAMES)[language])
        if not language:
            SuggestionFactory(ticket=ticket, dimension=dimension, slug=None, value=first(dimension))


def first(dimension):
    return LabelValue.objects.filter(dimension=dimension).earliest("position")


def answered_by_others(admin, *, size):
    """A ticket of the sample whose second answers are asked for, and pairs of other tickets."""
    answered = {"learning": Learning.ANSWERED, "labels_answered": 5, "answered_by": Origin.PERSON}
    for number in range(size):
        ticket = TicketFactory(opened_at=NOW, **answered)
        for dimension in ASKED_DIMENSIONS[:1]:
            value = first(dimension)
            said = LabelingFactory(ticket=ticket, dimension=dimension, slug=None, value=value)
            by = UserFactory() if number else said.by
            pair = {"ticket": ticket, "dimension": dimension, "first": said, "value": value}
            make(LabelReview, by=by, given_at=NOW, **pair)
    while not (waiting := waiting_for(admin, at=timezone.now()).first()):
        TicketFactory(opened_at=NOW, **answered)
    return waiting


def published(admin, *, size):
    """Values of every dimension, each in a version of its own."""
    for number in range(size):
        new = [
            NewValue(dimension=dimension, slug=f"{size}-{number}", name=f"{size}-{number}")
            for dimension in ASKED_DIMENSIONS
        ]
        version = publish_label_values(new, by=admin, at=NOW)
    return version


def saved_views(admin, *, size):
    views = [
        make(SavedView, user=admin, list_name="tickets", slug=f"{size}-{n}", name=f"Bugs {n}")
        for n in range(size)
    ]
    for view in views:
        make(ViewStar, user=admin, view=view)
    return views


def told(admin, *, size):
    notices = [
        notify([admin], **OFFERED, path="/", key=f"{size}:{n}", at=NOW)[0] for n in range(size)
    ]
    return notices[0].pk


def addresses(samples):
    """Every route there is, and every list as it can be looked at, with these samples."""
    for name, path in (route.values for route in routes() if route.values[0] not in LEFT_OUT):
        address = ADDRESSES.get(name, path)
        filled = PLACE.sub(lambda found: f"{found[1]}/{samples[found[1]]}/", address)
        yield name, filled + ASKED.get(name, "")
    yield "bulk:edit", reverse("bulk:edit", args=["renewals", "call", samples["renewals"]])
    linked = f"{reverse('tickets:label_linked')}?source=test&id={samples['linked']}"
    yield "tickets:label_linked", linked
    yield "outbox:job, of a bulk", reverse("outbox:job", args=[samples["bulk"]])
    for name, declared in declared_lists().items():
        if declared.__module__.split(".")[0] != "tests":
            for kind in ("csv", "json"):
                yield f"{name} as {kind}", f"{reverse(declared.url)}?export={kind}"
            yield f"{name}, searched", f"{reverse(declared.url)}?q=halden"
    for url, word in PANELS:
        yield f"{url}, a row open", f"{reverse(url)}?peek={samples[word]}"
    yield "palette, searched", f"{reverse('insights:palette')}?q=halden"


def costs(client, samples, *, headers):
    """How many queries each address costs."""
    found = {}
    for name, url in addresses(samples):
        options = {"headers": headers} if url.startswith("/api/v1/") else {}
        cache.clear()
        status = client.get(url, **options).status_code
        assert status in ANSWERS, f"{name} answered {status}: give `company` a better sample"
        found[name] = count_queries(client, url, **options)
    return found


def test_no_page_costs_more_than_eight_queries_or_more_for_more_rows(client, admin):
    headers = bearer(token_for(admin))
    few = costs(client, company(admin, size=1), headers=headers)

    many = costs(client, company(admin, size=10), headers=headers)

    assert {name: cost for name, cost in many.items() if cost > MOST} == {}
    assert {name: (few[name], cost) for name, cost in many.items() if cost > few[name]} == {}
