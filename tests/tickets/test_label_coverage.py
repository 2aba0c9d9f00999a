from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from supportsuccess import audit
from tests.factories.labels import LabelingFactory, LabelRuleFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.label_rules import answer_by_rules
from tickets.actions.labels import answer_dimensions, answer_nothing_unusual, undo_answers
from tickets.lists.label_coverage import title
from tickets.models import ASKED_DIMENSIONS, ExemptReason, LabelValue, Learning, Origin, Ticket
from tickets.queries.label_coverage import coverage_for

pytestmark = pytest.mark.django_db
NOW = timezone.now()
RECENT = NOW - timedelta(days=3)


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.LEAD)
    client.force_login(user)
    return user


def rules_for(*dimensions):
    for dimension in dimensions:
        value = LabelValue.objects.nothing_unusual().get(dimension=dimension)
        LabelRuleFactory(value=value, keywords=["sync"])


def answered(origin, count):
    return TicketFactory.create_batch(
        count,
        learning=Learning.ANSWERED,
        labels_answered=len(ASKED_DIMENSIONS),
        answered_by=origin,
        opened_at=RECENT,
    )


def by_rules(*tickets):
    answer_by_rules([ticket.pk for ticket in tickets], by=audit.System("test"), at=NOW)


def answered_by(ticket):
    return Ticket.objects.values_list("answered_by", flat=True).get(pk=ticket.pk)


def test_a_ticket_that_rules_answer_whole_is_answered_by_rule():
    rules_for(*ASKED_DIMENSIONS)
    ticket = TicketFactory(subject="Sync")

    by_rules(ticket)

    assert answered_by(ticket) == Origin.RULE


def test_what_a_person_adds_makes_it_theirs():
    rules_for(*ASKED_DIMENSIONS[:2])
    ticket = TicketFactory(subject="Sync")
    by_rules(ticket)

    group = answer_nothing_unusual(ticket, by=UserFactory(), at=NOW)
    assert answered_by(ticket) == Origin.PERSON
    undo_answers(group, by=UserFactory(), at=NOW)

    assert answered_by(ticket) == Origin.RULE


def test_who_confirms_what_stands_changes_no_origin():
    ticket = TicketFactory()
    for value in LabelValue.objects.nothing_unusual():
        LabelingFactory(
            ticket=ticket, dimension=value.dimension, value=value, origin=Origin.IMPORTED, by=None
        )
    usual = {value.dimension: value for value in LabelValue.objects.nothing_unusual()}
    answer_dimensions(
        ticket,
        answers={dimension: usual[dimension] for dimension in ASKED_DIMENSIONS},
        by=UserFactory(),
        at=NOW,
    )

    assert answered_by(ticket) == Origin.IMPORTED


def test_coverage_counts_each_ticket_once_by_what_became_of_it(lead):
    answered(Origin.RULE, 3)
    answered(Origin.IMPORTED, 2)
    answered(Origin.PERSON, 1)
    TicketFactory(learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM, opened_at=RECENT)
    TicketFactory.create_batch(3, opened_at=RECENT)
    TicketFactory(opened_at=NOW - timedelta(days=91))

    coverage = coverage_for(lead, at=NOW)

    assert coverage.answered == {Origin.PERSON: 1, Origin.IMPORTED: 2, Origin.RULE: 3}
    assert (coverage.exempt, coverage.due, coverage.tickets) == (1, 3, 10)
    assert coverage.without_people == 6
    assert title(coverage).startswith("60\N{NO-BREAK SPACE}%")


def test_each_number_of_the_page_opens_as_many_tickets(client, lead):
    answered(Origin.RULE, 3)
    answered(Origin.PERSON, 1)
    TicketFactory.create_batch(2, opened_at=RECENT)

    chart = client.get("/setup/labels/").context["chart"]

    opened = {bar.label: client.get(bar.url).context["listing"].total for bar in chart.marks}
    assert opened == {"By a person": 1, "By a rule": 3, "Due: nobody has answered yet": 2}


def test_without_tickets_there_is_nothing_to_answer(client, lead):
    page = client.get("/setup/labels/")

    assert title(coverage_for(lead, at=NOW)) == "Nothing to answer"
    assert "No ticket was opened" in page.content.decode()


def test_coverage_is_for_those_who_answer_for_it(client):
    client.force_login(UserFactory(role=Role.AGENT))

    assert client.get("/setup/labels/").status_code == 403


def test_what_a_person_may_not_see_is_not_counted(lead):
    TicketFactory(customer__is_restricted=True, opened_at=RECENT)

    assert coverage_for(lead, at=NOW).tickets == 0
