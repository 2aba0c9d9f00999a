from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from supportsuccess.errors import Refused
from tests.factories.base import change
from tests.factories.customers import CustomerFactory
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.labels import answer_alike, undo_answers
from tickets.models import ASKED_DIMENSIONS, Labeling, LabelValue, Learning, Ticket
from tickets.queries.alike import alike_tickets

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LAST_WEEK = NOW - timedelta(days=7)
SUBJECT = "Sync stops at item 500"


@pytest.fixture
def agent(client):
    user = UserFactory(role=Role.AGENT)
    client.force_login(user)
    return user


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def ticket(team):
    return due(subject=SUBJECT, team=team)


def due(**columns):
    return TicketFactory(**{"opened_at": LAST_WEEK, **columns})


def alike(ticket, agent):
    return [(row.pk, row.is_same) for row in alike_tickets(ticket, user=agent, at=NOW)]


def usual():
    found = {value.dimension: value for value in LabelValue.objects.nothing_unusual()}
    return {dimension: found[dimension] for dimension in ASKED_DIMENSIONS}


# Which are alike


def test_the_same_words_of_the_team_are_alike_and_marked(ticket, team, agent):
    same = due(subject=SUBJECT.upper(), team=team)
    due(subject="Invoice is late", team=team)

    assert alike(ticket, agent) == [(same.pk, True)]


def test_of_the_same_customer_less_alike_is_enough_and_not_marked(ticket, team, agent):
    own = due(subject="Sync stops after update", customer=ticket.customer)
    due(subject="Sync stops after update", team=team)

    assert alike(ticket, agent) == [(own.pk, False)]


def test_what_has_the_same_problem_is_the_same_whatever_its_words(ticket, agent):
    problem = ProblemFactory()
    change(ticket, problem=problem)
    ticket.refresh_from_db()
    same = due(subject="", problem=problem)

    assert alike(ticket, agent) == [(same.pk, True)]


@pytest.mark.parametrize(
    "columns",
    [
        {"opened_at": NOW - timedelta(days=91)},
        {"learning": Learning.EXEMPT, "exempt_reason": "spam"},
        {"retired_at": NOW},
        {"team": None},
    ],
)
def test_what_is_old_not_due_or_far_away_is_left_out(*, ticket, team, agent, columns):
    due(**{"subject": SUBJECT, "team": team, **columns})

    assert alike(ticket, agent) == []


def test_what_the_person_may_not_see_is_left_out(ticket, team, agent):
    due(subject=SUBJECT, team=team, customer=CustomerFactory(is_restricted=True))

    assert alike(ticket, agent) == []


def test_a_ticket_that_says_nothing_is_like_none(agent):
    assert alike(due(subject=""), agent) == []


def test_a_ticket_of_nobody_is_like_none(agent):
    ticket = due(subject=SUBJECT, customer=None)
    due(subject=SUBJECT, customer=None)

    assert alike(ticket, agent) == []


# Answering them together


def post(client, ticket, marks, **said):
    answers = {dimension.value: value.pk for dimension, value in usual().items()}
    url = reverse("tickets:label", args=[ticket.pk])
    return client.post(url, {"seen": 0, **answers, "alike": marks, **said})


def test_one_key_answers_the_marked_ones_alike_in_one_group(*, client, ticket, team, agent):
    marked, other = due(subject=SUBJECT, team=team), due(subject=SUBJECT, team=team)

    post(client, ticket, [f"{marked.pk}.due-0"], with_alike="1")

    answered = Ticket.objects.filter(learning=Learning.ANSWERED)
    assert set(answered) == {ticket, marked}
    assert Labeling.objects.values("audit_group").distinct().count() == 1
    assert Ticket.objects.get(pk=other.pk).learning == Learning.DUE


def test_saving_alone_leaves_the_marked_ones(*, client, ticket, team, agent):
    marked = due(subject=SUBJECT, team=team)

    post(client, ticket, [f"{marked.pk}.due-0"])

    assert set(Ticket.objects.due()) == {marked}


def test_all_of_them_are_taken_back_together(ticket, agent):
    other = due(subject=SUBJECT)
    group_id = answer_alike(ticket, alike=[other], answers=usual(), by=agent, at=NOW)

    undo_answers(group_id, by=agent, at=timezone.now())

    assert Ticket.objects.due().count() == 2


def test_when_somebody_answered_a_marked_one_nothing_is_saved(*, client, ticket, team, agent):
    marked = due(subject=SUBJECT, team=team)
    change(marked, labels_answered=2)

    answer = post(client, ticket, [f"{marked.pk}.due-0"], with_alike="1")

    assert answer.status_code == 409
    assert "somebody changed its labels meanwhile" in answer.content.decode()
    assert not Labeling.objects.exists()


def test_the_guard_is_the_same_as_for_one(ticket, agent):
    half = dict(list(usual().items())[:3])

    with pytest.raises(Refused, match="Still without an answer"):
        answer_alike(ticket, alike=[due()], answers=half, by=agent, at=NOW)

    assert not Labeling.objects.exists()


def test_a_marked_one_that_is_out_of_sight_is_not_answered(client, ticket, agent):
    hidden = due(subject=SUBJECT, customer=CustomerFactory(is_restricted=True))

    post(client, ticket, [f"{hidden.pk}.due-0", "nonsense"], with_alike="1")

    assert set(Ticket.objects.due()) == {hidden}


def test_the_toast_says_how_many(*, client, ticket, team, agent):
    marked = due(subject=SUBJECT, team=team)

    answer = post(client, ticket, [f"{marked.pk}.due-0"], with_alike="1")

    assert f"{ticket.number} and 1 alike labelled" in client.get(answer.url).content.decode()


def test_the_panel_is_given_what_is_alike_with_its_marks(*, client, ticket, team, agent):
    same = due(subject=SUBJECT, team=team)

    answer = client.get(reverse("tickets:alike", args=[ticket.pk]))

    assert f'value="{same.pk}.due-0" checked' in answer.content.decode()
